package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang/mock/gomock"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/health"
	"github.com/hoidap/hoidap/preferences/address"
)

// whole is an account of which everything is known.
func whole() control.AccountView {
	return control.AccountView{
		ID: "sms", Adapter: "twilio", Channel: address.SMS, State: health.Paused, Why: "Paused by shop.", Cure: "Resume it.",
		Halt: &health.Halt{State: health.Paused, By: "shop", Reason: "x", At: noon}, Sending: control.SendingStopped,
		Waiting: 3, DueSince: noon, Age: 2.5, InFlight: 1, Pace: .5, LastTaken: noon, LastInbound: noon, LastReceipt: noon,
		LastHour:   []health.Count{{Result: "taken", N: 7}, {Result: "operator", Code: "20003", N: 1}},
		ReceiptLag: &control.ReceiptLag{Median: 1.5, Most: 9, Of: 7}, Forged: 1, Malformed: 2,
		Probe:   &health.Probe{At: noon, OK: true, Detail: "x", Balance: "1 USD", Quota: "7", Expires: noon, Away: true},
		Webhook: &health.Webhook{At: noon, Problem: "HTTP 401"}, Replicas: 2,
	}
}

// idle is one of which nothing is known yet.
func idle() control.AccountView {
	return control.AccountView{ID: "zalo", Adapter: "zalo", Channel: address.Zalo, State: health.OK, Pace: 1, LastHour: []health.Count{}}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().Accounts(gomock.Any()).Return([]control.AccountView{whole(), idle()}, nil)
	b.control.EXPECT().Account(gomock.Any(), "sms").Return(whole(), nil)
	gone := fmt.Errorf("%w: there is no account %q", control.ErrNotFound, "smss")
	b.control.EXPECT().Account(gomock.Any(), "smss").Return(control.AccountView{}, gone)
	b.control.EXPECT().PauseAccount(gomock.Any(), "sms", "admin", "wrong prices").Return(whole(), nil)
	b.control.EXPECT().PauseAccount(gomock.Any(), "sms", "admin", "").Return(whole(), nil)
	b.control.EXPECT().DrainAccount(gomock.Any(), "sms", "admin", "leaves").Return(whole(), nil)
	b.control.EXPECT().ResumeAccount(gomock.Any(), "sms", "admin").Return(idle(), nil)
	b.control.EXPECT().ResumeAccount(gomock.Any(), "smss", "admin").Return(control.AccountView{}, gone)
	for _, c := range []struct {
		method, target, body string
		status               int
		want                 string
	}{
		{http.MethodGet, "/accounts", "", 200, `"state":"ok"`},
		{http.MethodGet, "/accounts/sms", "", 200, `"code":"20003"`},
		{http.MethodGet, "/accounts/smss", "", 404, "There is no account"},
		{http.MethodPost, "/accounts/sms/pause", `{"reason":"wrong prices"}`, 200, `"state":"paused"`},
		{http.MethodPost, "/accounts/sms/pause", "", 200, `"state":"paused"`},
		{http.MethodPost, "/accounts/sms/drain", `{"reason":"leaves"}`, 200, `"id":"sms"`},
		{http.MethodPost, "/accounts/sms/resume", "", 200, `"state":"ok"`},
		{http.MethodPost, "/accounts/smss/resume", "", 404, ""},
		{http.MethodPost, "/accounts/sms/pause", `{"reasn":"x"}`, 400, "#/reasn"},
		{http.MethodPost, "/accounts/sms/drain", `{"reason":"` + long(201) + `"}`, 400, "#/reason"},
		{http.MethodPost, "/accounts/sms/resume", `{"reason":"x"}`, 400, ""},
		{http.MethodGet, "/accounts?state=ok", "", 400, "state"},
	} {
		if x := b.call(t, c.method, c.target, c.body); x.status != c.status || !strings.Contains(string(x.body), c.want) {
			t.Errorf("%s %s: %d %s", c.target, c.body, x.status, x.body)
		}
	}
}

func TestTryAnAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	lan := address.Address{Scheme: address.Tel, ID: "+84901234567"}
	answers := func(tr control.Trial, err error) {
		b.control.EXPECT().TryAccount(gomock.Any(), "sms", lan, "admin").Return(tr, err)
	}
	answers(control.Trial{Account: "sms", To: lan.Mask(), Text: "x", Result: "taken", IDs: []string{"SM1"}}, nil)
	answers(control.Trial{Account: "sms", To: lan.Mask(), Text: "x", Result: "operator", Code: "20003", Detail: "refused", Cure: "See to it."}, nil)
	answers(control.Trial{}, fmt.Errorf("%w: this person has opted out", control.ErrConflict))
	answers(control.Trial{}, fmt.Errorf("%w: an account sends one test message in 10 seconds", control.ErrTooSoon))
	answers(control.Trial{}, fmt.Errorf("%w: %w", control.ErrUnavailable, fmt.Errorf("away after %s", time.Second)))
	for _, c := range []struct {
		body   string
		status int
		want   string
	}{
		{`{"to":"tel:+84901234567"}`, 200, `"ids":["SM1"]`},
		{`{"to":"tel:+84901234567"}`, 200, `"code":"20003"`},
		{`{"to":"tel:+84901234567"}`, 409, "This person has opted out."},
		{`{"to":"tel:+84901234567"}`, 429, "An account sends one test message in 10 seconds."},
		{`{"to":"tel:+84901234567"}`, 503, "try again"},
		{``, 400, "empty"},
		{`{}`, 400, "#/to"},
		{`{"to":""}`, 400, "#/to"},
		{`{"to":"0901234567"}`, 400, "#/to"},
		{`{"to":["tel:+84901234567"]}`, 400, "#/to"},
		{`{"to":"tel:+84901234567","text":"mua đi"}`, 400, "#/text"},
	} {
		x := b.call(t, http.MethodPost, "/accounts/sms/test", c.body)
		if x.status != c.status || !strings.Contains(string(x.body), c.want) || strings.Contains(string(x.body), "4567\"") && c.status == 200 {
			t.Errorf("%s: %d %s", c.body, x.status, x.body)
		}
		if (x.header.Get("Retry-After") != "") != (c.status == 429 || c.status == 503) {
			t.Errorf("%s: Retry-After %q", c.body, x.header.Get("Retry-After"))
		}
	}
}
