package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

// Goroutines have an owner and an end: none outlives its gateway. Those of the tests' own HTTP connections may.
func TestMain(m *testing.M) {
	// Most of a test's time goes in waiting, for leases, timers and back-offs that it has for real: twice as many go on at a time as
	// there are processors. More would stall each other until leases run out. What the command line says still counts.
	flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))) //nolint:errcheck // the flag is testing's
	if raced {
		flag.Set("rapid.checks", "15") //nolint:errcheck // the flag is rapid's
	}
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
		goleak.IgnoreAnyFunction("github.com/alexedwards/scs/v2/memstore.(*MemStore).startCleanup")) // scs makes a store that nobody uses
}

// The people and accounts of the tests.
const (
	lan       = "+84901234567"
	minh      = "+84912345678"
	authToken = "12345678901234567890123456789012"
	apiToken  = "test-token-for-the-api"
	publicURL = "https://msg.example.com"
)

// styleCampaign is the campaign of most tests: a choice, a branch, and three offers.
const styleCampaign = `
campaign: style
name: Gu thời trang
audience: consent.marketing && prefs.style == nil
channels: [sms]
questions:
  - id: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào?", en: "Which style is you, {{name}}?"}
    options:
      - {value: sporty, label: {vi: Thể thao, en: Sporty}, synonyms: {vi: [năng động]}}
      - {value: office, label: {vi: Công sở, en: Office}}
    remind_after: 24h
  - id: budget
    kind: money
    currency: VND
    when: prefs.style == "office"
    text: {vi: "Ngân sách cho một bộ khoảng bao nhiêu ạ?", en: "What would you spend on an outfit?"}
offers: [office-20, sporty-early, thanks-5]
thanks: {vi: "Cảm ơn {{name}}!", en: "Thank you, {{name}}!"}
---
offer: office-20
when: prefs.style == "office" && prefs.budget.max >= 500000
priority: 10
text: {vi: "Tặng {{name}} mã {{code}} giảm 20% đồ công sở.", en: "Code {{code}}: 20% off."}
code: {pool: office}
budget: 50
---
offer: sporty-early
when: prefs.style == "sporty"
priority: 5
text: {vi: "Mời {{name}} xem trước đồ thể thao: {{link}}", en: "Early access: {{link}}"}
link: https://shop.example.com/sporty
---
offer: thanks-5
text: {vi: "Mã {{code}} giảm 5%.", en: "Code {{code}}: 5% off."}
code: {shared: CAMON5}
`

// rig is a gateway with a provider, a Redis and a clock of its own.
type rig struct {
	t     *testing.T
	g     *gateway.Gateway
	redis *redistest.Server
	fake  *fake.Twilio
	base  string // of the API
	clock *clock
	rate  float64                           // of the account; 0: no limit
	light bool                              // whether the account saves marks
	twist func(adapters.Type) adapters.Type // changes what the account can; may be nil
	opts  gateway.Options

	accounts func([]gateway.Account) []gateway.Account // changes those of the configuration; nil: nobody does
}

// clock runs with the real one, from wherever it was put.
type clock struct{ ahead atomic.Int64 }

func (c *clock) Now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) Forward(d time.Duration) { c.ahead.Add(int64(d)) }

// at puts the clock to a time of day in Vietnam, on the day that it is or the next.
func (c *clock) at(t *testing.T, clockTime string) {
	t.Helper()
	want, err := time.ParseInLocation("2006-01-02 15:04", c.Now().In(hanoi).Format("2006-01-02 ")+clockTime, hanoi)
	require.NoError(t, err)
	if want.Before(c.Now()) {
		want = want.Add(24 * time.Hour)
	}
	c.Forward(want.Sub(c.Now()))
}

var hanoi = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

type change func(*rig)

func withFiles(text string) change {
	return func(r *rig) { r.opts.Files = fstest.MapFS{"campaigns.yaml": {Data: []byte(text)}} }
}

func withFake(o fake.Options) change {
	return func(r *rig) {
		o.AuthToken, o.Now = authToken, r.clock.Now
		r.fake = fake.New(o)
	}
}

func withIntercept(i store.Intercept) change {
	return func(r *rig) { r.opts.Redis.Intercept = i }
}

