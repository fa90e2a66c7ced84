// Package control is what a marketer, the API or a customer's page may read or ask for, as Go functions. Each change is
// an event on a contact's log; nothing here writes a contact.
package control

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/health"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
)

// What callers can tell apart. Errors wrap one of these; their text is a sentence for the person who asked.
var (
	ErrNotFound    = errors.New("not found")
	ErrInvalid     = errors.New("invalid")
	ErrConflict    = errors.New("conflict")
	ErrTooSoon     = errors.New("too soon")
	ErrForbidden   = access.ErrForbidden
	ErrTooMuchKept = errors.New("too many answers are kept") // for repeats of calls with a key of their own
	ErrUnavailable = errors.New("unavailable")               // Redis is away, or nobody owns the partition yet: try again
)

// ContactView is a contact as the API shows it.
type ContactView struct {
	preferences.Contact
	Conversation *campaigns.Conversation `json:"conversation,omitempty"`
	// MergedInto is the contact that this one turned out to be, and Merged those who turned out to be this one.
	MergedInto string   `json:"merged_into,omitempty"`
	Merged     []Merged `json:"merged,omitempty"`
	// Unreadable says that the stored record is damaged, or of a newer version: nothing but the id is known.
	Unreadable bool `json:"-"`
}

// Merged is a contact that turned out to be another one.
type Merged struct {
	Contact string          `json:"contact"`
	At      time.Time       `json:"at"`
	Also    address.Address `json:"also"` // the address by which that was proved
	Account string          `json:"account,omitempty"`
	By      string          `json:"by,omitempty"` // code or link, sent by the account; empty: its provider vouched for it
}

// Contacts reads and edits contacts.
type Contacts interface {
	// Upsert creates or changes the contact with one of the edit's addresses, and waits until that is committed. Where the edit
	// says what was seen of the contact and it is another by then, nothing is done (*ContactConflict; ErrNotFound: it is gone).
	Upsert(ctx context.Context, e campaigns.ContactEdit) (v ContactView, created bool, err error)
	ContactByAddress(ctx context.Context, a address.Address) (ContactView, error)
	Contact(ctx context.Context, id string) (ContactView, error)
	// Unmerge undoes that the contact from was merged into id, and waits until that is committed.
	Unmerge(ctx context.Context, id, from string) (ContactView, error)
	// Link begins to prove that an address is the contact's own as well: a code or, by link, a link is sent to it; by "" is
	// whichever fits. It waits until that is committed. That it is too soon is a *SoonError.
	Link(ctx context.Context, id string, also address.Address, by string) (ProofView, error)
	// OwnPage is the way to the contact's own page, which opens for so many hours: for the brand to hand over.
	OwnPage(ctx context.Context, id string, hours int) (OwnLink, error)
	// OwnPageAgain is a link that OwnPage gave, to be shown to whoever asked for it: it is kept nowhere.
	OwnPageAgain(ctx context.Context, id string, expires time.Time) (OwnLink, error)
	// Erase deletes everything personal about a contact and waits until that is committed. Seen is as in an edit.
	Erase(ctx context.Context, id string, seen time.Time) error
	// Ledger is the contact's newest n entries, oldest first. In it, in LedgerPage and in Timeline addresses are masked for viewers.
	Ledger(ctx context.Context, id string, n int) ([]preferences.Entry, error)
	// LedgerPage is n entries, oldest first: the newest, or those before the page that gave the cursor; the returned "" ends.
	LedgerPage(ctx context.Context, id, cursor string, n int) (page []preferences.Entry, next string, err error)
	Preferences(ctx context.Context, id string) ([]preferences.Preference, error)
	// List is a page of contacts in the order of their ids; cursor "" starts, the returned "" ends.
	List(ctx context.Context, cursor string, n int) (page []ContactView, next string, err error)
}

// RunState is where a run stands.
type RunState string

// The states.
const (
	Running   RunState = "running"
	Done      RunState = "done"
	Paused    RunState = "paused"
	Cancelled RunState = "cancelled"
	Waiting   RunState = "waiting" // its first people were asked; the others wait for somebody to say go on
)

