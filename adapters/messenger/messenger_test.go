package messenger_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/adapters/messenger"
	"github.com/hoidap/hoidap/adapters/messenger/fake"
	"github.com/hoidap/hoidap/adapters/meta"
	"github.com/hoidap/hoidap/preferences/address"
)

var now = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

// bench is an account with the fake behind it, and the last request.
type bench struct {
	*messenger.Adapter
	*fake.Messenger
	target string
	body   string
}

func setup(t testing.TB, more map[string]string) *bench {
	t.Helper()
	b := &bench{Messenger: newFake()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		b.target, b.body = r.URL.RequestURI(), strings.TrimSpace(string(body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		b.Messenger.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s := settings()
	s["base_url"] = server.URL
	maps.Copy(s, more)
	a, err := messenger.Type().Open(adapters.Account{ID: "main", Channel: address.Messenger, Settings: s, HTTPClient: server.Client(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	b.Adapter = a.(*messenger.Adapter)
	return b
}

// The wire as Meta's pages show it. The token stands in a header: addresses are logged by whatever stands between.
func TestWire(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		m    adapters.Message
		want string
	}{
		{
			adapters.Message{ID: "c1.1", To: lan, Class: adapters.Ad, Text: "Xin <chào>"},
			`{"messaging_type":"UPDATE","recipient":{"id":"9007199254740993"},"message":{"text":"Xin <chào>","metadata":"c1.1"}}`,
		},
		{
			adapters.Message{ID: "c1.2", To: lan, Class: adapters.Reply, Text: "Sáng hay chiều?", Options: []adapters.Option{{Payload: "1", Label: "Sáng"}, {Label: "Chiều"}}},
			`{"messaging_type":"RESPONSE","recipient":{"id":"9007199254740993"},"message":{"text":"Sáng hay chiều?",` +
				`"quick_replies":[{"content_type":"text","title":"Sáng","payload":"1"},{"content_type":"text","title":"Chiều","payload":"Chiều"}],"metadata":"c1.2"}}`,
		},
	} {
		b := setup(t, nil)
		if _, err := b.Send(t.Context(), x.m); err != nil || b.body != x.want || b.target != "/v25.0/me/messages" {
			t.Errorf("%s, %v:\n got %s\nwant %s", b.target, err, b.body, x.want)
		}
	}
	b := setup(t, nil)
	_, err := b.Send(t.Context(), adapters.Message{ID: "m", To: address.Address{Scheme: "tel", ID: "+84901234567"}, Text: "a"})
	var e *adapters.Error
	if !errors.As(err, &e) || e.Fault != adapters.Recipient || b.Calls() != 0 {
		t.Errorf("to a number: %v", err)
	}
}

// One code means many things: its subcode tells them apart, and where Meta's own page knows of messages that arrived in
// spite of the error, nobody knows.
func TestCodes(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for body, want := range map[string]adapters.Fault{
		`{"error":{"code":10,"error_subcode":2018278}}`:                                 adapters.Window,
		`{"error":{"code":10}}`:                                                         adapters.Operator,
		`{"error":{"code":10,"error_subcode":1}}`:                                       adapters.Operator,
		`{"error":{"code":100,"error_subcode":2018001}}`:                                adapters.Recipient,
		`{"error":{"code":100,"error_subcode":1}}`:                                      adapters.BadMessage,
		`{"error":{"code":200,"error_subcode":1545041}}`:                                adapters.Stopped,
		`{"error":{"code":299}}`:                                                        adapters.Operator,
		`{"error":{"code":551}}`:                                                        adapters.Stopped,
		`{"error":{"code":1,"error_subcode":1357046}}`:                                  adapters.Unknown,
		`{"error":{"code":1,"error_subcode":99},"recipient_id":"1","message_id":"m_1"}`: adapters.Unknown,
	} {
		for _, status := range []int{200, 400} {
			b.Arm(fakekit.Play{Status: status, Body: body})
			_, err := b.Send(t.Context(), adapters.Message{ID: "m", To: lan, Text: "Dạ"})
			var e *adapters.Error
			switch known := errors.As(err, &e); {
			case err == nil, known != (want != adapters.Unknown), known && e.Fault != want:
				t.Errorf("HTTP %d, %s: %v, want %q", status, body, err, want)
			}
		}
	}
	b.Arm(fakekit.Play{Status: 400, Body: `{"error":{"code":10,"error_subcode":2018278}}`})
	_, err := b.Send(t.Context(), adapters.Message{ID: "m", To: lan, Text: "Dạ"})
	var e *adapters.Error
	if !errors.As(err, &e) || e.Code != "10/2018278" {
		t.Errorf("%v", err)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		more map[string]string
		ok   bool
	}{
		"well":             {nil, true},
		"revoked":          {map[string]string{"page_token": "revoked"}, false},
		"another page's":   {map[string]string{"page_id": "77"}, false},
		"of a proof's app": {map[string]string{"appsecret_proof": "yes"}, true},
	} {
		b := setup(t, x.more)
		if h, err := b.Probe(t.Context()); err != nil || h.OK != x.ok || x.ok && h.Detail != "Shop" {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
		if x.more["appsecret_proof"] != "" && !strings.Contains(b.target, "appsecret_proof=") {
			t.Errorf("%s: asked for %s", name, b.target)
		}
	}
}

// What Meta gives no id gets one that is the same when it repeats itself, and another when it happens again.
func TestIDsOfWhatHasNone(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	id := func(e adapters.Event) string {
		r, _ := b.Hook(e)
		d, err := b.Decode(r)
		if err != nil || len(d.Events) != 1 {
			t.Fatalf("%+v, %v", d, err)
		}
		return d.Events[0].ID
	}
	stop := adapters.Event{Kind: adapters.OptOut, From: lan, At: now}
	back := adapters.Event{Kind: adapters.OptIn, Confirmed: true, From: lan, At: now}
	first, again := id(stop), id(stop)
	stop.At = now.Add(time.Minute)
	if first != again || first == id(stop) || first == id(back) || strings.Contains(first, lan.ID) {
		t.Errorf("%s, %s", first, again)
	}
}

// The name under which a piece is set aside is Meta's own.
func TestIgnoredKinds(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for piece, want := range map[string]string{
		`{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1,"reaction":{"emoji":"👍"}}`: "reaction",
		`{"sender":{"id":"1"},"policy_enforcement":{"action":"warning"}}`:                     "policy_enforcement",
		`{"sender":{"id":"1"}}`: "empty",
		`{"sender":{"user_ref":"abc"},"message":{"mid":"m_1","text":"2"}}`: "message",
		`[]`: "a piece that cannot be read",
	} {
		body := []byte(`{"object":"page","entry":[{"id":` + page + `,"messaging":[` + piece + `]}]}`)
		d, err := b.Decode(signed(body))
		if err != nil || len(d.Events) != 0 || len(d.Ignored) != 1 || d.Ignored[0].Kind != want || string(d.Ignored[0].Raw) != piece {
			t.Errorf("%s: %+v, %v, want %q", piece, d, err, want)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]string{"page_token": "a token", "page_id": "shop", "get_started": "get started", "verify_token": "short"} {
		s := settings()
		s[name] = v
		if _, err := messenger.Type().Open(adapters.Account{Settings: s}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, v, err)
		}
	}
}

func signed(body []byte) adapters.Request {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return adapters.Request{
		Method: http.MethodPost, URL: adaptertest.Webhook, Body: body, At: now,
		Header: http.Header{meta.SignatureHeader: {"sha256=" + hex.EncodeToString(mac.Sum(nil))}},
	}
}

func FuzzDecode(f *testing.F) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatal(err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(raw), "\n\n")
		body, _, _ := strings.Cut(rest, "\n")
		f.Add([]byte(strings.ReplaceAll(body, `"200"`, `"`+page+`"`)))
	}
	b := setup(f, nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := b.Decode(signed(body))
		if err != nil && !errors.Is(err, adapters.ErrMalformed) {
			t.Fatalf("an authentic call was answered with %v", err)
		}
		for _, e := range d.Events {
			if e.ID == "" || e.At.IsZero() || e.Kind != adapters.Report && e.From.IsZero() || e.Kind == adapters.Report && e.Theirs == "" {
				t.Fatalf("%+v", e)
			}
			if e.Kind == adapters.Inbound && e.Text == "" && e.Payload == "" && len(e.Media) == 0 {
				t.Fatalf("an answer without words: %+v", e)
			}
		}
	})
}
