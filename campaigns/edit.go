package campaigns

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/config/nearest"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Bounds on what an edit may put into a contact.
const (
	addressesMax = 16
	factsMax     = 256
	skew         = 5 * time.Minute // how far another machine's clock may be ahead of ours
)

// edit: what the API, an import or the console says about a contact. It is checked whole before anything is changed; a
// problem goes back to whoever waits for it. It can grant consent, but never lift a suppression, which only the customer
// can, and never claim or replace what the customer declared (I6).
//
// Example: {"kind":"edit","from":"tel:+84901234567","contact":{"name":"Lan","facts":{"city":"Huế"}}}
func (t *turn) edit() {
	d := t.e.Contact
	if d == nil {
		return
	}
	t.out.Result.Contact = t.s.ID
	if problem := t.refuse(d); problem != "" {
		t.out.Result.Problem = problem
		return
	}
	if t.s.Contact == nil {
		t.create(t.home(d))
		t.out.Result.Created = true
	}
	changed := t.editFields(d)
	changed = append(changed, t.editFacts(d.Facts)...)
	t.editPreferences(d.Preferences)
	if len(changed) > 0 {
		t.touched = true
		t.note(preferences.Entry{Kind: preferences.EntryEdited, Detail: map[string]any{"changed": changed}})
	}
	t.editConsents(d.Consents)
}

func (t *turn) home(d *ContactEdit) address.Address {
	if !t.e.From.IsZero() || len(d.Addresses) == 0 {
		return t.e.From
	}
	return d.Addresses[0]
}

// refuse says why the edit cannot be done; empty: it can.
func (t *turn) refuse(d *ContactEdit) string {
	switch {
	case t.s.Contact == nil && t.home(d).IsZero():
		return "a new contact needs an address"
	case t.crowded(d):
		return fmt.Sprintf("a contact has at most %d addresses", addressesMax)
	case d.Locale != nil && *d.Locale != "" && language(*d.Locale) == "":
		return fmt.Sprintf("locale %q is not a language code such as vi or en", clip(*d.Locale, 20))
	case len(d.Facts) > factsMax:
		return fmt.Sprintf("an edit has at most %d facts", factsMax)
	}
	if d.Timezone != nil && *d.Timezone != "" {
		if _, ok := preferences.Zone(*d.Timezone); !ok {
			return fmt.Sprintf("timezone %q is not an IANA zone such as Asia/Ho_Chi_Minh", clip(*d.Timezone, 40))
		}
	}
	for _, c := range d.Consents {
		if problem := t.refuseConsent(c); problem != "" {
			return problem
		}
	}
	kinds := t.attributes(d.Preferences)
	for _, p := range d.Preferences {
		if problem := refusePreference(p, kinds); problem != "" {
			return problem
		}
	}
	return ""
}

// crowded reports whether the edit adds addresses to more than a contact may have.
func (t *turn) crowded(d *ContactEdit) bool {
	var all []address.Address
	if t.s.Contact != nil {
		all = slices.Clone(t.s.Contact.Addresses)
	}
	known := len(all)
	for _, a := range append([]address.Address{t.e.From}, d.Addresses...) {
		if !a.IsZero() && !has(all, a) {
			all = append(all, a)
		}
	}
	return len(all) > max(known, addressesMax)
}

func (t *turn) attributes(edited []preferences.Preference) map[string]preferences.Kind {
	if len(edited) == 0 {
		return nil
	}
	return t.w.Attributes()
}

// refuseConsent: a consent of tomorrow would outlive the opt-out of today.
func (t *turn) refuseConsent(c preferences.Consent) string {
	switch {
	case strings.TrimSpace(c.Purpose) == "":
		return "a consent needs a purpose, such as marketing"
	case c.At.After(t.now.Add(skew)):
		return fmt.Sprintf("the consent to %s is dated in the future", clip(c.Purpose, 40))
	}
	if meant := t.meant(c.Purpose); meant != "" {
		return fmt.Sprintf("nobody asks for the consent to %s; did you mean %s?", clip(c.Purpose, 40), meant)
	}
	return ""
}

// meant is the purpose that was surely meant where one was mistyped: a yes to it would count for nothing, and so would a no.
// One that the contact has already goes on.
func (t *turn) meant(purpose string) string {
	if t.s.Contact != nil {
		if _, ok := t.s.Contact.Consent(purpose); ok {
			return ""
		}
	}
	return nearest.Slip(purpose, t.w.Purposes())
}

func refusePreference(p preferences.Preference, kinds map[string]preferences.Kind) string {
	kind, asked := kinds[p.Attribute]
	switch {
	case p.Attribute == "":
		return "a preference needs an attribute"
	case p.Class == preferences.Declared:
		return fmt.Sprintf("preference %q: declared can only come from the customer; use imported", p.Attribute)
	case p.Class != "" && p.Class != preferences.Imported && p.Class != preferences.Observed && p.Class != preferences.Inferred:
		return fmt.Sprintf("preference %q: there is no class %q", p.Attribute, clip(string(p.Class), 20))
	case p.Value.IsZero() || p.Kind != "" && p.Kind != p.Value.Kind:
		return fmt.Sprintf("preference %q: the value does not fit its kind", p.Attribute)
	case asked && kind != p.Value.Kind:
		return fmt.Sprintf("preference %q is asked as %s, not %s", p.Attribute, kind, p.Value.Kind)
	case math.IsNaN(p.Confidence) || p.Confidence < 0 || p.Confidence > 1:
		return fmt.Sprintf("preference %q: confidence is between 0 and 1", p.Attribute)
	}
	return ""
}

