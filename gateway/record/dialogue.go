package record

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Dialogue is what is kept of a contact beside who they are and what was sent to them.
type Dialogue struct {
	Conversation *campaigns.Conversation `json:"conversation,omitempty"`
	Ended        *campaigns.Ended        `json:"-"`
	Waiting      []campaigns.Waiting     `json:"waiting,omitempty"`
	Messages     []campaigns.Message     `json:"messages,omitempty"` // in version 1; since then they have fields of their own
	Early        []campaigns.Report      `json:"early,omitempty"`
	Seq          int64                   `json:"seq,omitempty"`
	Heard        []campaigns.Heard       `json:"-"`
	Greeted      time.Time               `json:"greeted,omitzero"`
	Taken        *campaigns.Taken        `json:"-"`
	Open         []campaigns.Open        `json:"-"`
	Ads          []campaigns.Ad          `json:"-"`
	Updated      time.Time               `json:"-"` // the contact's; in version 1 it is in the core

	contact string            // whose
	known   []address.Address // their addresses
}

func dialogue(c *coder, d *Dialogue) {
	c.moment(1, &d.Updated)
	whole(c, 2, &d.Seq)
	c.moment(3, &d.Greeted)
	if c.begin(4, d.Conversation != nil) {
		if d.Conversation == nil {
			d.Conversation = &campaigns.Conversation{}
		}
		d.conversation(c, d.Conversation)
		c.finish(4)
	}
	each(c, 5, &d.Waiting, waiting)
	each(c, 6, &d.Early, report)
	maybe(c, 7, &d.Ended, d.ended)
	each(c, 8, &d.Heard, heard)
	maybe(c, 9, &d.Taken, taken)
	each(c, 10, &d.Open, open)
	each(c, 11, &d.Ads, d.ad)
}

// ad is one of State.Ads.
func (d *Dialogue) ad(c *coder, a *campaigns.Ad) {
	whole(c, 1, &a.Seq)
	c.moment(2, &a.At)
	d.to(c, 3, &a.To) // and 4
}

// ad is an ad to a number of no contact's that is known here.
func ad(c *coder, a *campaigns.Ad) { new(Dialogue).ad(c, a) }

// gate is the part of a dialogue that the gate asks of.
type gate struct {
	taken *campaigns.Taken
	ads   []campaigns.Ad
}

// Gate is what the gate asks of a contact's talk: who talks to them, and the ads that count for their numbers. It is read from
// the stored form of the dialogue; contact is whose it is. What is damaged is nobody and none, as the step takes it.
func Gate(dialogue []byte, contact *preferences.Contact) (*campaigns.Taken, []campaigns.Ad) {
	of := Dialogue{known: contact.Addresses}
	g, err := read(dialogue, "dialogue", func(c *coder, g *gate) {
		maybe(c, 9, &g.taken, taken)
		each(c, 11, &g.ads, of.ad)
	})
	if err != nil {
		return nil, nil
	}
	return g.taken, g.ads
}

func heard(c *coder, h *campaigns.Heard) {
	words(c, 1, &h.Account)
	c.moment(2, &h.At)
	where(c, 3, &h.From)
	whole(c, 4, &h.Sent)
}

func (d *Dialogue) ended(c *coder, e *campaigns.Ended) {
	c.moment(1, &e.At)
	c.flag(2, &e.Expired)
	if c.begin(3, true) {
		d.conversation(c, &e.Conversation)
		c.finish(3)
	}
}

