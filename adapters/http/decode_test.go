package http_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"mime/multipart"
	nethttp "net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/preferences/address"
)

const hook = adaptertest.Webhook + "/" + pathSecret

func posted(body, contentType string) adapters.Request {
	return adapters.Request{Method: nethttp.MethodPost, URL: hook, Header: nethttp.Header{"Content-Type": {contentType}}, Body: []byte(body), At: now}
}

func heard(more ...string) map[string]string {
	return with(map[string]string{"path_secret": pathSecret, "receive_from": "$.from", "receive_text": "$.text"}, more...)
}

// The same message, however it is written.
func TestWritten(t *testing.T) {
	t.Parallel()
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	_ = parts.WriteField("from", "0901234567")
	_ = parts.WriteField("text", "2 nhà")
	_ = parts.Close()
	ucs := func(s string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u>>8), byte(u))
		}
		return hex.EncodeToString(b)
	}
	fields := url.Values{"from": {"+84901234567"}, "text": {"2 nhà"}}.Encode()
	for name, x := range map[string]struct {
		r    adapters.Request
		more []string
	}{
		"JSON":                {posted(`{"from":"84901234567","text":"2 nhà"}`, "application/json; charset=utf-8"), nil},
		"JSON, another type":  {posted(`{"from":"84901234567","text":"2 nhà"}`, "text/plain"), nil},
		"JSON, forced":        {posted(`{"from":"84901234567","text":"2 nhà"}`, "application/x-www-form-urlencoded"), []string{"hook_format", "json"}},
		"a number":            {posted(`{"from":84901234567,"text":"2 nhà"}`, "application/vnd.acme+json"), nil},
		"a form":              {posted(fields, "application/x-www-form-urlencoded"), nil},
		"a form of parts":     {posted(form.String(), parts.FormDataContentType()), nil},
		"a form without type": {posted(fields, ""), nil},
		"XML":                 {posted(`<?xml version="1.0"?><m><from>0084901234567</from><text>2 nh&#224;</text></m>`, "text/xml"), []string{"each", "$.m"}},
		"a GET":               {adapters.Request{Method: "GET", URL: hook + "?" + fields, At: now}, nil},
		"one of a list":       {posted(`{"list":[{"from":"0901234567","text":"2 nhà"}]}`, ""), []string{"each", "$.list[*]"}},
		"an object as a list": {posted(`{"list":{"from":"090 123 45 67","text":"2 nhà"}}`, ""), []string{"each", "$.list[*]"}},
		"base64":              {posted(`{"from":"0901234567","text":"MiBuaMOg"}`, ""), []string{"receive_encoding", "base64"}},
		"UCS-2 in hex":        {posted(`{"from":"0901234567","text":"`+ucs("2 nhà")+`"}`, ""), []string{"receive_encoding", "hex_ucs2"}},
		"query and body":      {adapters.Request{Method: "POST", URL: hook + "?from=0901234567", Body: []byte(`{"text":"2 nhà"}`), At: now}, []string{"receive_from", "query.from"}},
		"a header":            {adapters.Request{Method: "POST", URL: hook, Header: nethttp.Header{"X-From": {"0901234567"}}, Body: []byte(`{"text":"2 nhà"}`), At: now}, []string{"receive_from", "header.x-from"}},
		"a piece of a field":  {posted(`{"who":"tel:0901234567;x","text":"2 nhà"}`, ""), []string{"receive_from", `$.who match tel:(\d+)`}},
	} {
		d, err := account(t, heard(x.more...)).Decode(x.r)
		if err != nil || len(d.Events) != 1 || d.Events[0].From != lan || d.Events[0].Text != "2 nhà" || d.Events[0].ID == "" || !d.Events[0].At.Equal(now) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

// What has no sender, no text or no kind is acknowledged and kept, with a word for what is missing and none of theirs.
func TestIgnored(t *testing.T) {
	t.Parallel()
	kinds := []string{"receive_when", "$.type = sms", "status_when", "$.type = dlr", "status_id", "$.id", "states", "$.s = 1 -> delivered"}
	for body, x := range map[string]struct {
		kind string
		more []string
	}{
		`{"type":"typing"}`:                             {"unknown", kinds},
		`{"type":"sms","text":"2"}`:                     {"no receive_from", kinds},
		`{"type":"sms","from":"NHANH","text":"2"}`:      {"no number", kinds},
		`{"type":"sms","from":"8041","text":"2"}`:       {"no number", kinds},
		`{"type":"sms","from":"0901234567"}`:            {"no receive_text", kinds},
		`{"type":"sms","from":"0901234567","text":""}`:  {"no receive_text", kinds},
		`{"type":"sms","from":"0901234567","text":"%"}`: {"receive_encoding", append([]string{"receive_encoding", "base64"}, kinds...)},
		`{"type":"dlr","s":1}`:                          {"a receipt for no message", kinds},
		`{"type":"dlr","id":5,"s":9}`:                   {"states", kinds},
		`{"list":[]}`:                                   {"no events", []string{"each", "$.list[*]"}},
		`{"from":"0901234567"}`:                         {"unknown", nil},
		`[{"from":"0901234567","text":"2"}]`:            {"unknown", nil},
	} {
		d, err := account(t, heard(x.more...)).Decode(posted(body, "application/json"))
		if err != nil || len(d.Events) != 0 || len(d.Ignored) != 1 || d.Ignored[0].Kind != x.kind || string(d.Ignored[0].Raw) != body {
			t.Errorf("%s: %+v, %v, want %s", body, d, err, x.kind)
		}
	}
	// One that cannot be read does not keep the others from being read.
	d, err := account(t, heard("each", "$.l[*]")).Decode(posted(`{"l":[{"x":1},{"from":"0901234567","text":"2"}]}`, ""))
	if err != nil || len(d.Events) != 1 || len(d.Ignored) != 1 || string(d.Ignored[0].Raw) != `{"x":1}` {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	a := account(t, heard())
	for _, r := range []adapters.Request{
		posted(``, "application/json"), posted(`{`, "application/json"), posted(`{}`, "application/json"), posted(`null`, "application/json"), posted(`7`, "application/json"),
		posted(`<a><b></a>`, "text/xml"), posted(strings.Repeat("<a>", 100)+strings.Repeat("</a>", 100), "text/xml"), posted("%zz", "application/x-www-form-urlencoded"),
		posted("no parts", "multipart/form-data; boundary=x"), posted("no parts", "multipart/form-data"), {Method: "GET", URL: hook}, {Method: "GET", URL: hook + "?a=%zz"},
	} {
		if d, err := a.Decode(r); !errors.Is(err, adapters.ErrMalformed) {
			t.Errorf("%s %q: %+v, %v", r.Method, r.Body, d, err)
		}
	}
}

// Times are read in the provider's way; one that cannot be read is not trusted.
func TestTimes(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 8, 1, 2, 30, 0, 0, time.UTC)
	for _, x := range []struct {
		format, told string
		want         time.Time
	}{
		{"", `"2026-08-01T09:30:00+07:00"`, want}, {"unix", `1785551400`, want}, {"unix", `"1785551400.25"`, want}, {"unix_ms", `1785551400000`, want},
		{"20060102150405", `"20260801093000"`, want}, {"02/01/2006 15:04", `"01/08/2026 09:30"`, want}, {"2006-01-02T15:04:05Z07:00", `"2026-08-01T02:30:00Z"`, want},
		{"unix", `"soon"`, now}, {"unix", `1785551400000`, now}, {"unix", `-5`, now}, {"unix_ms", `9007199254740993000`, now}, {"", `1785551400`, now}, {"20060102150405", `"20260801"`, now}, {"", `null`, now},
	} {
		d, err := account(t, heard("receive_time", "$.at", "time_format", x.format)).Decode(posted(`{"from":"0901234567","text":"2","at":`+x.told+`}`, ""))
		if err != nil || len(d.Events) != 1 || !d.Events[0].At.Equal(x.want) {
			t.Errorf("%s as %q: %+v, %v, want %v", x.told, x.format, d.Events, err, x.want)
		}
	}
	d, err := account(t, heard("receive_time", "$.at", "time_format", "20060102150405", "time_zone", "UTC")).Decode(posted(`{"from":"0901234567","text":"2","at":20260801023000}`, ""))
	if err != nil || !d.Events[0].At.Equal(want) {
		t.Errorf("%+v, %v", d, err)
	}
}

// Numbers of other countries than Vietnam, by their own national form.
func TestNumbers(t *testing.T) {
	t.Parallel()
	a := account(t, heard("country", "65"))
	for told, want := range map[string]string{"6590123456": "+6590123456", "+65 9012-3456": "+6590123456", "006590123456": "+6590123456", "090123456": "+6590123456", "84901234567": "+84901234567", "(65) 9012.3456": "+6590123456", "MYSHOP": "", "8041": "", "19001234": "", "": "", "+": "", "1234567890123456": ""} {
		d, err := a.Decode(posted(`{"from":"`+told+`","text":"2"}`, ""))
		if err != nil || (want == "") != (len(d.Events) == 0) || want != "" && d.Events[0].From != (address.Address{Scheme: "tel", ID: want}) {
			t.Errorf("%q: %+v, %v, want %s", told, d, err, want)
		}
	}
}

// Without an id of the provider, a repeat at once counts once and the same answer later counts again.
func TestRepeats(t *testing.T) {
	t.Parallel()
	a := account(t, heard())
	id := func(body string, after time.Duration) string {
		r := posted(body, "")
		r.At = now.Add(after)
		d, err := a.Decode(r)
		if err != nil || len(d.Events) != 1 {
			t.Fatalf("%+v, %v", d, err)
		}
		return d.Events[0].ID
	}
	first := id(`{"from":"0901234567","text":"2"}`, 0)
	if id(`{"from":"84901234567","text":"2"}`, time.Second) != first {
		t.Error("a repeat has another id")
	}
	for _, other := range []string{id(`{"from":"0901234567","text":"3"}`, 0), id(`{"from":"0901234568","text":"2"}`, 0), id(`{"from":"0901234567","text":"2"}`, time.Hour)} {
		if other == first {
			t.Error("two messages have one id")
		}
	}
}

// What a sum does not vouch for is not read.
func TestVouched(t *testing.T) {
	t.Parallel()
	signs := []string{"path_secret", "", "verify", "hmac_sha256", "verify_at", "header.X-Signature", "verify_prefix", "sha256=", "verify_key", "k1"}
	sum := func(body string) nethttp.Header {
		return nethttp.Header{"X-Signature": {newSao().Told(body).Header.Get("X-Signature")}}
	}
	a := account(t, heard(signs...))
	get := adapters.Request{Method: "GET", URL: adaptertest.Webhook + "?from=0901234567&text=2", Header: sum(""), At: now}
	if _, err := a.Decode(get); !errors.Is(err, adapters.ErrForged) {
		t.Errorf("a GET whose sum is of its empty body: %v", err)
	}
	body := `{"from":"0901234567","text":"2"}`
	post := adapters.Request{Method: "POST", URL: adaptertest.Webhook + "?type=stop", Header: sum(body), Body: []byte(body), At: now}
	d, err := account(t, heard(append(signs, "opt_out_when", "query.type = stop")...)).Decode(post)
	if err != nil || len(d.Events) != 1 || d.Events[0].Kind != adapters.Inbound {
		t.Errorf("a parameter that nobody vouches for was read: %+v, %v", d, err)
	}
	if _, err := account(t, nil).Decode(post); !errors.Is(err, adapters.ErrForged) {
		t.Errorf("an account that expects no calls: %v", err)
	}
}

func TestEquals(t *testing.T) {
	t.Parallel()
	a := account(t, heard("path_secret", "", "verify", "equals", "verify_at", "header.Authorization", "verify_prefix", "Bearer ", "verify_key", "0123456789abcdef"))
	for given, ok := range map[string]bool{"Bearer 0123456789abcdef": true, "Bearer 0123456789abcdeg": false, "0123456789abcdef": false, "Bearer ": false, "": false} {
		r := posted(`{"from":"0901234567","text":"2"}`, "")
		r.URL = adaptertest.Webhook
		r.Header.Set("Authorization", given)
		if _, err := a.Decode(r); (err == nil) != ok || !ok && !errors.Is(err, adapters.ErrForged) {
			t.Errorf("%q: %v", given, err)
		}
	}
}

// The whole address, or all parameters by name, as Twilio and its imitators sign.
func TestParameters(t *testing.T) {
	t.Parallel()
	set := heard("path_secret", "", "verify", "hmac_sha1", "verify_at", "header.X-Sum", "verify_encoding", "base64", "verify_key", "key-1", "verify_parts", "full_url sorted_params raw_body")
	a := account(t, set)
	r := posted("text=2&from=0901234567", "application/x-www-form-urlencoded")
	r.URL = adaptertest.Webhook + "?z=1"
	// openssl dgst -sha1 -hmac key-1, of: https://gw.example.com/hooks/main?z=1from0901234567text2z1text=2&from=0901234567
	r.Header.Set("X-Sum", paramSum)
	if d, err := a.Decode(r); err != nil || len(d.Events) != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	for name, change := range map[string]func(*adapters.Request){
		"URL":  func(r *adapters.Request) { r.URL += "2" },
		"body": func(r *adapters.Request) { r.Body = []byte("text=3&from=0901234567") },
		"sum":  func(r *adapters.Request) { r.Header.Del("X-Sum") },
	} {
		x := r
		x.Header = r.Header.Clone()
		change(&x)
		if _, err := a.Decode(x); !errors.Is(err, adapters.ErrForged) {
			t.Errorf("another %s: %v", name, err)
		}
	}
}

// Old calls are forged, and so are those of tomorrow and those without a time.
func TestAge(t *testing.T) {
	t.Parallel()
	a := account(t, heard("path_secret", "", "verify", "hmac_sha256", "verify_at", "header.X-Signature", "verify_prefix", "sha256=", "verify_key", "k1", "time_format", "unix", "verify_time", "$.at", "verify_max_age", "5m"))
	at := func(d time.Duration) string { return `,"at":` + strconv.FormatInt(now.Add(d).Unix(), 10) }
	for told, ok := range map[string]bool{at(0): true, at(-4 * time.Minute): true, at(-6 * time.Minute): false, at(6 * time.Minute): false, "": false, `,"at":"x"`: false} {
		r := newSao().Told(`{"from":"0901234567","text":"2"` + told + `}`)
		r.At = now
		if _, err := a.Decode(r); (err == nil) != ok || !ok && !errors.Is(err, adapters.ErrForged) {
			t.Errorf("%s: %v", told, err)
		}
	}
}

// Handshakes reveal nothing, and say back nothing that a browser would run.
func TestHandshakes(t *testing.T) {
	t.Parallel()
	a := account(t, heard("challenge", "query.echo"))
	for query, want := range map[string]string{"?echo=abc123": "abc123", "?echo=%3Cscript%3E": "", "?echo=": "", "?echo=" + strings.Repeat("a", 300): ""} {
		d, err := a.Decode(adapters.Request{Method: "GET", URL: hook + query})
		if want != "" && (err != nil || string(d.Answer.Body) != want || !strings.HasPrefix(d.Answer.Header.Get("Content-Type"), "text/plain")) || want == "" && !errors.Is(err, adapters.ErrMalformed) {
			t.Errorf("%s: %+v, %v", query, d, err)
		}
	}
	if _, err := a.Decode(adapters.Request{Method: "GET", URL: adaptertest.Webhook + "?echo=abc"}); !errors.Is(err, adapters.ErrForged) {
		t.Errorf("without the secret: %v", err)
	}
}

// The reply is made of the call, and escaped for what it is.
func TestReply(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"xml": "<R><Id>1&amp;&lt;2</Id><No></No></R>", "json": `{"id":"1&<2","no":""}`, "text": "OK 1&<2 ",
	} {
		body := map[string]string{"xml": "<R><Id>{{$.id}}</Id><No>{{$.none}}</No></R>", "json": `{"id":{{$.id}},"no":{{none}}}`, "text": "OK {{ $.id }} {{none}}"}[kind]
		d, err := account(t, heard("reply_type", kind, "reply_body", body)).Decode(posted(`{"from":"0901234567","text":"2","id":"1&<2"}`, ""))
		if err != nil || string(d.Answer.Body) != want || d.Answer.Status != 200 || d.Answer.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %q, %v, want %q", kind, d.Answer.Body, err, want)
		}
	}
}

