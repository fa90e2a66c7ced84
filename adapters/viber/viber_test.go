package viber_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/viber"
	"github.com/hoidap/hoidap/adapters/viber/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// open opens an account whose Viber is h, with settings beside the usual ones.
func open(t *testing.T, h http.Handler, settings map[string]string) adapters.Adapter {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	all := map[string]string{"auth_token": token, "sender_name": "My Shop", "base_url": server.URL}
	for k, v := range settings {
		all[k] = v
	}
	a, err := viber.Type().Open(adapters.Account{Channel: address.Viber, Settings: all, HTTPClient: server.Client(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// says is a Viber that answers everything with body, and keeps what it was asked.
func says(body string, asked *string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if asked != nil {
			*asked = strings.TrimSpace(string(b))
		}
		_, _ = io.WriteString(w, body)
	})
}

// Failures come with HTTP 200. What no table knows is no success, and nobody knows what became of it.
func TestStatusInside200(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]adapters.Fault{
		`{"status":6,"status_message":"notSubscribed"}`:                   adapters.Stopped,
		`{"status":5,"status_message":"receiverNotRegistered"}`:           adapters.Recipient,
		`{"status":12,"message_token":1234567890}`:                        adapters.Later,
		`{"status":2,"status_message":"invalidAuthToken"}`:                adapters.Operator,
		`{"status":3,"message_token":5741311803571721087}`:                adapters.BadMessage,
		`{"status":99,"message_token":5741311803571721087}`:               adapters.Unknown,
		`{"status":19,"status_message":"broadcast"}`:                      adapters.Unknown,
		`{"status":-1,"message_token":5741311803571721087}`:               adapters.Unknown,
		`{"status":null,"message_token":5741311803571721087}`:             adapters.Unknown,
		`{"status":"ok","message_token":5741311803571721087}`:             adapters.Unknown,
		`{"message_token":5741311803571721087}`:                           adapters.Unknown,
		`{"status":0}`:                                                    adapters.Unknown,
		`{"status":0,"message_token":0}`:                                  adapters.Unknown,
		`{"status":0,"status_message":"ok","message_token":[5741311803]}`: adapters.Unknown,
	} {
		s, err := open(t, says(body, nil), nil).Send(t.Context(), adapters.Message{ID: "m1", To: lan(), Text: "Gu nào ạ?"})
		var e *adapters.Error
		fault := adapters.Unknown
		if errors.As(err, &e) {
			fault = e.Fault
		}
		if err == nil || fault != want || len(s.IDs) > 0 {
			t.Errorf("%s: %+v, %v, want %q", body, s, err, want)
		}
		if want == adapters.Later && !e.After.After(time.Now()) {
			t.Errorf("%s: After is %v", body, e.After)
		}
	}
	s, err := open(t, says(`{"status":0,"status_message":"ok","message_token":5741311803571721087}`, nil), nil).Send(t.Context(), adapters.Message{ID: "m1", To: lan(), Text: "a"})
	if err != nil || !reflect.DeepEqual(s.IDs, []string{"5741311803571721087"}) {
		t.Errorf("%+v, %v", s, err)
	}
}

// Rows are full, labels are HTML to Viber, and a message without options has no keyboard.
func TestKeyboards(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		labels  []string
		columns []int
	}{
		"none":           {nil, nil},
		"one":            {[]string{"Đúng rồi"}, []int{6}},
		"two":            {[]string{"Sáng", "Chiều"}, []int{3, 3}},
		"three":          {[]string{"Sáng", "Trưa", "Chiều"}, []int{3, 3, 6}},
		"one is long":    {[]string{"Sáng", "Chiều muộn sau giờ làm"}, []int{6, 6}},
		"read as markup": {[]string{"< 1 triệu", "<b>&amp;</b>"}, []int{3, 3}},
	} {
		var asked string
		a := open(t, says(`{"status":0,"message_token":5741311803571721087}`, &asked), nil)
		m := adapters.Message{ID: "m1", To: lan(), Text: "Gu nào ạ?"}
		for i, label := range x.labels {
			m.Options = append(m.Options, adapters.Option{Payload: string(rune('1' + i)), Label: label})
		}
		if _, err := a.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		var sent struct {
			Keyboard *struct {
				Buttons []struct {
					Columns          int
					ActionBody, Text string
				}
			} `json:"keyboard"`
		}
		if err := json.Unmarshal([]byte(asked), &sent); err != nil {
			t.Fatal(err)
		}
		if (sent.Keyboard == nil) != (x.labels == nil) {
			t.Errorf("%s: %s", name, asked)
			continue
		}
		for i := range x.labels {
			b := sent.Keyboard.Buttons[i]
			if b.Columns != x.columns[i] || b.ActionBody != m.Options[i].Payload || strings.ContainsAny(b.Text, "<>") {
				t.Errorf("%s: %+v", name, b)
			}
		}
	}
	// The phone, which reads HTML, shows them as they were meant.
	f := fake.New(adaptertest.Webhook, token)
	options := []adapters.Option{{Payload: "1", Label: "< 1 triệu"}, {Payload: "2", Label: "<b>&amp;</b>"}, {Label: "Khác"}}
	if _, err := open(t, f, nil).Send(t.Context(), adapters.Message{ID: "m1", To: lan(), Text: "a", Options: options}); err != nil {
		t.Fatal(err)
	}
	options[2].Payload = "Khác"
	if got := f.Shown(lan()); !reflect.DeepEqual(got[0].Options, options) {
		t.Errorf("%+v", got[0].Options)
	}
}

