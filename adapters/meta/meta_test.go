package meta_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/meta"
)

const secret, verify = "9a8b7c6d5e4f30211203f4e5d6c7b8a9", "verify_0123456789-token"

var account = adapters.Account{Settings: map[string]string{"app_secret": secret, "verify_token": verify}}

// Meta signs the bytes that it sends, with letters as escapes. Both sums were computed with Node's crypto.
func TestAuthentic(t *testing.T) {
	t.Parallel()
	const body = `{"object":"page","entry":[{"id":"200","time":1760000000000,"messaging":[{"sender":{"id":"300"},"recipient":{"id":"200"},"timestamp":1760000000000,"message":{"mid":"m_1","text":"C\u00f3"}}]}]}`
	const sum = "sha256=36e3808b00f4944ecf91ba5efac7b60496d70cbe3ec97e85ebde83f3aef84f33"
	for _, x := range []struct {
		name, given, body string
		secret            string
		ok                bool
	}{
		{"as it came", sum, body, secret, true},
		{"the sum of the letters written out", "sha256=4f8016bec0b366dc3dc2c0255192ecc407f5f50583fef44a329af7b3ae1f4e75", body, secret, false},
		{"without its prefix", sum[len("sha256="):], body, secret, false},
		{"in capitals", "sha256=36E3808B00F4944ECF91BA5EFAC7B60496D70CBE3EC97E85EBDE83F3AEF84F33", body, secret, false},
		{"another body", sum, body + " ", secret, false},
		{"another app", sum, body, "9a8b7c6d5e4f30211203f4e5d6c7b8a8", false},
		{"nothing", "", body, secret, false},
	} {
		r := adapters.Request{Method: http.MethodPost, Header: http.Header{meta.SignatureHeader: {x.given}}, Body: []byte(x.body)}
		err := meta.Authentic(r, adapters.Account{Settings: map[string]string{"app_secret": x.secret}})
		if x.ok != (err == nil) || !x.ok && !errors.Is(err, adapters.ErrForged) {
			t.Errorf("%s: %v", x.name, err)
		}
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	const at = "https://gw.example.com/hooks/main?"
	for _, x := range []struct {
		method, query string
		answer        string
		ours          bool
		err           error
	}{
		{"GET", "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=" + verify, "1158201444", true, nil},
		{"GET", "hub.verify_token=" + verify + "&hub.challenge=a%3Cb%3E&hub.mode=subscribe", "a<b>", true, nil},
		{"GET", "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=" + verify + "x", "", true, adapters.ErrForged},
		{"GET", "hub.mode=subscribe&hub.challenge=1158201444", "", true, adapters.ErrForged},
		{"GET", "", "", true, adapters.ErrForged},
		{"GET", "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=" + verify, "", true, adapters.ErrMalformed},
		{"GET", "hub.mode=subscribe&hub.verify_token=" + verify, "", true, adapters.ErrMalformed},
		{"POST", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=" + verify, "", false, nil},
	} {
		d, ours, err := meta.Handshake(adapters.Request{Method: x.method, URL: at + x.query}, account)
		if ours != x.ours || string(d.Answer.Body) != x.answer || !errors.Is(err, x.err) {
			t.Errorf("%s %s: %q, %v, %v", x.method, x.query, d.Answer.Body, ours, err)
		}
		if x.answer != "" && d.Answer.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%v", d.Answer.Header)
		}
	}
	if _, _, err := meta.Handshake(adapters.Request{Method: "GET", URL: at + "hub.mode=subscribe&hub.challenge=1&hub.verify_token="}, adapters.Account{}); !errors.Is(err, adapters.ErrForged) {
		t.Errorf("without a token configured: %v", err)
	}
}

func TestInstantAndID(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 10, 9, 8, 53, 20, 0, time.UTC)
	for in, want := range map[string]time.Time{
		`"1760000000"`: at, `1760000000`: at, `1760000000000`: at, `"1760000000123"`: at.Add(123 * time.Millisecond),
		`""`: {}, `null`: {}, `"soon"`: {}, `-1`: {}, `1.5`: {}, `99999999999999999999`: {}, `{}`: {},
	} {
		var got meta.Instant
		if err := json.Unmarshal([]byte(in), &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", in, got, err)
		}
		if want.IsZero() && !got.Or(at).Equal(at) {
			t.Errorf("%s: not told, and %v", in, got.Or(at))
		}
	}
	for in, want := range map[string]meta.ID{`"106540352242922"`: "106540352242922", `9007199254740993`: "9007199254740993", `null`: ""} {
		var got meta.ID
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: %q, %v", in, got, err)
		}
	}
	if err := json.Unmarshal([]byte(`{}`), new(meta.ID)); err == nil {
		t.Error("an object is no id")
	}
}
