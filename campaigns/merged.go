package campaigns

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// undoneMax bounds the records of contacts that came in and went out again. Whose record goes is told to forget this one as
// well: nobody could tell them any more when it is erased.
const undoneMax = 4

// merged: a contact has come in. Of what both know the customer's own word counts, and of two words the newer; whoever of
// them was suppressed, both are. What gives way is kept, so that all of it can be undone.
//
// Example: {"kind":"merged","peer":{"contact":"c2","also":"tel:+84901234567","account":"bot"},"came":{"contact":{"addresses":["telegram:77"]}}}
func (t *turn) merged() {
	came, p := t.e.Came, t.e.Peer
	if came == nil || p == nil {
		return
	}
	if t.s.Contact == nil { // erased meanwhile: the other one is nobody's
		t.tell(Told{Contact: p.Contact, Event: Event{Kind: Unmerged, Peer: &Peer{Contact: t.s.ID}, Back: &Back{Addresses: came.Contact.Addresses}}})
		return
	}
	d := p.detail()
	d["from"] = p.Contact
	if t.overfull(came.Contact.Addresses) { // some have come since the two were found to be one
		t.note(preferences.Entry{Kind: preferences.EntryNotLinked, Reason: tooManyAddresses, Detail: d})
		t.sendBack(p, came.Contact.Addresses)
		return
	}
	t.note(preferences.Entry{Kind: preferences.EntryMerged, Detail: d})
	m := Merge{Peer: *p, Came: t.now}
	t.takeCore(&m, &came.Contact)
	t.takePreferences(&m, came.Preferences)
	t.takeAwayHere(&m, came)
	t.takeConsents(&m, came.Contact.Consents)
	t.takeSuppression(&m, came.Contact.Suppressed)
	t.takeTalk(came)
	t.takeAds(came.Ads)
	t.keepMerge(m)
	t.touched = true
	if p.Named != "" && p.Named != t.s.ID {
		t.tell(Told{Contact: p.Contact, Event: Event{Kind: CameIn, Peer: &Peer{Contact: t.s.ID}}})
	}
}

// sendBack parts who has come in again before anything of theirs was taken. It is kept as for any who were parted: what they
// have written meanwhile was sent on to here.
func (t *turn) sendBack(p *Peer, theirs []address.Address) {
	t.tell(Told{Contact: p.Contact, Event: Event{Kind: Unmerged, Peer: &Peer{Contact: t.s.ID, Refused: tooManyAddresses}, Back: &Back{Addresses: theirs}}})
	t.keepMerge(Merge{Peer: *p, Came: t.now, Took: preferences.Contact{Addresses: theirs}, Undone: t.now})
}

// overfull reports whether the contact would have more addresses with these than it may.
func (t *turn) overfull(more []address.Address) bool {
	n := len(t.s.Contact.Addresses)
	for _, a := range more {
		if !has(t.s.Contact.Addresses, a) {
			n++
		}
	}
	return n > addressesMax
}

// cameIn: it is another contact that this one has come in to than the one that it named. What still reaches it goes there.
//
// Example: {"kind":"came_in","peer":{"contact":"c0"}}
func (t *turn) cameIn() {
	if t.s.Into == nil || t.e.Peer == nil {
		return
	}
	into := *t.s.Into
	into.Contact = t.e.Peer.Contact
	t.s.Into = &into
	t.note(preferences.Entry{Kind: preferences.EntryMergedInto, Reason: "passed_on", Detail: map[string]any{"into": into.Contact}})
}

// takeCore takes the addresses, and what we do not know otherwise.
func (t *turn) takeCore(m *Merge, from *preferences.Contact) {
	c := t.s.Contact
	for _, a := range from.Addresses {
		if !has(c.Addresses, a) {
			c.Addresses, m.Took.Addresses = append(c.Addresses, a), append(m.Took.Addresses, a)
		}
	}
	if c.Name == "" {
		c.Name, m.Took.Name = from.Name, from.Name
	}
	if c.Timezone == "" {
		c.Timezone, m.Took.Timezone = from.Timezone, from.Timezone
	}
	c.Facts, m.Took.Facts = filled(c.Facts, from.Facts, factsMax)
	c.Declined, m.Took.Declined = filled(c.Declined, from.Declined, factsMax)
}

// filled is ours with what only theirs has, up to a number of entries; added is what that was.
func filled[V any](ours, theirs map[string]V, most int) (all, added map[string]V) {
	for _, k := range sortedKeys(theirs) {
		if _, ok := ours[k]; ok || len(ours)+len(added) >= most {
			continue
		}
		if added == nil {
			added = map[string]V{}
		}
		added[k] = theirs[k]
	}
	if added == nil {
		return ours, nil
	}
	all = maps.Clone(added)
	maps.Copy(all, ours)
	return all, added
}