func newRig(t *testing.T, changes ...change) *rig {
	t.Helper()
	r := &rig{t: t, redis: redistest.Start(t), clock: &clock{}}
	r.clock.at(t, "10:00")
	r.fake = fake.New(fake.Options{AuthToken: authToken, Now: r.clock.Now})
	pack, ok := compliance.PackFor("vn")
	require.True(t, ok)
	r.opts = gateway.Options{
		Listen: "127.0.0.1:0", HealthEvery: 50 * time.Millisecond, PublicURL: publicURL, Log: quietLog(), Now: r.clock.Now,
		Redis:  store.Options{URL: r.redis.URL, Partitions: 8, LeaseTTL: 400 * time.Millisecond},
		Files:  fstest.MapFS{"campaigns.yaml": {Data: []byte(styleCampaign)}},
		World:  campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: hanoi}, Pack: pack},
		Tokens: []web.Token{{Name: "test", Secret: apiToken, Role: web.Admin}},
		Tune: func(e *engine.Options, s *sender.Options) {
			s.Poll, s.Backoff, s.Grace, s.Settle = 20*time.Millisecond, 10*time.Millisecond, 10*time.Millisecond, 10*time.Second
		},
	}
	for _, c := range changes {
		c(r)
	}
	base, err := r.fake.Start()
	require.NoError(t, err)
	t.Cleanup(func() { r.fake.Close() })
	kind := twilio.Type()
	if r.twist != nil {
		kind = r.twist(kind)
	}
	r.opts.Accounts = []gateway.Account{{ID: "sms", Type: kind, Channel: address.SMS, Settings: map[string]string{
		"account_sid": "AC00000000000000000000000000000001", "auth_token": authToken, "from": "+15005550006", "base_url": base}, Rate: r.rate, Lighten: r.light}}
	if r.accounts != nil {
		r.opts.Accounts = r.accounts(r.opts.Accounts)
	}
	r.start()
	t.Cleanup(func() {
		if r.g != nil {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			r.g.Stop(ctx) //nolint:errcheck // the test has said what it wanted to
		}
	})
	return r
}

func quietLog() *slog.Logger {
	if os.Getenv("HOIDAP_TEST_LOG") != "" {
		return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return slog.New(slog.DiscardHandler)
}

func (r *rig) start() {
	r.t.Helper()
	g, err := gateway.New(r.opts)
	require.NoError(r.t, err)
	addr, err := g.Start(context.Background())
	require.NoError(r.t, err)
	r.g, r.base = g, "http://"+addr
	r.fake.Point(publicURL+"/hooks/sms", r.base)
}

func (r *rig) crash() { r.g.Crash(); r.g = nil }

// call makes an API call and decodes the answer into out.
func (r *rig) call(method, path string, body, out any) int {
	r.t.Helper()
	status, raw := r.try(method, path, body)
	if out != nil {
		require.NoError(r.t, json.Unmarshal(raw, out), "%s %s: %d %s", method, path, status, raw)
	}
	return status
}

func (r *rig) try(method, path string, body any) (int, []byte) {
	r.t.Helper()
	return r.send(method, path, "", body)
}

func (r *rig) tryKeyed(method, path, key string) (int, []byte) {
	r.t.Helper()
	return r.send(method, path, key, m{})
}

// send makes a call; status 0 means that nobody answered.
func (r *rig) send(method, path, key string, body any) (int, []byte) {
	r.t.Helper()
	var b io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		require.NoError(r.t, err)
		b = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, b)
	require.NoError(r.t, err)
	req.Header.Set("Authorization", "Bearer "+apiToken)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil
	}
	return resp.StatusCode, raw
}

type m = map[string]any

// contact makes a contact who agreed to marketing, and returns the id.
func (r *rig) contact(phone, name string) string {
	r.t.Helper()
	var out struct{ ID string }
	status := r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + phone}, "name": name, "locale": "vi", "timezone": "Asia/Ho_Chi_Minh",
		"consents": []m{{"purpose": "marketing", "granted": true, "source": "checkout form", "at": "2026-11-01T09:00:00+07:00"}}}, &out)
	require.Equal(r.t, http.StatusCreated, status)
	require.NotEmpty(r.t, out.ID)
	return out.ID
}

func (r *rig) run(campaign string) string {
	r.t.Helper()
	var out struct{ ID string }
	require.Equal(r.t, http.StatusAccepted, r.call("POST", "/api/v1/campaigns/"+campaign+"/runs", m{}, &out))
	return out.ID
}

