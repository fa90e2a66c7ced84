package twilio

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

var (
	lan = address.Address{Scheme: "tel", ID: "+84901234567"}
	at  = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
)

// signed is a form as Twilio would post it to the account's webhook.
func signed(query string, body string) adapters.Request {
	u := "https://gw.example.com/hooks/main" + query
	fields, _ := url.ParseQuery(body)
	r := request(http.MethodPost, u, "application/x-www-form-urlencoded", fake.Sign(token, u, fields), body)
	r.At = at
	return r
}

func TestDecode(t *testing.T) {
	for _, x := range []struct {
		name, query, body string
		want              adapters.Event
	}{
		{"text", "", form("MessageSid", "SM1", "From", lan.ID, "Body", "Dạ 2 nha", "SmsStatus", "received"),
			adapters.Event{Kind: adapters.Inbound, ID: "SM1", MessageID: "SM1", From: lan, Text: "Dạ 2 nha", At: at}},
		{"short form", "", form("SmsSid", "SM1", "From", lan.ID),
			adapters.Event{Kind: adapters.Inbound, ID: "SM1", MessageID: "SM1", From: lan, At: at}},
		{"whatsapp", "", form("MessageSid", "SM1", "From", "whatsapp:+84901234567", "Body", "Công sở", "ButtonPayload", "style=office", "ButtonText", "Công sở", "ProfileName", "Lan"),
			adapters.Event{Kind: adapters.Inbound, ID: "SM1", MessageID: "SM1", From: lan, Text: "Công sở", Payload: "style=office", Name: "Lan", At: at}},
		{"whatsapp without a number", "", form("MessageSid", "SM1", "From", "whatsapp:VN.1a2b", "Body", "2"),
			adapters.Event{Kind: adapters.Inbound, ID: "SM1", MessageID: "SM1", From: address.Address{Scheme: "whatsapp", ID: "VN.1a2b"}, Text: "2", At: at}},
		{"list", "", form("MessageSid", "SM1", "From", lan.ID, "ListId", "p1", "ListTitle", "Một"),
			adapters.Event{Kind: adapters.Inbound, ID: "SM1", MessageID: "SM1", From: lan, Text: "Một", Payload: "p1", At: at}},
		{"pictures", "", form("MessageSid", "MM1", "From", lan.ID, "Body", "", "NumMedia", "2", "MediaUrl0", "https://api.twilio.com/a", "MediaContentType0", "image/jpeg", "MediaUrl1", "https://api.twilio.com/b"),
			adapters.Event{Kind: adapters.Inbound, ID: "MM1", MessageID: "MM1", From: lan, Media: []adapters.Media{{URL: "https://api.twilio.com/a", Type: "image/jpeg"}, {URL: "https://api.twilio.com/b"}}, At: at}},
		{"stop", "", form("MessageSid", "SM1", "From", lan.ID, "Body", "Stop", "OptOutType", "STOP"),
			adapters.Event{Kind: adapters.OptOut, ID: "SM1", MessageID: "SM1", From: lan, Text: "Stop", Confirmed: true, At: at}},
		{"start", "", form("MessageSid", "SM1", "From", lan.ID, "Body", "start", "OptOutType", "START"),
			adapters.Event{Kind: adapters.OptIn, ID: "SM1", MessageID: "SM1", From: lan, Text: "start", Confirmed: true, At: at}},
		{"help", "", form("MessageSid", "SM1", "From", lan.ID, "Body", "help", "OptOutType", "HELP"),
			adapters.Event{Kind: adapters.Inbound, ID: "SM1", MessageID: "SM1", From: lan, Text: "help", Confirmed: true, At: at}},
		{"stop, unmarked", "", form("MessageSid", "SM1", "From", lan.ID, "Body", "STOP"),
			adapters.Event{Kind: adapters.Inbound, ID: "SM1", MessageID: "SM1", From: lan, Text: "STOP", At: at}},
		{"delivered", "?mid=m-1.2", form("MessageSid", "SM1", "MessageStatus", "delivered", "SmsStatus", "delivered", "To", lan.ID, "From", "+15005550006", "RawDlrDoneDate", "2611200301"),
			adapters.Event{Kind: adapters.Report, ID: "SM1/delivered", From: lan, Ours: "m-1.2", Theirs: "SM1", Status: adapters.Delivered, At: at}},
		{"undelivered", "?mid=m1", form("MessageSid", "SM1", "MessageStatus", "undelivered", "ErrorCode", "30005", "To", "whatsapp:+84901234567"),
			adapters.Event{Kind: adapters.Report, ID: "SM1/undelivered", From: lan, Ours: "m1", Theirs: "SM1", Status: adapters.Undelivered, Fault: adapters.Recipient, Code: "30005", At: at}},
		{"failed, unknown code", "?mid=m1", form("MessageSid", "SM1", "MessageStatus", "failed", "ErrorCode", "99999", "To", lan.ID),
			adapters.Event{Kind: adapters.Report, ID: "SM1/failed", From: lan, Ours: "m1", Theirs: "SM1", Status: adapters.Failed, Code: "99999", At: at}},
		{"sent by somebody else", "", form("MessageSid", "SM1", "SmsStatus", "sent"),
			adapters.Event{Kind: adapters.Report, ID: "SM1/sent", Theirs: "SM1", Status: adapters.SentOn, At: at}},
	} {
		d, err := opened(t, account(address.SMS)).Decode(signed(x.query, x.body))
		if err != nil || len(d.Events) != 1 || !reflect.DeepEqual(d.Events[0], x.want) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", x.name, err, d.Events, x.want)
		}
		if string(d.Answer.Body) != "<Response/>" || d.Answer.Status != 200 || d.Answer.Header.Get("Content-Type") != "text/xml" {
			t.Errorf("%s: answered %+v", x.name, d.Answer)
		}
	}
}

