package zalo

import (
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// mediaTypes are the attachments that are kept, by Zalo's word; it does not tell the exact type.
func mediaTypes() map[string]string {
	return map[string]string{
		"user_send_image": "image/*", "user_send_gif": "image/gif", "user_send_audio": "audio/*",
		"user_send_video": "video/*", "user_send_file": "application/octet-stream",
	}
}

// events are what an event means to us; known is false where it is of a kind that means nothing.
func (e event) events(at time.Time) (out []adapters.Event, known bool) {
	if strings.HasPrefix(e.Name, "oa_send_") {
		return nil, true // what the OA said itself
	}
	x := adapters.Event{ID: e.Name + ":" + string(e.Message.ID), At: at}
	switch e.Name {
	case "user_send_text", "user_send_link", "user_send_image", "user_send_gif", "user_send_audio", "user_send_video", "user_send_file",
		"user_send_sticker", "user_send_location":
		return e.written(x)
	case "follow", "unfollow":
		return e.followed(x)
	case "user_submit_info":
		return e.linked(x)
	case "user_received_message":
		return e.received(x)
	case "user_seen_message":
		return e.seen(x)
	case "user_click_response_button":
		x.Text = e.Message.Button
		return e.answered(x)
	case "user_feedback":
		x.Text = strings.TrimSpace(string(e.Message.Rate) + "\n" + e.Message.Note)
		return e.answered(x)
	}
	return nil, false
}

// written: the customer wrote in the chat. A tapped button says its payload as if they had typed it. Who sends a picture, a
// sticker or a place without a word waits for an answer as well.
func (e event) written(x adapters.Event) ([]adapters.Event, bool) {
	x.Kind, x.From, x.MessageID, x.Text = adapters.Inbound, person(e.Sender.ID), string(e.Message.ID), e.Message.Text
	if kind := mediaTypes()[e.Name]; kind != "" {
		for _, m := range e.Message.Attachments {
			if m.Payload.URL != "" {
				x.Media = append(x.Media, adapters.Media{URL: m.Payload.URL, Type: kind})
			}
		}
	}
	return whole(x, e.Sender.ID != "" && e.Message.ID != "" && (x.Text != "" || e.Name != "user_send_text"))
}

func (e event) followed(x adapters.Event) ([]adapters.Event, bool) {
	x.Kind, x.From, x.ID = adapters.OptIn, person(e.Follower.ID), e.Name+":"+string(e.Follower.ID)+":"+string(e.Time)
	if e.Name == "unfollow" {
		x.Kind, x.Confirmed = adapters.OptOut, true
	}
	return whole(x, e.Follower.ID != "")
}

// linked: the customer gave the OA their data in Zalo's form, which fills in the number of their own account.
func (e event) linked(x adapters.Event) ([]adapters.Event, bool) {
	also, err := address.Phone(string(e.Info.Phone), "VN")
	x.Kind, x.From, x.Name, x.Also = adapters.Linked, person(e.Sender.ID), e.Info.Name, also
	x.ID = e.Name + ":" + string(e.Sender.ID) + ":" + string(e.Time)
	return whole(x, err == nil && e.Sender.ID != "")
}

// received: a message of the chat, or a template, which tells our id, arrived.
func (e event) received(x adapters.Event) ([]adapters.Event, bool) {
	x.Kind, x.Status, x.Theirs, x.From = adapters.Report, adapters.Delivered, string(e.Message.ID), person(e.Recipient.ID)
	if e.Message.Tracking != "" {
		x.Ours = e.Message.Tracking
		// The number, or its hash, of which no address can be made.
		x.From, _ = address.Parse(address.Tel + ":+" + string(e.Recipient.ID))
	}
	return whole(x, e.Recipient.ID != "" && e.Message.ID != "")
}

func (e event) seen(x adapters.Event) (out []adapters.Event, known bool) {
	ids := e.Message.IDs
	if len(ids) == 0 && e.Message.ID != "" {
		ids = []id{e.Message.ID}
	}
	for _, theirs := range ids {
		x.Kind, x.Status, x.Theirs, x.From = adapters.Report, adapters.Read, string(theirs), person(e.Recipient.ID)
		x.ID = e.Name + ":" + string(e.Recipient.ID) + ":" + string(theirs)
		out = append(out, x)
	}
	return out, len(out) > 0 && e.Recipient.ID != ""
}

// answered: a tap on a template. Zalo does not tell who, only what is answered.
func (e event) answered(x adapters.Event) ([]adapters.Event, bool) {
	theirs := e.MessageID
	if theirs == "" {
		theirs = e.Message.ID
	}
	x.Kind, x.Ours = adapters.Inbound, e.Message.Tracking
	x.ID = e.Name + ":" + string(theirs) + ":" + string(e.Message.Submitted)
	return whole(x, x.Ours != "" && x.Text != "" && theirs != "")
}

// whole is one event, or none where a part of it is missing.
func whole(x adapters.Event, all bool) ([]adapters.Event, bool) {
	if !all {
		return nil, false
	}
	return []adapters.Event{x}, true
}
