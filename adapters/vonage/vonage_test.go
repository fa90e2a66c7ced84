package vonage_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/adapters/vonage"
	"github.com/hoidap/hoidap/adapters/vonage/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

var now = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

func account(more ...string) adapters.Account {
	acc := adapters.Account{
		ID: "main", Channel: address.SMS, WebhookURL: adaptertest.Webhook, HTTPClient: &http.Client{}, Now: func() time.Time { return now },
		Settings: map[string]string{"api_key": key, "api_secret": secret, "from": "+15005550006", "signature_secret": signs, "signature_method": "sha256hmac"},
	}
	for i := 0; i < len(more); i += 2 {
		acc.Settings[more[i]] = more[i+1]
	}
	return acc
}

func opened(t testing.TB, acc adapters.Account) adapters.Adapter {
	t.Helper()
	a, err := vonage.Type().Open(acc)
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
		"all":               {nil, ""},
		"path secret alone": {[]string{"signature_secret", "", "path_secret", path}, ""},
		"method left out":   {[]string{"signature_method", ""}, ""},
		"open to anybody":   {[]string{"signature_secret", ""}, "signature_secret or path_secret"},
		"no such method":    {[]string{"signature_method", "sha256"}, "signature_method must be"},
		"long name":         {[]string{"from", "MyVeryOwnShop"}, "from must be"},
		"marks":             {[]string{"from", "Tiệm"}, "from must be"},
		"guessable":         {[]string{"path_secret", "shop"}, "path_secret"},
	} {
		_, err := vonage.Type().Open(account(x.more...))
		if (err == nil) != (x.want == "") || err != nil && !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
	acc := account()
	acc.Channel = address.Viber
	if _, err := vonage.Type().Open(acc); err == nil {
		t.Error("opened as viber")
	}
	if opened(t, account("from", "MyShop")).Capabilities().Inbound || !opened(t, account("from", "15005550006")).Capabilities().Inbound {
		t.Error("answers come back to numbers, and only there")
	}
}

// What a message becomes on the wire.
func TestSendFields(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		m    adapters.Message
		more []string
		want map[string]string
	}{
		"plain":         {adapters.Message{Text: "Tra loi 1 hoac 2"}, nil, map[string]string{"type": "text", "text": "Tra loi 1 hoac 2", "callback": adaptertest.Webhook}},
		"Vietnamese":    {adapters.Message{Text: "Trả lời 1"}, nil, map[string]string{"type": "unicode"}},
		"GSM has è":     {adapters.Message{Text: "è €"}, nil, map[string]string{"type": "text"}},
		"an hour":       {adapters.Message{Text: "a", Expires: now.Add(time.Hour)}, nil, map[string]string{"ttl": "3600000"}},
		"a second":      {adapters.Message{Text: "a", Expires: now.Add(time.Second)}, nil, map[string]string{"ttl": "20000"}},
		"a year":        {adapters.Message{Text: "a", Expires: now.AddDate(1, 0, 0)}, nil, map[string]string{"ttl": "604800000"}},
		"a path secret": {adapters.Message{Text: "a"}, []string{"path_secret", path}, map[string]string{"callback": adaptertest.Webhook + "/" + path}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got url.Values
			var user string
			a := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				user, _, _ = r.BasicAuth()
				_ = r.ParseForm()
				got = r.PostForm
				_, _ = io.WriteString(w, `{"message-count":"1","messages":[{"status":"0","message-id":"0A"}]}`)
			}), x.more...)
			x.m.ID, x.m.To = "0192f0c1-7a5e-7000-8000-000000000001.2", lan
			if s, err := a.Send(t.Context(), x.m); err != nil || !slices.Equal(s.IDs, []string{"0A"}) || s.Units != 1 {
				t.Fatalf("%+v, %v", s, err)
			}
			maps.Copy(x.want, map[string]string{"from": "15005550006", "to": "84901234567", "client-ref": x.m.ID, "status-report-req": "1"})
			for field, want := range x.want {
				if got.Get(field) != want {
					t.Errorf("%s is %q, want %q", field, got.Get(field), want)
				}
			}
			if user != key || got.Has("api_secret") {
				t.Errorf("credentials: %q, %v", user, got)
			}
		})
	}
}

