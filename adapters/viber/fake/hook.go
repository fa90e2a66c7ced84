package fake

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

type object = map[string]any

// Hook is an event as Viber tells it; false where it tells no such thing. A tap is told as what the button writes.
func (v *Viber) Hook(e adapters.Event) (adapters.Request, bool) {
	token := json.Number(cmp.Or(e.MessageID, e.Theirs, strconv.FormatInt(v.Next(), 10)))
	body := object{"timestamp": e.At.UnixMilli(), "message_token": token, "chat_hostname": "SN-CHAT-05_"}
	user := object{"id": e.From.ID, "name": e.Name, "language": "vi", "country": "VN", "api_version": 10}
	switch e.Kind {
	case adapters.Inbound:
		body["event"], body["silent"], body["sender"] = "message", false, user
		body["message"] = object{"type": "text", "text": cmp.Or(e.Text, e.Payload)}
		if e.Text == "" && e.Payload == "" {
			body["message"] = object{"type": "sticker", "sticker_id": 46105}
		}
	case adapters.Linked:
		body["event"], body["silent"], body["sender"] = "message", false, user
		body["message"] = object{"type": "contact", "contact": object{"name": e.Name, "phone_number": strings.TrimPrefix(e.Also.ID, "+")}}
	case adapters.OptIn:
		body["event"], body["user"] = "subscribed", user
		if e.Payload != "" {
			body["event"], body["type"], body["context"], body["subscribed"] = "conversation_started", "open", e.Payload, false
		}
	case adapters.OptOut:
		body["event"], body["user_id"] = "unsubscribed", e.From.ID
	case adapters.Report:
		body["user_id"] = e.From.ID
		switch e.Status {
		case adapters.Delivered:
			body["event"] = "delivered"
		case adapters.Read:
			body["event"] = "seen"
		case adapters.Undelivered:
			body["event"], body["desc"] = "failed", "failure description"
		default:
			return adapters.Request{}, false
		}
	default:
		return adapters.Request{}, false
	}
	r, err := v.call(body)
	r.At = e.At
	return r, err == nil
}

// call is a webhook call about body, signed.
func (v *Viber) call(body object) (adapters.Request, error) {
	b, err := json.Marshal(body)
	mac := hmac.New(sha256.New, []byte(v.token))
	mac.Write(b)
	return adapters.Request{
		Method: http.MethodPost, URL: v.Webhook(), Body: b,
		Header: http.Header{"Content-Type": {"application/json"}, "X-Viber-Content-Signature": {hex.EncodeToString(mac.Sum(nil))}},
	}, err
}