// A tap comes back as the number that the button writes, like a number that was typed.
func TestATapIsText(t *testing.T) {
	t.Parallel()
	f := fake.New(adaptertest.Webhook, token)
	a := open(t, f, nil)
	if _, err := a.Send(t.Context(), adapters.Message{ID: "m1", To: lan(), Text: "Gu nào ạ?", Options: []adapters.Option{{Payload: "1", Label: "Thể thao"}, {Payload: "2", Label: "Công sở"}}}); err != nil {
		t.Fatal(err)
	}
	r, _ := f.Hook(adapters.Event{Kind: adapters.Inbound, From: lan(), Payload: f.Shown(lan())[0].Options[1].Payload})
	if d, err := a.Decode(r); err != nil || d.Events[0].Text != "2" || d.Events[0].Payload != "" {
		t.Errorf("%+v, %v", d, err)
	}
}

// Who opens the chat and has not subscribed is welcomed, in the answer to the call and only there.
func TestWelcome(t *testing.T) {
	t.Parallel()
	opened := func(more string) adapters.Request {
		return signed(`{"event":"conversation_started","timestamp":1760000000000,"message_token":4912661846655238145,"type":"open","user":{"id":"01234567890A=","name":"Lan"}` + more + `}`)
	}
	hello := map[string]string{"welcome": "Chào bạn <3", "sender_avatar": "https://shop.example.com/a.png"}
	want := `{"sender":{"name":"My Shop","avatar":"https://shop.example.com/a.png"},"type":"text","text":"Chào bạn <3"}`
	for name, x := range map[string]struct {
		settings map[string]string
		request  adapters.Request
		answer   string
		payload  []string
	}{
		"by a link":             {hello, opened(`,"subscribed":false,"context":"abc123"`), want, []string{"abc123"}},
		"without one":           {hello, opened(`,"subscribed":false`), want, nil},
		"subscribed already":    {hello, opened(`,"subscribed":true,"context":"abc123"`), "", []string{"abc123"}},
		"nothing to say":        {nil, opened(`,"subscribed":false,"context":"abc123"`), "", []string{"abc123"}},
		"a subscription is not": {hello, signed(`{"event":"subscribed","message_token":1,"user":{"id":"01234567890A="}}`), "", []string{""}},
	} {
		d, err := open(t, says("", nil), x.settings).Decode(x.request)
		var payloads []string
		for _, e := range d.Events {
			payloads = append(payloads, e.Payload)
			if e.Kind != adapters.OptIn || e.Text != "" {
				t.Errorf("%s: %+v", name, e)
			}
		}
		var got, meant any
		_ = json.Unmarshal(d.Answer.Body, &got)
		_ = json.Unmarshal([]byte(x.answer), &meant)
		if err != nil || !reflect.DeepEqual(got, meant) || !slices.Equal(payloads, x.payload) || len(d.Ignored) > 0 {
			t.Errorf("%s: %s, %q, %v", name, d.Answer.Body, payloads, err)
		}
		if x.answer != "" && d.Answer.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v", name, d.Answer.Header)
		}
	}
}

