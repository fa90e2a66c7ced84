// Package adapters is the contract between the gateway and the code that speaks one provider's API. An adapter
// translates: it stores nothing, retries nothing, and keeps no goroutine of its own.
package adapters

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences/address"
)

// Adapter speaks one provider's API for one account. Its methods may be called concurrently.
type Adapter interface {
	// Capabilities says what the account can do. Constant while the adapter lives.
	Capabilities() Capabilities

	// Send makes one attempt to hand m to the provider. A nil error means the provider took it; an *Error says what
	// became of it; any other error means the outcome is unknown. Send must not retry, and must not keep m.
	// It returns when ctx ends.
	Send(ctx context.Context, m Message) (Sent, error)

	// Decode authenticates and translates one webhook request. It does no I/O and reads no clock. A request that was
	// not signed by the provider gives ErrForged, one that cannot be read an error wrapping ErrMalformed.
	Decode(r Request) (Decoded, error)
}

// Optional powers, each asked for in one place of the gateway.
type (
	// Listener is an adapter whose provider keeps a session with us (SMPP) or hands events over in the process.
	// Listen blocks until ctx ends; accept returns nil once the events are durable.
	Listener interface {
		Listen(ctx context.Context, accept func(context.Context, []Event) error) error
	}
	// Finder settles a lost answer: was m taken? It looks only; it never sends. A request whose answer was lost may still
	// be on its way, so "not taken" counts only some seconds after the Send; an error means that it cannot tell (yet).
	Finder interface {
		Find(ctx context.Context, m Message) (s Sent, taken bool, err error)
	}
	// Registrar tells the provider where webhooks go (Viber, Telegram).
	Registrar interface {
		Register(ctx context.Context, callback string) error
	}
	// Consenter is an adapter that may send only once an administrator has consented at the provider (OAuth). callback is
	// where the provider sends them back to; state comes back there; challenge is the verifier's SHA-256 in base64url
	// (PKCE). Consent keeps what the provider gives for code in the vault. Its errors hold no token.
	Consenter interface {
		ConsentURL(callback, state, challenge string) string
		Consent(ctx context.Context, code, verifier string) error
	}
	// Prober checks credentials, balance and quota.
	Prober interface {
		Probe(ctx context.Context) (Health, error)
	}
)

// Type is one kind of adapter, as adapters/all lists it.
type Type struct {
	Name     string            // as in the configuration: "twilio"
	Doc      string            // one sentence for the reference page
	Channels []address.Channel // what an account of it may be
	Settings []Setting
	Open     func(Account) (Adapter, error) // checks the settings; makes no connection

	// SharedVault names the vault of an account by its settings, for accounts that share a token; nil, or "": a vault of
	// the account's own. Accounts of one adapter that get the same name share one.
	SharedVault func(settings map[string]string) string

	// Exclusive: the provider allows one session, so that of several replicas only one Listens at a time, and the others'
	// messages are sent there.
	Exclusive bool
}

// Setting declares one key of an account in the configuration. Checking with line and column, the reference page and
// the masking of secrets all follow from it.
type Setting struct {
	Name     string
	Doc      string
	Example  string
	Default  string
	Required bool
	Secret   bool
	Check    func(value string) error // nil: any
}

// Account is one configured sender.
type Account struct {
	ID         string // the key under accounts, and the webhook's path /hooks/{id}
	Channel    address.Channel
	Settings   map[string]string // by Setting.Name, defaults filled in
	WebhookURL string            // the public address of /hooks/{id}: what providers call and sign; see Callback
	HTTPClient *http.Client      // never nil; carries the time limit and the metrics
	Vault      Vault             // for tokens that rotate; may be nil in tests of adapters that need none
	Now        func() time.Time  // never nil; for Send and Listen: tokens expire, and waits end at a time. Decode reads Request.At
	Held       func() bool       // sending is stopped: a Send that has waited asks before it hands its message over, and gives ErrHeld. Nil: never
}

// Vault keeps an account's rotating tokens, shared by all replicas.
type Vault interface {
	Get(ctx context.Context, name string) (string, error)
	// Swap replaces old by new and reports false where somebody else was first.
	Swap(ctx context.Context, name, old, new string) (bool, error)
}

