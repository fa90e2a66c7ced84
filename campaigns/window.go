package campaigns

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/preferences/address"
)

// Heard is when a customer last wrote from one of their addresses to an account that has a window or a quota, and how much
// was sent there since. It is their message that opens the one and refills the other.
type Heard struct {
	Account string          `json:"account"`
	From    address.Address `json:"from,omitzero"` // zero: the provider did not tell, so that it counts for each of theirs
	At      time.Time       `json:"at"`
	Sent    int             `json:"sent,omitempty"` // messages since then
}

// Quota is how many messages an account may send to somebody after each of theirs, and for how long after it.
type Quota struct {
	Most   int // 0: no limit
	Within time.Duration
}

// heardMax bounds State.Heard.
const heardMax = 8

// about reports whether the customer's message counts for what is sent to one of their addresses.
func (h Heard) about(account string, to address.Address) bool {
	return h.Account == account && (h.From == to || h.From.IsZero())
}

// heard is where the customer's last message to the account stands in State.Heard, as far as an address is concerned; -1:
// there is none.
func (t *turn) heard(account string, to address.Address) int {
	last := -1
	for i, h := range t.s.Heard {
		if h.about(account, to) && (last < 0 || !h.At.Before(t.s.Heard[last].At)) {
			last = i
		}
	}
	return last
}

// shut is why free text may not be sent to an address by a route now; "" where it may.
func (t *turn) shut(r Route, to address.Address) (why string) {
	if r.Window <= 0 && r.Quota.Most <= 0 {
		return ""
	}
	i := t.heard(r.Account, to)
	switch {
	case r.Window > 0 && (i < 0 || t.now.Sub(t.s.Heard[i].At) >= r.Window):
		return passWindow
	case r.Quota.Most > 0 && (i < 0 || t.now.Sub(t.s.Heard[i].At) >= r.Quota.Within || t.s.Heard[i].Sent >= r.Quota.Most):
		return passQuota
	}
	return ""
}

// until is how long free text may be sent after a message of theirs; zero: always.
func (r Route) until(h Heard) (until time.Time) {
	if r.Window > 0 {
		until = h.At.Add(r.Window)
	}
	if r.Quota.Most > 0 {
		until = sooner(until, h.At.Add(r.Quota.Within))
	}
	return until
}

// placeOn is where a route reaches the contact: at the one address that is wanted, else at the first that free text may go
// to, else at the first there is. A window belongs to the address from which they wrote.
func (t *turn) placeOn(r Route, wanted address.Address) (place address.Address, ok bool) {
	if !wanted.IsZero() {
		return wanted, r.Channel.Carries(wanted)
	}
	if t.s.Contact == nil {
		return place, false
	}
	for _, a := range t.s.Contact.Addresses {
		if !r.Channel.Carries(a) {
			continue
		}
		if t.shut(r, a) == "" {
			return a, true
		}
		if !ok {
			place, ok = a, true
		}
	}
	return place, ok
}

// hear notes that the customer has written to an account whose window that opens, or whose quota it refills.
func (t *turn) hear() {
	r, ok := t.w.route(t.e.Account)
	if !ok || r.Window <= 0 && r.Quota.Most <= 0 {
		return
	}
	at := t.now
	if !t.e.At.IsZero() && t.e.At.Before(at) {
		at = t.e.At
	}
	late := false
	kept := make([]Heard, 0, len(t.s.Heard)+1)
	for _, h := range t.s.Heard {
		same := h.Account == r.Account && h.From == t.e.From
		if !same || h.At.After(at) {
			kept = append(kept, h)
		}
		late = late || same && h.At.After(at) // a webhook that comes after its successor
	}
	if !late {
		kept = append(kept, Heard{Account: r.Account, From: t.e.From, At: at})
	}
	t.s.Heard = kept[max(0, len(kept)-heardMax):]
}

// spend counts a message that is about to go out against the account's quota. A template is no part of it.
func (t *turn) spend(o Outbound) {
	r, ok := t.w.route(o.Account)
	if !ok || r.Quota.Most <= 0 || o.Template != nil {
		return
	}
	if i := t.heard(r.Account, o.To); i >= 0 {
		t.s.Heard = slices.Clone(t.s.Heard)
		t.s.Heard[i].Sent++
	}
}
