package demo

import (
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// story says in plain words what just happened, for somebody who sees the page for the first time.
type story struct {
	Title string    `json:"title"`
	Text  string    `json:"text"`
	Tone  string    `json:"tone"`
	At    time.Time `json:"at,omitzero"`
}

// told are the kinds of entries that a story has a sentence about, in the order in which it tells them.
var told = []preferences.EntryKind{
	preferences.EntryEvent,
	preferences.EntryReceived,
	preferences.EntryCommand,
	preferences.EntryUnderstood,
	preferences.EntryUnclear,
	preferences.EntryDeclined,
	preferences.EntrySuppressed,
	preferences.EntryUnsuppressed,
	preferences.EntryPreference,
	preferences.EntryAsked,
	preferences.EntryNotAsked,
	preferences.EntryReminded,
	preferences.EntryOffered,
	preferences.EntryNoOffer,
	preferences.EntryInbox,
	preferences.EntryHeld,
	preferences.EntryNotSent,
	preferences.EntryExpired,
}

// story tells the newest event of the ledger that has something to tell, with all its entries.
func (n names) story(v control.ContactView, entries []preferences.Entry) story {
	e, ok := lastOf(entries, told...)
	if !ok {
		return n.opening(v)
	}
	s := story{Title: n.lang.say("story.title"), Tone: "plain", At: e.At}
	var sentences []string
	for _, kind := range told {
		for _, x := range entries {
			if x.Kind == kind && same(x, e) {
				sentences = append(sentences, n.tell(v, entries, x))
				s.Tone = stronger(s.Tone, tones[kind])
			}
		}
	}
	s.Text = strings.Join(slices.Compact(sentences), " ")
	return s
}

// opening says what to do first. Whoever does not agree to be asked gets no question, so the page must not promise one.
func (n names) opening(v control.ContactView) story {
	s := story{Title: n.lang.say("story.start.title"), Text: n.lang.say("story.start.text", "name", nameOf(v)), Tone: "plain"}
	if !v.Consented(preferences.Marketing) {
		s.Text, s.Tone = n.lang.say("story.start.refused", "name", nameOf(v)), "why"
	}
	return s
}

// same reports whether two entries come from one event.
func same(a, b preferences.Entry) bool {
	return a.Event == b.Event && (a.Event != "" || a.At.Equal(b.At))
}

func (n names) tell(v control.ContactView, entries []preferences.Entry, e preferences.Entry) string {
	words := n.words(v, e)
	said := e.Text
	if said == "" {
		if r, ok := lastOf(entries, preferences.EntryReceived); ok && same(r, e) {
			said = r.Text
		}
	}
	words = append(words, "text", said, "question", n.asked(e.Campaign, e.Question))
	key := "story." + string(e.Kind)
	if e.Reason != "" && texts[key+".because"] != nil {
		key += ".because"
	}
	return n.lang.say(key+removed(e), words...)
}

// removed is what the names of texts about an entry end in where a preference is gone.
func removed(e preferences.Entry) string {
	if e.Kind == preferences.EntryPreference && held(e, "new") == nil {
		return ".removed"
	}
	return ""
}

// stronger keeps the tone that matters most: something good, then a reason why not.
func stronger(a, b string) string {
	rank := map[string]int{"why": 1, "good": 2}
	if rank[b] > rank[a] {
		return b
	}
	return a
}
