// Package chim speaks the API of Chim, a provider that does not exist: what docs/adapters.md makes of the skeleton.
package chim

import (
	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// baseURL is where the API is.
const baseURL = "https://api.chim.test"

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "chim",
		Doc:      "SMS by Chim's API, version 2.",
		Channels: []address.Channel{address.SMS},
		Settings: settings(),
		Open:     open,
	}
}

func settings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "token", Doc: "The API key: Console, Keys.", Example: "${CHIM_TOKEN}", Required: true, Secret: true},
		{Name: "webhook_secret", Doc: "Signs webhooks: Console, Webhooks.", Example: "${CHIM_WEBHOOK_SECRET}", Required: true, Secret: true},
		httpcall.BaseURL(baseURL),
	}
}

// Adapter speaks for one account.
type Adapter struct {
	acc  adapters.Account
	http *httpcall.Client
}

func open(acc adapters.Account) (adapters.Adapter, error) {
	client, err := httpcall.ClientOf(acc, settings(), "Chim", baseURL)
	if err != nil {
		return nil, err
	}
	return &Adapter{acc: acc, http: client}, nil
}

// Capabilities implements adapters.Adapter.
func (a *Adapter) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{
		Inbound: true,
		Carries: []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax: 459,
		Reports: adapters.Delivered,
		Repeat:  adapters.Keyed,
	}
}
