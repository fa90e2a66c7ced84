package campaigns_test

import (
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences/address"
)

// post carries what contacts tell each other: what one tells another arrives in order, and everything else in any. It
// keeps whom addresses lead to, as an engine does.
type post struct {
	sim    *sim
	under  []letter
	led    map[address.Address]string
	listed map[address.Address]bool // of somebody who was erased
}

type letter struct {
	from string
	campaigns.Told
}

func newPost(s *sim) *post {
	return &post{sim: s, led: map[address.Address]string{}, listed: map[address.Address]bool{}}
}

func (b *post) to(l letter) string {
	if l.Contact != "" {
		return l.Contact
	}
	return l.Address.String()
}

// take notes what has come of a step, whose state is still the one before.
func (b *post) take(p *person, out campaigns.Outcome) {
	for _, told := range out.Tell {
		b.under = append(b.under, letter{p.state.ID, told})
	}
	for _, a := range out.Suppress {
		b.listed[a] = true
	}
	for _, a := range out.Unsuppress {
		delete(b.listed, a)
	}
	if out.Erase {
		for _, a := range out.Suppress {
			b.leave(a, p.state.ID)
		}
		return
	}
	var had, has []address.Address
	if p.state.Contact != nil {
		had = p.state.Contact.Addresses
	}
	if out.State.Contact != nil {
		has = out.State.Contact.Addresses
	}
	for _, a := range has {
		if !slices.Contains(had, a) {
			b.led[a] = p.state.ID
		}
	}
	for _, a := range had {
		if !slices.Contains(has, a) && !out.State.HandedOver(a) {
			b.leave(a, p.state.ID)
		}
	}
}

func (b *post) leave(a address.Address, id string) {
	if b.led[a] == id {
		delete(b.led, a)
	}
}

func (b *post) person(id string) *person {
	i := slices.IndexFunc(b.sim.people, func(p *person) bool { return p.state.ID == id })
	if i < 0 {
		b.sim.t.Fatalf("nobody is called %s", id)
	}
	return b.sim.people[i]
}

// next are the letters that may arrive now.
func (b *post) next() (places []int) {
	for i, l := range b.under {
		before := slices.ContainsFunc(b.under[:i], func(o letter) bool { return o.from == l.from && b.to(o) == b.to(l) })
		if !before {
			places = append(places, i)
		}
	}
	return places
}

// deliver lets one of them arrive.
func (b *post) deliver(i int) {
	l := b.under[i]
	b.under = slices.Delete(b.under, i, i+1)
	id := l.Contact
	if id == "" {
		if id = b.led[l.Address]; id == "" {
			if l.Event.Kind == campaigns.SamePerson {
				b.free(l)
			}
			return
		}
	}
	p := b.person(id)
	if other := p.state.Elsewhere(l.Event); other != "" {
		b.under = append(b.under, letter{id, campaigns.Told{Contact: other, Event: p.state.PassedOn(l.Event)}})
		return
	}
	if p.state.Contact == nil && l.Event.Kind == campaigns.AddressGiven {
		b.leave(l.Event.Also, l.Event.Peer.Contact)
		return
	}
	if p.state.Contact == nil && !l.Event.From.IsZero() {
		return // it would go to whoever has the address next
	}
	b.sim.step(p, l.Event)
}

// free gives an address that leads to nobody to the contact that has proved it.
func (b *post) free(l letter) {
	peer := *l.Event.Peer
	if b.listed[l.Address] {
		peer.Refused = "address_forgotten"
	} else {
		b.led[l.Address] = peer.Contact
	}
	b.under = append(b.under, letter{l.Address.String(), campaigns.Told{Contact: peer.Contact, Event: campaigns.Event{
		ID: l.Event.ID + ":given", Kind: campaigns.AddressGiven, At: b.sim.now, Also: l.Address, Peer: &peer}}})
}

// deliverAll lets everything arrive, and what comes of it.
func (b *post) deliverAll() {
	for n := 0; len(b.under) > 0; n++ {
		if n > 1000 {
			b.sim.t.Fatalf("letters without end: %s from %s", b.under[0].Event.Kind, b.under[0].from)
		}
		b.deliver(b.next()[0])
	}
}

// whom an address leads to, and where that is elsewhere by now, there; nil: nobody.
func (b *post) whom(a address.Address) *person {
	id := b.led[a]
	for range 10 {
		if id == "" {
			return nil
		}
		p := b.person(id)
		if id = p.state.Elsewhere(campaigns.Event{Kind: campaigns.MessageIn, From: a}); id == "" {
			return p
		}
	}
	b.sim.t.Fatalf("%s leads in a ring", a)
	return nil
}

// spoken reports whether somebody still speaks of a contact that was erased: nobody else is called by its id meanwhile, as
// nobody ever is outside of this simulation.
func (b *post) spoken(id string) bool {
	return slices.ContainsFunc(b.under, func(l letter) bool { return l.from == id || b.to(l) == id }) ||
		slices.ContainsFunc(b.sim.people, func(p *person) bool {
			return p.state.Into != nil && p.state.Into.Contact == id ||
				slices.ContainsFunc(p.state.Merges, func(m campaigns.Merge) bool { return m.Contact == id && m.Undone.IsZero() })
		})
}

// checkMerged: who has come in to another is at rest.
func (s *sim) checkMerged(p *person) {
	if p.state.Into == nil {
		return
	}
	ads := slices.ContainsFunc(p.queue, func(o campaigns.Outbound) bool { return o.Class == campaigns.ClassAd })
	if p.state.Conversation != nil || len(p.state.Waiting) > 0 || len(p.state.Contact.Addresses) > 0 || p.state.Proof != nil || ads {
		s.t.Fatalf("merged, and yet something is open: %+v", p.state)
	}
}

// atRest is what must hold once everybody has been told everything.
func (b *post) atRest() {
	holder := map[address.Address]string{}
	for _, p := range b.sim.people {
		c := p.state.Contact
		if c == nil {
			continue
		}
		for _, a := range c.Addresses {
			if who, ok := holder[a]; ok {
				b.sim.t.Fatalf("%s is of %s and of %s", a, who, p.state.ID)
			}
			holder[a] = p.state.ID
		}
		if p.state.Into == nil {
			continue
		}
		into := b.survivor(p)
		known := slices.ContainsFunc(b.sim.people, func(o *person) bool {
			return slices.ContainsFunc(o.state.Merges, func(m campaigns.Merge) bool { return m.Contact == p.state.ID && m.Undone.IsZero() })
		})
		if into.state.Contact == nil || !known {
			b.sim.t.Fatalf("%s has come in to %s, which knows nothing of it", p.state.ID, into.state.ID)
		}
	}
	for a, id := range b.led {
		if holder[a] == "" {
			b.sim.t.Fatalf("%s leads to %s, who does not have it", a, id)
		}
	}
	for a, id := range holder {
		if p := b.whom(a); p == nil || p.state.ID != id {
			b.sim.t.Fatalf("%s has %s, which leads to %q", id, a, b.led[a])
		}
	}
}

func (b *post) survivor(p *person) *person {
	for range len(b.sim.people) {
		if p.state.Into == nil {
			return p
		}
		p = b.person(p.state.Into.Contact)
	}
	b.sim.t.Fatalf("contacts have come in to each other in a ring")
	return nil
}
