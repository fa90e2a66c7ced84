package compliance_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the tests need zones wherever they run

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

func pack(t testing.TB, market string) compliance.Pack {
	t.Helper()
	p, ok := compliance.PackFor(market)
	if !ok {
		t.Fatalf("no pack for %s", market)
	}
	return p
}

func person(zone string, granted bool) *preferences.Contact {
	return &preferences.Contact{
		ID: "c1", Timezone: zone,
		Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: granted, At: time.Unix(1, 0)}},
	}
}

func at(t testing.TB, zone, clock string) time.Time {
	t.Helper()
	z, ok := preferences.Zone(zone)
	if !ok {
		t.Fatalf("no zone %s", zone)
	}
	x, err := time.ParseInLocation("2006-01-02 15:04:05", clock, z)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestMay(t *testing.T) {
	t.Parallel()
	const vn = "Asia/Ho_Chi_Minh"
	yes, no, stopped := person(vn, true), person(vn, false), person(vn, true)
	byZalo := person(vn, true)
	byZalo.Consents[0].Channels = []address.Channel{address.Zalo}
	stopped.Suppressed = &preferences.Suppression{Reason: "keyword"}
	day, night := at(t, vn, "2026-12-05 10:00:00"), at(t, vn, "2026-12-05 23:00:00")
	for name, c := range map[string]struct {
		check  compliance.Check
		now    time.Time
		action compliance.Action
		reason string
		until  string
	}{
		"an ad by day":                         {compliance.Check{Class: "ad", Contact: yes}, day, compliance.Send, "", ""},
		"an ad at night":                       {compliance.Check{Class: "ad", Contact: yes}, night, compliance.Defer, "quiet_hours", "2026-12-06 07:00:00"},
		"an ad one second early":               {compliance.Check{Class: "ad", Contact: yes}, at(t, vn, "2026-12-05 06:59:59"), compliance.Defer, "quiet_hours", "2026-12-05 07:00:00"},
		"an ad at seven":                       {compliance.Check{Class: "ad", Contact: yes}, at(t, vn, "2026-12-05 07:00:00"), compliance.Send, "", ""},
		"delivery lags":                        {compliance.Check{Class: "ad", Contact: yes}, at(t, vn, "2026-12-05 21:50:00"), compliance.Defer, "quiet_hours", "2026-12-06 07:00:00"},
		"an ad without consent":                {compliance.Check{Class: "ad", Contact: no}, day, compliance.Drop, "no_consent", ""},
		"an ad where they agreed":              {compliance.Check{Class: "ad", Channel: address.Zalo, Contact: byZalo}, day, compliance.Send, "", ""},
		"an ad where they did not":             {compliance.Check{Class: "ad", Channel: address.SMS, Contact: byZalo}, day, compliance.Drop, "no_consent", ""},
		"an ad, nobody knows where":            {compliance.Check{Class: "ad", Contact: byZalo}, day, compliance.Send, "", ""},
		"a reply where they did not agree":     {compliance.Check{Class: "reply", Channel: address.SMS, Contact: byZalo}, day, compliance.Send, "", ""},
		"an ad for another purpose":            {compliance.Check{Class: "ad", Purpose: "profiling", Contact: yes}, day, compliance.Drop, "no_consent", ""},
		"an ad after an opt-out":               {compliance.Check{Class: "ad", Contact: stopped}, night, compliance.Drop, "opted_out", ""},
		"an ad to nobody":                      {compliance.Check{Class: "ad"}, day, compliance.Drop, "unknown_contact", ""},
		"an ad whose time is over":             {compliance.Check{Class: "ad", Contact: yes, Expires: day}, day, compliance.Drop, "expired", ""},
		"an ad whose time is over by morning":  {compliance.Check{Class: "ad", Contact: yes, Expires: night.Add(time.Hour)}, night, compliance.Drop, "expired", ""},
		"no class is an ad":                    {compliance.Check{Contact: no}, day, compliance.Drop, "no_consent", ""},
		"registration asks for the consent":    {compliance.Check{Class: "registration", Contact: no}, day, compliance.Send, "", ""},
		"registration keeps the hours":         {compliance.Check{Class: "registration", Contact: no}, night, compliance.Defer, "quiet_hours", "2026-12-06 07:00:00"},
		"a reply at night":                     {compliance.Check{Class: "reply", Contact: no}, night, compliance.Send, "", ""},
		"a reply to whoever opted out":         {compliance.Check{Class: "reply", Contact: stopped}, night, compliance.Send, "", ""},
		"a service text to whoever opted out":  {compliance.Check{Class: "service", Contact: stopped}, day, compliance.Drop, "opted_out", ""},
		"a service text at night":              {compliance.Check{Class: "service", Contact: no}, night, compliance.Send, "", ""},
		"the confirmation of an opt-out":       {compliance.Check{Class: "control", Contact: stopped, Once: true}, night, compliance.Send, "", ""},
		"a control text that has been waiting": {compliance.Check{Class: "control", Contact: yes, Expires: day}, night, compliance.Drop, "expired", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := compliance.May(pack(t, "vn"), c.check, c.now)
			if v.Action != c.action || v.Reason != c.reason {
				t.Fatalf("got %+v", v)
			}
			if c.until != "" && !v.Until.Equal(at(t, vn, c.until)) {
				t.Fatalf("until %v", v.Until)
			}
		})
	}
}

