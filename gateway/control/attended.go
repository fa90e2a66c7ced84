package control

import (
	"context"
	"sync"
	"time"
)

// attended are the pages that people wait for just now. What looks through contacts gives way to them. The zero value has none.
type attended struct {
	mu    sync.Mutex
	open  int
	ended chan struct{} // closed when the last one has been answered
}

// attendMost is how long a page is waited for: what takes longer is a stream, or waits itself for what gives way.
const attendMost = time.Second

// Attend says that somebody waits for an answer, until done is called or a second is over.
func (s *Service) Attend() (done func()) {
	end := s.attended.begin()
	t := time.AfterFunc(attendMost, end)
	return func() {
		t.Stop()
		end()
	}
}

func (a *attended) begin() (done func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open++; a.open == 1 {
		a.ended = make(chan struct{})
	}
	return sync.OnceFunc(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.open--; a.open == 0 {
			close(a.ended)
		}
	})
}

// wait waits until nobody waits for a page, but no longer than a rest lasts: whoever waits for a count gets on as well.
func (a *attended) wait(ctx context.Context) error {
	a.mu.Lock()
	open, ended := a.open, a.ended
	a.mu.Unlock()
	if open == 0 {
		return nil
	}
	t := time.NewTimer(restMost)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-ended:
	case <-t.C:
	}
	return nil
}