// What is answered with HTTP 200 and the like.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const one = `{"to":"84901234567","message-id":"0A0000001234567B","status":"0","message-price":"0.03"}`
	const fast = `{"status":"1","error-text":"Throughput Rate Exceeded - please wait [ 250 ] and retry"}`
	for name, x := range map[string]struct {
		status int
		body   string
		ids    int
		fault  adapters.Fault
		after  time.Duration
	}{
		"a part":              {200, `{"message-count":"1","messages":[` + one + `]}`, 1, "", 0},
		"two parts":           {200, `{"message-count":"2","messages":[` + one + `,{"message-id":"0A0000001234567C","status":"0"}]}`, 2, "", 0},
		"one of two taken":    {200, `{"message-count":"2","messages":[` + one + `,` + fast + `]}`, 0, adapters.Unknown, 0},
		"one of two told":     {200, `{"message-count":"2","messages":[` + one + `]}`, 0, adapters.Unknown, 0},
		"no id":               {200, `{"message-count":"1","messages":[{"status":"0"}]}`, 0, adapters.Unknown, 0},
		"no status":           {200, `{"message-count":"1","messages":[{"message-id":"0A"}]}`, 0, adapters.Unknown, 0},
		"no messages":         {200, `{"message-count":"0","messages":[]}`, 0, adapters.Unknown, 0},
		"too fast":            {200, `{"message-count":"1","messages":[` + fast + `]}`, 0, adapters.Throttled, 250 * time.Millisecond},
		"too fast, no wait":   {200, `{"message-count":"1","messages":[{"status":"1","error-text":"Throttled"}]}`, 0, adapters.Throttled, time.Second},
		"no credits":          {200, `{"message-count":"1","messages":[{"status":"9","error-text":"x"}]}`, 0, adapters.Operator, 0},
		"a new status":        {200, `{"message-count":"1","messages":[{"status":"77","error-text":"x"}]}`, 0, adapters.Unknown, 0},
		"status as a number":  {200, `{"message-count":"1","messages":[{"status":0,"message-id":"0A"}]}`, 0, adapters.Unknown, 0},
		"a page":              {200, `<html>`, 0, adapters.Unknown, 0},
		"taken, says a 500":   {500, `{"message-count":"1","messages":[` + one + `]}`, 0, adapters.Unknown, 0},
		"refused with 401":    {401, `{"message-count":"1","messages":[{"status":"4","error-text":"x"}]}`, 0, adapters.Operator, 0},
		"401":                 {401, ``, 0, adapters.Operator, 0},
		"a proxy":             {503, `<html>`, 0, adapters.Unknown, 0},
		"a proxy's limit":     {429, ``, 0, adapters.Throttled, 0},
		"a list":              {200, `[` + one + `]`, 0, adapters.Unknown, 0},
		"something behind it": {200, `{"message-count":"1","messages":[` + one + `]}{}`, 0, adapters.Unknown, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := at(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(x.status)
				_, _ = io.WriteString(w, x.body)
			}))
			s, err := a.Send(t.Context(), adapters.Message{ID: "m1", To: lan, Text: "Gu nào ạ?"})
			if len(s.IDs) != x.ids || (err == nil) != (x.ids > 0) || faultOf(err) != x.fault {
				t.Fatalf("%+v, %v", s, err)
			}
			var e *adapters.Error
			if errors.As(err, &e) && x.after > 0 && !e.After.Equal(now.Add(x.after)) {
				t.Errorf("after %v, want %v", e.After, x.after)
			}
		})
	}
}

