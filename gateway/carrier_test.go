package gateway_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
)

// carrier is a provider of which a test says, number by number, what it makes of messages. Its webhooks are the rig's fake's,
// and an echo of our own id.
type carrier struct {
	adapters.Adapter
	t      *testing.T
	repeat adapters.Repeat
	base   string // of the gateway

	mu     sync.Mutex
	acts   map[string]act      // by number; whoever has none is served
	calls  map[string]int      // by number
	phones map[string][]string // by number, the ids of what is shown
}

// act is what becomes of the n-th attempt to reach a number: shown says whether the phone shows it.
type act struct {
	attempt func(n int) (shown bool, err error)
	mute    bool // what became of it is never told, neither by a receipt nor when asked
}

func newCarrier(t *testing.T, repeat adapters.Repeat) *carrier {
	return &carrier{t: t, repeat: repeat, acts: map[string]act{}, calls: map[string]int{}, phones: map[string][]string{}}
}

// carries has the rig's account served by c.
func (c *carrier) carries(r *rig) {
	r.twist = func(t adapters.Type) adapters.Type {
		open := t.Open
		t.Open = func(acc adapters.Account) (adapters.Adapter, error) {
			a, err := open(acc)
			c.Adapter = a
			return c, err
		}
		return t
	}
}

func (c *carrier) Capabilities() adapters.Capabilities {
	caps := c.Adapter.Capabilities()
	caps.Repeat = c.repeat
	return caps
}

// Send makes of a message what the test says. One that is shown already is not shown again where the provider drops repeats.
func (c *carrier) Send(_ context.Context, m adapters.Message) (adapters.Sent, error) {
	c.mu.Lock()
	number := m.To.ID
	c.calls[number]++
	shown, err := true, error(nil)
	a, ok := c.acts[number]
	if ok {
		shown, err = a.attempt(c.calls[number])
	}
	if shown && !(c.repeat == adapters.Keyed && c.hasLocked(m)) {
		c.phones[number] = append(c.phones[number], m.ID)
	}
	c.mu.Unlock()
	if shown && c.repeat == adapters.Echoed && !a.mute {
		c.echo(m.ID)
	}
	return adapters.Sent{IDs: []string{"theirs-" + m.ID}, Units: 1}, err
}

func (c *carrier) hasLocked(m adapters.Message) bool {
	for _, id := range c.phones[m.To.ID] {
		if id == m.ID {
			return true
		}
	}
	return false
}

// Find implements adapters.Finder.
func (c *carrier) Find(_ context.Context, m adapters.Message) (adapters.Sent, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.acts[m.To.ID].mute {
		return adapters.Sent{}, false, errors.New("the provider's list is not there")
	}
	return adapters.Sent{IDs: []string{"theirs-" + m.ID}}, c.hasLocked(m), nil
}

// echoOf is the header of a webhook call that tells which message of ours was taken.
const echoOf = "X-Echo-Of"

func (c *carrier) echo(id string) {
	req, err := http.NewRequest(http.MethodPost, c.base+"/hooks/sms", strings.NewReader(""))
	if err == nil {
		req.Header.Set(echoOf, id)
		var resp *http.Response
		if resp, err = http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
		}
	}
	if err != nil {
		c.t.Errorf("the echo of %s did not get through: %v", id, err)
	}
}

func (c *carrier) Decode(r adapters.Request) (adapters.Decoded, error) {
	if id := r.Header.Get(echoOf); id != "" {
		return adapters.Decoded{Events: []adapters.Event{{Kind: adapters.Report, ID: "echo-" + id, Ours: id, Status: adapters.SentOn, At: r.At}}}, nil
	}
	return c.Adapter.Decode(r)
}

// plays has the next attempts to reach a number played.
func (c *carrier) plays(number string, a act) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acts[number] = a
}

// saw is how often the provider was called for a number, and how many messages its phone shows.
func (c *carrier) saw(number string) (calls, shown int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls[number], len(c.phones[number])
}

// once answers the first attempt in one way, and takes the others.
func once(shown bool, err error) func(int) (bool, error) {
	return func(n int) (bool, error) {
		if n == 1 {
			return shown, err
		}
		return true, nil
	}
}

// ever answers every attempt in one way.
func ever(shown bool, err error) func(int) (bool, error) {
	return func(int) (bool, error) { return shown, err }
}

// carried starts a rig whose account is served by c.
func carried(t *testing.T, c *carrier, changes ...change) *rig {
	t.Helper()
	r := newRig(t, append(changes, c.carries)...)
	c.base = r.base
	return r
}

// says is how the contact's one message ended by its ledger, and why; "": it has not ended.
func (r *rig) says(id string) (status, reason string) {
	r.t.Helper()
	for _, e := range r.ledger(id) {
		switch e.Kind {
		case "message.sent", "message.failed", "message.not_sent":
			require.Empty(r.t, status, "a message ends once")
			status, reason = strings.TrimPrefix(e.Kind, "message."), e.Reason
		}
	}
	return status, reason
}
