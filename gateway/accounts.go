package gateway

import (
	"context"
	"slices"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/preferences/address"
)

// watched is the accounts as the monitor knows them.
func (g *Gateway) watched(sending []*sender.Account, secret string) []watched {
	out := make([]watched, len(g.accounts))
	for i, a := range g.accounts {
		at := slices.IndexFunc(sending, func(s *sender.Account) bool { return s.ID == a.ID })
		out[i] = watched{id: a.ID, adapter: a.adapter, sending: sending[at], byHand: a.ByHand,
			callback: a.opening.Callback(), shown: a.opening.CallbackShown(), print: printOf(secret, a.opening)}
	}
	return out
}

// configured is the accounts as control shows them.
func (g *Gateway) configured() []control.Configured {
	out := make([]control.Configured, len(g.accounts))
	for i, a := range g.accounts {
		_, registers := a.adapter.(adapters.Registrar)
		_, consents := a.adapter.(adapters.Consenter)
		out[i] = control.Configured{ID: a.ID, Adapter: a.Type.Name, Channel: a.Channel, Registers: registers && !a.ByHand, Consents: consents}
	}
	return out
}

// try hands one message to an account's provider.
func (g *Gateway) try(ctx context.Context, account, id string, to address.Address, text string) (control.Tried, error) {
	t, err := g.sender.Try(ctx, account, id, to, text)
	return control.Tried(t), err
}

// receipt tells who watches an account that a message has arrived.
func (g *Gateway) receipt(account string, r campaigns.Report) {
	if r.Status != string(adapters.Delivered) && r.Status != string(adapters.Read) {
		return
	}
	for _, a := range g.accounts {
		if a.ID == account {
			a.watch.Arrived(r.At, r.Ours, r.Theirs)
		}
	}
}
