// Package adaptertest holds adapters to their contract. An adapter's author brings a Kit, which knows the provider, and
// calls Run, which knows the contract:
//
//	func TestContract(t *testing.T) {
//		adaptertest.Run(t, adaptertest.Kit{
//			Open:      func() (adapters.Type, adaptertest.Fake) { return acme.Type(), fake.New() },
//			Channel:   address.SMS,
//			Settings:  map[string]string{"token": "..."},
//			To:        address.Address{Scheme: "tel", ID: "+84901234567"},
//			Proofs:    []adaptertest.Proof{{Header: "X-Acme-Signature", URL: true, Body: true}},
//			Events:    []adapters.Event{...},
//			Recorded:  os.DirFS("testdata"),
//		})
//	}
//
// What an author must know:
//
//   - Write the fake from the provider's documentation, in acme/fake, without importing the adapter or testing. Where it
//     is an http.Handler, the kit lets it listen and hands its address over as the setting base_url, which each adapter
//     has, and refuses all requests to other hosts.
//   - A failed Send is an *adapters.Error only where the adapter knows what became of the message. Everything else,
//     above all a lost answer, stays an ordinary error: the outcome is unknown, and nobody is texted twice.
//   - Provider's sentences do not belong into errors: they quote numbers. Take the code and words of your own.
//   - Decode checks the signature before it reads anything, compares in constant time, looks at no clock, and never
//     panics. ErrForged and errors wrapping ErrMalformed are all that it may answer with.
//   - Event.ID stays the same when the provider repeats itself, and differs for everything else it tells.
//   - A fake and an adapter by the same hand can agree on a mistake: put the provider's own signature vectors and recorded
//     calls into testdata/*.txtar (see Recorded).
package adaptertest

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// Webhook is the public address of the webhook in all laws. Fakes sign it.
const Webhook = "https://gw.example.com/hooks/main"

// Fake plays the provider. A fake with an API over HTTP is an http.Handler as well; one that can be slow has Slow(d).
type Fake interface {
	// Hook is e as the provider would tell it, signed; false where it tells no such thing.
	Hook(e adapters.Event) (adapters.Request, bool)
	// Shown is what the customer's phone shows, oldest first: text, options and media.
	Shown(to address.Address) []adapters.Message
	// Break lets the next Send fail with f; false where the provider has no such failure. Unknown means that the message
	// is taken and the answer lost.
	Break(f adapters.Fault) bool
}

// Server is a fake that is no http.Handler: it listens itself, and gives its address for the setting Kit.At.
type Server interface {
	Start() (address string, err error)
	Close() error
}

// Teller is a fake whose provider tells events in a session (adapters.Listener), not by webhooks: its Hook gives false.
// Tell returns once the adapter has acknowledged e, and with an error where it has not.
type Teller interface {
	Tell(ctx context.Context, e adapters.Event) error
}

// Batcher is a fake whose provider tells several events in one webhook call.
type Batcher interface {
	Batch(events []adapters.Event) (adapters.Request, bool)
}

// Waiter is a fake of a session: Ready returns once the adapter has opened one.
type Waiter interface {
	Ready(ctx context.Context) error
}

// Kit is what the kit must know of an adapter.
type Kit struct {
	Open     func() (adapters.Type, Fake) // both fresh
	Channel  address.Channel
	Settings map[string]string // without base_url
	To       address.Address   // a customer who can be reached

	At string // the setting that gets the fake's address; empty: base_url

	Proofs     []Proof            // where webhooks show who calls; each call must have one of them at least
	Handshakes []Handshake        // what the provider calls only to see whether somebody is at home
	Events     []adapters.Event   // what the provider can tell; ids are the adapter's own
	LettersID  string             // the MessageID of an inbound message that the kit adds; empty: "in-letters"; "-": the provider gives none
	Answers    string             // the Ours of inbound messages, where the provider tells what is answered and not by whom
	Unknown    []adapters.Request // authentic calls about kinds that the adapter does not know
	Template   *adapters.Template // one that the fake knows; needed where Capabilities.Templates says so
	Lacks      []adapters.Fault   // failures that the provider does not have; all others the fake must be able to play
	Recorded   fs.FS              // *.txtar, see recorded.go; nil: none
	Vault      map[string]string  // what the account's vault holds already, by name

	// Waived are laws that the adapter may break, with the reason. One that it keeps all the same fails as stale.
	Waived map[string]string
}

// Proof is one place of a webhook call that shows who makes it.
type Proof struct {
	Header string // a header
	Param  string // a parameter of the query or a field of a form
	Field  string // a string in the body's JSON object
	Path   bool   // the path's last part: the account's path_secret

	URL       bool     // it vouches for the URL
	Body      bool     // and for each byte of the body
	Params    []string // and for these parameters of the query, or fields of the form or the object
	AllParams bool     // and for all of them: one more is forged, too
}

// Handshake is a call by which a provider finds out whether somebody is at home.
type Handshake struct {
	Request adapters.Request
	Answer  adapters.Answer
	// Token is what the caller shows, somewhere in the URL or the body: with another one the call is forged. Empty: the
	// call shows nothing, and the answer may reveal nothing.
	Token string
}

// Run tests each law with a provider and an account of its own.
func Run(t *testing.T, k Kit) {
	t.Helper()
	for name := range k.Waived {
		if !slices.ContainsFunc(laws, func(l law) bool { return l.name == name }) {
			t.Errorf("there is no law %q to waive", name)
		}
	}
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			if !l.alone { // it listens to what the whole process logs
				t.Parallel()
			}
			for _, breach := range k.judge(t.Context(), l) {
				t.Error(breach)
			}
		})
	}
}

