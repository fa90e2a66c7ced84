package demo

import (
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/hoidap/hoidap/preferences"
)

// understood is the newest reply: what was read, from which words, and how sure the gateway is.
type understood struct {
	Status   string    `json:"status"` // answered, unclear, declined, command
	Verdict  string    `json:"verdict"`
	Reply    []piece   `json:"reply"`
	Words    string    `json:"words"` // where they could not be found in the reply
	About    string    `json:"about"` // the attribute
	Value    string    `json:"value"`
	Question string    `json:"question"`
	Percent  int       `json:"percent"`
	Rule     string    `json:"rule"`
	RuleWhy  string    `json:"rule_why"` // the rule in plain words
	Trace    []note    `json:"trace"`
	At       time.Time `json:"at"`
}

// note is one step of how the reply was read.
type note struct {
	Rule string `json:"rule"`
	Text string `json:"text"`
}

// piece is a part of a text; Hit: it was read as the value.
type piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

// readings is what a reply can turn out to be.
var readings = map[preferences.EntryKind]string{
	preferences.EntryUnderstood: "answered",
	preferences.EntryUnclear:    "unclear",
	preferences.EntryDeclined:   "declined",
	preferences.EntryCommand:    "command",
}

// understood finds the newest reply in the ledger; nil where there is none.
func (n names) understood(entries []preferences.Entry) *understood {
	for i := len(entries) - 1; i >= 0; i-- {
		if status, ok := readings[entries[i].Kind]; ok {
			return n.reading(status, entries[i], replyText(entries, i))
		}
	}
	return nil
}

func (n names) reading(status string, e preferences.Entry, reply string) *understood {
	u := understood{Status: status, Verdict: n.lang.say("status." + status), At: e.At, Trace: []note{}}
	u.Words, u.Rule = text(e, "words"), text(e, "rule")
	u.Reply = highlight(reply, u.Words)
	u.Percent = percent(confidence(e))
	if u.Rule != "" {
		u.RuleWhy = n.lang.known("rule", u.Rule)
	}
	field(e, "trace", &u.Trace)
	if status != "command" {
		u.Question = n.asked(e.Campaign, e.Question)
	}
	switch status {
	case "answered":
		attribute := n.attributeOf(e)
		u.About, u.Value = n.attribute(attribute), n.raw(attribute, "", stored(e, "value"))
	case "command":
		u.Value = n.lang.known("command", commandOf(e))
	}
	return &u
}

// replyText is what the customer wrote: in the entry itself or in the message.received of the same event.
func replyText(entries []preferences.Entry, i int) string {
	e := entries[i]
	for j := i; e.Text == "" && j >= 0; j-- {
		if entries[j].Kind == preferences.EntryReceived && entries[j].Event == e.Event {
			return entries[j].Text
		}
	}
	return e.Text
}

// attributeOf is what an entry is about: its detail says so, else its question.
func (n names) attributeOf(e preferences.Entry) string {
	if a := text(e, "attribute"); a != "" {
		return a
	}
	return n.about(e.Campaign, e.Question)
}

// held is the value in a field of a preference.changed: the field is the value, or a whole preference with it.
func held(e preferences.Entry, name string) any {
	v := stored(e, name)
	if p, ok := v.(map[string]any); ok && p["attribute"] != nil {
		return p["value"]
	}
	return v
}

// commandOf is the command of a reply.command: in its detail or its reason.
func commandOf(e preferences.Entry) string {
	if c := text(e, "command"); c != "" {
		return c
	}
	return e.Reason
}

func confidence(e preferences.Entry) float64 {
	x := 0.0
	field(e, "confidence", &x)
	return x
}

func percent(x float64) int { return int(math.Round(100 * min(max(x, 0), 1))) }

// highlight cuts text so that the words that were read stand apart: as they are, else whatever their case, else word
// by word where the words were not side by side.
func highlight(text, words string) []piece {
	if text == "" {
		return []piece{}
	}
	if i, j := find([]rune(text), []rune(words)); j > i {
		r := []rune(text)
		return pieces(piece{Text: string(r[:i])}, piece{Text: string(r[i:j]), Hit: true}, piece{Text: string(r[j:])})
	}
	return scattered(text, words)
}

// scattered marks each word of words that text has as a whole word.
func scattered(text, words string) []piece {
	want := map[string]bool{}
	for _, w := range strings.Fields(words) {
		want[strings.ToLower(w)] = true
	}
	var out []piece
	for _, w := range strings.SplitAfter(text, " ") {
		bare := strings.TrimSpace(w)
		hit := want[strings.ToLower(strings.TrimFunc(bare, unicode.IsPunct))]
		out = append(out, piece{Text: bare, Hit: hit}, piece{Text: strings.TrimPrefix(w, bare)})
	}
	return pieces(out...)
}

// find is where words lie in text, in runes, whatever their case; 0, 0 where they do not.
func find(text, words []rune) (from, to int) {
	for i := 0; len(words) > 0 && i+len(words) <= len(text); i++ {
		if strings.EqualFold(string(text[i:i+len(words)]), string(words)) {
			return i, i + len(words)
		}
	}
	return 0, 0
}

// pieces drops empty pieces and joins neighbours that are alike.
func pieces(ps ...piece) []piece {
	out := []piece{}
	for _, p := range ps {
		switch last := len(out) - 1; {
		case p.Text == "":
		case last >= 0 && out[last].Hit == p.Hit:
			out[last].Text += p.Text
		default:
			out = append(out, p)
		}
	}
	return out
}
