package record

import (
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences/address"
)

// LinkedType is the type of the event by which a contact's ledger notes that a provider vouches for another address of
// theirs.
const LinkedType = "contact.linked"

// Linked is a provider's word that the person at From has the address Also, as two events on the log of From: an edit
// that changes nothing and makes the contact where there is none yet, and an event that notes the other address in the
// ledger, with the account that proved it. No address is added to the contact and nobody is merged: that is for whoever
// decides what such a proof is worth. Erasing the contact takes the ledger, and with it the note.
func Linked(account string, channel address.Channel, e adapters.Event, received time.Time) []Provided {
	id, at, key := account+":"+e.ID, e.At, ""
	if at.IsZero() || at.After(received) {
		at = received
	}
	if !e.From.IsZero() {
		key = e.From.String()
	}
	there := campaigns.Event{ID: id, Kind: campaigns.Edit, At: at, From: e.From, Account: account, Channel: channel, Contact: &campaigns.ContactEdit{}}
	noted := campaigns.Event{
		ID: id + ":linked", Kind: campaigns.Occurred, At: at, From: e.From, Account: account, Channel: channel,
		Type: LinkedType, Data: map[string]any{"also": e.Also.String(), "account": account},
	}
	return []Provided{{ID: there.ID, Key: key, Envelope: Envelope{Event: &there}}, {ID: noted.ID, Key: key, Envelope: Envelope{Event: &noted}}}
}
