package engine

import (
	"context"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// tell puts an event for another contact on its way, to the log where the contact lives, or its address.
func (t *turn) tell(to campaigns.Told) {
	key := to.Contact
	p, ok := t.w.Store.PartitionOfContact(key)
	if !ok {
		key = to.Address.String()
		p = t.w.Store.PartitionOf(key)
	}
	t.forward(p, store.LogEntry{ID: to.Event.ID, Key: key, Body: record.Envelope{Event: &to.Event}.Bytes()})
}

// free handles the proof that an address is a contact's, where it leads to nobody: it leads to the contact from here on,
// so that no newcomer can take it in between, and the contact is told. An address of somebody who was erased is given to
// nobody. It reports false where the event is another, or the address is somebody's.
func (t *turn) free(ctx context.Context, e *entry, ev campaigns.Event) (bool, error) {
	if ev.Kind != campaigns.SamePerson || ev.Peer == nil || t.isContact(e.Key) || t.leadsTo(e.Key, e.contact) != "" || t.newcomers[e.Key] != "" {
		return false, nil
	}
	listed, err := t.isListed(ctx, e.Key)
	if err != nil {
		return false, err
	}
	peer := *ev.Peer
	if listed {
		peer.Refused = "address_forgotten"
	} else {
		t.link(record.Link{Address: e.Key, Contact: peer.Contact})
	}
	t.tally(ev.Kind, "handled")
	t.tell(campaigns.Told{Contact: peer.Contact, Event: campaigns.Event{ID: ev.ID + ":" + string(campaigns.AddressGiven), Kind: campaigns.AddressGiven,
		At: t.now, Also: ev.Also, Peer: &peer}})
	return true, nil
}

// isListed reports whether somebody who was erased had an address.
func (t *turn) isListed(ctx context.Context, address string) (bool, error) {
	if listed, asked := t.listed[address]; asked {
		return listed, nil
	}
	// it led to somebody until a moment ago
	found, err := t.w.Store.Suppressed(ctx, []store.Suspect{{Partition: t.w.Store.PartitionOf(address), Hash: t.w.hash(address)}})
	if err != nil {
		return false, err
	}
	return found[0], nil
}
