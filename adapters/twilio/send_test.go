package twilio

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// bundle is a fresh Twilio and an account there.
func bundle(t testing.TB, channel address.Channel, o fake.Options, more ...string) (*Adapter, *fake.Twilio) {
	t.Helper()
	p := fake.New(o)
	base, err := p.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return opened(t, account(channel, append([]string{"base_url", base}, more...)...)), p
}

func hello() adapters.Message {
	return adapters.Message{ID: "m-1", To: lan, Class: adapters.Ad, Text: "Chị thích phong cách nào? 😀", Queued: time.Now()}
}

func TestSend(t *testing.T) {
	for _, x := range []struct {
		name    string
		channel address.Channel
		options fake.Options
		more    []string
		m       adapters.Message
		want    fake.Message
		units   int
	}{
		{"sms", address.SMS, fake.Options{}, nil, hello(),
			fake.Message{From: "+15005550006", To: lan.ID, Body: hello().Text, StatusCallback: "https://gw.example.com/hooks/main?mid=m-1", Segments: 1, Status: "queued"}, 1},
		{"a service", address.SMS, fake.Options{}, []string{"from", "", "messaging_service_sid", "MG1"}, hello(),
			fake.Message{ServiceSID: "MG1", To: lan.ID, Body: hello().Text, StatusCallback: "https://gw.example.com/hooks/main?mid=m-1", Segments: 1, Status: "accepted"}, 0},
		{"an api key", address.SMS, fake.Options{APIKey: "SK1", APISecret: "se-cret", AuthToken: "another"}, []string{"api_key", "SK1", "api_secret", "se-cret"}, hello(),
			fake.Message{From: "+15005550006", To: lan.ID, Body: hello().Text, StatusCallback: "https://gw.example.com/hooks/main?mid=m-1", Segments: 1, Status: "queued"}, 1},
		{"a token with signs", address.SMS, fake.Options{AuthToken: "test-token"}, []string{"auth_token", "test-token"}, hello(),
			fake.Message{From: "+15005550006", To: lan.ID, Body: hello().Text, StatusCallback: "https://gw.example.com/hooks/main?mid=m-1", Segments: 1, Status: "queued"}, 1},
		{"whatsapp with a picture", address.WhatsApp, fake.Options{WhatsApp: true}, nil,
			adapters.Message{ID: "m-1", To: address.Address{Scheme: "whatsapp", ID: "VN.1a"}, Media: []adapters.Media{{URL: "https://a.example/1.jpg"}}},
			fake.Message{From: "whatsapp:+15005550006", To: "VN.1a", Media: []string{"https://a.example/1.jpg"}, StatusCallback: "https://gw.example.com/hooks/main?mid=m-1", Status: "queued"}, 0},
		{"a template", address.WhatsApp, fake.Options{WhatsApp: true}, nil,
			adapters.Message{ID: "m-1", To: lan, Text: "left out", Template: &adapters.Template{ID: "HX1", Variables: map[string]string{"1": "Lan"}}},
			fake.Message{From: "whatsapp:+15005550006", To: lan.ID, ContentSID: "HX1", ContentVariable: `{"1":"Lan"}`, StatusCallback: "https://gw.example.com/hooks/main?mid=m-1", Status: "queued"}, 0},
		{"a day left", address.SMS, fake.Options{}, nil, adapters.Message{ID: "m-1", To: lan, Text: "a", Expires: time.Now().Add(24 * time.Hour)},
			fake.Message{From: "+15005550006", To: lan.ID, Body: "a", StatusCallback: "https://gw.example.com/hooks/main?mid=m-1", ValidityPeriod: "36000", Segments: 1, Status: "queued"}, 1},
	} {
		a, p := bundle(t, x.channel, x.options, x.more...)
		s, err := a.Send(t.Context(), x.m)
		got := p.Phone(x.m.To.ID)
		if err != nil || len(got) != 1 || len(s.IDs) != 1 || s.IDs[0] != got[0].SID || s.Units != x.units {
			t.Errorf("%s: %+v, %v, %+v", x.name, s, err, got)
			continue
		}
		x.want.SID, x.want.Created = got[0].SID, got[0].Created
		// the prefix is the fake's own business
		if g := got[0]; g.From != x.want.From || g.To != x.want.To || g.Body != x.want.Body || g.ServiceSID != x.want.ServiceSID || g.ContentSID != x.want.ContentSID ||
			g.ContentVariable != x.want.ContentVariable || g.StatusCallback != x.want.StatusCallback || g.ValidityPeriod != x.want.ValidityPeriod ||
			!reflect.DeepEqual(g.Media, x.want.Media) || g.Segments != x.want.Segments || g.Status != x.want.Status {
			t.Errorf("%s:\n got %+v\nwant %+v", x.name, g, x.want)
		}
	}
}

