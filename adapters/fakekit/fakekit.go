// Package fakekit is what fakes of providers have in common: phones that keep what they were shown, failures that the
// next calls meet, an API that listens on the loopback, and webhooks posted to the gateway. A fake embeds a *Provider
// and gives it the handler of its API. It needs no testing package, so that demos and black-box tests use fakes too.
package fakekit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

const bodyMax = 1 << 20

// FirstID is one less than the first number of Next. Floats of 64 bits cannot tell the numbers from here on apart, so
// that whoever reads ids as floats is found out.
const FirstID = 1 << 53

// Play is what one call meets. The zero Play is an ordinary answer.
type Play struct {
	Status int         // the answer in place of the API's, in the provider's own numbers; 0: the API answers
	Header http.Header // of that answer
	Body   string
	Lost   bool // the API does what is asked, and the connection is cut in place of its answer
}

// Provider is a fake's common part. Its methods may be called concurrently.
type Provider struct {
	api    http.HandlerFunc
	breaks map[adapters.Fault][]Play

	mu      sync.Mutex
	phones  map[address.Address][]adapters.Message
	plays   []Play
	broken  map[adapters.Fault]int // how often Break was asked for a fault
	slow    time.Duration
	calls   int
	next    int64
	changed chan struct{} // closed and replaced with each message
	webhook string
	gateway string
	server  *http.Server
	done    chan struct{} // closed by Close
	closing sync.Once
}

// New makes the common part of a fake. api answers one request, whose body is bounded; breaks are the provider's failures
// by kind, several where it has several ways to say so, each in the form that its documents show. A lost answer needs
// no entry. webhook is the public address of the gateway's webhook, secret and all.
func New(webhook string, breaks map[adapters.Fault][]Play, api http.HandlerFunc) *Provider {
	b := maps.Clone(breaks)
	if b == nil {
		b = map[adapters.Fault][]Play{}
	}
	b[adapters.Unknown] = append(slices.Clone(b[adapters.Unknown]), Play{Lost: true})
	return &Provider{api: api, breaks: b, webhook: webhook, phones: map[address.Address][]adapters.Message{}, broken: map[adapters.Fault]int{}, next: FirstID, changed: make(chan struct{}), done: make(chan struct{})}
}

// Next gives the next number for an id, none of which a float of 64 bits holds apart from its neighbours.
func (p *Provider) Next() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next++
	return p.next
}

// Show lets the phone at m.To show m.
func (p *Provider) Show(m adapters.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.phones[m.To] = append(p.phones[m.To], m)
	close(p.changed)
	p.changed = make(chan struct{})
}

// Shown is what a phone shows, the oldest first.
func (p *Provider) Shown(to address.Address) []adapters.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.phones[to])
}

// Wait waits until a phone shows n messages and gives them.
func (p *Provider) Wait(ctx context.Context, to address.Address, n int) ([]adapters.Message, error) {
	for {
		p.mu.Lock()
		got, changed := slices.Clone(p.phones[to]), p.changed
		p.mu.Unlock()
		if len(got) >= n {
			return got, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for %d messages, had %d: %w", n, len(got), ctx.Err())
		}
	}
}

// Arm lets the next calls of the API meet plays, one each.
func (p *Provider) Arm(plays ...Play) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plays = append(p.plays, plays...)
}

// Ways is how many failures of a kind the provider has; Break arms one after the other.
func (p *Provider) Ways(f adapters.Fault) int { return len(p.breaks[f]) }

// Break lets the next call fail with f; false where the provider has no such failure.
func (p *Provider) Break(f adapters.Fault) bool {
	ways := p.breaks[f]
	if len(ways) == 0 {
		return false
	}
	p.mu.Lock()
	n := p.broken[f]
	p.broken[f]++
	p.mu.Unlock()
	p.Arm(ways[n%len(ways)])
	return true
}

// Slow delays all answers from now on; 0 ends it.
func (p *Provider) Slow(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slow = d
}

// Calls counts the calls of the API.
func (p *Provider) Calls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

// ServeHTTP is the API, in fair and in bad weather.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMax)) // read first: else a server does not notice that nobody waits
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	play, slow := p.meet()
	if !p.pause(r.Context(), slow) {
		return
	}
	switch {
	case play.Lost:
		p.api(unheard{}, r)
		panic(http.ErrAbortHandler) // cuts the connection
	case play.Status != 0:
		maps.Copy(w.Header(), play.Header)
		w.WriteHeader(play.Status)
		_, _ = io.WriteString(w, play.Body)
	default:
		p.api(w, r)
	}
}

// unheard is an answer that gets lost.
type unheard http.Header

func (u unheard) Header() http.Header       { return http.Header(u) }
func (unheard) Write(b []byte) (int, error) { return len(b), nil }
func (unheard) WriteHeader(int)             {}

func (p *Provider) meet() (play Play, slow time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	if len(p.plays) > 0 {
		play, p.plays = p.plays[0], p.plays[1:]
	}
	return play, p.slow
}

// Meet is for providers that are not reached over HTTP: what the next call meets, after the delay that Slow has set. It
// counts as a call; false where nobody waits for its answer any more.
func (p *Provider) Meet(ctx context.Context) (Play, bool) {
	play, slow := p.meet()
	return play, p.pause(ctx, slow)
}

// pause is false where nobody waits for the answer any more.
func (p *Provider) pause(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-p.done:
	}
	return false
}

// Start listens on a free port of the loopback and gives the base_url for the adapter.
func (p *Provider) Start() (baseURL string, err error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	p.mu.Lock()
	p.server = server
	p.mu.Unlock()
	go server.Serve(l) //nolint:errcheck // it ends with Close
	return "http://" + l.Addr().String(), nil
}

// Close stops listening.
func (p *Provider) Close() error {
	p.closing.Do(func() { close(p.done) })
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server == nil {
		return nil
	}
	return p.server.Close()
}

// Webhook is the public address that the provider calls.
func (p *Provider) Webhook() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.webhook
}

// Point says where the gateway's webhook is: the public address, and the scheme and host where it is really to be found
// (empty: the same).
func (p *Provider) Point(webhook, gateway string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.webhook, p.gateway = webhook, strings.TrimRight(gateway, "/")
}

// Post calls the gateway's webhook with r, as the provider does. The answer is the gateway's, its body already read.
func (p *Provider) Post(ctx context.Context, r adapters.Request) (*http.Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" {
		return nil, errors.New("no webhook to call: see Point")
	}
	target := r.URL
	p.mu.Lock()
	if p.gateway != "" {
		target = p.gateway + u.RequestURI()
	}
	p.mu.Unlock()
	req, err := http.NewRequestWithContext(ctx, r.Method, target, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	req.Header = r.Header.Clone()
	return Do(&http.Client{Timeout: 15 * time.Second}, req)
}

// Do calls the gateway, and has read the body of its answer.
func Do(client *http.Client, req *http.Request) (*http.Response, error) {
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	read, err := io.ReadAll(io.LimitReader(res.Body, bodyMax))
	if err != nil {
		return nil, fmt.Errorf("reading the gateway's answer: %w", err)
	}
	res.Body = io.NopCloser(bytes.NewReader(read))
	return res, nil
}
