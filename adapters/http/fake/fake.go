// Package fake plays three invented providers whose wire formats have little in common, as local aggregators' have. Each
// is written from a sheet of documentation that stands above its wire, and knows nothing of the adapter.
package fake

import (
	"net/http"
	"strings"
	"sync"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options are the account at the provider.
type Options struct {
	Webhook        string // as it was given to the provider, secret and all
	User, Password string
	Token          string
	Sender         string
	HookKey        string // by which webhooks are signed
	SignKey        string // by which requests are
}

// wire is how a provider writes and reads.
type wire interface {
	breaks() map[adapters.Fault][]fakekit.Play
	api(p *Provider, w http.ResponseWriter, r *http.Request)
	hook(p *Provider, events []adapters.Event) (adapters.Request, bool)
}

// Provider plays one of the three.
type Provider struct {
	*fakekit.Provider
	o    Options
	wire wire

	mu    sync.Mutex
	taken map[string]int64 // our reference to the provider's id
}

// NewJSON plays Sao, which speaks JSON and signs.
func NewJSON(o Options) *Batching { return &Batching{newProvider(o, sao{})} }

// NewForm plays Nhanh, which takes GETs and answers forms.
func NewForm(o Options) *Provider { return newProvider(o, nhanh{}) }

// NewXML plays Thu, which speaks XML both ways.
func NewXML(o Options) *Provider { return newProvider(o, thu{}) }

func newProvider(o Options, w wire) *Provider {
	p := &Provider{o: o, wire: w, taken: map[string]int64{}}
	p.Provider = fakekit.New(o.Webhook, w.breaks(), func(rw http.ResponseWriter, r *http.Request) { w.api(p, rw, r) })
	return p
}

// Hook is an event as the provider tells it; false where it tells no such thing.
func (p *Provider) Hook(e adapters.Event) (adapters.Request, bool) {
	return p.wire.hook(p, []adapters.Event{e})
}

// Batching is a provider that tells several events in one call.
type Batching struct{ *Provider }

// Batch is several events in one call.
func (b *Batching) Batch(events []adapters.Event) (adapters.Request, bool) {
	return b.wire.hook(b.Provider, events)
}

// take shows a message, and gives its id; again is true where the reference is known.
func (p *Provider) take(phone, text, ref string) (id int64, again bool) {
	id = p.Next()
	p.mu.Lock()
	was, again := p.taken[ref]
	if again {
		id = was
	}
	p.taken[ref] = id
	p.mu.Unlock()
	if !again {
		p.Show(adapters.Message{To: address.Address{Scheme: address.Tel, ID: "+84" + strings.TrimPrefix(strings.TrimPrefix(phone, "84"), "0")}, Text: text})
	}
	return id, again
}

func play(status int, body string) fakekit.Play { return fakekit.Play{Status: status, Body: body} }

// bare is a number without its plus.
func bare(a address.Address) string { return strings.TrimPrefix(a.ID, "+") }
