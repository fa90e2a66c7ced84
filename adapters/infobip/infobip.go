// Package infobip sends SMS by Infobip's SMS API (version 3) and reads its webhooks, which tell many things in one call.
//
// A message's id at Infobip is ours: it refuses the same id a second time, so that a message whose answer was lost is
// simply sent again.
package infobip

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// apiHost is where accounts without an address of their own are; each account has a faster one.
const apiHost = "https://api.infobip.com"

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "infobip",
		Doc:      "SMS by Infobip's SMS API, version 3.",
		Channels: []address.Channel{address.SMS},
		Settings: settings(),
		Open:     open,
	}
}

func settings() []adapters.Setting {
	path := adapters.PathSecret()
	path.Required = false
	path.Doc += " One way at least of webhook_password, hmac_secret and path_secret is needed; each that is set must be shown."
	return []adapters.Setting{
		{Name: "api_key", Doc: "An API key that may send messages and, for settling repeats, read logs.", Example: "${INFOBIP_API_KEY}", Required: true, Secret: true, Check: plain},
		{Name: "from", Doc: "The sender: a number, to which customers can answer, or at most 11 letters and digits, to which they cannot.", Example: "MyShop", Required: true, Check: sender},
		{Name: "webhook_user", Doc: "The user that Infobip shows when it calls the webhook (Basic).", Example: "gateway", Check: user},
		{Name: "webhook_password", Doc: "The password beside webhook_user.", Example: "${INFOBIP_WEBHOOK_PASSWORD}", Secret: true, Check: plain},
		{Name: "hmac_secret", Doc: "The secret of a subscription with HMAC.", Example: "${INFOBIP_HMAC_SECRET}", Secret: true, Check: plain},
		{Name: "hmac_algorithm", Doc: "The subscription's algorithm: HMAC_SHA_256, HMAC_SHA_384 or HMAC_SHA_512; the others are weak.", Example: algorithmDefault, Default: algorithmDefault, Check: algorithm},
		{Name: "hmac_header", Doc: "The header in which the HMAC of the body comes, in hexadecimal digits or base64. Infobip's documents do not name it: look at a call.", Example: "X-Signature", Check: header},
		path,
		httpcall.BaseURL(apiHost),
	}
}

func plain(v string) error {
	if strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("may hold no spaces")
	}
	return nil
}

func user(v string) error {
	if strings.Contains(v, ":") {
		return errors.New("may hold no colon")
	}
	return plain(v)
}

func header(v string) error {
	if http.CanonicalHeaderKey(v) == "Authorization" || strings.ContainsAny(v, ": ") {
		return errors.New("must be the name of a header, such as X-Signature")
	}
	return plain(v)
}

func sender(v string) error {
	if isNumber(v) || v != "" && len(v) <= 11 && !strings.ContainsFunc(v, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != ' '
	}) {
		return nil
	}
	return errors.New("must be a number such as +15005550006, or at most 11 letters and digits")
}

// isNumber tells numbers, which can be answered, from names.
func isNumber(v string) bool {
	v = strings.TrimPrefix(v, "+")
	return len(v) >= 3 && len(v) <= 15 && !strings.ContainsFunc(v, func(r rune) bool { return r < '0' || r > '9' })
}

// Adapter speaks for one sender of an account.
type Adapter struct {
	acc    adapters.Account
	api    *httpcall.Client
	caps   adapters.Capabilities
	checks []check // what a webhook call must show, all of it
}

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Prober  = (*Adapter)(nil)
)

func open(acc adapters.Account) (adapters.Adapter, error) {
	if err := httpcall.Open(acc, settings()); err != nil {
		return nil, err
	}
	if acc.Channel != address.SMS {
		return nil, fmt.Errorf("channel must be sms, not %q", acc.Channel)
	}
	checks, err := checksOf(acc)
	if err != nil {
		return nil, err
	}
	client, err := httpcall.New(acc, "Infobip", apiHost)
	if err != nil {
		return nil, err
	}
	return &Adapter{acc: acc, api: client, caps: capabilities(acc.Settings["from"]), checks: checks}, nil
}

// textMax is the longest text in one Send, in UTF-16 units: 24 segments of Vietnamese, of the 25 that Infobip takes.
const textMax = 1600

func capabilities(from string) adapters.Capabilities {
	return adapters.Capabilities{
		Inbound: isNumber(from),
		Carries: []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax: textMax,
		Reports: adapters.Delivered,
		Repeat:  adapters.Keyed,
	}
}

// Capabilities says what the account can do.
func (a *Adapter) Capabilities() adapters.Capabilities { return a.caps }
