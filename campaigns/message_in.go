package campaigns

import (
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// sure is the confidence from which a reading is recorded. Below it we ask again: a wrong value is worse (I9).
const sure = 0.85

// messageIn: the customer wrote or tapped. Opt-out and consent words go first, then data rights, then the open question,
// then a person's inbox. The customer never gets silence, save where the ledger says that they were answered today.
//
// Example: {"kind":"message_in","from":"tel:+84901234567","account":"sms","channel":"sms","text":"dạ 2 nha"}
func (t *turn) messageIn() {
	unknown := t.s.Contact == nil
	if unknown && t.e.From.IsZero() {
		return // a tap on a message to somebody who was erased: nobody is left to answer
	}
	if unknown {
		t.create(t.e.From)
	}
	t.meet()
	t.hear()
	typed, right := t.codeTyped()
	t.received(right)
	if right {
		t.proven()
		return
	}
	if typed {
		t.wrongCode()
	}
	t.e.Text = t.bare()
	if t.s.Taken != nil && !t.taken() { // the timer is late
		t.release("lease_over")
	}
	c, q := t.seenQuestion()
	r := t.together(q, t.read(q))
	switch {
	case r.Status == understand.IsCommand:
		t.command(r)
	case t.taken():
		t.toPerson()
	case t.s.Contact.Suppressed != nil:
		t.fromSuppressed()
	case q != nil:
		t.reply(c, q, r)
	case t.afterwards():
	case typed:
		t.sayWrongCode()
	case unknown:
		t.greet()
	default:
		t.nothingOpen()
	}
}

// received notes the message. A code is not told, also when it has served.
func (t *turn) received(code bool) {
	text := clip(t.e.Text, textMax)
	if code {
		text = hidden
	}
	t.note(preferences.Entry{
		Kind: preferences.EntryReceived, Text: text,
		Detail: map[string]any{"account": t.e.Account, "channel": string(t.e.Channel), "message_id": t.e.MessageID},
	})
}

// meet learns what the message itself tells of its writer.
func (t *turn) meet() {
	c := t.s.Contact
	if name := tidy(clip(t.e.Name, nameMax)); c.Name == "" && name != "" {
		c.Name, t.touched = name, true
	}
	if !t.e.From.IsZero() && !has(c.Addresses, t.e.From) && len(c.Addresses) < addressesMax {
		c.Addresses, t.touched = append(c.Addresses, t.e.From), true
	}
}

// openQuestion is the question that waits for an answer. A conversation whose campaign or question is gone from the
// files ends here, because nothing can be read against it.
func (t *turn) openQuestion() (*Campaign, *Question) {
	conv := t.s.Conversation
	if conv == nil {
		return nil, nil
	}
	c := t.w.Campaigns[conv.Campaign]
	if q := c.question(conv.Question); q != nil {
		return c, q
	}
	t.end(preferences.EntryStopped, "campaign_changed")
	return nil, nil
}

// seenQuestion is the open question, unless it is held until the morning, say, or lies aside with its paused run: what they write
// before they have seen it is no answer to it. One that is queued may have arrived, whatever we know.
func (t *turn) seenQuestion() (*Campaign, *Question) {
	c, q := t.openQuestion()
	if q != nil && t.heldBack(t.s.Conversation) {
		return nil, nil
	}
	return c, q
}

// heldBack reports whether the open question was sent nowhere yet, and waits for its time or its paused run. Once the time has come
// it may have arrived before we hear that it left; one that lies aside does not go before we have heard that it may.
func (t *turn) heldBack(conv *Conversation) bool {
	quiet := t.w.Pack.Allowed(t.s.Contact, t.now).After(t.now)
	held := false
	for _, m := range t.s.Messages {
		if m.Run == conv.Run && m.Question == conv.Question {
			if m.Status != "held" || !m.Aside && !quiet && !t.adWaits(m.ID) {
				return false
			}
			held = true
		}
	}
	return held
}

// read understands the message. A tap counts as the option of its number, unless the text that came with it is not that
// option's: then it is a button of an older question, and what is written on it decides.
func (t *turn) read(q *Question) understand.Reading {
	ask, text := t.ask(), t.e.Text
	if q != nil {
		if r, ok := t.tapped(q); ok {
			return r
		}
	}
	if strings.TrimSpace(text) == "" && t.e.Payload != "" {
		// A button of something else: it may carry a command, but nobody knows what it would mean as an answer.
		return understand.Read(ask, t.e.Payload)
	}
	if q != nil {
		return q.read(ask, text)
	}
	r := understand.Read(ask, text)
	if r.Status != understand.IsCommand && t.s.Contact.Suppressed != nil && isComeback(text) {
		return understand.Reading{Status: understand.IsCommand, Command: understand.Start, Confidence: 1, Words: text, Rule: "as-told"}
	}
	return r
}

func (t *turn) ask() understand.Ask {
	return understand.Ask{Locale: t.locale(), Now: t.now.In(t.zone())}
}

// readText reads the words of the message as a reply to q, whatever button they came with.
func (t *turn) readText(q *Question) understand.Reading { return q.read(t.ask(), t.e.Text) }

// isComeback reports whether text is the word that the confirmation of an opt-out gives for coming back. In small
// letters it is also short for "được" (all right), so that it counts from nobody else.
func isComeback(text string) bool {
	word := strings.ToLower(strings.Trim(text, " \t\n.,!'\""))
	return word == "dk" || word == "đk"
}

// fromSuppressed: whoever has opted out wrote something else. Nothing is recorded as an answer; a person looks.
func (t *turn) fromSuppressed() {
	t.inbox("no_open_question")
	t.answerDaily(t.phrase(sayNothingOpen, nil), aboutNothing)
}

// greet answers somebody whom we do not know.
func (t *turn) greet() {
	t.inbox("unknown_writer")
	if !t.s.Greeted.IsZero() && t.now.Sub(t.s.Greeted) < 24*time.Hour {
		t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: ClassReply, Reason: "answered_today"})
		return
	}
	if t.answer(ClassReply, t.phrase(sayUnknown, nil), aboutNothing) {
		t.s.Greeted = t.now
	}
}

// nothingOpen answers a known customer while no question is open. Whoever comes late with an answer is thanked; whoever
// only thanks needs nobody to look.
func (t *turn) nothingOpen() {
	if understand.IsThanks(t.locale(), t.e.Text) {
		t.answerUpTo(3, ClassReply, t.phrase(sayWelcome, nil), aboutThanks)
		return
	}
	key := sayNothingOpen
	for _, m := range t.s.Messages {
		switch {
		case m.About == aboutFinish:
			key = sayNothingOpen
		case m.Question != "" && !pending(m.Status):
			key = sayLate
		}
	}
	if key == sayLate {
		t.inbox("late")
	} else {
		t.inbox("no_open_question")
	}
	t.answerDaily(t.phrase(key, nil), aboutNothing)
}
