package line_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/adapters/line"
	"github.com/hoidap/hoidap/adapters/line/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// open opens an account whose LINE is h.
func open(t *testing.T, h http.Handler, token string) adapters.Adapter {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	a, err := line.Type().Open(adapters.Account{
		Channel: address.LINE, Settings: map[string]string{"channel_secret": secret, "channel_access_token": token, "base_url": server.URL}, HTTPClient: server.Client(), Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func played(t *testing.T) (*fake.LINE, adapters.Adapter) {
	t.Helper()
	f := fake.New(adaptertest.Webhook, secret, token)
	return f, open(t, f, token)
}

// written is a message of the customer's, with its reply token, as the adapter understands it.
func written(t *testing.T, f *fake.LINE, a adapters.Adapter, token string) adapters.Event {
	t.Helper()
	r, _ := f.Hook(adapters.Event{Kind: adapters.Inbound, From: lan(), MessageID: "1", Text: "sáng", Handle: token, At: time.UnixMilli(1760000000123)})
	d, err := a.Decode(r)
	if err != nil || len(d.Events) != 1 {
		t.Fatalf("%+v, %v", d, err)
	}
	return d.Events[0]
}

// An answer goes by the reply token while that is good, and is pushed afterwards; what nobody asked for is pushed at once.
func TestReplyTokens(t *testing.T) {
	t.Parallel()
	f, a := played(t)
	e := written(t, f, a, "38ef843bde154d9b91c21320ffd17a0f")
	for _, x := range []struct {
		name    string
		class   adapters.Class
		handle  string
		replies int
		units   int
	}{
		{"an ad keeps the token", adapters.Ad, e.Handle, 0, 1},
		{"an answer takes it", adapters.Reply, e.Handle, 1, 0},
		{"it is good once", adapters.Reply, e.Handle, 1, 1},
		{"another's is none", adapters.Control, "00000000000000000000000000000000", 1, 1},
		{"without one", adapters.Reply, "", 1, 1},
	} {
		before := len(f.Shown(lan()))
		s, err := a.Send(t.Context(), adapters.Message{ID: "m." + x.name[:2] + x.handle, To: lan(), Class: x.class, Text: x.name, Handle: x.handle})
		shown := f.Shown(lan())
		if err != nil || len(s.IDs) != 1 || s.Units != x.units || f.Replies() != x.replies || len(shown) != before+1 || shown[before].Text != x.name {
			t.Errorf("%s: %+v, %v; %d replies, shown %d", x.name, s, err, f.Replies(), len(shown)-before)
		}
	}
}

// A refusal that is not about the token is final: nothing is pushed behind it.
func TestARefusedReplyIsNotPushed(t *testing.T) {
	t.Parallel()
	f, a := played(t)
	e := written(t, f, a, "38ef843bde154d9b91c21320ffd17a0f")
	for _, play := range []fakekit.Play{{Status: 429, Body: `{"message":"The API rate limit has been exceeded. Try again later."}`}, {Status: 500, Body: `{"message":"Internal server error"}`}, {Lost: true}} {
		calls, shown := f.Calls(), len(f.Shown(lan()))
		f.Arm(play)
		_, err := a.Send(t.Context(), adapters.Message{ID: "m1", To: lan(), Class: adapters.Reply, Text: "Dạ", Handle: e.Handle})
		if err == nil || f.Calls() != calls+1 {
			t.Errorf("%+v: %v, %d calls", play, err, f.Calls()-calls)
		}
		if got := len(f.Shown(lan())) - shown; play.Lost && got != 1 || !play.Lost && got != 0 {
			t.Errorf("%+v: shown %d times", play, got)
		}
	}
}

// A repeat has its message's key, in LINE's form; other messages and other people have others.
func TestRetryKeys(t *testing.T) {
	t.Parallel()
	var keys []string
	a := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("X-Line-Retry-Key"))
		_, _ = io.WriteString(w, `{"sentMessages":[{"id":"461230966842064897"}]}`)
	}), token)
	other := address.Address{Scheme: "line", ID: "U0"}
	for _, m := range []adapters.Message{{ID: "c1.17", To: lan(), Text: "a"}, {ID: "c1.17", To: lan(), Text: "a"}, {ID: "c1.17.2", To: lan(), Text: "a"}, {ID: "c1.17", To: other, Text: "a"}} {
		if _, err := a.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if keys[0] != keys[1] || keys[0] == keys[2] || keys[0] == keys[3] || !form.MatchString(keys[0]) {
		t.Error(keys)
	}
}