// Class is what a message is. Each has exactly one; rules bind by class and route.
type Class string

// The classes.
const (
	Ad           Class = "ad"
	Registration Class = "registration"
	Service      Class = "service"
	Reply        Class = "reply"
	Control      Class = "control"
)

// Message is one text to one address, as the gateway hands it over.
type Message struct {
	ID       string // ours: opaque, unique, at most 64 bytes of [A-Za-z0-9_.-], of which Fit takes 3 to number parts; stays the same when the message is repeated
	To       address.Address
	Class    Class
	Text     string    // NFC
	Options  []Option  // quick replies; Fit has turned them into text where the account shows none
	Media    []Media   // attachments; Fit has turned those that are too many into links
	Template *Template // where the provider wants an approved one
	Handle   string    // of the Event that the message answers: the provider's reply token. It works once, and no key protects what it sends, so that adapters use it for Reply and Control only, which are rather repeated than lost
	Queued   time.Time // when it was first queued: where Finder starts to look
	Others   []string  // the provider's ids of other messages to this address, which Finder must not take for this one
	Expires  time.Time // not worth delivering afterwards; zero: no limit
}

// IsMessageID reports whether s may be a Message.ID: what comes back in its place may be anything, another program's own
// note to itself among it.
func IsMessageID(s string) bool {
	return s != "" && len(s) <= idMax && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-' && r != '.'
	})
}

// Option is one quick reply. Payload comes back in Event.Payload where the channel has payloads.
type Option struct {
	Payload string // at most 64 bytes
	Label   string
}

// Media is a picture, sound or file by URL.
type Media struct {
	URL  string
	Type string // MIME
}

// Template is an approved template with its variables, in order of their names.
type Template struct {
	ID        string
	Language  string // as the provider writes it ("vi", "en_US"), where one template has several (WhatsApp); else empty
	Variables map[string]string
}

// Sent is what the provider said when it took a message.
type Sent struct {
	IDs   []string // the provider's, one a part
	Units int      // segments or messages charged; 0: not told
}

// Request is a webhook call as a value, so that it can be recorded, fuzzed, and signed by a fake.
type Request struct {
	Method string
	URL    string // the public one, as signed: the configured base with the path and query that were called; may hold a secret (CheckPath)
	Header http.Header
	Body   []byte
	At     time.Time // when it reached us
}

// Decoded is what a webhook said. Handshakes, by which a provider finds out whether somebody is at home, have an Answer
// and no events.
type Decoded struct {
	Events  []Event
	Ignored []Ignored // what was told besides, of kinds that the adapter does not know
	Answer  Answer    // written once the events are durable
}

// Ignored is one thing that a provider told us and that means nothing to the adapter: new kinds of events appear all
// the time. It is answered as if it had been read, counted, and kept for some days for people to look at.
type Ignored struct {
	Kind string // what the provider calls it; no personal data
	Raw  []byte // the piece as it came; the first IgnoredMax bytes are kept
}

// IgnoredMax bounds what is kept of Ignored.Raw, in bytes.
const IgnoredMax = 4 << 10

// Answer is the HTTP answer that the provider wants. The zero Answer is 200 without a body.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// EventKind says what a provider told us.
type EventKind string

// What providers tell.
const (
	Inbound EventKind = "inbound" // the customer wrote, or tapped
	Report  EventKind = "report"  // what became of a message
	OptOut  EventKind = "opt_out" // stopped, blocked or unfollowed at the provider
	OptIn   EventKind = "opt_in"  // came back at the provider, or pressed its start button
	Linked  EventKind = "linked"  // the provider vouches that the person at From also has the address Also
)

