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

func open(c *coder, o *campaigns.Open) {
	words(c, 1, &o.ID)
	words(c, 2, &o.Reason)
	words(c, 3, &o.Campaign)
	words(c, 4, &o.Question)
	c.moment(5, &o.At)
}
