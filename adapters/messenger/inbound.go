package messenger

import (
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/meta"
)

// message is what somebody wrote, tapped or sent.
type message struct {
	Mid        string `json:"mid"`
	Text       string `json:"text"`
	Echo       bool   `json:"is_echo"`
	Deleted    bool   `json:"is_deleted"`
	Metadata   string `json:"metadata"`
	QuickReply struct {
		Payload string `json:"payload"`
	} `json:"quick_reply"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	Type    string `json:"type"`
	Payload struct {
		URL     string  `json:"url"`
		Sticker meta.ID `json:"sticker_id"`
	} `json:"payload"`
}

// thumbs are the stickers of the button beside the keyboard, in its three sizes: who presses it says 👍.
var thumbs = map[meta.ID]bool{"369239263222822": true, "369239343222814": true, "369239383222810": true}

// kinds maps kinds of attachments to MIME types. Of the others a place waits for an answer, too (products and templates do not).
var kinds = map[string]string{"image": "image/*", "video": "video/*", "audio": "audio/*", "file": "application/octet-stream"}

func (m *message) fill(e *adapters.Event) bool {
	e.Kind, e.ID, e.MessageID, e.Text, e.Payload = adapters.Inbound, m.Mid, m.Mid, m.Text, m.QuickReply.Payload
	place := false
	for _, x := range m.Attachments {
		place = place || x.Type == "location"
		switch {
		case thumbs[x.Payload.Sticker]:
			e.Text += "👍"
		case kinds[x.Type] != "" && x.Payload.URL != "":
			e.Media = append(e.Media, adapters.Media{URL: x.Payload.URL, Type: kinds[x.Type]})
		}
	}
	return m.Mid != "" && (e.Text != "" || e.Payload != "" || len(e.Media) > 0 || place)
}

// postback is a tap on a button that stays: the page's menu, a template, the start button.
type postback struct {
	Mid      string    `json:"mid"`
	Title    string    `json:"title"`
	Payload  string    `json:"payload"`
	Referral *referral `json:"referral"`
}

func (p *postback) fill(e *adapters.Event, start string) bool {
	e.Kind, e.ID, e.MessageID, e.Text, e.Payload = adapters.Inbound, p.Mid, p.Mid, p.Title, p.Payload
	if p.Payload == start {
		e.Kind, e.Text, e.Payload = adapters.OptIn, "", "" // pressing a button is no word of theirs
		if p.Referral != nil {
			e.Payload = p.Referral.Ref
		}
		return true
	}
	return e.Text != "" || e.Payload != ""
}

// referral is that somebody came to a talk that they have had before, by a link or an advertisement.
type referral struct {
	Ref string `json:"ref"`
}

func (r *referral) fill(e *adapters.Event) bool {
	e.Kind, e.Payload = adapters.OptIn, r.Ref
	return true
}

// optin is somebody's word on the page's notifications, said by Messenger's own buttons.
type optin struct {
	Type    string `json:"type"`
	Payload string `json:"payload"`
	Ref     string `json:"ref"` // of the plugin on a web page
	Status  string `json:"notification_messages_status"`
}

// fill reads STOP_NOTIFICATIONS, which the documents write with a space as well. Without a status they have just agreed.
func (o *optin) fill(e *adapters.Event) bool {
	word, _, _ := strings.Cut(strings.ReplaceAll(strings.ToUpper(o.Status), " ", "_"), "_")
	switch {
	case o.Type == "" && o.Ref != "":
		e.Kind, e.Payload = adapters.OptIn, o.Ref
	case o.Type != "notification_messages":
		return false
	case word == "STOP":
		e.Kind, e.Confirmed = adapters.OptOut, true
	case word == "RESUME":
		e.Kind, e.Confirmed = adapters.OptIn, true
	case word == "":
		e.Kind, e.Payload = adapters.OptIn, o.Payload
	default:
		return false
	}
	return true
}
