package control

import (
	"context"
	"time"
)

// Calls remember what was answered to calls that a client gave a key of its own, so that a repeat does nothing. What is kept
// is sealed by whoever keeps it: an answer may be about somebody who is erased meanwhile.
type Calls interface {
	// BeginCall writes a mark, unless there is one or an answer already: that is then returned. Where so much is kept for the owner
	// already that no more is taken, it is an ErrTooMuchKept, and nothing is written.
	BeginCall(ctx context.Context, c Call, mark []byte) (found []byte, err error)
	// KeepCall keeps the answer for a day.
	KeepCall(ctx context.Context, c Call, answer []byte) error
	// ForgetCall takes the mark away: nothing was done.
	ForgetCall(ctx context.Context, id string) error
}

// Call is a call that a client gave a key of its own.
type Call struct {
	ID    string
	Owner string // whose it is, by a name that does not tell who that is
}

// How long a call is known. Its mark outlives every call, so that a process which dies amid one blocks the key no longer.
const (
	markLives   = time.Minute
	answerLives = 24 * time.Hour
)

// keptMost is how many bytes of answers are kept for one owner at a time: some 200,000 of the usual size.
const keptMost = 64 << 20

// BeginCall implements Calls.
func (s *Service) BeginCall(ctx context.Context, c Call, mark []byte) ([]byte, error) {
	found, err := s.Store.BeginCall(ctx, c.ID, mark, markLives)
	if err != nil || found != nil {
		return found, away(err)
	}
	kept, err := s.Store.KeptOf(ctx, c.Owner, s.Now(), answerLives)
	if err == nil && kept < keptMost {
		return nil, nil
	}
	if err == nil {
		err = ErrTooMuchKept
	}
	if forgot := s.Store.ForgetCall(context.WithoutCancel(ctx), c.ID); forgot != nil {
		return nil, away(forgot)
	}
	return nil, away(err)
}

// KeepCall implements Calls.
func (s *Service) KeepCall(ctx context.Context, c Call, answer []byte) error {
	return away(s.Store.KeepCall(ctx, c.ID, c.Owner, answer, s.Now(), answerLives))
}

// ForgetCall implements Calls.
func (s *Service) ForgetCall(ctx context.Context, id string) error {
	return away(s.Store.ForgetCall(ctx, id))
}