// Whatever a call holds, an event has what an event must have.
func FuzzDecode(f *testing.F) {
	f.Add(`{"results":[{"type":"sms","id":1,"phone":"84901234567","content":"2"}]}`, "application/json", "")
	f.Add(`{"results":[{"type":"report","id":1,"ref":"m1","status":"REJECTD","error":"108"}]}`, "", "")
	f.Add(`<event type="mo"><id>1</id><phone>84901234567</phone><text>2</text></event>`, "text/xml", "")
	f.Add("from=84901234567&text=2", "application/x-www-form-urlencoded", "a=1")
	f.Add("", "", "event=mo&from=0901234567&text=2&mid=1&time=20260801093000")
	loose := func(set map[string]string) adapters.Adapter {
		for _, name := range []string{"verify", "verify_at", "verify_prefix", "verify_key", "verify_parts", "verify_encoding"} {
			delete(set, name)
		}
		set["path_secret"] = pathSecret
		a, err := opened(set, address.SMS)
		if err != nil {
			f.Fatal(err)
		}
		return a
	}
	all := []adapters.Adapter{loose(sao(f)), loose(nhanh(f)), loose(thu())}
	f.Fuzz(func(t *testing.T, body, contentType, query string) {
		for _, a := range all {
			for _, method := range []string{"GET", "POST"} {
				d, err := a.Decode(adapters.Request{Method: method, URL: hook + "?" + query, Header: nethttp.Header{"Content-Type": {contentType}}, Body: []byte(body), At: now})
				if err != nil && !errors.Is(err, adapters.ErrForged) && !errors.Is(err, adapters.ErrMalformed) {
					t.Errorf("%v", err)
				}
				for _, e := range d.Events {
					if e.ID == "" || e.At.IsZero() || e.Kind != adapters.Report && e.From.IsZero() || e.Kind == adapters.Report && (e.Ours+e.Theirs == "" || e.Status == "") {
						t.Errorf("%+v", e)
					}
				}
				for _, i := range d.Ignored {
					if i.Kind == "" {
						t.Errorf("%+v", i)
					}
				}
			}
		}
	})
}

const paramSum = "lvkEoXOPXD9tVs+Uw+OyEDoGK1w="
