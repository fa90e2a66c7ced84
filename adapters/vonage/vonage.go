// Package vonage sends SMS by Vonage's SMS API (once Nexmo) and reads its webhooks.
//
// Vonage drops no repeats. Our id goes along as client-ref and comes back in receipts, which settles a lost answer. It
// splits long texts itself, gives each part an id, and reports each part; a customer's long text comes in parts, too.
package vonage

import (
	"errors"
	"fmt"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

const apiHost = "https://rest.nexmo.com"

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "vonage",
		Doc:      "SMS by Vonage's SMS API (once Nexmo).",
		Channels: []address.Channel{address.SMS},
		Settings: settings(),
		Open:     open,
	}
}

func settings() []adapters.Setting {
	path := adapters.PathSecret()
	path.Required = false
	path.Doc = "The last part of the webhook's address, /hooks/{account}/{path_secret}, for accounts whose webhooks Vonage does not sign. At least 128 random bits; `openssl rand -hex 16` makes one. Either this or signature_secret, or both."
	return []adapters.Setting{
		{Name: "api_key", Doc: "The account's API key, from the dashboard's first page.", Example: "abcd1234", Required: true, Check: adapters.OneWord},
		{Name: "api_secret", Doc: "The API secret, which goes with each message.", Example: "${VONAGE_API_SECRET}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: "from", Doc: "The sender: a number of Vonage's, to which customers can answer, or at most 11 letters and digits, to which they cannot.", Example: "+15005550006", Required: true, Check: adapters.SenderOfSMS},
		{Name: "signature_secret", Doc: "Signs webhooks; not the API secret. From the dashboard's API settings, once Vonage's support has switched signed webhooks on.", Example: "${VONAGE_SIGNATURE_SECRET}", Secret: true, Check: adapters.OneWord},
		{Name: "signature_method", Doc: "How webhooks are signed, as the dashboard shows it: md5hash, md5hmac, sha1hmac, sha256hmac or sha512hmac. Choose one of the last two.", Example: methodDefault, Default: methodDefault, Check: method},
		path,
		httpcall.BaseURL(apiHost),
	}
}

// Adapter speaks for one sender of an account.
type Adapter struct {
	acc  adapters.Account
	api  *httpcall.Client
	caps adapters.Capabilities
	sum  func(base string) string // the signature of a webhook's parameters; nil: webhooks are not signed
}

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Prober  = (*Adapter)(nil)
)

func open(acc adapters.Account) (adapters.Adapter, error) {
	client, err := httpcall.ClientOf(acc, settings(), "Vonage", apiHost)
	if err != nil {
		return nil, err
	}
	set := acc.Settings
	switch {
	case acc.Channel != address.SMS:
		return nil, fmt.Errorf("channel must be sms, not %q", acc.Channel)
	case set["signature_secret"] == "" && set["path_secret"] == "":
		return nil, errors.New("either signature_secret or path_secret is needed: without one, anybody could call the webhook")
	}
	a := &Adapter{acc: acc, api: client, caps: capabilities(set["from"])}
	if set["signature_secret"] != "" {
		a.sum = summer(set["signature_method"], set["signature_secret"])
	}
	return a, nil
}

// textMax is the longest text in one Send, in UTF-16 units: 24 segments of Vietnamese. Vonage's own limit is higher and
// not the same in its documents.
const textMax = 1600

func capabilities(from string) adapters.Capabilities {
	return adapters.Capabilities{
		Inbound: adapters.IsNumber(from),
		Carries: []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax: textMax,
		Reports: adapters.Delivered,
		Repeat:  adapters.Echoed,
	}
}

// Capabilities says what the account can do.
func (a *Adapter) Capabilities() adapters.Capabilities { return a.caps }