func TestSendRefusesByItself(t *testing.T) {
	a, p := bundle(t, address.SMS, fake.Options{})
	for fault, m := range map[adapters.Fault]adapters.Message{
		adapters.BadMessage: {ID: "m1", To: lan},
		adapters.Recipient:  {ID: "m1", To: address.Address{Scheme: "zalo", ID: "1"}, Text: "a"},
	} {
		var e *adapters.Error
		if _, err := a.Send(t.Context(), m); !errors.As(err, &e) || e.Fault != fault {
			t.Errorf("%v, want %s", err, fault)
		}
	}
	var e *adapters.Error
	if _, err := a.Send(t.Context(), adapters.Message{ID: "m1", To: lan, Text: "a", Expires: time.Now().Add(-time.Minute)}); !errors.As(err, &e) || e.Fault != adapters.BadMessage {
		t.Errorf("expired: %v", err)
	}
	if p.Calls() != 0 {
		t.Error("Twilio was asked")
	}
}

// Each known code has its fault, whether it comes with an answer or with a receipt, and Twilio's sentence is not copied.
func TestFaults(t *testing.T) {
	a, p := bundle(t, address.SMS, fake.Options{})
	for code, want := range faults {
		p.Fail(1, http.StatusBadRequest, code)
		_, err := a.Send(t.Context(), hello())
		var e *adapters.Error
		if !errors.As(err, &e) || e.Fault != want.fault || e.Code == "" || e.Detail == "" || strings.Contains(err.Error(), "8490") {
			t.Errorf("%d: %v", code, err)
		}
	}
	for _, x := range []struct {
		status, code int
		want         adapters.Fault
	}{
		{400, 99999, adapters.BadMessage}, {401, 20003, adapters.Operator}, {403, 0, adapters.Operator}, {404, 20404, adapters.Operator}, {429, 0, adapters.Throttled},
		{500, 20500, adapters.Unknown}, {503, 20503, adapters.Unknown}, {502, 0, adapters.Unknown}, {408, 0, adapters.Unknown}, {302, 0, adapters.Operator},
	} {
		p.Fail(1, x.status, x.code)
		_, err := a.Send(t.Context(), hello())
		if got := fault(err); err == nil || got != x.want {
			t.Errorf("HTTP %d, code %d: %v, want %q", x.status, x.code, err, x.want)
		}
		p.Down(1, x.status)
		_, err = a.Send(t.Context(), hello())
		if got := fault(err); err == nil || x.status >= 500 && got != adapters.Unknown || strings.Contains(err.Error(), "upstream") {
			t.Errorf("HTTP %d, a page: %v", x.status, err)
		}
	}
	if len(p.Messages()) != 0 {
		t.Error("something was sent")
	}
}

func fault(err error) adapters.Fault {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return adapters.Unknown
}

func TestThrottled(t *testing.T) {
	a, p := bundle(t, address.SMS, fake.Options{})
	p.Throttle(1, 7*time.Second)
	before := time.Now()
	_, err := a.Send(t.Context(), hello())
	var e *adapters.Error
	if !errors.As(err, &e) || e.Fault != adapters.Throttled || e.After.Before(before.Add(7*time.Second)) || e.After.After(time.Now().Add(7*time.Second)) {
		t.Errorf("%v, after %v", err, e.After)
	}
	if _, err := a.Send(t.Context(), hello()); err != nil {
		t.Error(err)
	}
}

