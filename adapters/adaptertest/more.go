package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// beyondLimits: what is more than the capabilities say is refused; a part of it would change what is asked.
func beyondLimits(b *bench) {
	c := b.Capabilities()
	if c.Templates == adapters.TemplatesAlways {
		return
	}
	option := adapters.Option{Label: "a", Payload: "p"}
	refused := func(what string, m adapters.Message) {
		before := len(b.fake.Shown(b.kit.To))
		if _, err := b.send(m); faultOf(err) != adapters.BadMessage {
			b.breach("%s beyond the limit: Send says %v, want BadMessage", what, err)
		}
		if len(b.fake.Shown(b.kit.To)) != before {
			b.breach("%s beyond the limit arrived somehow", what)
		}
	}
	m := b.message("options", "Gu nào ạ?")
	for range c.Options.Max + 1 {
		m.Options = append(m.Options, option)
	}
	refused("an option", m)
	if c.Options.Max > 0 {
		m.Options = []adapters.Option{{Label: strings.Repeat("ế", c.Options.LabelMax+1), Payload: "p"}}
		refused("a label", m)
		m.Options = []adapters.Option{{Label: "a", Payload: strings.Repeat("p", c.Options.PayloadMax+1)}}
		refused("a payload", m)
	}
	m = b.message("media", "Đây ạ")
	m.Media = pictures(c.MediaMax + 1)
	refused("a picture", m)
}

func pictures(n int) (out []adapters.Media) {
	for i := range n {
		out = append(out, adapters.Media{URL: fmt.Sprintf("https://img.example.com/%d.jpg", i), Type: "image/jpeg"})
	}
	return out
}

func mediaLimit(b *bench) {
	n := b.Capabilities().MediaMax
	if n == 0 {
		return
	}
	m := b.message("media", "Đây ạ")
	m.Media = pictures(n)
	b.arrives(m)
	if shown := b.fake.Shown(b.kit.To); len(shown) > 0 {
		var want, got []string
		for _, x := range m.Media {
			want = append(want, x.URL)
		}
		for _, x := range shown[len(shown)-1].Media {
			got = append(got, x.URL)
		}
		if !reflect.DeepEqual(got, want) {
			b.breach("pictures arrived as %v, want %v", got, want)
		}
	}
}

func templates(b *bench) {
	if b.Capabilities().Templates == adapters.TemplatesNever {
		return
	}
	if b.kit.Template == nil {
		b.breach("the account sends templates, and the kit has none")
		return
	}
	m := b.message("template", "")
	m.Template = b.kit.Template
	if _, err := b.send(m); err != nil {
		b.breach("a template is refused: %v", err)
		return
	}
	shown := b.fake.Shown(b.kit.To)
	if len(shown) == 0 || !reflect.DeepEqual(shown[len(shown)-1].Template, m.Template) {
		b.breach("the template did not arrive as it was sent: %+v", shown)
	}
}

// largeIDs sees to it that the other laws try ids that a float of 64 bits cannot hold: those are what JSON readers break.
func largeIDs(b *bench) {
	small := func(id string) bool {
		n, err := strconv.ParseInt(id, 10, 64)
		return err == nil && n <= 1<<53
	}
	if b.kit.To.Scheme != address.Tel && small(b.kit.To.ID) {
		b.breach("the kit's customer %s has a number that a float holds: take one beyond 2^53, such as 9007199254740993", b.kit.To.ID)
	}
	s, err := b.send(b.message("m1", "một"))
	if err != nil {
		return // told of elsewhere
	}
	for _, id := range s.IDs {
		if small(id) {
			b.breach("the fake's ids are numbers that a float holds: begin beyond 2^53")
		}
	}
}

func batches(b *bench) {
	f, ok := b.fake.(Batcher)
	if !ok {
		return
	}
	events := b.events()
	r, ok := f.Batch(events)
	if !ok {
		b.breach("the fake tells no batch")
		return
	}
	got, err := b.Decode(r)
	if err != nil || len(got.Events) != len(events) {
		b.breach("a batch of %d became %d events, %v", len(events), len(got.Events), err)
		return
	}
	for i, want := range events {
		want.ID = got.Events[i].ID
		if !reflect.DeepEqual(got.Events[i], want) {
			b.breach("in a batch %+v became %+v", want, got.Events[i])
		}
	}
}

func handshakes(b *bench) {
	for _, h := range b.kit.Handshakes {
		got, err := b.Decode(h.Request)
		if err != nil || len(got.Events) > 0 || !sameAnswer(got.Answer, h.Answer) {
			b.breach("the handshake %s %s is answered with %+v, %d events, %v", h.Request.Method, h.Request.URL, got.Answer, len(got.Events), err)
		}
		for i := 0; h.Token != "" && i < len(h.Token); i++ {
			x := h.Request
			x.URL = strings.Replace(x.URL, h.Token, flip(h.Token, i), 1)
			x.Body = []byte(strings.Replace(string(x.Body), h.Token, flip(h.Token, i), 1))
			for name, v := range x.Header {
				if len(v) > 0 && strings.Contains(v[0], h.Token) {
					x.Header = x.Header.Clone()
					x.Header.Set(name, strings.Replace(v[0], h.Token, flip(h.Token, i), 1))
				}
			}
			b.forged("a handshake with a flipped token", x)
		}
	}
}

