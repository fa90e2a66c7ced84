package gateway_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/webhooks"
)

// signingSecret is the receiver's, and its key what HMAC takes.
const signingSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// told is one call of a webhook.
type told struct {
	id, body string
	Type     string
	Data     m
}

// receiver is a shop's own program. It checks each signature by itself and answers what it is told to.
type receiver struct {
	t      *testing.T
	server *httptest.Server

	mu     sync.Mutex
	calls  []told
	answer func(n int, c told) int // of the n-th call, from 1 on; 200 where nil
	more   chan struct{}           // rung after each call
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	x := &receiver{t: t, more: make(chan struct{}, 1)}
	x.server = httptest.NewServer(x)
	t.Cleanup(x.server.Close)
	return x
}

func (x *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // it was cut off
	}
	c := told{id: r.Header.Get("webhook-id"), body: string(body)}
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(signingSecret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(c.id + "." + r.Header.Get("webhook-timestamp") + "." + c.body))
	if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); r.Header.Get("webhook-signature") != want {
		x.t.Errorf("the signature is %q, not %q", r.Header.Get("webhook-signature"), want)
	}
	if err := json.Unmarshal(body, &c); err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
		x.t.Errorf("%v: %s %s %s", err, r.Method, r.Header.Get("Content-Type"), body)
	}
	x.mu.Lock()
	x.calls = append(x.calls, c)
	n, answer := len(x.calls), x.answer
	x.mu.Unlock()
	select {
	case x.more <- struct{}{}:
	default:
	}
	if answer != nil {
		w.WriteHeader(answer(n, c))
	}
}

func (x *receiver) answers(f func(n int, c told) int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.answer = f
}

func (x *receiver) all() []told {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.calls)
}

// wait waits until what was told is as ok wants it.
func (x *receiver) wait(what string, ok func([]told) bool) []told {
	x.t.Helper()
	limit := time.After(patience)
	for {
		if all := x.all(); ok(all) {
			return all
		}
		select {
		case <-x.more:
		case <-limit:
			x.t.Fatalf("it never comes to this: %s\n%+v", what, x.all())
		}
	}
}

func types(all []told) []string {
	var out []string
	for _, c := range all {
		out = append(out, c.Type)
	}
	slices.Sort(out)
	return out
}

func atLeast(n int) func([]told) bool { return func(all []told) bool { return len(all) >= n } }

// withWebhook tells x of some events, or of all.
func withWebhook(x *receiver, events ...string) change {
	return func(r *rig) {
		if len(events) == 0 {
			events = []string{"preference.changed", "consent.changed", "conversation.completed", "offer.given"}
		}
		r.opts.Webhooks = append(r.opts.Webhooks, webhooks.Endpoint{Name: "crm", URL: x.server.URL + "/in?key=k", Secrets: []string{signingSecret}, Events: events})
		r.opts.WebhookPace = webhooks.Pace{Poll: 20 * time.Millisecond, BreakFor: 50 * time.Millisecond, Timeout: 2 * time.Second,
			Retries: []time.Duration{time.Millisecond, time.Millisecond, time.Minute}}
	}
}

type webhookView struct {
	Name, URL, State, Why string
	Waiting, Lost         int
}

func (r *rig) webhook() webhookView {
	r.t.Helper()
	var v webhookView
	require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/webhooks/crm", nil, &v))
	return v
}

type deliveryView struct {
	ID, Type, Result, Error string
	Attempt, Status         int
}

func (r *rig) deliveries() []deliveryView {
	r.t.Helper()
	var all []deliveryView
	for cursor := ""; ; {
		var page struct {
			Deliveries []deliveryView
			Next       string `json:"next_cursor"`
		}
		require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/webhooks/crm/deliveries?limit=2&cursor="+cursor, nil, &page))
		all = append(all, page.Deliveries...)
		if cursor = page.Next; cursor == "" {
			return all
		}
	}
}

