package vonage_test

import (
	"net/http"
	"os"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/vonage"
	"github.com/hoidap/hoidap/adapters/vonage/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const (
	key, secret = "abcd1234", "API.secret-0123"
	signs       = "vonage-signature-secret-1"
	path        = "0123456789abcdef0123456789abcdef"
)

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}

func TestContract(t *testing.T) {
	byParam, byField := adaptertest.Proof{Param: "sig", AllParams: true}, adaptertest.Proof{Field: "sig", AllParams: true}
	for _, x := range []struct {
		name   string
		opts   fake.Options
		path   string
		proofs []adaptertest.Proof
	}{
		{"form", fake.Options{Form: "POST", Method: "sha256hmac", SignatureSecret: signs}, "", []adaptertest.Proof{byParam}},
		{"query", fake.Options{Form: "GET", Method: "sha512hmac", SignatureSecret: signs}, "", []adaptertest.Proof{byParam}},
		{"json", fake.Options{Form: "POST-JSON", Method: "md5hash", SignatureSecret: signs}, "", []adaptertest.Proof{byField}},
		{"unsigned", fake.Options{Form: "GET"}, path, []adaptertest.Proof{{Path: true}}},
		{"signed and secret", fake.Options{Form: "POST", Method: "sha1hmac", SignatureSecret: signs}, path, []adaptertest.Proof{byParam, {Path: true}}},
		{"a name as sender", fake.Options{Form: "POST", Method: "md5hmac", SignatureSecret: signs, From: "MyShop"}, "", []adaptertest.Proof{byParam}},
	} {
		t.Run(x.name, func(t *testing.T) {
			x.opts.Key, x.opts.Secret = key, secret
			if x.opts.From == "" {
				x.opts.From = "15005550006"
			}
			settings := map[string]string{"api_key": key, "api_secret": secret, "from": x.opts.From, "signature_secret": x.opts.SignatureSecret, "signature_method": x.opts.Method, "path_secret": x.path}
			webhook, token := adaptertest.Webhook, ""
			if x.path != "" {
				webhook, token = webhook+"/"+x.path, x.path
			}
			empty := func(method string) adaptertest.Handshake {
				return adaptertest.Handshake{Request: adapters.Request{Method: method, URL: webhook}, Token: token}
			}
			adaptertest.Run(t, adaptertest.Kit{
				Open: func() (adapters.Type, adaptertest.Fake) {
					return vonage.Type(), fake.New(webhook, x.opts)
				},
				Channel:    address.SMS,
				Settings:   settings,
				To:         lan,
				Proofs:     x.proofs,
				Handshakes: []adaptertest.Handshake{empty(http.MethodGet), empty(http.MethodPost)},
				Events: []adapters.Event{
					{Kind: adapters.Inbound, From: lan, MessageID: "0A0000001234567B", Text: "dạ 2 nha"},
					{Kind: adapters.Inbound, From: lan, MessageID: "0A0000001234567C", Text: "Q1=2 & Q3"},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "0A0000001234567D", Status: adapters.SentOn},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "0A0000001234567D", Status: adapters.Delivered},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "0A0000001234567E", Status: adapters.Undelivered, Fault: adapters.Stopped, Code: "4"},
					{Kind: adapters.Report, From: lan, Ours: "m1.2", Theirs: "0A0000001234567F", Status: adapters.Undelivered, Fault: adapters.Recipient, Code: "9"},
					{Kind: adapters.Report, From: lan, Ours: "m1.2", Theirs: "0A0000001234567F", Status: adapters.Failed, Code: "99"},
				},
				Unknown: []adapters.Request{
					fake.New(webhook, x.opts).Call(map[string]string{"msisdn": "84901234567", "messageId": "1", "type": "binary", "data": "00", "udh": "00"}),
					fake.New(webhook, x.opts).Call(map[string]string{"msisdn": "VIETTEL", "messageId": "1", "type": "text", "text": "OTP 1234"}),
					fake.New(webhook, x.opts).Call(map[string]string{"msisdn": "84901234567", "messageId": "1", "status": "pondering"}),
				},
				Lacks:    []adapters.Fault{adapters.Later, adapters.Stopped, adapters.Window},
				Recorded: os.DirFS("testdata"),
			})
		})
	}
}
