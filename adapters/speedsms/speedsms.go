// Package speedsms sends SMS by SpeedSMS.vn: under a brandname, from a shared number, or from a telephone of one's own
// that runs SpeedSMS's app, which is the one that people can answer.
//
// A request is for a batch of numbers; this adapter sends one number each, so that a batch is a message and its receipts
// are the message's. There is no id of ours and nothing to look a message up by: a lost answer stays unknown. Nothing in
// a webhook is signed, and an incoming text has neither an id nor a time.
package speedsms

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

const apiHost = "https://api.speedsms.vn/index.php"

// What the settings carries and unicode may be.
const (
	care, ads = "care", "qc"
	yes, no   = "yes", "no"
)

// The sms_type of a request.
const (
	typeAds       = "1" // a brandname's advertisements
	typeShared    = "2" // a number that changes
	typeBrandname = "3" // a brandname of one's own
	typeNotify    = "4" // the brandnames Verify and Notify, which many share
	typePhone     = "5" // a telephone of one's own with SpeedSMS's app
)

// How long a text may be where text_max does not say: three segments, with and without Unicode.
const (
	plainMax   = 3 * 153
	unicodeMax = 3 * 67
)

// inFlight is how many requests are made at once: SpeedSMS takes 60 a minute.
const inFlight = 4

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "speedsms",
		Doc:      "SMS in Vietnam by SpeedSMS.vn: a brandname, which cannot be answered, or a telephone of your own with its app, which can.",
		Channels: []address.Channel{address.SMS},
		Settings: settings(),
		Open:     open,
	}
}

func settings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "access_token", Doc: "The account's API access token.", Example: "${SPEEDSMS_TOKEN}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: "sms_type", Doc: "What messages leave as. 1: advertisements of a brandname. 2: a shared number. 3: your brandname. 4: Verify or Notify. 5: your own telephone, the one that can be answered.", Example: typeBrandname, Required: true, Check: adapters.OneOf(typeAds, typeShared, typeBrandname, typeNotify, typePhone)},
		{Name: "sender", Doc: "The brandname, for sms_type 4 Verify or Notify, for sms_type 5 the telephone's device id. Left out with sms_type 2.", Example: "MYSHOP", Check: printable},
		{Name: "unicode", Doc: "yes: the sender carries Vietnamese with its marks. no: texts leave without marks, and one with an emoji is refused.", Example: no, Required: true, Check: adapters.OneOf(yes, no)},
		{Name: "carries", Doc: "care: customer care only. qc: advertisements, too, which a brandname alone may carry: sms_type 3, or 1, which carries nothing else.", Example: care, Default: care, Check: adapters.OneOf(care, ads)},
		{Name: "text_max", Doc: "The longest text in one message, in characters; longer ones become several. Left out: three segments, 459 or, with Unicode, 201.", Example: "306", Check: textMax},
		adapters.PathSecret(),
		httpcall.BaseURL(apiHost),
	}
}

func printable(v string) error {
	if len(v) > 64 || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) {
		return errors.New("must be at most 64 letters, digits, spaces and signs, without marks")
	}
	return nil
}

func textMax(v string) error {
	if n, err := strconv.Atoi(v); err != nil || n < 50 || n > 1530 {
		return errors.New("must be a number from 50 to 1530")
	}
	return nil
}

// Adapter speaks for one sender.
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
	client, err := httpcall.ClientOf(acc, settings(), "SpeedSMS", apiHost)
	if err != nil {
		return nil, err
	}
	if err := agree(acc.Settings); err != nil {
		return nil, err
	}
	return &Adapter{acc, capabilities(acc.Settings), client}, nil
}

// agree finds settings that do not go together.
func agree(set map[string]string) error {
	kind, sender, carriesAds := set["sms_type"], set["sender"], set["carries"] == ads
	switch {
	case kind != typeShared && sender == "":
		return fmt.Errorf("sender is missing, which sms_type %s needs", kind)
	case kind == typeNotify && sender != "Verify" && sender != "Notify":
		return errors.New("sender must be Verify or Notify with sms_type 4")
	case kind == typeAds && !carriesAds:
		return errors.New("carries must be qc with sms_type 1, which is for advertisements")
	case carriesAds && kind != typeAds && kind != typeBrandname:
		return fmt.Errorf("carries may not be qc with sms_type %s: advertisements leave under a brandname of one's own, with sms_type 1 or 3", kind)
	}
	return nil
}

// Capabilities says what the account can do.
func (a *Adapter) Capabilities() adapters.Capabilities { return a.caps }

func capabilities(set map[string]string) adapters.Capabilities {
	c := adapters.Capabilities{
		Inbound:  set["sms_type"] == typePhone,
		Carries:  []adapters.Class{adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax:  plainMax,
		Reports:  adapters.Delivered,
		Repeat:   adapters.Blind,
		InFlight: inFlight,
	}
	switch {
	case set["sms_type"] == typeAds:
		c.Carries = []adapters.Class{adapters.Ad}
	case set["carries"] == ads:
		c.Carries = append(c.Carries, adapters.Ad)
	}
	if set["unicode"] == yes {
		c.TextMax = unicodeMax
	}
	if n, err := strconv.Atoi(set["text_max"]); err == nil {
		c.TextMax = n
	}
	return c
}