// Event is one thing that a provider told us.
type Event struct {
	Kind EventKind
	ID   string          // the provider's unique key within the account, for dropping repeats; required
	From address.Address // the customer, in reports too where the provider tells; zero: not told
	At   time.Time       // the provider's time, else Request.At

	// Inbound, OptOut, OptIn
	MessageID string // the provider's id of the customer's message
	Text      string // as typed
	Payload   string // of the tapped option; in OptIn and Inbound also the code of the link by which they came
	Media     []Media
	Name      string // the customer's, as the provider knows it
	Handle    string // the provider's reply token, for Message.Handle
	Confirmed bool   // the provider has answered the customer itself: an opt-out, an opt-in, or, in Inbound, the word HELP

	// Linked
	Also address.Address // a number that the provider knows to be theirs: a contact that is somebody else's card proves nothing

	// Report; Ours also in an Inbound that names the message it answers and not who answers (the buttons of Zalo's templates)
	Ours   string // our Message.ID, where it came back
	Theirs string // the provider's id, where it came
	Status Status
	Fault  Fault  // where Status is Failed or Undelivered
	Code   string // the provider's, for operators
}

// Status is what became of a message, ranked: a lower one never replaces a higher one.
type Status string

// The statuses.
const (
	Queued      Status = "queued" // the provider has it
	SentOn      Status = "sent"
	Undelivered Status = "undelivered"
	Failed      Status = "failed"
	Delivered   Status = "delivered"
	Read        Status = "read"
)

// Fault says what kind of failure it was, which decides what happens next. The zero Fault means that the outcome is
// unknown: forgetting to classify errs on the side of not texting twice.
type Fault string

// The faults.
const (
	Unknown    Fault = ""          // the provider may or may not have taken it
	Transient  Fault = "transient" // not taken; try again soon
	Throttled  Fault = "throttled" // not taken; try again after Error.After
	Later      Fault = "later"     // not before Error.After: quiet hours or a daily quota of the provider
	Recipient  Fault = "recipient" // this address cannot be reached
	Stopped    Fault = "stopped"   // this person opted out or blocked us
	Window     Fault = "window"    // needs a template, or the customer to write first
	BadMessage Fault = "message"   // this message will never be taken
	Operator   Fault = "operator"  // credentials, balance, configuration: somebody must act
)

// Error is a failed Send that the adapter understood. Its text carries no secret, no address and no message text.
type Error struct {
	Fault  Fault
	After  time.Time // for Throttled and Later; zero: the gateway decides
	Code   string    // the provider's
	Detail string    // for operators
	Err    error
}

// Health is what a probe found. Its texts carry no secret; what the provider does not tell is left empty.
type Health struct {
	OK      bool
	Detail  string    // what is wrong, for operators
	Balance string    // with its currency: "12.50 USD"
	Quota   string    // what is left of what may be sent, and when it is refilled: "180 of 200 until midnight"
	Expires time.Time // when the credentials end that are in use and that nothing renews by itself; zero: never, or not told
}

// Repeat says how a message whose outcome is unknown may be settled.
type Repeat string

// The ways.
const (
	Keyed  Repeat = "keyed"  // send again: the provider drops repeats of the same Message.ID
	Finds  Repeat = "finder" // ask Finder
	Echoed Repeat = "echoed" // wait: the provider reports with Event.Ours
	Blind  Repeat = "blind"  // nobody can tell; the class decides
)

// Capabilities are data: rules, tests and docs read them. A new field needs two providers.
type Capabilities struct {
	Inbound   bool    // answers can come back on this account
	Carries   []Class // which classes may leave by it
	TextMax   int     // UTF-16 units in one Send; 0: no limit
	Options   OptionLimits
	MediaMax  int           // attachments in one Send; 0: none
	Window    time.Duration // how long after the customer's last message free text may be sent; 0: always
	Templates TemplateUse   // when a message must be a template
	Reports   Status        // the highest status that reports reach: SentOn, Delivered, Read
	Repeat    Repeat
	InFlight  int           // Sends at once; 0: 16
	Timeout   time.Duration // of one Send; 0: 15 s
}

// TemplateUse says when an account sends approved templates in place of free text.
type TemplateUse string

// The uses of templates.
const (
	TemplatesNever   TemplateUse = ""        // there are none
	TemplatesOutside TemplateUse = "outside" // outside the Window nothing else goes (WhatsApp)
	TemplatesAlways  TemplateUse = "always"  // nothing else goes at all (Zalo's ZNS)
)

// OptionLimits is what quick replies an account shows. The zero value means none: options become numbered text.
type OptionLimits struct {
	Max        int // options in one message
	LabelMax   int // characters in a label
	PayloadMax int // bytes in a payload
}