type runView struct {
	State  string
	Counts map[string]int64
}

func (r *rig) runOf(id string) runView {
	r.t.Helper()
	var v runView
	require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/runs/"+url.PathEscape(id), nil, &v))
	return v
}

// patience is how long what has to come is waited for. Only a test that fails waits so long: nobody's machine is that busy.
const patience = time.Minute

// phone waits until a phone has n messages, and returns their texts.
func (r *rig) phone(number string, n int) []string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	ms, err := r.fake.Wait(ctx, number, n)
	require.NoError(r.t, err, "phone has %d messages, not %d: %v\n%s", len(ms), n, texts(ms), r.ledgerText(number))
	return texts(ms)
}

func texts(ms []fake.Message) []string {
	var out []string
	for _, x := range ms {
		out = append(out, x.Body)
	}
	return out
}

func (r *rig) reply(from, text string) {
	r.t.Helper()
	resp, err := r.fake.Reply(r.t.Context(), from, text)
	require.NoError(r.t, err)
	require.Equal(r.t, http.StatusOK, resp.StatusCode)
}

type entryView struct {
	Kind, Reason, Text, Event, Offer, Class, Message string
	Detail                                           m
}

func (r *rig) ledger(id string) []entryView {
	r.t.Helper()
	var out struct {
		Entries []entryView `json:"ledger"`
	}
	require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id+"/ledger", nil, &out))
	return out.Entries
}

func (r *rig) byPhone(phone string) (id string, ok bool) {
	r.t.Helper()
	var out struct{ ID string }
	status, raw := r.try("GET", "/api/v1/contacts?address="+url.QueryEscape("tel:"+phone), nil)
	if status != http.StatusOK {
		return "", false
	}
	require.NoError(r.t, json.Unmarshal(raw, &out))
	return out.ID, true
}

func (r *rig) ledgerText(phone string) string {
	if r.g == nil {
		return "(the gateway is down)"
	}
	id, ok := r.byPhone(phone)
	if !ok {
		return "(no such contact)"
	}
	var lines []string
	for _, e := range r.ledger(id) {
		lines = append(lines, strings.Join([]string{e.Kind, e.Reason, e.Text}, " | "))
	}
	return strings.Join(lines, "\n")
}

// settled waits until the contact's ledger satisfies ok: the gateway tells when it changes it, and is asked now and then where another may have.
func (r *rig) settled(id string, ok func([]entryView) bool) []entryView {
	r.t.Helper()
	changed, cancel := r.g.Changes.Subscribe(id)
	defer cancel()
	limit := time.After(patience)
	elsewhere := time.NewTicker(100 * time.Millisecond) // of what another replica commits this one hears nothing
	defer elsewhere.Stop()
	for {
		if es := r.ledger(id); ok(es) {
			return es
		}
		select {
		case <-changed:
		case <-elsewhere.C:
		case <-limit:
			var lines []string
			for _, e := range r.ledger(id) {
				lines = append(lines, fmt.Sprintf("%s | %s | %s | %s", e.Kind, e.Reason, e.Message, strings.ReplaceAll(e.Text, "\n", " ")))
			}
			for key, content := range r.redis.Everything() {
				if strings.Contains(key, "}:out:") || strings.HasSuffix(key, "}:log") || strings.HasSuffix(key, "}:bulk") || strings.HasSuffix(key, "}:lease") {
					lines = append(lines, fmt.Sprintf("%s: %.300q", key, content))
				}
			}
			r.t.Fatalf("it never came to that; the ledger and the queues have\n%s\nthe phone has %d messages", strings.Join(lines, "\n"), len(r.fake.Messages()))
		}
	}
}

func has(kind, reason string) func([]entryView) bool {
	return func(es []entryView) bool { return count(es, kind, reason) > 0 }
}

func count(es []entryView, kind, reason string) (n int) {
	for _, e := range es {
		if e.Kind == kind && (reason == "" || e.Reason == reason) {
			n++
		}
	}
	return n
}

func (r *rig) addCodes(offer string, codes ...string) {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, r.call("POST", "/api/v1/offers/"+offer+"/codes", m{"codes": codes}, nil))
}

// until looks again and again: for what nobody announces.
func (r *rig) until(what string, ok func() bool) {
	r.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			r.t.Fatalf("it never comes to this: %s", what)
		}
	}
}
