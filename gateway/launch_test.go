package gateway_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// reaching says how many people every campaign reaches: counting them is tested elsewhere.
func reaching(r *rig, people int64) {
	r.g.Control.Reach = func(context.Context, *campaigns.Campaign) (control.Reach, error) {
		return control.Reach{Matches: people + 1, People: people, Excluded: map[string]int64{"no_consent": 1}}, nil
	}
}

func withCare(typed, approve int) change {
	return func(r *rig) { r.opts.Care = control.Care{TypeFrom: typed, ApproveFrom: approve} }
}

func (r *rig) launch(o control.LaunchOrder) (control.Launched, error) {
	o.Campaign = "style"
	return r.g.Control.Launch(as(r.t, "lan"), o)
}

// From a size on, whoever launches types how many people there are, by whatever way they launch.
func TestTheNumberOfPeopleIsTyped(t *testing.T) {
	t.Parallel()
	r := newRig(t, withCare(100, 0))
	reaching(r, 1000)
	p, err := r.g.Control.Preflight(t.Context(), control.PreflightQuery{Campaign: "style"}, nil)
	require.NoError(t, err)
	require.True(t, p.MustType)
	require.False(t, p.MustApprove)
	require.EqualValues(t, 1000, p.People)
	for _, typed := range []int{0, 1, 979, 1021, 10000} {
		_, err := r.launch(control.LaunchOrder{People: typed})
		var wrong *control.TypeError
		require.ErrorAs(t, err, &wrong)
		require.ErrorIs(t, err, control.ErrInvalid)
		require.EqualValues(t, 1000, wrong.People)
	}
	status, _ := r.try("POST", "/api/v1/campaigns/style/runs", m{})
	require.Equal(t, 400, status, "a program's launch is one, too")
	status, _ = r.try("POST", "/api/v1/campaigns/style/runs", m{"people": 1000})
	require.Equal(t, 202, status, "which says the number")
	for _, typed := range []int{1000, 985, 1015} { // people come and go
		l, err := r.launch(control.LaunchOrder{People: typed})
		require.NoError(t, err)
		require.Equal(t, "lan", l.Run.By)
	}
	reaching(r, 99)
	_, err = r.launch(control.LaunchOrder{})
	require.NoError(t, err, "few need no number")
}

// What reaches many starts once a second person has agreed, and once only.
func TestASecondPersonAgrees(t *testing.T) {
	t.Parallel()
	r := newRig(t, withCare(0, 500))
	reaching(r, 500)
	r.contact(lan, "Lan")
	l, err := r.launch(control.LaunchOrder{Key: "k"})
	require.NoError(t, err)
	require.Nil(t, l.Run)
	require.Equal(t, control.RequestWaits, l.Request.State)
	again, err := r.launch(control.LaunchOrder{Key: "k"})
	require.NoError(t, err)
	require.Equal(t, l.Request.ID, again.Request.ID, "asked for once")
	_, err = r.g.Control.Approve(as(t, "lan"), l.Request.ID)
	require.ErrorContains(t, err, "second person")
	runs, err := r.g.Control.Runs(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, runs)

	done, err := r.g.Control.Approve(as(t, "minh"), l.Request.ID)
	require.NoError(t, err)
	require.Equal(t, control.RequestApproved, done.State)
	require.Equal(t, "minh", done.Decided)
	require.NotEmpty(t, done.Run)
	r.phone(lan, 1)
	_, err = r.g.Control.Approve(as(t, "thu"), l.Request.ID)
	require.ErrorIs(t, err, control.ErrConflict)
	_, err = r.g.Control.Refuse(as(t, "thu"), l.Request.ID, "too late")
	require.ErrorIs(t, err, control.ErrConflict)
	again, err = r.launch(control.LaunchOrder{Key: "k"})
	require.NoError(t, err)
	require.Equal(t, done.Run, again.Run.ID)

	l, err = r.launch(control.LaunchOrder{})
	require.NoError(t, err)
	refused, err := r.g.Control.Refuse(as(t, "minh"), l.Request.ID, "not before Tết")
	require.NoError(t, err)
	require.Equal(t, "not before Tết", refused.Reason)
	_, err = r.g.Control.Approve(as(t, "minh"), l.Request.ID)
	require.ErrorIs(t, err, control.ErrConflict)
	all, err := r.g.Control.Requests(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, refused.ID, all[0].ID)
	runs, err = r.g.Control.Runs(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, runs, 1)
}