// A whole conversation is told: each event once, signed, with what it is about.
func TestWebhooksTellWhatHappens(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	r := newRig(t, withWebhook(x))
	r.addCodes("office-20", "LUA-1")
	id := r.contact(lan, "Lan")
	r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "2")
	r.phone(lan, 2)
	r.reply(lan, "1 triệu")
	r.phone(lan, 3)
	all := x.wait("five events", atLeast(5))
	require.Equal(t, []string{"consent.changed", "conversation.completed", "offer.given", "preference.changed", "preference.changed"}, types(all))
	seen := map[string]bool{}
	for _, c := range all {
		require.False(t, seen[c.id], "%s is told twice", c.id)
		seen[c.id] = true
		require.Equal(t, id, c.Data["contact"])
		switch c.Type {
		case "offer.given":
			require.Equal(t, "office-20", c.Data["offer"])
			require.Equal(t, "LUA-1", c.Data["code"])
		case "consent.changed":
			require.Equal(t, true, c.Data["granted"])
			require.Equal(t, "checkout form", c.Data["source"])
		case "conversation.completed":
			require.Equal(t, "style", c.Data["campaign"])
		case "preference.changed":
			require.Contains(t, []any{"style", "budget"}, c.Data["attribute"])
			require.Equal(t, "declared", c.Data["preference"].(m)["class"])
		}
	}
	r.until("nothing waits", func() bool { return r.webhook().Waiting == 0 })
	require.Equal(t, webhookView{Name: "crm", URL: x.server.URL + "/in", State: "ok"}, r.webhook())
	r.until("all are listed", func() bool { return len(r.deliveries()) == 5 })
	for _, d := range r.deliveries() {
		require.Equal(t, deliveryView{ID: d.ID, Type: d.Type, Result: "delivered", Attempt: 1, Status: 200}, d)
		require.True(t, seen[d.ID])
	}
}

// Who wants to be told of offers is told of nothing else, and where nobody is configured nothing is written for anybody.
func TestWebhooksTellWhatIsWanted(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	r := newRig(t, withWebhook(x, "offer.given"))
	r.contact(lan, "Lan")
	r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "1")
	r.phone(lan, 2)
	all := x.wait("the offer", atLeast(1))
	require.Equal(t, []string{"offer.given"}, types(all))

	quiet := newRig(t)
	quiet.contact(lan, "Lan")
	for key := range quiet.redis.Everything() {
		require.NotContains(t, key, "webhook")
	}
}

// What is not taken is told again under the same id, with the same body, and the list says how it went.
func TestWebhooksAreRepeated(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	x.answers(func(n int, _ told) int { return []int{500, 404, 200}[min(n, 3)-1] })
	r := newRig(t, withWebhook(x, "consent.changed"))
	r.contact(lan, "Lan")
	all := x.wait("three attempts", atLeast(3))
	require.Equal(t, all[0], all[1])
	require.Equal(t, all[0], all[2])
	r.until("all are listed", func() bool { return len(r.deliveries()) == 3 })
	var got []deliveryView
	for _, d := range r.deliveries() {
		d.ID, d.Type = "", ""
		got = append(got, d)
	}
	require.Equal(t, []deliveryView{{Result: "delivered", Attempt: 3, Status: 200}, {Result: "failed", Attempt: 2, Status: 404, Error: "answered 404"},
		{Result: "failed", Attempt: 1, Status: 500, Error: "answered 500"}}, got)
}

// A process that dies between the commit and the delivery loses nothing, and neither does one that dies while it waits for
// the answer: the next one tells it, again under the same id.
func TestWebhooksSurviveACrash(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	hang := make(chan struct{})
	x.answers(func(n int, _ told) int {
		if n == 1 {
			<-hang
		}
		return http.StatusOK
	})
	r := newRig(t, withWebhook(x, "consent.changed"))
	r.contact(lan, "Lan")
	x.wait("the first attempt", atLeast(1))
	require.Equal(t, 1, r.webhook().Waiting, "it is in the receiver's hands, and still queued")
	r.crash()
	close(hang)
	r.start()
	all := x.wait("told again", atLeast(2))
	require.Equal(t, all[0], all[1])
	r.until("nothing waits", func() bool { return r.webhook().Waiting == 0 })
	r.crash()
	r.start()
	require.Len(t, x.all(), 2)
}

// Who does not answer in time is left alone for a while, and told then.
func TestWebhooksTimeOut(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	over := make(chan struct{})
	defer close(over)
	x.answers(func(n int, _ told) int {
		if n == 1 {
			<-over
		}
		return http.StatusOK
	})
	r := newRig(t, withWebhook(x, "consent.changed"), func(r *rig) { r.opts.WebhookPace.Timeout = 100 * time.Millisecond })
	r.contact(lan, "Lan")
	x.wait("told again", atLeast(2))
	r.until("all are listed", func() bool { return len(r.deliveries()) == 2 })
	first := r.deliveries()[1]
	require.Equal(t, "failed", first.Result)
	require.Equal(t, "no answer in time", first.Error)
	require.Zero(t, first.Status)
}

