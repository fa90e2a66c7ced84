package viber

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

type sender struct {
	Name   string `json:"name"`
	Avatar string `json:"avatar,omitempty"`
}

type button struct {
	Columns    int    `json:"Columns"`
	Rows       int    `json:"Rows"`
	ActionType string `json:"ActionType"`
	ActionBody string `json:"ActionBody"`
	Text       string `json:"Text"`
	TextSize   string `json:"TextSize"`
}

type keyboard struct {
	Type          string   `json:"Type"`
	DefaultHeight bool     `json:"DefaultHeight"`
	Buttons       []button `json:"Buttons"`
}

type outgoing struct {
	Receiver string    `json:"receiver,omitempty"`
	Sender   sender    `json:"sender"`
	Type     string    `json:"type"`
	Text     string    `json:"text"`
	Keyboard *keyboard `json:"keyboard,omitempty"`
}

func (a *Adapter) sender() sender {
	return sender{a.acc.Settings["sender_name"], a.acc.Settings["sender_avatar"]}
}

// Send hands m to Viber once.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	if !address.Viber.Carries(m.To) {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Recipient, Detail: "the address is no user of Viber's"}
	}
	out := outgoing{Receiver: m.To.ID, Sender: a.sender(), Type: "text", Text: m.Text}
	if len(m.Options) > 0 {
		out.Keyboard = keys(m.Options)
	}
	var sent struct {
		Token json.Number `json:"message_token"`
	}
	answer, err := a.call(ctx, "/pa/send_message", out, &sent)
	if err != nil {
		return adapters.Sent{}, err
	}
	if token := sent.Token.String(); token != "" && token != "0" {
		return adapters.Sent{IDs: []string{token}, Units: 1}, nil
	}
	return adapters.Sent{}, answer.Odd("names no message")
}

// width is how many columns a keyboard has, and halfMax how many characters fit on a button of half of it.
const (
	width   = 6
	halfMax = 14
)

// keys are buttons that write the option's payload for the customer: two in a row where all labels are short, the last of
// an odd number over the whole row. Viber reads labels as HTML.
func keys(options []adapters.Option) *keyboard {
	columns := width / 2
	for _, o := range options {
		if utf8.RuneCountInString(o.Label) > halfMax {
			columns = width
		}
	}
	k := &keyboard{Type: "keyboard"}
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	for _, o := range options {
		k.Buttons = append(k.Buttons, button{columns, 1, "reply", cmp.Or(o.Payload, o.Label), escape.Replace(o.Label), "regular"})
	}
	if len(options)%2 == 1 {
		k.Buttons[len(options)-1].Columns = width
	}
	return k
}

// call asks for something and reads what came of it, which Viber tells in the body, whatever the status of HTTP.
func (a *Adapter) call(ctx context.Context, path string, params, result any) (httpcall.Answer, error) {
	answer, err := a.api.PostJSON(ctx, path, http.Header{"X-Viber-Auth-Token": {a.acc.Settings["auth_token"]}}, params)
	if err != nil {
		return answer, err
	}
	var told struct {
		Status *json.Number `json:"status"`
	}
	odd := answer.JSON(&told)
	code := ""
	if odd == nil && told.Status != nil {
		code = told.Status.String()
	}
	if err := answer.RefusedAs(code, faults()[code], a.acc.Now()); err != nil {
		return answer, err
	}
	switch {
	case odd != nil:
		return answer, odd
	case code != taken:
		return answer, answer.Odd("has the status " + cmp.Or(code, "(none)") + ", which nobody knows")
	}
	return answer, answer.JSON(result)
}