// Whose zone nobody knows is asked by the market's clock, in summer as in winter.
func TestTheMarketsZone(t *testing.T) {
	t.Parallel()
	for market, zone := range map[string]string{"vn": "Asia/Ho_Chi_Minh", "us": "America/New_York", "eu": "Europe/Berlin"} {
		for _, day := range []string{"2027-01-03", "2027-07-03"} {
			p := pack(t, market)
			v := compliance.May(p, compliance.Check{Class: "ad", Contact: person("", true)}, at(t, zone, day+" 03:00:00"))
			if want := at(t, zone, day+" 00:00:00").Add(p.QuietTo); !v.Until.Equal(want) {
				t.Errorf("%s, %s: %v, want %v", market, day, v.Until, want)
			}
		}
	}
}

// TestZones: hours are those of the contact's own clock, also where it jumps.
func TestZones(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ market, zone, now, want string }{
		"the spring night is an hour shorter": {"us", "America/New_York", "2027-03-13 23:00:00", "2027-03-14 08:00:00"},
		"the autumn night is an hour longer":  {"us", "America/New_York", "2027-11-06 23:00:00", "2027-11-07 08:00:00"},
		"open at its own noon":                {"us", "America/New_York", "2027-11-07 12:00:00", "2027-11-07 12:00:00"},
		"midnight in Berlin":                  {"eu", "Europe/Berlin", "2027-03-28 00:00:00", "2027-03-28 08:00:00"},
		"half an hour in Lord Howe":           {"vn", "Australia/Lord_Howe", "2027-04-04 01:45:00", "2027-04-04 07:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := compliance.May(pack(t, c.market), compliance.Check{Class: "ad", Contact: person(c.zone, true)}, at(t, c.zone, c.now))
			got := v.Until
			if v.Action == compliance.Send {
				got = at(t, c.zone, c.now)
			}
			if !got.Equal(at(t, c.zone, c.want)) {
				t.Fatalf("got %v, want %s", got, c.want)
			}
		})
	}
}

func TestAnUnknownZoneIsTheMarkets(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"", "Local", "Mars/Olympus", "../../etc/passwd"} {
		v := compliance.May(pack(t, "vn"), compliance.Check{Class: "ad", Contact: person(zone, true)}, at(t, "UTC", "2026-12-05 16:00:00"))
		if v.Action != compliance.Defer || !v.Until.Equal(at(t, "UTC", "2026-12-06 00:00:00")) {
			t.Fatalf("%q: %+v", zone, v)
		}
	}
}

