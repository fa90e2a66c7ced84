package campaigns

import (
	"time"

	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// State is everything kept about one contact that a step may read and change.
type State struct {
	ID           string               // the contact's, also where it does not exist yet
	Listed       bool                 // its home address is on the suppression list of erased contacts
	Contact      *preferences.Contact // nil: this contact does not exist yet (or was erased)
	Conversation *Conversation        // the open one; nil: none. One open question per contact (invariant)
	Ended        *Ended               // the one before, while what comes late may still belong to it; nil: none
	Waiting      []Waiting            // runs that would ask once the open conversation ends; bounded
	Messages     []Message            // what we sent lately, newest last; bounded by KeepMessages
	Early        []Report             // reports that came before their message was known; bounded
	Seq          int64                // grows with each outbound message: message ids derive from it
	Ads          []Ad                 // ads to telephone numbers that count against the market's cap; bounded
	Heard        []Heard              // when they last wrote to accounts that have a window; bounded
	Greeted      time.Time            // when an unknown writer was last answered (at most once a day)
	Into         *Into                // the contact that this one has come in to; nil: it is one by itself
	Merges       []Merge              // those who have come in, and some who went out again; bounded
	Proof        *Proof               // under way: that a second address is theirs; nil: none
	Proofs       []time.Time          // when the last ones began; bounded
	Taken        *Taken               // one of the brand's people talks to them; nil: nobody does
	Open         []Open               // what waits for a person; bounded
	Unreadable   int                  // bad stored parts that were healed; for the ledger
}

// Wake is when the contact's next event of kind timer_due is wanted: when the open question is asked once more, the
// conversation ends, the rest of an unfinished message has not come, a proof is over, a run with a delay may begin, or
// whoever talks to them has done nothing for too long, whichever is first. Zero: there is nothing to wait for. Whoever keeps the state sees to it.
func (s State) Wake() time.Time {
	at := time.Time{}
	if s.Proof != nil {
		at = s.Proof.Expires
	}
	if s.Taken != nil { // everything else waits
		return sooner(at, s.Taken.Until)
	}
	at = sooner(at, nextStart(s.Waiting))
	if c := s.Conversation; c != nil {
		at = sooner(sooner(at, c.Remind), c.Expires)
		if c.Unfinished != nil {
			at = sooner(at, c.Unfinished.Until)
		}
	}
	return at
}

// sooner is the earlier of two times, of which the zero one never comes.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Conversation is a contact's walk through a campaign's questions.
type Conversation struct {
	ID         string          `json:"id"` // run and contact: claim keys derive from it
	Campaign   string          `json:"campaign"`
	Run        string          `json:"run"`
	Question   string          `json:"question"` // the open one
	Asked      []string        `json:"asked,omitempty"`
	Skipped    []string        `json:"skipped,omitempty"` // declined
	Tries      int             `json:"tries,omitempty"`   // unclear replies to the open question so far
	Reminded   bool            `json:"reminded,omitempty"`
	HandedOver bool            `json:"handed_over,omitempty"` // a person has been asked to look; the question stays open
	Answered   bool            `json:"answered,omitempty"`    // at least one question was answered
	Route      string          `json:"route"`                 // account id by which we talk
	To         address.Address `json:"to"`
	Tried      []string        `json:"tried,omitempty"` // accounts by which the open question did not arrive
	Started    time.Time       `json:"started"`
	AskedAt    time.Time       `json:"asked_at"`
	Expires    time.Time       `json:"expires"`
	Remind     time.Time       `json:"remind,omitzero"` // when the open question is asked once more; zero: it is not
	Event      map[string]any  `json:"event,omitempty"` // of an event campaign

	// Maybe is what the customer may have meant and has been asked back; nil: nothing. Their next message settles it.
	Maybe *preferences.Preference `json:"maybe,omitempty"`
	// Unfinished is a message that is no answer yet, while more may come; nil: none.
	Unfinished *Unfinished `json:"unfinished,omitempty"`
	// Last is the question that was answered or declined last; empty: none was. Its answer may still be changed.
	Last   string    `json:"last,omitempty"`
	LastAt time.Time `json:"last_at,omitzero"`
	// Retried says that a step may have claimed something for this conversation and come to nothing.
	Retried bool `json:"retried,omitempty"`
}

// Unfinished is what the customer has written so far, to be read together with what comes before Until.
type Unfinished struct {
	Text  string    `json:"text"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// Ended is a conversation that is over.
type Ended struct {
	Conversation Conversation `json:"conversation"`
	At           time.Time    `json:"at"`
	Expired      bool         `json:"expired,omitempty"` // its question was not answered; else it was walked to the end
}

// Waiting is a run whose turn has not come because another question is open.
type Waiting struct {
	Campaign string         `json:"campaign"`
	Run      string         `json:"run"`
	Since    time.Time      `json:"since"`
	Event    map[string]any `json:"event,omitempty"`
	// NotBefore is set where an event campaign has a delay: until then the contact is not in the run's counts.
	NotBefore time.Time `json:"not_before,omitzero"`
}

// KeepMessages bounds State.Messages.
const KeepMessages = 16

// Message is one outbound message as the contact's state remembers it.
type Message struct {
	ID       string    `json:"id"`
	Class    string    `json:"class"`
	Run      string    `json:"run,omitempty"`
	Campaign string    `json:"campaign,omitempty"`
	Question string    `json:"question,omitempty"`
	First    bool      `json:"first,omitempty"`   // the run's first question to this contact: what run counts speak of
	About    string    `json:"about,omitempty"`   // what the gateway said on its own: forget, handed_over, ...
	Theirs   []string  `json:"theirs,omitempty"`  // provider's ids
	Awaited  []string  `json:"awaited,omitempty"` // those of a text in several parts that are not known to have arrived
	Status   string    `json:"status"`            // queued, held, sent, delivered, read, failed, undelivered, not_sent
	At       time.Time `json:"at"`

	To address.Address `json:"to,omitzero"` // only of a code or link: an address that may be somebody else's

	Aside bool `json:"aside,omitempty"` // held until its paused run goes on: the sender has it nowhere near a provider
}

// Report is what became of a message.
type Report struct {
	Ours    string    `json:"ours,omitempty"`
	Part    int       `json:"part,omitempty"` // of a text in several parts, the number from 2 on that came with Ours
	Theirs  string    `json:"theirs,omitempty"`
	Status  string    `json:"status"`
	Code    string    `json:"code,omitempty"`
	At      time.Time `json:"at"`
	Stopped bool      `json:"stopped,omitempty"` // the provider says that this person opted out
}

// Outbound is a message to be sent: an entry of the outbound queue.
type Outbound struct {
	ID        string          `json:"id"` // <contact id>.<seq>
	Contact   string          `json:"contact"`
	To        address.Address `json:"to"`
	Account   string          `json:"account"`
	Class     string          `json:"class"`
	Purpose   string          `json:"purpose,omitempty"` // consent that the gate asks for (class ad)
	Campaign  string          `json:"campaign,omitempty"`
	Run       string          `json:"run,omitempty"`
	Question  string          `json:"question,omitempty"`
	Offer     string          `json:"offer,omitempty"`
	Text      string          `json:"text"`
	Options   []OutOption     `json:"options,omitempty"`
	Fixed     []string        `json:"fixed,omitempty"`    // words of the text that must stay as they are: a name, a code
	Link      bool            `json:"link,omitempty"`     // it holds the address of the page that answers it
	Proof     string          `json:"proof,omitempty"`    // that it is about: the code or link is put in when it leaves (World.Fill)
	Template  *Template       `json:"template,omitempty"` // what it is sent as where the provider wants that
	Handle    string          `json:"handle,omitempty"`   // the reply token of the message that it answers: good once, for a short time
	Queued    time.Time       `json:"queued"`
	NotBefore time.Time       `json:"not_before,omitzero"` // held until then
	Expires   time.Time       `json:"expires,omitzero"`
	Attempt   int             `json:"attempt,omitempty"`
	First     bool            `json:"first,omitempty"`   // the run's first question to this contact: what run counts speak of
	Held      bool            `json:"held,omitempty"`    // it has been counted as held
	Taken     []string        `json:"taken,omitempty"`   // provider's ids of the parts that it has taken
	Parts     int             `json:"parts,omitempty"`   // how many those are
	Unsure    bool            `json:"unsure,omitempty"`  // it may have been sent before: the outcome of an attempt was never known
	Replays   int             `json:"replays,omitempty"` // how often it was given up and brought back
	Once      bool            `json:"once,omitempty"`    // passes suppression exactly once: the confirmation of an opt-out
	Person    bool            `json:"person,omitempty"`  // one of the brand's people wrote it

	Aside  bool `json:"aside,omitempty"`  // its contact was told that it lies aside with its paused run
	Pauses int  `json:"pauses,omitempty"` // how often it has

	PageUntil time.Time `json:"page_until,omitzero"` // it leads to their own page, which opens until then; the address is put in when it leaves (World.Fill)
}

// OutOption is one quick reply.
type OutOption struct {
	Payload string `json:"payload"` // the menu number, so that a tap and a typed number mean the same
	Label   string `json:"label"`
}

// Count is a change to a run's counts.
type Count struct {
	Run   string
	Name  CountName
	Delta int64
}

// CountName names one of a run's counts.
type CountName string

// The counts. Each contact of the audience is in exactly one of queued, held, sent, failed and excluded at any time
// (invariant I11); asked is all of them but those who were excluded before a message was queued; the others are milestones.
const (
	CountAudience  CountName = "audience"
	CountAsked     CountName = "asked"
	CountQueued    CountName = "queued"
	CountHeld      CountName = "held"
	CountSent      CountName = "sent"
	CountFailed    CountName = "failed"
	CountExcluded  CountName = "excluded"
	CountDelivered CountName = "delivered"
	CountAnswered  CountName = "answered"  // contacts who answered at least one question
	CountCompleted CountName = "completed" // walked to the end
	CountOffered   CountName = "offered"
	CountOptedOut  CountName = "opted_out"
)

// CountNames lists the counts, in the order of the funnel.
func CountNames() []CountName {
	return []CountName{CountAudience, CountAsked, CountQueued, CountHeld, CountSent, CountFailed, CountExcluded,
		CountDelivered, CountAnswered, CountCompleted, CountOffered, CountOptedOut}
}

// Claim asks for one piece of an offer's budget and, where it has a pool, one of its codes. A step that needs a claim
// says so and is run again with the answer; the same key always gets the same answer, so running it again is harmless.
type Claim struct {
	Key    string // conversation and offer
	Offer  string
	Pool   string // empty: no code
	Budget int    // 0: no limit
}

// Claimed answers a claim.
type Claimed struct {
	OK     bool
	Code   string
	Reason string // where not OK: budget_spent, pool_empty
}

// InboxItem is something that needs a person.
type InboxItem struct {
	ID       string    `json:"id"` // the event's
	Contact  string    `json:"contact"`
	Reason   string    `json:"reason"` // unclear, question, complaint, agent, unknown_writer, no_open_question, late, forget, data, taken_over
	Text     string    `json:"text"`
	Channel  string    `json:"channel"`
	Account  string    `json:"account,omitempty"`
	Message  string    `json:"message,omitempty"` // the provider's id of what they wrote
	Campaign string    `json:"campaign,omitempty"`
	Question string    `json:"question,omitempty"`
	At       time.Time `json:"at"`
}

// Outcome is what a step wants: the new state and its effects, committed together or not at all.
type Outcome struct {
	State       State
	Idle        bool     // nothing came of it: State is what it was
	Preferences []string // attributes that were set or removed in State.Contact.Preferences
	Ledger      []preferences.Entry
	Send        []Outbound
	Withdraw    bool      // drop what is queued for this contact and is of class ad: an opt-out
	TakeBack    []string  // queued messages that are not to be sent any more
	Hasten      []Message // held messages that are to meet the gate again now
	Counts      []Count
	Inbox       []InboxItem
	Close       []Closed // items of the inbox that are dealt with
	Given       []offers.Given
	Erase       bool              // delete everything about the contact; State is not kept
	Suppress    []address.Address // addresses whose keyed hash goes on the suppression list
	Unsuppress  []address.Address
	Tell        []Told  // events for others
	Needs       []Claim // not empty: nothing else counts; claim these, and Resume or run the step again with them
	Unclaim     []Claim // what may have been claimed, and can come to nothing any more: it goes back
	Result      Result  // for whoever waits for this event: an edit by API

	// Resume is the rest of a step with Needs: it gives what the step run again with the claims would. It may be called
	// once. Nil where nothing is needed.
	Resume func(claims map[string]Claimed) Outcome `json:"-"`
}

// Result tells an editor what became of the edit.
type Result struct {
	Contact  string `json:"contact,omitempty"`
	Created  bool   `json:"created,omitempty"`
	Run      string `json:"run,omitempty"`
	Proof    *Proof `json:"proof,omitempty"`    // that has begun
	Letters  int    `json:"letters,omitempty"`  // dead letters that were put back on their way
	Problem  string `json:"problem,omitempty"`  // why nothing was changed
	Refused  string `json:"refused,omitempty"`  // the same as a stable word, where one of the brand's people wanted it
	Taken    *Taken `json:"taken,omitempty"`    // who talks to the contact
	Outdated bool   `json:"outdated,omitempty"` // nothing was changed, since the contact was changed after ContactEdit.Seen
	Try      string `json:"try,omitempty"`      // the Act's
	Moved    bool   `json:"moved,omitempty"`    // nothing was changed, since the address leads to somebody else by now: look again
}