// language is the language of a locale ("vi" of "vi-VN"); empty: it is none.
func language(locale string) string {
	l, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-")
	if len(l) < 2 || len(l) > 3 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return l
}

func (t *turn) editFields(d *ContactEdit) (changed []string) {
	c := t.s.Contact
	for _, a := range append([]address.Address{t.e.From}, d.Addresses...) {
		switch {
		case a.IsZero() || has(c.Addresses, a) || len(c.Addresses) >= addressesMax:
		case has(t.e.Listed, a): // whoever had it was erased, and only their own word brings it back
			t.note(preferences.Entry{Kind: preferences.EntryEdited, Reason: "address_forgotten"})
		default:
			c.Addresses, changed = append(c.Addresses, a), append(changed, "addresses")
		}
	}
	set := func(field *string, to *string, name string) {
		if to != nil && *field != *to {
			*field, changed = *to, append(changed, name)
		}
	}
	if d.Name != nil {
		name := tidy(*d.Name)
		set(&c.Name, &name, "name")
	}
	if d.Locale != nil {
		l := language(*d.Locale)
		set(&c.Locale, &l, "locale")
	}
	set(&c.Timezone, d.Timezone, "timezone")
	slices.Sort(changed)
	return slices.Compact(changed)
}

// editFacts merges facts; a nil value removes one.
func (t *turn) editFacts(facts map[string]any) (changed []string) {
	c := t.s.Contact
	if len(facts) > 0 {
		c.Facts = maps.Clone(c.Facts)
	}
	for _, k := range sortedKeys(facts) {
		v := facts[k]
		_, had := c.Facts[k]
		switch {
		case v == nil && had:
			delete(c.Facts, k)
		case v == nil || !had && len(c.Facts) >= factsMax:
			continue
		default:
			if c.Facts == nil {
				c.Facts = map[string]any{}
			}
			c.Facts[k] = v
		}
		changed = append(changed, "facts."+k)
	}
	return changed
}

// editPreferences keeps what others say. It never replaces the customer's own word.
func (t *turn) editPreferences(edited []preferences.Preference) {
	for _, p := range edited {
		if old, ok := t.s.Contact.Preferences[p.Attribute]; ok && old.Class == preferences.Declared {
			t.note(preferences.Entry{
				Kind: preferences.EntryEdited, Reason: "declared_kept", Detail: map[string]any{"attribute": p.Attribute, "refused": p},
			})
			continue
		}
		if p.Class == "" {
			p.Class = preferences.Imported
		}
		p.Kind = p.Value.Kind
		if p.Evidence.At.IsZero() {
			p.Evidence.At = t.happened()
		}
		if old, ok := t.s.Contact.Preferences[p.Attribute]; !ok || !old.Value.Equal(p.Value) || old.Class != p.Class {
			t.setPreference(p)
		}
	}
}

// editConsents adds records. A yes to marketing that is taken back works like an opt-out: what is open ends, what is queued
// is taken back.
func (t *turn) editConsents(records []preferences.Consent) {
	before := map[string]bool{}
	for _, r := range records {
		before[r.Purpose] = t.s.Contact.Consented(r.Purpose)
	}
	for _, r := range records {
		if r.At.IsZero() || r.At.After(t.now) {
			if same, ok := t.s.Contact.Consent(r.Purpose); ok && r.At.IsZero() && same.Granted == r.Granted && slices.Equal(same.Channels, r.Channels) {
				continue // said again without a date: nothing new
			}
			r.At = t.happened()
		}
		if r.Source == "" {
			r.Source = "api"
		}
		r.RecordedAt = t.now
		if t.recorded(r) {
			continue
		}
		t.addConsent(r)
		if r.Granted && t.s.Contact.Suppressed != nil {
			t.note(preferences.Entry{
				Kind: preferences.EntryConsent, Reason: "still_suppressed",
				Detail: map[string]any{"purpose": r.Purpose, "suppressed": t.s.Contact.Suppressed.Reason},
			})
		}
	}
	t.withdrawn(before)
}

// recorded reports whether the very same record is there already: an import that runs again adds nothing.
func (t *turn) recorded(r preferences.Consent) bool {
	return slices.ContainsFunc(t.s.Contact.Consents, func(o preferences.Consent) bool {
		return sameConsent(o, r)
	})
}

// withdrawn ends what the edited consents no longer allow. before: to which of them the contact had agreed.
func (t *turn) withdrawn(before map[string]bool) {
	gone := map[string]bool{}
	for purpose, agreed := range before {
		gone[purpose] = agreed && !t.s.Contact.Consented(purpose)
	}
	if gone[preferences.Marketing] {
		t.stopAll("no_consent")
		return
	}
	purpose := func(campaign string) string {
		if c := t.w.Campaigns[campaign]; c != nil {
			return c.purpose()
		}
		return ""
	}
	t.dropWaiting("no_consent", func(r Waiting) bool { return gone[purpose(r.Campaign)] })
	if c := t.s.Conversation; c != nil && gone[purpose(c.Campaign)] {
		t.count(c.Run, CountOptedOut, 1)
		t.end(preferences.EntryStopped, "no_consent")
		t.withdraw("no_consent")
	}
}

func has(list []address.Address, a address.Address) bool { return slices.Contains(list, a) }
