// Package adaptertest holds adapters to their contract. An adapter's author brings a Kit, which knows the provider, and
// calls Run, which knows the contract:
//
//	func TestContract(t *testing.T) {
//		adaptertest.Run(t, adaptertest.Kit{
//			Open:      func() (adapters.Type, adaptertest.Fake) { return acme.Type(), fake.New() },
//			Channel:   address.SMS,
//			Settings:  map[string]string{"token": "..."},
//			To:        address.Address{Scheme: "tel", ID: "+84901234567"},
//			Signature: "X-Acme-Signature", SignsURL: true, SignsBody: true,
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
	"context"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
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

// Kit is what the kit must know of an adapter.
type Kit struct {
	Open     func() (adapters.Type, Fake) // both fresh
	Channel  address.Channel
	Settings map[string]string // without base_url
	To       address.Address   // a customer who can be reached

	Signature string // the header that authenticates webhooks
	SignsURL  bool   // the signature covers the URL
	SignsBody bool   // the signature covers the body

	Events   []adapters.Event // what the provider can tell; ids are the adapter's own
	Recorded fs.FS            // *.txtar, see recorded.go; nil: none
}

// Run tests each law with a provider and an account of its own.
func Run(t *testing.T, k Kit) {
	t.Helper()
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			for _, breach := range k.hold(t.Context(), l) {
				t.Error(breach)
			}
		})
	}
}

// Breaches gives what Run would complain about, by the law's name. It is how the kit itself is tested.
func Breaches(ctx context.Context, k Kit) map[string][]string {
	found := map[string][]string{}
	for _, l := range laws {
		if b := k.hold(ctx, l); len(b) > 0 {
			found[l.name] = b
		}
	}
	return found
}

// law is one promise of the contract.
type law struct {
	name string
	hold func(*bench)
}

// bench is one law's own provider and account.
type bench struct {
	adapters.Adapter
	kit      Kit
	kind     adapters.Type
	fake     Fake
	account  adapters.Account
	ctx      context.Context
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
	settings := maps.Clone(k.Settings)
	host := ""
	if h, ok := b.fake.(http.Handler); ok {
		server := httptest.NewServer(h)
		defer server.Close()
		settings["base_url"] = server.URL
		host = strings.TrimPrefix(server.URL, "http://")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	b.account = adapters.Account{
		ID: "main", Channel: k.Channel, Settings: settings, WebhookURL: Webhook,
		HTTPClient: &http.Client{Timeout: 20 * time.Second, Transport: &fence{b, host, transport}},
	}
	a, err := b.kind.Open(b.account)
	if err != nil {
		return []string{"the account does not open: " + err.Error()}
	}
	b.Adapter = a
	l.hold(b)
	return b.breaches
}

// fence refuses requests that leave for another host than the fake's.
type fence struct {
	b    *bench
	host string
	next http.RoundTripper
}

func (f *fence) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != f.host {
		f.b.breach("a request left for another host: %s", r.URL.Host)
		return nil, &url.Error{Op: r.Method, URL: r.URL.Host, Err: fs.ErrPermission}
	}
	return f.next.RoundTrip(r)
}

func (b *bench) breach(format string, args ...any) {
	b.breaches = append(b.breaches, fmt.Sprintf(format, args...))
}

// message is a message to the kit's customer.
func (b *bench) message(id, text string) adapters.Message {
	return adapters.Message{ID: id, To: b.kit.To, Class: adapters.Reply, Text: text, Queued: time.Now()}
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