// A schedule that reaches many is put in force once a second person has agreed; the version that they saw, and no other.
func TestASchedulesPublishingIsAgreedTo(t *testing.T) {
	t.Parallel()
	r := newRig(t, withCare(10, 10))
	reaching(r, 20)
	text := "campaign: weekly\nschedule: {cron: \"0 10 * * SAT\"}\nquestions:\n  - {id: size, kind: text, text: {vi: \"Size nào?\"}}\n"
	r.save("weekly.yaml", text, 0, "lan")
	_, err := r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "weekly.yaml", Version: 1})
	require.ErrorIs(t, err, control.ErrInvalid)
	p, err := r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "weekly.yaml", Version: 1, People: 20})
	require.NoError(t, err)
	require.NotNil(t, p.Request)
	require.Equal(t, control.Draft, p.File.State)
	r.save("weekly.yaml", text+"expires: 2d\n", 1, "lan")
	_, err = r.g.Control.Approve(as(t, "minh"), p.Request.ID)
	require.ErrorIs(t, err, control.ErrConflict, "it is another text by now")
	all, err := r.g.Control.Requests(t.Context())
	require.NoError(t, err)
	require.Equal(t, control.RequestWaits, all[0].State, "and the request waits still")
	p, err = r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "weekly.yaml", Version: 2, People: 20})
	require.NoError(t, err)
	_, err = r.g.Control.Approve(as(t, "minh"), p.Request.ID)
	require.NoError(t, err)
	require.True(t, r.inForce("weekly"))
}

// A run begins with as many people as were said, wherever they live, and asks the others once somebody says go on.
func TestARunBeginsWithSome(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"3", "25%"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			for i := range 12 {
				r.contact(fmt.Sprintf("+8490123456%d", i%10+(i/10)*10), "Lan")
			}
			reaching(r, 12)
			l, err := r.launch(control.LaunchOrder{First: first})
			require.NoError(t, err)
			id := l.Run.ID
			v := r.settledRun(id, "waiting")
			require.EqualValues(t, 3, v.Counts["audience"]-v.Counts["excluded"])
			r.until("the first were sent", func() bool { return len(r.fake.Messages()) == 3 })

			_, err = r.g.Control.PauseRun(as(t, "lan"), id)
			require.NoError(t, err)
			_, err = r.g.Control.GoOn(as(t, "lan"), id)
			require.ErrorIs(t, err, control.ErrConflict)
			_, err = r.g.Control.ResumeRun(as(t, "lan"), id)
			require.NoError(t, err)
			require.Equal(t, "waiting", r.runOf(id).State)
			require.Len(t, r.fake.Messages(), 3)

			_, err = r.g.Control.GoOn(as(t, "lan"), id)
			require.NoError(t, err)
			v = r.settledRun(id, "done")
			require.EqualValues(t, 12, v.Counts["audience"])
			require.EqualValues(t, 12, v.Counts["sent"])
			require.Len(t, r.fake.Messages(), 12, "nobody is asked twice")
		})
	}
}

// A run whose first people are more than there are ends like any other; one that waits can be called off.
func TestARunThatBeginsWithAllOrEndsThere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.contact(lan, "Lan")
	r.contact(minh, "Minh")
	l, err := r.launch(control.LaunchOrder{First: "50"})
	require.NoError(t, err)
	require.EqualValues(t, 2, r.settledRun(l.Run.ID, "done").Counts["audience"])
	_, err = r.launch(control.LaunchOrder{First: "0"})
	require.ErrorIs(t, err, control.ErrInvalid)
	for _, bad := range []string{"-1", "101%", "x", "%", "1.5"} {
		_, err := r.launch(control.LaunchOrder{First: bad})
		require.ErrorIs(t, err, control.ErrInvalid, bad)
	}
}

func TestARunThatWaitsIsCalledOff(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.contact(lan, "Lan")
	r.contact(minh, "Minh")
	l, err := r.launch(control.LaunchOrder{First: "1"})
	require.NoError(t, err)
	r.settledRun(l.Run.ID, "waiting")
	r.until("the first is asked", func() bool { return len(r.fake.Messages()) == 1 })
	_, err = r.g.Control.CancelRun(as(t, "lan"), l.Run.ID)
	require.NoError(t, err)
	r.settledRun(l.Run.ID, "cancelled")
	_, err = r.g.Control.GoOn(as(t, "lan"), l.Run.ID)
	require.ErrorIs(t, err, control.ErrConflict)
	require.Len(t, r.fake.Messages(), 1)
}

