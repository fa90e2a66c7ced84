package preferences_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the tests need zones wherever they run

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

func TestValuesRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind      preferences.Kind
		raw, want string // want: as it is written again; empty: an error
	}{
		{preferences.YesNo, `true`, `true`},
		{preferences.YesNo, `"yes"`, ``},
		{preferences.Choice, `"office"`, `"office"`},
		{preferences.Choices, `["a","b"]`, `["a","b"]`},
		{preferences.Choices, `[]`, `[]`},
		{preferences.Number, `12`, `12`},
		{preferences.Number, `{"min":10}`, `{"min":10}`},
		{preferences.Number, `{"min":10,"max":20}`, `{"min":10,"max":20}`},
		{preferences.Number, `{}`, ``},
		{preferences.Money, `{"amount":500000,"currency":"VND"}`, `{"amount":500000,"currency":"VND"}`},
		{preferences.Money, `{"max":3,"currency":"USD"}`, `{"max":3,"currency":"USD"}`},
		{preferences.Money, `500000`, ``},
		{preferences.Rating, `4`, `4`},
		{preferences.Rating, `{"min":3,"max":4}`, ``},
		{preferences.Date, `"--08-15"`, `"--08-15"`},
		{preferences.TimeWindow, `{"from":"18:00"}`, `{"from":"18:00"}`},
		{preferences.Text, `"a <b> & \"c\""`, `"a <b> & \"c\""`},
		{preferences.Email, `"a@b.vn"`, `"a@b.vn"`},
		{"colour", `"red"`, ``},
	} {
		v, err := preferences.ParseValue(c.kind, []byte(c.raw))
		if (err == nil) != (c.want != "") {
			t.Errorf("%s %s: %v", c.kind, c.raw, err)
			continue
		}
		if err != nil {
			continue
		}
		got, err := v.MarshalJSON()
		if err != nil || string(got) != c.want {
			t.Errorf("%s %s: written as %s, %v", c.kind, c.raw, got, err)
		}
		if back, err := preferences.ParseValue(c.kind, got); err != nil || !back.Equal(v) {
			t.Errorf("%s %s: read back as %+v, %v", c.kind, c.raw, back, err)
		}
	}
}

func genValue() *rapid.Generator[preferences.Value] {
	bound := rapid.Custom(func(t *rapid.T) *float64 {
		x := rapid.Float64Range(-1e12, 1e12).Draw(t, "x")
		return &x
	})
	return rapid.Custom(func(t *rapid.T) preferences.Value {
		k := rapid.SampledFrom(preferences.Kinds()).Draw(t, "kind")
		switch k {
		case preferences.YesNo:
			return preferences.Value{Kind: k, Bool: rapid.Bool().Draw(t, "yes")}
		case preferences.Choices:
			return preferences.Value{Kind: k, List: rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "list")}
		case preferences.Rating:
			return preferences.Exact(k, *bound.Draw(t, "n"), "")
		case preferences.Number:
			return preferences.Between(k, bound.Draw(t, "lo"), bound.Draw(t, "hi"), "")
		case preferences.Money:
			return preferences.Between(k, nil, bound.Draw(t, "hi"), "VND")
		case preferences.TimeWindow:
			return preferences.Value{Kind: k, From: "18:00", To: rapid.SampledFrom([]string{"", "21:00"}).Draw(t, "to")}
		}
		return preferences.Value{Kind: k, Text: rapid.String().Draw(t, "text")}
	})
}

// TestPreferencesSurviveStorage: what is written is what is read.
func TestPreferencesSurviveStorage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := genValue().Draw(t, "value")
		p := preferences.Preference{
			Attribute: "a", Kind: v.Kind, Value: v, Class: preferences.Declared, Confidence: 0.98,
			Evidence: preferences.Evidence{Text: "dạ 2 nha", At: time.Unix(1_796_000_000, 0).UTC()},
		}
		raw, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back preferences.Preference
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		if !back.Value.Equal(v) {
			t.Fatalf("%s: %+v became %+v", raw, v, back.Value)
		}
		back.Value = v // exact bounds are shared pointers or not; Equal has compared them
		if !reflect.DeepEqual(p, back) {
			t.Fatalf("%+v became %+v", p, back)
		}
	})
}