// Registering waits for the call by which Viber finds out whether the webhook answers; a gateway that does not know who
// calls is refused.
func TestRegisterAndProbe(t *testing.T) {
	t.Parallel()
	f := fake.New(adaptertest.Webhook, token)
	a := open(t, f, nil)
	if h, err := a.(adapters.Prober).Probe(t.Context()); err != nil || h.OK || !strings.Contains(h.Detail, "no webhook") {
		t.Errorf("%+v, %v", h, err)
	}
	hooks := func(a adapters.Adapter) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			if _, err := a.Decode(adapters.Request{Method: r.Method, URL: adaptertest.Webhook, Header: r.Header, Body: b, At: time.Now()}); err != nil {
				w.WriteHeader(http.StatusForbidden)
			}
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	for _, x := range []struct {
		name, at, callback string
		ok                 bool
	}{
		{"another's token", hooks(open(t, f, map[string]string{"auth_token": "another"})), adaptertest.Webhook, false},
		{"no HTTPS", hooks(a), "http://gw.example.com/hooks/main", false},
		{"as it should be", hooks(a), adaptertest.Webhook, true},
	} {
		f.Point(adaptertest.Webhook, x.at)
		err := a.(adapters.Registrar).Register(t.Context(), x.callback)
		var e *adapters.Error
		if x.ok != (err == nil) || !x.ok && (!errors.As(err, &e) || e.Fault != adapters.Operator) {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	if want := []string{"delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"}; !slices.Equal(f.Events(), want) {
		t.Error(f.Events())
	}
	if h, err := a.(adapters.Prober).Probe(t.Context()); err != nil || !h.OK || h.Detail != "My Shop (myshop), 35 subscribers" {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err := open(t, f, map[string]string{"auth_token": "revoked"}).(adapters.Prober).Probe(t.Context()); err != nil || h.OK || !strings.Contains(h.Detail, "auth_token") {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]string{
		"auth_token": "a b", "sender_name": strings.Repeat("ê", 29), "sender_avatar": "http://shop.example.com/a.png", "welcome": strings.Repeat("a", 7001), "shared_contacts": "yes",
	} {
		all := map[string]string{"auth_token": token, "sender_name": strings.Repeat("ê", 28), name: wrong}
		if _, err := viber.Type().Open(adapters.Account{Channel: address.Viber, Settings: all, Now: time.Now}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	a, err := viber.Type().Open(adapters.Account{Channel: address.Viber, Settings: map[string]string{"auth_token": token, "sender_name": "My Shop", "shared_contacts": "linked"}, Now: time.Now})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`{"event":"webhook","timestamp":1760000000000,"message_token":241256543215}`,
		`{"event":"message","timestamp":1760000000000,"message_token":4912661846655238145,"sender":{"id":"01234567890A=","name":"Lan"},"message":{"type":"text","text":"2"}}`,
		`{"event":"message","message_token":1,"sender":{"id":"01234567890A=","name":"Lan"},"message":{"type":"contact","contact":{"name":"Lan","phone_number":"84901234567"}}}`,
		`{"event":"conversation_started","message_token":"7","user":{"id":"01234567890A="},"context":"abc"}`,
		`{"event":"seen","timestamp":-1,"message_token":5741311803571721087,"user_id":"01234567890A="}`,
		`{"event":"unsubscribed","message_token":1e400,"user_id":"á"}`, `{"event":7}`, `[]`, `null`, ``,
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
			if e.ID == "" || e.At.IsZero() || !address.Viber.Carries(e.From) || (e.Kind == adapters.Linked) != (e.Also.Scheme == address.Tel) {
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
