package zalo

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// trackingMax is the length of a tracking_id, which ZNS echoes.
const trackingMax = 48

type object = map[string]any

// Send hands m to Zalo once. One that finds the token to be due renews it first, and does not break that off when ctx ends:
// see tokens.refresh.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	if !a.acc.Channel.Carries(m.To) {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Recipient, Detail: "the address is not of this account's channel"}
	}
	if a.templatesOnly() {
		if len(m.ID) > trackingMax {
			return adapters.Sent{}, &adapters.Error{Fault: adapters.BadMessage, Detail: "the message's id is longer than 48"}
		}
		return a.post(ctx, "/message/template", object{
			"phone": strings.TrimPrefix(m.To.ID, "+"), "template_id": m.Template.ID, "template_data": values(m.Template),
			"tracking_id": m.ID, "sending_mode": "1",
		})
	}
	if m.Template != nil {
		return a.post(ctx, "/v3.0/oa/message/template", object{"user_id": m.To.ID, "template_id": m.Template.ID, "template_data": values(m.Template)})
	}
	text := shownText(m)
	if err := a.Capabilities().Check(adapters.Message{Text: text}); err != nil && text != "" {
		return adapters.Sent{}, err
	}
	return a.post(ctx, "/v3.0/oa/message/cs", object{"recipient": object{"user_id": m.To.ID}, "message": chatMessage(m, text)})
}

func values(t *adapters.Template) map[string]string {
	if t.Variables == nil {
		return map[string]string{}
	}
	return t.Variables
}

// shownText is the text, and, where the attachment does not show it, the picture's or file's address.
func shownText(m adapters.Message) string {
	if len(m.Media) == 0 || showsPicture(m) {
		return m.Text
	}
	return strings.TrimPrefix(strings.TrimRight(m.Text, " \n")+"\n"+m.Media[0].URL, "\n")
}

// showsPicture: a message has one attachment, and buttons are one; only pictures can be shown by their address.
func showsPicture(m adapters.Message) bool {
	return len(m.Media) == 1 && len(m.Options) == 0 && (m.Media[0].Type == "" || strings.HasPrefix(m.Media[0].Type, "image/"))
}

func chatMessage(m adapters.Message, text string) object {
	out := object{}
	if text != "" {
		out["text"] = text
	}
	switch {
	case len(m.Options) > 0:
		out["attachment"] = object{"type": "template", "payload": object{"buttons": buttons(m.Options)}}
	case showsPicture(m):
		picture := object{"media_type": "image", "url": m.Media[0].URL}
		out["attachment"] = object{"type": "template", "payload": object{"template_type": "media", "elements": []object{picture}}}
	}
	return out
}

// buttons say their payload in the customer's name: what comes back is an ordinary text, the number as if it were typed.
func buttons(options []adapters.Option) (out []object) {
	for _, o := range options {
		payload := o.Payload
		if payload == "" {
			payload = o.Label
		}
		out = append(out, object{"title": o.Label, "type": "oa.query.show", "payload": payload})
	}
	return out
}

func (a *Adapter) post(ctx context.Context, path string, body object) (adapters.Sent, error) {
	call, err := httpcall.JSON(path, nil, body)
	if err != nil {
		return adapters.Sent{}, err
	}
	answer, data, err := a.call(ctx, a.api, call)
	if err != nil {
		return adapters.Sent{}, err
	}
	var sent struct {
		Chat     id `json:"message_id"`
		Template id `json:"msg_id"`
	}
	_ = json.Unmarshal(data, &sent) // what is not there is missed below
	for _, theirs := range []id{sent.Chat, sent.Template} {
		if theirs != "" {
			return adapters.Sent{IDs: []string{string(theirs)}, Units: 1}, nil
		}
	}
	return adapters.Sent{}, answer.Odd("names no message")
}

// person is the address of a Zalo id.
func person(theirs id) address.Address {
	return address.Address{Scheme: address.Zalo.Scheme(), ID: string(theirs)}
}
