package infobip_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/adapters/infobip"
	"github.com/hoidap/hoidap/adapters/infobip/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

var now = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

func account(more ...string) adapters.Account {
	acc := adapters.Account{
		ID: "main", Channel: address.SMS, WebhookURL: adaptertest.Webhook, HTTPClient: &http.Client{}, Now: func() time.Time { return now },
		Settings: map[string]string{"api_key": key, "from": "MyShop", "path_secret": path},
	}
	for i := 0; i < len(more); i += 2 {
		acc.Settings[more[i]] = more[i+1]
	}
	return acc
}

func opened(t testing.TB, acc adapters.Account) adapters.Adapter {
	t.Helper()
	a, err := infobip.Type().Open(acc)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// at is an adapter whose API is h.
func at(t *testing.T, h http.Handler, more ...string) adapters.Adapter {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return opened(t, account(append(more, "base_url", server.URL)...))
}

func played() *fake.Infobip {
	return fake.New(adaptertest.Webhook+"/"+path, fake.Options{Key: key, From: "MyShop"})
}

func faultOf(err error) adapters.Fault {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return adapters.Unknown
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		more []string
		want string
	}{
		"a path":            {nil, ""},
		"open to anybody":   {[]string{"path_secret", ""}, "one of webhook_password, hmac_secret and path_secret"},
		"a user alone":      {[]string{"webhook_user", "gw"}, "belong together"},
		"a password alone":  {[]string{"webhook_password", "s3cret"}, "belong together"},
		"a colon":           {[]string{"webhook_user", "g:w", "webhook_password", "s3cret"}, "webhook_user may hold no colon"},
		"HMAC nowhere":      {[]string{"hmac_secret", hmacKey}, "hmac_secret needs hmac_header"},
		"a weak HMAC":       {[]string{"hmac_secret", hmacKey, "hmac_header", signature, "hmac_algorithm", "HMAC_MD5"}, "hmac_algorithm must be"},
		"HMAC as password":  {[]string{"hmac_secret", hmacKey, "hmac_header", "authorization"}, "hmac_header must be"},
		"a guessable path":  {[]string{"path_secret", "shop"}, "path_secret"},
		"a name with marks": {[]string{"from", "Tiệm"}, "from must be"},
	} {
		_, err := infobip.Type().Open(account(x.more...))
		if (err == nil) != (x.want == "") || err != nil && !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
	acc := account()
	acc.Channel = address.Viber
	if _, err := infobip.Type().Open(acc); err == nil {
		t.Error("opened as viber")
	}
}

// What a message becomes on the wire.
func TestSendFields(t *testing.T) {
	t.Parallel()
	const id = "0192f3c2-a7b8-7c1e-9d0a-000000000001.2"
	for name, x := range map[string]struct {
		expires time.Time
		options string
	}{
		"no limit": {time.Time{}, `{}`},
		"an hour":  {now.Add(time.Hour), `{"validityPeriod":{"amount":60,"timeUnit":"MINUTES"}}`},
		"a second": {now.Add(time.Second), `{"validityPeriod":{"amount":1,"timeUnit":"MINUTES"}}`},
		"a year":   {now.AddDate(1, 0, 0), `{"validityPeriod":{"amount":2880,"timeUnit":"MINUTES"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got any
			a := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_ = json.NewDecoder(r.Body).Decode(&got)
				_, _ = io.WriteString(w, `{"bulkId":"1","messages":[{"messageId":"`+id+`","status":{"groupId":1,"id":26},"details":{"messageCount":2}}]}`)
			}))
			s, err := a.Send(t.Context(), adapters.Message{ID: id, To: lan, Text: "Trả lời 1 <hoặc> 2", Expires: x.expires})
			if err != nil || !slices.Equal(s.IDs, []string{id}) || s.Units != 2 {
				t.Fatalf("%+v, %v", s, err)
			}
			var want any
			if err := json.Unmarshal([]byte(`{"messages":[{"sender":"MyShop","destinations":[{"to":"84901234567","messageId":"`+id+`"}],
				"content":{"text":"Trả lời 1 <hoặc> 2","transliteration":"NONE"},"options":`+x.options+`,
				"webhooks":{"delivery":{"url":"`+adaptertest.Webhook+"/"+path+`","intermediateReport":true},"contentType":"application/json","callbackData":"`+id+`"}}],
				"options":{"includeSmsCountInResponse":true}}`), &want); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %v\nwant %v", got, want)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	with := func(status string) string {
		return `{"messages":[{"messageId":"m1","status":` + status + `}]}`
	}
	for name, x := range map[string]struct {
		status int
		body   string
		taken  bool
		fault  adapters.Fault
	}{
		"pending":             {200, with(`{"groupId":1,"id":26}`), true, ""},
		"enroute":             {200, with(`{"groupId":1,"id":7}`), true, ""},
		"delivered at once":   {200, with(`{"groupId":3,"id":5}`), true, ""},
		"no credits":          {200, with(`{"groupId":5,"id":12}`), false, adapters.Operator},
		"blocklisted":         {200, with(`{"groupId":5,"id":14}`), false, adapters.Stopped},
		"a new rejection":     {200, with(`{"groupId":5,"id":9999}`), false, adapters.BadMessage},
		"undeliverable":       {200, with(`{"groupId":2,"id":4}`), false, adapters.BadMessage},
		"a new group":         {200, with(`{"groupId":6,"id":1}`), false, adapters.Unknown},
		"no status":           {200, `{"messages":[{"messageId":"m1"}]}`, false, adapters.Unknown},
		"another message":     {200, `{"messages":[{"messageId":"m2","status":{"groupId":1,"id":26}}]}`, false, adapters.Unknown},
		"two messages":        {200, `{"messages":[{"messageId":"m1","status":{"groupId":1,"id":26}},{"messageId":"m1","status":{"groupId":5,"id":12}}]}`, false, adapters.Unknown},
		"text for a number":   {200, with(`{"groupId":"1","id":"26"}`), false, adapters.Unknown},
		"unauthorized":        {401, `{"errorCode":"E401"}`, false, adapters.Operator},
		"unauthorized, older": {401, `{"requestError":{"serviceException":{"messageId":"UNAUTHORIZED","text":"x"}}}`, false, adapters.Operator},
		"bad request":         {400, `{"errorCode":"E400"}`, false, adapters.BadMessage},
		"500":                 {500, `{"errorCode":"E500"}`, false, adapters.Unknown},
		"taken, says a 503":   {503, with(`{"groupId":1,"id":26}`), false, adapters.Unknown},
		"a code that quotes":  {401, `{"errorCode":"84901234567 refused"}`, false, adapters.Operator},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := at(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(x.status)
				_, _ = io.WriteString(w, x.body)
			}))
			s, err := a.Send(t.Context(), adapters.Message{ID: "m1", To: lan, Text: "Gu nào ạ?"})
			if (err == nil) != x.taken || len(s.IDs) > 0 != x.taken || faultOf(err) != x.fault {
				t.Fatalf("%+v, %v", s, err)
			}
			if err != nil && strings.Contains(err.Error(), "84901234567") {
				t.Errorf("tells the number: %v", err)
			}
		})
	}
}

// A message is sent again with the same id, after its answer was lost, and after it was refused.
func TestRepeats(t *testing.T) {
	t.Parallel()
	m := adapters.Message{ID: "m1", To: lan, Text: "Gu nào ạ?"}
	for name, x := range map[string]struct {
		first  func(*fake.Infobip)
		second func(*fake.Infobip)
		fault  adapters.Fault
		known  bool // what became of it
		shown  int
	}{
		"the answer was lost":      {func(f *fake.Infobip) { f.Break(adapters.Unknown) }, func(*fake.Infobip) {}, "", true, 1},
		"no log of it any more":    {func(f *fake.Infobip) { f.Break(adapters.Unknown) }, func(f *fake.Infobip) { f.Forget() }, "", true, 1},
		"it was refused before":    {func(f *fake.Infobip) { f.Reject(12) }, func(*fake.Infobip) {}, adapters.Operator, true, 0},
		"blocklisted before":       {func(f *fake.Infobip) { f.Reject(14) }, func(*fake.Infobip) {}, adapters.Stopped, true, 0},
		"the logs are not told":    {func(f *fake.Infobip) { f.Break(adapters.Unknown) }, func(f *fake.Infobip) { f.Arm(fakekit.Play{}, fakekit.Play{Status: 403, Body: `{"errorCode":"E403"}`}) }, adapters.Unknown, false, 1},
		"the logs are too busy":    {func(f *fake.Infobip) { f.Break(adapters.Unknown) }, func(f *fake.Infobip) { f.Arm(fakekit.Play{}, fakekit.Play{Status: 429}) }, adapters.Unknown, false, 1},
		"the logs' answer is lost": {func(f *fake.Infobip) { f.Break(adapters.Unknown) }, func(f *fake.Infobip) { f.Arm(fakekit.Play{}, fakekit.Play{Lost: true}, fakekit.Play{Lost: true}) }, adapters.Unknown, false, 1},
		"the logs are no logs":     {func(f *fake.Infobip) { f.Break(adapters.Unknown) }, func(f *fake.Infobip) { f.Arm(fakekit.Play{}, fakekit.Play{Status: 200, Body: "{}"}) }, adapters.Unknown, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := played()
			a := at(t, f)
			x.first(f)
			if _, err := a.Send(t.Context(), m); err == nil {
				t.Fatal("the first was taken and told")
			}
			x.second(f)
			s, err := a.Send(t.Context(), m)
			if faultOf(err) != x.fault || (err == nil) != (x.known && x.fault == "") || err == nil && !slices.Equal(s.IDs, []string{"m1"}) {
				t.Errorf("%+v, %v", s, err)
			}
			if n := len(f.Shown(lan)); n != x.shown {
				t.Errorf("shown %d times, want %d", n, x.shown)
			}
		})
	}
}

// One odd piece does not hold up the batch it is in.
func TestBatchWithOddPieces(t *testing.T) {
	t.Parallel()
	a := opened(t, account())
	call := func(body string) adapters.Request {
		return adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook + "/" + path, Body: []byte(body), At: now}
	}
	d, err := a.Decode(call(`{"results":[7,{"messageId":"1","from":"84901234567","text":"2","receivedAt":"soon"},{},{"messageId":"2","to":"84901234567","status":{"groupId":3,"id":5},"callbackData":"m1","doneAt":null}]}`))
	if err != nil || len(d.Events) != 2 || len(d.Ignored) != 2 || !d.Events[0].At.Equal(now) || !d.Events[1].At.Equal(now) || d.Events[1].Ours != "m1" {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := a.Decode(call(`{"results":[]}`)); err != nil || len(d.Events) != 0 {
		t.Errorf("an empty batch: %+v, %v", d, err)
	}
	for _, body := range []string{``, `{}`, `null`, `[]`, `{"results":7}`, `{"results":null}`} {
		if _, err := a.Decode(call(body)); !errors.Is(err, adapters.ErrMalformed) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	f := played()
	a := at(t, f)
	if h, err := a.(adapters.Prober).Probe(t.Context()); err != nil || !h.OK || h.Balance != "47.79134 EUR" {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err := at(t, f, "api_key", "revoked").(adapters.Prober).Probe(t.Context()); err != nil || h.OK || h.Detail == "" {
		t.Errorf("%+v, %v", h, err)
	}
	f.Arm(fakekit.Play{Status: 200, Body: "{}"}, fakekit.Play{Status: 503})
	for range 2 {
		if h, err := a.(adapters.Prober).Probe(t.Context()); err == nil || h.OK {
			t.Errorf("%+v, %v", h, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	a := opened(f, account())
	f.Add([]byte(`{"results":[{"messageId":"817790313235066447","from":"84901234567","text":"2","receivedAt":"2026-08-01T09:30:00.000+0000"}],"messageCount":1}`))
	f.Add([]byte(`{"results":[{"messageId":"m1","to":"84901234567","status":{"groupId":5,"id":12},"error":{"groupId":1,"id":27},"callbackData":"m1"}]}`))
	f.Add([]byte(`{"results":[7,null,{}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := a.Decode(adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook, Body: body}); !errors.Is(err, adapters.ErrForged) {
			t.Errorf("read without the secret: %v", err)
		}
		d, err := a.Decode(adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook + "/" + path, Body: body, At: now})
		if err != nil && !errors.Is(err, adapters.ErrMalformed) {
			t.Errorf("not malformed: %v", err)
		}
		for _, e := range d.Events {
			if e.ID == "" || e.Kind == "" || e.At.IsZero() || e.Kind == adapters.Inbound && e.From.IsZero() {
				t.Errorf("half an event: %+v", e)
			}
		}
	})
}

// Where the logs cannot be reached, nothing was asked, and still the message may have been taken.
func TestLogsOutOfReach(t *testing.T) {
	t.Parallel()
	f := played()
	server := httptest.NewServer(f)
	defer server.Close()
	left := 2 // connections that are to be had
	acc := account("base_url", server.URL)
	acc.HTTPClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if left--; left < 0 {
			return nil, errors.New("connection refused")
		}
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}}}
	a := opened(t, acc)
	m := adapters.Message{ID: "m1", To: lan, Text: "Gu nào ạ?"}
	if _, err := a.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Send(t.Context(), m); err == nil || faultOf(err) != adapters.Unknown {
		t.Errorf("%v, want an unknown outcome", err)
	}
}