// An answer that is lost leaves the outcome open, the request is made once, and looking settles it.
func TestLostAnswer(t *testing.T) {
	for _, more := range [][]string{nil, {"from", "", "messaging_service_sid", "MG1"}} {
		a, p := bundle(t, address.SMS, fake.Options{}, more...)
		_, err := a.Send(t.Context(), adapters.Message{ID: "m-0", To: lan, Text: "trước"}) // so that the connection is an old one
		if err != nil {
			t.Fatal(err)
		}
		p.Lose(1)
		m := hello()
		if _, err := a.Send(t.Context(), m); err == nil || fault(err) != adapters.Unknown {
			t.Fatalf("%v", err)
		}
		if p.Calls() != 2 {
			t.Fatalf("%d calls", p.Calls())
		}
		s, taken, err := a.Find(t.Context(), m)
		if err != nil || !taken || len(s.IDs) != 1 || s.IDs[0] != p.Phone(lan.ID)[1].SID {
			t.Errorf("%+v, %v, %v", s, taken, err)
		}
		other := hello()
		other.Others = s.IDs
		if s, taken, err := a.Find(t.Context(), other); err != nil || taken {
			t.Errorf("another message of the same text was taken for it: %+v, %v, %v", s, taken, err)
		}
		m.Text = "something else"
		if s, taken, err := a.Find(t.Context(), m); err != nil || taken {
			t.Errorf("%+v, %v, %v", s, taken, err)
		}
		m = hello()
		m.Queued = time.Now().Add(time.Minute)
		if s, taken, err := a.Find(t.Context(), m); err != nil || taken {
			t.Errorf("an older message was taken for it: %+v, %v, %v", s, taken, err)
		}
		m = hello()
		m.Template = &adapters.Template{ID: "HX1"}
		if _, _, err := a.Find(t.Context(), m); err == nil {
			t.Error("a template's outcome was made up")
		}
	}
}

