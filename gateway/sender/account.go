package sender

import (
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/hoidap/hoidap/adapters"
)

// Defaults for what capabilities leave open.
const (
	defaultInFlight = 16
	defaultTimeout  = 15 * time.Second
	operatorPause   = time.Minute // an account whose credentials or balance are refused is left alone for so long
)

// Account is one configured sender with its pace.
type Account struct {
	ID      string
	Adapter adapters.Adapter
	caps    adapters.Capabilities
	limiter *rate.Limiter
	flying  atomic.Int64
	paused  atomic.Int64 // Unix nanoseconds until which nothing is taken
}

// NewAccount prepares an account; perSecond 0 means no limit.
func NewAccount(id string, a adapters.Adapter, perSecond float64) *Account {
	limit, burst := rate.Limit(perSecond), max(1, int(perSecond/10))
	if perSecond == 0 {
		limit, burst = rate.Inf, 1
	}
	c := a.Capabilities()
	if c.InFlight == 0 {
		c.InFlight = defaultInFlight
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	return &Account{ID: id, Adapter: a, caps: c, limiter: rate.NewLimiter(limit, burst)}
}

// room is how many messages may be taken now.
func (a *Account) room(now time.Time) int {
	if now.UnixNano() < a.paused.Load() {
		return 0
	}
	free := a.caps.InFlight - int(a.flying.Load())
	if a.limiter.Limit() == rate.Inf {
		return free
	}
	return min(free, int(a.limiter.TokensAt(now)))
}

func (a *Account) pause(until time.Time) { a.paused.Store(until.UnixNano()) }

// next is how long until the pace allows another message; long where it does now.
func (a *Account) next(now time.Time) time.Duration {
	const long = time.Hour
	if a.limiter.Limit() == rate.Inf || now.UnixNano() < a.paused.Load() {
		return long
	}
	missing := 1 - a.limiter.TokensAt(now)
	if missing <= 0 {
		return long
	}
	return max(time.Millisecond, time.Duration(missing/float64(a.limiter.Limit())*float64(time.Second)))
}
