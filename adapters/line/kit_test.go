package line_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/line"
	"github.com/hoidap/hoidap/adapters/line/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const secret, token = "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "t0ken/AbCdEf+123="

func lan() address.Address {
	return address.Address{Scheme: "line", ID: "U4af4980629aabbccddeeff0011223344"}
}

// signed is a call with a body of the test's own.
func signed(body string) adapters.Request {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook, Body: []byte(body),
		Header: http.Header{"X-Line-Signature": {base64.StdEncoding.EncodeToString(mac.Sum(nil))}}}
}

func TestContract(t *testing.T) {
	about := func(event string) adapters.Request {
		return signed(`{"destination":"U0","events":[{"mode":"active","timestamp":1760000000000,"source":{"type":"user","userId":"U1"},"webhookEventId":"01","deliveryContext":{"isRedelivery":false},` + event + `}]}`)
	}
	verify := signed(`{"destination":"U0","events":[]}`)
	adaptertest.Run(t, adaptertest.Kit{
		Open: func() (adapters.Type, adaptertest.Fake) {
			return line.Type(), fake.New(adaptertest.Webhook, secret, token)
		},
		Channel:    address.LINE,
		Settings:   map[string]string{"channel_secret": secret, "channel_access_token": token},
		To:         lan(),
		Proofs:     []adaptertest.Proof{{Header: line.SignatureHeader, Body: true}},
		Handshakes: []adaptertest.Handshake{{Request: verify, Token: verify.Header.Get(line.SignatureHeader)}},
		LettersID:  "444573844083572737",
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan(), MessageID: "9007199254740993", Text: "dạ 2 nha", Handle: "38ef843bde154d9b91c21320ffd17a0f"},
			{Kind: adapters.Inbound, From: lan(), MessageID: "444573844083572738"}, // a sticker
			{Kind: adapters.Inbound, From: lan(), Payload: "2", Handle: "b60d432864f44d079f6d8efe86cf404b"},
			{Kind: adapters.OptIn, From: lan(), Handle: "85cbe770fa8b4f45bbe077b1d4be4a36"},
			{Kind: adapters.OptOut, From: lan(), Confirmed: true},
		},
		Unknown: []adapters.Request{
			about(`"type":"message","message":{"id":"1","type":"something new"}`),
			about(`"type":"unsend","unsend":{"messageId":"325708"}`),
			about(`"type":"something new"`),
			signed(`{"destination":"U0","events":[7]}`),
			signed(`{"destination":"U0","events":[{"type":"follow","mode":"active","source":{"type":"user","userId":"a b"}}]}`),
		},
		// LINE takes what is for somebody who blocked the account, and says nothing.
		Lacks:    []adapters.Fault{adapters.Transient, adapters.Later, adapters.Stopped, adapters.Window},
		Recorded: os.DirFS("testdata"),
	})
}
