package whatsapp_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/adapters/whatsapp"
	"github.com/hoidap/hoidap/adapters/whatsapp/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

var now = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

// bench is an account with the fake behind it, and the body of the last request.
type bench struct {
	*whatsapp.Adapter
	*fake.WhatsApp
	last struct {
		url  *url.URL
		body []byte
	}
}

func setup(t *testing.T, more map[string]string) *bench {
	t.Helper()
	b := &bench{WhatsApp: newFake()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.last.url = r.URL
		b.last.body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(b.last.body))
		b.WhatsApp.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s := settings()
	s["base_url"] = server.URL
	for name, v := range more {
		s[name] = v
	}
	a, err := whatsapp.Type().Open(adapters.Account{ID: "main", Channel: address.WhatsApp, Settings: s, HTTPClient: server.Client(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	b.Adapter = a.(*whatsapp.Adapter)
	return b
}

func options(labels ...string) (out []adapters.Option) {
	for i, l := range labels {
		out = append(out, adapters.Option{Payload: string(rune('1' + i)), Label: l})
	}
	return out
}

// What is asked finds the form that has room for it, and can be answered in each.
func TestShapes(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ệ", 1025)
	picture := []adapters.Media{{URL: "https://img.example.com/a.jpg"}}
	for _, x := range []struct {
		name    string
		m       adapters.Message
		kind    string // type, or of what is interactive its own
		text    string // shown; empty: as sent
		options int    // shown for tapping
		media   int
	}{
		{"text", adapters.Message{Text: "Dạ vâng"}, "text", "", 0, 0},
		{"long text", adapters.Message{Text: long}, "text", "", 0, 0},
		{"buttons", adapters.Message{Text: "Lúc nào ạ?", Options: options("Sáng", "Chiều")}, "button", "", 2, 0},
		{"a list", adapters.Message{Text: "Lúc nào ạ?", Options: options("Sáng", "Trưa", "Chiều", "Tối")}, "list", "", 4, 0},
		{"labels too long for buttons", adapters.Message{Text: "Gu nào ạ?", Options: options("Thanh lịch nơi công sở", "Dạo phố")}, "list", "", 2, 0},
		{"labels that just fit on buttons", adapters.Message{Text: "Gu nào ạ?", Options: options("Thanh lịch công sở ạ", "Dạo phố")}, "button", "", 2, 0},
		{"the same label twice", adapters.Message{Text: "Gu nào ạ?", Options: options("Khác", "Khác")}, "list", "", 2, 0},
		{"a long question", adapters.Message{Text: long, Options: options("Sáng", "Chiều")}, "text", long + "\n1. Sáng\n2. Chiều", 0, 0},
		{"a picture", adapters.Message{Text: "Mẫu này ạ", Media: picture}, "image", "", 0, 1},
		{"a picture alone", adapters.Message{Media: picture}, "image", "", 0, 1},
		{"a picture with buttons", adapters.Message{Text: "Chị thích không ạ?", Media: picture, Options: options("Có", "Không")}, "button", "", 2, 1},
		{"a picture with a list", adapters.Message{Text: "Màu nào ạ?", Media: picture, Options: options("Đỏ", "Xanh", "Vàng", "Tím")}, "image", "Màu nào ạ?\n1. Đỏ\n2. Xanh\n3. Vàng\n4. Tím", 0, 1},
		{"a picture with buttons and no text", adapters.Message{Media: picture, Options: options("Có", "Không")}, "image", "1. Có\n2. Không", 0, 1},
		{"a picture with a long text", adapters.Message{Text: long, Media: picture}, "text", long + "\nhttps://img.example.com/a.jpg", 0, 0},
		{"a voice with words", adapters.Message{Text: "Nghe ạ", Media: []adapters.Media{{URL: "https://a.example.com/a.ogg", Type: "audio/ogg"}}}, "text", "Nghe ạ\nhttps://a.example.com/a.ogg", 0, 0},
		{"a voice with buttons", adapters.Message{Text: "Nghe ạ", Media: []adapters.Media{{URL: "https://a.example.com/a.ogg", Type: "audio/ogg"}}, Options: options("Có")}, "text", "Nghe ạ\n1. Có\nhttps://a.example.com/a.ogg", 0, 0},
		{"a voice", adapters.Message{Media: []adapters.Media{{URL: "https://a.example.com/a.ogg", Type: "audio/ogg; codecs=opus"}}}, "audio", "", 0, 1},
		{"a film", adapters.Message{Text: "Đây ạ", Media: []adapters.Media{{URL: "https://a.example.com/a.mp4", Type: "video/mp4"}}}, "video", "", 0, 1},
		{"a file", adapters.Message{Text: "Đây ạ", Media: []adapters.Media{{URL: "https://a.example.com/gia.pdf", Type: "application/pdf"}}}, "document", "", 0, 1},
	} {
		b := setup(t, nil)
		x.m.ID, x.m.To = "c1.7", lan
		if _, err := b.Send(t.Context(), x.m); err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		var sent struct {
			Type        string
			Interactive struct{ Type string }
			Opaque      string `json:"biz_opaque_callback_data"`
		}
		_ = json.Unmarshal(b.last.body, &sent)
		if sent.Type == "interactive" {
			sent.Type = sent.Interactive.Type
		}
		got := b.Shown(lan)[0]
		if x.text == "" {
			x.text = x.m.Text
		}
		if sent.Type != x.kind || got.Text != x.text || len(got.Options) != x.options || len(got.Media) != x.media || sent.Opaque != "c1.7" {
			t.Errorf("%s: went as %s and is shown as %+v", x.name, sent.Type, got)
		}
	}
}

// A text that fills a message has no room for its options.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	_, err := b.Send(t.Context(), adapters.Message{ID: "m", To: lan, Text: strings.Repeat("a", 4090), Options: options("Sáng", "Chiều")})
	var e *adapters.Error
	if !errors.As(err, &e) || e.Fault != adapters.BadMessage || b.Calls() != 0 {
		t.Errorf("%v, %d calls", err, b.Calls())
	}
	_, err = b.Send(t.Context(), adapters.Message{ID: "m", To: address.Address{Scheme: "zalo", ID: "1"}, Text: "a"})
	if !errors.As(err, &e) || e.Fault != adapters.Recipient {
		t.Errorf("%v", err)
	}
}

// The wire as Meta's pages show it.
func TestWire(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		m    adapters.Message
		want string
	}{
		{
			adapters.Message{ID: "c1.1", To: lan, Text: "Xin <chào>"},
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"84901234567","biz_opaque_callback_data":"c1.1","type":"text","text":{"body":"Xin <chào>","preview_url":false}}`,
		},
		{
			adapters.Message{ID: "c1.2", To: hidden, Text: "Sáng hay chiều?", Options: options("Sáng", "Chiều")},
			`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"VN.13491208655302741918","biz_opaque_callback_data":"c1.2","type":"interactive",` +
				`"interactive":{"type":"button","body":{"text":"Sáng hay chiều?"},"action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"Sáng"}},{"type":"reply","reply":{"id":"2","title":"Chiều"}}]}}}`,
		},
		{
			adapters.Message{ID: "c1.3", To: lan, Template: &adapters.Template{ID: "visit_pref_v1", Variables: map[string]string{"1": "Lan\n Anh", "button.1": "1", "button.2": "2"}}},
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"84901234567","biz_opaque_callback_data":"c1.3","type":"template","template":{"name":"visit_pref_v1","language":{"policy":"deterministic","code":"en_US"},` +
				`"components":[{"type":"body","parameters":[{"type":"text","text":"Lan Anh"}]},{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"1"}]},` +
				`{"type":"button","sub_type":"quick_reply","index":"1","parameters":[{"type":"payload","payload":"2"}]}]}}`,
		},
		{
			adapters.Message{ID: "c1.4", To: lan, Template: &adapters.Template{ID: "t", Language: "vi", Variables: map[string]string{"ten": "Lan", "header.image": "https://img.example.com/a.jpg"}}},
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"84901234567","biz_opaque_callback_data":"c1.4","type":"template","template":{"name":"t","language":{"policy":"deterministic","code":"vi"},` +
				`"components":[{"type":"header","parameters":[{"type":"image","image":{"link":"https://img.example.com/a.jpg"}}]},{"type":"body","parameters":[{"type":"text","parameter_name":"ten","text":"Lan"}]}]}}`,
		},
	} {
		b := setup(t, map[string]string{"template_language": "en_US"})
		if _, err := b.Send(t.Context(), x.m); err != nil {
			t.Errorf("%s: %v", x.m.ID, err)
		}
		if got := strings.TrimSpace(string(b.last.body)); got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", x.m.ID, got, x.want)
		}
		if b.last.url.Path != "/v25.0/"+number+"/messages" || b.last.url.RawQuery != "" {
			t.Errorf("%s went to %s", x.m.ID, b.last.url)
		}
	}
}