// takePreferences takes those that we do not have, and those that count more than ours; none that they would rather not say, or
// took away, here since.
func (t *turn) takePreferences(m *Merge, theirs []preferences.Preference) {
	for _, p := range theirs {
		ours, ok := t.s.Contact.Preferences[p.Attribute]
		if ok && !outweighs(p, ours) || t.declinedHere(m, p) {
			continue
		}
		if ok {
			m.Replaced = append(m.Replaced, ours)
		}
		m.Taken = append(m.Taken, p)
		t.setPreference(p)
	}
}

// declinedHere reports whether they declined to say it, before anything of the other contact's came here, and after they had said it there.
func (t *turn) declinedHere(m *Merge, p preferences.Preference) bool {
	at, declined := t.s.Contact.Declined[p.Attribute]
	_, theirs := m.Took.Declined[p.Attribute]
	return declined && !theirs && at.After(p.Evidence.At)
}

// takeAwayHere takes out what they had told here and took away there since, or would rather not say there any more.
func (t *turn) takeAwayHere(m *Merge, came *Came) {
	for _, attribute := range sortedKeys(came.Contact.Declined) {
		ours, ok := t.s.Contact.Preferences[attribute]
		told := slices.ContainsFunc(came.Preferences, func(p preferences.Preference) bool { return p.Attribute == attribute })
		if !ok || told || ours.Class != preferences.Declared || !came.Contact.Declined[attribute].After(ours.Evidence.At) {
			continue
		}
		m.Replaced = append(m.Replaced, ours)
		t.dropPreference(attribute)
		t.note(preferences.Entry{Kind: preferences.EntryPreference, Reason: "declined_before", Detail: map[string]any{"attribute": attribute, "from": m.Contact}})
	}
}

func (t *turn) dropPreference(attribute string) {
	delete(t.ownPreferences(), attribute)
	t.out.Preferences = append(t.out.Preferences, attribute)
}

// outweighs reports whether p counts more than q: the customer's own word more than anybody else's, else the newer one.
func outweighs(p, q preferences.Preference) bool {
	if a, b := p.Class == preferences.Declared, q.Class == preferences.Declared; a != b {
		return a
	}
	return p.Evidence.At.After(q.Evidence.At)
}

// takeConsents takes the records; the newest for a purpose counts, as ever.
func (t *turn) takeConsents(m *Merge, theirs []preferences.Consent) {
	before := map[string]bool{}
	for _, r := range theirs {
		before[r.Purpose] = t.s.Contact.Consented(r.Purpose)
	}
	for _, r := range theirs {
		if !t.recorded(r) {
			m.Took.Consents = append(m.Took.Consents, r)
			t.addConsent(r)
		}
	}
	t.withdrawn(before)
}

func (t *turn) takeSuppression(m *Merge, theirs *preferences.Suppression) {
	if theirs == nil || t.s.Contact.Suppressed != nil {
		return
	}
	s := *theirs
	m.Took.Suppressed = theirs
	t.suppress(&s)
}

// takeTalk goes on where the other contact's conversation was, if none is open here.
func (t *turn) takeTalk(came *Came) {
	for _, h := range came.Heard {
		i := slices.IndexFunc(t.s.Heard, func(o Heard) bool { return o.Account == h.Account && o.From == h.From })
		switch {
		case i < 0 && len(t.s.Heard) < heardMax:
			t.s.Heard = append(slices.Clip(t.s.Heard), h)
		case i >= 0 && h.At.After(t.s.Heard[i].At):
			t.s.Heard = slices.Clone(t.s.Heard)
			t.s.Heard[i] = h
		}
	}
	if t.s.Contact.Suppressed != nil {
		return
	}
	for _, r := range came.Waiting {
		if !r.NotBefore.IsZero() && len(t.s.Waiting) < keepRuns && !slices.ContainsFunc(t.s.Waiting, func(w Waiting) bool { return w.Run == r.Run }) {
			t.s.Waiting = append(t.s.Waiting, r)
		}
	}
	conv := came.Conversation
	if conv == nil || t.s.Conversation != nil || !t.s.Contact.Consented(t.purposeOf(conv.Campaign)) {
		return
	}
	moved := conv.clone()
	t.s.Conversation = &moved
}

func (t *turn) purposeOf(campaign string) string {
	if c := t.w.Campaigns[campaign]; c != nil {
		return c.purpose()
	}
	return preferences.Marketing
}

