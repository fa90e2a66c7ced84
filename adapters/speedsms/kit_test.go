package speedsms_test

import (
	"maps"
	"net/http"
	"os"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/speedsms"
	"github.com/hoidap/hoidap/adapters/speedsms/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

const pathSecret = "0192f3c2a7b87c1e9d0a4b5c6d7e8f90"

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}

// settings are those of a telephone with SpeedSMS's app, with more or others.
func settings(more map[string]string) map[string]string {
	set := map[string]string{"access_token": "TOKEN1-secret", "sms_type": "5", "sender": "device-1", "unicode": "yes", "path_secret": pathSecret}
	maps.Copy(set, more)
	return set
}

func options(set map[string]string) fake.Options {
	return fake.Options{Webhook: adaptertest.Webhook + "/" + pathSecret, Token: set["access_token"], Sender: set["sender"], Plain: set["unicode"] == "no"}
}

func post(body string) adapters.Request {
	return adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook + "/" + pathSecret, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
}

func TestContract(t *testing.T) {
	receipts := []adapters.Event{
		{Kind: adapters.Report, From: lan, Theirs: "9007199254740993", Status: adapters.Delivered},
		{Kind: adapters.Report, From: lan, Theirs: "9007199254740995", Status: adapters.SentOn, Code: "63"},
		{Kind: adapters.Report, From: lan, Theirs: "9007199254740995", Status: adapters.Undelivered, Code: "64"},
	}
	withoutMarks := "the brandname carries no Unicode: texts leave without marks, and TestWithoutUnicode looks at each letter"
	for _, x := range []struct {
		name   string
		more   map[string]string
		events []adapters.Event
		waived map[string]string
	}{
		{"a telephone", nil, []adapters.Event{{Kind: adapters.Inbound, From: lan, Text: "dạ 2 nha"}}, nil},
		{"a brandname without Unicode", map[string]string{"sms_type": "3", "sender": "MYSHOP", "unicode": "no", "carries": "qc"}, nil, map[string]string{
			"every letter arrives": withoutMarks, "text arrives up to the limit and is refused beyond it": withoutMarks, "options arrive up to the limit": withoutMarks,
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			set := settings(x.more)
			adaptertest.Run(t, adaptertest.Kit{
				Open:      func() (adapters.Type, adaptertest.Fake) { return speedsms.Type(), fake.New(options(set)) },
				Channel:   address.SMS,
				Settings:  set,
				To:        lan,
				Proofs:    []adaptertest.Proof{{Path: true}},
				Events:    append(x.events, receipts...),
				LettersID: "-",
				Unknown:   []adapters.Request{post(`{"type":"balance","amount":1000}`), post(`{"type":"report","tranId":1,"phone":"84901234567","status":-1}`)},
				Lacks:     []adapters.Fault{adapters.Later, adapters.Window, adapters.Stopped},
				Recorded:  os.DirFS("testdata"),
				Waived:    x.waived,
			})
		})
	}
}
