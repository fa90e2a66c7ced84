package speedsms_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/speedsms"
	"github.com/hoidap/hoidap/adapters/speedsms/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

var now = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

// account opens an account whose provider is h.
func account(t *testing.T, h http.Handler, more map[string]string) adapters.Adapter {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	set := settings(more)
	set["base_url"] = server.URL
	a, err := speedsms.Type().Open(adapters.Account{
		ID: "main", Channel: address.SMS, Settings: set, WebhookURL: adaptertest.Webhook, HTTPClient: server.Client(), Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func says(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) })
}

func message(text string) adapters.Message {
	return adapters.Message{ID: "m1", To: lan, Class: adapters.Reply, Text: text}
}

func faultOf(err error) adapters.Fault {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return adapters.Unknown
}

// SpeedSMS's page of codes, all told with HTTP 200, and answers that are not in its documents.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]adapters.Fault{
		`{"status":"error","code":"007","message":"84901234567"}`:                         adapters.Operator,
		`{"status":"error","code":"008"}`:                                                 adapters.Operator,
		`{"status":"error","code":"009"}`:                                                 adapters.Operator,
		`{"status":"error","code":"101"}`:                                                 adapters.BadMessage,
		`{"status":"error","code":"105","invalidPhone":["84901234567"]}`:                  adapters.Recipient,
		`{"status":"error","code":105}`:                                                   adapters.Recipient,
		`{"status":"error","code":"110"}`:                                                 adapters.BadMessage,
		`{"status":"error","code":"113"}`:                                                 adapters.BadMessage,
		`{"status":"error","code":"300"}`:                                                 adapters.Operator,
		`{"status":"error","code":"500"}`:                                                 adapters.Transient,
		`{"status":"success","code":"00","data":{"tranId":1,"invalidPhone":["84901"]}}`:   adapters.Recipient,
		`{"status":"success","code":"00","data":{"tranId":0,"totalSMS":0}}`:               adapters.Unknown,
		`{"status":"success","code":"00","data":{}}`:                                      adapters.Unknown,
		`{"status":"success","code":"00"}`:                                                adapters.Unknown,
		`{"status":"success","code":"01","data":{"tranId":1}}`:                            adapters.Unknown,
		`{"status":"error","code":"00","data":{"tranId":1}}`:                              adapters.Unknown,
		`{"status":"error","code":"999"}`:                                                 adapters.Unknown,
		`{"status":"success","code":"00","data":{"tranId":{"id":1},"invalidPhone":[]}}`:   adapters.Unknown,
		`{"status":"success","code":"00","data":{"tranId":1,"invalidPhone":"none of 1"}}`: adapters.Unknown,
	} {
		sent, err := account(t, says(body), nil).Send(t.Context(), message("Chào chị"))
		if err == nil || faultOf(err) != want || strings.Contains(err.Error(), "84901234567") {
			t.Errorf("%s: %+v, %v, want %q", body, sent, err, want)
		}
	}
	sent, err := account(t, says(`{"status":"success","code":"00","data":{"tranId":"9007199254740993","totalSMS":2,"totalPrice":500,"invalidPhone":null}}`), nil).Send(t.Context(), message("Chào chị"))
	if err != nil || !slices.Equal(sent.IDs, []string{"9007199254740993"}) || sent.Units != 2 {
		t.Errorf("%+v, %v", sent, err)
	}
}

// The request, as the documents show it.
func TestRequest(t *testing.T) {
	t.Parallel()
	var seen string
	a := account(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		seen = r.Method + " " + r.URL.Path + " " + r.Header.Get("Authorization") + " " + strings.TrimSpace(string(b))
		_, _ = fmt.Fprint(w, `{"status":"success","code":"00","data":{"tranId":123456,"totalSMS":1}}`)
	}), map[string]string{"access_token": "TOKEN1", "sms_type": "3", "sender": "MYSHOP", "unicode": "no"})
	if _, err := a.Send(t.Context(), message("Chị thích <gu> nào?")); err != nil {
		t.Fatal(err)
	}
	if want := `POST /sms/send Basic VE9LRU4xOng= {"to":["84901234567"],"content":"Chi thich <gu> nao?","sms_type":3,"sender":"MYSHOP"}`; seen != want {
		t.Errorf("%s\nwant %s", seen, want)
	}
}

func TestTooManyRequests(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Time{"7": now.Add(7 * time.Second), "": {}, "-1": {}, "1763607600": {}, "soon": {}} {
		a := account(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Rate-Limit-Reset", header)
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = fmt.Fprint(w, `{"name":"Too Many Requests","message":"Rate limit exceeded.","code":0,"status":429}`)
		}), nil)
		_, err := a.Send(t.Context(), message("Chào chị"))
		var e *adapters.Error
		if !errors.As(err, &e) || e.Fault != adapters.Throttled || !e.After.Equal(want) {
			t.Errorf("%q: %v, want after %v", header, err, want)
		}
	}
}

