// Package phone is the phone in the browser: a channel like any other, in the same process. It lets the demo and tests
// walk the real path, from the campaign to Send and from the webhook to the answer, without any provider.
//
// A hub (Phone) plays all customers' phones. Type makes an adapter type of it; an account of that type may be any
// channel, and several accounts share the hub. What the customer types arrives at the account's webhook as JSON:
//
//	POST /hooks/{account}   X-Phone-Token: <the account's token>
//	{"from": "tel:+84901234567", "text": "dạ 2 nha", "payload": "", "id": "optional"}
package phone

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// Bounds of the memory: a phone forgets its oldest messages, and the hub the phone that was quiet longest.
const (
	messagesMax = 200
	phonesMax   = 10_000
	buffered    = 64 // messages that a slow subscriber may be behind
)

// Message is one line on a phone.
type Message struct {
	ID      string // the provider's, ours to choose
	Account string // by which it was sent
	Channel address.Channel
	To      address.Address
	Text    string
	Options []adapters.Option
	Media   []adapters.Media
	At      time.Time
	Mine    bool // the customer's own
}

// Phone is the hub. Its methods may be called concurrently.
type Phone struct {
	mu     sync.Mutex
	phones map[address.Address]*one
	seq    int
	clock  func() time.Time
}

// one is one customer's phone.
type one struct {
	messages []Message
	sent     map[string]string // Message.ID of the gateway -> ours, for the messages above
	ours     []string          // the same in order; "" for the customer's own
	unread   []unread
	watchers map[chan Message]struct{}
	touched  int // Phone.seq at the last change
}

// unread is a message whose sender wants to know when it is read.
type unread struct {
	from  *account
	event adapters.Event
}

// New makes a hub.
func New() *Phone { return &Phone{phones: map[address.Address]*one{}, clock: time.Now} }

// Messages gives what a phone shows, oldest first.
func (p *Phone) Messages(a address.Address) []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o := p.phones[a]; o != nil {
		return slices.Clone(o.messages)
	}
	return nil
}

// Phones lists the addresses that have a phone, the one used last first.
func (p *Phone) Phones() []address.Address {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := slices.Collect(maps.Keys(p.phones))
	slices.SortFunc(all, func(a, b address.Address) int { return p.phones[b].touched - p.phones[a].touched })
	return all
}

// Subscribe gives the messages of a phone from now on, until cancel. While somebody is subscribed, messages count as
// read. A subscriber who is too far behind misses some and finds them in Messages.
func (p *Phone) Subscribe(a address.Address) (messages <-chan Message, cancel func()) {
	ch := make(chan Message, buffered)
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.phone(a)
	o.watchers[ch] = struct{}{}
	o.read(p.clock())
	return ch, sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(o.watchers, ch)
		close(ch)
	})
}

// Typed puts a line of the customer's own on the phone. It sends nothing: whoever plays the customer calls the webhook.
func (p *Phone) Typed(a address.Address, text string) Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.phone(a)
	return p.add(o, Message{To: a, Text: text, Mine: true}, "")
}

// deliver shows a message once, however often it is sent, and gives its id.
func (p *Phone) deliver(from *account, m adapters.Message) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.phone(m.To)
	if id, ok := o.sent[m.ID]; ok {
		return id
	}
	shown := p.add(o, Message{
		Account: from.id, Channel: from.channel, To: m.To, Text: m.Text, Options: slices.Clone(m.Options), Media: slices.Clone(m.Media),
	}, m.ID)
	e := adapters.Event{Kind: adapters.Report, From: m.To, At: shown.At, Ours: m.ID, Theirs: shown.ID}
	from.tell(with(e, adapters.Delivered))
	o.unread = append(o.unread, unread{from, with(e, adapters.Read)})
	if len(o.watchers) > 0 {
		o.read(shown.At)
	}
	return shown.ID
}

func with(e adapters.Event, s adapters.Status) adapters.Event {
	e.ID, e.Status = e.Theirs+"/"+string(s), s
	return e
}

// read tells the senders that the customer looks at the phone. The lock is held.
func (o *one) read(now time.Time) {
	for _, u := range o.unread {
		u.event.At = now
		u.from.tell(u.event)
	}
	o.unread = nil
}

// phone finds or makes a phone. The lock is held.
func (p *Phone) phone(a address.Address) *one {
	o := p.phones[a]
	if o == nil {
		p.forget()
		o = &one{sent: map[string]string{}, watchers: map[chan Message]struct{}{}}
		p.phones[a] = o
	}
	p.seq++
	o.touched = p.seq
	return o
}

// forget makes room for one more phone: the quietest that nobody watches goes.
func (p *Phone) forget() {
	if len(p.phones) < phonesMax {
		return
	}
	var quiet address.Address
	least := p.seq + 1
	for a, o := range p.phones {
		if o.touched < least && len(o.watchers) == 0 {
			quiet, least = a, o.touched
		}
	}
	delete(p.phones, quiet)
}

// add shows a message to those who look. The lock is held.
func (p *Phone) add(o *one, m Message, ours string) Message {
	p.seq++
	m.ID, m.At = "phone-"+strconv.Itoa(p.seq), p.clock()
	if len(o.messages) == messagesMax {
		delete(o.sent, o.ours[0])
		o.messages, o.ours = slices.Delete(o.messages, 0, 1), slices.Delete(o.ours, 0, 1)
	}
	o.messages, o.ours = append(o.messages, m), append(o.ours, ours)
	if ours != "" {
		o.sent[ours] = m.ID
	}
	if len(o.unread) >= messagesMax {
		o.unread = slices.Delete(o.unread, 0, 1)
	}
	for w := range o.watchers {
		select {
		case w <- m:
		default:
		}
	}
	return m
}
