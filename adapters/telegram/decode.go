package telegram

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// SecretHeader carries the account's secret_token in each call of the webhook.
const SecretHeader = "X-Telegram-Bot-Api-Secret-Token"

type user struct {
	ID    int64  `json:"id"`
	First string `json:"first_name"`
	Last  string `json:"last_name"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type message struct {
	ID      int64  `json:"message_id"`
	From    user   `json:"from"`
	Chat    chat   `json:"chat"`
	Date    int64  `json:"date"` // seconds
	Text    string `json:"text"`
	Caption string `json:"caption"`
	Contact *struct {
		Phone string `json:"phone_number"`
		User  int64  `json:"user_id"`
	} `json:"contact"`

	// What may come without a word.
	Photo     json.RawMessage `json:"photo"`
	Sticker   json.RawMessage `json:"sticker"`
	Voice     json.RawMessage `json:"voice"`
	Video     json.RawMessage `json:"video"`
	VideoNote json.RawMessage `json:"video_note"`
	Audio     json.RawMessage `json:"audio"`
	Document  json.RawMessage `json:"document"` // of animations, too
	Location  json.RawMessage `json:"location"` // of venues, too
}

type update struct {
	ID      int64    `json:"update_id"`
	Message *message `json:"message"`
	Tap     *struct {
		ID      string  `json:"id"`
		From    user    `json:"from"`
		Message message `json:"message"`
		Data    string  `json:"data"`
	} `json:"callback_query"`
	Member *struct {
		Chat chat  `json:"chat"`
		From user  `json:"from"`
		Date int64 `json:"date"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

// Decode reads one update. What people do in groups is nobody's answer and is left out.
func (a *Adapter) Decode(r adapters.Request) (d adapters.Decoded, err error) {
	if err := adapters.CheckSame(r.Header.Get(SecretHeader), a.acc.Settings["secret_token"]); err != nil {
		return d, err
	}
	var u update
	if err := json.Unmarshal(r.Body, &u); err != nil || u.ID == 0 {
		return d, fmt.Errorf("%w: not an update", adapters.ErrMalformed)
	}
	e := adapters.Event{ID: strconv.FormatInt(u.ID, 10), At: r.At}
	switch {
	case u.Message != nil && u.Message.Chat.Type == "private":
		ok := u.Message.into(&e)
		if !ok {
			d.Ignored = append(d.Ignored, adapters.Ignored{Kind: "message", Raw: r.Body})
			return d, nil
		}
	case u.Tap != nil && u.Tap.Message.Chat.Type == "private":
		e.Kind, e.From, e.Name, e.Payload = adapters.Inbound, at(u.Tap.Message.Chat), u.Tap.From.name(), u.Tap.Data
		e.MessageID = u.Tap.ID
		d.Answer, err = stopSpinning(u.Tap.ID)
	case u.Member != nil && u.Member.Chat.Type == "private":
		e.Kind, e.From, e.Name, e.At = adapters.OptIn, at(u.Member.Chat), u.Member.From.name(), time.Unix(u.Member.Date, 0).UTC()
		if u.Member.New.Status == "kicked" {
			e.Kind, e.Confirmed = adapters.OptOut, true
		}
	case u.Message != nil, u.Tap != nil, u.Member != nil:
		return d, nil
	default:
		d.Ignored = append(d.Ignored, adapters.Ignored{Kind: kind(r.Body), Raw: r.Body})
		return d, nil
	}
	d.Events = append(d.Events, e)
	return d, err
}

// into fills an event with a message; false where it holds nothing that is an answer.
func (m *message) into(e *adapters.Event) bool {
	e.Kind, e.From, e.Name, e.MessageID = adapters.Inbound, at(m.Chat), m.From.name(), messageID(m.Chat.ID, m.ID)
	e.At = time.Unix(m.Date, 0).UTC()
	e.Text = m.Text + m.Caption // never both
	if m.Contact != nil && m.Contact.User == m.From.ID && m.From.ID != 0 {
		// Their own card, which Telegram vouches for. A card of somebody else is one that they have, and proves nothing.
		also, err := address.Parse(address.Tel + ":+" + strings.TrimPrefix(m.Contact.Phone, "+"))
		e.Kind, e.Also = adapters.Linked, also
		return err == nil
	}
	if word, code, _ := strings.Cut(m.Text, " "); word == "/start" {
		e.Kind, e.Text, e.Payload = adapters.OptIn, "", code // pressing a button is no word of theirs
		return true
	}
	return e.Text != "" || m.wordless()
}

// wordless reports whether somebody sent a picture, a sticker, a sound or a place: they wait for an answer as well. Other
// messages without a text are Telegram's own notes of what was done in the chat.
func (m *message) wordless() bool {
	return len(m.Photo)+len(m.Sticker)+len(m.Voice)+len(m.Video)+len(m.VideoNote)+len(m.Audio)+len(m.Document)+len(m.Location) > 0
}

func at(c chat) address.Address {
	return address.Address{Scheme: address.Telegram.Scheme(), ID: strconv.FormatInt(c.ID, 10)}
}

func (u user) name() string { return strings.TrimSpace(u.First + " " + u.Last) }

// stopSpinning answers a tap in the answer to the webhook: until then the button shows that it waits.
func stopSpinning(tap string) (adapters.Answer, error) {
	body, err := json.Marshal(map[string]string{"method": "answerCallbackQuery", "callback_query_id": tap})
	return adapters.Answer{Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, err
}

// kind is the name of the one field beside update_id: what Telegram calls this kind of update.
func kind(body []byte) string {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(body, &fields) // it was read before
	for name := range fields {
		if name != "update_id" {
			return name
		}
	}
	return "empty"
}