func TestRefusedBeforeAsking(t *testing.T) {
	t.Parallel()
	a := opened(t, account("base_url", "http://127.0.0.1:1"))
	for name, x := range map[string]struct {
		m    adapters.Message
		want adapters.Fault
	}{
		"expired":     {adapters.Message{To: lan, Text: "a", Expires: now}, adapters.BadMessage},
		"no number":   {adapters.Message{To: address.Address{Scheme: "zalo", ID: "1"}, Text: "a"}, adapters.Recipient},
		"a template":  {adapters.Message{To: lan, Template: &adapters.Template{ID: "1"}}, adapters.BadMessage},
		"nobody home": {adapters.Message{To: lan, Text: "a"}, adapters.Transient},
	} {
		if _, err := a.Send(t.Context(), x.m); faultOf(err) != x.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A text of several segments has an id a part, and each part's receipt names our id.
func TestParts(t *testing.T) {
	t.Parallel()
	f := fake.New(adaptertest.Webhook, fake.Options{Key: key, Secret: secret, Form: "GET", Method: "sha256hmac", SignatureSecret: signs})
	a := at(t, f)
	s, err := a.Send(t.Context(), adapters.Message{ID: "m1", To: lan, Text: strings.Repeat("ế", 140)})
	if err != nil || len(s.IDs) != 3 || s.Units != 3 {
		t.Fatalf("%+v, %v", s, err)
	}
	seen := map[string]bool{}
	for _, id := range s.IDs {
		r, _ := f.Hook(adapters.Event{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: id, Status: adapters.Delivered, At: now})
		d, err := a.Decode(r)
		if err != nil || len(d.Events) != 1 || d.Events[0].Ours != "m1" || d.Events[0].Theirs != id || seen[d.Events[0].ID] {
			t.Fatalf("%+v, %v", d, err)
		}
		seen[d.Events[0].ID] = true
	}
}

// Odd calls: nothing of them is read before the signature.
func TestOddCalls(t *testing.T) {
	t.Parallel()
	f := fake.New(adaptertest.Webhook, fake.Options{Method: "sha256hmac", SignatureSecret: signs})
	signed := string(f.Call(map[string]string{"msisdn": "84901234567", "messageId": "1", "text": "2"}).Body)
	post := func(contentType, body string) adapters.Request {
		return adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
	}
	const form, object = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
	inPath := func(body string) adapters.Request {
		r := post(object, body)
		r.URL += "/" + path
		return r
	}
	lowerSig := regexp.MustCompile(`sig=[0-9A-F]{64}`)
	a, unsigned := opened(t, account()), opened(t, account("signature_secret", "", "path_secret", path))
	for name, x := range map[string]struct {
		a    adapters.Adapter
		r    adapters.Request
		want error
	}{
		"as it should be":            {a, post(form, signed), nil},
		"in lower case":              {a, post(form, lowerSig.ReplaceAllStringFunc(signed, func(s string) string { return "sig=" + strings.ToLower(s[4:]) })), nil},
		"a name twice":               {a, post(form, signed+"&text=1"), adapters.ErrForged},
		"another method":             {a, adapters.Request{Method: http.MethodPut, URL: adaptertest.Webhook, Body: []byte(signed)}, adapters.ErrForged},
		"in the query of a POST":     {a, adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook + "?" + signed}, nil},
		"empty":                      {a, post(form, ""), nil},
		"empty, elsewhere":           {a, adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook + "x"}, adapters.ErrForged},
		"nested":                     {a, post(object, `{"sig":{"a":"b"}}`), adapters.ErrForged},
		"an empty object":            {a, post(object, `{}`), nil}, // as good as empty: it says nothing
		"twice in an object":         {a, post(object, `{"a":"1","a":"2"}`), adapters.ErrForged},
		"behind an object":           {a, post(object, `{"a":"1"}}`), adapters.ErrForged},
		"unsigned, readable":         {unsigned, adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook + "/" + path + "?msisdn=84901234567&messageId=1&text=2"}, nil},
		"unsigned, unreadable":       {unsigned, adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook + "/" + path + "?a=1&a=2"}, adapters.ErrMalformed},
		"unsigned, without messages": {unsigned, adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook + "/" + path + "?a=1"}, adapters.ErrMalformed},
		"unsigned, cut short":        {unsigned, inPath(`{"msisdn":"84901234567","messageId":"1","text":"2"`), adapters.ErrMalformed},
		"unsigned, behind an object": {unsigned, inPath(`{"msisdn":"84901234567","messageId":"1","text":"2"}}`), adapters.ErrMalformed},
		"unsigned, an object":        {unsigned, inPath(`{"msisdn":"84901234567","messageId":"1","text":"2"}`), nil},
		"unsigned, no secret":        {unsigned, adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook + "?msisdn=84901234567&messageId=1&text=2"}, adapters.ErrForged},
		"unsigned, no secret, empty": {unsigned, adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook}, adapters.ErrForged},
	} {
		if _, err := x.a.Decode(x.r); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
}