// 409 means taken where LINE names the request that it took, and nothing where something else says it.
func TestConflict(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		accepted, body string
		ids            []string
	}{
		"with the messages":    {"r1", `{"message":"The retry key is already accepted","sentMessages":[{"id":"461230966842064897","quoteToken":"q"}]}`, []string{"461230966842064897"}},
		"without the messages": {"r1", `{"message":"The retry key is already accepted"}`, []string{"request:r1"}},
		"a proxy's":            {"", `<html>conflict</html>`, nil},
	} {
		a := open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if x.accepted != "" {
				w.Header().Set("X-Line-Accepted-Request-Id", x.accepted)
			}
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, x.body)
		}), token)
		s, err := a.Send(t.Context(), adapters.Message{ID: "m1", To: lan(), Text: "Gu nào ạ?"})
		var known *adapters.Error
		if (err == nil) != (x.ids != nil) || !reflect.DeepEqual(s.IDs, x.ids) || errors.As(err, &known) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

// What comes again has the id that it had.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	f, a := played(t)
	r, _ := f.Batch([]adapters.Event{{Kind: adapters.Inbound, From: lan(), MessageID: "1", Text: "sáng"}, {Kind: adapters.OptOut, From: lan()}})
	again, err := f.Redeliver(r)
	if err != nil || string(again.Body) == string(r.Body) {
		t.Fatal(err)
	}
	first, err1 := a.Decode(r)
	second, err2 := a.Decode(again)
	if err1 != nil || err2 != nil || !reflect.DeepEqual(first.Events, second.Events) || len(first.Events) != 2 || first.Events[0].ID == first.Events[1].ID {
		t.Errorf("%+v\n%+v\n%v, %v", first.Events, second.Events, err1, err2)
	}
}

// What nobody reads yet is counted under the name that LINE has for it.
func TestWhatIsNotReadHasItsName(t *testing.T) {
	t.Parallel()
	f, a := played(t)
	for body, want := range map[string]string{
		`{"type":"message","message":{"id":"1","type":"hologram"},"source":{"type":"user","userId":"` + lan().ID + `"}}`: "message/hologram",
		`{"type":"membership","source":{"type":"user","userId":"` + lan().ID + `"}}`:                                     "membership",
		`{"source":{"type":"user","userId":"` + lan().ID + `"}}`:                                                         "untyped",
	} {
		r, err := f.Redeliver(adapters.Request{Body: []byte(`{"destination":"U1","events":[` + body + `]}`)})
		if err != nil {
			t.Fatal(err)
		}
		d, err := a.Decode(r)
		if err != nil || len(d.Ignored) != 1 || d.Ignored[0].Kind != want {
			t.Errorf("%s: %+v, %v", body, d, err)
		}
	}
}

// Another channel's address is refused before LINE is asked.
func TestAnotherChannelsAddress(t *testing.T) {
	t.Parallel()
	a := open(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("LINE is asked") }), token)
	_, err := a.Send(t.Context(), adapters.Message{ID: "c1.1", To: address.Address{Scheme: "telegram", ID: "77"}, Class: adapters.Reply, Text: "Dạ"})
	var e *adapters.Error
	if !errors.As(err, &e) || e.Fault != adapters.Recipient {
		t.Errorf("%v", err)
	}
}

