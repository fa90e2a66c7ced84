package esms_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/esms"
	"github.com/hoidap/hoidap/adapters/esms/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// account opens an account whose provider is h.
func account(t *testing.T, h http.Handler, more map[string]string) adapters.Adapter {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	set := settings(more)
	set["base_url"] = server.URL
	a, err := esms.Type().Open(adapters.Account{
		ID: "main", Channel: address.SMS, Settings: set, WebhookURL: adaptertest.Webhook, HTTPClient: server.Client(), Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func says(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) })
}

func message(id, text string) adapters.Message {
	return adapters.Message{ID: id, To: lan, Class: adapters.Reply, Text: text}
}

func faultOf(err error) adapters.Fault {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return adapters.Unknown
}

// eSMS's table of error codes, and what is not in it.
func TestCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]adapters.Fault{
		"99": adapters.Stopped, "101": adapters.Operator, "102": adapters.Operator, "103": adapters.Operator, "104": adapters.Operator,
		"105": adapters.BadMessage, "107": adapters.Operator, "108": adapters.Recipient, "110": adapters.BadMessage, "118": adapters.Operator,
		"120": adapters.BadMessage, "140": adapters.Operator, "146": adapters.BadMessage, "160": adapters.Throttled, "177": adapters.Recipient,
		"300": adapters.Operator, "301": adapters.Operator, "687": adapters.BadMessage,
		"100": adapters.Unknown, // without SMSID
		"555": adapters.Unknown, "": adapters.Unknown, "-1": adapters.Unknown,
	} {
		a := account(t, says(`{"CodeResult":"`+code+`","ErrorMessage":"84901234567"}`), nil)
		sent, err := a.Send(t.Context(), message("m1", "Chào chị"))
		if err == nil || faultOf(err) != want || strings.Contains(err.Error(), "84901234567") {
			t.Errorf("%s: %+v, %v, want %q", code, sent, err, want)
		}
	}
}

// A number in place of a string is the same code.
func TestCodeWithoutQuotationMarks(t *testing.T) {
	t.Parallel()
	sent, err := account(t, says(`{"CodeResult":100,"SMSID":"a1"}`), nil).Send(t.Context(), message("m1", "Chào chị"))
	if err != nil || !slices.Equal(sent.IDs, []string{"a1"}) {
		t.Errorf("%+v, %v", sent, err)
	}
}

// A request that eSMS has had before is taken, whether it repeats the SMSID or not.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	o := options(settings(nil))
	o.DuplicatesWithoutName = true
	f := fake.New(o)
	a := account(t, f, nil)
	for i, want := range []string{"", "m1"} {
		sent, err := a.Send(t.Context(), message("m1", "Chào chị"))
		if err != nil || len(sent.IDs) != 1 || i > 0 && sent.IDs[0] != want {
			t.Errorf("%d: %+v, %v", i, sent, err)
		}
	}
	if n := len(f.Shown(lan)); n != 1 {
		t.Errorf("shown %d times", n)
	}
	if sent, err := account(t, says(`{"CodeResult":"199"}`), nil).Send(t.Context(), message("m2", "x")); err != nil || !slices.Equal(sent.IDs, []string{"m2"}) {
		t.Errorf("%+v, %v", sent, err)
	}
	ad := message("m3", "x")
	ad.Class = adapters.Ad
	if sent, err := account(t, says(`{"CodeResult":"124"}`), map[string]string{"carries": "qc"}).Send(t.Context(), ad); faultOf(err) != adapters.Unknown || err == nil {
		t.Errorf("an advertisement has no RequestId that could be repeated: %+v, %v", sent, err)
	}
}

// RequestId takes 50 characters; an id of ours may have 64.
func TestLongIDs(t *testing.T) {
	t.Parallel()
	f := fake.New(options(settings(nil)))
	a := account(t, f, nil)
	ids := []string{strings.Repeat("a", 49), strings.Repeat("a", 50), strings.Repeat("a", 51), strings.Repeat("a", 64), strings.Repeat("a", 50)}
	for _, id := range ids {
		if _, err := a.Send(t.Context(), message(id, "Chào chị")); err != nil {
			t.Fatal(err)
		}
	}
	taken := f.Taken()
	if len(taken) != 4 {
		t.Fatalf("%d were taken, want 4: the last is the second again", len(taken))
	}
	seen := map[string]bool{}
	for i, c := range taken {
		d, err := a.Decode(get("SMSID=x&SendStatus=5&SendSuccess=1&RequestId=" + c.RequestID))
		want := ""
		if i == 0 {
			want = ids[0]
		}
		if len(c.RequestID) > 50 || seen[c.RequestID] || err != nil || d.Events[0].Ours != want {
			t.Errorf("%s became RequestId %q and came back as %+v, %v", ids[i], c.RequestID, d, err)
		}
		seen[c.RequestID] = true
	}
}

// Without Unicode each letter arrives as people type it in haste, and what has no such form is refused.
func TestWithoutUnicode(t *testing.T) {
	t.Parallel()
	f := fake.New(options(settings(nil)))
	a := account(t, f, map[string]string{"unicode": "no"})
	marked, _, _ := strings.Cut(adaptertest.Letters, " ")
	if _, err := a.Send(t.Context(), message("m1", marked)); err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("a", 17) + strings.Repeat("e", 11) + strings.Repeat("i", 5) + strings.Repeat("o", 17) + strings.Repeat("u", 11) + strings.Repeat("y", 5) + "d"
	if got := f.Shown(lan)[0].Text; got != want+strings.ToUpper(want) {
		t.Errorf("%q became %q", marked, got)
	}
	if f.Taken()[0].IsUnicode != "0" {
		t.Error("sent as Unicode")
	}
	if _, err := a.Send(t.Context(), message("m2", "Cảm ơn 👍")); faultOf(err) != adapters.BadMessage || f.Calls() != 1 {
		t.Errorf("an emoji: %v, %d calls", err, f.Calls())
	}
}

