package gateway

import (
	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
)

// show is a message as an account would hand it to its provider, by the very code that does.
func (g *Gateway) show(account string, o campaigns.Outbound) (control.Shown, error) {
	if o.ID == "" {
		o.ID = "preview"
	}
	parts, losses, err := g.sender.Show(account, o)
	if err != nil {
		return control.Shown{}, err
	}
	out := control.Shown{Plain: plain(o)}
	for _, l := range losses {
		out.Losses = append(out.Losses, string(l))
	}
	for _, m := range parts {
		out.Parts = append(out.Parts, part(m, g.channelOf(account)))
	}
	return out, nil
}

func part(m adapters.Message, ch address.Channel) control.ShownPart {
	p := control.ShownPart{Text: m.Text}
	for _, x := range m.Options {
		p.Options = append(p.Options, x.Label)
	}
	if m.Template != nil {
		p.Template = m.Template.ID
	}
	if ch == address.SMS {
		info := adapters.Segments(m.Text)
		p.Segments, p.Encoding, p.Offenders = info.Count, string(info.Encoding), string(info.Offenders)
	}
	return p
}

// plain is a message as one text, its options numbered.
func plain(o campaigns.Outbound) string {
	m := adapters.Message{ID: o.ID, Text: o.Text}
	for _, x := range o.Options {
		m.Options = append(m.Options, adapters.Option{Payload: x.Payload, Label: x.Label})
	}
	parts, _, err := adapters.Fit(m, adapters.Capabilities{})
	if err != nil || len(parts) == 0 {
		return o.Text
	}
	return parts[0].Text
}

func (g *Gateway) channelOf(account string) address.Channel {
	for _, a := range g.accounts {
		if a.ID == account {
			return a.Channel
		}
	}
	return ""
}
