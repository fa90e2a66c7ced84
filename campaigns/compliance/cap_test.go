package compliance_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences/address"
)

// The fourth ad within 24 hours waits until the first of them is a day old (VN-10); where that is at night, until the morning.
func TestFrequencyCap(t *testing.T) {
	t.Parallel()
	const vn = "Asia/Ho_Chi_Minh"
	clock := func(s string) time.Time { return at(t, vn, "2026-12-"+s) }
	for name, c := range map[string]struct {
		ads     []time.Time
		now     time.Time
		expires time.Time
		action  compliance.Action
		until   time.Time
		reason  string
	}{
		"two before": {
			[]time.Time{clock("05 08:00:00"), clock("05 09:00:00")}, clock("05 10:00:00"), time.Time{}, compliance.Send, time.Time{}, "",
		},
		"three before": {
			[]time.Time{clock("05 09:00:00"), clock("05 08:00:00"), clock("05 08:30:00")}, clock("05 10:00:00"), time.Time{}, compliance.Defer, clock("06 08:00:00"), compliance.FrequencyCap,
		},
		"five before": {
			[]time.Time{clock("05 08:00:00"), clock("05 08:10:00"), clock("05 08:20:00"), clock("05 08:30:00"), clock("05 08:40:00")}, clock("05 10:00:00"), time.Time{},
			compliance.Defer, clock("06 08:20:00"), compliance.FrequencyCap,
		},
		"the first is a day old": {
			[]time.Time{clock("04 10:00:00"), clock("05 08:00:00"), clock("05 09:00:00")}, clock("05 10:00:00"), time.Time{}, compliance.Send, time.Time{}, "",
		},
		"it is a second short of a day old": {
			[]time.Time{clock("04 10:00:01"), clock("05 08:00:00"), clock("05 09:00:00")}, clock("05 10:00:00"), time.Time{}, compliance.Defer, clock("05 10:00:01"), compliance.FrequencyCap,
		},
		"one is still to leave": {
			[]time.Time{clock("05 08:00:00"), clock("05 09:00:00"), clock("05 12:00:00")}, clock("05 10:00:00"), time.Time{}, compliance.Send, time.Time{}, "",
		},
		"three leave in the morning, when quiet hours end": {
			[]time.Time{clock("06 07:00:00"), clock("06 07:00:00"), clock("06 07:00:00")}, clock("05 23:00:00"), time.Time{}, compliance.Defer, clock("07 07:00:00"), compliance.FrequencyCap,
		},
		"free at night": {
			[]time.Time{clock("04 21:55:00"), clock("05 08:00:00"), clock("05 09:00:00")}, clock("05 21:00:00"), time.Time{}, compliance.Defer, clock("06 07:00:00"), compliance.FrequencyCap,
		},
		"free in quiet hours that hold it anyway": {
			[]time.Time{clock("05 01:00:00"), clock("05 08:00:00")}, clock("05 23:00:00"), time.Time{}, compliance.Defer, clock("06 07:00:00"), compliance.QuietHours,
		},
		"too late by then": {
			[]time.Time{clock("05 08:00:00"), clock("05 08:30:00"), clock("05 09:00:00")}, clock("05 10:00:00"), clock("06 08:00:00"), compliance.Drop, time.Time{}, compliance.Expired,
		},
	} {
		check := compliance.Check{Class: compliance.Ad, Contact: person(vn, true), Ads: c.ads, Expires: c.expires}
		v := compliance.May(pack(t, "vn"), check, c.now)
		if v.Action != c.action || v.Reason != c.reason || !v.Until.Equal(c.until) {
			t.Errorf("%s: %+v", name, v)
		}
		for _, class := range []string{compliance.Reply, compliance.Control, compliance.Service} {
			if check.Class = class; compliance.May(pack(t, "vn"), check, c.now).Reason == compliance.FrequencyCap {
				t.Errorf("%s: a %s is no ad", name, class)
			}
		}
	}
}

func TestCapBindsTelephoneNumbers(t *testing.T) {
	t.Parallel()
	tel, chat := address.Address{Scheme: "tel", ID: "+84901234567"}, address.Address{Scheme: "zalo", ID: "7"}
	if c := pack(t, "vn").Cap; !c.Binds(tel) || c.Binds(chat) || (compliance.Cap{}).Binds(tel) {
		t.Errorf("%+v", c)
	}
}

// TestNeverMoreThanTheCap: whenever ads are wanted, and however late those leave that were let go, no 24 hours have more than three.
func TestNeverMoreThanTheCap(t *testing.T) {
	t.Parallel()
	p, c := pack(t, "vn"), person("Asia/Ho_Chi_Minh", true)
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Unix(rapid.Int64Range(1_700_000_000, 1_800_000_000).Draw(rt, "now"), 0)
		var sent []time.Time
		for range 20 {
			now = now.Add(time.Duration(rapid.IntRange(0, 8*3600).Draw(rt, "later")) * time.Second)
			v := compliance.May(p, compliance.Check{Class: compliance.Ad, Contact: c, Ads: sent}, now)
			if v.Action == compliance.Defer {
				if again := compliance.May(p, compliance.Check{Class: compliance.Ad, Contact: c, Ads: sent}, v.Until); again.Action != compliance.Send {
					rt.Fatalf("until %v, and then %+v", v.Until, again)
				}
				continue
			}
			sent = append(sent, now)
			if n := len(sent); n > 3 && now.Sub(sent[n-4]) < 24*time.Hour {
				rt.Fatalf("four within 24 hours: %v", sent[n-4:])
			}
		}
	})
}
