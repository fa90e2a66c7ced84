// Package esms sends SMS under a Vietnamese brandname by eSMS.vn (ViHAT), and reads its receipts and what people text to
// a short code.
//
// The API is old in style: the keys are in the body of each request, failures come with HTTP 200, and callbacks are GETs
// that nobody signs. RequestId, of at most 50 characters, is ours: eSMS drops a second request with the same one for 24
// hours, so that a lost answer is settled by sending again. Its call for advertisements has no RequestId.
package esms

import (
	"errors"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

const apiHost = "https://rest.esms.vn"

// What the settings carries and unicode may be.
const (
	care, ads = "care", "qc"
	yes, no   = "yes", "no"
)

// How long a text may be where text_max does not say: three segments, with and without Unicode.
const (
	plainMax   = 3 * 153
	unicodeMax = 3 * 67
)

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "esms",
		Doc:      "SMS under a Vietnamese brandname by eSMS.vn. A brandname cannot be answered; a short code at eSMS can.",
		Channels: []address.Channel{address.SMS},
		Settings: settings(),
		Open:     open,
	}
}

func settings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "api_key", Doc: "The account's ApiKey.", Example: "${ESMS_API_KEY}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: "secret_key", Doc: "The account's SecretKey.", Example: "${ESMS_SECRET_KEY}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: "brandname", Doc: "The sender, as it is registered with the networks: at most 11 characters.", Example: "MYSHOP", Required: true, Check: brandname},
		{Name: "unicode", Doc: "yes: the brandname carries Vietnamese with its marks (IsUnicode). no: texts leave without marks, and one with an emoji is refused.", Example: no, Required: true, Check: adapters.OneOf(yes, no)},
		{Name: "carries", Doc: "care: customer care only. qc: advertisements, too, by eSMS's call for them (SmsType 1), which nothing settles when its answer is lost.", Example: care, Default: care, Check: adapters.OneOf(care, ads)},
		{Name: "text_max", Doc: "The longest text in one message, in characters; longer ones become several. Left out: three segments, 459 or, with Unicode, 201.", Example: "306", Check: textMax},
		{Name: "short_code", Doc: "The number that people text their answers to, where you have one at eSMS. Left out: answers cannot come back.", Example: "8041", Check: digits},
		{Name: "keyword", Doc: "The word that has to come first in a text to the short code; it is taken off before the answer is read. Left out: the short code is yours alone.", Example: "SHOP", Check: keyword},
		{Name: "mo_private_key", Doc: "The private key of the short code's cpid, for the sum in each of its calls. Needed with short_code.", Example: "${ESMS_MO_KEY}", Secret: true, Check: adapters.OneWord},
		adapters.PathSecret(),
		httpcall.BaseURL(apiHost),
	}
}

func brandname(v string) error {
	if len(v) > 11 || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`%#&[]{}\<@`, r) }) {
		return errors.New(`must be at most 11 letters, digits, spaces and signs, without % # & [ ] { } \ < @`)
	}
	return nil
}

func textMax(v string) error {
	if n, err := strconv.Atoi(v); err != nil || n < 50 || n > 1530 {
		return errors.New("must be a number from 50 to 1530")
	}
	return nil
}

func digits(v string) error {
	if len(v) > 15 || strings.ContainsFunc(v, func(r rune) bool { return r < '0' || r > '9' }) {
		return errors.New("must be a number such as 8041")
	}
	return nil
}

func keyword(v string) error {
	if len(v) > 20 || strings.ContainsFunc(v, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }) {
		return errors.New("must be one word of at most 20 letters and digits, without marks")
	}
	return nil
}

// Adapter speaks for one brandname.
type Adapter struct {
	acc  adapters.Account
	caps adapters.Capabilities
	api  *httpcall.Client
}

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Prober  = (*Adapter)(nil)
)

func open(acc adapters.Account) (adapters.Adapter, error) {
	client, err := httpcall.ClientOf(acc, settings(), "eSMS", apiHost)
	if err != nil {
		return nil, err
	}
	switch set := acc.Settings; {
	case set["short_code"] != "" && set["mo_private_key"] == "":
		return nil, errors.New("mo_private_key is missing: without it nobody knows whether a text to the short code comes from eSMS")
	case set["short_code"] == "" && set["keyword"]+set["mo_private_key"] != "":
		return nil, errors.New("short_code is missing, to which keyword and mo_private_key belong")
	}
	return &Adapter{acc, capabilities(acc.Settings), client}, nil
}

// Capabilities says what the account can do.
func (a *Adapter) Capabilities() adapters.Capabilities { return a.caps }

func capabilities(set map[string]string) adapters.Capabilities {
	c := adapters.Capabilities{
		Inbound: set["short_code"] != "",
		Carries: []adapters.Class{adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax: plainMax,
		Reports: adapters.Delivered,
		Repeat:  adapters.Keyed,
	}
	if set["carries"] == ads {
		c.Carries = append(c.Carries, adapters.Ad)
		c.Repeat = adapters.Blind // the call for advertisements takes no RequestId
	}
	if set["unicode"] == yes {
		c.TextMax = unicodeMax
	}
	if n, err := strconv.Atoi(set["text_max"]); err == nil {
		c.TextMax = n
	}
	return c
}
