package http_test

import (
	nethttp "net/http"
	"os"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/http"
	"github.com/hoidap/hoidap/adapters/http/fake"
	"github.com/hoidap/hoidap/config"
	"github.com/hoidap/hoidap/preferences/address"
)

const (
	pathSecret  = "0192f3c2a7b87c1e9d0a4b5c6d7e8f90"
	verifyToken = "handshake-token-1"
)

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}

func environment(name string) string {
	return map[string]string{
		"SAO_TOKEN": "sao-token-1", "SAO_HOOK_KEY": "k1", "SAO_VERIFY_TOKEN": verifyToken,
		"NHANH_USER": "shop-user", "NHANH_PASSWORD": "p&ss=w rd", "NHANH_PATH_SECRET": pathSecret,
	}[name]
}

// configured reads the settings of an account from YAML, as the program does.
func configured(t testing.TB, account, text string) map[string]string {
	t.Helper()
	c, problems := config.Load("hoidap.yaml", environment, func(string) ([]byte, error) { return []byte(text), nil })
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, a := range c.Accounts {
		if a.ID != account {
			continue
		}
		set := map[string]string{}
		for name, v := range a.Settings {
			set[name] = string(v.Value)
		}
		return set
	}
	t.Fatalf("there is no account %s", account)
	return nil
}

func sao(t testing.TB) map[string]string   { return configured(t, "sao", example(t, "sao")) }
func nhanh(t testing.TB) map[string]string { return configured(t, "nhanh", example(t, "nhanh")) }

// thu is a third provider, whose configuration stands in no document.
func thu() map[string]string {
	return map[string]string{
		"base_url": "https://thu.example", "user": "thu-user", "password": "thu-password", "auth": "basic", "path_secret": pathSecret,
		"send_path": "/gateway", "send_type": "xml", "number_format": "no_plus",
		"send_body":    `<request ref="{{id}}"><phone>{{to}}</phone><text>{{text}}</text></request>`,
		"send_headers": "X-Sum: {{sign}}", "sign": "sha1", "sign_parts": `user "|" id "|" body key`, "sign_key": "thu-sign-key",
		"answer_format": "xml", "sent_when": "$.response.result.@code = 0", "sent_id": "$.response.message.@id", "error_code": "response.result.@code",
		"errors": "response.result.@code in 11, 12 -> recipient\nresponse.result.@code = 13 -> stopped\n\nresponse.result.@code = 20 -> later\n" +
			"response.result.@code in 1, 2 -> operator: the keys are refused",
		"lost":   "echoed",
		"verify": "md5", "verify_at": "header.X-Sum", "verify_encoding": "base64", "verify_parts": `"THU" raw_body key`, "verify_key": "thu-hook-key",
		"each": "$.event", "receive_when": `$.@type = mo`, "receive_from": "$.phone", "receive_text": "$.text", "receive_id": "$.id", "receive_time": "$.time",
		"opt_out_when": "$.@type = bye", "time_format": "unix_ms",
		"status_id": "$.id", "status_our_id": "$.ref", "status_to": "phone", "status_time": "time",
		"states":     "$.@type = dlr and $.state = D -> delivered\n$.@type = dlr and state = F -> failed recipient",
		"reply_type": "xml", "reply_body": "<ok id=\"{{root.event.id}}\"/>",
	}
}

func options(hook string) fake.Options {
	return fake.Options{
		Webhook: hook, User: "shop-user", Password: "p&ss=w rd", Token: "sao-token-1", Sender: "MYSHOP", HookKey: "k1",
	}
}

func newNhanh() *fake.Provider {
	o := options(adaptertest.Webhook + "/" + pathSecret)
	o.Sender = "8041"
	return fake.NewForm(o)
}

func newThu() *fake.Provider {
	return fake.NewXML(fake.Options{
		Webhook: adaptertest.Webhook + "/" + pathSecret, User: "thu-user", Password: "thu-password", HookKey: "thu-hook-key", SignKey: "thu-sign-key",
	})
}

func newSao() *fake.Batching { return fake.NewJSON(options(adaptertest.Webhook)) }

func get(url string) adapters.Request {
	return adapters.Request{Method: nethttp.MethodGet, URL: url, Header: nethttp.Header{}}
}

