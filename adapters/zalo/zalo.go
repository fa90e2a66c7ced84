// Package zalo speaks the OpenAPI of a Zalo Official Account (OA) in two modes, which the account's channel tells apart:
// `zalo` is chat with people by their Zalo id, `sms` approved templates to telephone numbers (ZNS, also called ZBS). Both
// share one rotating token, and all that Zalo tells comes to one webhook, so that each mode understands it all.
package zalo

import (
	"errors"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// Where Zalo's parts are. base_url stands for all of them.
const (
	chatHost     = "https://openapi.zalo.me"
	templateHost = "https://business.openapi.zalo.me"
	oauthHost    = "https://oauth.zaloapp.com"
)

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:        "zalo",
		Doc:         "A Zalo Official Account: chat (channel zalo), or approved templates to telephone numbers (channel sms). Both need the administrator's consent, once.",
		Channels:    []address.Channel{address.Zalo, address.SMS},
		Settings:    settings(),
		Open:        open,
		SharedVault: func(s map[string]string) string { return s["app_id"] + "/" + s["oa_id"] },
	}
}

func settings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "app_id", Doc: "The app's number, from developers.zalo.me.", Example: "431234567890123456", Required: true, Check: digits},
		{Name: "app_secret", Doc: "The app's secret key: renews the token and proves it in each call.", Example: "${ZALO_APP_SECRET}", Required: true, Secret: true},
		{Name: "oa_id", Doc: "The Official Account's number. Accounts with the same app and OA share their token.", Example: "388613280878808645", Required: true, Check: digits},
		{Name: "oa_secret", Doc: "The OA secret key, from the app's webhook page: signs webhooks. It is not the app's.", Example: "${ZALO_OA_SECRET}", Required: true, Secret: true},
		{Name: "refresh_token", Doc: "The first refresh token, where the administrator's consent was had elsewhere. It works once: used where there is no token yet, or where it is another one than that whose token was lost.", Example: "${ZALO_REFRESH_TOKEN}", Secret: true},
		{Name: "base_url", Doc: "Where all of Zalo's API is, OAuth too: for proxies and tests. Left out: Zalo's own three hosts.", Example: chatHost, Check: httpcall.CheckURL},
	}
}

func digits(v string) error {
	if len(v) < 5 || len(v) > 20 || strings.Trim(v, "0123456789") != "" {
		return errors.New("must be a number of 5 to 20 digits")
	}
	return nil
}

// Adapter speaks for one OA in one mode; in that of chat it is a Chat.
type Adapter struct {
	acc    adapters.Account
	api    *httpcall.Client // of the mode
	chat   *httpcall.Client // what is asked about the OA itself
	tokens *tokens
}

// Chat can look into the conversation, too.
type Chat struct{ *Adapter }

var (
	_ adapters.Adapter   = (*Adapter)(nil)
	_ adapters.Finder    = Chat{}
	_ adapters.Prober    = (*Adapter)(nil)
	_ adapters.Consenter = (*Adapter)(nil)
)

func open(acc adapters.Account) (adapters.Adapter, error) {
	if err := httpcall.Open(acc, settings()); err != nil {
		return nil, err
	}
	if acc.Vault == nil {
		return nil, errors.New("there is no vault to keep the token in")
	}
	a := &Adapter{acc: acc}
	var err error
	if a.chat, err = httpcall.New(acc, "Zalo", chatHost); err != nil {
		return nil, err
	}
	a.api = a.chat
	if a.templatesOnly() {
		if a.api, err = httpcall.New(acc, "Zalo ZNS", templateHost); err != nil {
			return nil, err
		}
	}
	oauth, err := httpcall.New(acc, "Zalo's OAuth", oauthHost)
	if err != nil {
		return nil, err
	}
	a.tokens = newTokens(acc, oauth)
	if a.templatesOnly() {
		return a, nil
	}
	return Chat{a}, nil
}

// templatesOnly is the mode of telephone numbers.
func (a *Adapter) templatesOnly() bool { return a.acc.Channel == address.SMS }

// window is how long after the customer's last message the OA may write freely.
const window = 7 * 24 * time.Hour

// Capabilities says what the OA can do. A chat shows a picture or buttons, not both: see Send.
func (a *Adapter) Capabilities() adapters.Capabilities {
	if a.templatesOnly() {
		return adapters.Capabilities{
			Inbound:   true,
			Carries:   []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service},
			Templates: adapters.TemplatesAlways,
			Reports:   adapters.Delivered,
			Repeat:    adapters.Echoed,
		}
	}
	return adapters.Capabilities{
		Inbound:   true,
		Carries:   []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax:   2000,
		Options:   adapters.OptionLimits{Max: 5, LabelMax: 100, PayloadMax: 64},
		MediaMax:  1,
		Window:    window,
		Templates: adapters.TemplatesOutside,
		Reports:   adapters.Read,
		Repeat:    adapters.Finds,
	}
}
