// Package viber speaks Viber's bot API: text with a keyboard out, messages, receipts and subscriptions in. A tap comes back
// as if it had been typed; failures come with HTTP 200; tokens of messages are numbers that no float holds.
package viber

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

const apiHost = "https://chatapi.viber.com"

// linked is the value of shared_contacts by which a shared card counts.
const linked = "linked"

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "viber",
		Doc:      "A Viber bot. People must open it first: invite them by viber://pa?chatURI=<uri>&context=<code>.",
		Channels: []address.Channel{address.Viber},
		Settings: settings(),
		Open:     open,
	}
}

func settings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "auth_token", Doc: "The bot's authentication token, which also signs webhooks.", Example: "${VIBER_AUTH_TOKEN}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: "sender_name", Doc: "Who the messages are from, at most 28 characters.", Example: "My Shop", Required: true, Check: short},
		{Name: "sender_avatar", Doc: "The sender's picture: an HTTPS address, at most 100 KB.", Example: "https://shop.example.com/avatar.png", Check: secure},
		{Name: "welcome", Doc: "What somebody reads who opens the chat before they have written. Left out: nothing.", Example: "Chào bạn! Nhắn cho shop một tin để bắt đầu nhé.", Check: welcome},
		{Name: "shared_contacts", Doc: "What a contact card is that somebody shares: ignored, or linked to them as their own number. Viber does not tell their own card from somebody else's.", Default: "ignored", Check: adapters.OneOf("ignored", linked)},
		httpcall.BaseURL(apiHost),
	}
}

func short(v string) error {
	if utf8.RuneCountInString(v) > 28 {
		return errors.New("may have 28 characters at most")
	}
	return nil
}

func secure(v string) error {
	if !strings.HasPrefix(v, "https://") {
		return errors.New("must begin with https://")
	}
	return nil
}

func welcome(v string) error {
	if len(v) > textMax {
		return errors.New("may have 7000 bytes at most")
	}
	return nil
}

// Adapter speaks for one bot.
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
	client, err := httpcall.ClientOf(acc, settings(), "Viber", apiHost)
	if err != nil {
		return nil, err
	}
	return &Adapter{acc, client}, nil
}

// textMax is how long a text may be.
const textMax = 7000

// Capabilities says what a bot can do. Pictures become links: a caption is too short for what is asked with one.
func (a *Adapter) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{
		Inbound: true,
		Carries: []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax: textMax,
		Options: adapters.OptionLimits{Max: 12, LabelMax: 28, PayloadMax: 64},
		Reports: adapters.Read,
		Repeat:  adapters.Blind,
	}
}
