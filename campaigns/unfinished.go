package campaigns

import (
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// How long a message that is no answer yet is left alone, because people write in pieces.
const (
	waitShort = 8 * time.Second  // a word or two: most who go on do so at once
	waitOpen  = 12 * time.Second // it ends as if more were to come
	waitAll   = 20 * time.Second // from the first piece on, however many come
	shortMax  = 4                // words
)

// saidAll are the rules of unclear readings of messages that say all they have to say.
var saidAll = []string{
	"undecided", "no-preference", "counter-question", "contradiction", "several-options", "doubted-option", "only-ruled-out",
	"no-such-position", "number-and-name-differ", "either-question", "either-message", "yes-and-another", "not-that", "complains",
}

// waits leaves an unclear message alone for some seconds, where more may come. A clear answer never waits, nor does a
// question.
func (t *turn) waits(c *Campaign, q *Question, r understand.Reading) bool {
	conv, since := t.s.Conversation, t.now
	wait := t.patience(r)
	if t.unfinished != nil {
		since = t.unfinished.Since
	}
	until := t.now.Add(wait)
	if last := since.Add(waitAll); until.After(last) {
		until = last
	}
	if wait == 0 || conv.HandedOver || !until.After(t.now) || !conv.Expires.After(until) {
		return false
	}
	conv.Unfinished = &Unfinished{Text: clip(t.e.Text, textMax), Since: since, Until: until}
	e := t.readEntry(preferences.EntryUnclear, c, conv, q, r)
	e.Reason = "waits_for_more"
	t.note(e)
	return true
}

// patience is how long to wait for more than the message; 0: it is whole, as is what a page sends.
func (t *turn) patience(r understand.Reading) time.Duration {
	text := strings.TrimSpace(t.e.Text)
	words := strings.Fields(text)
	switch {
	case len(words) == 0, t.e.Payload != "", t.e.Account == Web, r.Status != understand.Unclear, asks(r, text), slices.Contains(saidAll, r.Rule):
		return 0
	case endsOpen(text, strings.ToLower(words[len(words)-1])):
		return waitOpen
	case len(words) <= shortMax:
		return waitShort
	}
	return 0
}

// endsOpen reports whether a text ends with a sign or word that something follows.
func endsOpen(text, last string) bool {
	for _, sign := range [...]string{",", "…", "...", "..", ":", "-"} {
		if strings.HasSuffix(text, sign) {
			return true
		}
	}
	switch last {
	case "và", "với", "hoặc", "hay", "là", "thì", "mà", "nhưng", "vì", "thích", "muốn", "chọn", "lấy", "and", "or", "but", "is", "the", "like", "want", "because":
		return true
	}
	return false
}

// together reads the message with the pieces before it. From here on they are one message: evidence, ledger and inbox
// have it whole. Where the pieces say something else together than the last one alone, that is asked back.
func (t *turn) together(q *Question, alone understand.Reading) understand.Reading {
	conv := t.s.Conversation
	if q == nil || conv == nil || conv.Unfinished == nil || alone.Status == understand.IsCommand {
		return alone
	}
	before := *conv.Unfinished
	t.unfinished, conv.Unfinished = &before, nil
	if alone.Rule == byTap || t.now.Sub(before.Since) > 2*waitAll { // the timer is late
		return alone
	}
	both := q.read(t.ask(), before.Text+" "+t.e.Text)
	t.e.Text = clip(before.Text+"\n"+t.e.Text, textMax)
	switch {
	case both.Status == understand.IsCommand, both.Status == understand.Declined, isClear(both) && (!isClear(alone) || both.Value.Equal(alone.Value)):
		return both
	case isClear(both):
		return understand.Reading{Status: understand.Unclear, Rule: "either-message", Trace: both.Trace}
	case isClear(alone):
		maybe := alone // a copy that lives on: most messages are read alone
		return understand.Reading{Status: understand.Unclear, Rule: "either-message", Trace: alone.Trace, Maybe: &maybe}
	}
	return both
}

// noMore: the rest of an unfinished message did not come. It is what it is: unclear.
func (t *turn) noMore() {
	c, q := t.openQuestion()
	conv := t.s.Conversation
	if conv == nil || conv.Unfinished == nil || t.now.Before(conv.Unfinished.Until) {
		return
	}
	route, _ := t.w.route(conv.Route)
	t.e.Text, t.e.Account, t.e.Channel = conv.Unfinished.Text, route.Account, route.Channel
	conv.Unfinished, conv.Maybe = nil, nil
	t.note(t.readEntry(preferences.EntryUnclear, c, conv, q, t.readText(q)))
	t.unclear(c, q)
}