// keepMerge keeps the record of a merge, in the place of an older one of the same contact.
func (t *turn) keepMerge(m Merge) {
	t.s.Merges = append(slices.DeleteFunc(slices.Clone(t.s.Merges), func(o Merge) bool { return o.Contact == m.Contact }), m)
	undone := 0
	for _, o := range t.s.Merges {
		if !o.Undone.IsZero() {
			undone++
		}
	}
	if undone > undoneMax {
		i := slices.IndexFunc(t.s.Merges, func(o Merge) bool { return !o.Undone.IsZero() })
		t.forgetUs(t.s.Merges[i])
		t.s.Merges = slices.Delete(t.s.Merges, i, i+1)
	}
}

// forgetUs has a contact forget this one from which it was parted, with the addresses that it remembers.
func (t *turn) forgetUs(parted Merge) {
	t.tell(Told{Contact: parted.Contact, Event: Event{Kind: MergedErased, Peer: &Peer{Contact: t.s.ID}}})
}

// unmerge: the two are not one person after all. The other contact gets back what it brought, and this one what gave
// way. What was learned since stays here, where it was learned.
//
// Example: {"kind":"unmerge","peer":{"contact":"c2"}}
func (t *turn) unmerge() {
	t.out.Result.Contact = t.s.ID
	if t.e.Peer == nil || t.s.Contact == nil {
		t.out.Result.Problem = "there is no such contact"
		return
	}
	i := t.s.merge(t.e.Peer)
	switch {
	case t.s.Into != nil:
		t.out.Result.Problem = "this contact has itself been merged into " + t.s.Into.Contact + "; undo that first"
		return
	case i < 0:
		t.out.Result.Problem = "no contact of that id is merged into this one"
		return
	}
	m := &t.s.Merges[i]
	t.note(preferences.Entry{Kind: preferences.EntryUnmerged, Detail: map[string]any{"from": m.Contact, "merged": m.Came}})
	back := &Back{Suppressed: t.s.Contact.Suppressed}
	for _, r := range t.s.Contact.Consents {
		if !r.Granted && !r.RecordedAt.Before(m.Came) {
			back.Consents = append(back.Consents, r)
		}
	}
	t.giveBack(m, back)
	back.Ads = t.giveAds(back.Addresses)
	for _, o := range t.s.Merges {
		if o.Undone.IsZero() && o.Contact != m.Contact {
			back.Stayed = append(back.Stayed, o.Took.Addresses...)
		}
	}
	t.tell(Told{Contact: m.Contact, Event: Event{Kind: Unmerged, Peer: &Peer{Contact: t.s.ID}, Back: back}})
	m.Undone, m.Taken, m.Replaced = t.now, nil, nil
	m.Took = preferences.Contact{Addresses: back.Addresses}
	t.touched = true
}

// giveBack undoes what the merge did, as far as nothing newer stands in its place.
func (t *turn) giveBack(m *Merge, back *Back) {
	c := t.s.Contact
	kept := slices.Clone(c.Addresses)
	for _, a := range m.Took.Addresses {
		if i := slices.Index(kept, a); i >= 0 {
			kept, back.Addresses = slices.Delete(kept, i, i+1), append(back.Addresses, a)
		}
	}
	c.Addresses = kept
	if m.Took.Name != "" && c.Name == m.Took.Name {
		c.Name = ""
	}
	if m.Took.Timezone != "" && c.Timezone == m.Took.Timezone {
		c.Timezone = ""
	}
	c.Facts = without(c.Facts, m.Took.Facts, reflect.DeepEqual)
	c.Declined = without(c.Declined, m.Took.Declined, time.Time.Equal)
	t.restorePreferences(m)
	t.tellAgain(m)
	t.restoreConsents(m)
	if conv := t.s.Conversation; conv != nil && has(back.Addresses, conv.To) {
		t.end(preferences.EntryStopped, "unmerged")
		t.withdraw("unmerged")
	}
	if e := t.s.Ended; e != nil && has(back.Addresses, e.Conversation.To) {
		t.s.Ended = nil
	}
}

// without is ours without those of added that have not changed since.
func without[V any](ours, added map[string]V, equal func(a, b V) bool) map[string]V {
	if len(added) == 0 {
		return ours
	}
	left := maps.Clone(ours)
	maps.DeleteFunc(left, func(k string, v V) bool {
		x, ok := added[k]
		return ok && equal(x, v)
	})
	return left
}