func TestDecodeLeavesOutSenders(t *testing.T) {
	for _, from := range []string{"12345", "VIETTEL", "A1 Bank"} {
		d, err := opened(t, account(address.SMS)).Decode(signed("", form("MessageSid", "SM1", "From", from, "Body", "Your code is 1234")))
		if err != nil || len(d.Events) != 0 || len(d.Answer.Body) == 0 {
			t.Errorf("%s: %+v, %v", from, d, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"no id":          form("From", lan.ID, "Body", "2"),
		"no sender":      form("MessageSid", "SM1", "Body", "2"),
		"a broken one":   form("MessageSid", "SM1", "From", "+84 90", "Body", "2"),
		"unknown status": form("MessageSid", "SM1", "MessageStatus", "teleported"),
		"nothing":        "",
	} {
		_, err := opened(t, account(address.SMS)).Decode(signed("", body))
		if !errors.Is(err, adapters.ErrMalformed) || strings.Contains(err.Error(), "84") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpen(t *testing.T) {
	for name, x := range map[string]struct {
		acc  adapters.Account
		want string // part of the error; empty: opens
	}{
		"plain":               {account(address.SMS), ""},
		"token of a test":     {account(address.SMS, "account_sid", "AC1", "auth_token", "test-token"), ""},
		"service":             {account(address.SMS, "from", "", "messaging_service_sid", "MG1"), ""},
		"name":                {account(address.SMS, "from", "LUA VA"), ""},
		"whatsapp":            {account(address.WhatsApp, "from", "whatsapp:+15005550006"), ""},
		"key":                 {account(address.SMS, "api_key", "SK1", "api_secret", "s"), ""},
		"no sid":              {account(address.SMS, "account_sid", ""), "account_sid is missing"},
		"wrong sid":           {account(address.SMS, "account_sid", "SK1"), "account_sid must begin with AC"},
		"no token":            {account(address.SMS, "auth_token", ""), "auth_token is missing"},
		"spaces in the token": {account(address.SMS, "auth_token", "secret stuff"), "auth_token may hold no spaces"},
		"no sender":           {account(address.SMS, "from", ""), "either from or messaging_service_sid"},
		"two senders":         {account(address.SMS, "messaging_service_sid", "MG1"), "either from or messaging_service_sid"},
		"a long name":         {account(address.SMS, "from", "LUA VA THOI TRANG"), "from must be"},
		"half a key":          {account(address.SMS, "api_key", "SK1"), "belong together"},
		"no URL":              {account(address.SMS, "base_url", "api.twilio.com"), "base_url must be a URL"},
		"wrong channel":       {account(address.Zalo), "channel must be"},
		"underscore":          {adapters.Account{Channel: address.SMS, WebhookURL: "https://my_gw.example/", Settings: account(address.SMS).Settings}, "underscore"},
	} {
		_, err := Type().Open(x.acc)
		if (err == nil) != (x.want == "") || err != nil && (!strings.Contains(err.Error(), x.want) || strings.Contains(err.Error(), "secret stuff")) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
}