// Run is one firing of a campaign.
type Run struct {
	ID       string                        `json:"id"`
	Campaign string                        `json:"campaign"`
	State    RunState                      `json:"state"`
	Cause    string                        `json:"cause"` // schedule, made_up, api, event
	Started  time.Time                     `json:"started"`
	By       string                        `json:"by,omitempty"`      // who started it by hand
	First    int                           `json:"first,omitempty"`   // people that it began with; 0: all of them
	Missed   int                           `json:"missed,omitempty"`  // firings before it that nobody was there for
	Sending  SendingState                  `json:"sending,omitempty"` // stopped: its messages wait for sending to be resumed
	Counts   map[campaigns.CountName]int64 `json:"counts"`
}

// Runs starts and steers runs.
type Runs interface {
	// StartRun returns as soon as the run is durable. key makes repeats harmless; empty: every call starts one. people is how
	// many whoever launches says there are, which many need (*TypeError); 0: nothing is said.
	StartRun(ctx context.Context, campaign, key string, people int) (Run, error)
	Run(ctx context.Context, id string) (Run, error)
	// Runs is the newest n, newest first.
	Runs(ctx context.Context, n int) ([]Run, error)
	// RunsPage is n runs, newest first: the newest, or those after the page that gave the cursor; the returned "" ends.
	RunsPage(ctx context.Context, cursor string, n int) (page []Run, next string, err error)
	PauseRun(ctx context.Context, id string) (Run, error)
	ResumeRun(ctx context.Context, id string) (Run, error)
	CancelRun(ctx context.Context, id string) (Run, error)
}

// Occurrence is something that happened to a contact outside: an order was returned.
type Occurrence struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Address address.Address `json:"address"`
	At      time.Time       `json:"at"`
	Data    map[string]any  `json:"data,omitempty"`
}

// OfferView is an offer with its stock.
type OfferView struct {
	ID        string            `json:"id"`
	Priority  int               `json:"priority"`
	When      string            `json:"when,omitempty"`
	Text      map[string]string `json:"text,omitempty"`
	Link      string            `json:"link,omitempty"`
	Pool      string            `json:"pool,omitempty"`
	Shared    string            `json:"shared,omitempty"`
	Budget    int               `json:"budget,omitempty"`
	Given     int64             `json:"given"`
	CodesLeft *int64            `json:"codes_left,omitempty"` // nil: the offer has no pool
	Pace      *Pace             `json:"-"`                    // how fast the pool is used up; nil: it has none, or there is no rate
}

// CampaignView is a campaign as the API and the demo show it.
type CampaignView struct {
	ID        string              `json:"id"`
	Name      string              `json:"name"`
	Schedule  string              `json:"schedule,omitempty"` // as written
	Next      time.Time           `json:"next,omitzero"`      // the next firing
	Audience  string              `json:"audience,omitempty"`
	Questions []string            `json:"questions"` // ids
	Texts     []map[string]string `json:"texts"`
	Offers    []string            `json:"offers,omitempty"`
	Event     string              `json:"event,omitempty"` // started by this event
	File      string              `json:"file,omitempty"`  // that says so
	Channels  []address.Channel   `json:"channels,omitempty"`
}

// Catalogue is what the campaign files say, and the code pools.
type Catalogue interface {
	Campaigns(ctx context.Context) ([]CampaignView, error)
	Offers(ctx context.Context) ([]OfferView, error)
	// WhatIf is what a contact would be given if a conversation ended now: the best one first, each with its reason. campaign ""
	// looks at all offers in force.
	WhatIf(ctx context.Context, contact, campaign string) ([]offers.Considered, error)
	// AddCodes puts unique codes into the pool of an offer.
	AddCodes(ctx context.Context, offer string, codes []string) (added, duplicates int, err error)
}

// Reply is what a customer answered to a question, and how it was understood at the time.
type Reply struct {
	ID       string            `json:"id"` // of the event; the same reply has the same id
	Contact  string            `json:"contact"`
	Campaign string            `json:"campaign"`
	Question string            `json:"question"`
	Locale   string            `json:"locale"`
	Now      time.Time         `json:"now"` // when it was read, in the contact's timezone
	Text     string            `json:"text"`
	Status   understand.Status `json:"status"`
	Value    any               `json:"value,omitempty"` // as it was recorded
	Rule     string            `json:"rule,omitempty"`
}

