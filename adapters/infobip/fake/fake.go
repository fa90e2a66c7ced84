// Package fake plays Infobip's SMS API: messages, logs, the balance, webhooks in batches, and the people's phones. It is
// written from Infobip's documentation and knows nothing of the adapter.
package fake

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options say how the account and its webhooks are set up.
type Options struct {
	Key, From      string
	User, Password string // Basic; empty: none
	HMAC           string // the secret of HMAC_SHA_512 over the body; empty: none
	HMACHeader     string
}

// Infobip plays one account.
type Infobip struct {
	*fakekit.Provider
	opts Options

	mu       sync.Mutex
	log      map[string]state         // by messageId
	rejects  []state                  // what the next messages meet
	rejected map[adapters.Fault]int   // how often Break was asked for a fault
	ways     map[adapters.Fault][]int // rejections by kind
}

// state is a status in the API's form.
type state struct {
	GroupID     int    `json:"groupId"`
	GroupName   string `json:"groupName"`
	ID          int    `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

var accepted = state{1, "PENDING", 26, "PENDING_ACCEPTED", "Message sent to next instance"}

// rejection is a status of the group REJECTED, with a sentence that quotes the number.
func rejection(id int) state {
	return state{5, "REJECTED", id, fmt.Sprintf("REJECTED_%d", id), "84901234567 was rejected"}
}

// New makes an Infobip that calls webhook.
func New(webhook string, o Options) *Infobip {
	i := &Infobip{opts: o, log: map[string]state{}, rejected: map[adapters.Fault]int{}, ways: map[adapters.Fault][]int{
		adapters.Transient: {21}, adapters.Later: {20}, adapters.Recipient: {52, 8}, adapters.Stopped: {14}, adapters.BadMessage: {25, 777}, adapters.Operator: {12, 13},
	}}
	i.Provider = fakekit.New(webhook, map[adapters.Fault][]fakekit.Play{
		adapters.Throttled:  {{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"7"}}, Body: `{"errorCode":"E429","description":"Too many requests"}`}},
		adapters.BadMessage: {{Status: http.StatusBadRequest, Body: `{"errorCode":"E400","description":"Request cannot be processed","violations":[{"property":"messages[0].destinations[0].to","violation":"84901234567 is wrong"}]}`}},
		adapters.Operator: {
			{Status: http.StatusForbidden, Body: `{"errorCode":"E403"}`},
			{Status: http.StatusUnauthorized, Body: `{"requestError":{"serviceException":{"messageId":"UNAUTHORIZED","text":"Invalid login details"}}}`},
		},
	}, i.serve)
	return i
}

// Ways is how many failures of a kind there are.
func (i *Infobip) Ways(f adapters.Fault) int { return len(i.ways[f]) + i.Provider.Ways(f) }

// Break lets the next message fail with f: rejected by its status, or the request as a whole.
func (i *Infobip) Break(f adapters.Fault) bool {
	i.mu.Lock()
	n := i.rejected[f]
	i.rejected[f]++
	if n < len(i.ways[f]) {
		i.rejects = append(i.rejects, rejection(i.ways[f][n]))
		i.mu.Unlock()
		return true
	}
	i.mu.Unlock()
	return i.Provider.Break(f)
}

// Reject lets the next message be rejected with a status.
func (i *Infobip) Reject(id int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.rejects = append(i.rejects, rejection(id))
}

func (i *Infobip) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.Header.Get("Authorization") != "App "+i.opts.Key {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"errorCode":"E401","description":"Unauthorized"}`)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "POST /sms/3/messages":
		i.send(w, r)
	case "GET /sms/3/logs":
		i.logs(w, r.URL.Query().Get("messageId"))
	case "GET /account/1/balance":
		_, _ = fmt.Fprint(w, `{"balance":47.79134,"currency":"EUR"}`)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (i *Infobip) send(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Messages []struct {
			Sender       string
			Destinations []struct{ To, MessageID string }
			Content      struct{ Text string }
		}
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || len(in.Messages) != 1 || len(in.Messages[0].Destinations) != 1 {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, `{"errorCode":"E400"}`)
		return
	}
	m := in.Messages[0]
	to, text := m.Destinations[0], m.Content.Text
	s, fresh := i.take(to.MessageID)
	if m.Sender == "" || text == "" || strings.HasPrefix(to.To, "+") {
		s = rejection(52)
	}
	if fresh && s == accepted {
		i.Show(adapters.Message{ID: to.MessageID, To: address.Address{Scheme: address.Tel, ID: "+" + to.To}, Text: text})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"bulkId": fmt.Sprint(i.Next()), "messages": []any{
		map[string]any{"messageId": to.MessageID, "status": s, "destination": to.To, "details": map[string]int{"messageCount": adapters.SegmentCount(text)}},
	}})
}