// What the preflight says of stock is what is left, beside the people who may come for it.
func TestPreflightCountsStock(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	reaching(r, 60)
	r.addCodes("office-20", "A", "B")
	p, err := r.g.Control.Preflight(t.Context(), control.PreflightQuery{Campaign: "style"}, nil)
	require.NoError(t, err)
	two := int64(2)
	require.Equal(t, []control.Stock{{Offer: "office-20", Left: &two, Short: true}, {Offer: "sporty-early"}, {Offer: "thanks-5"}}, p.Offers)
	require.Len(t, p.Segments, 2)
	require.NotZero(t, p.Segments[0].Segments)
	r.save("gift.yaml", gift+"valid: {until: "+r.clock.Now().AddDate(0, 0, -2).Format(time.DateOnly)+"}\nbudget: 5\n", 0, "lan")
	r.publish("gift.yaml", 1)
	r.save("sizes.yaml", sizes, 0, "lan")
	r.publish("sizes.yaml", 1)
	p, err = r.g.Control.Preflight(t.Context(), control.PreflightQuery{Campaign: "sizes"}, nil)
	require.NoError(t, err)
	require.Equal(t, []control.Stock{{Offer: "gift", Over: true}}, p.Offers)
	_, err = r.g.Control.Preflight(t.Context(), control.PreflightQuery{Campaign: "none"}, nil)
	require.ErrorIs(t, err, control.ErrNotFound)
}

// The preflight counts by the step that a run takes, and the run asks as many as were counted.
func TestPreflightCountsWhoIsAsked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.contact(lan, "Lan")
	r.contact(minh, "Minh")
	require.Equal(t, 201, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:+84905555555"}, "name": "Thu"}, &struct{}{}))
	p, err := r.g.Control.Preflight(as(t, "lan"), control.PreflightQuery{Campaign: "style"}, nil)
	require.NoError(t, err)
	require.EqualValues(t, 2, p.People)
	require.EqualValues(t, 2, p.Channels["sms"])
	v := r.settledRun(r.run("style"), "done")
	require.EqualValues(t, p.People, v.Counts["sent"])
}

// A count takes as long as it takes: what is known is told at once, whoever has little time is told how far it is and nothing is
// done, and once it is there a repeat goes by it.
func TestALaunchIsRefusedWhilePeopleAreCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t, withCare(2, 0))
	r.contact(lan, "Lan")
	r.contact(minh, "Minh")
	going := make(chan struct{})
	goOn := sync.OnceFunc(func() { close(going) })
	t.Cleanup(goOn)
	r.g.Control.Busy = func() bool { <-going; return false }
	p, err := r.g.Control.Preflight(as(t, "lan"), control.PreflightQuery{Campaign: "style", Known: true}, nil)
	require.NoError(t, err)
	require.False(t, p.Done)
	require.True(t, p.Counts)
	require.NotEmpty(t, p.Segments)
	short, cancel := context.WithTimeout(as(t, "lan"), 5*time.Second+50*time.Millisecond) // all but as much as an order takes
	defer cancel()
	var counting *control.CountingError
	_, err = r.g.Control.Launch(short, control.LaunchOrder{Campaign: "style", People: 2})
	require.ErrorAs(t, err, &counting)
	require.ErrorIs(t, err, control.ErrConflict)
	runs, err := r.g.Control.Runs(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, runs)
	goOn()
	p, err = r.g.Control.Preflight(as(t, "lan"), control.PreflightQuery{Campaign: "style"}, nil)
	require.NoError(t, err)
	require.True(t, p.Done)
	require.EqualValues(t, 2, p.People)
	known, err := r.g.Control.Preflight(as(t, "lan"), control.PreflightQuery{Campaign: "style", Known: true}, nil)
	require.NoError(t, err)
	require.Equal(t, p, known)
	_, err = r.launch(control.LaunchOrder{People: 2})
	require.NoError(t, err)
}

