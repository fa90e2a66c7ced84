package viber_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/viber"
	"github.com/hoidap/hoidap/adapters/viber/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const token = "4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51f"

func lan() address.Address { return address.Address{Scheme: "viber", ID: "K917PBuvPZmhKfb8Vw3b2Q=="} }

// signed is a call with a body of the test's own.
func signed(body string) adapters.Request {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte(body))
	return adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook, Body: []byte(body),
		Header: http.Header{"X-Viber-Content-Signature": {hex.EncodeToString(mac.Sum(nil))}}}
}

func TestContract(t *testing.T) {
	said := func(message string) adapters.Request {
		return signed(`{"event":"message","timestamp":1760000000000,"message_token":4912661846655238145,"sender":{"id":"01234567890A=","name":"Lan"},"message":` + message + `}`)
	}
	hello := signed(`{"event":"webhook","timestamp":1760000000000,"message_token":4912661846655238145}`)
	adaptertest.Run(t, adaptertest.Kit{
		Open: func() (adapters.Type, adaptertest.Fake) {
			return viber.Type(), fake.New(adaptertest.Webhook, token)
		},
		Channel:    address.Viber,
		Settings:   map[string]string{"auth_token": token, "sender_name": "Cửa hàng của Lan", "shared_contacts": "linked", "welcome": "Chào bạn!"},
		To:         lan(),
		Proofs:     []adaptertest.Proof{{Header: viber.SignatureHeader, Body: true}},
		Handshakes: []adaptertest.Handshake{{Request: hello, Token: hello.Header.Get(viber.SignatureHeader)}},
		LettersID:  "4912661846655238147",
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan(), MessageID: "5741311803571721087", Text: "dạ 2 nha", Name: "Lan"},
			{Kind: adapters.Inbound, From: lan(), MessageID: "5741311803571721088", Name: "Lan"}, // a sticker
			{Kind: adapters.Linked, From: lan(), MessageID: "5741311803571721089", Name: "Lan", Also: address.Address{Scheme: "tel", ID: "+84901234567"}},
			{Kind: adapters.OptIn, From: lan(), Name: "Lan"},
			{Kind: adapters.OptIn, From: lan(), Name: "Lan", Payload: "abc123"},
			{Kind: adapters.OptOut, From: lan(), Confirmed: true},
			{Kind: adapters.Report, From: lan(), Theirs: "5741311803571721087", Status: adapters.Delivered},
			{Kind: adapters.Report, From: lan(), Theirs: "5741311803571721087", Status: adapters.Read},
			{Kind: adapters.Report, From: lan(), Theirs: "5741311803571721087", Status: adapters.Undelivered},
		},
		Unknown: []adapters.Request{
			said(`{"type":"text","text":""}`),
			said(`{"type":"something new"}`),
			said(`{"type":"contact","contact":{"name":"Lan","phone_number":"113"}}`),
			signed(`{"event":"client_status","timestamp":1760000000000,"message_token":4912661846655238145,"user_id":"01234567890A="}`),
			signed(`{"event":"subscribed","timestamp":1760000000000,"user":{"id":"01234567890A="}}`),
			signed(`{"event":"unsubscribed","message_token":1,"user_id":"a b"}`),
		},
		// Viber's limit is for each receiver (later), and a window it has not.
		Lacks:    []adapters.Fault{adapters.Transient, adapters.Throttled, adapters.Window},
		Recorded: os.DirFS("testdata"),
	})
}
