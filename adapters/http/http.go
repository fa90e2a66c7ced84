// Package http speaks to any provider whose API is one HTTP request a message and whose webhooks are calls with fields,
// by configuration alone: templates for what is sent, paths and conditions for what comes back. There are no loops, no
// scripts and no files in them, and expressions are RE2, so that a configuration can be wrong and not dangerous.
//
// Everything is compiled at Open, which refuses each mistake with the setting's name, the cause and the cure. Nothing
// quotes a setting's value, because somebody may have written a password into it.
package http

import (
	"fmt"
	"strconv"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name: "http",
		Doc:  "Any provider with an API over HTTP, by configuration alone: templates for what is sent, paths for what comes back.",
		Channels: []address.Channel{
			address.SMS, address.Zalo, address.WhatsApp, address.Viber, address.Messenger, address.Telegram, address.LINE,
		},
		Settings: settings(),
		Open:     open,
	}
}

// Adapter speaks for one account.
type Adapter struct {
	acc  adapters.Account
	caps adapters.Capabilities
	api  *httpcall.Client

	out    outgoing
	answer judgement
	guard  guard
	in     incoming
}

var _ adapters.Adapter = (*Adapter)(nil)

func open(acc adapters.Account) (adapters.Adapter, error) {
	acc.Settings = withDefaults(acc.Settings)
	client, err := httpcall.ClientOf(acc, settings(), "the provider", "")
	if err != nil {
		return nil, err
	}
	a := &Adapter{acc: acc, api: client}
	for _, compile := range []func() error{a.compileSend, a.compileAnswer, a.compileGuard, a.compileHooks} {
		if err := compile(); err != nil {
			return nil, err
		}
	}
	a.caps = a.capabilities()
	return a, nil
}

// withDefaults fills in what the program fills in, for accounts that are opened without a hoidap.yaml.
func withDefaults(given map[string]string) map[string]string {
	set := map[string]string{}
	for _, s := range settings() {
		if set[s.Name] = given[s.Name]; set[s.Name] == "" {
			set[s.Name] = s.Default
		}
	}
	return set
}

// wrong is a mistake in a setting: why, and what to write.
func wrong(setting, format string, args ...any) error {
	return fmt.Errorf("%s "+format, append([]any{setting}, args...)...)
}

// Capabilities says what the account can do.
func (a *Adapter) Capabilities() adapters.Capabilities { return a.caps }

// How long a text may be where text_max does not say: three segments of SMS, or what chats take.
const (
	plainMax   = 3 * 153
	unicodeMax = 3 * 67
	chatMax    = 1000
)

func (a *Adapter) capabilities() adapters.Capabilities {
	set := a.acc.Settings
	c := adapters.Capabilities{
		Inbound: a.in.receive.from != nil,
		Carries: []adapters.Class{adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax: chatMax,
		Reports: a.in.highest(),
		Repeat:  map[string]adapters.Repeat{lostUnknown: adapters.Blind, lostKeyed: adapters.Keyed, lostEchoed: adapters.Echoed}[set["lost"]],
	}
	switch {
	case a.acc.Channel == address.SMS && set["unicode"] == yes:
		c.TextMax = unicodeMax
	case a.acc.Channel == address.SMS:
		c.TextMax = plainMax
	}
	if n, err := strconv.Atoi(set["text_max"]); err == nil {
		c.TextMax = n
	}
	if n, err := strconv.Atoi(set["in_flight"]); err == nil {
		c.InFlight = n
	}
	if set["carries"] == ads {
		c.Carries = append(c.Carries, adapters.Ad)
	}
	return c
}
