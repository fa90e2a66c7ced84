package campaigns

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// preferredChannel names the attributes whose declared value, a channel's name, makes that channel go first.
var preferredChannel = []string{"preferred_channel", "channel"}

// The reasons for which a route is passed over.
const (
	passNoAddress  = "no_address"        // the contact has no address on the channel
	passClass      = "class_not_carried" // the account may not carry messages of the class
	passOneWay     = "no_answers"        // answers cannot come back on it
	passWindow     = "window_closed"     // the customer has not written lately, and the question has no template
	passNoTemplate = "no_template"       // the account sends templates only, and the question has none
	passDraining   = "draining"          // nothing new is put on the account
	passTried      = "did_not_reach"     // the question went by it, and did not arrive
	passNoConsent  = "no_consent"        // the contact has not agreed to the purpose on the channel
	passQuota      = "quota_used"        // the account has sent them all that it may until they write again
)

// target is where a message goes.
type target struct {
	route    Route
	to       address.Address
	template *Template         // what it must be sent as; nil: free text
	passed   map[string]string // accounts that would have come first, with the reason why they were passed over; nil: none
}

// wanted is what a way is looked for.
type wanted struct {
	channels []address.Channel // in this order; empty: as in the configuration
	class    string
	purpose  string          // that they must have agreed to on the channel; empty: none
	at       address.Address // the one address to send to; zero: whichever fits
	answers  bool            // only routes that answers come back on
	replies  *Replies        // or that the campaign says another way for
	question *Question       // that is to be asked: its templates pass closed windows; nil: free text
	except   []string        // accounts by which it did not arrive
}

// Can reports whether the route may carry the class.
func (r Route) Can(class string) bool {
	return len(r.Carries) == 0 || slices.Contains(r.Carries, class)
}

// says reports whether the route may carry the class in words that no provider has approved.
func (r Route) says(class string) bool { return r.Can(class) && r.Templates != TemplateAlways }

// reach finds the first route that carries the class to an address of the contact, in the order of the channels, a
// preferred channel first.
func (t *turn) reach(w wanted) (found target, ok bool) {
	var passed map[string]string
	for _, ch := range t.preferFirst(t.w.channels(w.channels)) {
		for _, r := range t.w.Routes {
			if r.Channel != ch {
				continue
			}
			to, why := t.by(r, w)
			if why == "" {
				to.passed = passed
				return to, true
			}
			if passed == nil {
				passed = map[string]string{}
			}
			passed[r.Account] = why
		}
	}
	return target{passed: passed}, false
}

// channels is the order in which channels are tried.
func (w *World) channels(wanted []address.Channel) []address.Channel {
	if len(wanted) > 0 {
		return wanted
	}
	var all []address.Channel
	for _, r := range w.Routes {
		if !slices.Contains(all, r.Channel) {
			all = append(all, r.Channel)
		}
	}
	return all
}

// by is the way over one route, or why there is none.
func (t *turn) by(r Route, w wanted) (to target, why string) {
	a, ok := t.placeOn(r, w.at)
	switch {
	case r.Draining:
		return to, passDraining
	case !r.Can(w.class):
		return to, passClass
	case w.answers && !t.answerable(r, w.replies):
		return to, passOneWay
	case !ok:
		return to, passNoAddress
	case w.purpose != "" && !t.s.Contact.ConsentedOn(w.purpose, r.Channel):
		return to, passNoConsent
	case slices.Contains(w.except, r.Account):
		return to, passTried
	}
	to = target{route: r, to: a}
	if why = t.shut(r, a); why == "" && r.Templates != TemplateAlways {
		return to, ""
	}
	if to.template = w.question.template(r); to.template == nil && r.Templates == TemplateAlways {
		return to, passNoTemplate
	}
	if to.template == nil || r.Templates == TemplateNever {
		return to, why
	}
	if w.answers && !r.Inbound && w.replies.Link {
		return to, passOneWay // a template has no place for a link
	}
	return to, ""
}

// template is what the question is sent as on a route that wants one: the account's own, else the channel's.
func (q *Question) template(r Route) *Template {
	if q == nil {
		return nil
	}
	for _, name := range [...]string{r.Account, string(r.Channel)} {
		if x, ok := q.Templates[name]; ok {
			return &x
		}
	}
	return nil
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
	theirs := t.e.Kind == MessageIn || t.pressed()
	if theirs && !t.e.From.IsZero() {
		if r, ok := t.w.route(t.e.Account); ok && r.says(class) && r.Channel.Carries(t.e.From) {
			return target{route: r, to: t.e.From}, true
		}
	}
	if c := t.s.Conversation; c != nil {
		if r, ok := t.w.route(c.Route); ok && r.says(class) && t.shut(r, c.To) == "" {
			return target{route: r, to: c.To}, true
		}
	}
	if theirs {
		if to, ok := t.reach(wanted{channels: []address.Channel{t.e.Channel}, class: class}); ok {
			return to, true
		}
	}
	return t.reach(wanted{class: class})
}

func (w *World) route(account string) (Route, bool) {
	for _, r := range w.Routes {
		if r.Account == account {
			return r, true
		}
	}
	return Route{}, false
}
