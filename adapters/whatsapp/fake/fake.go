// Package fake plays WhatsApp's Cloud API: its messages endpoint, its webhook calls and the customers' phones. It is
// written from Meta's documentation and knows nothing of the adapter.
package fake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
)

// Options is what the business has at Meta.
type Options struct {
	Token  string // the system user's access token
	Number string // the number's id
	Secret string // the app's
}

// WhatsApp plays the API for one number.
type WhatsApp struct {
	*fakekit.Provider
	options Options
}

// New makes a WhatsApp that calls webhook.
func New(webhook string, o Options) *WhatsApp {
	w := &WhatsApp{options: o}
	w.Provider = fakekit.New(webhook, breaks(), w.serve)
	return w
}

// breaks are answers as Meta's page on error codes has them: mostly 400, whatever the kind.
func breaks() map[adapters.Fault][]fakekit.Play {
	return map[adapters.Fault][]fakekit.Play{
		adapters.Transient:  {failure(500, 131000), failure(500, 131016), failure(503, 2), failure(503, 133004)},
		adapters.Throttled:  {failure(400, 130429), failure(400, 131056), failure(400, 80007), failure(400, 4), failure(429, 130429), {Status: 429}},
		adapters.Later:      {failure(400, 131049)},
		adapters.Recipient:  {failure(400, 131026), failure(400, 131030), failure(400, 131021)},
		adapters.Stopped:    {failure(400, 131050)},
		adapters.Window:     {failure(400, 131047)},
		adapters.BadMessage: {failure(400, 100), failure(400, 132000), failure(404, 132001), failure(400, 132012), failure(400, 131051), failure(400, 130472), failure(400, 131009)},
		adapters.Operator: {
			failure(401, 190), failure(401, 0), failure(403, 10), failure(403, 200), failure(403, 299), failure(403, 368), failure(403, 131031), failure(400, 131042), failure(400, 33),
			failure(200, 190), // an error with the wrong status is an error
			{Status: 400, Body: `{"error":{"message":"Unsupported post request. Object with ID '100' does not exist","type":"GraphMethodException","code":100,"error_subcode":33,"fbtrace_id":"A"}}`},
		},
	}
}

// failure is an error as Meta tells it, with the number of the customer in its sentences.
func failure(status, code int) fakekit.Play {
	return fakekit.Play{Status: status, Body: fmt.Sprintf(`{"error":{"message":"(#%d) Message to 84901234567 failed","type":"OAuthException","code":%d,`+
		`"error_data":{"messaging_product":"whatsapp","details":"Recipient +84901234567 cannot get this message"},"fbtrace_id":"AbCdEf"}}`, code, code)}
}

func refuse(w http.ResponseWriter, status, code int) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, failure(status, code).Body)
}

var version = regexp.MustCompile(`^/v\d+\.\d+/`)

func (f *WhatsApp) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	prefix := version.FindString(r.URL.Path)
	path := strings.TrimPrefix(r.URL.Path, prefix)
	switch {
	case r.Header.Get("Authorization") != "Bearer "+f.options.Token:
		refuse(w, http.StatusUnauthorized, 190)
	case prefix == "":
		refuse(w, http.StatusBadRequest, 2500)
	case path == f.options.Number+"/messages" && r.Method == http.MethodPost:
		f.take(w, r)
	case path == f.options.Number && r.Method == http.MethodPost:
		f.override(w, r)
	case path == f.options.Number:
		_, _ = io.WriteString(w, `{"verified_name":"Shop","display_phone_number":"+84 28 1234 5678","quality_rating":"GREEN","id":"`+f.options.Number+`"}`)
	default:
		refuse(w, http.StatusBadRequest, 33)
	}
}

// override sets this number's own webhook.
func (f *WhatsApp) override(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Webhook struct {
			URL    string `json:"override_callback_uri"`
			Verify string `json:"verify_token"`
		} `json:"webhook_configuration"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Webhook.URL == "" || in.Webhook.Verify == "" {
		refuse(w, http.StatusBadRequest, 100)
		return
	}
	f.Point(in.Webhook.URL, "")
	_, _ = io.WriteString(w, `{"success":true}`)
}
