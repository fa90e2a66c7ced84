package chim_test

import (
	"os"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/chim"
	"github.com/hoidap/hoidap/adapters/chim/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const secret = "b7c1f0de"

func provider() *fake.Fake { return fake.New(adaptertest.Webhook, secret) }

func TestContract(t *testing.T) {
	customer := address.Address{Scheme: "tel", ID: "+84901234567"}
	adaptertest.Run(t, adaptertest.Kit{
		Open:     func() (adapters.Type, adaptertest.Fake) { return chim.Type(), provider() },
		Channel:  address.SMS,
		Settings: map[string]string{"token": "t0ken-of-a-test", "webhook_secret": secret},
		To:       customer,
		Proofs:   []adaptertest.Proof{{Header: "X-Chim-Signature", Body: true}},
		Events: []adapters.Event{ // all that Chim can tell: take out what it does not, and add what it does
			{Kind: adapters.Inbound, From: customer, MessageID: "9007199254740999", Text: "2"},
			{Kind: adapters.Report, From: customer, Theirs: "9007199254740993", Status: adapters.Delivered},
			{Kind: adapters.Report, From: customer, Theirs: "9007199254740994", Status: adapters.Failed, Fault: adapters.Recipient, Code: "201"},
		},
		Unknown:   []adapters.Request{provider().Call([]byte(`{"type": "typing"}`), time.Time{})},
		LettersID: "9007199254740998",
		Lacks:     []adapters.Fault{adapters.Later, adapters.Window}, // failures that Chim does not have; fake/fake.go plays the others
		Recorded:  os.DirFS("testdata"),
	})
}
