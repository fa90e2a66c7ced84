package fake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

type object = map[string]any

// Hook is an event as Messenger tells it; false where it tells no such thing.
func (f *Messenger) Hook(e adapters.Event) (adapters.Request, bool) {
	return f.Batch([]adapters.Event{e})
}

// Batch tells several events in one call, of one page.
func (f *Messenger) Batch(events []adapters.Event) (adapters.Request, bool) {
	var pieces []object
	at := time.Time{}
	for _, e := range events {
		p, ok := f.piece(e)
		if !ok {
			return adapters.Request{}, false
		}
		pieces, at = append(pieces, p), e.At
	}
	return f.Sign(object{"object": "page", "entry": []object{{"id": f.options.Page, "time": at.UnixMilli(), "messaging": pieces}}}, at), true
}

// Sign makes the call that tells of notification. Meta escapes letters beyond ASCII, and slashes, before it signs.
func (f *Messenger) Sign(notification any, at time.Time) adapters.Request {
	body := escaped(notification)
	mac := hmac.New(sha256.New, []byte(f.options.Secret))
	mac.Write(body)
	return adapters.Request{
		Method: http.MethodPost, URL: f.Webhook(), Body: body, At: at,
		Header: http.Header{"Content-Type": {"application/json"}, "X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(mac.Sum(nil))}},
	}
}

func escaped(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out bytes.Buffer
	for _, r := range string(raw) {
		switch q := strconv.QuoteRuneToASCII(r); {
		case r == '/':
			out.WriteString(`\/`)
		case r < 0x80:
			out.WriteRune(r)
		case strings.HasPrefix(q, `'\u`):
			out.WriteString(q[1 : len(q)-1])
		default: // beyond the first plane: as the letter itself, which JSON allows
			out.WriteRune(r)
		}
	}
	return out.Bytes()
}

func (f *Messenger) piece(e adapters.Event) (object, bool) {
	person, page := object{"id": e.From.ID}, object{"id": f.options.Page}
	p := object{"sender": person, "recipient": page, "timestamp": e.At.UnixMilli()}
	switch {
	case e.Kind == adapters.Inbound && strings.HasPrefix(e.MessageID, "m_postback"):
		p["postback"] = object{"mid": e.MessageID, "title": e.Text, "payload": e.Payload}
	case e.Kind == adapters.Inbound:
		p["message"] = message(e)
	case e.Kind == adapters.OptIn && e.MessageID != "":
		start := object{"mid": e.MessageID, "title": "Get Started", "payload": "GET_STARTED"}
		if e.Payload != "" {
			start["referral"] = object{"ref": e.Payload, "source": "SHORTLINK", "type": "OPEN_THREAD"}
		}
		p["postback"] = start
	case e.Kind == adapters.OptIn && e.Payload != "":
		p["referral"] = object{"ref": e.Payload, "source": "SHORTLINK", "type": "OPEN_THREAD"}
	case e.Kind == adapters.OptIn, e.Kind == adapters.OptOut:
		word := map[adapters.EventKind]string{adapters.OptIn: "RESUME_NOTIFICATIONS", adapters.OptOut: "STOP_NOTIFICATIONS"}[e.Kind]
		p["optin"] = object{"type": "notification_messages", "notification_messages_token": "9007199254740995", "notification_messages_status": word, "token_expiry_timestamp": 1790000000000}
	case e.Kind == adapters.Report && e.Status == adapters.SentOn:
		p["sender"], p["recipient"] = page, person
		p["message"] = object{"mid": e.Theirs, "is_echo": true, "app_id": json.Number("1517776481860111"), "metadata": e.Ours, "text": "Gu nào ạ?"}
	case e.Kind == adapters.Report && e.Status == adapters.Delivered:
		delete(p, "timestamp")
		p["delivery"] = object{"mids": []string{e.Theirs}, "watermark": e.At.UnixMilli()}
	default:
		return nil, false
	}
	return p, true
}

func message(e adapters.Event) object {
	m := object{"mid": e.MessageID}
	if e.Text != "" {
		m["text"] = e.Text
	}
	if e.Payload != "" {
		m["quick_reply"] = object{"payload": e.Payload}
	}
	var attachments []object
	for _, x := range e.Media {
		kind, _, _ := strings.Cut(x.Type, "/")
		if kind == "application" {
			kind = "file"
		}
		attachments = append(attachments, object{"type": kind, "payload": object{"url": x.URL}})
	}
	if e.Text == "" && e.Payload == "" && attachments == nil {
		attachments = []object{{"type": "location", "payload": object{"coordinates": object{"lat": 10.77, "long": 106.7}}}}
	}
	if attachments != nil {
		m["attachments"] = attachments
	}
	return m
}
