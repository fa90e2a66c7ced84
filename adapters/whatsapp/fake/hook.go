package fake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

type object = map[string]any

// Hook is an event as WhatsApp tells it; false where it tells no such thing.
func (f *WhatsApp) Hook(e adapters.Event) (adapters.Request, bool) {
	return f.Batch([]adapters.Event{e})
}

// Batch tells several events in one call, each as a change of its own.
func (f *WhatsApp) Batch(events []adapters.Event) (adapters.Request, bool) {
	var changes []object
	at := time.Time{}
	for _, e := range events {
		c, ok := f.change(e)
		if !ok {
			return adapters.Request{}, false
		}
		changes, at = append(changes, c), e.At
	}
	return f.Sign(object{"object": "whatsapp_business_account", "entry": []object{{"id": "102290129340398", "changes": changes}}}, at), true
}

// Sign makes the call that tells of notification. Meta escapes letters beyond ASCII before it signs.
func (f *WhatsApp) Sign(notification any, at time.Time) adapters.Request {
	body := ascii(notification)
	mac := hmac.New(sha256.New, []byte(f.options.Secret))
	mac.Write(body)
	return adapters.Request{
		Method: http.MethodPost, URL: f.Webhook(), Body: body, At: at,
		Header: http.Header{"Content-Type": {"application/json"}, "X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(mac.Sum(nil))}},
	}
}

// ascii is JSON without letters beyond ASCII.
func ascii(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out bytes.Buffer
	for _, r := range string(raw) {
		switch {
		case r < 0x80:
			out.WriteRune(r)
		case r > 0xFFFF:
			r -= 0x10000
			fmt.Fprintf(&out, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.Bytes()
}

func (f *WhatsApp) change(e adapters.Event) (object, bool) {
	value := object{"messaging_product": "whatsapp", "metadata": object{"display_phone_number": "842812345678", "phone_number_id": f.options.Number}}
	field, ok := "messages", true
	switch e.Kind {
	case adapters.Report:
		value["statuses"], ok = statuses(e)
	case adapters.OptOut, adapters.OptIn:
		field = "user_preferences"
		word := map[adapters.EventKind]string{adapters.OptOut: "stop", adapters.OptIn: "resume"}[e.Kind]
		p := object{"category": "marketing_messages", "value": word, "detail": "User requested to " + word + " marketing messages", "timestamp": e.At.Unix()}
		identify(p, e.From, "wa_id", "user_id")
		value["user_preferences"] = []object{p}
	default:
		value["contacts"], value["messages"], ok = message(e)
	}
	return object{"field": field, "value": value}, ok
}

// identify writes who somebody is: their number, or, where they hide it, their id.
func identify(o object, who address.Address, number, user string) {
	if who.Scheme == address.Tel {
		o[number] = strings.TrimPrefix(who.ID, "+")
		return
	}
	o[user] = who.ID
}

func statuses(e adapters.Event) ([]object, bool) {
	word, ok := map[adapters.Status]string{adapters.SentOn: "sent", adapters.Delivered: "delivered", adapters.Read: "read", adapters.Failed: "failed"}[e.Status]
	s := object{"id": e.Theirs, "status": word, "timestamp": strconv.FormatInt(e.At.Unix(), 10)}
	identify(s, e.From, "recipient_id", "recipient_user_id")
	if e.Ours != "" {
		s["biz_opaque_callback_data"] = e.Ours
	}
	if e.Code != "" {
		s["errors"] = []object{{"code": json.Number(e.Code), "title": "failed", "message": "failed", "error_data": object{"details": "to " + e.From.ID}}}
	}
	return []object{s}, ok
}

func message(e adapters.Event) (contacts, messages []object, ok bool) {
	c := object{}
	if e.Name != "" {
		c["profile"] = object{"name": e.Name}
	}
	m := object{"id": e.MessageID, "timestamp": strconv.FormatInt(e.At.Unix(), 10)}
	identify(c, e.From, "wa_id", "user_id")
	identify(m, e.From, "from", "from_user_id")
	for name, v := range content(e) {
		m[name] = v
	}
	return []object{c}, []object{m}, m["type"] != nil
}

func content(e adapters.Event) object {
	switch {
	case e.Kind == adapters.Linked && e.From.Scheme == address.Tel:
		return object{"type": "system", "system": object{"type": "user_changed_number", "body": "User changed number", "wa_id": strings.TrimPrefix(e.Also.ID, "+")}}
	case e.Kind == adapters.Linked:
		return object{"type": "contacts", "origin": "contact_request", "contacts": []object{{"vcard": "BEGIN:VCARD", "phones": []object{{"phone": e.Also.ID}}}}}
	case e.Kind != adapters.Inbound:
		return nil
	case len(e.Media) > 0:
		id := strings.TrimPrefix(e.Media[0].URL, "whatsapp:media:")
		x := object{"id": id, "mime_type": e.Media[0].Type, "sha256": "A="}
		if e.Text != "" {
			x["caption"] = e.Text
		}
		kind, _, _ := strings.Cut(e.Media[0].Type, "/")
		return object{"type": kind, kind: x}
	case e.Payload == "" && e.Text == "":
		return object{"type": "location", "location": object{"latitude": 10.77, "longitude": 106.7}}
	case e.Payload == "":
		return object{"type": "text", "text": object{"body": e.Text}}
	case strings.HasPrefix(e.MessageID, "wamid.list"):
		return object{"type": "interactive", "interactive": object{"type": "list_reply", "list_reply": object{"id": e.Payload, "title": e.Text}}}
	case strings.HasPrefix(e.MessageID, "wamid.template"):
		return object{"type": "button", "button": object{"text": e.Text, "payload": e.Payload}, "context": object{"id": "wamid.SENT"}}
	}
	return object{"type": "interactive", "interactive": object{"type": "button_reply", "button_reply": object{"id": e.Payload, "title": e.Text}}, "context": object{"id": "wamid.SENT"}}
}
