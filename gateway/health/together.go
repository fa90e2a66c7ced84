package health

import (
	"slices"
	"time"
)

// Together is what all replicas see of an account.
type Together struct {
	Seen
	Replicas int // that told
	Gone     int // those of them to whom its provider does not answer
}

// Merge puts together what replicas see: times are the latest, counts are summed, the pace is the slowest.
func Merge(all ...Seen) Together {
	t := Together{Replicas: len(all)}
	t.Pace = 1
	total := map[key]int{}
	for _, s := range all {
		t.Taken, t.Inbound, t.Receipt = latest(t.Taken, s.Taken), latest(t.Inbound, s.Inbound), latest(t.Receipt, s.Receipt)
		t.Throttled, t.Until = latest(t.Throttled, s.Throttled), latest(t.Until, s.Until)
		t.Forged, t.Malformed, t.InFlight = t.Forged+s.Forged, t.Malformed+s.Malformed, t.InFlight+s.InFlight
		t.Lags, t.Pace = append(t.Lags, s.Lags...), min(t.Pace, s.Pace)
		for _, c := range s.Outcomes {
			total[key{c.Result, c.Code}] += c.N
		}
		if s.Refused != nil && (t.Refused == nil || s.Refused.At.After(t.Refused.At)) {
			t.Refused = s.Refused
		}
		if s.Away {
			t.Gone++
		}
	}
	t.Away, t.Outcomes = t.Gone > 0, sorted(total)
	if t.Refused != nil && t.Taken.After(t.Refused.At) {
		t.Refused = nil // another replica has got through since
	}
	return t
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Lag is the median and the 95th percentile of how long receipts took, of n messages.
func (s Seen) Lag() (median, most time.Duration, n int) {
	if len(s.Lags) == 0 {
		return 0, 0, 0
	}
	l := slices.Sorted(slices.Values(s.Lags))
	at := func(percent int) time.Duration {
		return time.Duration(l[min(len(l)-1, len(l)*percent/100)]) * time.Millisecond
	}
	return at(50), at(95), len(l)
}