// An option is a button that shows its label in the chat and sends its number, under the last object.
func TestPicturesAndOptions(t *testing.T) {
	t.Parallel()
	var sent string
	a := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		sent = string(b)
		_, _ = io.WriteString(w, `{"sentMessages":[{"id":"1"},{"id":"2"},{"id":"3"}]}`)
	}), token)
	s, err := a.Send(t.Context(), adapters.Message{ID: "m1", To: lan(), Text: "Gu nào ạ?",
		Media:   []adapters.Media{{URL: "https://img.example.com/1.jpg", Type: "image/jpeg"}, {URL: "http://img.example.com/2.jpg", Type: "image/jpeg"}},
		Options: []adapters.Option{{Payload: "1", Label: "Thể thao"}, {Label: "Khác"}}})
	want := `{"to":"U4af4980629aabbccddeeff0011223344","messages":[` +
		`{"type":"image","originalContentUrl":"https://img.example.com/1.jpg","previewImageUrl":"https://img.example.com/1.jpg"},` +
		`{"type":"text","text":"http://img.example.com/2.jpg"},` +
		`{"type":"text","text":"Gu nào ạ?","quickReply":{"items":[` +
		`{"type":"action","action":{"type":"postback","label":"Thể thao","data":"1","displayText":"Thể thao"}},` +
		`{"type":"action","action":{"type":"postback","label":"Khác","data":"Khác","displayText":"Khác"}}]}}]}`
	if err != nil || strings.TrimSpace(sent) != want || len(s.IDs) != 3 || s.Units != 1 {
		t.Errorf("%+v, %v\n got %s\nwant %s", s, err, sent, want)
	}
}

func TestRegisterAndProbe(t *testing.T) {
	t.Parallel()
	f, a := played(t)
	if err := a.(adapters.Registrar).Register(t.Context(), "https://gw.example.com/hooks/line"); err != nil || f.Webhook() != "https://gw.example.com/hooks/line" {
		t.Errorf("%v, %s", err, f.Webhook())
	}
	if err := a.(adapters.Registrar).Register(t.Context(), "http://gw.example.com/hooks/line"); err == nil {
		t.Error("LINE refuses what is no HTTPS")
	}
	probe := func(a adapters.Adapter, want adapters.Health) {
		t.Helper()
		h, err := a.(adapters.Prober).Probe(t.Context())
		if err != nil || h.OK != want.OK || !strings.Contains(h.Detail, want.Detail) || h.Balance != want.Balance {
			t.Errorf("%+v, %v, want %+v", h, err, want)
		}
	}
	probe(a, adapters.Health{OK: true, Detail: "@216ru", Balance: "0 messages sent this month, without a limit"})
	f.Limit(2)
	for i, want := range []adapters.Health{{OK: true, Balance: "2 of 2 messages left this month"}, {OK: true, Balance: "1 of 2 messages left this month"}, {Balance: "0 of 2 messages left this month"}} {
		probe(a, want)
		if _, err := a.Send(t.Context(), adapters.Message{ID: "m" + want.Balance[:1], To: lan(), Text: "a"}); err != nil {
			t.Fatal(i, err)
		}
	}
	probe(open(t, f, "revoked"), adapters.Health{Detail: "access token"})
}

func FuzzDecode(f *testing.F) {
	a, err := line.Type().Open(adapters.Account{Channel: address.LINE, Settings: map[string]string{"channel_secret": secret, "channel_access_token": token}, Now: time.Now})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`{"destination":"U0","events":[]}`,
		`{"events":[{"type":"message","mode":"active","timestamp":1760000000000,"source":{"type":"user","userId":"U1"},"webhookEventId":"01","replyToken":"r","message":{"type":"text","id":"1","text":"Có"}}]}`,
		`{"events":[{"type":"postback","source":{"userId":"U1"},"postback":{"data":"2"}},{"type":"unfollow","mode":"standby","timestamp":-1}]}`,
		`{"events":[{"type":"follow","source":{"type":"user","userId":"á"}},null,7,"x",{"type":5}]}`,
		`{"events":{}}`, `null`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		r := signed(string(body))
		r.At = at
		d, err := a.Decode(r)
		if err != nil && !errors.Is(err, adapters.ErrMalformed) {
			t.Fatal(err)
		}
		for _, e := range d.Events {
			if e.ID == "" || e.At.IsZero() || !address.LINE.Carries(e.From) {
				t.Errorf("%+v", e)
			}
		}
		for _, x := range d.Ignored {
			if x.Kind == "" || len(x.Raw) == 0 {
				t.Errorf("%+v", x)
			}
		}
	})
}
