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
		{Name: "api_key", Doc: "An API key that may send messages and, for settling repeats, read logs.", Example: "${INFOBIP_API_KEY}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: "from", Doc: "The sender: a number, to which customers can answer, or at most 11 letters and digits, to which they cannot.", Example: "MyShop", Required: true, Check: adapters.SenderOfSMS},
		{Name: "webhook_user", Doc: "The user that Infobip shows when it calls the webhook (Basic).", Example: "gateway", Check: user},
		{Name: "webhook_password", Doc: "The password beside webhook_user.", Example: "${INFOBIP_WEBHOOK_PASSWORD}", Secret: true, Check: adapters.OneWord},
		{Name: "hmac_secret", Doc: "The secret of a subscription with HMAC.", Example: "${INFOBIP_HMAC_SECRET}", Secret: true, Check: adapters.OneWord},
		{Name: "hmac_algorithm", Doc: "The subscription's algorithm: HMAC_SHA_256, HMAC_SHA_384 or HMAC_SHA_512; the others are weak.", Example: algorithmDefault, Default: algorithmDefault, Check: algorithm},
		{Name: "hmac_header", Doc: "The header in which the HMAC of the body comes, in hexadecimal digits or base64. Infobip's documents do not name it: look at a call.", Example: "X-Signature", Check: header},
		path,
		httpcall.BaseURL(apiHost),
	}
}

func user(v string) error {
	if strings.Contains(v, ":") {
		return errors.New("may hold no colon")
	}
	return adapters.OneWord(v)
}

func header(v string) error {
	if http.CanonicalHeaderKey(v) == "Authorization" || strings.ContainsAny(v, ": ") {
		return errors.New("must be the name of a header, such as X-Signature")
	}
	return adapters.OneWord(v)
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
	client, err := httpcall.ClientOf(acc, settings(), "Infobip", apiHost)
	if err != nil {
		return nil, err
	}
	if acc.Channel != address.SMS {
		return nil, fmt.Errorf("channel must be sms, not %q", acc.Channel)
	}
	checks, err := checksOf(acc)
	if err != nil {
		return nil, err
	}
	return &Adapter{acc: acc, api: client, caps: capabilities(acc.Settings["from"]), checks: checks}, nil
}

// textMax is the longest text in one Send, in UTF-16 units: 24 segments of Vietnamese, of the 25 that Infobip takes.
const textMax = 1600

func capabilities(from string) adapters.Capabilities {
	return adapters.Capabilities{
		Inbound: adapters.IsNumber(from),
		Carries: []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax: textMax,
		Reports: adapters.Delivered,
		Repeat:  adapters.Keyed,
	}
}

// Capabilities says what the account can do.
func (a *Adapter) Capabilities() adapters.Capabilities { return a.caps }
