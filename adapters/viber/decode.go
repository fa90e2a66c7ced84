package viber

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// SignatureHeader carries the proof of each webhook call.
const SignatureHeader = "X-Viber-Content-Signature"

type person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// callback is one call: Viber tells one thing at a time.
type callback struct {
	Event      string      `json:"event"`
	At         int64       `json:"timestamp"` // milliseconds
	Token      json.Number `json:"message_token"`
	UserID     string      `json:"user_id"` // unsubscribed and receipts
	User       person      `json:"user"`    // subscribed and conversation_started
	Sender     person      `json:"sender"`  // message
	Context    string      `json:"context"`
	Subscribed bool        `json:"subscribed"`
	Message    struct {
		Type    string `json:"type"`
		Text    string `json:"text"`
		Contact struct {
			Name  string `json:"name"`
			Phone string `json:"phone_number"`
		} `json:"contact"`
	} `json:"message"`
}

// Decode reads one callback. The event webhook is how Viber finds out whether somebody is at home.
func (a *Adapter) Decode(r adapters.Request) (d adapters.Decoded, err error) {
	if err := adapters.CheckHMAC(r.Header.Get(SignatureHeader), "", hex.EncodeToString, a.acc.Settings["auth_token"], r.Body); err != nil {
		return d, err
	}
	var c callback
	if err := json.Unmarshal(r.Body, &c); err != nil || c.Event == "" {
		return d, fmt.Errorf("%w: not a callback", adapters.ErrMalformed)
	}
	switch c.Event {
	case "webhook":
		return d, nil
	case "conversation_started":
		if !c.Subscribed {
			if d.Answer, err = a.greeting(); err != nil {
				return d, err
			}
		}
		if c.Context == "" {
			return d, nil // they look: that is no coming back, and nobody may write to them yet
		}
	}
	e, known := a.event(c)
	from, err := address.Parse(address.Viber.Scheme() + ":" + cmp.Or(c.Sender.ID, c.User.ID, c.UserID))
	if !known || err != nil || c.Token == "" {
		d.Ignored = append(d.Ignored, adapters.Ignored{Kind: c.kind(), Raw: r.Body})
		return d, nil
	}
	e.From, e.At = from, r.At
	if c.At > 0 {
		e.At = time.UnixMilli(c.At).UTC()
	}
	e.ID = c.Event + ":" + c.Token.String() // receipts have the token of the message that they are about
	d.Events = append(d.Events, e)
	return d, nil
}

// event is what a callback means, without who, when and its id.
func (a *Adapter) event(c callback) (e adapters.Event, known bool) {
	token := c.Token.String()
	switch c.Event {
	case "message":
		return a.said(c)
	case "conversation_started":
		return adapters.Event{Kind: adapters.OptIn, Name: c.User.Name, Payload: c.Context}, true
	case "subscribed":
		return adapters.Event{Kind: adapters.OptIn, Name: c.User.Name}, true
	case "unsubscribed":
		return adapters.Event{Kind: adapters.OptOut, Confirmed: true}, true
	}
	status, known := statuses()[c.Event]
	return adapters.Event{Kind: adapters.Report, Theirs: token, Status: status}, known
}

// statuses is what receipts mean. A failed one has left us, and did not arrive.
func statuses() map[string]adapters.Status {
	return map[string]adapters.Status{"delivered": adapters.Delivered, "seen": adapters.Read, "failed": adapters.Undelivered}
}

// wordless are the kinds of messages that may come without a text. Who sends one waits for an answer as well.
func wordless(kind string) bool {
	return slices.Contains([]string{"picture", "video", "file", "sticker", "location", "url"}, kind)
}

// said is what somebody wrote; a tap is nothing else. A picture's caption is text as well.
func (a *Adapter) said(c callback) (e adapters.Event, known bool) {
	e = adapters.Event{Kind: adapters.Inbound, MessageID: c.Token.String(), Name: c.Sender.Name, Text: c.Message.Text}
	if c.Message.Type != "contact" {
		return e, e.Text != "" || wordless(c.Message.Type)
	}
	card := c.Message.Contact
	also, err := address.Parse(address.Tel + ":+" + strings.TrimPrefix(card.Phone, "+"))
	own := card.Name != "" && card.Name == c.Sender.Name // whose card it is Viber does not tell
	if err != nil || !own || a.acc.Settings["shared_contacts"] != linked {
		return e, false
	}
	e.Kind, e.Text, e.Also = adapters.Linked, "", also
	return e, true
}

// greeting is the one message that somebody may be sent who has not written yet.
func (a *Adapter) greeting() (adapters.Answer, error) {
	text := a.acc.Settings["welcome"]
	if text == "" {
		return adapters.Answer{}, nil
	}
	body, err := json.Marshal(outgoing{Sender: a.sender(), Type: "text", Text: text})
	return adapters.Answer{Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, err
}

// kind is what Viber calls the callback, and the message where it is one.
func (c callback) kind() string {
	if c.Event == "message" && c.Message.Type != "" {
		return "message/" + c.Message.Type
	}
	return c.Event
}
