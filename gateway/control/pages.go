package control

import (
	"context"
	"fmt"
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/replylink"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Asked is what the page behind a reply link shows.
type Asked struct {
	Brand  string
	Locale string // the customer's: vi, en
	Open   bool   // the question waits for its answer
	Page   campaigns.Page
	Kind   preferences.Kind // of an open question
	Min    *float64         // its bounds; nil: none
	Max    *float64
	Said   []string // after an answer by this link: what was sent to the customer because of it
	Next   string   // the code of the question that is open now, where that is another one
}

// AskedBy is the question behind the link with that code.
func (s *Service) AskedBy(ctx context.Context, code string) (Asked, error) {
	l, err := s.linked(ctx, code)
	if err != nil {
		return Asked{}, err
	}
	return s.asked(ctx, l, code)
}

// linked is whom a link is for.
type linked struct {
	partition int
	message   string
	state     campaigns.State
}

func (s *Service) linked(ctx context.Context, code string) (l linked, err error) {
	p, ok := replylink.Partition(code)
	if !ok {
		return l, notFound("link", "")
	}
	if l.message, err = s.Store.Replied(ctx, p, code, s.Now()); err != nil {
		return l, away(err)
	}
	id := contactOf(l.message)
	stored, err := s.Store.Load(ctx, []string{id})
	if err != nil {
		return l, away(err)
	}
	l.partition = p
	if l.state, err = record.ReadState(id, stored[0].Fields); err != nil || l.state.Contact == nil {
		return l, notFound("link", "")
	}
	return l, nil
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

func (s *Service) asked(ctx context.Context, l linked, code string) (Asked, error) {
	w := s.World()
	a := Asked{Brand: w.Brand.Name, Locale: l.state.Contact.Locale}
	if a.Locale == "" {
		a.Locale = w.Brand.Locale
	}
	page, q, open := w.OpenPage(l.state, l.message, s.Now())
	entries, err := s.Ledger(ctx, l.state.ID, pageLedger)
	if err != nil {
		return a, err
	}
	for _, e := range entries {
		if e.Event == answerID(code) && e.Kind == preferences.EntryQueued {
			a.Said = append(a.Said, e.Text)
		}
	}
	if open && len(a.Said) == 0 {
		a.Open, a.Page, a.Kind, a.Min, a.Max = true, page, q.Ask.Kind, q.Ask.Min, q.Ask.Max
		return a, nil
	}
	a.Next, err = s.next(ctx, l, code)
	return a, err
}

// pageLedger is how many entries of the ledger are looked through for what came of an answer.
const pageLedger = 100

// next is the code of the newest message that asks the open question, where it is not this one; "" also where that
// question went by an account that is answered itself, without a link.
func (s *Service) next(ctx context.Context, l linked, code string) (string, error) {
	for _, m := range slices.Backward(l.state.Messages) {
		if _, _, open := s.World().OpenPage(l.state, m.ID, s.Now()); !open {
			continue
		}
		next := replylink.Code(s.Secret, l.partition, m.ID)
		if next == code {
			return "", nil
		}
		message, err := s.Store.Replied(ctx, l.partition, next, s.Now())
		if err != nil {
			return "", away(err)
		}
		if message == "" {
			return "", nil
		}
		return next, nil
	}
	return "", nil
}

// answerID is the id of the event that an answer by a link becomes: one for each link, so that it works once.
func answerID(code string) string { return campaigns.Web + ":" + code }

// StopWord is what the page's button for leaving says in the customer's place.
const StopWord = "STOP"

// AnswerBy takes an answer that came by a link, waits until it is committed, and shows what came of it. A second answer by
// the same link changes nothing; StopWord always counts.
func (s *Service) AnswerBy(ctx context.Context, code, text, payload string) (Asked, error) {
	l, err := s.linked(ctx, code)
	if err != nil {
		return Asked{}, err
	}
	id := answerID(code)
	if text == StopWord {
		id += ":stop"
	}
	from, ok := l.from()
	if !ok {
		return Asked{}, fmt.Errorf("%w: nobody can be reached by this link any more", ErrConflict)
	}
	ev := campaigns.Event{
		ID: id, Kind: campaigns.MessageIn, At: s.Now(), From: from, Account: campaigns.Web, Channel: address.Web, MessageID: code, Text: text, Payload: payload,
	}
	if _, err := s.order(ctx, l.partition, l.state.ID, id, record.Envelope{Event: &ev}); err != nil {
		return Asked{}, err
	}
	if l, err = s.linked(ctx, code); err != nil {
		return Asked{}, err
	}
	return s.asked(ctx, l, code)
}

// from is the address that the customer was asked on.
func (l linked) from() (address.Address, bool) {
	c := l.state.Contact
	switch {
	case l.state.Conversation != nil:
		return l.state.Conversation.To, true
	case len(c.Addresses) > 0:
		return c.Addresses[0], true
	}
	return address.Address{}, false
}