var zones = []string{
	"Asia/Ho_Chi_Minh", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu",
	"Africa/Casablanca", "America/Nuuk", "Antarctica/Troll", "Pacific/Kiritimati", "Africa/El_Aaiun", "Nowhere/AtAll",
}

// TestDeferral: a deferred time is itself allowed, nothing before it is, and an ad that may be sent is outside quiet
// hours on the contact's own clock. Checked minute by minute.
func TestDeferral(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := pack(t, rapid.SampledFrom(compliance.Markets()).Draw(rt, "market"))
		if rapid.Bool().Draw(rt, "own hours") {
			p.QuietFrom = time.Duration(rapid.IntRange(0, 1439).Draw(rt, "from")) * time.Minute
			p.QuietTo = time.Duration(rapid.IntRange(0, 1439).Draw(rt, "to")) * time.Minute
		}
		c := person(rapid.SampledFrom(zones).Draw(rt, "zone"), true)
		now := time.Unix(rapid.Int64Range(1_600_000_000, 1_900_000_000).Draw(rt, "now"), 0).Truncate(time.Minute)
		check := compliance.Check{Class: "ad", Contact: c}
		v := compliance.May(p, check, now)
		if v.Action == compliance.Send {
			if quiet(p, c, now) {
				rt.Fatalf("an ad in quiet hours: %v", now.In(c.Zone(p.Zone)))
			}
			return
		}
		if v.Action != compliance.Defer || v.Until.Sub(now) > 26*time.Hour {
			rt.Fatalf("%+v", v)
		}
		for m := now; m.Before(v.Until); m = m.Add(time.Minute) {
			if !quiet(p, c, m) {
				rt.Fatalf("%v was allowed already, not only %v", m.In(c.Zone(p.Zone)), v.Until)
			}
		}
		if again := compliance.May(p, check, v.Until); again.Action != compliance.Send {
			rt.Fatalf("%v is not allowed: %+v", v.Until, again)
		}
	})
}

// quiet is written another way than the code: by comparing what the clock shows as text.
func quiet(p compliance.Pack, c *preferences.Contact, t time.Time) bool {
	if p.QuietFrom == p.QuietTo {
		return false
	}
	show := func(d time.Duration) string { return time.Unix(0, 0).UTC().Add(d).Format("15:04") }
	from, to, now := show(p.QuietFrom-p.Margin+24*time.Hour), show(p.QuietTo), t.In(c.Zone(p.Zone)).Format("15:04")
	if from <= to {
		return from <= now && now < to
	}
	return now >= from || now < to
}

// TestStoppedMeansStopped: whatever the hour and the consents, nothing that we begin reaches whoever opted out.
func TestStoppedMeansStopped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := person(rapid.SampledFrom(zones).Draw(rt, "zone"), rapid.Bool().Draw(rt, "consent"))
		c.Suppressed = &preferences.Suppression{}
		class := rapid.SampledFrom([]string{"ad", "registration", "service", "", "advert"}).Draw(rt, "class")
		now := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(rt, "now"), 0)
		if v := compliance.May(pack(t, "us"), compliance.Check{Class: class, Contact: c}, now); v.Action != compliance.Drop {
			rt.Fatalf("%+v", v)
		}
	})
}

func TestPackFor(t *testing.T) {
	t.Parallel()
	if p, ok := compliance.PackFor("mars"); ok || p.Market != "vn" {
		t.Fatal("an unknown market must get the strictest pack, and say so")
	}
	for _, m := range compliance.Markets() {
		if p := pack(t, m); p.Market != m || p.Zone == nil || p.QuietFrom == p.QuietTo {
			t.Fatalf("%+v", p)
		}
	}
}

func BenchmarkMay(b *testing.B) {
	p, c := pack(b, "us"), person("America/New_York", true)
	now := at(b, "America/New_York", "2027-03-13 23:00:00")
	b.ReportAllocs()
	for b.Loop() {
		compliance.May(p, compliance.Check{Class: "ad", Contact: c}, now)
	}
}