// What is refused each time lies with the dead letters, and can be had again.
func TestWebhooksAreGivenUpAndReplayed(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	x.answers(func(int, told) int { return http.StatusBadRequest })
	r := newRig(t, withWebhook(x, "consent.changed"))
	id := r.contact(lan, "Lan")
	x.wait("three attempts", atLeast(3))
	r.until("it waits for its last attempt", func() bool { return len(r.deliveries()) == 3 })
	require.Equal(t, "failing", r.webhook().State)
	require.Equal(t, "answered 400", r.webhook().Why)
	r.clock.Forward(2 * time.Minute)
	x.wait("the last attempt", atLeast(4))
	var dead struct {
		Letters []struct{ ID, What, Of, Kind, Contact, Webhook, Reason string } `json:"dead_letters"`
	}
	r.until("it is given up", func() bool {
		require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/dead-letters?what=webhook&webhook=crm", nil, &dead))
		return len(dead.Letters) == 1
	})
	l := dead.Letters[0]
	require.Equal(t, "webhook", l.What)
	require.Equal(t, "consent.changed", l.Kind)
	require.Equal(t, id, l.Contact)
	require.Equal(t, "crm", l.Webhook)
	require.Equal(t, "gave_up: answered 400", l.Reason)
	require.Zero(t, r.webhook().Waiting)

	x.answers(nil)
	var n struct{ Replayed int }
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/dead-letters/replay", m{"webhook": "crm"}, &n))
	require.Equal(t, 1, n.Replayed)
	all := x.wait("told after all", atLeast(5))
	require.Equal(t, all[0], all[4])
	r.until("it is well", func() bool { return r.webhook().State == "ok" })
}

// A delivery is told once more of the ledger, under the same id; of somebody who was erased nothing is.
func TestDeliveriesAreReplayed(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	r := newRig(t, withWebhook(x))
	id := r.contact(lan, "Lan")
	r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "1")
	r.phone(lan, 2)
	first := x.wait("all events", atLeast(4))
	for i, c := range first {
		require.Equal(t, http.StatusAccepted, r.call("POST", "/api/v1/webhooks/crm/deliveries/"+url.PathEscape(c.id)+"/replay", nil, nil))
		all := x.wait("told again", atLeast(5+i))
		again := all[len(all)-1]
		require.Equal(t, c.id, again.id, "%+v", all)
		require.JSONEq(t, c.body, again.body)
	}
	for path, status := range map[string]int{
		"crm/deliveries/" + id + ".wnothing/replay": 404, "crm/deliveries/x/replay": 404, "gone/deliveries/" + first[0].id + "/replay": 404, "gone/test": 404, "gone/resume": 404,
	} {
		require.Equal(t, status, r.call("POST", "/api/v1/webhooks/"+path, nil, nil), path)
	}
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+id, nil, nil))
	require.Equal(t, http.StatusNotFound, r.call("POST", "/api/v1/webhooks/crm/deliveries/"+first[0].id+"/replay", nil, nil))
}

// TestReplaysAreNotLost: as much as may waits for the endpoint already, and what people replay is told all the same.
func TestReplaysAreNotLost(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	x.answers(func(int, told) int { return http.StatusGone })
	r := newRig(t, withWebhook(x, "consent.changed"))
	r.contact(lan, "Lan")
	first := x.wait("the attempt that turns it off", atLeast(1))[0]
	r.until("it is off, and nothing waits", func() bool { v := r.webhook(); return v.State == "off" && v.Waiting == 0 })
	x.answers(nil)
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/webhooks/crm/resume", nil, nil))
	waiting := make([]redis.Z, store.TellMost)
	for i := range waiting {
		waiting[i] = redis.Z{Score: float64(r.clock.Now().Add(time.Hour).UnixMilli()), Member: fmt.Sprint("c0-x.w", i)}
	}
	for p := range 8 {
		require.NoError(t, r.redis.Client().ZAdd(t.Context(), fmt.Sprintf("{p%02d}:webhooks:due:crm", p), waiting...).Err())
	}
	var n struct{ Replayed int }
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/dead-letters/replay", m{"webhook": "crm"}, &n))
	require.Equal(t, 1, n.Replayed)
	x.wait("the letter is told", atLeast(2))
	r.until("it is written down", func() bool { return r.webhook().Waiting == 8*store.TellMost })
	require.Equal(t, http.StatusAccepted, r.call("POST", "/api/v1/webhooks/crm/deliveries/"+url.PathEscape(first.id)+"/replay", nil, nil))
	for _, c := range x.wait("the delivery is told", atLeast(3)) {
		require.Equal(t, first, c)
	}
	require.Zero(t, r.webhook().Lost)
}

