package campaigns

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// EventKind says what happened to a contact.
type EventKind string

// What happens to contacts. Nothing else changes one.
const (
	MessageIn      EventKind = "message_in"    // the customer wrote or tapped
	Reported       EventKind = "reported"      // a provider's receipt
	Dispatched     EventKind = "dispatched"    // the sender's word on a message: sent, held, failed, not_sent
	TimerDue       EventKind = "timer_due"     // State.Wake has come
	RunAsk         EventKind = "run_ask"       // a run's slice reached this contact
	RunCancelled   EventKind = "run_cancelled" // a run that waits for its turn was called off
	Occurred       EventKind = "occurred"      // order.returned and the like, by API
	Edit           EventKind = "edit"          // contact data and consents, by API, import or console
	ProviderOptOut EventKind = "provider_opt_out"
	ProviderOptIn  EventKind = "provider_opt_in"
	EraseContact   EventKind = "erase"
	TakenAway      EventKind = "taken_away"    // on their own page they take away what they told us
	CopyTaken      EventKind = "copy_taken"    // and take a copy of everything
	Linked         EventKind = "linked"        // somebody vouches for a second address of theirs
	Prove          EventKind = "prove"         // by API: a second address is to be proved theirs; see proof.go
	Proved         EventKind = "proved"        // and who got the link says so
	SamePerson     EventKind = "same_person"   // they and another contact are one: what of it happens is in identity.go
	AddressGiven   EventKind = "address_given" // a second address was nobody's, and is theirs now
	Merged         EventKind = "merged"        // another contact has come in to them
	CameIn         EventKind = "came_in"       // the contact that they came in to had gone on itself: with whom they are now
	Unmerge        EventKind = "unmerge"       // by API: that was a mistake
	Unmerged       EventKind = "unmerged"      // they are by themselves again
	MergedErased   EventKind = "merged_erased" // who came in, or was parted from them, was erased
	Replayed       EventKind = "replayed"      // somebody wants a message sent after all that was given up
	Settled        EventKind = "settled"       // one of the brand's people says what the customer meant; see person.go
	Said           EventKind = "said"          // writes to them
	TakenOver      EventKind = "taken_over"    // talks to them from now on
	HandedBack     EventKind = "handed_back"   // and does so no more
	ItemDone       EventKind = "item_done"     // has looked, and there is nothing to do
)

// Event is one thing that happened. Which fields count depends on Kind.
type Event struct {
	ID   string    `json:"id"` // unique: a repeat changes nothing
	Kind EventKind `json:"kind"`
	At   time.Time `json:"at"` // when it happened

	From      address.Address `json:"from,omitzero"` // message_in, provider_opt_*, edit, occurred: the contact's address
	Account   string          `json:"account,omitempty"`
	Channel   address.Channel `json:"channel,omitempty"`
	MessageID string          `json:"message_id,omitempty"` // the provider's id of the customer's message
	Text      string          `json:"text,omitempty"`
	Payload   string          `json:"payload,omitempty"`
	Name      string          `json:"name,omitempty"`
	Handle    string          `json:"handle,omitempty"`    // the provider's reply token, for the answer to this very message
	Confirmed bool            `json:"confirmed,omitempty"` // the provider has answered an opt-out or opt-in itself

	Report *Report   `json:"report,omitempty"` // reported
	Sent   *Dispatch `json:"sent,omitempty"`   // dispatched

	Campaign string         `json:"campaign,omitempty"` // run_ask
	Run      string         `json:"run,omitempty"`
	Local    string         `json:"local,omitempty"` // run_ask: "10:00": not before that time on the contact's own clock
	Type     string         `json:"type,omitempty"`  // occurred: "order.returned"
	Data     map[string]any `json:"data,omitempty"`

	Also  address.Address `json:"also,omitzero"`   // linked, same_person, address_given: the second address
	Peer  *Peer           `json:"peer,omitempty"`  // same_person, address_given, merged, came_in, unmerge, unmerged, merged_erased; erase: whom they had come in to
	Came  *Came           `json:"came,omitempty"`  // merged
	Via   string          `json:"via,omitempty"`   // the contact that passed it on, as it had come in to the one that it is for now
	Back  *Back           `json:"back,omitempty"`  // unmerged
	Proof *Proof          `json:"proof,omitempty"` // prove, proved

	Attribute string `json:"attribute,omitempty"` // taken_away: what the preference is about

	Contact *ContactEdit `json:"contact,omitempty"` // edit; erase: what was seen of them, or the addresses of somebody whose record cannot be read
	Resend  *Outbound    `json:"resend,omitempty"`  // replayed: the message as it was given up
	Act     *Act         `json:"act,omitempty"`     // settled, said, taken_over, handed_back, item_done

	// Retried says that a step on it, or on another event at that time, may have claimed something and come to nothing.
	Retried bool `json:"-"`

	Listed []address.Address `json:"-"` // edit: those of Contact's addresses that are on the suppression list of erased contacts
}

// Dispatch is the sender's word on one message.
type Dispatch struct {
	Message string    `json:"message"`          // our id
	Status  string    `json:"status"`           // sent, held, queued (released after being held), failed, not_sent
	Theirs  []string  `json:"theirs,omitempty"` // provider's ids; failed: of the parts that it has taken before
	Reason  string    `json:"reason,omitempty"` // quiet_hours, run_paused, opted_out, no_consent, expired, unknown_outcome, a fault
	Code    string    `json:"code,omitempty"`
	Until   time.Time `json:"until,omitzero"`    // held
	Stopped bool      `json:"stopped,omitempty"` // the provider says that this person opted out
	Simpler []string  `json:"simpler,omitempty"` // in what simpler form it was shown: marks, media, parts

	Ad address.Address `json:"ad,omitzero"` // an ad: to whom; the state may have forgotten it
	// What the counts need where the state has forgotten the message.
	Run   string `json:"run,omitempty"`
	First bool   `json:"first,omitempty"`
	Was   string `json:"was,omitempty"`
}

// ContactEdit is what the API, an import or the console may say about a contact. It can never claim a declared
// preference (invariant I6). Nil fields stay as they are.
type ContactEdit struct {
	Addresses   []address.Address        `json:"addresses"`
	Name        *string                  `json:"name,omitempty"`
	Locale      *string                  `json:"locale,omitempty"`
	Timezone    *string                  `json:"timezone,omitempty"`
	Consents    []preferences.Consent    `json:"consents,omitempty"`
	Facts       map[string]any           `json:"facts,omitempty"`       // a nil value removes
	Preferences []preferences.Preference `json:"preferences,omitempty"` // kept with class imported
	// Seen is when the contact was last changed before whoever edits has read it: where it was changed since, nothing is done. Zero: whatever it is.
	Seen time.Time `json:"seen,omitzero"`
}