// What a publish counts is whom the new text reaches: its questions and channels, not those in force; and no count of the
// text in force is taken for it.
func TestAPublishCountsByTheNewText(t *testing.T) {
	t.Parallel()
	r := newRig(t, withCare(1, 0))
	r.contact(lan, "Lan")
	r.contact(minh, "Minh")
	weekly := func(asks string) string {
		return "campaign: weekly\nschedule: {cron: \"0 10 * * SAT\"}\nquestions:\n  - {id: size, kind: text, text: {vi: \"Size nào?\"}" + asks + "}\n"
	}
	nobody, everybody := weekly(`, when: 'facts.vip == true'`), weekly("")
	publish := func(version int) error {
		_, err := r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "weekly.yaml", Version: version})
		return err
	}
	r.save("weekly.yaml", nobody, 0, "lan")
	require.NoError(t, publish(1), "it has a question for nobody")
	r.save("weekly.yaml", everybody, 1, "lan")
	var typed *control.TypeError
	require.ErrorAs(t, publish(2), &typed)
	require.EqualValues(t, 2, typed.People)
	p, err := r.g.Control.Preflight(as(t, "lan"), control.PreflightQuery{Campaign: "weekly"}, nil)
	require.NoError(t, err)
	require.Zero(t, p.People, "what is in force reaches nobody still")
	r.save("weekly.yaml", nobody, 2, "lan")
	require.NoError(t, publish(3))
}

// Who agreed to so many people has not agreed to many more: the request says the new number, and waits.
func TestWhatHasGrownIsAgreedToAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, withCare(0, 500))
	text := "campaign: weekly\nschedule: {cron: \"0 10 * * SAT\"}\nquestions:\n  - {id: size, kind: text, text: {vi: \"Size nào?\"}}\n"
	r.save("weekly.yaml", text, 0, "lan")
	for name, ask := range map[string]func() *control.Request{
		"a launch": func() *control.Request {
			l, err := r.launch(control.LaunchOrder{})
			require.NoError(t, err)
			return l.Request
		},
		"a publish": func() *control.Request {
			p, err := r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "weekly.yaml", Version: 1})
			require.NoError(t, err)
			return p.Request
		},
	} {
		reaching(r, 500)
		id := ask().ID
		reaching(r, 511)
		_, err := r.g.Control.Approve(as(t, "minh"), id)
		require.ErrorIs(t, err, control.ErrConflict, name)
		require.ErrorContains(t, err, "511 people by now, not 500")
		require.Equal(t, control.RequestWaits, r.requested(id).State)
		require.EqualValues(t, 511, r.requested(id).People)
		reaching(r, 521)
		_, err = r.g.Control.Approve(as(t, "minh"), id)
		require.NoError(t, err, "one in fifty is no matter")
	}
	require.True(t, r.inForce("weekly"))
}

func (r *rig) requested(id string) control.Request {
	r.t.Helper()
	all, err := r.g.Control.Requests(r.t.Context())
	require.NoError(r.t, err)
	for _, x := range all {
		if x.ID == id {
			return x
		}
	}
	r.t.Fatalf("there is no request %s", id)
	return control.Request{}
}

// A run under way goes on by the text in force: whoever widens that is asked what a launch is asked.
func TestATextOfARunUnderWayIsPublishedWithCare(t *testing.T) {
	t.Parallel()
	r := newRig(t, withCare(10, 20))
	r.contact(lan, "Lan")
	r.contact(minh, "Minh")
	text := func(more string) string {
		return "campaign: sizes\nquestions:\n  - {id: size, kind: text, text: {vi: \"Size nào?\"}}\n" + more
	}
	reaching(r, 2)
	r.save("sizes.yaml", text("audience: facts.vip == true || true\n"), 0, "lan")
	r.publish("sizes.yaml", 1)
	l, err := r.g.Control.Launch(as(t, "lan"), control.LaunchOrder{Campaign: "sizes", First: "1"})
	require.NoError(t, err)
	r.settledRun(l.Run.ID, "waiting")
	r.save("sizes.yaml", text(""), 1, "lan")

	reaching(r, 30)
	order := control.PublishOrder{Name: "sizes.yaml", Version: 2}
	var typed *control.TypeError
	_, err = r.g.Control.PublishFile(as(t, "lan"), order)
	require.ErrorAs(t, err, &typed)
	require.EqualValues(t, 30, typed.People)
	order.People = 30
	p, err := r.g.Control.PublishFile(as(t, "lan"), order)
	require.NoError(t, err)
	require.NotNil(t, p.Request)
	require.Equal(t, control.Changed, p.File.State)

	_, err = r.g.Control.CancelRun(as(t, "lan"), l.Run.ID)
	require.NoError(t, err)
	r.settledRun(l.Run.ID, "cancelled")
	p, err = r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "sizes.yaml", Version: 2})
	require.NoError(t, err)
	require.Nil(t, p.Request, "nothing goes on by it any more")
}

