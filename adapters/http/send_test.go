package http_test

import (
	"errors"
	"io"
	"maps"
	nethttp "net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/http"
	"github.com/hoidap/hoidap/preferences/address"
)

// seen is a request as a provider got it.
type seen struct {
	method, uri, body string
	header            nethttp.Header
}

// at opens an account whose provider answers as told and keeps what it got.
func at(t *testing.T, status int, header nethttp.Header, body string, more map[string]string) (adapters.Adapter, *seen) {
	t.Helper()
	got := &seen{}
	server := httptest.NewServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		b, _ := io.ReadAll(r.Body)
		*got = seen{r.Method, r.URL.RequestURI(), string(b), r.Header}
		maps.Copy(w.Header(), header)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return account(t, with(more, "base_url", server.URL+"/root/")), got
}

func with(set map[string]string, more ...string) map[string]string {
	out := maps.Clone(set)
	if out == nil {
		out = map[string]string{}
	}
	for i := 0; i < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

func message(text string) adapters.Message {
	return adapters.Message{ID: "m-1.2", To: lan, Class: adapters.Reply, Text: text}
}

func errorOf(err error) (e *adapters.Error) {
	if !errors.As(err, &e) {
		return &adapters.Error{}
	}
	return e
}

const taken = `{"code":0,"id":7}`

// Values are escaped for where they stand, and nothing that a customer or an author writes can leave its place.
func TestTemplates(t *testing.T) {
	t.Parallel()
	text := "Gu \"nào\" ạ?\n1&2 <b>\\ {{token}} 😀"
	for name, x := range map[string]struct {
		more      map[string]string
		uri, body string
	}{
		"JSON": {
			map[string]string{"send_body": `{"to":{{to}},"text":{{text}},"u":{{is_unicode}},"n":{{ unicode_01 }},"s":{{segments}},"at":{{unix}},"ms":{{unix_ms}},"iso":{{rfc3339}}}`},
			"/root/send", `{"to":"+84901234567","text":"Gu \"nào\" ạ?\n1&2 <b>\\ {{token}} 😀","u":true,"n":1,"s":1,"at":1795143600,"ms":1795143600000,"iso":"2026-11-20T03:00:00Z"}`,
		},
		"form": {
			map[string]string{"send_type": "form", "send_body": "Body={{text}}\nTo=tel:{{to_no_plus}}\nx&y=a b", "number_format": "national"},
			"/root/send", "Body=Gu+%22n%C3%A0o%22+%E1%BA%A1%3F%0A1%262+%3Cb%3E%5C+%7B%7Btoken%7D%7D+%F0%9F%98%80&To=tel%3A84901234567&x%26y=a+b",
		},
		"XML": {
			map[string]string{"send_type": "xml", "send_body": `<m to="{{to}}">{{text}}</m>`, "number_format": "no_plus"},
			"/root/send", "<m to=\"84901234567\">Gu &#34;nào&#34; ạ?&#xA;1&amp;2 &lt;b&gt;\\ {{token}} 😀</m>",
		},
		"text": {
			map[string]string{"send_type": "text", "send_body": "{{to_national}} {{text}}", "send_path": "/to/{{to}}/{{id}}", "send_query": "from={{from}}\nkey=a{{token}}", "from": "MY SHOP&", "token": "k=1"},
			"/root/to/+84901234567/m-1.2?from=MY+SHOP%26&key=ak%3D1", "0901234567 " + text,
		},
	} {
		a, got := at(t, 200, nil, taken, x.more)
		if _, err := a.Send(t.Context(), message(text)); err != nil || got.uri != x.uri || got.body != x.body || got.method != nethttp.MethodPost {
			t.Errorf("%s: %v\n got %s %s\nwant %s %s", name, err, got.uri, got.body, x.uri, x.body)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	a, got := at(t, 200, nil, taken, map[string]string{
		"auth": "basic", "user": "shop", "password": "p:w", "send_headers": "x-request-id: {{id}}\nX-Cb: {{callback}}\nX-Sum: v1={{sign}}",
		"sign": "hmac_sha256", "sign_parts": `user "|" to_national body`, "sign_key": "k", "sign_encoding": "hex_upper", "path_secret": pathSecret,
	})
	if _, err := a.Send(t.Context(), message("một")); err != nil {
		t.Fatal(err)
	}
	// openssl dgst -sha256 -hmac k, of: shop|0901234567{"to": "+84901234567", "text": "một", "ref": "m-1.2"}
	for name, want := range map[string]string{
		"X-Request-Id": "m-1.2", "X-Cb": adaptertest.Webhook + "/" + pathSecret, "Authorization": "Basic c2hvcDpwOnc=", "Content-Type": "application/json",
		"X-Sum": "v1=" + signed,
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.header.Get(name), want)
		}
	}
}

// What an answer means, by its status and by what is in it.
func TestAnswers(t *testing.T) {
	t.Parallel()
	rules := map[string]string{"error_code": "$.code", "errors": "$.code = 1 -> recipient\nhttp 400 and $.code in 2, 3 -> operator: the balance is used up\n" +
		"$.code = 4 -> duplicate\n$.code = 5 -> unknown\nheader.X-Blocked exists -> stopped\n$.left <= 0.5 -> throttled\nhttp 2xx and $.code matches ^9 -> message\n$.code = 6 -> later"}
	const unsent = "-"
	for body, x := range map[string]struct {
		status int
		header nethttp.Header
		fault  adapters.Fault
		id     string
		code   string
	}{
		`{"code":0,"id":9007199254740993}`:          {status: 200, id: "9007199254740993"},
		`{"code":"0","id":"a"}`:                     {status: 201, id: "a"},
		`{"code":0}`:                                {status: 200, id: unsent},
		`{"code":0,"id":""}`:                        {status: 200, id: unsent},
		`{"code":0,"id":null}`:                      {status: 200, id: unsent},
		`{"code":0,"id":{"a":1}}`:                   {status: 200, id: unsent},
		`{"code":0.0,"id":1}`:                       {status: 200, id: unsent}, // as it is written
		`{"code":0,"id":1} `:                        {status: 200, id: "1"},
		`{"code":0,"id":1}{"code":1}`:               {status: 200, id: unsent},
		`{"code":0,"id":2}`:                         {status: 500, id: unsent},
		`{"code":0,"id":3}`:                         {status: 302, fault: adapters.Operator, code: "0"},
		`{"code":1,"id":4}`:                         {status: 200, fault: adapters.Recipient, code: "1"}, // 200 with an error inside
		`{"code":1}`:                                {status: 500, fault: adapters.Recipient, code: "1"},
		`{"code":2}`:                                {status: 400, fault: adapters.Operator, code: "2"},
		`{"code":3}`:                                {status: 200, id: unsent}, // http 400 only
		`{"code":4,"id":"was"}`:                     {status: 200, id: "was"},
		`{"code":4}`:                                {status: 409, id: "m-1.2"},
		`{"code":5}`:                                {status: 400, id: unsent},
		`{"code":6}`:                                {status: 200, fault: adapters.Later, code: "6"},
		`{"code":0,"id":5}`:                         {status: 200, header: nethttp.Header{"X-Blocked": {"1"}}, fault: adapters.Stopped, code: "0"},
		`{"code":0,"left":0,"id":6}`:                {status: 200, fault: adapters.Throttled, code: "0"},
		`{"code":0,"left":"1","id":7}`:              {status: 200, id: "7"},
		`{"code":0,"left":1e999999999,"id":8}`:      {status: 200, id: "8"},
		`{"code":"9 for 84901234567"}`:              {status: 200, fault: adapters.BadMessage},
		`{"code":"9.84901234567"}`:                  {status: 200, fault: adapters.BadMessage},
		`{"code":"9-1"}`:                            {status: 200, fault: adapters.BadMessage, code: "9-1"},
		`{"code":77}`:                               {status: 403, fault: adapters.Operator, code: "77"},
		`{"code":78}`:                               {status: 422, fault: adapters.BadMessage, code: "78"},
		`{"code":79}`:                               {status: 429, fault: adapters.Throttled, code: "79"},
		`{"code":80}`:                               {status: 200, id: unsent},
		`[{"code":0,"id":1}]`:                       {status: 200, id: unsent},
		`<html>`:                                    {status: 200, id: unsent},
		strings.Repeat(`{"a":`, 20000) + `1`:        {status: 200, id: unsent},
		`{"code":0,"id":9,"more":"` + "\xff" + `"}`: {status: 200, id: "9"},
		`{"code":0,"id":10,"id":11}`:                {status: 200, id: "11"},
		`{"CODE":0,"id":12}`:                        {status: 200, id: unsent},
		`{"code":[0],"id":13}`:                      {status: 200, id: unsent},
		"\ufeff" + `{"code":0,"id":14}`:             {status: 200, id: unsent},
		`{"code":false,"id":15}`:                    {status: 200, id: unsent},
		`{"code":0,"id":"` + strings.Repeat("x", 9) + `"}`: {status: 200, id: "xxxxxxxxx"},
	} {
		a, _ := at(t, x.status, x.header, body, rules)
		sent, err := a.Send(t.Context(), message("Gu nào ạ?"))
		e := errorOf(err)
		switch {
		case x.id != "" && x.id != unsent:
			if err != nil || !slices.Equal(sent.IDs, []string{x.id}) {
				t.Errorf("%d %.60s: %+v, %v, want %s", x.status, body, sent, err, x.id)
			}
		case err == nil || e.Fault != x.fault || e.Code != x.code:
			t.Errorf("%d %.60s: %+v, %v, want %q and code %q", x.status, body, sent, err, x.fault, x.code)
		case strings.Contains(err.Error(), "901234567") || strings.Contains(err.Error(), "Gu nào"):
			t.Errorf("%.60s: %v tells too much", body, err)
		}
	}
	a, _ := at(t, 400, nil, `{"code":2}`, rules)
	if _, err := a.Send(t.Context(), message("một")); errorOf(err).Detail != "the balance is used up" {
		t.Errorf("%v", err)
	}
}

// Answers of the other formats, and ids that are found by an expression or are ours.
func TestFormats(t *testing.T) {
	t.Parallel()
	for body, x := range map[string]struct {
		more map[string]string
		want string
	}{
		"OK: 81 queued":                   {map[string]string{"answer_format": "text", "sent_when": `$ matches ^OK: \d+ queued$`, "sent_id": `$ match ^OK: (\d+) queued$`}, "81"},
		"ERR: 81 queued":                  {map[string]string{"answer_format": "text", "sent_when": `$ matches ^OK: \d+ queued$`, "sent_id": `$ match ^OK: (\d+) queued$`}, ""},
		"status=0&id=5\n":                 {map[string]string{"answer_format": "form", "sent_when": "status = 0", "sent_id": "id"}, "5"},
		"status=0&status=1&id=5":          {map[string]string{"answer_format": "form", "sent_when": "status = 0", "sent_id": "id"}, ""}, // several have no value
		"<r><c>0</c><id>5</id></r>":       {map[string]string{"answer_format": "xml", "sent_when": "r.c = 0", "sent_id": "r.id"}, "5"},
		`<r c="0"><id k="a">5</id></r>`:   {map[string]string{"answer_format": "xml", "sent_when": "r.@c = 0", "sent_id": `$.r.id["#text"]`}, "5"},
		"<r><c>0</c><id>5</id>":           {map[string]string{"answer_format": "xml", "sent_when": "r.c = 0", "sent_id": "r.id"}, ""},
		"<r><c>0</c><i>5</i><i>6</i></r>": {map[string]string{"answer_format": "xml", "sent_when": "r.c = 0", "sent_id": "r.i[1]"}, "6"},
		`<!DOCTYPE r [<!ENTITY x "5">]><r><c>0</c><id>&x;</id></r>`: {map[string]string{"answer_format": "xml", "sent_when": "r.c = 0", "sent_id": "r.id"}, ""},
		`{"ok":true}`:                        {map[string]string{"sent_when": "$.ok = true", "sent_id": "ours"}, "m-1.2"},
		`{"ok":true,"x":1}`:                  {map[string]string{"sent_when": "$.ok = true and $.x != 2", "sent_id": "header.X-Message-Id"}, "h-1"},
		`{"ok":"\"","id":[{"a.b":{"c":5}}]}`: {map[string]string{"sent_when": `$.ok exists`, "sent_id": `$.id[0]["a.b"].c`}, "5"},
		`{"ok":"a, b","id":5}`:               {map[string]string{"sent_when": `$.ok = a, b`, "sent_id": `id`}, "5"},
		`{"ok":" a","id":5}`:                 {map[string]string{"sent_when": `$.ok in "x", " a"`, "sent_id": `id`}, "5"},
	} {
		a, _ := at(t, 200, nethttp.Header{"X-Message-Id": {"h-1"}}, body, x.more)
		sent, err := a.Send(t.Context(), message("một"))
		if x.want == "" && err == nil || x.want != "" && (err != nil || !slices.Equal(sent.IDs, []string{x.want})) {
			t.Errorf("%s: %v, %v, want %q", body, sent, err, x.want)
		}
		if err != nil && errorOf(err).Fault != adapters.Unknown {
			t.Errorf("%s: %v, want an unknown outcome", body, err)
		}
	}
}

// Who cannot be written to, and what cannot be said.
func TestRefused(t *testing.T) {
	t.Parallel()
	a, got := at(t, 200, nil, taken, map[string]string{"number_format": "national", "unicode": "no", "send_path": "/{{id}}"})
	for name, x := range map[string]struct {
		m    func(*adapters.Message)
		want adapters.Fault
	}{
		"another country": {func(m *adapters.Message) { m.To.ID = "+6590123456" }, adapters.Recipient},
		"another channel": {func(m *adapters.Message) { m.To = address.Address{Scheme: "zalo", ID: "1"} }, adapters.Recipient},
		"an emoji":        {func(m *adapters.Message) { m.Text = "😀" }, adapters.BadMessage},
		"a slash":         {func(m *adapters.Message) { m.ID = "../admin" }, adapters.BadMessage},
		"two dots":        {func(m *adapters.Message) { m.ID = ".." }, adapters.BadMessage},
		"nothing":         {func(m *adapters.Message) { m.ID = "" }, adapters.BadMessage},
	} {
		m := message("một")
		x.m(&m)
		if _, err := a.Send(t.Context(), m); errorOf(err).Fault != x.want || got.uri != "" {
			t.Errorf("%s: %v, want %s; asked %s", name, err, x.want, got.uri)
		}
	}
	if _, err := a.Send(t.Context(), message("Chị thích gu nào")); err != nil || !strings.Contains(got.body, "Chi thich gu nao") {
		t.Errorf("%s, %v", got.body, err)
	}
}

// Chats have ids in place of numbers.
func TestChat(t *testing.T) {
	t.Parallel()
	var got string
	server := httptest.NewServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		b, _ := io.ReadAll(r.Body)
		got = string(b)
		_, _ = io.WriteString(w, taken)
	}))
	defer server.Close()
	set := small(map[string]string{"base_url": server.URL, "path_secret": pathSecret, "receive_from": "$.from", "receive_text": "$.text"})
	a, err := http.Type().Open(adapters.Account{ID: "main", Channel: address.Zalo, Settings: set, WebhookURL: adaptertest.Webhook, HTTPClient: server.Client(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	m := message("một")
	m.To = address.Address{Scheme: "zalo", ID: "9007199254740993"}
	if _, err := a.Send(t.Context(), m); err != nil || !strings.Contains(got, `"to": "9007199254740993"`) {
		t.Errorf("%s, %v", got, err)
	}
	d, err := a.Decode(posted(`{"from":9007199254740993,"text":"2"}`, "application/json"))
	if err != nil || len(d.Events) != 1 || d.Events[0].From != m.To {
		t.Errorf("%+v, %v", d, err)
	}
}

const signed = "A36DDF5A03056EB84180A84EBCBE6A2EACA9E0E31AFA0D05425CA49EECEDA48C"
