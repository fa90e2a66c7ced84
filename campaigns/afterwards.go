package campaigns

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// How long what is said may still belong to a question that is open no longer.
const (
	changeWithin = 30 * time.Minute // "à nhầm, lấy đen nha", after the answer
	lateWithin   = 24 * time.Hour   // an answer, after the question has expired
)

// past is a question that is open no longer, with the conversation that it belongs to.
type past struct {
	c    *Campaign
	conv *Conversation
	q    *Question
}

func (t *turn) past(conv *Conversation, question string) (past, bool) {
	c := t.w.Campaigns[conv.Campaign]
	q := c.question(question)
	return past{c, conv, q}, q != nil
}

// forgetEnded lets go of the conversation before, once nothing can come to it any more.
func (t *turn) forgetEnded() {
	e := t.s.Ended
	if e == nil {
		return
	}
	within := changeWithin
	if e.Expired {
		within = lateWithin
	}
	if t.now.Sub(e.At) > within {
		t.s.Ended = nil
	}
}

// lastAnswered is the question whose answer may still be changed: the last one of this conversation, else of the one
// before.
func (t *turn) lastAnswered() (past, bool) {
	conv := t.s.Conversation
	if conv == nil || conv.Last == "" {
		if t.s.Ended == nil {
			return past{}, false
		}
		conv = &t.s.Ended.Conversation
	}
	if t.now.Sub(conv.LastAt) > changeWithin {
		return past{}, false
	}
	return t.past(conv, conv.Last)
}

// takenBack reads the message as a change of the last answer: it begins with a correction, and says clearly what the
// answer is instead.
func (t *turn) takenBack() (p past, r understand.Reading, ok bool) {
	if p, ok = t.lastAnswered(); !ok {
		return p, r, false
	}
	if p.q.Ask.Kind != preferences.Text && (t.s.Conversation == nil || guessable(p.q.Ask.Kind)) { // "sorry, no" is said to the question that is open
		if r = t.readText(p.q); r.Corrects && isClear(r) {
			return p, r, true
		}
	}
	return t.takenBackBefore(p)
}

// takenBackBefore reads the message as a change of an answer before the last one: it names an option of one such question
// only.
func (t *turn) takenBackBefore(last past) (p past, r understand.Reading, ok bool) {
	for _, id := range last.conv.Asked {
		before, known := t.past(last.conv, id)
		if !known || id == last.q.ID || id == last.conv.Question && last.conv == t.s.Conversation || slices.Contains(last.conv.Skipped, id) {
			continue
		}
		x := t.readText(before.q)
		if !x.Corrects || !isClear(x) || x.Rule != "option-name" {
			continue
		}
		if ok {
			return past{}, understand.Reading{}, false
		}
		p, r, ok = before, x, true
	}
	return p, r, ok
}

// change puts the answer that the customer meant in the place of the one that they gave. What it earned stays as it is.
func (t *turn) change(p past, r understand.Reading) {
	t.record(p.c, p.conv, p.q, r, "changed")
	t.acknowledge(sayChanged, p)
}

// comesLate takes an answer to a question before the open one: it names an option of that one only, and nothing of the
// open question's. What was answered already is changed only by an option's name alone.
func (t *turn) comesLate(r understand.Reading) bool {
	if r.Asks {
		return false
	}
	var found []past
	var read []understand.Reading
	for _, p := range t.before() {
		if r := t.readText(p.q); isClear(r) && r.Rule == "option-name" {
			found, read = append(found, p), append(read, r)
		}
	}
	if len(found) != 1 || !t.mayStand(found[0], read[0]) {
		return false
	}
	t.takeLate(found[0], read[0])
	return true
}

// before are the questions that an answer beside the open one may belong to.
func (t *turn) before() (list []past) {
	if conv := t.s.Conversation; conv.Last != "" {
		if p, ok := t.past(conv, conv.Last); ok {
			list = append(list, p)
		}
	}
	if p, ok := t.expired(); ok {
		list = append(list, p)
	}
	return list
}

// expired is the question that the conversation before ended with, where the customer has seen it and can still answer.
func (t *turn) expired() (past, bool) {
	e := t.s.Ended
	if e == nil || !e.Expired {
		return past{}, false
	}
	conv := &e.Conversation
	seen := slices.ContainsFunc(t.s.Messages, func(m Message) bool {
		return m.Run == conv.Run && m.Question == conv.Question && bucket[m.Status] == CountSent
	})
	p, ok := t.past(conv, conv.Question)
	return p, ok && seen
}

// mayStand reports whether r may be recorded as the answer to a question that may have one.
func (t *turn) mayStand(p past, r understand.Reading) bool {
	old, ok := t.s.Contact.Preferences[p.q.Attribute]
	answered := ok && old.Class == preferences.Declared && !slices.Contains(p.conv.Skipped, p.q.ID) && p.conv != t.endedConversation()
	return !answered || old.Value.Equal(r.Value) || r.Confidence >= 0.99
}

func (t *turn) endedConversation() *Conversation {
	if t.s.Ended == nil {
		return nil
	}
	return &t.s.Ended.Conversation
}

func (t *turn) takeLate(p past, r understand.Reading) {
	t.record(p.c, p.conv, p.q, r, "late")
	if p.conv == t.endedConversation() {
		t.s.Ended.Expired = false
	}
	t.acknowledge(sayNoted, p)
}

// afterwards hears what belongs to the conversation that is over: a change of its last answer, or the answer to the
// question that it ended with.
func (t *turn) afterwards() bool {
	if p, r, ok := t.takenBack(); ok {
		t.change(p, r)
		return true
	}
	p, ok := t.expired()
	if !ok || !guessable(p.q.Ask.Kind) { // a yes, or a few words, are said to many things
		return false
	}
	r := t.read(p.q)
	if !isClear(r) || r.Asks {
		return false
	}
	if t.s.Conversation != nil { // its question is held, and goes when it is time
		t.takeLate(p, r)
		return true
	}
	t.reopen(p, r)
	return true
}

// reopen goes on with a conversation whose question expired, from the answer to it. It keeps its id, so that nothing is
// given twice.
func (t *turn) reopen(p past, r understand.Reading) {
	conv := p.conv.clone()
	t.s.Conversation, t.s.Ended = &conv, nil
	t.follow()
	t.waitFor(p.c, p.q, t.now)
	t.record(p.c, &conv, p.q, r, "late")
	t.goOn(p.c)
}

// acknowledge says what was taken down, and asks the open question again, where there is one that still has a point.
func (t *turn) acknowledge(key string, p past) {
	text := t.phrase(key, map[string]string{"value": t.show(t.s.Contact.Preferences[p.q.Attribute])})
	c, q := t.seenQuestion()
	if q == nil || t.s.Conversation.HandedOver {
		t.answer(ClassReply, text, "")
		return
	}
	if held, _ := t.holds(q.When, t.s.Conversation.Event); !held {
		t.answer(ClassReply, text, "")
		t.goOn(c)
		return
	}
	to, ok := t.back(ClassReply)
	if !ok {
		t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: ClassReply, Question: q.ID, Reason: "no_route"})
		return
	}
	t.queue(t.asking(c, q, ClassReply, to, joined(text, t.fill(Texts(q.Ask.Text).In(t.locale(), t.w.locale()), nil))), "")
}