// Sao's configuration is the one in the documents.
func TestContractJSON(t *testing.T) {
	adaptertest.Run(t, adaptertest.Kit{
		Open:     func() (adapters.Type, adaptertest.Fake) { return http.Type(), newSao() },
		Channel:  address.SMS,
		Settings: sao(t),
		To:       lan,
		Proofs:   []adaptertest.Proof{{Header: "X-Signature", Body: true}},
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: "9007199254740993", Text: "2 nha"},
			{Kind: adapters.Inbound, From: lan, MessageID: "9007199254740995", Media: []adapters.Media{{URL: "https://img.example.com/1.jpg"}, {URL: "https://img.example.com/2.jpg"}}},
			{Kind: adapters.OptOut, From: lan, MessageID: "9007199254740997", Text: "STOP"},
			{Kind: adapters.OptIn, From: lan, MessageID: "9007199254740999"},
			{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "9007199254740993", Status: adapters.Queued},
			{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "9007199254740993", Status: adapters.SentOn},
			{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "9007199254740993", Status: adapters.Delivered},
			{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "9007199254740993", Status: adapters.Read},
			{Kind: adapters.Report, Ours: "m1.2", Theirs: "9007199254740994", Status: adapters.Undelivered, Code: "7"},
			{Kind: adapters.Report, From: lan, Ours: "m1.3", Theirs: "9007199254740995", Status: adapters.Failed, Fault: adapters.Recipient, Code: "108"},
			{Kind: adapters.Report, From: lan, Ours: "m1.4", Theirs: "9007199254740996", Status: adapters.Failed, Code: "5"},
		},
		Handshakes: []adaptertest.Handshake{{
			Request: get(adaptertest.Webhook + "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=" + verifyToken),
			Answer:  adapters.Answer{Body: []byte("1158201444")}, Token: verifyToken,
		}},
		Unknown:  []adapters.Request{newSao().Told(`{"results":[{"type":"typing","phone":"84901234567"}]}`), newSao().Told(`{"hello":1}`), newSao().Told(`{"results":[{"type":"report","id":1,"status":"?"}]}`)},
		Recorded: os.DirFS("testdata"),
	})
}

// Nhanh's configuration is the one in the documents.
func TestContractForm(t *testing.T) {
	adaptertest.Run(t, adaptertest.Kit{
		Open:     func() (adapters.Type, adaptertest.Fake) { return http.Type(), newNhanh() },
		Channel:  address.SMS,
		Settings: nhanh(t),
		To:       lan,
		Proofs:   []adaptertest.Proof{{Path: true}},
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: "9007199254740993", Text: "2 nha"},
			{Kind: adapters.Report, Theirs: "9007199254740993", Status: adapters.SentOn},
			{Kind: adapters.Report, Theirs: "9007199254740993", Status: adapters.Delivered},
			{Kind: adapters.Report, Theirs: "9007199254740994", Status: adapters.Undelivered, Code: "12"},
			{Kind: adapters.Report, Theirs: "9007199254740995", Status: adapters.Failed, Fault: adapters.BadMessage, Code: "13"},
		},
		Handshakes: []adaptertest.Handshake{{Request: get(adaptertest.Webhook + "/" + pathSecret), Token: pathSecret}},
		Unknown:    []adapters.Request{get(adaptertest.Webhook + "/" + pathSecret + "?event=news&id=1"), get(adaptertest.Webhook + "/" + pathSecret + "?event=mo&from=NHANH&text=hi&mid=1")},
		Lacks:      []adapters.Fault{adapters.Transient, adapters.Later, adapters.Window},
	})
}

func TestContractXML(t *testing.T) {
	adaptertest.Run(t, adaptertest.Kit{
		Open:     func() (adapters.Type, adaptertest.Fake) { return http.Type(), newThu() },
		Channel:  address.SMS,
		Settings: thu(),
		To:       lan,
		Proofs:   []adaptertest.Proof{{Path: true}, {Header: "X-Sum", Body: true}},
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: "9007199254740993", Text: "2 nha"},
			{Kind: adapters.OptOut, From: lan, MessageID: "9007199254740997", Text: "thôi"},
			{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "9007199254740993", Status: adapters.Delivered},
			{Kind: adapters.Report, From: lan, Ours: "m1.3", Theirs: "9007199254740995", Status: adapters.Failed, Fault: adapters.Recipient},
		},
		Unknown: []adapters.Request{newThu().ToldXML(`<event type="news"><id>1</id></event>`), newThu().ToldXML(`<other/>`)},
		Lacks:   []adapters.Fault{adapters.Transient, adapters.Throttled, adapters.Window, adapters.BadMessage},
	})
}
