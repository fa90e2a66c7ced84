// Package fake plays Twilio: its API for the adapter, its webhooks for the gateway, and the customers' phones for
// whoever watches. It needs no testing package, so that demos, load tests and black-box tests use it too.
//
// It knows Twilio from Twilio's documentation, not from our adapter, which it must never import: two that were written
// against each other agree on the same mistakes.
package fake

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options say which account is played. The zero value of each field has a default.
type Options struct {
	AccountSID, AuthToken string
	APIKey, APISecret     string           // accepted beside the token where set
	Number                string           // the brand's sender, where customers write to: +15005550006
	WhatsApp              bool             // customers write by WhatsApp: addresses carry its prefix
	OptOut                bool             // Advanced Opt-Out: STOP, START and HELP are marked, and STOP blocks sending
	Callbacks             bool             // each message's status callback is told "sent" and "delivered"
	Webhook               string           // the public URL of the gateway's webhook, as it is signed
	Gateway               string           // scheme and host where the gateway really listens; empty: as in the URL
	Keep                  int              // messages that are kept, for long load tests; 0: all
	Taken                 func(Message)    // told of each message that was taken; calls may overlap
	Client                *http.Client     // calls the gateway
	Now                   func() time.Time // for the dates of messages
}

// Message is one message that Twilio took.
type Message struct {
	SID, From, To, Body         string // To without a channel's prefix
	ServiceSID                  string
	ContentSID, ContentVariable string
	StatusCallback              string
	ValidityPeriod              string
	Media                       []string
	Segments                    int
	Status                      string
	ErrorCode                   int
	Ours                        string    // the id that the sender gave it, from the status callback; empty where there is none
	Asked, Created, Sent        time.Time // Asked is when the request came in; Sent is zero while the message waits

	channel string // the prefix that To came with
}

// Twilio is a provider with one account. It is an http.Handler: its API. Its methods may be called concurrently.
type Twilio struct {
	opts Options

	mu       sync.Mutex
	messages []*Message            // in the order of arrival
	phones   map[string][]*Message // by number
	bySID    map[string]*Message
	blocked  map[string]bool // numbers that sent STOP
	plays    []play          // what the next sends meet
	slow     time.Duration
	weather  Weather
	calls    int           // sends asked for, refused ones included
	seq      int           // of SIDs
	last     *hook         // the last inbound webhook, for Repeat
	changed  chan struct{} // closed and replaced with each change
	webhook  string
	gateway  string

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	posts   sync.WaitGroup // callbacks and late messages under way
	posting chan struct{}  // bounds them
	server  *http.Server
}

// postsAtOnce is how many callbacks are under way at the same time.
const postsAtOnce = 64

// New makes a provider. Start lets it listen; Close ends it.
func New(o Options) *Twilio {
	def := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	def(&o.AccountSID, "AC00000000000000000000000000000001")
	def(&o.AuthToken, "12345678901234567890123456789012")
	def(&o.Number, "+15005550006")
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 15 * time.Second} // Twilio's own limit
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &Twilio{opts: o, phones: map[string][]*Message{}, bySID: map[string]*Message{}, posting: make(chan struct{}, postsAtOnce), blocked: map[string]bool{}, changed: make(chan struct{}), webhook: o.Webhook, gateway: o.Gateway}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// Start listens on a free port of the loopback and gives the base_url for the adapter.
func (t *Twilio) Start() (baseURL string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: t, ReadHeaderTimeout: 10 * time.Second}
	t.mu.Lock()
	t.server = server
	t.mu.Unlock()
	go server.Serve(l) //nolint:errcheck // it ends with Close
	return "http://" + l.Addr().String(), nil
}

// Close stops listening and waits for the callbacks under way, which are cut short.
func (t *Twilio) Close() error {
	t.mu.Lock()
	t.cancel() // under the lock, so that no callback begins afterwards
	server := t.server
	t.mu.Unlock()
	var err error
	if server != nil {
		err = server.Close()
	}
	t.posts.Wait()
	return err
}

// Point says where the gateway's webhook is, once its port is known: the public URL, which is signed, and the scheme and
// host that it is really to be found at (empty: the same).
func (t *Twilio) Point(webhook, gateway string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.webhook, t.gateway = webhook, strings.TrimRight(gateway, "/")
}

// Phone gives the messages that a number was sent, oldest first.
func (t *Twilio) Phone(number string) []Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return copied(t.phones[bareNumber(number)])
}

// Messages gives everything that was taken, oldest first.
func (t *Twilio) Messages() []Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return copied(t.messages)
}

// Calls counts the sends that were asked for, refused ones included.
func (t *Twilio) Calls() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.calls
}

// Wait waits until a number has been sent n messages and gives them.
func (t *Twilio) Wait(ctx context.Context, number string, n int) ([]Message, error) {
	for {
		t.mu.Lock()
		got, changed := t.phones[bareNumber(number)], t.changed
		if len(got) >= n {
			defer t.mu.Unlock()
			return copied(got), nil
		}
		t.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for %d messages, had %d: %w", n, len(got), ctx.Err())
		}
	}
}

func copied(ms []*Message) []Message {
	out := make([]Message, len(ms))
	for i, m := range ms {
		out[i] = *m
	}
	return out
}

// tell wakes those who wait. The lock is held.
func (t *Twilio) tell() {
	close(t.changed)
	t.changed = make(chan struct{})
}

func (t *Twilio) sid(prefix string) string {
	t.seq++
	return fmt.Sprintf("%s%032x", prefix, t.seq)
}

func (t *Twilio) authorized(r *http.Request) bool {
	user, password, ok := r.BasicAuth()
	same := func(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	return ok && (same(user, t.opts.AccountSID) && same(password, t.opts.AuthToken) ||
		t.opts.APIKey != "" && same(user, t.opts.APIKey) && same(password, t.opts.APISecret))
}

const whatsapp = "whatsapp:"

func bareNumber(s string) string { return strings.TrimPrefix(s, whatsapp) }