// Without Unicode each letter arrives as people type it in haste, and what has no such form is refused.
func TestWithoutUnicode(t *testing.T) {
	t.Parallel()
	set := map[string]string{"sms_type": "3", "sender": "MYSHOP", "unicode": "no"}
	f := fake.New(options(settings(set)))
	a := account(t, f, set)
	marked, _, _ := strings.Cut(adaptertest.Letters, " ")
	if _, err := a.Send(t.Context(), message(marked)); err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("a", 17) + strings.Repeat("e", 11) + strings.Repeat("i", 5) + strings.Repeat("o", 17) + strings.Repeat("u", 11) + strings.Repeat("y", 5) + "d"
	if got := f.Shown(lan)[0].Text; got != want+strings.ToUpper(want) {
		t.Errorf("%q became %q", marked, got)
	}
	if _, err := a.Send(t.Context(), message("Cảm ơn 👍")); faultOf(err) != adapters.BadMessage || f.Calls() != 1 {
		t.Errorf("an emoji: %v, %d calls", err, f.Calls())
	}
}

func TestOtherCountries(t *testing.T) {
	t.Parallel()
	f := fake.New(options(settings(nil)))
	m := message("Hello")
	for _, to := range []address.Address{{Scheme: "tel", ID: "+6591234567"}, {Scheme: "zalo", ID: "84901234567"}, {}} {
		m.To = to
		if _, err := account(t, f, nil).Send(t.Context(), m); faultOf(err) != adapters.Recipient || f.Calls() > 0 {
			t.Errorf("%s: %v, %d calls", to, err, f.Calls())
		}
	}
}

// What an account may carry follows from what its messages leave as.
func TestCapabilities(t *testing.T) {
	t.Parallel()
	people := []adapters.Class{adapters.Registration, adapters.Service, adapters.Reply, adapters.Control}
	for _, x := range []struct {
		more    map[string]string
		inbound bool
		carries []adapters.Class
		max     int
	}{
		{nil, true, people, 201},
		{map[string]string{"sms_type": "2", "sender": "", "unicode": "no"}, false, people, 459},
		{map[string]string{"sms_type": "3", "text_max": "306"}, false, people, 306},
		{map[string]string{"sms_type": "3", "carries": "qc"}, false, append(slices.Clone(people), adapters.Ad), 201},
		{map[string]string{"sms_type": "4", "sender": "Notify"}, false, people, 201},
		{map[string]string{"sms_type": "1", "carries": "qc"}, false, []adapters.Class{adapters.Ad}, 201},
	} {
		c := account(t, says(""), x.more).Capabilities()
		if c.Inbound != x.inbound || !slices.Equal(c.Carries, x.carries) || c.TextMax != x.max || c.Repeat != adapters.Blind {
			t.Errorf("%v: %+v", x.more, c)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		more map[string]string
		want string
	}{
		{map[string]string{"sms_type": ""}, "sms_type is missing"},
		{map[string]string{"sms_type": "8"}, "sms_type must be one of 1, 2, 3, 4, 5"},
		{map[string]string{"sms_type": "3", "sender": ""}, "sender is missing"},
		{map[string]string{"sms_type": "4", "sender": "MYSHOP"}, "sender must be Verify or Notify"},
		{map[string]string{"sms_type": "1"}, "carries must be qc"},
		{map[string]string{"carries": "qc"}, "carries may not be qc"},
		{map[string]string{"sms_type": "2", "carries": "qc"}, "carries may not be qc"},
		{map[string]string{"carries": "ads"}, "carries must be care or qc"},
		{map[string]string{"unicode": ""}, "unicode is missing"},
		{map[string]string{"text_max": "2000"}, "text_max must be"},
		{map[string]string{"sender": "CỬA HÀNG"}, "sender must be"},
		{map[string]string{"access_token": "a b"}, "access_token may hold no spaces"},
		{map[string]string{"path_secret": "short"}, "path_secret is too easy"},
	} {
		_, err := speedsms.Type().Open(adapters.Account{Channel: address.SMS, Settings: settings(x.more)})
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%v: %v, want %q", x.more, err, x.want)
		}
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	f := fake.New(options(settings(nil)))
	for name, x := range map[string]struct {
		a       adapters.Adapter
		ok      bool
		balance string
		fails   bool
	}{
		"well":          {account(t, f, nil), true, "250000 VND", false},
		"another token": {account(t, f, map[string]string{"access_token": "revoked"}), false, "", false},
		"locked out":    {account(t, says(`{"status":"error","code":"007"}`), nil), false, "", false},
		"a number":      {account(t, says(`{"status":"success","code":"00","data":{"balance":1000.5}}`), nil), true, "1000.5", false},
		"a page":        {account(t, says("<html>"), nil), false, "", true},
		"no balance":    {account(t, says(`{"status":"success","code":"00","data":{}}`), nil), false, "", true},
	} {
		h, err := x.a.(adapters.Prober).Probe(t.Context())
		if h.OK != x.ok || h.Balance != x.balance || (err != nil) != x.fails || !h.OK && err == nil && h.Detail == "" {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
}
