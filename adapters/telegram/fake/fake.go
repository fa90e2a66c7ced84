// Package fake plays Telegram: its Bot API, its webhook calls and the people's phones. It is written from Telegram's
// documentation and knows nothing of the adapter.
package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Telegram plays the API for one bot.
type Telegram struct {
	*fakekit.Provider
	token, secret string
}

// New makes a Telegram that calls webhook and shows secret there.
func New(webhook, token, secret string) *Telegram {
	t := &Telegram{token: token, secret: secret}
	t.Provider = fakekit.New(webhook, map[adapters.Fault][]fakekit.Play{
		adapters.Throttled:  {refusal(429, "Too Many Requests: retry after 7", `{"retry_after":7}`)},
		adapters.Stopped:    {refusal(403, "Forbidden: bot was blocked by the user", "{}")},
		adapters.Window:     {refusal(403, "Forbidden: bot can't initiate conversation with a user", "{}")},
		adapters.Recipient:  {refusal(403, "Forbidden: user is deactivated", "{}"), refusal(400, "Bad Request: chat not found", "{}")},
		adapters.BadMessage: {refusal(400, "Bad Request: message is too long", "{}")},
		adapters.Operator:   {refusal(401, "Unauthorized", "{}"), refusal(404, "Not Found", "{}")},
	}, t.serve)
	return t
}

func refusal(code int, description, parameters string) fakekit.Play {
	return fakekit.Play{Status: code, Body: fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q,"parameters":%s}`, code, description, parameters)}
}

func (t *Telegram) serve(w http.ResponseWriter, r *http.Request) {
	var in struct {
		ChatID int64  `json:"chat_id"`
		Text   string `json:"text"`
		URL    string `json:"url"`
		Secret string `json:"secret_token"`
		Markup struct {
			Rows [][]struct {
				Text string `json:"text"`
				Data string `json:"callback_data"`
			} `json:"inline_keyboard"`
		} `json:"reply_markup"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	switch strings.TrimPrefix(r.URL.Path, "/bot"+t.token) {
	case "/sendMessage":
		m := adapters.Message{To: person(in.ChatID), Text: in.Text}
		for _, row := range in.Markup.Rows {
			for _, b := range row {
				m.Options = append(m.Options, adapters.Option{Label: b.Text, Payload: b.Data})
			}
		}
		t.Show(m)
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"chat":{"id":%d,"type":"private"},"date":1760000000}}`, t.Next(), in.ChatID)
	case "/setWebhook":
		t.Point(in.URL, "")
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":%v}`, in.Secret == t.secret)
	case "/getMe":
		_, _ = fmt.Fprint(w, `{"ok":true,"result":{"id":1,"is_bot":true,"username":"shop_bot"}}`)
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, `{"ok":false,"error_code":404,"description":"Not Found"}`)
	}
}

func person(id int64) address.Address {
	return address.Address{Scheme: "telegram", ID: strconv.FormatInt(id, 10)}
}

type object = map[string]any

// Hook is an event as Telegram tells it; false where it tells no such thing.
func (t *Telegram) Hook(e adapters.Event) (adapters.Request, bool) {
	from := object{"id": json.Number(e.From.ID), "is_bot": false, "first_name": e.Name}
	chat := object{"id": json.Number(e.From.ID), "type": "private"}
	_, number, _ := strings.Cut(e.MessageID, ":")
	message := object{"message_id": json.Number(number), "from": from, "chat": chat, "date": e.At.Unix()}
	update := object{"update_id": t.Next()}
	switch {
	case e.Kind == adapters.Inbound && e.Payload != "":
		update["callback_query"] = object{"id": e.MessageID, "from": from, "data": e.Payload, "message": object{"message_id": t.Next(), "chat": chat, "date": e.At.Unix()}}
		delete(message, "message_id")
	case e.Kind == adapters.Inbound && e.Text == "":
		message["sticker"], update["message"] = object{"file_id": "CAACAgIAAxk", "emoji": "😀"}, message
	case e.Kind == adapters.Inbound:
		message["text"], update["message"] = e.Text, message
	case e.Kind == adapters.Linked:
		message["contact"] = object{"phone_number": strings.TrimPrefix(e.Also.ID, "+"), "user_id": json.Number(e.From.ID)}
		update["message"] = message
	case e.Kind == adapters.OptIn && e.MessageID != "":
		message["text"], update["message"] = strings.TrimSpace("/start "+e.Payload), message
	case e.Kind == adapters.OptIn, e.Kind == adapters.OptOut:
		status := map[adapters.EventKind]string{adapters.OptIn: "member", adapters.OptOut: "kicked"}[e.Kind]
		update["my_chat_member"] = object{"chat": chat, "from": from, "date": e.At.Unix(), "new_chat_member": object{"status": status}}
	default:
		return adapters.Request{}, false
	}
	body, err := json.Marshal(update)
	return adapters.Request{
		Method: http.MethodPost, URL: t.Webhook(), Body: body, At: e.At,
		Header: http.Header{"Content-Type": {"application/json"}, "X-Telegram-Bot-Api-Secret-Token": {t.secret}},
	}, err == nil
}
