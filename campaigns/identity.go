package campaigns

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// One person may be met at several addresses, and be a contact at each of them until somebody proves that they are one.
// Who owns an address knows whom it leads to, and who owns a contact alone may change it: so they tell each other.
//
//	prove          a code or link goes to the address that somebody claims to be theirs (proof.go)
//	proved         and who got the link says that it is
//	linked         the contact at From has Also as well: the proof. Whoever Also leads to is told that they are the same
//	same_person    of two contacts the younger one comes in to the older one, whoever was told first
//	address_given  Also led to nobody, and leads to this contact since
//	merged         a contact has come in, with all that is known of it. It keeps its ledger, and nothing happens to it any more
//	came_in        the contact that it named had come in to another itself, or was let out again meanwhile: with whom it is
//	unmerge        that was a mistake: the contact gets back what it brought
//	unmerged       and here it is
//	merged_erased  the contact that came in has been erased, or one that was parted from this one
//
// The older one of two never comes in to the younger, so that no two can come in to each other, nor any number in a ring.

// mergesMax bounds how many contacts may have come in to one: more than a person has channels is a mistake.
const mergesMax = 4

// Peer is another contact that is the same person, and why.
type Peer struct {
	Contact string          `json:"contact"`
	Created time.Time       `json:"created,omitzero"`
	Full    bool            `json:"full,omitempty"` // as many have come in to it as may
	Has     int             `json:"has,omitempty"`  // how many addresses it has
	Also    address.Address `json:"also,omitzero"`  // the address that was proved to be theirs
	Account string          `json:"account,omitempty"`
	By      string          `json:"by,omitempty"`      // code or link, sent by Account; empty: the provider vouches for it
	At      time.Time       `json:"at,omitzero"`       // when that was
	Refused string          `json:"refused,omitempty"` // address_given: why it was not given, or why the two are not made one
	Named   string          `json:"named,omitempty"`   // merged: whom it came in to; who that one has come in to may get it
}

// Came is what a contact brings that comes in to another.
type Came struct {
	Contact      preferences.Contact      `json:"contact"` // its preferences stand apart
	Preferences  []preferences.Preference `json:"preferences,omitempty"`
	Conversation *Conversation            `json:"conversation,omitempty"` // the open one, where its question has been seen
	Waiting      []Waiting                `json:"waiting,omitempty"`      // runs with a delay
	Heard        []Heard                  `json:"heard,omitempty"`
	Ads          []Ad                     `json:"ads,omitempty"`
}

// Back is what a contact gets that comes out again.
type Back struct {
	Addresses  []address.Address        `json:"addresses"`
	Suppressed *preferences.Suppression `json:"suppressed,omitempty"` // what was said meanwhile still stands
	Consents   []preferences.Consent    `json:"consents,omitempty"`
	Stayed     []address.Address        `json:"stayed,omitempty"` // what others have brought, perhaps by way of it
	Ads        []Ad                     `json:"ads,omitempty"`    // to its addresses
}

// Into is where a contact has gone.
type Into struct {
	Contact   string            `json:"contact"`
	At        time.Time         `json:"at"`
	Addresses []address.Address `json:"addresses,omitempty"` // that it had
}

// Merge is a contact that came in, and what must be known to let it out again.
type Merge struct {
	Peer
	Came     time.Time                `json:"came"`
	Took     preferences.Contact      `json:"took"`               // what we did not have; its preferences stand apart
	Taken    []preferences.Preference `json:"taken,omitempty"`    // in the place of ours, or where we had none
	Replaced []preferences.Preference `json:"replaced,omitempty"` // ours
	Undone   time.Time                `json:"undone,omitzero"`    // when it went out again
}

// Told is an event that a step has for another contact, or for whoever an address leads to.
type Told struct {
	Contact string
	Address address.Address
	Event   Event
}

func (t *turn) tell(to Told) {
	to.Event.ID = t.e.ID + ":" + string(to.Event.Kind)
	if to.Contact != "" {
		to.Event.ID += ":" + to.Contact
	}
	to.Event.At = t.now
	t.out.Tell = append(t.out.Tell, to)
}

