package control

import (
	"sync"
	"time"

	"github.com/hoidap/hoidap/campaigns"
)

// countedMost is how many counts are remembered.
const countedMost = 64

// counted remembers whole counts, each for the world that it was made in: another file makes another audience. The zero
// value is empty.
type counted struct {
	mu    sync.Mutex
	world *campaigns.World
	by    map[AudienceQuery]AudienceCount
}

func (c *counted) get(q AudienceQuery, w *campaigns.World, now time.Time) (AudienceCount, bool) {
	maxAge := q.MaxAge
	q.MaxAge = 0
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.by[q]
	if !ok || c.world != w || now.Sub(found.At) > maxAge {
		return AudienceCount{}, false
	}
	return found.clone(), true
}

func (c *counted) put(q AudienceQuery, w *campaigns.World, found AudienceCount) {
	q.MaxAge = 0
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.world != w || c.by == nil {
		c.world, c.by = w, map[AudienceQuery]AudienceCount{}
	}
	if _, ok := c.by[q]; !ok && len(c.by) >= countedMost {
		delete(c.by, c.oldest())
	}
	c.by[q] = found.clone()
}

func (c *counted) oldest() (oldest AudienceQuery) {
	var at time.Time
	for q, x := range c.by {
		if at.IsZero() || x.At.Before(at) {
			oldest, at = q, x.At
		}
	}
	return oldest
}
