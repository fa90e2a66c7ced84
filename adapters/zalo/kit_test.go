package zalo_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/zalo"
	"github.com/hoidap/hoidap/adapters/zalo/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

var (
	app = fake.App{ID: "431234567890123456", Secret: "zalo-app-secret-1", OA: "388613280878808645", OASecret: "zalo-oa-secret-key-1"}
	lan = address.Address{Scheme: "zalo", ID: "246845883529197922"}
	tel = address.Address{Scheme: "tel", ID: "+84901234567"}
)

func settings() map[string]string {
	return map[string]string{"app_id": app.ID, "app_secret": app.Secret, "oa_id": app.OA, "oa_secret": app.OASecret}
}

// told is an authentic call.
func told(body map[string]any) adapters.Request {
	body["app_id"], body["timestamp"] = app.ID, "1795143600000"
	return fake.New(adaptertest.Webhook, app, true).Signed(body, adapters.Event{})
}

func kit(chat bool) adaptertest.Kit {
	probe := adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook, Header: http.Header{}, Body: []byte("{}")}
	return adaptertest.Kit{
		Open: func() (adapters.Type, adaptertest.Fake) {
			return zalo.Type(), fake.New(adaptertest.Webhook, app, chat)
		},
		Settings:   settings(),
		Vault:      zalo.Kept(fake.FirstAccess, fake.FirstRefresh, time.Now().Add(-time.Hour)),
		Proofs:     []adaptertest.Proof{{Header: zalo.SignatureHeader, Body: true}},
		Handshakes: []adaptertest.Handshake{{Request: probe}},
		Template:   &adapters.Template{ID: "322307", Variables: map[string]string{"customer_name": "Lan", "order_code": "A1"}},
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: "96d3cdf3af150460909", Text: "dạ 2 nha"},
			{Kind: adapters.Inbound, From: lan, MessageID: "96d3cdf3af150460910", Text: "áo này ạ", Media: []adapters.Media{{URL: "https://f.zdn.vn/1.jpg", Type: "image/*"}}},
			{Kind: adapters.Inbound, From: lan, MessageID: "96d3cdf3af150460911"}, // a sticker
			{Kind: adapters.Inbound, Ours: "c7-abc.17", Text: "Buổi sáng"},
			{Kind: adapters.Linked, From: lan, Name: "Lan", Also: tel},
			{Kind: adapters.OptIn, From: lan},
			{Kind: adapters.OptOut, From: lan, Confirmed: true},
			{Kind: adapters.Report, From: lan, Theirs: "8f3a", Status: adapters.Delivered},
			{Kind: adapters.Report, From: lan, Theirs: "8f3a", Status: adapters.Read},
			{Kind: adapters.Report, From: tel, Ours: "c7-abc.17", Theirs: "c1d2", Status: adapters.Delivered},
		},
		Unknown: []adapters.Request{
			told(map[string]any{"event_name": "permission_revoked", "oa_id": app.OA}),
			told(map[string]any{"event_name": "user_reacted_message", "sender": map[string]any{"id": lan.ID}, "recipient": map[string]any{"id": app.OA}, "message": map[string]any{"msg_id": "1"}}),
			told(map[string]any{"event_name": "follow", "oa_id": "999999999999999999", "follower": map[string]any{"id": lan.ID}}),
		},
		Recorded: os.DirFS("testdata"),
	}
}

func TestChat(t *testing.T) {
	k := kit(true)
	k.Channel, k.To, k.Lacks = address.Zalo, lan, []adapters.Fault{adapters.Transient}
	adaptertest.Run(t, k)
}

func TestTemplatesToNumbers(t *testing.T) {
	k := kit(false)
	k.Channel, k.To, k.Lacks = address.SMS, tel, []adapters.Fault{adapters.Transient, adapters.Window}
	k.Answers, k.LettersID = "c7-abc.18", "-"
	adaptertest.Run(t, k)
}
