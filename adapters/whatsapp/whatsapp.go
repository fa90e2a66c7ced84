// Package whatsapp speaks Meta's WhatsApp Cloud API for one number of a business: text, buttons, lists, pictures and
// templates out; messages, taps, receipts and stops of marketing in.
//
// There is no idempotency key and no look-up. Our id rides in biz_opaque_callback_data, which comes back with each
// receipt, so that a lost answer is settled by the receipt.
package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/adapters/meta"
	"github.com/hoidap/hoidap/preferences/address"
)

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "whatsapp",
		Doc:      "A number of the WhatsApp Cloud API, at Meta itself. Outside the 24 hours after the customer's last message nothing but approved templates goes.",
		Channels: []address.Channel{address.WhatsApp},
		Settings: settings(),
		Open:     open,
	}
}

// The names of the adapter's own settings.
const (
	settingToken    = "access_token"
	settingNumber   = "phone_number_id"
	settingList     = "list_button"
	settingLanguage = "template_language"
)

const (
	defaultList     = "Chọn"
	defaultLanguage = "vi"
)

func settings() []adapters.Setting {
	return append([]adapters.Setting{
		{Name: settingToken, Doc: "The token of a system user, with whatsapp_business_messaging and whatsapp_business_management.", Example: "${WHATSAPP_ACCESS_TOKEN}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: settingNumber, Doc: "The number's id (not the number), from the app's page WhatsApp > API Setup.", Example: "106540352242922", Required: true, Check: meta.Digits},
		{Name: settingList, Doc: "What stands on the button that opens a list of more than three options; at most 20 characters.", Default: defaultList, Example: "Choose", Check: listButton},
		{Name: settingLanguage, Doc: "The language of templates that name none, as Meta writes it: vi, en, en_US.", Default: defaultLanguage, Example: "en_US", Check: adapters.OneWord},
	}, meta.Settings()...)
}

func listButton(v string) error {
	if v == "" || utf8.RuneCountInString(v) > 20 {
		return errors.New("must be 1 to 20 characters")
	}
	return nil
}

// Adapter speaks for one number.
type Adapter struct {
	acc   adapters.Account
	graph *meta.Graph
}

var (
	_ adapters.Adapter   = (*Adapter)(nil)
	_ adapters.Registrar = (*Adapter)(nil)
	_ adapters.Prober    = (*Adapter)(nil)
)

func open(acc adapters.Account) (adapters.Adapter, error) {
	if err := httpcall.Open(acc, settings()); err != nil {
		return nil, err
	}
	graph, err := meta.New(acc, "WhatsApp", acc.Settings[settingToken], meaning)
	if err != nil {
		return nil, err
	}
	return &Adapter{acc, graph}, nil
}

// Meta's limits. Where a question has both more than three options and a picture, or a long text and options, no form of
// message has room for all: see shape.
const (
	textMax    = 4096 // of a text alone
	bodyMax    = 1024 // of what stands beside buttons, a list or a picture
	buttonsMax = 3
	buttonMax  = 20 // characters on a button
	rowsMax    = 10
	rowMax     = 24  // characters of a row's title
	idMax      = 200 // of a row; a button has 256
)

// Capabilities says what a number can do.
func (a *Adapter) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{
		Inbound:   true,
		Carries:   []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax:   textMax,
		Options:   adapters.OptionLimits{Max: rowsMax, LabelMax: rowMax, PayloadMax: idMax},
		MediaMax:  1,
		Window:    24 * time.Hour,
		Templates: adapters.TemplatesOutside,
		Reports:   adapters.Read,
		Repeat:    adapters.Echoed,
		InFlight:  64, // 80 messages a second are allowed, and an answer takes well below a second
	}
}

// Send hands m to Meta once.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	out, err := a.outgoing(m)
	if err != nil {
		return adapters.Sent{}, err
	}
	var told struct {
		Messages []struct {
			ID string `json:"id"`
		} `json:"messages"`
	}
	answer, err := a.graph.Post(ctx, a.number()+"/messages", out, &told)
	if err != nil {
		return adapters.Sent{}, a.patient(err)
	}
	if len(told.Messages) != 1 || told.Messages[0].ID == "" {
		return adapters.Sent{}, answer.Odd("names no message")
	}
	return adapters.Sent{IDs: []string{told.Messages[0].ID}, Units: 1}, nil
}

func (a *Adapter) number() string { return "/" + a.acc.Settings[settingNumber] }

// cappedFor is how long somebody is left alone to whom Meta lets no more marketing through: its documents ask for a day.
const cappedFor = 24 * time.Hour

// patient waits for a day where Meta says later, which it does not say when.
func (a *Adapter) patient(err error) error {
	var e *adapters.Error
	if errors.As(err, &e) && e.Fault == adapters.Later {
		e.After = a.acc.Now().Add(cappedFor)
	}
	return err
}

// Register makes callback the webhook of this number, in place of the app's. The app must have its own webhook set and
// the field messages subscribed all the same.
func (a *Adapter) Register(ctx context.Context, callback string) error {
	var done struct {
		Success bool `json:"success"`
	}
	answer, err := a.graph.Post(ctx, a.number(), map[string]any{
		"webhook_configuration": map[string]string{"override_callback_uri": callback, "verify_token": a.acc.Settings["verify_token"]},
	}, &done)
	if err == nil && !done.Success {
		return answer.Odd("does not say that the webhook was set")
	}
	return err
}

// Probe asks for the number, which checks the token. One that is refused is a finding, not an error.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	var number struct {
		Name    string `json:"verified_name"`
		Shown   string `json:"display_phone_number"`
		Quality string `json:"quality_rating"`
	}
	answer, err := a.graph.Get(ctx, a.number(), "verified_name,display_phone_number,quality_rating", &number)
	if detail, ok := meta.Unusable(err); ok {
		return adapters.Health{Detail: detail}, nil
	}
	if err == nil && number.Shown == "" {
		err = answer.Odd("names no number")
	}
	if err != nil {
		return adapters.Health{}, fmt.Errorf("asking for the number: %w", err)
	}
	detail := []string{number.Shown, number.Name}
	if number.Quality != "" {
		detail = append(detail, "quality "+strings.ToLower(number.Quality))
	}
	return adapters.Health{OK: number.Quality != "RED", Detail: strings.Join(detail, ", ")}, nil
}
