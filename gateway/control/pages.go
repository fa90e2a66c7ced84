package control

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/replylink"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Asked is what the page behind a reply link shows.
type Asked struct {
	Brand   string
	Locale  string // the customer's: vi, en
	Stopped bool   // they have opted out: nothing is asked
	Blocked bool   // by their provider or in an app: no word to us undoes it
	Open    bool   // the question waits for its answer
	Page    campaigns.Page
	Kind    preferences.Kind // of an open question
	Min     *float64         // its bounds; nil: none
	Max     *float64
	Said    []string // after an answer by this link: what was sent to the customer because of it
	Next    string   // the code of the question that is open now, where that is another one
	Proof   *Proving // the link proves an address, and there is no question; nil: there may be one
}

// Proving is whether a customer whom the brand knows elsewhere is whoever got the link.
type Proving struct {
	Known string // where the brand knows them, masked
	Open  bool   // it can still be said
	Done  bool   // it has been said, by this link
}

// AskedBy is the question behind the link with that code.
func (s *Service) AskedBy(ctx context.Context, code string) (Asked, error) {
	l, err := s.linked(ctx, code)
	if err != nil {
		return Asked{}, err
	}
	a, _, err := s.asked(ctx, l)
	return a, err
}

// linked is whom a link is for.
type linked struct {
	code    string
	message string
	proof   bool            // it proves an address
	asker   campaigns.State // who was asked
	state   campaigns.State // and is by now: another contact, where the two turned out to be one person
}

func (s *Service) linked(ctx context.Context, code string) (l linked, err error) {
	p, ok := replylink.Partition(code)
	if !ok {
		return l, notFound("link", "")
	}
	l.code = code
	to, err := s.Store.Replied(ctx, p, code, s.Now())
	if err != nil {
		return l, away(err)
	}
	l.message, l.proof = replylink.Message(to)
	if l.asker, err = s.behind(ctx, contactOf(l.message)); err != nil {
		return l, err
	}
	l.state, err = s.became(ctx, l.asker)
	return l, err
}

// became is who somebody has turned out to be by now: mostly themselves.
func (s *Service) became(ctx context.Context, st campaigns.State) (_ campaigns.State, err error) {
	for range mergesMax {
		if st.Into == nil {
			return st, nil
		}
		if st, err = s.behind(ctx, st.Into.Contact); err != nil {
			return st, err
		}
	}
	return st, errUnsettled
}

// errUnsettled: the contact is becoming another one just now.
var errUnsettled = fmt.Errorf("%w: it is not settled whom the link is for", ErrUnavailable)

// behind reads all that is known of the contact that a link leads to.
func (s *Service) behind(ctx context.Context, id string) (campaigns.State, error) {
	stored, err := s.Store.Load(ctx, []string{id})
	if err != nil {
		return campaigns.State{}, away(err)
	}
	st, err := record.ReadState(id, stored[0].Fields)
	if err != nil || st.Contact == nil {
		return st, notFound("link", "")
	}
	return st, nil
}

// contactOf is the contact that a message of ours went to: its id is <contact>.<number>.
func contactOf(message string) string {
	for i := len(message) - 1; i >= 0; i-- {
		if message[i] == '.' {
			return message[:i]
		}
	}
	return ""
}

// asked is what there is to show, and how many answers have come by the link so far.
func (s *Service) asked(ctx context.Context, l linked) (a Asked, answers int, err error) {
	w := s.World()
	a = Asked{Brand: w.Brand.Name, Locale: cmp.Or(l.state.Contact.Locale, w.Brand.Locale)}
	if l.proof {
		a, err := s.proving(ctx, a, l)
		return a, 0, err
	}
	a.Stopped, a.Blocked = l.state.Contact.Suppressed != nil, blocked(l.state.Contact)
	page, q, open := w.OpenPage(l.state, l.asker, l.message, s.Now())
	entries, err := s.Ledger(ctx, l.state.ID, pageLedger)
	if err != nil {
		return a, 0, err
	}
	for _, e := range entries {
		switch {
		case !isAnswer(e.Event, l.code):
		case e.Kind == preferences.EntryReceived:
			answers++
		case e.Kind == preferences.EntryQueued:
			a.Said = append(a.Said, shownOnPage(e))
		}
	}
	if open && len(a.Said) == 0 {
		a.Open, a.Page, a.Kind, a.Min, a.Max = true, page, q.Ask.Kind, q.Ask.Min, q.Ask.Max
		return a, answers, nil
	}
	a.Next, err = s.next(ctx, l)
	return a, answers, err
}

// shownOnPage is what was sent, as the page shows it: without the last line where that leads to the customer's own page, which
// the message alone does.
func shownOnPage(e preferences.Entry) string {
	if _, leads := e.Detail["page_until"]; leads {
		return e.Text[:max(0, strings.LastIndexByte(e.Text, '\n'))]
	}
	return e.Text
}

// pageLedger is how many entries of the ledger are looked through for what came of an answer.
const pageLedger = 100

// next is the code of the newest link to the open question, where it is not this one.
func (s *Service) next(ctx context.Context, l linked) (string, error) {
	for _, by := range []campaigns.State{l.state, l.asker} {
		p, _ := s.Store.PartitionOfContact(by.ID)
		for _, m := range slices.Backward(by.Messages) {
			if _, _, open := s.World().OpenPage(l.state, by, m.ID, s.Now()); !open {
				continue
			}
			code := replylink.Code(s.Secret, p, m.ID)
			if led, err := s.Store.Replied(ctx, p, code, s.Now()); err != nil {
				return "", away(err)
			} else if led == "" {
				continue // that message has no link in it
			}
			if code == l.code {
				return "", nil
			}
			return code, nil
		}
	}
	return "", nil
}

