package control

import (
	"context"
	"time"
)

// Calls remember what was answered to calls that a client gave a key of its own, so that a repeat does nothing. What is kept
// is sealed by whoever keeps it: an answer may be about somebody who is erased meanwhile.
type Calls interface {
	// BeginCall writes a mark, unless there is one or an answer already: that is then returned.
	BeginCall(ctx context.Context, id, mark string) (found string, err error)
	// KeepCall keeps the answer for a day.
	KeepCall(ctx context.Context, id, answer string) error
	// ForgetCall takes the mark away: nothing was done.
	ForgetCall(ctx context.Context, id string) error
}

// How long a call is known. Its mark outlives every call, so that a process which dies amid one blocks the key no longer.
const (
	markLives   = time.Minute
	answerLives = 24 * time.Hour
)

// BeginCall implements Calls.
func (s *Service) BeginCall(ctx context.Context, id, mark string) (string, error) {
	found, err := s.Store.BeginCall(ctx, id, mark, markLives)
	return found, away(err)
}

// KeepCall implements Calls.
func (s *Service) KeepCall(ctx context.Context, id, answer string) error {
	return away(s.Store.KeepCall(ctx, id, answer, answerLives))
}

// ForgetCall implements Calls.
func (s *Service) ForgetCall(ctx context.Context, id string) error {
	return away(s.Store.ForgetCall(ctx, id))
}