func (d *Dialogue) conversation(c *coder, v *campaigns.Conversation) {
	words(c, 1, &v.Campaign)
	words(c, 2, &v.Run)
	d.id(c, 3, v)
	words(c, 4, &v.Question)
	c.texts(5, &v.Asked)
	c.texts(6, &v.Skipped)
	whole(c, 7, &v.Tries)
	c.flag(8, &v.Reminded)
	c.flag(9, &v.HandedOver)
	c.flag(10, &v.Answered)
	words(c, 11, &v.Route)
	d.to(c, 12, &v.To) // and 13
	c.moment(14, &v.Started)
	c.moment(15, &v.AskedAt)
	c.moment(16, &v.Expires)
	c.object(17, &v.Event)
	maybe(c, 18, &v.Maybe, preference)
	maybe(c, 19, &v.Unfinished, unfinished)
	words(c, 20, &v.Last)
	c.moment(21, &v.LastAt)
	c.moment(22, &v.Remind)
	c.texts(23, &v.Tried)
	c.flag(24, &v.Retried)
}

func unfinished(c *coder, u *campaigns.Unfinished) {
	words(c, 1, &u.Text)
	c.moment(2, &u.Since)
	c.moment(3, &u.Until)
}

// id is left out where it is made of run and contact as usual.
func (d *Dialogue) id(c *coder, n field, v *campaigns.Conversation) {
	switch {
	case c.writing:
		if run, ok := strings.CutSuffix(v.ID, d.contact); !ok || run != v.Run+":" {
			c.putText(n, v.ID)
		}
	case c.has(n):
		v.ID = c.getText()
	default:
		v.ID = v.Run + ":" + d.contact
	}
}

// to is the number of one of the contact's addresses, from 1 on, or else an address.
func (d *Dialogue) to(c *coder, n field, to *address.Address) {
	number := 0
	if c.writing {
		number = slices.Index(d.known, *to) + 1
	}
	whole(c, n, &number)
	switch {
	case number == 0:
		where(c, n+1, to)
	case !c.writing && number > 0 && number <= len(d.known):
		*to = d.known[number-1]
	case !c.writing:
		c.wrong("an address is one that the contact does not have")
	}
}

func waiting(c *coder, w *campaigns.Waiting) {
	words(c, 1, &w.Campaign)
	words(c, 2, &w.Run)
	c.moment(3, &w.Since)
	c.object(4, &w.Event)
	c.moment(5, &w.NotBefore)
}

func report(c *coder, r *campaigns.Report) {
	words(c, 1, &r.Ours)
	words(c, 2, &r.Theirs)
	words(c, 3, &r.Status)
	words(c, 4, &r.Code)
	c.moment(5, &r.At)
	c.flag(6, &r.Stopped)
	whole(c, 7, &r.Part)
}

// message is one of State.Messages; its id is in the name of its field.
func message(c *coder, m *campaigns.Message) {
	words(c, 1, &m.Class)
	words(c, 2, &m.Campaign)
	words(c, 3, &m.Run)
	words(c, 4, &m.Question)
	c.flag(5, &m.First)
	words(c, 6, &m.About)
	c.texts(7, &m.Theirs)
	words(c, 8, &m.Status)
	c.moment(9, &m.At)
	c.texts(10, &m.Awaited)
	where(c, 11, &m.To)
	c.flag(12, &m.Aside)
}

// appendMessageField appends the name of a message's field: m: and the id without what all ids of the contact begin with.
func appendMessageField(b []byte, contact, id string) []byte {
	b = append(b, messagePrefix...)
	if rest, ok := strings.CutPrefix(id, contact); ok && strings.HasPrefix(rest, ".") {
		return append(b, rest[1:]...)
	}
	return append(b, id...)
}

func messageID(contact, field string) string {
	id := strings.TrimPrefix(field, messagePrefix)
	if strings.Contains(id, ".") {
		return id
	}
	return contact + "." + id
}

// bySeq orders messages as they were written.
func bySeq(a, b campaigns.Message) int {
	x, y := seqOf(a.ID), seqOf(b.ID)
	switch {
	case x != y && x < y:
		return -1
	case x != y:
		return 1
	}
	return strings.Compare(a.ID, b.ID)
}

func seqOf(id string) int64 {
	n, err := strconv.ParseInt(id[strings.LastIndexByte(id, '.')+1:], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
