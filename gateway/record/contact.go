package record

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Core is a contact's stored form without its preferences, which are stored one by one, and without what is known from
// where it lies (its id) or changes with every answer (Updated, which is in the dialogue).
func Core(c *preferences.Contact) []byte { return written(c, 384, core) }

// ReadCore reads it back.
func ReadCore(raw []byte) (*preferences.Contact, error) {
	c, err := read(raw, "contact", core)
	return &c, err
}

func core(c *coder, p *preferences.Contact) {
	addresses(c, 1, &p.Addresses)
	words(c, 2, &p.Name)
	words(c, 3, &p.Locale)
	words(c, 4, &p.Timezone)
	each(c, 5, &p.Consents, consent)
	maybe(c, 6, &p.Suppressed, suppression)
	c.object(7, &p.Facts)
	declined(c, 8, &p.Declined)
	c.moment(9, &p.Created)
}

func consent(c *coder, p *preferences.Consent) {
	words(c, 1, &p.Purpose)
	c.flag(2, &p.Granted)
	words(c, 3, &p.Source)
	words(c, 4, &p.Wording)
	words(c, 5, &p.Channel)
	words(c, 6, &p.MessageID)
	c.dated(7, &p.At) // and 8
	c.dated(9, &p.RecordedAt)
	channels(c, 11, &p.Channels)
}

func channels(c *coder, n field, list *[]address.Channel) {
	if c.writing {
		for _, ch := range *list {
			c.putText(n, string(ch))
		}
		return
	}
	for c.has(n) {
		*list = append(*list, address.Channel(c.getText()))
	}
}

func suppression(c *coder, s *preferences.Suppression) {
	words(c, 1, &s.Reason)
	words(c, 2, &s.Text)
	words(c, 3, &s.MessageID)
	c.flag(4, &s.Confirmed)
	c.moment(5, &s.At)
}

// declined is a map as parts with key and time, in the order of the keys.
func declined(c *coder, n field, m *map[string]time.Time) {
	if c.writing {
		for _, k := range sortedKeys(*m) {
			at := (*m)[k]
			c.begin(n, true)
			words(c, 1, &k)
			c.moment(2, &at)
			c.finish(n)
		}
		return
	}
	for c.begin(n, false) {
		var k string
		var at time.Time
		words(c, 1, &k)
		c.moment(2, &at)
		c.finish(n)
		if *m == nil {
			*m = map[string]time.Time{}
		}
		(*m)[k] = at
	}
}

// where is an address.
func where(c *coder, n field, a *address.Address) {
	if c.writing {
		if !a.IsZero() {
			c.putAddress(n, *a)
		}
		return
	}
	if c.has(n) {
		*a = c.getAddress()
	}
}

func addresses(c *coder, n field, list *[]address.Address) {
	if c.writing {
		for _, a := range *list {
			c.putAddress(n, a)
		}
		return
	}
	for c.has(n) {
		*list = append(*list, c.getAddress())
	}
}

func (c *coder) putAddress(n field, a address.Address) { c.putText(n, a.String()) }

func (c *coder) getAddress() address.Address {
	s := c.getText()
	if s == "" {
		return address.Address{}
	}
	a, err := address.Parse(s)
	if err != nil {
		c.wrong("%w", err)
	}
	return a
}

func preference(c *coder, p *preferences.Preference) {
	words(c, 1, &p.Attribute)
	words(c, 2, &p.Kind)
	if !c.writing {
		p.Value.Kind = p.Kind
	}
	value(c, 3, &p.Value) // up to 10
	words(c, 11, &p.Class)
	words(c, 12, &p.Purpose)
	c.number(13, &p.Confidence)
	c.moment(14, &p.FreshUntil)
	if c.begin(15, true) {
		evidence(c, &p.Evidence)
		c.finish(15)
	}
}

func evidence(c *coder, e *preferences.Evidence) {
	words(c, 1, &e.Text)
	words(c, 2, &e.Words)
	words(c, 3, &e.Rule)
	words(c, 4, &e.MessageID)
	words(c, 5, &e.Channel)
	words(c, 6, &e.Account)
	words(c, 7, &e.Campaign)
	words(c, 8, &e.Run)
	words(c, 9, &e.Question)
	c.moment(10, &e.At)
	words(c, 11, &e.By)
}

// value is eight fields beginning with n, of a value whose kind is known.
func value(c *coder, n field, v *preferences.Value) {
	c.flag(n, &v.Bool)
	words(c, n+1, &v.Text)
	c.texts(n+2, &v.List)
	c.bound(n+3, &v.Min)
	c.bound(n+4, &v.Max)
	words(c, n+5, &v.Currency)
	words(c, n+6, &v.From)
	words(c, n+7, &v.To)
}
