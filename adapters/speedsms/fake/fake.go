// Package fake plays SpeedSMS.vn: its API, its webhook and the people's phones. It is written from SpeedSMS's
// documentation and knows nothing of the adapter.
package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options are the account at SpeedSMS.
type Options struct {
	Webhook string // with its secret
	Token   string
	Sender  string // a brandname or a device
	Plain   bool   // the sender carries no Unicode
}

// SpeedSMS plays the API for one account.
type SpeedSMS struct {
	*fakekit.Provider
	o Options
}

// New makes a SpeedSMS.
func New(o Options) *SpeedSMS {
	s := &SpeedSMS{o: o}
	s.Provider = fakekit.New(o.Webhook, map[adapters.Fault][]fakekit.Play{
		adapters.Transient: {refusal("500", "Internal error, please try again")},
		adapters.Throttled: {{
			Status: http.StatusTooManyRequests, Header: http.Header{"X-Rate-Limit-Reset": {"7"}},
			Body: `{"name":"Too Many Requests","message":"Rate limit exceeded.","code":0,"status":429}`,
		}},
		adapters.Recipient: {
			refusal("105", "Phone number invalid"),
			{Status: http.StatusOK, Body: `{"status":"success","code":"00","data":{"tranId":0,"totalSMS":0,"totalPrice":0,"invalidPhone":["84901234567"]}}`},
		},
		adapters.BadMessage: {refusal("101", "Invalid or missing parameters"), refusal("110", "Not support sms content encoding"), refusal("113", "Sms content too long")},
		adapters.Operator: {
			refusal("007", "IP locked"), refusal("008", "Account blocked"), refusal("009", "Account not allow to call the API"),
			refusal("300", "Your account balance not enough to send sms"), {Status: http.StatusUnauthorized, Body: unauthorized},
		},
	}, s.serve)
	return s
}

const unauthorized = `{"name":"Unauthorized","message":"You are requesting with an invalid credential.","code":0,"status":401}`

// refusal is how SpeedSMS says no: HTTP 200, and the numbers that it did not take.
func refusal(code, message string) fakekit.Play {
	return fakekit.Play{Status: http.StatusOK, Body: refused(code, message)}
}

func refused(code, message string) string {
	return fmt.Sprintf(`{"status":"error","code":%q,"message":%q,"invalidPhone":["84901234567"]}`, code, message)
}

func (s *SpeedSMS) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	if user, password, ok := r.BasicAuth(); !ok || user != s.o.Token || password != "x" {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, unauthorized)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /user/info":
		_, _ = fmt.Fprint(w, `{"status":"success","code":"00","data":{"email":"owner@shop.example","balance":"250000","currency":"VND"}}`)
	case "POST /sms/send":
		s.send(w, r)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (s *SpeedSMS) send(w http.ResponseWriter, r *http.Request) {
	var in struct {
		To      []string `json:"to"`
		Content string   `json:"content"`
		Type    int      `json:"sms_type"`
		Sender  string   `json:"sender"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || len(in.To) == 0 || len(in.To) > 100 || in.Content == "" {
		_, _ = fmt.Fprint(w, refused("101", "Invalid or missing parameters"))
		return
	}
	switch {
	case !slices.Contains([]int{1, 2, 3, 4, 5}, in.Type), in.Sender != s.o.Sender:
		_, _ = fmt.Fprint(w, refused("009", "Account not allow to call the API"))
		return
	case s.o.Plain && strings.ContainsFunc(in.Content, func(r rune) bool { return r > 0xff }):
		_, _ = fmt.Fprint(w, refused("110", "Not support sms content encoding"))
		return
	}
	for _, phone := range in.To {
		to := "+84" + strings.TrimPrefix(strings.TrimPrefix(phone, "84"), "0")
		s.Show(adapters.Message{To: address.Address{Scheme: address.Tel, ID: to}, Text: in.Content})
	}
	_, _ = fmt.Fprintf(w, `{"status":"success","code":"00","data":{"tranId":%d,"totalSMS":%d,"totalPrice":250,"invalidPhone":[]}}`, s.Next(), len(in.To))
}

// Hook is an event as SpeedSMS tells it; false where it tells no such thing.
func (s *SpeedSMS) Hook(e adapters.Event) (adapters.Request, bool) {
	tell := map[string]any{"phone": strings.TrimPrefix(e.From.ID, "+")}
	switch {
	case e.Kind == adapters.Inbound:
		tell["type"], tell["content"] = "sms", e.Text
	case e.Kind == adapters.Report && e.Status == adapters.Delivered:
		tell["type"], tell["tranId"], tell["status"] = "report", e.Theirs, 0
	case e.Kind == adapters.Report && e.Code != "":
		tell["type"], tell["tranId"], tell["status"] = "report", json.Number(e.Theirs), e.Code
	default:
		return adapters.Request{}, false
	}
	body, err := json.Marshal(tell)
	return adapters.Request{Method: http.MethodPost, URL: s.Webhook(), Header: http.Header{"Content-Type": {"application/json"}}, Body: body, At: e.At}, err == nil
}
