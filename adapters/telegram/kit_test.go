package telegram_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/telegram"
	"github.com/hoidap/hoidap/adapters/telegram/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const token, secret = "123456789:AAbot-token", "s3cr3t_Token-0123"

func TestContract(t *testing.T) {
	lan := address.Address{Scheme: "telegram", ID: "9007199254740993"}
	call := func(body string) adapters.Request {
		return adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook, Header: http.Header{telegram.SecretHeader: {secret}}, Body: []byte(body)}
	}
	adaptertest.Run(t, adaptertest.Kit{
		Open: func() (adapters.Type, adaptertest.Fake) {
			return telegram.Type(), fake.New(adaptertest.Webhook, token, secret)
		},
		Channel:   address.Telegram,
		Settings:  map[string]string{"bot_token": token, "secret_token": secret},
		To:        lan,
		Proofs:    []adaptertest.Proof{{Header: telegram.SecretHeader}},
		LettersID: lan.ID + ":9007199254740997",
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: lan.ID + ":9007199254740995", Text: "dạ 2 nha", Name: "Lan"},
			{Kind: adapters.Inbound, From: lan, MessageID: "4382bfdwdsb323b2d9", Payload: "style=office"},
			{Kind: adapters.Inbound, From: lan, MessageID: lan.ID + ":59"}, // a sticker
			{Kind: adapters.Linked, From: lan, MessageID: lan.ID + ":57", Also: address.Address{Scheme: "tel", ID: "+84901234567"}},
			{Kind: adapters.OptIn, From: lan, MessageID: lan.ID + ":58", Payload: "abc123"},
			{Kind: adapters.OptIn, From: lan},
			{Kind: adapters.OptOut, From: lan, Confirmed: true},
		},
		Unknown:  []adapters.Request{call(`{"update_id":700009,"poll_answer":{"poll_id":"1"}}`), call(`{"update_id":700010,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"pinned_message":{}}}`)},
		Lacks:    []adapters.Fault{adapters.Transient, adapters.Later},
		Recorded: os.DirFS("testdata"),
	})
}

// A secret is what Telegram takes as one, but not so short that it can be found by trying: it would refuse another when it is told where the webhook is.
func TestSecrets(t *testing.T) {
	t.Parallel()
	check := map[string]func(string) error{}
	for _, s := range telegram.Type().Settings {
		check[s.Name] = s.Check
	}
	const seven = "azAZ09_"
	for v, ok := range map[string]bool{
		seven + "-": true, seven: false, strings.Repeat("x", 256): true, strings.Repeat("x", 257): false,
		seven + "/": false, seven + ":": false, seven + "@": false, seven + "[": false, seven + "`": false, seven + "{": false, seven + " ": false, seven + "đ": false,
	} {
		if err := check["secret_token"](v); (err == nil) != ok {
			t.Errorf("%q: %v", v, err)
		}
	}
}

// The bot is told where the webhook is, and a look at it says who it is.
func TestRegisterAndProbe(t *testing.T) {
	t.Parallel()
	f := fake.New(adaptertest.Webhook, token, secret)
	server := httptest.NewServer(f)
	defer server.Close()
	open := func(token string) adapters.Adapter {
		a, err := telegram.Type().Open(adapters.Account{
			Channel: address.Telegram, Settings: map[string]string{"bot_token": token, "secret_token": secret, "base_url": server.URL}, HTTPClient: server.Client(), Now: time.Now,
		})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	bot := open(token)
	if err := bot.(adapters.Registrar).Register(t.Context(), "https://gw.example.com/hooks/bot"); err != nil || f.Webhook() != "https://gw.example.com/hooks/bot" {
		t.Errorf("%v, %s", err, f.Webhook())
	}
	if h, err := bot.(adapters.Prober).Probe(t.Context()); err != nil || !h.OK || h.Detail != "@shop_bot" {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err := open("1:revoked").(adapters.Prober).Probe(t.Context()); err != nil || h.OK {
		t.Errorf("%+v, %v", h, err)
	}
}
