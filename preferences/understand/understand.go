// Package understand reads one reply to one question: value, confidence and evidence, in Vietnamese and English.
// It is pure and deterministic.
//
// A reply is cleaned (normalise.go) and cut into tokens that know how they were typed (tokens.go, keyboards.go). Then, in
// this order: a command about the messages (commands.go, wrong_number.go), a refusal (decline.go), the last correction (reader.go), what a
// plan became (turns.go), and the reader of the question's kind, one file each. Questions that the customer asks (questions.go) and what they rule out
// (polarity.go) are never taken for answers. Words and phrases are data: words/*.txt, in the little language of
// phrases.go.
//
// Where two readings remain the answer is Unclear: a wrong value is worse than asking again.
package understand

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// Question is what was asked, as far as reading the reply needs it.
type Question struct {
	Kind     preferences.Kind  `json:"kind"`
	Text     map[string]string `json:"text"` // by locale
	Options  []Option          `json:"options,omitempty"`
	Min      *float64          `json:"min,omitempty"` // inclusive
	Max      *float64          `json:"max,omitempty"`
	Unit     string            `json:"unit,omitempty"`     // number: "kg"
	Currency string            `json:"currency,omitempty"` // money: ISO 4217
}

// Option is one of the answers of a choice or choices question; the customer sees them numbered from 1.
type Option struct {
	Value    string              `json:"value"`
	Label    map[string]string   `json:"label"`
	Synonyms map[string][]string `json:"synonyms,omitempty"`
}

// Status says what a reply is.
type Status string

// The four statuses of the reply-understanding format.
const (
	Answered  Status = "answered"
	Declined  Status = "declined" // would rather not answer, or skip
	IsCommand Status = "command"
	Unclear   Status = "unclear" // ask again or hand over
)

// Command is a wish about the messages themselves, which goes before any answer.
type Command string

// The commands.
const (
	Stop   Command = "stop"
	Start  Command = "start"
	Help   Command = "help"
	Data   Command = "data"   // what do you hold about me
	Forget Command = "forget" // erase me
	Agent  Command = "agent"  // talk to a person
)

// Reading is what was understood, and how.
type Reading struct {
	Status     Status
	Value      preferences.Value // where Answered
	Command    Command           // where IsCommand
	Confidence float64           // 0 to 1
	Words      string            // the part of the reply that was read
	Rule       string            // a stable name of the rule that decided, e.g. "menu-number"
	Trace      []Note            // what was considered, in order

	Maybe    *Reading // where Unclear: the one answer that it may well be; to be asked back, never to be recorded as it is
	Corrects bool     // it begins by taking something back: "à nhầm, ..."
	Asks     bool     // it asks something, beside answering or instead

	Complains bool // of goods, delivery or service, beside answering or instead
}

// Note is one line of a trace.
type Note struct {
	Rule string `json:"rule"`
	Text string `json:"text,omitempty"`
}

// Ask is the question with its circumstances.
type Ask struct {
	Question *Question // nil: no question is open, and only commands are looked for
	Locale   string    // the customer's: "vi", "en"
	Now      time.Time // in the customer's zone
}

// Read understands text as a reply to a. It never panics and its time is bounded by len(text).
func Read(a Ask, text string) Reading { return Compile(a.Question).Read(a, text) }
