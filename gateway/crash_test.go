package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/preferences/address"
)

// dying kills the gateway at its n-th write to Redis: before it, or after it took effect and before anybody knows.
type dying struct {
	at     int64
	after  bool
	armed  atomic.Bool
	writes atomic.Int64
	dead   chan struct{}
	again  chan struct{} // closed once it lives again, or never died: see startedAnew
	once   sync.Once
}

var errDead = errors.New("the process is dead")

func (d *dying) intercept(after bool, command string) error {
	select {
	case <-d.dead:
		return errDead
	default:
	}
	if !d.armed.Load() || (!strings.Contains(command, "evalsha") && !strings.Contains(command, "xadd")) {
		return nil
	}
	n := d.writes.Load()
	if !after {
		n = d.writes.Add(1)
	}
	if d.at > 0 && n == d.at && after == d.after {
		d.once.Do(func() { close(d.dead) })
		return errDead
	}
	return nil
}

// dieAtEachWrite tells a story in peace, in which more than least writes are made, and then anew for each write, dying there, before
// and after; with -short, and under the race detector, at few of them, whole in make test without it.
func dieAtEachWrite(t *testing.T, least int64, story func(*testing.T, *dying)) {
	t.Helper()
	const few = 4
	calm := &dying{dead: make(chan struct{})}
	story(t, calm)
	writes := calm.writes.Load()
	require.Greater(t, writes, least)
	step := int64(1)
	if testing.Short() || raced {
		step = writes/few + 1
	}
	for at := int64(1); at <= writes; at += step {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d of %d, after=%v", at, writes, after), func(t *testing.T) {
				t.Parallel()
				story(t, &dying{at: at, after: after, dead: make(chan struct{})})
			})
		}
	}
}

// startedAnew starts the gateway again once it has died, and no more after enough. The lock guards it meanwhile.
func (r *rig) startedAnew(d *dying) (mu *sync.Mutex, enough func()) {
	mu = &sync.Mutex{}
	stop := make(chan struct{})
	d.again = make(chan struct{})
	go func() {
		defer close(d.again)
		select {
		case <-d.dead:
			mu.Lock()
			defer mu.Unlock()
			r.crash()
			r.opts.Redis.Intercept = nil
			r.start()
		case <-stop:
		}
	}()
	return mu, func() { close(stop); <-d.again }
}

// TestACrashAtAnyWriteLosesAndDoublesNothing walks the writes of a whole conversation and dies at each, before and
// after; with -short, and under the race detector, at every few of them.
func TestACrashAtAnyWriteLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	dieAtEachWrite(t, 20, conversation)
}

// conversation is a whole one, told by people who try again until they are heard.
func conversation(t *testing.T, d *dying) {
	r := newRig(t, withIntercept(d.intercept), withFake(fake.Options{Callbacks: false}))
	d.armed.Store(true) // the start makes no promises that a crash could break
	mu, enough := r.startedAnew(d)
	defer enough()
	until := func(what string, ok func() bool) {
		t.Helper()
		again, limit := time.NewTicker(5*time.Millisecond), time.After(30*time.Second)
		defer again.Stop()
		for !locked(mu, ok) {
			select {
			case <-again.C:
			case <-limit:
				require.FailNow(t, "never: "+what, "phone: %v", texts(r.fake.Phone(lan)))
			}
		}
	}
	until("codes", func() bool {
		s, _ := r.try("POST", "/api/v1/offers/office-20/codes", m{"codes": []string{"OFF1", "OFF2"}})
		return s == 200
	})
	until("contact", func() bool {
		s, _ := r.try("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}, "name": "Lan", "consents": []m{{"purpose": "marketing", "granted": true, "source": "form", "at": "2026-11-01T09:00:00+07:00"}}})
		return s == 200 || s == 201
	})
	until("run", func() bool { s, _ := r.tryKeyed("POST", "/api/v1/campaigns/style/runs", "the-run"); return s == 202 })
	for i, text := range []string{"dạ 2 nha", "tầm 600k"} {
		until("question", func() bool { return len(r.fake.Phone(lan)) == i+1 })
		sid := fmt.Sprintf("SM%032d", i)
		until("reply", func() bool {
			resp, err := r.fake.Deliver(t.Context(), fake.Inbound{From: lan, Body: text, SID: sid})
			return err == nil && resp.StatusCode == http.StatusOK
		})
	}
	until("offer", func() bool { return len(r.fake.Phone(lan)) == 3 })
	var id string
	until("everything is written down", func() bool {
		var ok bool
		if id, ok = r.byPhone(lan); !ok {
			return false
		}
		status, raw := r.try("GET", "/api/v1/contacts/"+id+"/ledger", nil)
		return status == http.StatusOK && strings.Count(string(raw), `"message.sent"`) == 3
	})
	d.armed.Store(false) // whoever has not died by now lives
	until("somebody answers", func() bool { status, _ := r.try("GET", "/readyz", nil); return status == http.StatusOK })
	mu.Lock()
	defer mu.Unlock()
	got := texts(r.fake.Phone(lan))
	require.Len(t, got, 3, "nothing twice: %v", got)
	require.Contains(t, got[2], "OFF1", "one code, the first")
	es := r.ledger(id)
	require.Equal(t, 2, count(es, "preference.changed", ""))
	require.Equal(t, 1, count(es, "offer.given", ""))
	require.Equal(t, 3, count(es, "message.queued", ""))
	v := r.runOf("style-the-run")
	require.Equal(t, int64(1), v.Counts["audience"])
	require.Equal(t, int64(1), v.Counts["sent"])
	var offers struct {
		Items []struct {
			ID        string
			Given     int
			CodesLeft int `json:"codes_left"`
		} `json:"offers"`
	}
	require.Equal(t, 200, r.call("GET", "/api/v1/offers", nil, &offers))
	for _, o := range offers.Items {
		if o.ID == "office-20" {
			require.Equal(t, 1, o.Given)
			require.Equal(t, 1, o.CodesLeft)
		}
	}
}

// locked calls ok under mu, which it gives back even where ok ends the test.
func locked(mu *sync.Mutex, ok func() bool) bool {
	mu.Lock()
	defer mu.Unlock()
	return ok()
}

// interrupted is an answer as somebody who died has it.
type interrupted int

const (
	toBeTriedAgain interrupted = iota // it waits in the queue, and the contact's others wait for it
	taken                             // so did it; now it is being sent, and the provider has it
	beingSent                         // the provider does not have it
	waiting                           // in the queue
)

// Answers that a former owner was sending go back behind an earlier one that waits to be tried again, and nothing goes
// before they do: neither what was being sent after them nor what still waits in the queue.
func TestWhatWasBeingSentIsNotOvertaken(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string][]interrupted{
		"all were being sent":               {beingSent, beingSent, beingSent},
		"behind one that waits":             {toBeTriedAgain, beingSent, beingSent},
		"behind one that waits, one queued": {toBeTriedAgain, beingSent, waiting},
		"behind one that was tried again":   {taken, beingSent, waiting},
		"all wait":                          {toBeTriedAgain, waiting, waiting},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(r *rig) {
				tune := r.opts.Tune
				r.opts.Tune = func(e *engine.Options, s *sender.Options) { tune(e, s); s.Grace = 200 * time.Millisecond }
			})
			id := r.contact(lan, "Lan")
			r.crash()
			var want []string
			for i, how := range answers {
				r.interrupt(id, i+1, how)
				want = append(want, fmt.Sprint("answer ", i+1))
			}
			r.start()
			require.Equal(t, want, r.phone(lan, len(want)))
		})
	}
}

