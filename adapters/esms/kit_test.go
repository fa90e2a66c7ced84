package esms_test

import (
	"maps"
	"net/http"
	"os"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/esms"
	"github.com/hoidap/hoidap/adapters/esms/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const pathSecret = "0192f3c2a7b87c1e9d0a4b5c6d7e8f90"

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}

// settings are those of an account, with more or others.
func settings(more map[string]string) map[string]string {
	set := map[string]string{"api_key": "APIKEY-1", "secret_key": "SECRETKEY-1", "brandname": "MYSHOP", "unicode": "yes", "path_secret": pathSecret}
	maps.Copy(set, more)
	return set
}

func options(set map[string]string) fake.Options {
	return fake.Options{
		Webhook: adaptertest.Webhook + "/" + pathSecret, APIKey: "APIKEY-1", SecretKey: "SECRETKEY-1", Brandname: "MYSHOP",
		ShortCode: set["short_code"], Keyword: set["keyword"], PrivateKey: set["mo_private_key"],
	}
}

func get(query string) adapters.Request {
	return adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook + "/" + pathSecret + "?" + query, Header: http.Header{}}
}

var receipts = []adapters.Event{
	{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "ebe101db-30", Status: adapters.Queued},
	{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "ebe101db-30", Status: adapters.SentOn},
	{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "ebe101db-30", Status: adapters.Delivered},
	{Kind: adapters.Report, From: lan, Ours: "m1.2", Theirs: "ebe101db-31", Status: adapters.Undelivered, Code: "5"},
	{Kind: adapters.Report, From: lan, Ours: "m1.3", Theirs: "ebe101db-32", Status: adapters.Failed, Fault: adapters.BadMessage, Code: "4"},
	{Kind: adapters.Report, From: lan, Ours: "", Theirs: "ebe101db-33", Status: adapters.Delivered},
}

func TestContract(t *testing.T) {
	signed := adaptertest.Proof{Param: "sign", Params: []string{"cpid", "smsid", "content", "receiverTime"}}
	withoutMarks := "the brandname carries no Unicode: texts leave without marks, and TestWithoutUnicode looks at each letter"
	for _, x := range []struct {
		name   string
		more   map[string]string
		events []adapters.Event
		proofs []adaptertest.Proof
		waived map[string]string
	}{
		{"a short code of its own", map[string]string{"short_code": "8041", "mo_private_key": "secret1"}, []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: "9007199254740993", Text: "SHOP 2"},
		}, []adaptertest.Proof{{Path: true}, signed}, nil},
		{"a keyword", map[string]string{"short_code": "8041", "keyword": "SHOP", "mo_private_key": "secret1"}, []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: "9007199254740993", Text: "2 nha"},
		}, []adaptertest.Proof{{Path: true}, signed}, nil},
		{"one way, without Unicode", map[string]string{"unicode": "no", "carries": "qc"}, nil, []adaptertest.Proof{{Path: true}}, map[string]string{
			"every letter arrives": withoutMarks, "text arrives up to the limit and is refused beyond it": withoutMarks, "options arrive up to the limit": withoutMarks,
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			set := settings(x.more)
			adaptertest.Run(t, adaptertest.Kit{
				Open:     func() (adapters.Type, adaptertest.Fake) { return esms.Type(), fake.New(options(set)) },
				Channel:  address.SMS,
				Settings: set,
				To:       lan,
				Proofs:   x.proofs,
				Events:   append(x.events, receipts...),
				Unknown:  []adapters.Request{get("event=brandname_expires&id=1"), get("SMSID=ebe101db-30&SendStatus=9")},
				Lacks:    []adapters.Fault{adapters.Transient, adapters.Later, adapters.Window},
				Recorded: os.DirFS("testdata"),
				Waived:   x.waived,
			})
		})
	}
}
