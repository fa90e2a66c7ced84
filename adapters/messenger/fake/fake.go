// Package fake plays Facebook Messenger: its Send API, its webhook calls and the people's phones. It is written from
// Meta's documentation and knows nothing of the adapter.
package fake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options is what the business has at Meta.
type Options struct {
	Token  string // the page's access token
	Page   string // the page's id
	Secret string // the app's
}

// Messenger plays the API for one page.
type Messenger struct {
	*fakekit.Provider
	options Options
}

// New makes a Messenger that calls webhook.
func New(webhook string, o Options) *Messenger {
	m := &Messenger{options: o}
	m.Provider = fakekit.New(webhook, breaks(), m.serve)
	return m
}

// breaks are answers as Meta's page on error codes has them.
func breaks() map[adapters.Fault][]fakekit.Play {
	return map[adapters.Fault][]fakekit.Play{
		adapters.Transient:  {failure(500, 2, 0), failure(400, 1200, 1545012)},
		adapters.Throttled:  {failure(400, 4, 0), failure(400, 613, 0), failure(403, 32, 0), failure(400, 80006, 0), {Status: 429}},
		adapters.Recipient:  {failure(400, 100, 2018001), failure(403, 10, 2018108)},
		adapters.Stopped:    {failure(400, 551, 1545041), failure(403, 200, 1545041)},
		adapters.Window:     {failure(403, 10, 2018278), failure(403, 10, 2018065)},
		adapters.BadMessage: {failure(400, 100, 0), failure(400, 100, 2018109), failure(400, 100, 2018164)},
		adapters.Operator:   {failure(401, 190, 463), failure(400, 190, 0), failure(200, 190, 0), failure(403, 10, 0), failure(403, 200, 2018028), failure(403, 230, 0), failure(400, 368, 0)},
	}
}

// failure is an error as Meta tells it, with the person in its sentences.
func failure(status, code, sub int) fakekit.Play {
	return fakekit.Play{Status: status, Body: fmt.Sprintf(`{"error":{"message":"(#%d) Person 9007199254740993 cannot be reached","type":"OAuthException","code":%d,"error_subcode":%d,"fbtrace_id":"BLBz"}}`, code, code, sub)}
}

func refuse(w http.ResponseWriter, status, code, sub int) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, failure(status, code, sub).Body)
}

var version = regexp.MustCompile(`^/v\d+\.\d+`)

func (f *Messenger) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	path := strings.TrimPrefix(r.URL.Path, version.FindString(r.URL.Path))
	switch {
	case r.Header.Get("Authorization") != "Bearer "+f.options.Token:
		refuse(w, http.StatusUnauthorized, 190, 0)
	case path == "/me/messages" && r.Method == http.MethodPost:
		f.take(w, r)
	case path == "/me":
		_, _ = io.WriteString(w, `{"id":"`+f.options.Page+`","name":"Shop"}`)
	default:
		refuse(w, http.StatusBadRequest, 100, 33)
	}
}

type sent struct {
	Kind      string `json:"messaging_type"`
	Recipient struct {
		ID string `json:"id"`
	} `json:"recipient"`
	Message struct {
		Text     string `json:"text"`
		Metadata string `json:"metadata"`
		Replies  []struct {
			Kind    string `json:"content_type"`
			Title   string `json:"title"`
			Payload string `json:"payload"`
		} `json:"quick_replies"`
	} `json:"message"`
}

// take is the Send API. What is against the documented limits gets the code of a wrong parameter.
func (f *Messenger) take(w http.ResponseWriter, r *http.Request) {
	var in sent
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, http.StatusBadRequest, 100, 0)
		return
	}
	m, ok := in.shown()
	if !ok || in.Kind != "RESPONSE" && in.Kind != "UPDATE" {
		refuse(w, http.StatusBadRequest, 100, 0)
		return
	}
	f.Show(m)
	_, _ = fmt.Fprintf(w, `{"recipient_id":%q,"message_id":"m_AbC%d"}`, in.Recipient.ID, f.Next())
}

func (in sent) shown() (m adapters.Message, ok bool) {
	m.To, m.Text = address.Address{Scheme: "messenger", ID: in.Recipient.ID}, in.Message.Text
	for _, q := range in.Message.Replies {
		if n := utf8.RuneCountInString(q.Title); q.Kind != "text" || n == 0 || n > 20 || q.Payload == "" || utf8.RuneCountInString(q.Payload) > 1000 {
			return m, false
		}
		m.Options = append(m.Options, adapters.Option{Label: q.Title, Payload: q.Payload})
	}
	n := len(utf16.Encode([]rune(m.Text)))
	return m, n > 0 && n <= 2000 && len(m.Options) <= 13 && in.Recipient.ID != "" && len(in.Message.Metadata) <= 1000
}