// answerID is the id of the event that an answer by a link becomes. The same answer sent twice at once is one; only where
// the question is still open and nothing was said to an answer is there another. Another contact may live in the same
// partition, where the id is known.
func (l linked) answerID(answers int) string {
	id := campaigns.Web + ":" + l.code
	if answers > 0 {
		id += fmt.Sprintf(":%d", answers)
	}
	if l.state.ID != l.asker.ID {
		id += ":" + l.state.ID
	}
	return id
}

// isAnswer reports whether an event is an answer by the link.
func isAnswer(event, code string) bool {
	rest, ok := strings.CutPrefix(event, campaigns.Web+":"+code)
	return ok && !strings.HasPrefix(rest, wordMark)
}

// wordMark is what tells the id of a word by one of the page's buttons, for leaving or coming back, from that of an answer.
const wordMark = ":stop"

// StopWord is what the page's button for leaving says in the customer's place.
const StopWord = "STOP"

// AnswerBy takes an answer that came by a link, waits until it is committed, and shows what came of it. A second answer by
// the same link changes nothing once something was said to the first; StopWord always counts, and StartWord where
// it undoes a stop.
func (s *Service) AnswerBy(ctx context.Context, code, text, payload string) (Asked, error) {
	for range upsertTries {
		l, err := s.linked(ctx, code)
		if err != nil {
			return Asked{}, err
		}
		if l.proof { // a page of somebody who may be a stranger: nothing is said in the contact's name
			return s.AskedBy(ctx, code)
		}
		moved, err := s.answer(ctx, l, text, payload)
		if err != nil {
			return Asked{}, err
		}
		if !moved {
			return s.AskedBy(ctx, code)
		}
	}
	return Asked{}, errUnsettled
}

// answer takes an answer; moved says that it was not taken, because the contact has just turned out to be another.
func (s *Service) answer(ctx context.Context, l linked, text, payload string) (moved bool, err error) {
	if text == StartWord && !startable(l.state.Contact) {
		return false, nil
	}
	var id string
	if text == StopWord || text == StartWord {
		if id, err = newID(); err != nil {
			return false, err
		}
		id = campaigns.Web + ":" + l.code + wordMark + ":" + id
	} else {
		a, answers, err := s.asked(ctx, l)
		if err != nil || answers > 0 && !a.Open {
			return false, err
		}
		id = l.answerID(answers)
	}
	from, ok := wroteFrom(l.state)
	if !ok {
		return false, errUnreachable
	}
	ev := campaigns.Event{
		ID: id, Kind: campaigns.MessageIn, At: s.Now(), From: from, Account: campaigns.Web, Channel: address.Web, MessageID: l.code, Text: text, Payload: payload,
	}
	p, _ := s.Store.PartitionOfContact(l.state.ID)
	r, err := s.order(ctx, p, l.state.ID, id, record.Envelope{Event: &ev})
	return r.Moved, err
}

// startable reports whether a word of theirs lets them get messages again.
func startable(c *preferences.Contact) bool { return c.Suppressed != nil && !blocked(c) }

// proving is the page of a link that proves an address.
func (s *Service) proving(ctx context.Context, a Asked, l linked) (Asked, error) {
	a.Proof = &Proving{Open: l.proves(s.Now())}
	if as := l.asker.Contact.Addresses; a.Proof.Open && len(as) > 0 {
		a.Proof.Known = strings.TrimPrefix(as[0].Mask(), address.Tel+":")
	}
	if a.Proof.Open {
		return a, nil
	}
	entries, err := s.entries(ctx, l.asker.ID, pageLedger)
	if err != nil {
		return a, err
	}
	a.Proof.Done = slices.ContainsFunc(entries, func(e preferences.Entry) bool {
		return e.Event == proofAnswer(l.code) && e.Kind == preferences.EntryLinked
	})
	return a, nil
}

// proofAnswer is the id of the event by which whoever got a link says that the address is theirs.
func proofAnswer(code string) string { return campaigns.Web + ":" + code }

// proves reports whether the link's proof is still under way, for the contact that asked for it.
func (l linked) proves(now time.Time) bool {
	p := l.asker.Proof
	return l.proof && p != nil && p.Message == l.message && p.By == campaigns.ByLink && now.Before(p.Expires)
}

// ConfirmBy takes the word of whoever got a link that the address is theirs, waits until it is committed, and shows what
// came of it. It counts once, and only where the link is for that.
func (s *Service) ConfirmBy(ctx context.Context, code string) (Asked, error) {
	l, err := s.linked(ctx, code)
	switch {
	case err != nil:
		return Asked{}, err
	case !l.proves(s.Now()):
		return s.AskedBy(ctx, code)
	}
	ev := campaigns.Event{ID: proofAnswer(code), Kind: campaigns.Proved, At: s.Now(), Proof: &campaigns.Proof{ID: l.asker.Proof.ID}}
	p, _ := s.Store.PartitionOfContact(l.asker.ID)
	if _, err := s.order(ctx, p, l.asker.ID, ev.ID, record.Envelope{Event: &ev}); err != nil {
		return Asked{}, err
	}
	return s.AskedBy(ctx, code)
}

var errUnreachable = fmt.Errorf("%w: nobody can be reached by this link any more", ErrConflict)

// wroteFrom is the address in whose name somebody writes on a page: where they were asked, else their first.
func wroteFrom(st campaigns.State) (address.Address, bool) {
	c := st.Contact
	switch {
	case st.Conversation != nil:
		return st.Conversation.To, true
	case len(c.Addresses) > 0:
		return c.Addresses[0], true
	}
	return address.Address{}, false
}
