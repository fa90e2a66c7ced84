package adapters

import (
	"fmt"
	"unicode/utf8"
)

// Check gives an *Error with BadMessage where m is more than c can carry. Fit has seen to it that it is not; an adapter
// asks all the same, because a provider that cuts a text or leaves an option out changes what the customer is asked.
func (c Capabilities) Check(m Message) error {
	if m.Template != nil {
		if c.Templates == TemplatesNever {
			return tooMuch("the account has no templates")
		}
		return nil
	}
	switch {
	case c.Templates == TemplatesAlways:
		return tooMuch("the account sends templates only")
	case m.Text == "" && len(m.Media) == 0:
		return tooMuch("no text")
	case c.TextMax > 0 && len(m.Text) > c.TextMax && units(m.Text) > c.TextMax: // a text has no more units than bytes
		return tooMuch(fmt.Sprintf("the text is longer than %d", c.TextMax))
	case len(m.Media) > c.MediaMax:
		return tooMuch(fmt.Sprintf("more than %d attachments", c.MediaMax))
	case len(m.Options) > c.Options.Max:
		return tooMuch(fmt.Sprintf("more than %d options", c.Options.Max))
	}
	for _, o := range m.Options {
		if utf8.RuneCountInString(o.Label) > c.Options.LabelMax || len(o.Payload) > c.Options.PayloadMax {
			return tooMuch(fmt.Sprintf("an option with a label longer than %d or a payload longer than %d", c.Options.LabelMax, c.Options.PayloadMax))
		}
	}
	return nil
}

func tooMuch(why string) error { return &Error{Fault: BadMessage, Detail: why} }