// Elsewhere is the contact that an event is for, where that is not the one it was brought to: the contact has come in to
// another, or the address that it comes from was given back. Empty: it is for this one.
func (s State) Elsewhere(e Event) string {
	switch e.Kind {
	case MessageIn, ProviderOptOut, ProviderOptIn, Occurred, Edit, TakenAway, CopyTaken, Linked, SamePerson, AddressGiven, Merged:
	case MergedErased:
		if e.Peer != nil && slices.ContainsFunc(s.Merges, func(m Merge) bool { return m.Contact == e.Peer.Contact }) {
			return ""
		}
	default:
		return "" // it is about the contact itself, or a message of its own
	}
	from := e.From
	if e.Kind == SamePerson {
		from = e.Also
	}
	if m := s.undone(from); m != nil {
		return m.Contact
	}
	if id := s.letOut(e, from); id != "" {
		return id
	}
	if s.Into != nil {
		return s.Into.Contact
	}
	return ""
}

// letOut is the contact that an event was for as it was passed on, or that another contact named as it came in, where that
// one has gone out from here since and the event is not from an address of ours; empty: there is none.
func (s State) letOut(e Event, from address.Address) string {
	if s.Contact == nil || !from.IsZero() && has(s.Contact.Addresses, from) {
		return ""
	}
	for _, m := range s.Merges {
		named := m.Contact == e.Via || e.Kind == Merged && e.Peer != nil && m.Contact == e.Peer.Named
		if named && !m.Came.IsZero() && !m.Undone.IsZero() {
			return m.Contact
		}
	}
	return ""
}

// PassedOn is an event as it goes to the contact that it is for.
func (s State) PassedOn(e Event) Event {
	e.Via = ""
	if s.Into != nil {
		e.Via = s.ID
	}
	return e
}

// HandedOver reports whether an address that the contact had has been left to another contact, who sees to it that it
// leads there.
func (s State) HandedOver(a address.Address) bool { return s.Into != nil || s.undone(a) != nil }

// undone is the contact that got a back; nil: nobody did.
func (s State) undone(a address.Address) *Merge {
	if a.IsZero() || s.Contact == nil || has(s.Contact.Addresses, a) {
		return nil
	}
	for i := len(s.Merges) - 1; i >= 0; i-- {
		if m := &s.Merges[i]; !m.Undone.IsZero() && has(m.Took.Addresses, a) {
			return m
		}
	}
	return nil
}

// merge is the place among Merges of who is still in; -1: is not.
func (s State) merge(p *Peer) int {
	return slices.IndexFunc(s.Merges, func(m Merge) bool { return p != nil && m.Contact == p.Contact && m.Undone.IsZero() })
}

// full reports whether as many have come in as may.
func (s State) full() bool {
	n := 0
	for _, m := range s.Merges {
		if m.Undone.IsZero() {
			n++
		}
	}
	return n >= mergesMax
}

// linked: somebody who must know vouches that the person at From has the address Also.
//
// Example: {"kind":"linked","from":"telegram:77","also":"tel:+84901234567","account":"bot"}
func (t *turn) linked() {
	if t.s.Contact == nil {
		t.create(t.e.From)
	}
	t.meet()
	t.vouched(&Peer{Also: t.e.Also, Account: t.e.Account, At: t.happened()})
}

// vouched: it is proved that the contact has the address p.Also.
func (t *turn) vouched(p *Peer) {
	p.Contact, p.Created, p.Full, p.Has = t.s.ID, t.s.Contact.Created, t.s.full(), len(t.s.Contact.Addresses)
	switch {
	case p.Also.IsZero():
	case has(t.s.Contact.Addresses, p.Also):
		t.noteLink(preferences.EntryLinked, "known", p)
	case len(t.s.Contact.Addresses) >= addressesMax:
		t.noteLink(preferences.EntryNotLinked, tooManyAddresses, p)
	default:
		t.noteLink(preferences.EntryLinked, "proved", p)
		t.tell(Told{Address: p.Also, Event: Event{Kind: SamePerson, Also: p.Also, Peer: p}})
	}
}

func (t *turn) noteLink(k preferences.EntryKind, reason string, p *Peer) {
	t.note(preferences.Entry{Kind: k, Reason: reason, Detail: p.detail()})
}

// detail is the proof as the ledger has it.
func (p *Peer) detail() map[string]any {
	d := map[string]any{"also": p.Also.String()}
	if p.Account != "" {
		d["account"] = p.Account
	}
	if p.By != "" {
		d["by"] = p.By
	}
	if !p.At.IsZero() {
		d["proved"] = p.At
	}
	return d
}