// What a former owner sent without marks is looked for as it was sent: it is found, and not sent again.
func TestWhatWasSentWithoutMarksIsFound(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(r *rig) {
		r.light = true
		tune := r.opts.Tune
		r.opts.Tune = func(e *engine.Options, s *sender.Options) { tune(e, s); s.Grace = 200 * time.Millisecond }
	})
	id := r.contact(lan, "Lan")
	r.crash()
	text := "Chị Lan ơi, bên em đã nhận được câu trả lời của chị và sẽ gọi lại cho chị trong ngày hôm nay nhé"
	plain := adapters.WithoutMarks(text)
	require.Less(t, adapters.SegmentCount(plain), adapters.SegmentCount(text))
	r.leave(id, 1, taken, text, plain)
	r.start()
	es := r.settled(id, has("message.sent", ""))
	require.Zero(t, count(es, "message.failed", ""))
	require.Equal(t, []string{plain}, texts(r.fake.Phone(lan)))
}

// interrupt leaves the n-th answer to a contact.
func (r *rig) interrupt(contact string, n int, how interrupted) {
	text := fmt.Sprint("answer ", n)
	r.leave(contact, n, how, text, text)
}

// leave leaves a text as the n-th answer to a contact, and on the phone as it was shown, if it was.
func (r *rig) leave(contact string, n int, how interrupted, text, shown string) {
	ctx, raw, now := context.Background(), r.raw(), r.clock.Now()
	part, _, _ := strings.Cut(strings.TrimPrefix(contact, "c"), "-")
	key := func(name string) string { return fmt.Sprintf("{p%02s}:%s", part, name) }
	id := fmt.Sprint(contact, ".", n)
	body := record.Outbound(campaigns.Outbound{ID: id, Contact: contact, To: address.Address{Scheme: address.Tel, ID: lan}, Account: "sms",
		Class: campaigns.ClassReply, Text: text, Queued: now})
	if how != beingSent {
		require.NoError(r.t, raw.HSet(ctx, key("out:bodies"), id, body).Err())
	}
	if how == toBeTriedAgain || how == taken {
		require.NoError(r.t, raw.HSet(ctx, key("out:blocked"), contact, id).Err())
	}
	switch how {
	case toBeTriedAgain, waiting:
		const lead = 4_000_000_000_000 // as in store: answers stand so far ahead
		require.NoError(r.t, raw.ZAdd(ctx, key("out:due:sms"), redis.Z{Score: float64(now.UnixMilli()-lead) + float64(n)/1000, Member: id}).Err())
	case taken, beingSent:
		mark := fmt.Sprintf("%d|somebody#1|", now.UnixMilli())
		if how == beingSent {
			mark += string(body)
		}
		require.NoError(r.t, raw.HSet(ctx, key("out:sending"), id, mark).Err())
	}
	if how == taken {
		r.askProvider(shown)
	}
}

// askProvider has the provider send a text to Lan.
func (r *rig) askProvider(text string) {
	s := r.opts.Accounts[0].Settings
	form := url.Values{"To": {lan}, "From": {s["from"]}, "Body": {text}}
	req, err := http.NewRequest(http.MethodPost, s["base_url"]+"/2010-04-01/Accounts/"+s["account_sid"]+"/Messages.json", strings.NewReader(form.Encode()))
	require.NoError(r.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(s["account_sid"], s["auth_token"])
	resp, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	resp.Body.Close()
	require.Equal(r.t, http.StatusCreated, resp.StatusCode)
}
