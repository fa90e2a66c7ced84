package record

import "github.com/hoidap/hoidap/campaigns"

// act is what one of the brand's people does about a contact.
func act(c *coder, a *campaigns.Act) {
	words(c, 1, &a.By)
	maybe(c, 2, &a.Item, inboxItem)
	c.texts(3, &a.Earlier)
	words(c, 4, &a.Value.Kind)
	value(c, 5, &a.Value) // up to 12
	c.flag(13, &a.Declined)
	words(c, 14, &a.Text)
	words(c, 15, &a.Try)
}

func taken(c *coder, t *campaigns.Taken) {
	words(c, 1, &t.By)
	c.moment(2, &t.Since)
	c.moment(3, &t.Until)
}

// Taken is who talks to a contact, read from the stored form of its dialogue; nil: nobody does, or it is damaged, which the
// step takes for the same.
func Taken(dialogue []byte) *campaigns.Taken {
	d, err := read(dialogue, "dialogue", func(c *coder, d *struct{ taken *campaigns.Taken }) { maybe(c, 9, &d.taken, taken) })
	if err != nil {
		return nil
	}
	return d.taken
}

func open(c *coder, o *campaigns.Open) {
	words(c, 1, &o.ID)
	words(c, 2, &o.Reason)
	words(c, 3, &o.Campaign)
	words(c, 4, &o.Question)
	c.moment(5, &o.At)
}