// addressGiven: the address that was proved to be ours leads to us since, unless somebody had it who was erased.
//
// Example: {"kind":"address_given","also":"tel:+84901234567","peer":{"contact":"c1","account":"bot"}}
func (t *turn) addressGiven() {
	p := t.e.Peer
	if t.s.Contact == nil || p == nil || t.e.Also.IsZero() {
		return
	}
	if p.Refused != "" {
		t.noteLink(preferences.EntryNotLinked, p.Refused, p)
		return
	}
	if !has(t.s.Contact.Addresses, t.e.Also) {
		t.s.Contact.Addresses, t.touched = append(t.s.Contact.Addresses, t.e.Also), true
	}
	t.noteLink(preferences.EntryLinked, "added", p)
}

// samePerson: the peer and this contact are one. The younger comes in to the older.
//
// Example: {"kind":"same_person","also":"tel:+84901234567","peer":{"contact":"c1","created":"2026-11-20T03:00:00Z"}}
func (t *turn) samePerson() {
	p := t.e.Peer
	if p == nil || t.s.Contact == nil || p.Contact == t.s.ID {
		return
	}
	older := t.s.Contact.Created.Before(p.Created) || t.s.Contact.Created.Equal(p.Created) && t.s.ID < p.Contact
	switch {
	case older && t.s.full(), !older && p.Full:
		t.refuseMerge(p, "too_many_merges")
	case len(t.s.Contact.Addresses)+p.Has > addressesMax:
		t.refuseMerge(p, tooManyAddresses)
	case older:
		me := *p
		me.Contact, me.Created, me.Full, me.Has = t.s.ID, t.s.Contact.Created, t.s.full(), len(t.s.Contact.Addresses)
		t.tell(Told{Contact: p.Contact, Event: Event{Kind: SamePerson, Peer: &me}})
	default:
		t.comeIn(p)
	}
}

// tooManyAddresses is why an address, or a contact with its addresses, is not taken in.
const tooManyAddresses = "too_many_addresses"

// refuseMerge leaves the two contacts as they are. Both ledgers say why.
func (t *turn) refuseMerge(p *Peer, why string) {
	t.noteLink(preferences.EntryNotLinked, why, p)
	me := *p
	me.Contact, me.Refused = t.s.ID, why
	t.tell(Told{Contact: p.Contact, Event: Event{Kind: AddressGiven, Also: p.Also, Peer: &me}})
}

// comeIn gives everything over to the peer. From here on nothing happens to this contact, save that the messages it
// has sent are still accounted for.
func (t *turn) comeIn(p *Peer) {
	c := t.s.Contact
	came := t.brings()
	me := *p
	me.Contact, me.Created, me.Named = t.s.ID, c.Created, p.Contact
	t.tell(Told{Contact: p.Contact, Event: Event{Kind: Merged, Peer: &me, Came: came}})
	d := p.detail()
	d["into"] = p.Contact
	t.note(preferences.Entry{Kind: preferences.EntryMergedInto, Detail: d})
	t.s.Into = &Into{Contact: p.Contact, At: t.now, Addresses: c.Addresses}
	c.Addresses, t.touched = nil, true
	t.end(preferences.EntryStopped, "merged")
	t.s.Ended, t.s.Heard, t.s.Taken = nil, nil, nil
	t.endProof("merged")
	t.dropWaiting("merged", func(Waiting) bool { return true })
	t.withdraw("merged")
}

// brings is what this contact takes along. A run that it was not asked for yet stays behind, except that one with a delay
// is in no counts, and a question that nobody has seen must not be waited for.
func (t *turn) brings() *Came {
	c := *t.s.Contact
	came := &Came{Heard: t.s.Heard, Ads: t.s.Ads}
	for _, a := range sortedKeys(c.Preferences) {
		came.Preferences = append(came.Preferences, c.Preferences[a])
	}
	c.Preferences, c.ID, c.Updated = nil, "", time.Time{}
	came.Contact = c
	if conv := t.s.Conversation; conv != nil && t.seen(conv) {
		moved := conv.clone()
		came.Conversation = &moved
	}
	for _, r := range t.s.Waiting {
		if !r.NotBefore.IsZero() {
			came.Waiting = append(came.Waiting, r)
		}
	}
	return came
}

// seen reports whether the open question has left, or is about to: what answers somebody is not taken back.
func (t *turn) seen(conv *Conversation) bool {
	return slices.ContainsFunc(t.s.Messages, func(m Message) bool {
		leaves := bucket[m.Status] == CountSent || pending(m.Status) && m.Class != ClassAd
		return leaves && m.Run == conv.Run && m.Question == conv.Question
	})
}
