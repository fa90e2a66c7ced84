package store

import (
	"context"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// healthFor is how long what was told of an account is kept, beside what its replicas say of it.
const healthFor = 30 * 24 * time.Hour

// TellHealth keeps what a replica says of accounts, until it says something new or ttl is over.
func (s *Store) TellHealth(ctx context.Context, replica string, said map[string][]byte, ttl time.Duration) error {
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for account, body := range said {
			s.scripts.health.EvalSha(ctx, p, []string{seenByKey(account)}, replica, ttl.Milliseconds(), body)
		}
	})
	for _, c := range cmds {
		err = firstOf(err, c.Err())
	}
	return unavailable("telling how accounts are", err)
}

// ForgetHealth takes back what a replica said: it stops.
func (s *Store) ForgetHealth(ctx context.Context, replica string, accounts []string) error {
	p := s.rdb.Pipeline()
	for _, a := range accounts {
		p.HDel(ctx, seenByKey(a), replica)
	}
	return exec(ctx, p, "taking back how accounts are")
}

// Health is what is kept about an account.
type Health struct {
	Seen [][]byte          // what each replica says
	Told map[string][]byte // what NoteHealth was told last, by name
}

// Healths reads what is kept about accounts, in one round trip.
func (s *Store) Healths(ctx context.Context, accounts []string) ([]Health, error) {
	p := s.rdb.Pipeline()
	seen, told := make([]*redis.MapStringStringCmd, len(accounts)), make([]*redis.MapStringStringCmd, len(accounts))
	for i, a := range accounts {
		seen[i], told[i] = p.HGetAll(ctx, seenByKey(a)), p.HGetAll(ctx, toldKey(a))
	}
	if err := exec(ctx, p, "reading how accounts are"); err != nil {
		return nil, err
	}
	out := make([]Health, len(accounts))
	for i := range accounts {
		for _, v := range seen[i].Val() {
			_, body, _ := strings.Cut(v, "|")
			out[i].Seen = append(out[i].Seen, []byte(body))
		}
		out[i].Told = map[string][]byte{}
		for name, v := range told[i].Val() {
			out[i].Told[name] = []byte(v)
		}
	}
	return out, nil
}

// NoteHealth keeps something else about an account under a name, such as what a probe found.
func (s *Store) NoteHealth(ctx context.Context, account, name string, body []byte) error {
	p := s.rdb.TxPipeline()
	p.HSet(ctx, toldKey(account), name, body)
	p.Expire(ctx, toldKey(account), healthFor)
	return exec(ctx, p, "keeping how an account is")
}

// HealthTurn gives the right to do something about an account to one who asks, and for so long to nobody else.
func (s *Store) HealthTurn(ctx context.Context, account, what string, ttl time.Duration) (bool, error) {
	_, err := s.rdb.SetArgs(ctx, whoseTurnKey(account, what), "1", redis.SetArgs{Mode: "NX", TTL: ttl}).Result()
	switch {
	case isNil(err):
		return false, nil
	case err != nil:
		return false, unavailable("taking turns", err)
	}
	return true, nil
}
