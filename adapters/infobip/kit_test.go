package infobip_test

import (
	"os"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/infobip"
	"github.com/hoidap/hoidap/adapters/infobip/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const (
	key       = "0123456789abcdef-0123-api-key"
	path      = "0123456789abcdef0123456789abcdef"
	hmacKey   = "hmac-s3cret-0123"
	signature = "X-Signature"
)

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}

func TestContract(t *testing.T) {
	basic, inPath, body := adaptertest.Proof{Header: "Authorization"}, adaptertest.Proof{Path: true}, adaptertest.Proof{Header: signature, Body: true}
	for _, x := range []struct {
		name     string
		opts     fake.Options
		settings map[string]string
		proofs   []adaptertest.Proof
	}{
		{"basic", fake.Options{User: "gw", Password: "s3cret"}, map[string]string{"webhook_user": "gw", "webhook_password": "s3cret"}, []adaptertest.Proof{basic}},
		{"path", fake.Options{}, map[string]string{"path_secret": path}, []adaptertest.Proof{inPath}},
		{"hmac", fake.Options{HMAC: hmacKey, HMACHeader: signature}, map[string]string{"hmac_secret": hmacKey, "hmac_algorithm": "HMAC_SHA_512", "hmac_header": signature}, []adaptertest.Proof{body}},
		{"all, and a name as sender", fake.Options{From: "MyShop", User: "gw", Password: "s3cret", HMAC: hmacKey, HMACHeader: signature}, map[string]string{
			"from": "MyShop", "webhook_user": "gw", "webhook_password": "s3cret", "path_secret": path, "hmac_secret": hmacKey, "hmac_algorithm": "HMAC_SHA_512", "hmac_header": signature,
		}, []adaptertest.Proof{basic, inPath, body}},
	} {
		t.Run(x.name, func(t *testing.T) {
			x.opts.Key, x.settings["api_key"] = key, key
			if x.opts.From == "" {
				x.opts.From, x.settings["from"] = "15005550006", "+15005550006"
			}
			webhook := adaptertest.Webhook
			if x.settings["path_secret"] != "" {
				webhook += "/" + path
			}
			call := fake.New(webhook, x.opts).Call
			adaptertest.Run(t, adaptertest.Kit{
				Open:      func() (adapters.Type, adaptertest.Fake) { return infobip.Type(), fake.New(webhook, x.opts) },
				Channel:   address.SMS,
				Settings:  x.settings,
				To:        lan,
				Proofs:    x.proofs,
				LettersID: "817790313235066449",
				Events: []adapters.Event{
					{Kind: adapters.Inbound, From: lan, MessageID: "817790313235066447", Text: "dạ 2 nha"},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "m1", Status: adapters.Queued},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "m1", Status: adapters.SentOn},
					{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "m1", Status: adapters.Delivered},
					{Kind: adapters.Report, From: lan, Ours: "m2", Theirs: "m2", Status: adapters.Undelivered, Fault: adapters.Stopped, Code: "error 603"},
					{Kind: adapters.Report, From: lan, Ours: "m3", Theirs: "m3", Status: adapters.Undelivered, Fault: adapters.Transient, Code: "error 27"},
					{Kind: adapters.Report, From: lan, Ours: "m4", Theirs: "m4", Status: adapters.Undelivered, Code: "error 7777"},
					{Kind: adapters.Report, From: lan, Ours: "m5", Theirs: "m5", Status: adapters.Failed, Fault: adapters.Operator, Code: "status 12"},
					{Kind: adapters.Report, From: lan, Theirs: "of another program", Status: adapters.Failed, Fault: adapters.Stopped, Code: "status 14"},
				},
				Unknown: []adapters.Request{
					call(`{"results":[{"messageId":"1","from":"VIETTEL","text":"OTP 1234"}]}`),
					call(`{"results":[{"messageId":"1","from":"84901234567","message":{"type":"IMAGE"}}]}`),
					call(`{"results":[{"messageId":"1","to":"84901234567","status":{"groupId":9,"id":1}}]}`),
					call(`{"results":[{"messageId":"1","to":"84901234567","status":{"groupId":5,"id":23},"callbackData":"m1"}]}`),
					call(`{"results":[7]}`),
				},
				Lacks:    []adapters.Fault{adapters.Window},
				Recorded: os.DirFS("testdata"),
			})
		})
	}
}
