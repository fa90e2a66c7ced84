package record

import (
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
)

// Outbound is a queued message's stored form.
func Outbound(o campaigns.Outbound) []byte { return written(&o, 320, outbound) }

// Outbound is a queued message's stored form.
func (w *Writer) Outbound(o *campaigns.Outbound) []byte { return formed(w, o, outbound) }

// ReadOutbound reads it back.
func ReadOutbound(raw []byte) (campaigns.Outbound, error) {
	return read(raw, "outbound message", outbound)
}

func outbound(c *coder, o *campaigns.Outbound) {
	words(c, 1, &o.Contact)
	owned(c, 2, o.Contact, &o.ID) // and 3
	where(c, 4, &o.To)
	words(c, 5, &o.Account)
	words(c, 6, &o.Class)
	words(c, 7, &o.Purpose)
	words(c, 8, &o.Campaign)
	words(c, 9, &o.Run)
	words(c, 10, &o.Question)
	words(c, 11, &o.Offer)
	words(c, 12, &o.Text)
	each(c, 13, &o.Options, option)
	c.moment(14, &o.Queued)
	c.moment(15, &o.NotBefore)
	c.moment(16, &o.Expires)
	whole(c, 17, &o.Attempt)
	c.flag(18, &o.First)
	c.flag(19, &o.Held)
	c.texts(20, &o.Taken)
	whole(c, 21, &o.Parts)
	c.flag(22, &o.Unsure)
	c.flag(23, &o.Once)
	whole(c, 24, &o.Replays)
	maybe(c, 25, &o.Template, approved)
	c.texts(26, &o.Fixed)
	c.flag(27, &o.Link)
	words(c, 28, &o.Proof)
	words(c, 29, &o.Handle)
	c.flag(30, &o.Person)
	c.moment(31, &o.PageUntil)
	c.flag(32, &o.Aside)
	whole(c, 33, &o.Pauses)
}

// approved is a template, with its variables in the order of their names.
func approved(c *coder, x *campaigns.Template) {
	words(c, 1, &x.ID)
	words(c, 2, &x.Language)
	values(c, 3, &x.Variables)
}

// values is a map as parts with name and value, in the order of the names.
func values(c *coder, n field, m *map[string]string) {
	if c.writing {
		for _, k := range sortedKeys(*m) {
			v := (*m)[k]
			c.begin(n, true)
			words(c, 1, &k)
			words(c, 2, &v)
			c.finish(n)
		}
		return
	}
	for c.begin(n, false) {
		var k, v string
		words(c, 1, &k)
		words(c, 2, &v)
		c.finish(n)
		if *m == nil {
			*m = map[string]string{}
		}
		(*m)[k] = v
	}
}

func option(c *coder, o *campaigns.OutOption) {
	words(c, 1, &o.Payload)
	words(c, 2, &o.Label)
}

// owned is a message's id: its number where it is the contact's, else, one field on, whole.
func owned(c *coder, n field, contact string, id *string) {
	var seq int64
	if c.writing {
		seq = seqIn(contact, *id)
	}
	whole(c, n, &seq)
	switch {
	case seq == 0:
		words(c, n+1, id)
	case !c.writing:
		*id = contact + "." + strconv.FormatInt(seq, 10)
	}
}

// seqIn is the number in an id of the usual form, <contact>.<number>; 0: it has another form.
func seqIn(contact, id string) int64 {
	rest, ok := strings.CutPrefix(id, contact)
	if !ok || len(rest) < 2 || rest[0] != '.' {
		return 0
	}
	seq, err := strconv.ParseInt(rest[1:], 10, 64)
	if err != nil || strconv.FormatInt(seq, 10) != rest[1:] {
		return 0
	}
	return seq
}

// InboxItem is an inbox item's stored form.
func InboxItem(i campaigns.InboxItem) []byte { return written(&i, 256, inboxItem) }

// ReadInboxItem reads it back.
func ReadInboxItem(raw []byte) (campaigns.InboxItem, error) {
	return read(raw, "inbox item", inboxItem)
}

func inboxItem(c *coder, i *campaigns.InboxItem) {
	words(c, 1, &i.ID)
	words(c, 2, &i.Contact)
	words(c, 3, &i.Reason)
	words(c, 4, &i.Text)
	words(c, 5, &i.Channel)
	words(c, 6, &i.Campaign)
	words(c, 7, &i.Question)
	c.moment(8, &i.At)
	words(c, 9, &i.Account)
	words(c, 10, &i.Message)
}

// Result is the stored form of what became of an edit.
func Result(r campaigns.Result) []byte { return written(&r, 64, result) }

// ReadResult reads it back.
func ReadResult(raw []byte) (campaigns.Result, error) {
	return read(raw, "result", result)
}

func result(c *coder, r *campaigns.Result) {
	words(c, 1, &r.Contact)
	c.flag(2, &r.Created)
	words(c, 3, &r.Run)
	words(c, 4, &r.Problem)
	c.flag(5, &r.Moved)
	whole(c, 6, &r.Letters)
	maybe(c, 7, &r.Proof, proof)
	words(c, 8, &r.Refused)
	maybe(c, 9, &r.Taken, taken)
	c.flag(10, &r.Outdated)
	words(c, 11, &r.Try)
}
