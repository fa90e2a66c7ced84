package record

import (
	"github.com/hoidap/hoidap/campaigns"
)

func event(c *coder, e *campaigns.Event) {
	words(c, 1, &e.Account)
	words(c, 2, &e.MessageID)
	eventID(c, 3, e) // and 4
	words(c, 5, &e.Kind)
	c.moment(6, &e.At)
	where(c, 7, &e.From)
	words(c, 8, &e.Channel)
	words(c, 9, &e.Text)
	words(c, 10, &e.Payload)
	words(c, 11, &e.Name)
	c.flag(12, &e.Confirmed)
	maybe(c, 13, &e.Report, report)
	maybe(c, 14, &e.Sent, dispatch)
	// 15 was the kind of a timer
	words(c, 16, &e.Campaign)
	words(c, 17, &e.Run)
	words(c, 18, &e.Local)
	words(c, 19, &e.Type)
	c.object(20, &e.Data)
	maybe(c, 21, &e.Contact, contactEdit)
	maybe(c, 22, &e.Resend, outbound)
	where(c, 23, &e.Also)
	maybe(c, 24, &e.Peer, peer)
	maybe(c, 25, &e.Came, came)
	maybe(c, 26, &e.Back, back)
	words(c, 27, &e.Via)
	maybe(c, 28, &e.Proof, proof)
	words(c, 29, &e.Handle)
	maybe(c, 30, &e.Act, act)
	words(c, 31, &e.Attribute)
}

// eventID is left out, and the field before it set, where it is made of account and message id, as it mostly is.
func eventID(c *coder, n field, e *campaigns.Event) {
	usual := c.writing && e.ID == e.Account+":"+e.MessageID
	c.flag(n, &usual)
	switch {
	case !usual:
		words(c, n+1, &e.ID)
	case !c.writing:
		e.ID = e.Account + ":" + e.MessageID
	}
}

func dispatch(c *coder, d *campaigns.Dispatch) {
	words(c, 1, &d.Message)
	words(c, 2, &d.Status)
	c.texts(3, &d.Theirs)
	words(c, 4, &d.Reason)
	words(c, 5, &d.Code)
	c.moment(6, &d.Until)
	c.flag(7, &d.Stopped)
	words(c, 8, &d.Run)
	c.flag(9, &d.First)
	words(c, 10, &d.Was)
	c.texts(11, &d.Simpler)
	where(c, 12, &d.Ad)
}

func contactEdit(c *coder, e *campaigns.ContactEdit) {
	addresses(c, 1, &e.Addresses)
	given(c, 2, &e.Name)
	given(c, 3, &e.Locale)
	given(c, 4, &e.Timezone)
	each(c, 5, &e.Consents, consent)
	c.object(6, &e.Facts)
	each(c, 7, &e.Preferences, preference)
	c.moment(8, &e.Seen)
}

// given is a text that may be empty, or absent.
func given(c *coder, n field, v **string) {
	if c.writing {
		if *v != nil {
			c.putText(n, **v)
		}
		return
	}
	if c.has(n) {
		s := c.getText()
		*v = &s
	}
}