// Breaches gives what Run would complain about, by the law's name. It is how the kit itself is tested.
func Breaches(ctx context.Context, k Kit) map[string][]string {
	found := map[string][]string{}
	for _, l := range laws {
		if b := k.judge(ctx, l); len(b) > 0 {
			found[l.name] = b
		}
	}
	return found
}

// judge is hold with the waivers heeded.
func (k Kit) judge(ctx context.Context, l law) []string {
	breaches := k.hold(ctx, l)
	reason, waived := k.Waived[l.name]
	switch {
	case !waived:
		return breaches
	case strings.TrimSpace(reason) == "":
		return append(breaches, "the law is waived without a reason")
	case len(breaches) == 0:
		return []string{"the waiver is stale: the law holds"}
	}
	return nil
}

// law is one promise of the contract.
type law struct {
	name  string
	hold  func(*bench)
	alone bool
}

// bench is one law's own provider and account.
type bench struct {
	adapters.Adapter
	kit     Kit
	kind    adapters.Type
	fake    Fake
	account adapters.Account
	ctx     context.Context
	fence   *fence
	heard   chan []adapters.Event // what Listen handed over
	deaf    atomic.Bool           // events cannot be stored now

	mu       sync.Mutex
	breaches []string
}

func (k Kit) hold(ctx context.Context, l law) (breaches []string) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	b := &bench{kit: k, ctx: ctx}
	defer func() {
		if x := recover(); x != nil {
			breaches = append(b.breaches, fmt.Sprintf("panic: %v", x))
		}
	}()
	b.kind, b.fake = k.Open()
	closeFake, err := b.open()
	defer closeFake()
	if err != nil {
		return []string{"the account does not open: " + err.Error()}
	}
	defer b.listen()()
	l.hold(b)
	return b.breaches
}

// open lets the fake listen and opens an account for it.
func (b *bench) open() (done func(), err error) {
	settings := map[string]string{}
	maps.Copy(settings, b.kit.Settings)
	at, host, stop := cmp.Or(b.kit.At, "base_url"), "", func() {}
	if h, ok := b.fake.(http.Handler); ok {
		server := httptest.NewServer(h)
		stop = server.Close
		settings[at] = server.URL
		host = strings.TrimPrefix(server.URL, "http://")
	} else if s, ok := b.fake.(Server); ok {
		if settings[at], err = s.Start(); err != nil {
			return stop, err
		}
		stop = func() { _ = s.Close() }
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	b.fence = &fence{b: b, host: host, next: transport}
	b.account = adapters.Account{
		ID: "main", Channel: b.kit.Channel, Settings: settings, WebhookURL: Webhook, Now: time.Now, Vault: &vault{tokens: maps.Clone(b.kit.Vault)},
		HTTPClient: &http.Client{Timeout: 20 * time.Second, Transport: b.fence},
	}
	b.Adapter, err = b.kind.Open(b.account)
	return func() { transport.CloseIdleConnections(); stop() }, err
}

// fence refuses requests that leave for another host than the fake's, and plays what stands between.
type fence struct {
	b    *bench
	host string
	next *http.Transport

	mu      sync.Mutex
	weather func(*http.Request, http.RoundTripper) (*http.Response, error) // nil: fair
}

func (f *fence) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != f.host {
		f.b.breach("a request left for another host: %s", r.URL.Host)
		return nil, &url.Error{Op: r.Method, URL: r.URL.Host, Err: fs.ErrPermission}
	}
	f.mu.Lock()
	weather := f.weather
	f.mu.Unlock()
	if weather != nil {
		return weather(r, f.next)
	}
	return f.next.RoundTrip(r)
}

func (f *fence) set(weather func(*http.Request, http.RoundTripper) (*http.Response, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.weather = weather
}

func (b *bench) breach(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if told := fmt.Sprintf(format, args...); !slices.Contains(b.breaches, told) { // many at once fail alike
		b.breaches = append(b.breaches, told)
	}
}

// message is a message to the kit's customer. Where an account sends templates only, its text is in the first of the
// template's variables.
func (b *bench) message(id, text string) adapters.Message {
	m := adapters.Message{ID: id, To: b.kit.To, Class: adapters.Reply, Text: text, Queued: time.Now()}
	if b.Capabilities().Templates != adapters.TemplatesAlways || b.kit.Template == nil {
		return m
	}
	filled := *b.kit.Template
	filled.Variables = maps.Clone(filled.Variables)
	for _, name := range slices.Sorted(maps.Keys(filled.Variables))[:min(1, len(filled.Variables))] {
		filled.Variables[name] = text
	}
	m.Text, m.Template = "", &filled
	return m
}

// send is Send, with the promises that hold for each: errors keep secrets, successes have ids.
func (b *bench) send(m adapters.Message) (adapters.Sent, error) {
	s, err := b.Send(b.ctx, m)
	if err == nil && len(s.IDs) == 0 {
		b.breach("a message was taken without an id of the provider")
	}
	b.discreet(err, m.Text)
	return s, err
}

// discreet checks that an error tells neither secrets nor whom and what was written.
func (b *bench) discreet(err error, text string) {
	if err == nil {
		return
	}
	told := fmt.Sprintf("%s %+v", err, err)
	for _, s := range b.kind.Settings {
		if v := b.account.Settings[s.Name]; s.Secret && v != "" && strings.Contains(told, v) {
			b.breach("an error tells the secret %s", s.Name)
		}
	}
	if id := strings.TrimPrefix(b.kit.To.ID, "+"); strings.Contains(told, id) || strings.Contains(told, url.QueryEscape(b.kit.To.ID)) {
		b.breach("an error tells the customer's address: %s", told)
	}
	if len(text) > 4 && strings.Contains(told, text) {
		b.breach("an error tells the text of the message: %s", told)
	}
}
