package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/hoidap/hoidap/adapters"
)

// Hook is an event as LINE tells it; false where it tells no such thing.
func (l *LINE) Hook(e adapters.Event) (adapters.Request, bool) { return l.Batch([]adapters.Event{e}) }

// Batch is a call that tells several events.
func (l *LINE) Batch(events []adapters.Event) (adapters.Request, bool) {
	told := []object{}
	for _, e := range events {
		one, ok := l.event(e)
		if !ok {
			return adapters.Request{}, false
		}
		told = append(told, one)
	}
	r, err := l.call(object{"destination": "Ub9952f8ba9d0fab1f4f5a0b9bd7d2b1a", "events": told})
	if len(events) > 0 {
		r.At = events[0].At
	}
	return r, err == nil
}

func (l *LINE) event(e adapters.Event) (object, bool) {
	one := object{
		"mode": "active", "timestamp": e.At.UnixMilli(), "source": object{"type": "user", "userId": e.From.ID},
		"webhookEventId": fmt.Sprintf("01FZ74A0T%017d", l.Next()), "deliveryContext": object{"isRedelivery": false},
	}
	switch {
	case e.Kind == adapters.Inbound && e.Payload != "":
		one["type"], one["postback"] = "postback", object{"data": e.Payload}
	case e.Kind == adapters.Inbound && e.Text == "":
		one["type"], one["message"] = "message", object{"id": e.MessageID, "type": "sticker", "packageId": "446", "stickerId": "1988"}
	case e.Kind == adapters.Inbound:
		one["type"], one["message"] = "message", object{"id": e.MessageID, "type": "text", "quoteToken": "q3Plxr4AgKd", "text": e.Text}
	case e.Kind == adapters.OptIn:
		one["type"], one["follow"] = "follow", object{"isUnblocked": false}
	case e.Kind == adapters.OptOut:
		one["type"] = "unfollow"
	default:
		return nil, false
	}
	if e.Handle != "" {
		one["replyToken"] = e.Handle
		l.mu.Lock()
		l.tokens[e.Handle] = e.From.ID
		l.mu.Unlock()
	}
	return one, true
}

// Redeliver is r as LINE tells it once more: with the same ids, marked, and signed anew.
func (l *LINE) Redeliver(r adapters.Request) (adapters.Request, error) {
	var body object
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return r, err
	}
	for _, e := range body["events"].([]any) {
		e.(object)["deliveryContext"] = object{"isRedelivery": true}
	}
	again, err := l.call(body)
	again.At = r.At
	return again, err
}

// call is a webhook call about body, signed.
func (l *LINE) call(body object) (adapters.Request, error) {
	b, err := json.Marshal(body)
	mac := hmac.New(sha256.New, []byte(l.secret))
	mac.Write(b)
	return adapters.Request{
		Method: http.MethodPost, URL: l.Webhook(), Body: b,
		Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}, "X-Line-Signature": {base64.StdEncoding.EncodeToString(mac.Sum(nil))}},
	}, err
}