// take notes a message and gives its status; fresh is false where its id is known.
func (i *Infobip) take(id string) (s state, fresh bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	_, known := i.log[id]
	switch {
	case len(i.rejects) > 0:
		s, i.rejects = i.rejects[0], i.rejects[1:]
	case known:
		return state{5, "REJECTED", 23, "REJECTED_DUPLICATE_MESSAGE_ID", "Message ID is not unique"}, false
	default:
		s = accepted
	}
	i.log[id] = s
	return s, true
}

// Forget empties the logs, as 48 hours do, and keeps the ids.
func (i *Infobip) Forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for id := range i.log {
		i.log[id] = state{}
	}
}

func (i *Infobip) logs(w http.ResponseWriter, id string) {
	i.mu.Lock()
	s := i.log[id]
	i.mu.Unlock()
	results := []any{}
	if s != (state{}) {
		results = append(results, map[string]any{"messageId": id, "destination": "84901234567", "status": s, "error": state{0, "OK", 0, "NO_ERROR", "No Error"}})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"results": results})
}

// Hook is an event as Infobip tells it; false where it tells no such thing.
func (i *Infobip) Hook(e adapters.Event) (adapters.Request, bool) {
	return i.Batch([]adapters.Event{e})
}

// Batch is several events in one call.
func (i *Infobip) Batch(events []adapters.Event) (adapters.Request, bool) {
	var results []any
	for _, e := range events {
		at := e.At.Format("2006-01-02T15:04:05.000-0700")
		number := strings.TrimPrefix(e.From.ID, "+")
		switch e.Kind {
		case adapters.Inbound:
			word, rest, _ := strings.Cut(e.Text, " ")
			results = append(results, map[string]any{
				"messageId": e.MessageID, "from": number, "to": i.opts.From, "text": e.Text, "cleanText": rest, "keyword": word, "receivedAt": at, "smsCount": 1,
				"price": map[string]any{"pricePerMessage": 0, "currency": "EUR"}, "callbackData": "of the number",
			})
		case adapters.Report:
			s, failure := states(e)
			if s.GroupID == 0 {
				return adapters.Request{}, false
			}
			results = append(results, map[string]any{
				"bulkId": "2034072219640523072", "messageId": e.Theirs, "to": number, "sender": i.opts.From, "sentAt": at, "doneAt": at, "messageCount": 1, "mccMnc": "45201",
				"price": map[string]any{"pricePerMessage": 0.01, "currency": "EUR"}, "status": s, "error": failure, "callbackData": e.Ours,
			})
		default:
			return adapters.Request{}, false
		}
	}
	body, err := json.Marshal(map[string]any{"results": results, "messageCount": len(results), "pendingMessageCount": 0})
	r := i.Call(string(body))
	r.At = events[0].At
	return r, err == nil
}

// states are the status and the error of a receipt.
func states(e adapters.Event) (s, failure state) {
	failure = state{0, "OK", 0, "NO_ERROR", "No Error"}
	switch e.Status {
	case adapters.Queued:
		s = state{1, "PENDING", 7, "PENDING_ENROUTE", ""}
	case adapters.SentOn:
		s = state{3, "DELIVERED", 2, "DELIVERED_TO_OPERATOR", ""}
	case adapters.Delivered:
		s = state{3, "DELIVERED", 5, "DELIVERED_TO_HANDSET", ""}
	case adapters.Undelivered:
		s = state{2, "UNDELIVERABLE", 9, "UNDELIVERABLE_NOT_DELIVERED", ""}
	case adapters.Failed:
		s = state{5, "REJECTED", 19, "REJECTED_ROUTE_NOT_AVAILABLE", ""}
	}
	_, _ = fmt.Sscanf(e.Code, "status %d", &s.ID)
	if _, err := fmt.Sscanf(e.Code, "error %d", &failure.ID); err == nil {
		failure.GroupID, failure.GroupName, failure.Name = 1, "HANDSET_ERRORS", "EC_SOMETHING"
	}
	return s, failure
}

// Call is a webhook call with a body, with the proofs that the account is set up for.
func (i *Infobip) Call(body string) adapters.Request {
	h := http.Header{"Content-Type": {"application/json"}}
	if i.opts.Password != "" {
		r := http.Request{Header: h}
		r.SetBasicAuth(i.opts.User, i.opts.Password)
	}
	if i.opts.HMAC != "" {
		mac := hmac.New(sha512.New, []byte(i.opts.HMAC))
		mac.Write([]byte(body))
		h.Set(i.opts.HMACHeader, fmt.Sprintf("%x", mac.Sum(nil)))
	}
	return adapters.Request{Method: http.MethodPost, URL: i.Webhook(), Header: h, Body: []byte(body)}
}