// Gaps are filled in the order of their numbers, not of their letters.
func TestManyGaps(t *testing.T) {
	t.Parallel()
	b := setup(t, map[string]string{"appsecret_proof": "yes", "graph_version": "v26.0"})
	v := map[string]string{"1": "a", "2": "b", "3": "c", "4": "d", "5": "e", "6": "f", "7": "g", "8": "h", "9": "i", "10": "k", "11": "l"}
	if _, err := b.Send(t.Context(), adapters.Message{ID: "m", To: lan, Template: &adapters.Template{ID: "t", Variables: v}}); err != nil {
		t.Fatal(err)
	}
	if got := b.Shown(lan)[0].Template.Variables; len(got) != 11 || got["2"] != "b" || got["10"] != "k" || got["11"] != "l" {
		t.Errorf("%v", got)
	}
	// HMAC-SHA256 of the token under the app's secret, by another program.
	const proof = "dfcbf247a30712e6bbf576857f49f2e23d6905111565d2c13fa425e04cd95bbd"
	if b.last.url.Path != "/v26.0/"+number+"/messages" || b.last.url.Query().Get("appsecret_proof") != proof {
		t.Errorf("went to %s", b.last.url)
	}
	_, err := b.Send(t.Context(), adapters.Message{ID: "m", To: lan, Template: &adapters.Template{ID: "t", Variables: map[string]string{"button.0": "1"}}})
	var e *adapters.Error
	if !errors.As(err, &e) || e.Fault != adapters.BadMessage {
		t.Errorf("a button that no template has: %v", err)
	}
}

