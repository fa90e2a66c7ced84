// Package fake plays Viber: its bot API, its webhook calls and the people's phones. It is written from Viber's
// documentation and knows nothing of the adapter.
package fake

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Viber plays the API for one bot.
type Viber struct {
	*fakekit.Provider
	token string

	mu     sync.Mutex
	set    bool // a webhook is set
	events []string
}

// New makes a Viber that signs with the bot's token and calls webhook.
func New(webhook, token string) *Viber {
	v := &Viber{token: token}
	v.Provider = fakekit.New(webhook, map[adapters.Fault][]fakekit.Play{
		adapters.Later:      {status(12, "tooManyRequests")},
		adapters.Stopped:    {status(6, "notSubscribed")},
		adapters.Recipient:  {status(5, "receiverNotRegistered"), status(11, "receiverNoSuitableDevice"), status(21, "unsupportedCountry")},
		adapters.BadMessage: {status(3, "badData"), status(4, "missingData"), status(13, "apiVersionNotSupported"), status(14, "incompatibleWithVersion")},
		adapters.Operator: {
			status(2, "invalidAuthToken"), status(7, "publicAccountBlocked"), status(8, "publicAccountNotFound"), status(9, "publicAccountSuspended"), status(10, "webhookNotSet"),
			status(15, "publicAccountNotAuthorized"), status(18, "notPublished"), status(23, "freeMessagesExceeded"), status(24, "noBalance"),
		},
	}, v.serve)
	return v
}

// status is a failure, which comes with HTTP 200.
func status(code int, message string) fakekit.Play {
	return fakekit.Play{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: fmt.Sprintf(`{"status":%d,"status_message":%q,"chat_hostname":"SN-CHAT-05_"}`, code, message)}
}

// Events are the kinds of callbacks that set_webhook asked for.
func (v *Viber) Events() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.events
}

type outgoing struct {
	Receiver string `json:"receiver"`
	Type     string `json:"type"`
	Text     string `json:"text"`
	Sender   struct {
		Name string `json:"name"`
	} `json:"sender"`
	Keyboard struct {
		Type    string `json:"Type"`
		Buttons []struct {
			Columns    int    `json:"Columns"`
			Rows       int    `json:"Rows"`
			ActionType string `json:"ActionType"`
			ActionBody string `json:"ActionBody"`
			Text       string `json:"Text"`
		} `json:"Buttons"`
	} `json:"keyboard"`
	URL    string   `json:"url"`
	Events []string `json:"event_types"`
}

func (v *Viber) serve(w http.ResponseWriter, r *http.Request) {
	var in outgoing
	switch err := json.NewDecoder(r.Body).Decode(&in); {
	case r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, "/pa/"):
		w.WriteHeader(http.StatusNotFound)
		return
	case r.Header.Get("X-Viber-Auth-Token") != v.token:
		say(w, 2, "invalidAuthToken", "")
		return
	case err != nil:
		say(w, 3, "badData", "")
		return
	}
	switch strings.TrimPrefix(r.URL.Path, "/pa/") {
	case "send_message":
		v.send(w, in)
	case "set_webhook":
		v.setWebhook(w, r, in)
	case "get_account_info":
		v.info(w)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (v *Viber) send(w http.ResponseWriter, in outgoing) {
	if !in.valid() {
		say(w, 3, "badData", "")
		return
	}
	m := adapters.Message{To: address.Address{Scheme: "viber", ID: in.Receiver}, Text: in.Text}
	for _, b := range in.Keyboard.Buttons {
		m.Options = append(m.Options, adapters.Option{Label: html.UnescapeString(b.Text), Payload: b.ActionBody})
	}
	v.Show(m)
	say(w, 0, "ok", fmt.Sprintf(`,"message_token":%d,"billing_status":1`, v.Next()))
}

func (in outgoing) valid() bool {
	name := utf8.RuneCountInString(in.Sender.Name)
	if in.Receiver == "" || in.Type != "text" || in.Text == "" || len(utf16.Encode([]rune(in.Text))) > 7000 || name == 0 || name > 28 {
		return false
	}
	row := 0
	for _, b := range in.Keyboard.Buttons {
		if b.Columns < 1 || b.Columns > 6 || b.Rows < 1 || b.Rows > 2 || b.ActionType != "reply" || b.ActionBody == "" || utf8.RuneCountInString(b.Text) > 250 {
			return false
		}
		if row += b.Columns; row > 6 { // a button does not go over two rows
			return false
		}
		row %= 6
	}
	return row == 0 && (len(in.Keyboard.Buttons) == 0 || in.Keyboard.Type == "keyboard")
}

// setWebhook calls the address, and takes it only where that answers 200.
func (v *Viber) setWebhook(w http.ResponseWriter, r *http.Request, in outgoing) {
	if !strings.HasPrefix(in.URL, "https://") {
		say(w, 1, "invalidUrl", "")
		return
	}
	hello, err := v.call(object{"event": "webhook", "timestamp": time.Now().UnixMilli(), "message_token": v.Next()})
	if err == nil {
		hello.URL = in.URL
		var res *http.Response
		if res, err = v.Post(r.Context(), hello); err == nil && res.StatusCode != http.StatusOK {
			err = fmt.Errorf("answered %d", res.StatusCode)
		}
	}
	if err != nil {
		say(w, 1, "invalidUrl", "")
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.set, v.events = true, in.Events
	say(w, 0, "ok", `,"event_types":["delivered"]`)
}

func (v *Viber) info(w http.ResponseWriter) {
	v.mu.Lock()
	defer v.mu.Unlock()
	webhook := ""
	if v.set {
		webhook = v.Webhook()
	}
	say(w, 0, "ok", fmt.Sprintf(`,"id":"pa:75346594275468546724","name":"My Shop","uri":"myshop","webhook":%q,"subscribers_count":35`, webhook))
}

func say(w http.ResponseWriter, status int, message, more string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"status":%d,"status_message":%q,"chat_hostname":"SN-CHAT-05_"%s}`, status, message, more)
}