// Replies reads what customers answered.
type Replies interface {
	// Replies looks through the ledgers of the next n contacts for replies to a campaign's questions, or to one of them;
	// cursor "" starts, the returned "" ends. A page may have none and not be the last.
	Replies(ctx context.Context, campaign, question, cursor string, n int) (page []Reply, next string, err error)
}

// DeadLetter is a message or event that was given up. It shows nothing of what was said.
type DeadLetter struct {
	ID       string    `json:"id"`
	What     string    `json:"what"` // message, event, webhook
	Of       string    `json:"of"`   // the message's, event's or webhook's id
	Kind     string    `json:"kind,omitempty"`
	Contact  string    `json:"contact,omitempty"`
	Account  string    `json:"account,omitempty"`
	Campaign string    `json:"campaign,omitempty"`
	Run      string    `json:"run,omitempty"`
	Webhook  string    `json:"webhook,omitempty"` // the endpoint that could not be told
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`
}

// LetterFilter says which dead letters are meant: those that everything fits which is not empty.
type LetterFilter struct {
	What     string
	Reason   string // how the reason begins
	Account  string
	Campaign string
	Run      string
	Webhook  string
	Before   time.Time // given up until then
}

// Replays is what came of replaying dead letters.
type Replays struct {
	Replayed int       `json:"replayed"`
	More     bool      `json:"more"`   // there are more that fit
	Before   time.Time `json:"before"` // what was given up until then is meant; for the next call
}

// Desk is what needs a person.
type Desk interface {
	// Inbox is the newest n items of the inbox, newest first.
	Inbox(ctx context.Context, n int) ([]campaigns.InboxItem, error)
	// DeadLetters is a page of those that fit, newest first; cursor "" starts, the returned "" ends. A page may have few or none, and
	// not be the last.
	DeadLetters(ctx context.Context, f LetterFilter, cursor string, n int) (page []DeadLetter, next string, err error)
	// CountLetters is how many there are.
	CountLetters(ctx context.Context) (int64, error)
	// ReplayLetter puts one back on its way and says whether it was there: 1, or 0 where it had been replayed before.
	ReplayLetter(ctx context.Context, id string) (int, error)
	// ReplayLetters puts up to n that fit back on their way, the oldest of each partition first.
	ReplayLetters(ctx context.Context, f LetterFilter, n int) (Replays, error)
}

// SendingState says whether messages are handed to providers.
type SendingState string

// The states.
const (
	SendingRuns    SendingState = "running"
	SendingStopped SendingState = "stopped"
)

// Sending is whether messages are handed to providers, on every replica.
type Sending struct {
	State  SendingState `json:"state"`
	By     string       `json:"by,omitempty"` // the name of the token that stopped it
	Reason string       `json:"reason,omitempty"`
	At     time.Time    `json:"at,omitzero"`
}

// EmergencyStop keeps every message back, on every replica, until it is lifted. Replies are received and understood
// meanwhile, and what there is to say waits in the queues.
type EmergencyStop interface {
	Sending(ctx context.Context) (Sending, error)
	// StopSending holds on every replica within a second. Where sending is stopped already, that stop stands.
	StopSending(ctx context.Context, by, reason string) (Sending, error)
	// ResumeSending lets what waits go. Where sending runs already, nothing changes.
	ResumeSending(ctx context.Context, by string) (Sending, error)
}

// AccountView is how an account is, on all replicas together. Nothing of it is about a customer.
type AccountView struct {
	ID      string          `json:"id"`
	Adapter string          `json:"adapter"`
	Channel address.Channel `json:"channel"`

	State   health.State   `json:"state"`
	Why     string         `json:"why,omitempty"`
	Cure    string         `json:"cure,omitempty"`
	Trouble health.Trouble `json:"-"` // Why and Cure, for those who say it in another language
	Halt    *health.Halt   `json:"halt,omitempty"`
	Sending SendingState   `json:"sending,omitempty"` // stopped: the emergency stop holds for all accounts

	Waiting  int64     `json:"waiting"`            // messages in its queues
	DueSince time.Time `json:"due_since,omitzero"` // when the first of them was due; zero: none is due yet
	Age      float64   `json:"due_for,omitempty"`  // since then, in seconds
	InFlight int       `json:"in_flight"`          // messages in the provider's hands
	Pace     float64   `json:"pace"`               // of the configured rate

	LastTaken   time.Time      `json:"last_taken,omitzero"`
	LastInbound time.Time      `json:"last_inbound,omitzero"`
	LastReceipt time.Time      `json:"last_receipt,omitzero"`
	LastHour    []health.Count `json:"last_hour"`
	ReceiptLag  *ReceiptLag    `json:"receipt_lag,omitempty"` // nil: no receipt lately
	Forged      int            `json:"forged_calls"`          // in the last hour
	Malformed   int            `json:"malformed_calls"`       // likewise

	Probe    *health.Probe   `json:"probe,omitempty"`   // nil: the provider cannot be asked, or was not yet
	Webhook  *health.Webhook `json:"webhook,omitempty"` // nil: the provider is not told by us where webhooks go, or was not yet
	Replicas int             `json:"replicas"`          // that tell how it is

	Consents bool `json:"-"` // an administrator consents at its provider
}

// ReceiptLag is how long receipts took that a message arrived, in seconds from handing it over.
type ReceiptLag struct {
	Median float64 `json:"median"`
	Most   float64 `json:"p95"`
	Of     int     `json:"of"` // messages
}

// Tried is what a provider said to a message that was handed to it at once.
type Tried struct {
	Result       string // taken, unknown, or a fault
	Code, Detail string // the provider's, where it was not taken
	IDs          []string
	Parts        int
}

// Trial is what came of a test message.
type Trial struct {
	Account string   `json:"account"`
	To      string   `json:"to"` // masked
	Text    string   `json:"text"`
	Result  string   `json:"result"`
	IDs     []string `json:"ids,omitempty"` // the provider's
	Code    string   `json:"code,omitempty"`
	Detail  string   `json:"detail,omitempty"`
	Cure    string   `json:"cure,omitempty"`
}

// Accounts tells how accounts are, and steers each of them on every replica.
type Accounts interface {
	Accounts(ctx context.Context) ([]AccountView, error)
	Account(ctx context.Context, id string) (AccountView, error)
	// PauseAccount holds on every replica within a second. Where it is paused already, that pause stands; a drained account
	// is paused from then on.
	PauseAccount(ctx context.Context, id, by, reason string) (AccountView, error)
	// DrainAccount puts nothing new on the account; what is queued goes out. A paused account is drained from then on.
	DrainAccount(ctx context.Context, id, by, reason string) (AccountView, error)
	// ResumeAccount ends either. Where nothing holds the account, nothing changes.
	ResumeAccount(ctx context.Context, id, by string) (AccountView, error)
	// ConsentLink is where an administrator consents at the account's provider, once, within a quarter of an hour.
	ConsentLink(ctx context.Context, id string) (string, error)
	// TryAccount sends one test message, at once, to an address that has not opted out. It is in no ledger.
	TryAccount(ctx context.Context, id string, to address.Address, by string) (Trial, error)
}

// Events takes what happened outside.
type Events interface {
	// Occur is durable when it returns; the same id again changes nothing. A zero At is now.
	Occur(ctx context.Context, o Occurrence) error
}

// API is everything that control offers to the layers above it.
type API interface {
	Contacts
	Runs
	Catalogue
	Files
	Previews
	Launches
	Calendar
	Replies
	Desk
	Inbox
	People
	Simulator
	EmergencyStop
	Accounts
	Events
	Audience
	ResultsReader
	Users
	Audit
	Webhooks
	Calls
	// Ready says why the gateway cannot serve; nil: it can.
	Ready(ctx context.Context) error
}

// Sentence is what an error says to the person who asked, without the word that its kind says already.
func Sentence(err error) string {
	s := err.Error()
	for _, kind := range []error{ErrNotFound, ErrInvalid, ErrConflict, ErrTooSoon, ErrForbidden, ErrUnavailable} {
		s = strings.TrimPrefix(s, kind.Error()+": ")
	}
	first, size := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[size:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
