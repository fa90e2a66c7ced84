package whatsapp_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/meta"
	"github.com/hoidap/hoidap/adapters/whatsapp"
	"github.com/hoidap/hoidap/adapters/whatsapp/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const token, secret, verify, number = "EAAG0123456789token", "9a8b7c6d5e4f30211203f4e5d6c7b8a9", "verify_0123456789-token", "106540352242922"

var (
	lan    = address.Address{Scheme: "tel", ID: "+84901234567"}
	hidden = address.Address{Scheme: "whatsapp", ID: "VN.13491208655302741918"}
)

func newFake() *fake.WhatsApp {
	return fake.New(adaptertest.Webhook, fake.Options{Token: token, Number: number, Secret: secret})
}

func settings() map[string]string {
	return map[string]string{"access_token": token, "phone_number_id": number, "app_secret": secret, "verify_token": verify}
}

func TestContract(t *testing.T) {
	unknown := func(field string, value map[string]any) adapters.Request {
		value["metadata"] = map[string]any{"phone_number_id": number}
		return newFake().Sign(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": "1", "changes": []any{map[string]any{"field": field, "value": value}}}}}, time.Now())
	}
	message := func(m map[string]any) adapters.Request {
		m["from"], m["id"] = "84901234567", "wamid.U"
		return unknown("messages", map[string]any{"messages": []any{m}})
	}
	another := newFake().Sign(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"changes": []any{map[string]any{
		"field": "messages", "value": map[string]any{"metadata": map[string]any{"phone_number_id": "100"}, "messages": []any{map[string]any{"from": "84901234567", "id": "wamid.B", "type": "text", "text": map[string]any{"body": "2"}}}},
	}}}}}, time.Now())
	for _, to := range []address.Address{lan, hidden} {
		t.Run(to.Scheme, func(t *testing.T) {
			adaptertest.Run(t, adaptertest.Kit{
				Open:     func() (adapters.Type, adaptertest.Fake) { return whatsapp.Type(), newFake() },
				Channel:  address.WhatsApp,
				Settings: settings(),
				To:       to,
				Proofs:   []adaptertest.Proof{{Header: meta.SignatureHeader, Body: true}},
				Handshakes: []adaptertest.Handshake{{
					Request: adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook + "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=" + verify},
					Answer:  adapters.Answer{Body: []byte("1158201444")},
					Token:   verify,
				}},
				Events: []adapters.Event{
					{Kind: adapters.Inbound, From: to, MessageID: "wamid.text1", Text: "dạ 2 nha", Name: "Lan"},
					{Kind: adapters.Inbound, From: to, MessageID: "wamid.button1", Text: "Công sở", Payload: "2"},
					{Kind: adapters.Inbound, From: to, MessageID: "wamid.list1", Text: "Dạo phố", Payload: "4", Name: "Lan"},
					{Kind: adapters.Inbound, From: to, MessageID: "wamid.template1", Text: "Sáng", Payload: "Sáng"},
					{Kind: adapters.Inbound, From: to, MessageID: "wamid.image1", Text: "như này ạ", Media: []adapters.Media{{URL: "whatsapp:media:9007199254740993", Type: "image/jpeg"}}},
					{Kind: adapters.Inbound, From: to, MessageID: "wamid.audio1", Media: []adapters.Media{{URL: "whatsapp:media:9007199254740995", Type: "audio/ogg; codecs=opus"}}},
					{Kind: adapters.Inbound, From: to, MessageID: "wamid.place1"},
					{Kind: adapters.Linked, From: to, MessageID: "wamid.linked1", Also: address.Address{Scheme: "tel", ID: "+84907654321"}},
					{Kind: adapters.OptOut, From: to, Confirmed: true},
					{Kind: adapters.OptIn, From: to, Confirmed: true},
					{Kind: adapters.Report, From: to, Ours: "m1", Theirs: "wamid.S1", Status: adapters.SentOn},
					{Kind: adapters.Report, From: to, Ours: "m1", Theirs: "wamid.S1", Status: adapters.Delivered},
					{Kind: adapters.Report, From: to, Theirs: "wamid.S1", Status: adapters.Read},
					{Kind: adapters.Report, From: to, Ours: "m1.2", Theirs: "wamid.S2", Status: adapters.Failed, Fault: adapters.Stopped, Code: "131050"},
					{Kind: adapters.Report, From: to, Ours: "m1.2", Theirs: "wamid.S3", Status: adapters.Failed, Fault: adapters.Window, Code: "131047"},
					{Kind: adapters.Report, From: to, Ours: "m1.2", Theirs: "wamid.S4", Status: adapters.Failed, Code: "999999"},
				},
				Unknown: []adapters.Request{
					unknown("account_update", map[string]any{"event": "DISABLED_UPDATE"}),
					unknown("messages", map[string]any{"errors": []any{map[string]any{"code": 131000}}}),
					unknown("messages", map[string]any{"statuses": []any{map[string]any{"id": "wamid.S", "status": "deleted"}}}),
					unknown("user_preferences", map[string]any{"user_preferences": []any{map[string]any{"wa_id": "84901234567", "category": "utility_messages", "value": "stop"}}}),
					message(map[string]any{"type": "reaction", "reaction": map[string]any{"emoji": "👍"}}),
					message(map[string]any{"type": "unsupported", "errors": []any{map[string]any{"code": 131051}}}),
					message(map[string]any{"type": "contacts", "origin": "other", "contacts": []any{map[string]any{"phones": []any{map[string]any{"phone": "+84 907 654 321"}}}}}),
					message(map[string]any{"type": 7}),
					another,
					newFake().Sign(map[string]any{"object": "page"}, time.Now()),
				},
				Template: &adapters.Template{ID: "visit_pref_v1", Language: "vi", Variables: map[string]string{
					"1": "Lan", "2": "Tết", "3": "ba mươi", "header.1": "Chào", "button.1": "1", "button.2": "2", "link.3": "a?b=c",
				}},
				Recorded: os.DirFS("testdata"),
			})
		})
	}
}
