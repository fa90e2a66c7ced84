package campaigns

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// preferredChannel names the attributes whose declared value, a channel's name, makes that channel go first.
var preferredChannel = []string{"preferred_channel", "channel"}

// target is where a message goes.
type target struct {
	route Route
	to    address.Address
}

// Can reports whether the route may carry the class.
func (r Route) Can(class string) bool {
	return len(r.Carries) == 0 || slices.Contains(r.Carries, class)
}

// reach finds the first route that carries class to an address of the contact, in the order of channels (of the
// configuration where there are none), a preferred channel first. answers: only routes that answers come back on.
func (t *turn) reach(channels []address.Channel, class string, answers bool) (target, bool) {
	if len(channels) == 0 {
		for _, r := range t.w.Routes {
			if !slices.Contains(channels, r.Channel) {
				channels = append(channels, r.Channel)
			}
		}
	}
	for _, ch := range t.preferFirst(channels) {
		for _, r := range t.w.Routes {
			if r.Channel != ch || !r.Can(class) || answers && !r.Inbound {
				continue
			}
			if a, ok := t.addressOn(ch); ok {
				return target{r, a}, true
			}
		}
	}
	return target{}, false
}

func (t *turn) addressOn(ch address.Channel) (address.Address, bool) {
	if t.s.Contact == nil {
		return address.Address{}, false
	}
	for _, a := range t.s.Contact.Addresses {
		if ch.Carries(a) {
			return a, true
		}
	}
	return address.Address{}, false
}

// preferFirst is channels with the one that the contact declared to prefer in front.
func (t *turn) preferFirst(channels []address.Channel) []address.Channel {
	if t.s.Contact == nil {
		return channels
	}
	for _, name := range preferredChannel {
		p, ok := t.s.Contact.Preferences[name]
		ch := address.Channel(p.Value.Text)
		if !ok || p.Class != preferences.Declared || !slices.Contains(channels, ch) {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(channels), func(c address.Channel) bool { return c == ch })
		return append([]address.Channel{ch}, rest...)
	}
	return channels
}

// back is where an answer to the customer goes: the way they wrote, else the way we talk, else any way there is.
func (t *turn) back(class string) (target, bool) {
	if t.e.Kind == MessageIn && !t.e.From.IsZero() {
		if r, ok := t.w.route(t.e.Account); ok && r.Can(class) && r.Channel.Carries(t.e.From) {
			return target{r, t.e.From}, true
		}
	}
	if c := t.s.Conversation; c != nil {
		if r, ok := t.w.route(c.Route); ok && r.Can(class) {
			return target{r, c.To}, true
		}
	}
	if t.e.Kind == MessageIn {
		if to, ok := t.reach([]address.Channel{t.e.Channel}, class, false); ok {
			return to, true
		}
	}
	return t.reach(nil, class, false)
}

func (w *World) route(account string) (Route, bool) {
	for _, r := range w.Routes {
		if r.Account == account {
			return r, true
		}
	}
	return Route{}, false
}
