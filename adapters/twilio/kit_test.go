package twilio_test

import (
	"os"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/twilio"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

func TestContract(t *testing.T) {
	lan := address.Address{Scheme: "tel", ID: "+84901234567"}
	for _, x := range []struct {
		name     string
		channel  address.Channel
		settings map[string]string
	}{
		{"sms", address.SMS, map[string]string{"from": "+15005550006"}},
		{"sms by a service", address.SMS, map[string]string{"messaging_service_sid": "MG1"}},
		{"whatsapp", address.WhatsApp, map[string]string{"from": "+15005550006"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			x.settings["account_sid"], x.settings["auth_token"] = "AC00000000000000000000000000000001", "12345678901234567890123456789012"
			adaptertest.Run(t, adaptertest.Kit{
				Open: func() (adapters.Type, adaptertest.Fake) {
					return twilio.Type(), fake.New(fake.Options{WhatsApp: x.channel == address.WhatsApp, Webhook: adaptertest.Webhook})
				},
				Channel:  x.channel,
				Settings: x.settings,
				To:       lan,
				Proofs:   []adaptertest.Proof{{Header: twilio.SignatureHeader, URL: true, Body: true}},
				Events: []adapters.Event{
					{Kind: adapters.Inbound, From: lan, MessageID: "SM1", Text: "dạ 2 nha"},
					{Kind: adapters.Inbound, From: lan, MessageID: "SM2", Text: "Công sở", Payload: "style=office", Name: "Lan", Media: []adapters.Media{{URL: "https://api.twilio.com/1", Type: "image/jpeg"}}},
					{Kind: adapters.OptOut, From: lan, MessageID: "SM3", Text: "STOP", Confirmed: true},
					{Kind: adapters.OptIn, From: lan, MessageID: "SM4", Text: "START", Confirmed: true},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "SM5", Status: adapters.Queued},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "SM5", Status: adapters.SentOn},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "SM5", Status: adapters.Delivered},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "SM5", Status: adapters.Read},
					{Kind: adapters.Report, From: lan, Ours: "m1.2", Theirs: "SM6", Status: adapters.Failed, Fault: adapters.Stopped, Code: "21610"},
					{Kind: adapters.Report, From: lan, Ours: "m1.2", Theirs: "SM6", Status: adapters.Undelivered, Fault: adapters.Recipient, Code: "30005"},
				},
				Template: &adapters.Template{ID: "HX1", Variables: map[string]string{"1": "Lan"}},
				Recorded: os.DirFS("testdata"),
			})
		})
	}
}
