package demo

import (
	"hash/fnv"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// line is one ledger entry as a person reads it.
type line struct {
	Key      string    `json:"key"` // stays the same while the entry is shown
	Kind     string    `json:"kind"`
	Tone     string    `json:"tone"` // in, out, good, why, plain
	Sentence string    `json:"sentence"`
	Quote    string    `json:"quote,omitempty"` // what was said, by either side
	Why      string    `json:"why,omitempty"`   // the reason in plain words
	Class    string    `json:"class,omitempty"` // of the message, in words
	At       time.Time `json:"at"`
}

// tones say how an entry looks; kinds that are not listed look plain.
var tones = map[preferences.EntryKind]string{
	preferences.EntryReceived:   "in",
	preferences.EntryAsked:      "out",
	preferences.EntrySent:       "out",
	preferences.EntryReminded:   "out",
	preferences.EntryUnderstood: "good",
	preferences.EntryPreference: "good",
	preferences.EntryOffered:    "good",
	preferences.EntryCompleted:  "good",
	preferences.EntryUnclear:    "why",
	preferences.EntryHeld:       "why",
	preferences.EntryFailed:     "why",
	preferences.EntryNotSent:    "why",
	preferences.EntryNotAsked:   "why",
	preferences.EntryNoOffer:    "why",
	preferences.EntrySuppressed: "why",
}

// reasonSaid are the kinds whose sentence says the reason itself.
var reasonSaid = map[preferences.EntryKind]bool{
	preferences.EntryCommand: true,
	preferences.EntryConsent: true,
	preferences.EntryEvent:   true,
}

// timeline is the ledger, newest first.
func (n names) timeline(v control.ContactView, entries []preferences.Entry) []line {
	out := make([]line, 0, len(entries))
	seen := map[string]int{}
	for _, e := range entries {
		l := n.line(v, e)
		if seen[l.Key]++; seen[l.Key] > 1 {
			l.Key += "." + strconv.Itoa(seen[l.Key])
		}
		out = append(out, l)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func (n names) line(v control.ContactView, e preferences.Entry) line {
	tone, ok := tones[e.Kind]
	if !ok {
		tone = "plain"
	}
	l := line{Key: keyOf(e), Kind: string(e.Kind), Tone: tone, Quote: e.Text, At: e.At}
	l.Sentence = n.lang.say("ledger."+string(e.Kind)+removed(e), n.words(v, e)...)
	if _, known := texts["ledger."+string(e.Kind)]; !known {
		l.Sentence = readable(string(e.Kind))
	}
	if e.Reason != "" && !reasonSaid[e.Kind] {
		l.Why = n.lang.known("reason", e.Reason)
	}
	if e.Class != "" {
		l.Class = n.lang.known("msgclass", e.Class)
	}
	return l
}

// words are the values that sentences about an entry may name.
func (n names) words(v control.ContactView, e preferences.Entry) []string {
	attribute := n.attributeOf(e)
	granted := false
	happened := text(e, "type")
	if happened == "" {
		happened = e.Reason
	}
	field(e, "granted", &granted)
	return []string{
		"name", nameOf(v),
		"campaign", n.campaign(e.Campaign),
		"attr", n.attribute(attribute),
		"value", n.raw(attribute, "", stored(e, "value")),
		"old", n.raw(attribute, "", held(e, "old")),
		"new", n.raw(attribute, "", held(e, "new")),
		"words", text(e, "words"),
		"percent", strconv.Itoa(percent(confidence(e))),
		"offer", e.Offer,
		"command", n.lang.known("command", commandOf(e)),
		"purpose", n.lang.known("purpose", text(e, "purpose")),
		"granted", n.lang.say(map[bool]string{true: "consent.granted", false: "consent.withdrawn"}[granted]),
		"type", n.lang.known("event", happened),
		"reason", n.lang.known("reason", e.Reason),
	}
}

// keyOf tells entries apart without a number: the page shows a moving window of the ledger.
func keyOf(e preferences.Entry) string {
	h := fnv.New64a()
	for _, s := range []string{e.At.UTC().Format(time.RFC3339Nano), string(e.Kind), e.Event, e.Question, e.Offer, e.Message, e.Text, text(e, "attribute")} {
		_, _ = h.Write([]byte(s + "\x00")) // a hash takes everything
	}
	return strconv.FormatUint(h.Sum64(), 36)
}
