package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// bellChannel is where replicas tell each other that partitions came free or that somebody joined. Whoever misses it
// finds out at its next round.
const bellChannel = "{hoidap}:bell"

// Living is who works on this Redis.
type Living struct {
	Owners []string      // oneself among them
	New    bool          // oneself was not among them before
	Next   time.Duration // until the first of the others is taken for dead, unless it says that it lives; 0: there are none
}

// Join says that owner lives, for as long as a lease does, and returns who lives. All times are Redis's, so that replicas
// whose clocks differ agree.
func (s *Store) Join(ctx context.Context, owner string) (Living, error) {
	v, err := s.scripts.join.Run(ctx, s.rdb, []string{replicasKey}, owner, s.leaseTTL.Milliseconds()).Slice()
	if err != nil {
		return Living{}, unavailable("counting replicas", err)
	}
	return livingOf(v, owner)
}

func livingOf(v []any, owner string) (l Living, err error) {
	scored, _ := v[2].([]any)
	now, err := strconv.ParseFloat(text(v[1]), 64)
	if err != nil {
		return Living{}, fmt.Errorf("counting replicas: %w", err)
	}
	l.New = v[0] == int64(1)
	for pair := range slices.Chunk(scored, 2) {
		name := text(pair[0])
		until, err := strconv.ParseFloat(text(pair[1]), 64)
		if err != nil {
			return Living{}, fmt.Errorf("counting replicas: %w", err)
		}
		l.Owners = append(l.Owners, name)
		if left := time.Duration(until-now) * time.Millisecond; name != owner && (l.Next == 0 || left < l.Next) {
			l.Next = left
		}
	}
	return l, nil
}

// Leave takes owner off the list of living replicas.
func (s *Store) Leave(ctx context.Context, owner string) error {
	return unavailable("leaving", s.rdb.ZRem(ctx, replicasKey, owner).Err())
}

// Ring has the other replicas look at once whether there is something to take or to give.
func (s *Store) Ring(ctx context.Context, owner string) error {
	return unavailable("telling the other replicas", s.rdb.Publish(ctx, bellChannel, owner).Err())
}

// bell hears the others' rings. It connects again by itself.
func (s *Store) bell(ctx context.Context) *redis.PubSub { return s.rdb.Subscribe(ctx, bellChannel) }

// rung reports whether what came over the bell calls for a round: somebody else's ring, or that the bell is (again)
// connected, after which something may have been missed.
func rung(m any, owner string) bool {
	message, ok := m.(*redis.Message)
	return !ok || message.Payload != owner
}
