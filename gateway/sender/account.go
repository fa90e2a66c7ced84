package sender

import (
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/health"
)

// Defaults for what capabilities leave open.
const (
	defaultInFlight = 16
	defaultTimeout  = 15 * time.Second
	operatorPause   = time.Minute // an account whose credentials or balance are refused is left alone for so long
)

// How an account finds its pace.
const (
	firstInFlight = 32                     // sends at once to begin with; more as long as the provider takes them
	prefetchFor   = 50 * time.Millisecond  // of the rate is fetched ahead, so that not each message asks Redis
	prefetchMost  = 1000                   //
	slowest       = 1.0 / 64               // of the configured rate, however often the provider asks for patience
	regainEvery   = time.Second            // after which a slowed account becomes a tenth quicker
	landingMost   = 2048                   // messages that were sent and not written down yet
	breakAfter    = 10                     // attempts in a row that the provider did not answer, or not with sense
	breakFor      = 5 * time.Second        // before one message is tried
	slowDownEvery = 500 * time.Millisecond // many messages in flight are told the same thing at once: that counts as one
)

// Account is one configured sender with its pace. Its methods may be called concurrently.
type Account struct {
	ID      string
	Adapter adapters.Adapter
	Lighten bool          // write Vietnamese without marks where that takes fewer SMS segments
	Watch   *health.Watch // who is told what comes of messages; nil: nobody
	caps    adapters.Capabilities
	rate    float64                               // messages a second, shared by all replicas; 0: no limit
	breaker *gobreaker.TwoStepCircuitBreaker[any] // set by New
	wake    chan struct{}

	mu      sync.Mutex
	tokens  int       // of the rate, fetched and not spent
	limit   int       // sends at once, as far as the provider has shown to take them
	sending int       // in the provider's hands, or about to be
	landing int       // sent and not written down yet, or waiting to be settled
	paused  time.Time // until then nothing is taken
	patient time.Time // until then the provider asked for patience
	pace    float64   // of the configured rate, 1 unless the provider asked for patience
	slowed  time.Time // when that was
	full    bool      // whoever takes from the queues waits for room
}

// NewAccount prepares an account; perSecond 0 means no limit.
func NewAccount(id string, a adapters.Adapter, perSecond float64) *Account {
	c := a.Capabilities()
	if c.InFlight == 0 {
		c.InFlight = defaultInFlight
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	return &Account{ID: id, Adapter: a, caps: c, rate: perSecond, wake: make(chan struct{}, 1), limit: min(c.InFlight, firstInFlight), pace: 1}
}

// goneAccount stands for one that is not configured any more.
func goneAccount(id string) *Account {
	return &Account{ID: id, wake: make(chan struct{}, 1), limit: defaultInFlight, pace: 1}
}

// room is how many messages may be taken now, by the provider's patience; the rate is asked apart. Where there is none,
// the one who asked is roused once there is.
func (a *Account) room(now time.Time) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := a.roomLocked(now)
	a.full = n <= 0
	return n
}

// more: there may be room again. a.mu is held.
func (a *Account) more() {
	if a.full {
		a.full = false
		a.rouse()
	}
}

func (a *Account) roomLocked(now time.Time) int {
	if now.Before(a.paused) {
		return 0
	}
	room := min(a.limit-a.sending, landingMost-a.landing-a.sending)
	switch a.breaker.State() {
	case gobreaker.StateOpen:
		return 0
	case gobreaker.StateHalfOpen:
		return min(room, 1-a.sending)
	}
	return room
}

// reserve takes room for one message that is sent at once, whether there is any or not where it follows another: that one
// had room, to the same contact and of the same turn, so that a turn's entries bound how many go beyond it.
func (a *Account) reserve(now time.Time, follows bool) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !follows && (a.roomLocked(now) <= 0 || a.rate > 0 && a.tokens == 0) {
		return false
	}
	a.take()
	return true
}

// take counts a message as being sent.
func (a *Account) take() {
	a.sending++
	if a.rate > 0 {
		a.tokens = max(0, a.tokens-1)
	}
}

// taken counts a message as being sent that was taken off the queues.
func (a *Account) taken() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.take()
}

// sent: a message has left the provider's hands and waits to be written down.
func (a *Account) sent() {
	a.mu.Lock()
	a.sending--
	a.landing++
	a.more()
	a.mu.Unlock()
}

// landed: it has been written down.
func (a *Account) landed() {
	a.mu.Lock()
	a.landing--
	a.more()
	a.mu.Unlock()
}

// unused gives the room for one message back.
func (a *Account) unused() {
	a.mu.Lock()
	a.sending--
	a.more()
	a.mu.Unlock()
}

// flying is how many messages are in the provider's hands.
func (a *Account) flying() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sending
}

func (a *Account) rouse() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// pause takes nothing until then.
func (a *Account) pause(until time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if until.After(a.paused) {
		a.paused = until
	}
}

// throttled: the provider asks for patience until then. Fewer messages are sent at once afterwards, and fewer a second.
func (a *Account) throttled(now, until time.Time) {
	a.pause(until)
	a.mu.Lock()
	defer a.mu.Unlock()
	if until.After(a.patient) {
		a.patient = until
	}
	if now.Sub(a.slowed) < slowDownEvery {
		return
	}
	a.slowed = now
	a.limit = max(1, a.limit/2)
	a.pace = max(slowest, a.pace/2)
	a.tokens = 0
}

// accepted: the provider took a message. One more may be sent at once, and a slowed account regains its pace by and by.
func (a *Account) accepted(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.limit < a.caps.InFlight && now.Sub(a.slowed) >= regainEvery {
		a.limit++
	}
	if a.pace < 1 && now.Sub(a.slowed) >= regainEvery {
		a.slowed, a.pace = now, min(1, a.pace*1.1)
	}
}

// need is how many more of the rate should be fetched for want messages, and at which rate; 0: enough are there.
func (a *Account) need(want int) (n int, perSecond float64, burst int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rate == 0 || a.tokens >= want {
		return 0, 0, 0
	}
	perSecond = a.rate * a.pace
	burst = max(1, int(perSecond/10))
	ahead := min(prefetchMost, max(1, int(perSecond*prefetchFor.Seconds())))
	return min(burst, ahead), perSecond, burst
}

// fetched adds to what may be sent of the rate.
func (a *Account) fetched(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tokens += n
}

// allowed is how many of want the rate allows, of what was fetched.
func (a *Account) allowed(want int) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rate == 0 {
		return want
	}
	return min(want, a.tokens)
}

// spend takes one message's share of what was fetched of the rate.
func (a *Account) spend() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rate > 0 && a.tokens == 0 {
		return false
	}
	a.tokens = max(0, a.tokens-1)
	return true
}

// Seen is what is seen of the account, and how it goes right now.
func (a *Account) Seen(now time.Time) health.Seen {
	s := a.Watch.Seen(now)
	s.Away = a.breaker.State() != gobreaker.StateClosed
	a.mu.Lock()
	defer a.mu.Unlock()
	s.InFlight, s.Pace = a.sending, a.pace
	if a.patient.After(now) {
		s.Until = a.patient
	}
	return s
}

// pausedFor is how long nothing is taken yet.
func (a *Account) pausedFor(now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return max(0, a.paused.Sub(now))
}