func TestFindCannotTell(t *testing.T) {
	a, p := bundle(t, address.SMS, fake.Options{})
	m := hello()
	for range pageMax {
		if _, err := a.Send(t.Context(), adapters.Message{ID: "x", To: lan, Text: "khác"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, taken, err := a.Find(t.Context(), m); err == nil || taken {
		t.Errorf("%v, %v: the page was full", taken, err)
	}
	_ = p.Close()
	if _, _, err := a.Find(t.Context(), m); err == nil || strings.Contains(err.Error(), "8490") {
		t.Errorf("%v", err)
	}
}

func TestSame(t *testing.T) {
	for _, x := range []struct {
		theirs, text string
		want         bool
	}{
		{"a", "a", true}, {"Sent from your Twilio trial account - Chào chị", "Chào chị", true}, {`Chào "chị" - 2`, "Chào “chị” – 2", true},
		{"Chào chị", "Chào anh", false}, {"😀", "😀", true}, {"👍", "😀", false}, {"abc", "", false}, {"giá 100", "giá 200", false},
	} {
		if got := same(x.theirs, x.text); got != x.want {
			t.Errorf("same(%q, %q) = %v", x.theirs, x.text, got)
		}
	}
}

// Without a connection nothing was sent; with one, nobody knows.
func TestNoConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := "http://" + l.Addr().String()
	_ = l.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler()) // of an authority that nobody knows
	defer secure.Close()
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a server notices that the client left once it has read the request
		<-r.Context().Done()
	}))
	defer silent.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"sid":`))
	}))
	defer broken.Close()
	for name, x := range map[string]struct {
		base string
		want adapters.Fault
	}{
		"refused":            {refused, adapters.Transient},
		"no such name":       {"http://nowhere.invalid", adapters.Transient},
		"a broken handshake": {secure.URL, adapters.Transient},
		"no answer":          {silent.URL, adapters.Unknown},
		"half an answer":     {broken.URL, adapters.Unknown},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		_, err := opened(t, account(address.SMS, "base_url", x.base)).Send(ctx, hello())
		cancel()
		if err == nil || fault(err) != x.want {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := opened(t, account(address.SMS, "base_url", silent.URL)).Send(ctx, hello()); fault(err) != adapters.Transient || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
}

// A transport that does not say whether it connected is not believed.
func TestOpaqueTransport(t *testing.T) {
	acc := account(address.SMS)
	acc.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("something broke") })}
	if _, err := opened(t, acc).Send(t.Context(), hello()); err == nil || fault(err) != adapters.Unknown {
		t.Errorf("%v", err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNoRedirects(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the credentials went elsewhere") }))
	defer elsewhere.Close()
	moved := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer moved.Close()
	t.Setenv("TWILIO_REGION", "au1") // the library would send to another host
	_, err := opened(t, account(address.SMS, "base_url", moved.URL)).Send(t.Context(), hello())
	if fault(err) != adapters.Operator {
		t.Errorf("%v", err)
	}
}

func TestProbe(t *testing.T) {
	a, _ := bundle(t, address.SMS, fake.Options{})
	if h, err := a.Probe(t.Context()); err != nil || !h.OK || h.Balance != "12.50 USD" {
		t.Errorf("%+v, %v", h, err)
	}
	a, _ = bundle(t, address.SMS, fake.Options{AuthToken: "another"})
	if h, err := a.Probe(t.Context()); err != nil || h.OK || h.Detail == "" {
		t.Errorf("%+v, %v", h, err)
	}
}

// gateway takes p's webhooks with a, and hands on what they tell.
func gateway(t *testing.T, a *Adapter, p *fake.Twilio) <-chan adapters.Event {
	t.Helper()
	events := make(chan adapters.Event, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		d, err := a.Decode(adapters.Request{Method: r.Method, URL: "https://gw.example.com" + r.URL.RequestURI(), Header: r.Header, Body: []byte(r.PostForm.Encode())})
		if err != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		for _, e := range d.Events {
			events <- e
		}
		_, _ = w.Write(d.Answer.Body)
	}))
	t.Cleanup(server.Close)
	p.Point("https://gw.example.com/hooks/main", server.URL)
	return events
}

// The provider's own side: what it stores, marks, blocks and calls.
func TestFakeCallsBack(t *testing.T) {
	a, p := bundle(t, address.SMS, fake.Options{Callbacks: true, OptOut: true})
	events := gateway(t, a, p)

	if _, err := a.Send(t.Context(), hello()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []adapters.Status{adapters.SentOn, adapters.Delivered} {
		if e := <-events; e.Status != want || e.Ours != "m-1" {
			t.Errorf("%+v, want %s", e, want)
		}
	}
	ask := func(what string, status int, call func() (*http.Response, error)) {
		t.Helper()
		res, err := call()
		if err != nil || res.StatusCode != status {
			t.Fatalf("%s: %v, %v", what, res, err)
		}
	}
	ask("reply", 200, func() (*http.Response, error) { return p.Reply(t.Context(), lan.ID, "Dạ 2 nha") })
	one := <-events
	ask("repeat", 200, func() (*http.Response, error) { return p.Repeat(t.Context()) })
	if two := <-events; one.Text != "Dạ 2 nha" || two.ID != one.ID {
		t.Errorf("%+v, %+v", one, two)
	}
	ask("forge", 403, func() (*http.Response, error) { return p.Forge(t.Context(), lan.ID, "Dạ 2 nha") })
	ask("button", 200, func() (*http.Response, error) {
		return p.Deliver(t.Context(), fake.Inbound{From: lan.ID, Body: "x", Extra: url.Values{"ButtonPayload": {"p"}}})
	})
	if e := <-events; e.Payload != "p" {
		t.Errorf("%+v", e)
	}
	ask("stop", 200, func() (*http.Response, error) { return p.Reply(t.Context(), lan.ID, "stop") })
	if e := <-events; e.Kind != adapters.OptOut || !e.Confirmed {
		t.Errorf("%+v", e)
	}
	if _, err := a.Send(t.Context(), hello()); fault(err) != adapters.Stopped {
		t.Errorf("%v", err)
	}
	ask("start", 200, func() (*http.Response, error) { return p.Reply(t.Context(), lan.ID, "start") })
	<-events
	got, err := p.Wait(t.Context(), lan.ID, 1)
	if err != nil || len(got) != 1 || got[0].Status != "delivered" {
		t.Errorf("%+v, %v", got, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := p.Wait(ctx, lan.ID, 2); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func BenchmarkSend(b *testing.B) {
	a, _ := bundle(b, address.SMS, fake.Options{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Send(b.Context(), hello()); err != nil {
			b.Fatal(err)
		}
	}
}