// Numbers in a JSON object are taken as they are written, for the signature's sake.
func TestNumbersInObjects(t *testing.T) {
	t.Parallel()
	sig := fake.Sign("sha256hmac", signs, map[string]string{"msisdn": "84901234567", "messageId": "1", "text": "2", "timestamp": "1785576600"})
	r := adapters.Request{
		Method: http.MethodPost, URL: adaptertest.Webhook, Header: http.Header{"Content-Type": {"application/json"}}, At: now,
		Body: []byte(`{"msisdn":"84901234567","messageId":"1","text":2,"timestamp":1785576600,"sig":"` + sig + `"}`),
	}
	d, err := opened(t, account()).Decode(r)
	if err != nil || len(d.Events) != 1 || d.Events[0].Text != "2" || !d.Events[0].At.Equal(now) {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	f := fake.New(adaptertest.Webhook, fake.Options{Key: key, Secret: secret})
	probe := func(more ...string) (adapters.Health, error) {
		return at(t, f, more...).(adapters.Prober).Probe(context.Background())
	}
	if h, err := probe(); err != nil || !h.OK || h.Balance != "3.1416 EUR" {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err := probe("api_secret", "wrong"); err != nil || h.OK || h.Detail == "" {
		t.Errorf("%+v, %v", h, err)
	}
	f.Arm(fakekit.Play{Status: 200, Body: "{}"}, fakekit.Play{Status: 503})
	for range 2 {
		if h, err := probe(); err == nil || h.OK || strings.Contains(err.Error(), secret) {
			t.Errorf("%+v, %v", h, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	signedToo, byPath := opened(f, account()), opened(f, account("signature_secret", "", "path_secret", path))
	f.Add(http.MethodGet, "?msisdn=84901234567&messageId=0A&text=2&type=text", "", "")
	f.Add(http.MethodPost, "", "application/x-www-form-urlencoded", "msisdn=84901234567&messageId=0A&status=delivered&err-code=0&client-ref=m1&message-timestamp=2026-08-01+09%3A30%3A00")
	f.Add(http.MethodPost, "", "application/json", `{"msisdn":"84901234567","messageId":"0A","text":"2","concat":"true","n":1}`)
	f.Add(http.MethodPost, "", "application/json", `{"a":[1],"a":null}`)
	f.Fuzz(func(t *testing.T, method, query, contentType, body string) {
		r := adapters.Request{Method: method, URL: adaptertest.Webhook + query, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
		if d, err := signedToo.Decode(r); err == nil && len(d.Events)+len(d.Ignored) > 0 {
			t.Errorf("read without a signature: %+v", d)
		}
		r.URL = adaptertest.Webhook + "/" + path + query
		d, err := byPath.Decode(r)
		if err != nil && !errors.Is(err, adapters.ErrForged) && !errors.Is(err, adapters.ErrMalformed) {
			t.Errorf("neither forged nor malformed: %v", err)
		}
		for _, e := range d.Events {
			if e.ID == "" || e.Kind == "" || e.Kind == adapters.Inbound && e.From.IsZero() {
				t.Errorf("half an event: %+v", e)
			}
		}
	})
}
