package fake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

// Hook is an event as Zalo tells it; false where it tells no such thing.
func (z *Zalo) Hook(e adapters.Event) (adapters.Request, bool) {
	body := object{"app_id": z.app.ID, "timestamp": strconv.FormatInt(e.At.UnixMilli(), 10), "user_id_by_app": "552177279717587730"}
	user, oa := object{"id": strings.TrimPrefix(e.From.ID, "+")}, object{"id": z.app.OA}
	switch e.Kind {
	case adapters.Inbound:
		if !z.wrote(e, body, user, oa) {
			return adapters.Request{}, false
		}
	case adapters.OptIn, adapters.OptOut:
		body["event_name"], body["follower"], body["oa_id"], body["source"] = "follow", user, z.app.OA, "oa_profile"
		if e.Kind == adapters.OptOut {
			body["event_name"] = "unfollow"
		}
	case adapters.Linked:
		body["event_name"], body["sender"], body["recipient"] = "user_submit_info", user, oa
		body["info"] = object{"name": e.Name, "phone": strings.TrimPrefix(e.Also.ID, "+"), "address": "12 Lý Thường Kiệt", "city": "Hà Nội", "district": "Hoàn Kiếm", "ward": "Cửa Nam"}
	case adapters.Report:
		if !reported(e, body, user, oa) {
			return adapters.Request{}, false
		}
	default:
		return adapters.Request{}, false
	}
	return z.Signed(body, e), true
}

// wrote: in the chat, or by a button of a template, which tells what is answered and not by whom.
func (z *Zalo) wrote(e adapters.Event, body, user, oa object) bool {
	if e.Ours != "" {
		body["event_name"], body["oa_id"], body["msg_id"] = "user_click_response_button", z.app.OA, strconv.FormatInt(z.Next(), 16)
		body["message"] = object{"submit_time": body["timestamp"], "button_type": "response", "data": e.Text, "tracking_id": e.Ours}
		return true
	}
	if e.Payload != "" {
		return false // a tapped button says its payload as a text
	}
	message := object{"msg_id": e.MessageID, "text": e.Text}
	body["event_name"], body["sender"], body["recipient"], body["message"] = "user_send_text", user, oa, message
	if len(e.Media) == 0 && e.Text == "" {
		body["event_name"], message["attachments"] = "user_send_sticker", []object{{"type": "sticker", "payload": object{"id": "5c1d", "url": "https://zalo-api.zadn.vn/5c1d"}}}
		delete(message, "text")
	}
	if len(e.Media) > 0 {
		body["event_name"] = "user_send_image"
		var list []object
		for _, m := range e.Media {
			list = append(list, object{"type": "image", "payload": object{"url": m.URL, "thumbnail": m.URL}})
		}
		message["attachments"] = list
	}
	return true
}

func reported(e adapters.Event, body, user, oa object) bool {
	body["sender"], body["recipient"] = oa, user
	switch {
	case e.Status == adapters.Read && e.Ours == "":
		body["event_name"], body["message"] = "user_seen_message", object{"msg_ids": []string{e.Theirs}}
	case e.Status == adapters.Delivered && e.Ours != "":
		body["event_name"], body["message"] = "user_received_message", object{"msg_id": e.Theirs, "tracking_id": e.Ours, "delivery_time": body["timestamp"]}
	case e.Status == adapters.Delivered:
		body["event_name"], body["message"] = "user_received_message", object{"msg_id": e.Theirs}
	default:
		return false
	}
	return true
}

// Signed is a call of the webhook about body, at e.At.
func (z *Zalo) Signed(body object, e adapters.Event) adapters.Request {
	raw, _ := json.Marshal(body) //nolint:errchkjson // texts
	r := z.SignedBytes(raw)
	r.At = e.At
	return r
}

// SignedBytes is a call of the webhook with a body as it is.
func (z *Zalo) SignedBytes(raw []byte) adapters.Request {
	var told struct {
		At json.RawMessage `json:"timestamp"`
	}
	_ = json.Unmarshal(raw, &told) // then it is signed without a time
	sum := sha256.Sum256([]byte(z.app.ID + string(raw) + strings.Trim(string(told.At), `"`) + z.app.OASecret))
	return adapters.Request{
		Method: http.MethodPost, URL: z.Webhook(), Body: raw,
		Header: http.Header{"Content-Type": {"application/json"}, http.CanonicalHeaderKey("X-ZEvent-Signature"): {"mac=" + hex.EncodeToString(sum[:])}},
	}
}
