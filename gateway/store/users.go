package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Who may use the console, and what they did.
const (
	usersKey = "{hoidap}:users"
	auditKey = "{hoidap}:audit"
	// auditKept bounds the record of changes, in entries.
	auditKept = 100_000
)

func userSessionKey(hash string) string { return "{hoidap}:signed-in:" + hash }
func triesKey(whose string) string      { return "{hoidap}:tries:" + whose }
func welcomeKey(hash string) string     { return "{hoidap}:welcome:" + hash }

// Users is what is kept of each user, by name.
func (s *Store) Users(ctx context.Context) (map[string]string, error) {
	v, err := s.rdb.HGetAll(ctx, usersKey).Result()
	return v, unavailable("reading the users", err)
}

// User is what is kept of a user; "" where there is none of that name.
func (s *Store) User(ctx context.Context, name string) (string, error) {
	v, err := s.rdb.HGet(ctx, usersKey, name).Result()
	if isNil(err) {
		return "", nil
	}
	return v, unavailable("reading a user", err)
}

// SwapUser replaces what is kept of a user by something else and reports false where it was not as told (any more). Old ""
// makes a user, and fresh "" removes one.
func (s *Store) SwapUser(ctx context.Context, name, old, fresh string) (bool, error) {
	n, err := s.scripts.swap.Run(ctx, s.rdb, []string{usersKey}, name, old, fresh).Int()
	return n == 1, unavailable("keeping a user", err)
}

// SwapUserBeside is SwapUser where another user is still as told, too.
func (s *Store) SwapUserBeside(ctx context.Context, name, old, fresh, other, kept string) (bool, error) {
	n, err := s.scripts.swap.Run(ctx, s.rdb, []string{usersKey}, name, old, fresh, other, kept).Int()
	return n == 1, unavailable("keeping a user", err)
}

// Session is what is kept under a session's hash; nil where it ended.
func (s *Store) Session(ctx context.Context, hash string) ([]byte, error) {
	b, err := s.rdb.Get(ctx, userSessionKey(hash)).Bytes()
	if isNil(err) {
		return nil, nil
	}
	return b, unavailable("reading a session", err)
}

// KeepSession keeps something under a session's hash for so long.
func (s *Store) KeepSession(ctx context.Context, hash string, b []byte, lives time.Duration) error {
	return unavailable("keeping a session", s.rdb.Set(ctx, userSessionKey(hash), b, lives).Err())
}

// EndSession forgets a session.
func (s *Store) EndSession(ctx context.Context, hash string) error {
	return unavailable("ending a session", s.rdb.Del(ctx, userSessionKey(hash)).Err())
}

// Try counts a try of somebody and says how many there were, this one included, since the first of the last while.
func (s *Store) Try(ctx context.Context, whose string, while time.Duration) (int64, error) {
	p := s.rdb.TxPipeline()
	n := p.Incr(ctx, triesKey(whose))
	p.ExpireNX(ctx, triesKey(whose), while)
	if err := exec(ctx, p, "counting a try"); err != nil {
		return 0, err
	}
	return n.Val(), nil
}

// ForgetTries lets somebody begin anew.
func (s *Store) ForgetTries(ctx context.Context, whose string) error {
	return unavailable("forgetting tries", s.rdb.Del(ctx, triesKey(whose)).Err())
}

// Welcome keeps for whom a link is that may be followed once, by its hash, for so long.
func (s *Store) Welcome(ctx context.Context, hash, whom string, lives time.Duration) error {
	return unavailable("keeping a link", s.rdb.Set(ctx, welcomeKey(hash), whom, lives).Err())
}

// Welcomed is for whom a link is; "" where it was followed, or is too old.
func (s *Store) Welcomed(ctx context.Context, hash string) (string, error) {
	v, err := s.rdb.Get(ctx, welcomeKey(hash)).Result()
	if isNil(err) {
		return "", nil
	}
	return v, unavailable("looking up a link", err)
}

// TakeWelcome is Welcomed for the one who follows the link: it leads nowhere afterwards.
func (s *Store) TakeWelcome(ctx context.Context, hash string) (string, error) {
	v, err := s.rdb.GetDel(ctx, welcomeKey(hash)).Result()
	if isNil(err) {
		return "", nil
	}
	return v, unavailable("following a link", err)
}

// Audited is an entry of the record of changes.
type Audited struct {
	ID   string // in the order of time
	Body []byte
}

// Audit adds an entry to the record of changes.
func (s *Store) Audit(ctx context.Context, body []byte) error {
	return unavailable("recording a change", s.rdb.XAdd(ctx, &redis.XAddArgs{Stream: auditKey, MaxLen: auditKept, Approx: true, Values: []any{"b", body}}).Err())
}

// AuditBefore is the newest n entries before one of them; "" begins with the newest of all.
func (s *Store) AuditBefore(ctx context.Context, before string, n int) ([]Audited, error) {
	end := "+"
	if before != "" {
		end = "(" + before
	}
	found, err := s.rdb.XRevRangeN(ctx, auditKey, end, "-", int64(n)).Result()
	if err != nil {
		return nil, unavailable("reading the record of changes", err)
	}
	out := make([]Audited, len(found))
	for i, m := range found {
		b, _ := m.Values["b"].(string)
		out[i] = Audited{m.ID, []byte(b)}
	}
	return out, nil
}

// AuditID reports whether s can be the id of an entry: milliseconds, a dash, a number.
func AuditID(s string) bool {
	for i := range len(s) {
		if s[i] == '-' {
			_, err := strconv.ParseUint(s[:i], 10, 63)
			_, err2 := strconv.ParseUint(s[i+1:], 10, 63)
			return err == nil && err2 == nil
		}
	}
	return false
}
