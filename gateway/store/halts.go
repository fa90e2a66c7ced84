package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// haltsKey has the accounts that are paused or drained. Its name is that of the channel that tells of changes, too.
const haltsKey = "{hoidap}:halts"

// Halt is that an account is paused or drained, by whom, why and since when.
type Halt struct {
	State  string    `json:"-"` // as it was given to Store.Halt
	By     string    `json:"by"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"` // read back in UTC, so that halts can be compared
}

// Halt puts an account into a state. Where it is in that state already, that one stands; another gives way. It returns
// what holds.
func (s *Store) Halt(ctx context.Context, account string, h Halt) (Halt, error) {
	b, err := json.Marshal(h)
	if err != nil {
		return Halt{}, err
	}
	v, err := s.scripts.halt.Run(ctx, s.rdb, []string{haltsKey}, account, h.State, h.State+"|"+string(b)).Text()
	if err != nil {
		return Halt{}, unavailable("halting an account", err)
	}
	s.tellHalts(ctx)
	return haltOf(v), nil
}

// Unhalt lets an account go on; was says what that ended, and is zero where nothing held it.
func (s *Store) Unhalt(ctx context.Context, account string) (was Halt, err error) {
	p := s.rdb.TxPipeline()
	before := p.HGet(ctx, haltsKey, account)
	p.HDel(ctx, haltsKey, account)
	if err := exec(ctx, p, "resuming an account"); err != nil {
		return Halt{}, err
	}
	s.tellHalts(ctx)
	return haltOf(before.Val()), nil
}

// Halts reads which accounts are halted.
func (s *Store) Halts(ctx context.Context) (map[string]Halt, error) {
	v, err := s.rdb.HGetAll(ctx, haltsKey).Result()
	if err != nil {
		return nil, unavailable("reading which accounts are halted", err)
	}
	halts := make(map[string]Halt, len(v))
	for account, x := range v {
		halts[account] = haltOf(x)
	}
	return halts, nil
}

// tellHalts lets every replica look at once. That it is heard is a convenience: they look by themselves too.
func (s *Store) tellHalts(ctx context.Context) {
	s.rdb.Publish(ctx, haltsKey, "") //nolint:errcheck // as above
}

// WatchHalts tells what Halts reads, whenever somebody changed it and at least every so often, until ctx ends.
func (s *Store) WatchHalts(ctx context.Context, every time.Duration, tell func(map[string]Halt, error)) {
	s.watch(ctx, haltsKey, every, func(ctx context.Context) func() {
		h, err := s.Halts(ctx)
		return func() { tell(h, err) }
	})
}

// watch looks whenever something is said on a channel, and at least every so often, until ctx ends.
func (s *Store) watch(ctx context.Context, channel string, every time.Duration, look func(context.Context) (tell func())) {
	news := s.rdb.Subscribe(ctx, channel)
	defer news.Close() //nolint:errcheck // only read
	heard := news.Channel(redis.WithChannelSize(1))
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-heard:
			if !ok {
				heard = nil
			}
		case <-tick.C:
		}
		looking, cancel := context.WithTimeout(ctx, lookTimeout)
		tell := look(looking)
		cancel()
		if ctx.Err() == nil {
			tell()
		}
	}
}

// haltOf reads a stored halt. One that cannot be read holds all the same, under the state that it begins with.
func haltOf(v string) Halt {
	state, rest, _ := strings.Cut(v, "|")
	h := Halt{}
	if json.Unmarshal([]byte(rest), &h) != nil {
		h = Halt{}
	}
	h.State, h.At = state, h.At.UTC()
	return h
}
