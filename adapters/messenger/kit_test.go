package messenger_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/messenger"
	"github.com/hoidap/hoidap/adapters/messenger/fake"
	"github.com/hoidap/hoidap/adapters/meta"
	"github.com/hoidap/hoidap/preferences/address"
)

const token, secret, verify, page = "EAAG0123456789token", "9a8b7c6d5e4f30211203f4e5d6c7b8a9", "verify_0123456789-token", "102030405060708"

var lan = address.Address{Scheme: "messenger", ID: "9007199254740993"}

func newFake() *fake.Messenger {
	return fake.New(adaptertest.Webhook, fake.Options{Token: token, Page: page, Secret: secret})
}

func settings() map[string]string {
	return map[string]string{"page_token": token, "page_id": page, "app_secret": secret, "verify_token": verify}
}

func TestContract(t *testing.T) {
	entry := func(name string, piece map[string]any) adapters.Request {
		piece["sender"], piece["timestamp"] = map[string]any{"id": lan.ID}, 1760000000100
		return newFake().Sign(map[string]any{"object": "page", "entry": []any{map[string]any{"id": page, name: []any{piece}}}}, time.Now())
	}
	another := newFake().Sign(map[string]any{"object": "page", "entry": []any{map[string]any{"id": "77", "messaging": []any{map[string]any{"message": map[string]any{"mid": "m_9", "text": "2"}}}}}}, time.Now())
	adaptertest.Run(t, adaptertest.Kit{
		Open:     func() (adapters.Type, adaptertest.Fake) { return messenger.Type(), newFake() },
		Channel:  address.Messenger,
		Settings: settings(),
		To:       lan,
		Proofs:   []adaptertest.Proof{{Header: meta.SignatureHeader, Body: true}},
		Handshakes: []adaptertest.Handshake{{
			Request: adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook + "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=" + verify},
			Answer:  adapters.Answer{Body: []byte("1158201444")},
			Token:   verify,
		}},
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: "m_1", Text: "dạ 2 nha"},
			{Kind: adapters.Inbound, From: lan, MessageID: "m_2", Text: "Công sở", Payload: "2"},
			{Kind: adapters.Inbound, From: lan, MessageID: "m_3", Text: "như này ạ", Media: []adapters.Media{{URL: "https://cdn.example.com/a?b=1", Type: "image/*"}, {URL: "https://cdn.example.com/b", Type: "application/octet-stream"}}},
			{Kind: adapters.Inbound, From: lan, MessageID: "m_4", Media: []adapters.Media{{URL: "https://cdn.example.com/c", Type: "audio/*"}}},
			{Kind: adapters.Inbound, From: lan, MessageID: "m_5"}, // a place
			{Kind: adapters.Inbound, From: lan, MessageID: "m_postback1", Text: "Sáng", Payload: "1"},
			{Kind: adapters.OptIn, From: lan, MessageID: "m_start1"},
			{Kind: adapters.OptIn, From: lan, MessageID: "m_start2", Payload: "camp42"},
			{Kind: adapters.OptIn, From: lan, Payload: "camp43"},
			{Kind: adapters.OptIn, From: lan, Confirmed: true},
			{Kind: adapters.OptOut, From: lan, Confirmed: true},
			{Kind: adapters.Report, From: lan, Ours: "c1-x.7.2", Theirs: "m_AbC1", Status: adapters.SentOn},
			{Kind: adapters.Report, From: lan, Theirs: "m_AbC1", Status: adapters.Delivered},
		},
		Unknown: []adapters.Request{
			entry("messaging", map[string]any{"reaction": map[string]any{"reaction": "like", "emoji": "👍", "mid": "m_1"}}),
			entry("messaging", map[string]any{"message": map[string]any{"mid": "m_5", "attachments": []any{map[string]any{"type": "template", "payload": map[string]any{}}}}}),
			entry("messaging", map[string]any{"message": "x"}),
			entry("messaging", map[string]any{"optin": map[string]any{"type": "one_time_notif_req"}}),
			entry("messaging", map[string]any{"optin": map[string]any{"type": "notification_messages", "notification_messages_status": "PAUSE"}}),
			entry("messaging", map[string]any{}),
			entry("standby", map[string]any{"message": map[string]any{"mid": "m_6", "text": "2"}}),
			entry("changes", map[string]any{"field": "feed"}),
			another,
			newFake().Sign(map[string]any{"object": "instagram"}, time.Now()),
		},
		Lacks:    []adapters.Fault{adapters.Later},
		Recorded: os.DirFS("testdata"),
	})
}