// With Unicode only a text that needs it is sent so: it takes more segments.
func TestUnicodeWhereNeeded(t *testing.T) {
	t.Parallel()
	f := fake.New(options(settings(nil)))
	a := account(t, f, nil)
	for id, text := range map[string]string{"m0": "Chi thich gu nao? [1]", "m1": "Chị thích gu nào?"} {
		if _, err := a.Send(t.Context(), message(id, text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range f.Taken() {
		if c.IsUnicode != strings.TrimPrefix(c.RequestID, "m") || c.Type != "2" || c.Callback != adaptertest.Webhook+"/"+pathSecret {
			t.Errorf("%+v", c)
		}
	}
}

// Advertisements go by a call of their own, if at all.
func TestAdvertisements(t *testing.T) {
	t.Parallel()
	o := options(settings(nil))
	ad := message("m1", "[QC] Giảm 20%")
	ad.Class = adapters.Ad
	a := account(t, fake.New(o), map[string]string{"carries": "qc"})
	var e *adapters.Error
	if _, err := a.Send(t.Context(), ad); !errors.As(err, &e) || e.Fault != adapters.Operator || e.Code != "107" {
		t.Errorf("a list of one: %v", err)
	}
	o.AdsFrom = 1
	f := fake.New(o)
	a = account(t, f, map[string]string{"carries": "qc"})
	if sent, err := a.Send(t.Context(), ad); err != nil || len(sent.IDs) != 1 {
		t.Errorf("%+v, %v", sent, err)
	}
	if c := f.Taken()[0]; c.Type != "1" || c.RequestID != "" || f.Shown(lan)[0].Text != "[QC] Giam 20%" {
		t.Errorf("%+v, %+v", c, f.Shown(lan))
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		more         map[string]string
		inbound, ads bool
		repeat       adapters.Repeat
		max          int
	}{
		{nil, false, false, adapters.Keyed, 201},
		{map[string]string{"unicode": "no"}, false, false, adapters.Keyed, 459},
		{map[string]string{"text_max": "306", "carries": "care"}, false, false, adapters.Keyed, 306},
		{map[string]string{"carries": "qc"}, false, true, adapters.Blind, 201},
		{map[string]string{"short_code": "8041", "mo_private_key": "k"}, true, false, adapters.Keyed, 201},
	} {
		c := account(t, says(""), x.more).Capabilities()
		if c.Inbound != x.inbound || slices.Contains(c.Carries, adapters.Ad) != x.ads || c.Repeat != x.repeat || c.TextMax != x.max {
			t.Errorf("%v: %+v", x.more, c)
		}
	}
}

func TestOtherCountries(t *testing.T) {
	t.Parallel()
	f := fake.New(options(settings(nil)))
	m := message("m1", "Hello")
	for _, to := range []address.Address{{Scheme: "tel", ID: "+6591234567"}, {Scheme: "zalo", ID: "84901234567"}, {}} {
		m.To = to
		if _, err := account(t, f, nil).Send(t.Context(), m); faultOf(err) != adapters.Recipient || f.Calls() > 0 {
			t.Errorf("%s: %v, %d calls", to, err, f.Calls())
		}
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	f := fake.New(options(settings(nil)))
	for name, x := range map[string]struct {
		a       adapters.Adapter
		ok      bool
		balance string
		fails   bool
	}{
		"well":          {account(t, f, nil), true, "36693 VND", false},
		"other keys":    {account(t, f, map[string]string{"secret_key": "revoked"}), false, "", false},
		"a page":        {account(t, says("<html>"), nil), false, "", true},
		"no balance":    {account(t, says(`{"CodeResponse":"100"}`), nil), false, "", true},
		"unknown code":  {account(t, says(`{"CodeResponse":"98","Balance":5}`), nil), false, "", true},
		"quoted number": {account(t, says(`{"CodeResponse":"100","Balance":"36693.5"}`), nil), true, "36693.5 VND", false},
	} {
		h, err := x.a.(adapters.Prober).Probe(t.Context())
		if h.OK != x.ok || h.Balance != x.balance || (err != nil) != x.fails || !h.OK && err == nil && h.Detail == "" {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, value, want string }{
		{"unicode", "", "unicode is missing"},
		{"unicode", "maybe", "unicode must be yes or no"},
		{"carries", "ads", "carries must be care or qc"},
		{"brandname", "MY LITTLE SHOP", "brandname must be"},
		{"brandname", "SHOP#1", "brandname must be"},
		{"text_max", "49", "text_max must be"},
		{"text_max", "long", "text_max must be"},
		{"short_code", "8041", "mo_private_key is missing"},
		{"short_code", "+8041", "short_code must be"},
		{"keyword", "SHOP", "short_code is missing"},
		{"keyword", "CỬA HÀNG", "keyword must be"},
		{"mo_private_key", "k", "short_code is missing"},
		{"path_secret", "short", "path_secret is too easy"},
		{"api_key", "two words", "api_key may hold no spaces"},
	} {
		_, err := esms.Type().Open(adapters.Account{Channel: address.SMS, Settings: settings(map[string]string{x.name: x.value})})
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %q: %v, want %q", x.name, x.value, err, x.want)
		}
	}
}
