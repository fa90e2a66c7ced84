package preferences

import "time"

// EntryKind names what a ledger entry records.
type EntryKind string

// What the ledger keeps. Every message that was not sent has an entry that says why not.
const (
	EntryCreated      EntryKind = "contact.created"
	EntryEdited       EntryKind = "contact.edited"
	EntryReceived     EntryKind = "message.received"
	EntryQueued       EntryKind = "message.queued"
	EntryHeld         EntryKind = "message.held"
	EntrySent         EntryKind = "message.sent"
	EntryDelivered    EntryKind = "message.delivered"
	EntryRead         EntryKind = "message.read"
	EntryFailed       EntryKind = "message.failed"
	EntryNotSent      EntryKind = "message.not_sent"
	EntryUnderstood   EntryKind = "reply.understood" // what was read, and how
	EntryUnclear      EntryKind = "reply.unclear"
	EntryDeclined     EntryKind = "reply.declined"
	EntryCommand      EntryKind = "reply.command"
	EntryPreference   EntryKind = "preference.changed"
	EntryConsent      EntryKind = "consent.changed"
	EntrySuppressed   EntryKind = "contact.suppressed"
	EntryUnsuppressed EntryKind = "contact.unsuppressed"
	EntryAsked        EntryKind = "conversation.asked"
	EntryNotAsked     EntryKind = "conversation.not_asked" // why this person was not asked
	EntryReminded     EntryKind = "conversation.reminded"
	EntryCompleted    EntryKind = "conversation.completed"
	EntryExpired      EntryKind = "conversation.expired"
	EntryStopped      EntryKind = "conversation.stopped"
	EntryOffered      EntryKind = "offer.given"
	EntryNoOffer      EntryKind = "offer.none"
	EntryEvent        EntryKind = "event.received"
	EntryInbox        EntryKind = "inbox.added"
	EntryInboxClosed  EntryKind = "inbox.closed"             // and why a person need not look any more
	EntryTakenOver    EntryKind = "conversation.taken_over"  // one of the brand's people talks to them
	EntryHandedBack   EntryKind = "conversation.handed_back" // and does so no more
	EntryLinked       EntryKind = "contact.linked"           // a second address of theirs was proved
	EntryLinkAsked    EntryKind = "contact.link_asked"       // a second address is to be proved: a code or link was sent to it
	EntryLinkTried    EntryKind = "contact.link_tried"       // a wrong code
	EntryNotLinked    EntryKind = "contact.not_linked"       // and why that changed nothing
	EntryMerged       EntryKind = "contact.merged"           // another contact turned out to be the same person
	EntryMergedInto   EntryKind = "contact.merged_into"      // and this is how it ends
	EntryUnmerged     EntryKind = "contact.unmerged"         // or how that was undone
	EntryCopied       EntryKind = "contact.copied"           // a copy of everything was taken on their own page
)

// Entry is one line of a contact's ledger: what changed and why. Entries are only ever added.
type Entry struct {
	At       time.Time      `json:"at"`
	Kind     EntryKind      `json:"kind"`
	Event    string         `json:"event,omitempty"` // the event that caused it
	Campaign string         `json:"campaign,omitempty"`
	Run      string         `json:"run,omitempty"`
	Question string         `json:"question,omitempty"`
	Offer    string         `json:"offer,omitempty"`
	Message  string         `json:"message,omitempty"` // our id of the message
	Class    string         `json:"class,omitempty"`   // the message's class
	Text     string         `json:"text,omitempty"`    // what was said, by either side
	Reason   string         `json:"reason,omitempty"`  // a stable word: quiet_hours, no_consent, opted_out, ...
	Detail   map[string]any `json:"detail,omitempty"`  // the rest: value, trace, offers considered
}