func sameAnswer(a, want adapters.Answer) bool {
	status := func(n int) int {
		if n == 0 {
			return 200
		}
		return n
	}
	for name := range want.Header {
		if a.Header.Get(name) != want.Header.Get(name) {
			return false
		}
	}
	return status(a.Status) == status(want.Status) && string(a.Body) == string(want.Body)
}

func unknownKinds(b *bench) {
	for _, r := range b.kit.Unknown {
		d, err := b.Decode(r)
		if err != nil || len(d.Ignored) == 0 || d.Ignored[0].Kind == "" || len(d.Ignored[0].Raw) == 0 || d.Answer.Status >= 300 {
			b.breach("of a call of unknown kind, %.200q, Decode made %d events and %q to ignore, error: %v; want it acknowledged and in Ignored, with the provider's word for its kind and the piece", r.Body, len(d.Events), d.Ignored, err)
		}
	}
}

// atOnce is for the race detector most of all.
func atOnce(b *bench) {
	const n = 16
	before := len(b.fake.Shown(b.kit.To))
	var all sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]bool{}
	for i := range n {
		all.Go(func() {
			m := b.message("at-once-"+strconv.Itoa(i), "tin số "+strconv.Itoa(i))
			s, err := b.Send(b.ctx, m)
			if err != nil || len(s.IDs) == 0 {
				b.breach("one of %d at once: %v", n, err)
				return
			}
			mu.Lock()
			ids[s.IDs[0]] = true
			mu.Unlock()
		})
		all.Go(func() {
			for _, e := range b.events() {
				if r, ok := b.fake.Hook(e); ok {
					if _, err := b.Decode(r); err != nil {
						b.breach("one of many at once: %v", err)
					}
				}
			}
		})
	}
	all.Wait()
	if got := len(b.fake.Shown(b.kit.To)) - before; got != n || len(ids) != n {
		b.breach("of %d messages at once %d are shown, with %d ids", n, got, len(ids))
	}
}

var errFull = errors.New("the events cannot be stored")

// listen lets a Listener run until the law is over, and waits for its session and for its end.
func (b *bench) listen() (stop func()) {
	l, ok := b.Adapter.(adapters.Listener)
	if !ok {
		return func() {}
	}
	b.heard = make(chan []adapters.Event, 64)
	ctx, cancel := context.WithCancel(b.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = l.Listen(ctx, b.accept)
	}()
	if w, ok := b.fake.(Waiter); ok {
		if err := w.Ready(b.ctx); err != nil {
			b.breach("no session: %v", err)
		}
	}
	return func() {
		cancel()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			b.breach("Listen goes on after its end")
		}
	}
}

func (b *bench) accept(ctx context.Context, events []adapters.Event) error {
	if b.deaf.Load() {
		return errFull
	}
	select {
	case b.heard <- events:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	default:
		return errFull // nobody reads: a law that does not listen
	}
}

// sessions: what a provider tells in a session is understood, and acknowledged only once it is stored.
func sessions(b *bench) {
	f, ok := b.fake.(Teller)
	if !ok {
		return
	}
	if _, ok := b.Adapter.(adapters.Listener); !ok {
		b.breach("the provider keeps a session, and the adapter is no Listener")
		return
	}
	ids := map[string]bool{}
	for _, want := range b.events() {
		if err := f.Tell(b.ctx, want); err != nil {
			b.breach("%+v is not acknowledged: %v", want, err)
			continue
		}
		var got []adapters.Event
		select {
		case got = <-b.heard:
		case <-b.ctx.Done():
		}
		if len(got) != 1 || got[0].ID == "" || ids[got[0].ID] {
			b.breach("told %+v, understood %+v", want, got)
			continue
		}
		ids[got[0].ID] = true
		want.ID, want.At = got[0].ID, got[0].At // a session tells no time of its own
		if got[0].At.IsZero() || !reflect.DeepEqual(got[0], want) {
			b.breach("told %+v\nunderstood %+v", want, got[0])
		}
	}
	b.deaf.Store(true)
	for _, e := range b.events() {
		if err := f.Tell(b.ctx, e); err == nil {
			b.breach("%s was acknowledged and is not stored", e.Kind)
		}
	}
}

// vault keeps tokens for one law.
type vault struct {
	mu     sync.Mutex
	tokens map[string]string
}

// Get implements adapters.Vault, as does Swap.
func (v *vault) Get(_ context.Context, name string) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.tokens[name], nil
}

func (v *vault) Swap(_ context.Context, name, old, fresh string) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tokens[name] != old {
		return false, nil
	}
	if v.tokens == nil {
		v.tokens = map[string]string{}
	}
	v.tokens[name] = fresh
	return true, nil
}
