// Package fake plays Zalo: its OpenAPI for chat and templates, OAuth with refresh tokens that work once, and the webhook.
// It is written from Zalo's documents and knows nothing of the adapter.
package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// App is what the provider knows of the app and its OA.
type App struct {
	ID, Secret, OA, OASecret string
	Now                      func() time.Time // when things are said; nil: time.Now
}

// FirstAccess and FirstRefresh are the tokens that are in force in the beginning.
const (
	FirstAccess  = "access-token-of-the-beginning"
	FirstRefresh = "refresh-token-of-the-beginning"
)

// Zalo plays the API for one OA.
type Zalo struct {
	*fakekit.Provider
	app App

	mu       sync.Mutex
	access   string
	expired  map[string]bool
	refresh  string
	codes    map[string]string // code to challenge
	asked    int               // renewals that were asked for
	renewals int               // renewals that were made
	atOnce   int
	most     int
	lose     bool
	before   func()
	said     map[string][]object // conversations, the latest first
}

type object = map[string]any

// New makes a Zalo that calls webhook. Chat tells how it fails with messages to Zalo ids, else with templates to numbers.
func New(webhook string, app App, chat bool) *Zalo {
	if app.Now == nil {
		app.Now = time.Now
	}
	z := &Zalo{app: app, access: FirstAccess, refresh: FirstRefresh, expired: map[string]bool{}, codes: map[string]string{}, said: map[string][]object{}}
	breaks := templateBreaks()
	if chat {
		breaks = chatBreaks()
	}
	z.Provider = fakekit.New(webhook, breaks, z.serve)
	return z
}

func (z *Zalo) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v4/oa/access_token" {
		z.oauth(w, r)
		return
	}
	if code, why := z.entitled(r); code != 0 {
		say(w, code, why, nil)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "POST /v3.0/oa/message/cs":
		z.chat(w, r)
	case "POST /v3.0/oa/message/template", "POST /message/template":
		z.template(w, r)
	case "GET /v2.0/oa/conversation":
		z.conversation(w, r)
	case "GET /v2.0/oa/getoa":
		say(w, 0, "Success", object{"oa_id": z.app.OA, "name": "Cửa hàng"})
	default:
		say(w, -240, "MessageV2 API is shut down", nil)
	}
}

// entitled checks the token and its proof.
func (z *Zalo) entitled(r *http.Request) (code int, why string) {
	token := r.Header.Get("access_token")
	mac := hmac.New(sha256.New, []byte(z.app.Secret))
	mac.Write([]byte(token))
	z.mu.Lock()
	defer z.mu.Unlock()
	switch {
	case z.expired[token]:
		return -220, "access_token is expired or removed"
	case token != z.access:
		return -216, "Access token is invalid"
	case r.Header.Get("appsecret_proof") != hex.EncodeToString(mac.Sum(nil)):
		return -242, "Invalid appsecret_proof provided in the API argument"
	}
	return 0, ""
}

func say(w http.ResponseWriter, code int, message string, data any) {
	w.Header().Set("Content-Type", "application/json")
	body := object{"error": code, "message": message}
	if data != nil {
		body["data"] = data
	}
	_ = json.NewEncoder(w).Encode(body)
}

func (z *Zalo) chat(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Recipient struct {
			User string `json:"user_id"`
		} `json:"recipient"`
		Message struct {
			Text       string `json:"text"`
			Attachment struct {
				Payload struct {
					Buttons []struct {
						Title   string `json:"title"`
						Type    string `json:"type"`
						Payload string `json:"payload"`
					} `json:"buttons"`
					Elements []struct {
						Type string `json:"media_type"`
						URL  string `json:"url"`
					} `json:"elements"`
				} `json:"payload"`
			} `json:"attachment"`
		} `json:"message"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Recipient.User == "" {
		say(w, -201, "Params is invalid", nil)
		return
	}
	m := adapters.Message{To: address.Address{Scheme: "zalo", ID: in.Recipient.User}, Text: in.Message.Text}
	payload := in.Message.Attachment.Payload
	for _, b := range payload.Buttons {
		if b.Type == "oa.query.show" {
			m.Options = append(m.Options, adapters.Option{Label: b.Title, Payload: b.Payload})
		}
	}
	for _, e := range payload.Elements {
		m.Media = append(m.Media, adapters.Media{URL: e.URL})
	}
	if len([]rune(m.Text)) > 2000 || len(payload.Buttons) > 5 || len(payload.Buttons) > 0 && len(payload.Elements) > 0 {
		say(w, -201, "Params is invalid", nil)
		return
	}
	id := z.keep(in.Recipient.User, m.Text)
	z.Show(m)
	say(w, 0, "Success", object{"message_id": id, "user_id": in.Recipient.User, "quota": object{"quota_type": "reply", "owner_type": "OA", "owner_id": z.app.OA}})
}

// keep notes a message of the OA in the conversation.
func (z *Zalo) keep(user, text string) string {
	id := strconv.FormatInt(z.Next(), 10)
	z.mu.Lock()
	defer z.mu.Unlock()
	z.said[user] = append([]object{{"src": 0, "time": z.app.Now().UnixMilli(), "type": "text", "message": text, "message_id": id, "from_id": z.app.OA, "to_id": user}}, z.said[user]...)
	return id
}

func (z *Zalo) conversation(w http.ResponseWriter, r *http.Request) {
	var in struct {
		User   string `json:"user_id"`
		Offset int    `json:"offset"`
		Count  int    `json:"count"`
	}
	if err := json.Unmarshal([]byte(r.URL.Query().Get("data")), &in); err != nil || in.Count < 1 || in.Count > 10 {
		say(w, -201, "Params is invalid", nil)
		return
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	said := z.said[in.User]
	said = said[min(in.Offset, len(said)):]
	say(w, 0, "Success", append([]object{}, said[:min(in.Count, len(said))]...))
}

func (z *Zalo) template(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Phone    string            `json:"phone"`
		User     string            `json:"user_id"`
		Template string            `json:"template_id"`
		Data     map[string]string `json:"template_data"`
		Tracking string            `json:"tracking_id"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Template == "" || in.Data == nil {
		say(w, -1122, "Template data is missing", nil)
		return
	}
	m := adapters.Message{ID: in.Tracking, To: address.Address{Scheme: "zalo", ID: in.User}, Template: &adapters.Template{ID: in.Template, Variables: in.Data}}
	answer := object{"message_id": strconv.FormatInt(z.Next(), 10)}
	if r.URL.Path == "/message/template" {
		if strings.HasPrefix(in.Phone, "+") || in.Tracking == "" || len(in.Tracking) > 48 {
			say(w, -108, "Phone number is invalid", nil)
			return
		}
		m.To = address.Address{Scheme: "tel", ID: "+" + in.Phone}
		answer = object{"msg_id": "c" + strconv.FormatInt(z.Next(), 16), "sent_time": fmt.Sprint(z.app.Now().UnixMilli()), "sending_mode": "1", "quota": object{"dailyQuota": "500", "remainingQuota": "499"}}
	}
	z.Show(m)
	say(w, 0, "Success", answer)
}