// Meta asks for a day of patience where it lets no more marketing through, and answers of which nobody knows what they
// mean are unknown.
func TestCodes(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	send := func(p fakekit.Play) error {
		b.Arm(p)
		_, err := b.Send(t.Context(), adapters.Message{ID: "m", To: lan, Text: "Dạ"})
		return err
	}
	var e *adapters.Error
	if err := send(fakekit.Play{Status: 400, Body: `{"error":{"code":131049}}`}); !errors.As(err, &e) || e.Fault != adapters.Later || !e.After.Equal(now.Add(24*time.Hour)) {
		t.Errorf("%v", err)
	}
	for name, p := range map[string]fakekit.Play{
		"a server that fails":     {Status: 500, Body: `{"error":{"code":1}}`},
		"a code that nobody has":  {Status: 200, Body: `{"error":{"code":999999}}`},
		"an error without a code": {Status: 200, Body: `{"error":{"message":"x"},"messages":[{"id":"wamid.A"}]}`},
		"an error and an id":      {Status: 200, Body: `{"error":{"code":1},"messages":[{"id":"wamid.A"}]}`},
		"two messages":            {Status: 200, Body: `{"messages":[{"id":"wamid.A"},{"id":"wamid.B"}]}`},
		"no id":                   {Status: 200, Body: `{"messages":[{}]}`},
	} {
		if err := send(p); err == nil || errors.As(err, &e) {
			t.Errorf("%s: %v, want an unknown outcome", name, err)
		}
	}
	if err := send(fakekit.Play{Status: 400, Body: `{"error":{"code":999999}}`}); !errors.As(err, &e) || e.Fault != adapters.BadMessage || e.Code != "999999" {
		t.Errorf("%v", err)
	}
}

func TestRegisterProbe(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	if err := b.Register(t.Context(), "https://gw.example.com/hooks/wa"); err != nil || b.Webhook() != "https://gw.example.com/hooks/wa" {
		t.Errorf("%v, %s", err, b.Webhook())
	}
	if h, err := b.Probe(t.Context()); err != nil || !h.OK || h.Detail != "+84 28 1234 5678, Shop, quality green" {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err := setup(t, map[string]string{"access_token": "revoked"}).Probe(t.Context()); err != nil || h.OK {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]string{
		"access_token": "a b", "phone_number_id": "+8428", "verify_token": "short", "graph_version": "25", "list_button": strings.Repeat("a", 21), "appsecret_proof": "on", "base_url": "graph",
	} {
		s := settings()
		s[name] = v
		if _, err := whatsapp.Type().Open(adapters.Account{Settings: s}); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), v) && len(v) > 4 {
			t.Errorf("%s=%s: %v", name, v, err)
		}
	}
}
