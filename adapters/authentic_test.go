package adapters_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

// The vectors are Viber's and Meta's own rules, as their SDKs check them.
func TestCheckHMAC(t *testing.T) {
	t.Parallel()
	viber := []byte(`{"event":"delivered","timestamp":1760000000000,"message_token":5741311803571721087,"user_id":"01234567890A="}`)
	meta := []byte(`{"object":"page","entry":[{"id":"200","time":1760000000000,"messaging":[{"sender":{"id":"300"},"recipient":{"id":"200"},"timestamp":1760000000000,"message":{"mid":"m_1","text":"C\u00f3"}}]}]}`)
	for name, x := range map[string]struct {
		given, prefix, key string
		encode             func([]byte) string
		body               []byte
		forged             bool
	}{
		"viber":       {"304ccee391b9d88f3a4174e6b0783138f0a2e9736fed2edb90759cb17ccc18ea", "", "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9", hex.EncodeToString, viber, false},
		"meta":        {"sha256=36e3808b00f4944ecf91ba5efac7b60496d70cbe3ec97e85ebde83f3aef84f33", "sha256=", "9a8b7c6d5e4f30211203f4e5d6c7b8a9", hex.EncodeToString, meta, false},
		"no prefix":   {"36e3808b00f4944ecf91ba5efac7b60496d70cbe3ec97e85ebde83f3aef84f33", "sha256=", "9a8b7c6d5e4f30211203f4e5d6c7b8a9", hex.EncodeToString, meta, true},
		"nothing":     {"", "", "9a8b7c6d5e4f30211203f4e5d6c7b8a9", hex.EncodeToString, meta, true},
		"other bytes": {"304ccee391b9d88f3a4174e6b0783138f0a2e9736fed2edb90759cb17ccc18ea", "", "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9", hex.EncodeToString, meta, true},
		"other form":  {"304ccee391b9d88f3a4174e6b0783138f0a2e9736fed2edb90759cb17ccc18ea", "", "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9", base64.StdEncoding.EncodeToString, viber, true},
	} {
		if err := adapters.CheckHMAC(x.given, x.prefix, x.encode, x.key, x.body); errors.Is(err, adapters.ErrForged) != x.forged {
			t.Errorf("%s: %v", name, err)
		}
	}
	if adapters.CheckSame("", "") == nil {
		t.Error("a secret that is not configured lets somebody in")
	}
}

func TestPathSecret(t *testing.T) {
	t.Parallel()
	check := adapters.PathSecret().Check
	for v, ok := range map[string]bool{
		"0123456789abcdef0123456789abcdef":        true,
		"Zt8-3kPq_1LmWx0vBnRs7y":                  true, // 22 of 64: 132 bits
		"Zt8-3kPq_1LmWx0vBnRs7":                   false,
		"0123456789abcdef0123456789abcde":         false,
		"012345678901234567890123456789012345678": true, // 39 digits
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": false,
		"0123456789abcdef/123456789abcdef":        false,
		"0123456789abcdef0123456789abcdéf":        false,
		"":                                        false,
	} {
		if err := check(v); (err == nil) != ok {
			t.Errorf("%q: %v", v, err)
		}
	}
}

func TestCheckPath(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef0123456789abcdef"
	acc := adapters.Account{WebhookURL: "https://gw.example.com/hooks/a", Settings: map[string]string{"path_secret": secret}}
	if acc.Callback() != acc.WebhookURL+"/"+secret || acc.CallbackShown() != acc.WebhookURL+"/{path_secret}" {
		t.Errorf("%s, %s", acc.Callback(), acc.CallbackShown())
	}
	none := adapters.Account{WebhookURL: acc.WebhookURL}
	if none.Callback() != acc.WebhookURL || none.CallbackShown() != acc.WebhookURL {
		t.Error("an account without a secret has another address")
	}
	for url, ok := range map[string]bool{
		acc.Callback(): true, acc.Callback() + "?a=b": true, acc.WebhookURL: false, acc.WebhookURL + "/": false, acc.Callback() + "/": false,
		acc.WebhookURL + "?" + secret: false, "": false,
	} {
		if err := adapters.CheckPath(adapters.Request{URL: url}, acc); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
		if adapters.CheckPath(adapters.Request{URL: url}, none) == nil {
			t.Errorf("%q: let in without a secret", url)
		}
	}
}

func TestContentID(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 3, 0, 10, 0, time.UTC)
	id := func(after time.Duration, parts ...string) string {
		return adapters.ContentID(at.Add(after), 2*time.Minute, parts...)
	}
	if id(0, "lan", "1") != id(100*time.Second, "lan", "1") {
		t.Error("a repeat has another id")
	}
	for name, other := range map[string]string{"later": id(2*time.Minute, "lan", "1"), "other": id(0, "lan", "2"), "moved": id(0, "lan1", ""), "more": id(0, "lan", "1", "")} {
		if other == id(0, "lan", "1") {
			t.Errorf("%s has the same id", name)
		}
	}
	if adapters.ContentID(time.Time{}, time.Minute, "a") == "" {
		t.Error("no id without a time")
	}
}

func TestCheckLimits(t *testing.T) {
	t.Parallel()
	c := adapters.Capabilities{TextMax: 4, MediaMax: 1, Options: adapters.OptionLimits{Max: 2, LabelMax: 3, PayloadMax: 3}}
	two := []adapters.Option{{Label: "ếếế", Payload: "abc"}, {Label: "b"}}
	template := &adapters.Template{ID: "t"}
	for name, x := range map[string]struct {
		m  adapters.Message
		c  adapters.Capabilities
		ok bool
	}{
		"all":              {adapters.Message{Text: "ếếếế", Options: two, Media: make([]adapters.Media, 1)}, c, true},
		"pairs":            {adapters.Message{Text: "😀😀"}, c, true},
		"pairs too long":   {adapters.Message{Text: "😀😀😀"}, c, false},
		"text":             {adapters.Message{Text: "ếếếếế"}, c, false},
		"nothing":          {adapters.Message{}, c, false},
		"picture":          {adapters.Message{Media: make([]adapters.Media, 1)}, c, true},
		"pictures":         {adapters.Message{Media: make([]adapters.Media, 2)}, c, false},
		"options":          {adapters.Message{Text: "a", Options: append(two, two...)}, c, false},
		"label":            {adapters.Message{Text: "a", Options: []adapters.Option{{Label: "abcd"}}}, c, false},
		"payload":          {adapters.Message{Text: "a", Options: []adapters.Option{{Label: "a", Payload: "ếế"}}}, c, false},
		"no template":      {adapters.Message{Template: template}, c, false},
		"template":         {adapters.Message{Text: strings.Repeat("a", 9), Template: template}, adapters.Capabilities{TextMax: 4, Templates: adapters.TemplatesOutside}, true},
		"templates only":   {adapters.Message{Text: "a"}, adapters.Capabilities{Templates: adapters.TemplatesAlways}, false},
		"text without max": {adapters.Message{Text: strings.Repeat("a", 99)}, adapters.Capabilities{}, true},
	} {
		if err := x.c.Check(x.m); (err == nil) != x.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