// Erasing somebody takes what waits to be told of them, too, and what lies with the dead letters.
func TestErasedPeopleAreNotTold(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	x.answers(func(int, told) int { return http.StatusBadRequest })
	r := newRig(t, withWebhook(x, "consent.changed"))
	gone := r.contact(lan, "Lan")
	kept := r.contact(minh, "Minh")
	r.until("both wait for their last attempts", func() bool { return len(r.deliveries()) == 6 })
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+gone, nil, nil))
	require.Equal(t, 1, r.webhook().Waiting)
	for key, content := range r.redis.Everything() {
		if strings.Contains(key, "webhooks:") {
			require.NotContains(t, content, gone, key)
		}
	}
	x.answers(nil)
	r.clock.Forward(2 * time.Minute)
	all := x.wait("the other's last attempt", atLeast(7))
	require.Equal(t, kept, all[6].Data["contact"])
	r.until("nothing waits", func() bool { return r.webhook().Waiting == 0 })
	require.Len(t, x.all(), 7)
}

// An endpoint that wants no more is off: what it is to be told goes to the dead letters, until it is resumed.
func TestWebhooksAreOff(t *testing.T) {
	t.Parallel()
	for why, twist := range map[string]func(*receiver, *rig){
		"gone":    func(x *receiver, _ *rig) { x.answers(func(int, told) int { return http.StatusGone }) },
		"failing": func(x *receiver, _ *rig) { x.answers(func(int, told) int { return http.StatusForbidden }) },
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			x := newReceiver(t)
			r := newRig(t, withWebhook(x, "consent.changed"))
			twist(x, r)
			r.contact(lan, "Lan")
			if why == "failing" {
				r.until("it waits for its last attempt", func() bool { return len(r.deliveries()) == 3 })
				require.Equal(t, "failing", r.webhook().State)
				r.clock.Forward(73 * time.Hour)
			}
			r.until("it is off", func() bool { return r.webhook().State == "off" })
			require.Equal(t, why, r.webhook().Why)
			told := len(x.all())
			r.contact(minh, "Minh")
			r.until("nothing waits", func() bool { return r.webhook().Waiting == 0 })
			var dead struct {
				Letters []struct{ Reason string } `json:"dead_letters"`
			}
			r.until("both are dead letters", func() bool {
				require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/dead-letters?what=webhook", nil, &dead))
				return len(dead.Letters) == 2
			})
			require.Equal(t, "endpoint_off", dead.Letters[0].Reason)
			require.Len(t, x.all(), told, "it is not asked any more")

			x.answers(nil)
			var test deliveryView
			require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/webhooks/crm/test", nil, &test))
			require.Equal(t, "delivered", test.Result)
			require.Equal(t, "webhook.test", test.Type)
			require.Equal(t, "off", r.webhook().State, "a test changes nothing")
			require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/webhooks/crm/resume", nil, nil))
			require.Equal(t, "ok", r.webhook().State)
			var n struct{ Replayed int }
			require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/dead-letters/replay", m{"what": "webhook"}, &n))
			require.Equal(t, 2, n.Replayed)
			x.wait("told after all", atLeast(told+3))
		})
	}
}

// While an endpoint does not answer, few attempts are made, whatever waits; then all is told.
func TestWebhooksLeaveTheSickAlone(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	x.answers(func(int, told) int { return http.StatusServiceUnavailable })
	r := newRig(t, withWebhook(x, "consent.changed"), func(r *rig) {
		r.opts.WebhookPace.BreakFor = time.Hour
	})
	for i := range 30 {
		r.contact("+8490123450"+string(rune('0'+i/10))+string(rune('0'+i%10)), "Lan")
	}
	x.wait("five attempts", atLeast(5))
	r.until("it is written down", func() bool { return len(r.deliveries()) >= 5 })
	require.LessOrEqual(t, len(x.all()), 5+8, "those that were under way when it was seen")
	require.Equal(t, 30, r.webhook().Waiting)
	require.Equal(t, "failing", r.webhook().State)
}
