package sender

import (
	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
)

// fit brings a message into a form that the account can carry, and says what became simpler by that.
func (a *Account) fit(o campaigns.Outbound) ([]adapters.Message, []adapters.Loss, error) {
	m := messageOf(o)
	var lighter []adapters.Loss
	if a.Lighten {
		m, lighter = adapters.Lighten(m, o.Fixed...)
	}
	parts, losses, err := adapters.Fit(m, a.caps)
	return parts, append(lighter, losses...), err
}

// parts is the message as the provider gets it, and, should its outcome be unknown, as it is looked for there.
func (s *Sender) parts(f *flight) ([]adapters.Message, []adapters.Loss, error) {
	return f.account.fit(s.World().Fill(f.out))
}

func messageOf(o campaigns.Outbound) adapters.Message {
	m := adapters.Message{ID: o.ID, To: o.To, Class: adapters.Class(o.Class), Text: o.Text, Handle: o.Handle, Queued: o.Queued, Expires: o.Expires}
	for _, x := range o.Options {
		m.Options = append(m.Options, adapters.Option{Payload: x.Payload, Label: x.Label})
	}
	if x := o.Template; x != nil {
		m.Template = &adapters.Template{ID: x.ID, Language: x.Language, Variables: x.Variables}
	}
	return m
}
