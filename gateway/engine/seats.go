package engine

import "context"

// throng is how many events of one turn count as one.
const throng = 32

// seats bounds how many workers take turns at once while a throng writes, so that a processor stays free for those whose
// webhooks are still to be acknowledged: what is on a log is safe, what is not may be lost. What waits there meanwhile is handled in
// larger turns, which cost less; where it gets to be more than a turn takes, every worker reads ahead and takes no seat.
type seats chan struct{}

// take has turns wait for a seat where they handle a throng, and takes them at once where they do not. It does nothing once ctx has
// ended.
func (s seats) take(ctx context.Context, events int, turns func()) {
	if events < throng {
		turns()
		return
	}
	select {
	case <-ctx.Done():
		return
	case s <- struct{}{}:
	}
	defer func() { <-s }()
	turns()
}