// A request that was carried out is not carried out again, by nobody; one of which that is not known is, by whoever may.
func TestWhatWasAgreedToIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, withCare(0, 10))
	reaching(r, 20)
	weekly := "campaign: weekly\nschedule: {cron: \"0 10 * * SAT\"}\nquestions:\n  - {id: size, kind: text, text: {vi: \"Size nào?\"}}\n"
	r.save("weekly.yaml", weekly, 0, "lan")
	p, err := r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "weekly.yaml", Version: 1})
	require.NoError(t, err)
	done, err := r.g.Control.Approve(as(t, "minh"), p.Request.ID)
	require.NoError(t, err)
	require.True(t, done.Done)
	_, err = r.g.Control.UnpublishFile(as(t, "lan"), "weekly.yaml", control.FileSeen{Version: 1})
	require.NoError(t, err)
	_, err = r.g.Control.Approve(as(t, "minh"), p.Request.ID)
	require.ErrorIs(t, err, control.ErrConflict)
	require.False(t, r.inForce("weekly"))

	l, err := r.launch(control.LaunchOrder{})
	require.NoError(t, err)
	r.g.Control.Reach = func(context.Context, *campaigns.Campaign) (control.Reach, error) {
		return control.Reach{}, control.ErrUnavailable
	}
	_, err = r.g.Control.Approve(as(t, "minh"), l.Request.ID)
	require.ErrorIs(t, err, control.ErrUnavailable)
	require.Equal(t, control.RequestApproved, r.requested(l.Request.ID).State, "a run may have been started")
	reaching(r, 20)
	_, err = r.g.Control.Approve(access.As(t.Context(), access.Caller{Name: "minh", Role: access.Viewer}), l.Request.ID)
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = r.g.Control.Approve(as(t, "lan"), l.Request.ID)
	require.ErrorIs(t, err, control.ErrConflict, "it is lan's own")
	done, err = r.g.Control.Approve(as(t, "thu"), l.Request.ID)
	require.NoError(t, err)
	require.Equal(t, "minh", done.Decided)
	require.NotEmpty(t, done.Run)
}

// Two campaigns whose names and keys run into one another have a request each; what was refused says by whom and why.
func TestEachLaunchHasARequestOfItsOwn(t *testing.T) {
	t.Parallel()
	one := func(id string) string {
		return "campaign: " + id + "\nquestions:\n  - {id: size, kind: text, text: {vi: \"Size nào?\"}}\n"
	}
	r := newRig(t, withCare(0, 10), withFiles(one("a")+"---\n"+one("a-b")))
	reaching(r, 20)
	ask := func(campaign, key string) (*control.Request, error) {
		l, err := r.g.Control.Launch(as(t, "lan"), control.LaunchOrder{Campaign: campaign, Key: key})
		return l.Request, err
	}
	first, err := ask("a", "b-c")
	require.NoError(t, err)
	second, err := ask("a-b", "c")
	require.NoError(t, err)
	require.NotEqual(t, first.ID, second.ID)
	require.Equal(t, "a-b", second.Launch.Campaign)
	again, err := ask("a-b", "c")
	require.NoError(t, err)
	require.Equal(t, second.ID, again.ID)

	_, err = r.g.Control.Refuse(as(t, "minh"), second.ID, "not before Tết")
	require.NoError(t, err)
	_, err = ask("a-b", "c")
	require.ErrorIs(t, err, control.ErrConflict)
	require.ErrorContains(t, err, "minh has refused this launch: not before Tết; to ask again, use another key")
	approved, err := r.g.Control.Approve(as(t, "minh"), first.ID)
	require.NoError(t, err)
	run, err := r.g.Control.Run(t.Context(), approved.Run)
	require.NoError(t, err)
	require.Equal(t, "a", run.Campaign)
}
