package store

import (
	"context"
	"time"
)

// askedFor is how long what became of a question to a session's owner is known, and how long answers wait to be read. It is
// longer than any question may take.
const askedFor = 2 * time.Minute

// Session is the right to keep an account's session with its provider: one replica has it.
type Session struct {
	Account string
	Token   string
}

// AcquireSession takes an account's session for owner, or keeps it. Where another has it, ok is false, and free is how long
// until it runs out unless it is renewed. It holds for LeaseTTL.
func (s *Store) AcquireSession(ctx context.Context, account, owner string) (l Session, ok bool, free time.Duration, err error) {
	answer, err := s.scripts.acquire.Run(ctx, s.rdb, []string{sessionKey(account, "lease"), sessionKey(account, "epoch")}, owner, s.leaseTTL.Milliseconds()).Result()
	if err != nil {
		return Session{}, false, 0, unavailable("taking a session", err)
	}
	if token, ok := answer.(string); ok {
		return Session{account, token}, true, 0, nil
	}
	ms, _ := answer.(int64)
	return Session{}, false, max(time.Duration(ms)*time.Millisecond, time.Millisecond), nil
}

// RenewSession keeps a session; false where it was lost.
func (s *Store) RenewSession(ctx context.Context, l Session) (bool, error) {
	n, err := s.scripts.renew.Run(ctx, s.rdb, []string{sessionKey(l.Account, "lease")}, l.Token, s.leaseTTL.Milliseconds()).Int()
	return n == 1, unavailable("renewing a session", err)
}

// ReleaseSession gives a session back at once.
func (s *Store) ReleaseSession(ctx context.Context, l Session) error {
	return unavailable("giving a session back", s.scripts.release.Run(ctx, s.rdb, []string{sessionKey(l.Account, "lease")}, l.Token).Err())
}

// Ask puts a question to the owner of an account's session. It is forgotten after within, unless somebody takes it before.
// After an error it may have arrived all the same: see Withdraw.
func (s *Store) Ask(ctx context.Context, account, id string, question []byte, within time.Duration) error {
	p := s.once.TxPipeline() // the client must not repeat it: what was taken meanwhile would be taken twice
	p.SetNX(ctx, sessionKey(account, "ask:"+id), question, within)
	p.RPush(ctx, sessionKey(account, "asked"), id)
	p.PExpire(ctx, sessionKey(account, "asked"), askedFor)
	return exec(ctx, p, "asking a session's owner")
}

// Withdraw takes a question back: true where nobody has taken it, nor will; false where the owner has it.
func (s *Store) Withdraw(ctx context.Context, account, id string) (bool, error) {
	n, err := s.scripts.withdraw.Run(ctx, s.rdb, []string{sessionKey(account, "ask:"+id), sessionKey(account, "taken:"+id)}, askedFor.Milliseconds()).Int()
	return n == 1, unavailable("withdrawing a question", err)
}

// Asked waits for a question to the owner of an account's session and takes it; nil where there was none within limit.
func (s *Store) Asked(ctx context.Context, account string, limit time.Duration) ([]byte, error) {
	v, err := s.waiters.BLPop(ctx, limit, sessionKey(account, "asked")).Result()
	if isNil(err) {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable("waiting for questions", err)
	}
	keys := []string{sessionKey(account, "ask:"+v[1]), sessionKey(account, "taken:"+v[1])}
	question, err := s.scripts.takeAsked.Run(context.WithoutCancel(ctx), s.once, keys, askedFor.Milliseconds()).Result()
	if isNil(err) {
		return nil, nil
	}
	text, _ := question.(string)
	return []byte(text), unavailable("taking a question", err)
}

// Answer answers a question of a replica.
func (s *Store) Answer(ctx context.Context, account, replica string, answer []byte) error {
	p, k := s.rdb.TxPipeline(), sessionKey(account, "answers:"+replica)
	p.RPush(ctx, k, answer)
	p.PExpire(ctx, k, askedFor)
	return exec(ctx, p, "answering a replica")
}

// Answers waits for an answer to a replica; nil where there was none within limit.
func (s *Store) Answers(ctx context.Context, account, replica string, limit time.Duration) ([]byte, error) {
	v, err := s.waiters.BLPop(ctx, limit, sessionKey(account, "answers:"+replica)).Result()
	if isNil(err) {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable("waiting for answers", err)
	}
	return []byte(v[1]), nil
}
