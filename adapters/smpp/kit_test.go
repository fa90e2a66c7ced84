package smpp_test

import (
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/smpp"
	"github.com/hoidap/hoidap/adapters/smpp/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const systemID, password = "gw01", "s3cr3t-word"

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}

func TestContract(t *testing.T) {
	report := func(id string, s adapters.Status, f adapters.Fault, code string) adapters.Event {
		return adapters.Event{Kind: adapters.Report, From: lan, Theirs: id, Status: s, Fault: f, Code: code}
	}
	adaptertest.Run(t, adaptertest.Kit{
		Open:      func() (adapters.Type, adaptertest.Fake) { return smpp.Type(), fake.New(systemID, password) },
		Channel:   address.SMS,
		Settings:  map[string]string{"system_id": systemID, "password": password, "from": "8041"},
		At:        "address",
		To:        lan,
		LettersID: "-", // the protocol has no ids for what customers write
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan, Text: "2"},
			{Kind: adapters.Inbound, From: lan, Text: "dạ 2 nha"},
			{Kind: adapters.Inbound, From: lan, Text: "{2} ~ [€]"},
			report("9007199254740995", adapters.SentOn, "", ""),
			report("9007199254740995", adapters.Delivered, "", ""),
			report("9007199254740997", adapters.Undelivered, adapters.Recipient, "027"),
			report("9007199254740999", adapters.Undelivered, adapters.Transient, ""),
			report("9007199254741001", adapters.Undelivered, "", ""),
			report("9007199254741003", adapters.Failed, adapters.BadMessage, "1179"),
			report("9007199254741005", adapters.Failed, adapters.Operator, ""),
		},
		Lacks: []adapters.Fault{adapters.Later, adapters.Stopped, adapters.Window},
	})
}