// What is limited to channels counts there, as if each channel had a list of its own.
func TestConsentsByChannel(t *testing.T) {
	t.Parallel()
	all := []address.Channel{"", address.SMS, address.Zalo, address.Viber}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(t, "records")
		byChannel, c := map[address.Channel]bool{}, &preferences.Contact{}
		for i := range n {
			r := preferences.Consent{Purpose: preferences.Marketing, At: time.Unix(int64(i/2), 0), Granted: rapid.Bool().Draw(t, "granted")}
			for _, ch := range all[1:] {
				if rapid.Bool().Draw(t, "limited") {
					r.Channels = append(r.Channels, ch)
				}
			}
			c.Consents = append(c.Consents, r)
			for _, ch := range all {
				if len(r.Channels) == 0 || slices.Contains(r.Channels, ch) {
					byChannel[ch] = r.Granted
				}
			}
		}
		somewhere := false
		for _, ch := range all {
			if got := c.ConsentedOn(preferences.Marketing, ch); got != byChannel[ch] {
				t.Fatalf("%q: %v, want %v of %+v", ch, got, byChannel[ch], c.Consents)
			}
			somewhere = somewhere || byChannel[ch]
		}
		if got := c.Consented(preferences.Marketing); got != somewhere {
			t.Fatalf("somewhere: %v of %+v", got, c.Consents)
		}
		for i, old := range c.Consents { // without what is outdated, all is as it was
			for _, later := range c.Consents[i+1:] {
				if !later.Outdates(old) {
					continue
				}
				less := &preferences.Contact{Consents: slices.Delete(slices.Clone(c.Consents), i, i+1)}
				for _, ch := range all {
					if less.ConsentedOn(preferences.Marketing, ch) != byChannel[ch] {
						t.Fatalf("%+v outdates %+v, and yet something changes for %q", later, old, ch)
					}
				}
			}
		}
	})
}

func TestNewestConsentCounts(t *testing.T) {
	t.Parallel()
	record := func(granted bool, at int64) preferences.Consent {
		return preferences.Consent{Purpose: preferences.Marketing, Granted: granted, At: time.Unix(at, 0)}
	}
	for name, c := range map[string]struct {
		records []preferences.Consent
		want    bool
	}{
		"none":                      {nil, false},
		"yes":                       {[]preferences.Consent{record(true, 1)}, true},
		"taken back":                {[]preferences.Consent{record(true, 1), record(false, 2)}, false},
		"an old yes comes in late":  {[]preferences.Consent{record(false, 2), record(true, 1)}, false},
		"the later record of a tie": {[]preferences.Consent{record(true, 1), record(false, 1)}, false},
		"another purpose":           {[]preferences.Consent{{Purpose: preferences.Profiling, Granted: true}}, false},
	} {
		if got := (&preferences.Contact{Consents: c.records}).Consented(preferences.Marketing); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestFresh(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	for until, want := range map[time.Time]bool{{}: true, now: false, now.Add(1): true, now.Add(-1): false} {
		if got := (preferences.Preference{FreshUntil: until}).Fresh(now); got != want {
			t.Errorf("%v: %v", until, got)
		}
	}
}

func TestZone(t *testing.T) {
	t.Parallel()
	saigon, _ := preferences.Zone("Asia/Ho_Chi_Minh")
	for name, want := range map[string]string{
		"Europe/Berlin": "Europe/Berlin", "": "Asia/Ho_Chi_Minh", "Local": "Asia/Ho_Chi_Minh", "../secret": "Asia/Ho_Chi_Minh",
	} {
		for range 2 { // the second time from memory
			if got := (&preferences.Contact{Timezone: name}).Zone(nil, saigon); got.String() != want {
				t.Errorf("%q: %s", name, got)
			}
		}
	}
	if (*preferences.Contact)(nil).Zone() != time.UTC {
		t.Error("nobody's zone")
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	a := preferences.Exact(preferences.Number, 1, "")
	if !a.Equal(preferences.Exact(preferences.Number, 1, "")) || a.Equal(preferences.Exact(preferences.Number, 2, "")) ||
		a.Equal(preferences.Between(preferences.Number, a.Min, nil, "")) || a.Equal(preferences.Exact(preferences.Rating, 1, "")) {
		t.Error("values are compared wrongly")
	}
	if math.Signbit(*a.Min) {
		t.Error("one is positive")
	}
}

func FuzzParseValue(f *testing.F) {
	for _, k := range preferences.Kinds() {
		f.Add(string(k), `{"min":1,"max":2}`)
		f.Add(string(k), `"x"`)
	}
	f.Fuzz(func(t *testing.T, kind, raw string) {
		v, err := preferences.ParseValue(preferences.Kind(kind), []byte(raw))
		if err != nil {
			return
		}
		again, err := v.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := preferences.ParseValue(v.Kind, again); err != nil || !back.Equal(v) {
			t.Fatalf("%s became %s, %v", raw, again, err)
		}
	})
}
