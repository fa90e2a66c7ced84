// Package line speaks LINE's Messaging API: text, pictures and quick replies out, messages, taps and friendship in. It is
// the rare provider that knows a repeat by its key, so that a lost answer is settled by sending again.
package line

import (
	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

const apiHost = "https://api.line.me"

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "line",
		Doc:      "A LINE Official Account. People must add it as a friend first: invite them by https://line.me/R/ti/p/<basic id>.",
		Channels: []address.Channel{address.LINE},
		Settings: settings(),
		Open:     open,
	}
}

func settings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "channel_secret", Doc: "Signs webhooks: the channel secret on the Basic settings tab of the LINE Developers console.", Example: "${LINE_CHANNEL_SECRET}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: "channel_access_token", Doc: "The long-lived channel access token on the Messaging API tab.", Example: "${LINE_CHANNEL_ACCESS_TOKEN}", Required: true, Secret: true, Check: adapters.OneWord},
		httpcall.BaseURL(apiHost),
	}
}

// Adapter speaks for one channel of the Messaging API.
type Adapter struct {
	acc adapters.Account
	api *httpcall.Client
}

var (
	_ adapters.Adapter   = (*Adapter)(nil)
	_ adapters.Registrar = (*Adapter)(nil)
	_ adapters.Prober    = (*Adapter)(nil)
)

func open(acc adapters.Account) (adapters.Adapter, error) {
	client, err := httpcall.ClientOf(acc, settings(), "LINE", apiHost)
	if err != nil {
		return nil, err
	}
	return &Adapter{acc, client}, nil
}

// objectsMax is how many message objects one call takes: the text is one of them.
const objectsMax = 5

// Capabilities says what a channel can do. There are no receipts for ordinary messages, and no window: friends can be
// written to at any time.
func (a *Adapter) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{
		Inbound:  true,
		Carries:  []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax:  5000,
		Options:  adapters.OptionLimits{Max: 13, LabelMax: 20, PayloadMax: 300},
		MediaMax: objectsMax - 1,
		Reports:  adapters.SentOn,
		Repeat:   adapters.Keyed,
	}
}
