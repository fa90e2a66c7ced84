// Package twilio sends SMS and WhatsApp messages by Twilio's Programmable Messaging and reads its webhooks.
//
// Twilio has no idempotency key and no field for an id of ours. Our id rides in the query of the status callback, which
// Twilio signs; a lost answer is settled by looking the message up.
package twilio

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "twilio",
		Doc:      "SMS and WhatsApp by Twilio Programmable Messaging. Two-way SMS is not to be had in Vietnam: use it for other countries and for WhatsApp.",
		Channels: []address.Channel{address.SMS, address.WhatsApp},
		Settings: []adapters.Setting{
			{Name: "account_sid", Doc: "The account's SID, from the console's first page.", Example: "AC0123456789abcdef0123456789abcdef", Required: true, Check: sid("AC")},
			{Name: "auth_token", Doc: "The account's primary auth token. Twilio signs its webhooks with it, also where an API key is used for sending.", Example: "${TWILIO_AUTH_TOKEN}", Required: true, Secret: true, Check: adapters.OneWord},
			{Name: "api_key", Doc: "SID of an API key to send with instead of the auth token.", Example: "SK0123456789abcdef0123456789abcdef", Check: sid("SK")},
			{Name: "api_secret", Doc: "The API key's secret.", Example: "${TWILIO_API_SECRET}", Secret: true, Check: adapters.OneWord},
			{Name: "from", Doc: "The sender: a number in E.164 form, a short code or an alphanumeric sender id. Either this or messaging_service_sid.", Example: "+15005550006", Check: sender},
			{Name: "messaging_service_sid", Doc: "A Messaging Service whose pool of senders is used. Either this or from.", Example: "MG0123456789abcdef0123456789abcdef", Check: sid("MG")},
			httpcall.BaseURL(apiHost),
		},
		Open: open,
	}
}

// Adapter speaks to one Twilio account. It keeps nothing between calls that matters.
type Adapter struct {
	channel    address.Channel
	caps       adapters.Capabilities
	accountSID string
	authToken  string // checks webhooks
	authorize  string // the Authorization header of our requests
	from       string // with the channel's prefix
	service    string
	api        *httpcall.Client
	now        func() time.Time
	callback   string    // the webhook's URL, ready for the message's id to be added; empty: none
	calls      sync.Pool // of *call
	signers    sync.Pool // of *signer

	messagesAtTwilio string   // where the SDK wants to post messages to
	messages         *url.URL // where they go
	messageHeader    http.Header
}

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Finder  = (*Adapter)(nil)
	_ adapters.Prober  = (*Adapter)(nil)
)

// apiHost is where Twilio's API is, and where its SDK believes it to be whatever base_url says.
const apiHost = "https://api.twilio.com"

// whatsappPrefix stands before the addresses of the WhatsApp channel.
const whatsappPrefix = "whatsapp:"

func open(acc adapters.Account) (adapters.Adapter, error) {
	set := func(name string) string { return acc.Settings[name] }
	if err := httpcall.Open(acc, Type().Settings); err != nil {
		return nil, err
	}
	switch {
	case acc.Channel != address.SMS && acc.Channel != address.WhatsApp:
		return nil, fmt.Errorf("channel must be sms or whatsapp, not %q", acc.Channel)
	case (set("from") == "") == (set("messaging_service_sid") == ""):
		return nil, errors.New("either from or messaging_service_sid is needed, and not both")
	case (set("api_key") == "") != (set("api_secret") == ""):
		return nil, errors.New("api_key and api_secret belong together")
	}
	a := &Adapter{
		channel:    acc.Channel,
		caps:       capabilities(acc.Channel),
		accountSID: set("account_sid"),
		authToken:  set("auth_token"),
		authorize:  basic(set("account_sid"), set("auth_token")),
		from:       set("from"),
		service:    set("messaging_service_sid"),
		now:        acc.Now,
	}
	if a.now == nil {
		a.now = time.Now
	}
	if set("api_key") != "" {
		a.authorize = basic(set("api_key"), set("api_secret"))
	}
	if a.channel == address.WhatsApp && a.from != "" {
		a.from = whatsappPrefix + strings.TrimPrefix(a.from, whatsappPrefix)
	}
	var err error
	if a.api, err = httpcall.New(acc, "Twilio", apiHost); err != nil {
		return nil, err
	}
	a.prepare()
	a.callback, err = callback(acc.WebhookURL)
	return a, err
}

// prepare makes what is the same in each request for a message.
func (a *Adapter) prepare() {
	path := "/2010-04-01/Accounts/" + a.accountSID + "/Messages.json"
	a.messagesAtTwilio = apiHost + path
	a.messages = a.api.URL(path, "")
	a.messageHeader = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	a.identify(a.messageHeader)
}

// callback prepares the status callback: the webhook's URL up to where the message's id goes.
func callback(webhook string) (string, error) {
	if webhook == "" {
		return "", nil
	}
	u, err := url.Parse(webhook)
	if err != nil || u.Host == "" {
		return "", errors.New("the webhook's URL is not a URL")
	}
	if strings.Contains(u.Hostname(), "_") {
		return "", errors.New("the public URL's host may hold no underscore: Twilio refuses it")
	}
	u.Fragment = ""
	if u.RawQuery != "" {
		return u.String() + "&" + midParam + "=", nil
	}
	return u.String() + "?" + midParam + "=", nil
}

// midParam is the query parameter of the status callback that carries Message.ID.
const midParam = "mid"

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// Capabilities says what the account can do.
func (a *Adapter) Capabilities() adapters.Capabilities { return a.caps }

func capabilities(channel address.Channel) adapters.Capabilities {
	c := adapters.Capabilities{
		Inbound:  true,
		Carries:  []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax:  textMax,
		Reports:  adapters.Delivered,
		Repeat:   adapters.Finds,
		InFlight: 512,
	}
	if channel == address.WhatsApp {
		// Buttons need a content template for each question; until there is one, options are numbered text.
		c.MediaMax = 1
		c.Window = 24 * time.Hour
		c.Templates = adapters.TemplatesOutside
		c.Reports = adapters.Read
	}
	return c // on SMS, pictures reach two countries only: links reach all
}

// textMax is the longest Body that Twilio takes, in characters; an emoji counts as two.
const textMax = 1600

func sid(prefix string) func(string) error {
	return func(v string) error {
		if !strings.HasPrefix(v, prefix) || !alphanumeric(v) {
			return fmt.Errorf("must begin with %s and hold letters and digits only", prefix)
		}
		return nil
	}
}

func sender(v string) error {
	v = strings.TrimPrefix(v, whatsappPrefix)
	if _, err := address.Parse(address.Tel + ":" + v); err == nil {
		return nil
	}
	if v == "" || len(v) > 11 || v[0] == '+' || !alphanumeric(strings.NewReplacer(" ", "", "-", "", "_", "", "&", "", "+", "").Replace(v)) {
		return errors.New("must be a number such as +15005550006, a short code, or at most 11 letters and digits")
	}
	return nil
}

func alphanumeric(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}
