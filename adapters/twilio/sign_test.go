package twilio

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/twilio/twilio-go/client"
	"pgregory.net/rapid"
)

const token = "12345678901234567890123456789012"

func account(channel address.Channel, more ...string) adapters.Account {
	acc := adapters.Account{
		ID: "main", Channel: channel, WebhookURL: "https://gw.example.com/hooks/main", HTTPClient: &http.Client{},
		Settings: map[string]string{"account_sid": "AC00000000000000000000000000000001", "auth_token": token, "from": "+15005550006"},
	}
	for i := 0; i < len(more); i += 2 {
		acc.Settings[more[i]] = more[i+1]
	}
	return acc
}

func opened(t testing.TB, acc adapters.Account) *Adapter {
	t.Helper()
	a, err := Type().Open(acc)
	if err != nil {
		t.Fatal(err)
	}
	return a.(*Adapter)
}

func form(kv ...string) string {
	v := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		v.Add(kv[i], kv[i+1])
	}
	return v.Encode()
}

func request(method, url, contentType, signature, body string) adapters.Request {
	h := http.Header{SignatureHeader: {signature}}
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	return adapters.Request{Method: method, URL: url, Header: h, Body: []byte(body)}
}

// The vectors were accepted by Twilio's Node and Go libraries.
func TestVectors(t *testing.T) {
	a := opened(t, account(address.SMS))
	formBody := form("AccountSid", "AC00000000000000000000000000000001", "Body", "Có, 2", "From", "+84901234567",
		"MessageSid", "SM00000000000000000000000000000002", "NumMedia", "0", "To", "+15005550006")
	const formURL, formSign = "https://gw.example.com/in/twilio/7?src=sms", "QniQTNQxymrjXVpDISUlTsGGJG8="
	const jsonBody = `{"MessageSid":"SM1","Body":"hi"}`
	const jsonURL = "https://gw.example.com/in/twilio/7?bodySHA256=72ed03b3115da6611348df54aaf897069047529ee1046d3fc3e781ceb50d60bd"
	const jsonSign = "ZEj+u8q+1XVDBD19HRHVDCR2aiQ="
	for _, x := range []struct {
		name string
		r    adapters.Request
		ok   bool
	}{
		{"form", request("POST", formURL, "application/x-www-form-urlencoded; charset=utf-8", formSign, formBody), true},
		{"form, default port", request("POST", "https://gw.example.com:443/in/twilio/7?src=sms", "application/x-www-form-urlencoded", formSign, formBody), true},
		{"form, other port", request("POST", "https://gw.example.com:8443/in/twilio/7?src=sms", "application/x-www-form-urlencoded", formSign, formBody), false},
		{"form, other scheme", request("POST", "http://gw.example.com/in/twilio/7?src=sms", "application/x-www-form-urlencoded", formSign, formBody), false},
		{"form, no signature", request("POST", formURL, "application/x-www-form-urlencoded", "", formBody), false},
		{"form, said to be something else", request("POST", formURL, "text/plain", formSign, formBody), false},
		{"json", request("POST", jsonURL, "application/json", jsonSign, jsonBody), true},
		{"json, other body", request("POST", jsonURL, "application/json", jsonSign, `{"MessageSid":"SM2","Body":"hi"}`), false},
		{"json, without its hash", request("POST", "https://gw.example.com/in/twilio/7", "application/json", fake.Sign(token, "https://gw.example.com/in/twilio/7", nil), jsonBody), false},
		{"get", request("GET", formURL, "", fake.Sign(token, formURL, nil), ""), true},
		{"get, signed like a post", request("GET", formURL, "", formSign, formBody), false},
	} {
		_, err := a.Decode(x.r)
		if errors.Is(err, adapters.ErrForged) == x.ok {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	v := client.NewRequestValidator(token)
	if !v.ValidateBody(formURL, []byte(formBody), formSign) || !v.ValidateBody(jsonURL, []byte(jsonBody), jsonSign) {
		t.Error("Twilio's library refuses the vectors")
	}
}

func TestRepeatedNames(t *testing.T) {
	a := opened(t, account(address.SMS))
	const u = "https://gw.example.com/hooks/main"
	body := "b=2&a=1&b=1&b=2&MessageSid=SM1&From=%2B84901234567"
	// As Twilio's Node library signs it: each name's values without repeats, sorted.
	sum := fake.Sign(token, u+"From+84901234567MessageSidSM1a1b1b2", nil)
	if _, err := a.Decode(request("POST", u, "application/x-www-form-urlencoded", sum, body)); err != nil {
		t.Error(err)
	}
}

// What Twilio's library accepts we accept, and the other way round.
func TestAgainstTwilio(t *testing.T) {
	a := opened(t, account(address.SMS))
	v := client.NewRequestValidator(token)
	rapid.Check(t, func(t *rapid.T) {
		fields := url.Values{}
		for range rapid.IntRange(1, 8).Draw(t, "fields") {
			fields.Set(rapid.StringMatching(`[A-Za-z0-9]{1,8}`).Draw(t, "name"), rapid.String().Draw(t, "value"))
		}
		u := "https://gw.example.com" + rapid.SampledFrom([]string{"", ":443"}).Draw(t, "port") + "/hooks/main" + rapid.SampledFrom([]string{"", "?mid=m1", "?a=%20b"}).Draw(t, "query")
		signed := u
		if rapid.Bool().Draw(t, "other port") {
			signed = togglePort(u)
		}
		sum := fake.Sign(token, signed, fields)
		if rapid.IntRange(0, 4).Draw(t, "forge") == 0 {
			fields.Set("forged", "1")
		}
		body := fields.Encode()
		theirs := v.ValidateBody(u, []byte(body), sum)
		_, err := a.Decode(request("POST", u, "application/x-www-form-urlencoded", sum, body))
		if ours := !errors.Is(err, adapters.ErrForged); ours != theirs {
			t.Fatalf("Twilio says %v, we say %v", theirs, ours)
		}
	})
}

func TestTogglePort(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x?y=1":     "https://a.example:443/x?y=1",
		"https://a.example:443/x?y=1": "https://a.example/x?y=1",
		"http://a.example":            "http://a.example:80",
		"http://[::1]/x":              "http://[::1]:80/x",
		"http://[::1]:80/x":           "http://[::1]/x",
		"https://a.example:8443/x":    "",
		"https://a.example?x=a:443":   "https://a.example:443?x=a:443",
		"ftp://a.example/":            "",
		"nonsense":                    "",
	} {
		if got := togglePort(in); got != want {
			t.Errorf("togglePort(%s) = %q, want %q", in, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	a := opened(f, account(address.WhatsApp))
	f.Add("POST", "?mid=m1", "application/x-www-form-urlencoded", "MessageSid=SM1&From=whatsapp%3A%2B84901234567&Body=2", true)
	f.Add("POST", "?mid=m1", "", "MessageSid=SM1&MessageStatus=failed&ErrorCode=30003&To=%2B1", true)
	f.Add("GET", "?MessageSid=SM1&From=VIETTEL", "", "", true)
	f.Add("POST", "?bodySHA256=00", "application/json", `{"MessageSid":"SM1"}`, false)
	f.Fuzz(func(t *testing.T, method, query, contentType, body string, sign bool) {
		u := "https://gw.example.com/hooks/main" + query
		signature := "x"
		if sign {
			fields, _ := url.ParseQuery(body)
			signature = fake.Sign(token, u, fields)
		}
		d, err := a.Decode(request(method, u, contentType, signature, body))
		if err != nil {
			if !errors.Is(err, adapters.ErrForged) && !errors.Is(err, adapters.ErrMalformed) {
				t.Errorf("neither forged nor malformed: %v", err)
			}
			return
		}
		for _, e := range d.Events {
			if e.ID == "" || e.Kind == "" || e.Kind != adapters.Report && e.From.IsZero() {
				t.Errorf("half an event: %+v", e)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	a := opened(b, account(address.SMS))
	p := fake.New(fake.Options{Webhook: "https://gw.example.com/hooks/main"})
	r, _ := p.Hook(adapters.Event{Kind: adapters.Inbound, From: address.Address{Scheme: "tel", ID: "+84901234567"}, Text: strings.Repeat("Có, 2 ", 5), MessageID: "SM1"})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Decode(r); err != nil {
			b.Fatal(err)
		}
	}
}
