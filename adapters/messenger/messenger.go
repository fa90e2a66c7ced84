// Package messenger speaks Meta's Messenger Platform for one Facebook page: text with quick replies out; messages, taps,
// receipts and stops of notifications in.
//
// There is no idempotency key and no look-up. Our id rides in the message's metadata, which comes back when Meta echoes
// the message, so that a lost answer is settled by the echo.
package messenger

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/adapters/meta"
	"github.com/hoidap/hoidap/preferences/address"
)

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "messenger",
		Doc:      "A Facebook page on Messenger. People must write to the page first, and nothing goes later than 24 hours after their last message: invite them by https://m.me/<page>?ref=<code>.",
		Channels: []address.Channel{address.Messenger},
		Settings: settings(),
		Open:     open,
	}
}

// The names of the adapter's own settings.
const (
	settingToken = "page_token"
	settingPage  = "page_id"
	settingStart = "get_started"
)

const defaultStart = "GET_STARTED"

func settings() []adapters.Setting {
	return append([]adapters.Setting{
		{Name: settingToken, Doc: "The page's access token, with pages_messaging.", Example: "${MESSENGER_PAGE_TOKEN}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: settingPage, Doc: "The page's id, digits.", Example: "102030405060708", Required: true, Check: meta.Digits},
		{Name: settingStart, Doc: "The payload of the page's Get Started button: pressing it is no answer.", Default: defaultStart, Example: "GET_STARTED", Check: adapters.OneWord},
	}, meta.Settings()...)
}

// Adapter speaks for one page.
type Adapter struct {
	acc   adapters.Account
	graph *meta.Graph
}

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Prober  = (*Adapter)(nil)
)

func open(acc adapters.Account) (adapters.Adapter, error) {
	if err := httpcall.Open(acc, settings()); err != nil {
		return nil, err
	}
	graph, err := meta.New(acc, "Messenger", acc.Settings[settingToken], meaning)
	if err != nil {
		return nil, err
	}
	return &Adapter{acc, graph}, nil
}

// Capabilities says what a page can do. A picture cannot stand beside a text, so that it goes as a link. Reading is told
// by a time only, not by messages: see decode.go.
func (a *Adapter) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{
		Inbound:  true,
		Carries:  []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax:  2000,
		Options:  adapters.OptionLimits{Max: 13, LabelMax: 20, PayloadMax: 1000},
		Window:   24 * time.Hour,
		Reports:  adapters.Delivered,
		Repeat:   adapters.Echoed,
		InFlight: 64,
	}
}

type outgoing struct {
	Kind string `json:"messaging_type"`
	To   struct {
		ID string `json:"id"`
	} `json:"recipient"`
	Message struct {
		Text     string       `json:"text"`
		Options  []quickReply `json:"quick_replies,omitempty"`
		Metadata string       `json:"metadata,omitempty"`
	} `json:"message"`
}

type quickReply struct {
	Kind    string `json:"content_type"`
	Title   string `json:"title"`
	Payload string `json:"payload"`
}

// Send hands m to Meta once. Options are quick replies: they stand above the keyboard until something else is said, and
// a tap leaves its label in the talk.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	if !address.Messenger.Carries(m.To) {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Recipient, Detail: "the address does not belong to this channel"}
	}
	var told struct {
		ID string `json:"message_id"`
	}
	answer, err := a.graph.Post(ctx, "/me/messages", compose(m), &told)
	if err != nil {
		return adapters.Sent{}, err
	}
	if told.ID == "" {
		return adapters.Sent{}, answer.Odd("names no message")
	}
	return adapters.Sent{IDs: []string{told.ID}, Units: 1}, nil
}

func compose(m adapters.Message) outgoing {
	out := outgoing{Kind: "UPDATE"}
	if m.Class == adapters.Reply || m.Class == adapters.Control {
		out.Kind = "RESPONSE"
	}
	out.To.ID, out.Message.Text, out.Message.Metadata = m.To.ID, m.Text, m.ID
	for _, o := range m.Options {
		out.Message.Options = append(out.Message.Options, quickReply{"text", o.Label, cmp.Or(o.Payload, o.Label)}) // Meta takes none without a payload
	}
	return out
}

// Probe asks whose the token is. One that is refused, or another page's, is a finding, not an error.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	var page struct {
		ID   meta.ID `json:"id"`
		Name string  `json:"name"`
	}
	answer, err := a.graph.Get(ctx, "/me", "id,name", &page)
	if detail, ok := meta.Unusable(err); ok {
		return adapters.Health{Detail: detail}, nil
	}
	if err == nil && page.ID == "" {
		err = answer.Odd("names no page")
	}
	if err != nil {
		return adapters.Health{}, fmt.Errorf("asking for the page: %w", err)
	}
	if string(page.ID) != a.acc.Settings[settingPage] {
		return adapters.Health{Detail: settingToken + " belongs to another page than " + settingPage}, nil
	}
	return adapters.Health{OK: true, Detail: page.Name}, nil
}
