// Package fake plays LINE: its Messaging API, its webhook calls and the people's phones. It is written from LINE's
// documentation and knows nothing of the adapter.
package fake

import (
	"net/http"
	"strings"
	"sync"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
)

// LINE plays the API for one channel.
type LINE struct {
	*fakekit.Provider
	secret, token string

	mu      sync.Mutex
	taken   map[string]accepted // by retry key
	tokens  map[string]string   // reply tokens that are good for an answer, with whose they are
	limit   int64               // messages a month; 0: no limit
	used    int64
	replies int
}

// accepted is a request that LINE took under a key.
type accepted struct {
	request string
	answer  []byte
}

// New makes a LINE that signs with secret, calls webhook, and knows one channel access token.
func New(webhook, secret, token string) *LINE {
	l := &LINE{secret: secret, token: token, taken: map[string]accepted{}, tokens: map[string]string{}}
	l.Provider = fakekit.New(webhook, map[adapters.Fault][]fakekit.Play{
		adapters.Throttled: {refusal(429, "The API rate limit has been exceeded. Try again later.")},
		adapters.Recipient: {
			refusal(400, "Failed to send messages"),
			refusal(400, "The property, 'to', in the request body is invalid (line: -, column: -)"),
		},
		adapters.BadMessage: {refusal(400, "The request body has 1 error(s)"), refusal(413, "Request exceeds the max size of 2MB. Make the request smaller than 2MB and try again.")},
		adapters.Operator: {
			refusal(401, "Authentication failed. Confirm that the access token in the authorization header is valid."),
			refusal(403, "Access to this API is not available for your account"),
			refusal(429, "You have reached your monthly limit."),
		},
	}, l.serve)
	return l
}

func refusal(status int, message string) fakekit.Play {
	return fakekit.Play{Status: status, Body: `{"message":"` + message + `"}`, Header: http.Header{"Content-Type": {"application/json"}, "X-Line-Request-Id": {"8e2d"}}}
}

// Limit says how many messages the plan allows a month.
func (l *LINE) Limit(n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit = n
}

// Replies counts the messages that went out by a reply token.
func (l *LINE) Replies() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.replies
}

// Expire lets all reply tokens end, as they do after about a minute.
func (l *LINE) Expire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tokens = map[string]string{}
}

func (l *LINE) serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+l.token {
		refuse(w, 401, "Authentication failed. Confirm that the access token in the authorization header is valid.")
		return
	}
	switch r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v2/bot/") {
	case "POST message/push":
		l.push(w, r)
	case "POST message/reply":
		l.reply(w, r)
	case "PUT channel/webhook/endpoint":
		l.endpoint(w, r)
	case "GET info":
		say(w, object{"userId": "Ub9952f8ba9d0fab1f4f5a0b9bd7d2b1a", "basicId": "@216ru", "displayName": "Shop", "chatMode": "bot", "markAsReadMode": "auto"})
	case "GET message/quota":
		l.quota(w)
	case "GET message/quota/consumption":
		l.mu.Lock()
		defer l.mu.Unlock()
		say(w, object{"totalUsage": l.used})
	default:
		refuse(w, 404, "Not found")
	}
}

func (l *LINE) quota(w http.ResponseWriter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit == 0 {
		say(w, object{"type": "none"})
		return
	}
	say(w, object{"type": "limited", "value": l.limit})
}