// restorePreferences puts back what gave way, where what was taken for it still stands.
func (t *turn) restorePreferences(m *Merge) {
	for _, taken := range m.Taken {
		now, ok := t.s.Contact.Preferences[taken.Attribute]
		if !ok || !now.Value.Equal(taken.Value) || !now.Evidence.At.Equal(taken.Evidence.At) {
			continue
		}
		i := slices.IndexFunc(m.Replaced, func(p preferences.Preference) bool { return p.Attribute == taken.Attribute })
		if i >= 0 {
			t.setPreference(m.Replaced[i])
			continue
		}
		t.dropPreference(taken.Attribute)
		t.note(preferences.Entry{Kind: preferences.EntryPreference, Reason: "unmerged", Detail: map[string]any{"attribute": taken.Attribute, "old": now}})
	}
}

// tellAgain puts back what was taken away there alone, unless they have told or declined it here since.
func (t *turn) tellAgain(m *Merge) {
	for _, p := range m.Replaced {
		_, told := t.s.Contact.Preferences[p.Attribute]
		instead := slices.ContainsFunc(m.Taken, func(x preferences.Preference) bool { return x.Attribute == p.Attribute })
		if !told && !instead && !t.s.Contact.Declined[p.Attribute].After(m.Came) {
			t.setPreference(p)
		}
	}
}

// restoreConsents takes back the other's words, and the suppression that was theirs alone.
func (t *turn) restoreConsents(m *Merge) {
	c := t.s.Contact
	before := map[string]bool{}
	for _, r := range c.Consents {
		before[r.Purpose] = c.Consented(r.Purpose)
	}
	c.Consents = slices.DeleteFunc(slices.Clone(c.Consents), func(r preferences.Consent) bool {
		return slices.ContainsFunc(m.Took.Consents, func(o preferences.Consent) bool { return sameConsent(o, r) })
	})
	t.withdrawn(before)
	if s, theirs := c.Suppressed, m.Took.Suppressed; s != nil && theirs != nil && s.Reason == theirs.Reason && s.At.Equal(theirs.At) {
		c.Suppressed = nil
		t.note(preferences.Entry{Kind: preferences.EntryUnsuppressed, Reason: "unmerged"})
	}
}

func sameConsent(a, b preferences.Consent) bool {
	return a.Purpose == b.Purpose && a.Granted == b.Granted && a.Source == b.Source && a.Wording == b.Wording && a.At.Equal(b.At) && slices.Equal(a.Channels, b.Channels)
}

// unmerged: the contact is one by itself again, as it was, but that whoever said STOP meanwhile has said so here as well.
//
// Example: {"kind":"unmerged","peer":{"contact":"c1"},"back":{"addresses":["telegram:77"]}}
func (t *turn) unmerged() {
	b := t.e.Back
	if b == nil || t.s.Contact != nil && t.s.Into == nil {
		return
	}
	if t.s.Contact == nil { // erased meanwhile, and the addresses are somebody's all the same
		if len(b.Addresses) == 0 {
			return
		}
		t.create(b.Addresses[0])
	}
	d, why := map[string]any{}, ""
	if t.e.Peer != nil {
		d["from"], why = t.e.Peer.Contact, t.e.Peer.Refused
	}
	t.note(preferences.Entry{Kind: preferences.EntryUnmerged, Reason: why, Detail: d})
	t.s.Into, t.touched = nil, true
	t.s.Contact.Addresses = b.Addresses
	if t.e.Peer != nil { // what is on its way from there was sent here while that was the way
		t.keepMerge(Merge{Peer: Peer{Contact: t.e.Peer.Contact}, Took: preferences.Contact{Addresses: b.Stayed}, Undone: t.now})
	}
	t.takeAds(b.Ads)
	for _, r := range b.Consents {
		if !t.recorded(r) {
			t.addConsent(r)
		}
	}
	if b.Suppressed != nil && t.s.Contact.Suppressed == nil {
		s := *b.Suppressed
		t.suppress(&s)
	}
}

// mergedErased: who came in has been erased, and cannot go out again; or somebody with whom this contact was one once, whose
// addresses are not to be remembered.
//
// Example: {"kind":"merged_erased","peer":{"contact":"c2"}}
func (t *turn) mergedErased() {
	if t.s.Contact == nil || t.e.Peer == nil {
		return
	}
	in := t.s.merge(t.e.Peer) >= 0
	t.s.Merges = slices.DeleteFunc(slices.Clone(t.s.Merges), func(m Merge) bool { return m.Contact == t.e.Peer.Contact })
	if in {
		t.note(preferences.Entry{Kind: preferences.EntryUnmerged, Reason: "erased", Detail: map[string]any{"from": t.e.Peer.Contact}})
		for _, m := range t.s.Merges { // who was parted from this one may remember the addresses as what stayed here
			if !m.Undone.IsZero() {
				t.forgetUs(m)
			}
		}
	}
}
