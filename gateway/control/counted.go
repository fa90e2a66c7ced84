package control

import (
	"context"
	"sync"
	"time"

	"github.com/hoidap/hoidap/campaigns"
)

// countedMost is how many counts are remembered.
const countedMost = 64

// countOf says what is counted: by which campaign, in force or not, and with which rule in the place of its own. In another
// world it is something else.
type countOf struct {
	campaign *campaigns.Campaign // nil: that of no campaign
	rule     string
	world    *campaigns.World
}

// counted remembers whole counts, each for the world that it was made in: another file makes another audience. The zero
// value is empty.
type counted struct {
	mu    sync.Mutex
	world *campaigns.World
	by    map[countOf]AudienceCount
}

// get is a count that will do.
func (c *counted) get(of countOf, fresh func(AudienceCount) bool) (AudienceCount, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.by[of]
	if !ok || !fresh(found) {
		return AudienceCount{}, false
	}
	return found.clone(), true
}

func (c *counted) put(of countOf, found AudienceCount) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.world != of.world || c.by == nil {
		c.world, c.by = of.world, map[countOf]AudienceCount{}
	}
	if _, ok := c.by[of]; !ok && len(c.by) >= countedMost {
		delete(c.by, c.oldest())
	}
	c.by[of] = found.clone()
}

func (c *counted) oldest() (oldest countOf) {
	var at time.Time
	for of, x := range c.by {
		if at.IsZero() || x.At.Before(at) {
			oldest, at = of, x.At
		}
	}
	return oldest
}

// countAsked is a count as somebody asks for it.
type countAsked struct {
	judging
	maxAge time.Duration // how old one may be that was made before
	launch bool          // a launch goes by it: it is kept for longer, and goes on when whoever asked has left
}

// countLives is how old a count may be that a launch goes by: where counting takes long, ten times as long as that took.
const countLives = 30 * time.Second

// keeps reports whether a count that was made before will do.
func (a countAsked) keeps(c AudienceCount, now time.Time) bool {
	age := now.Sub(c.At)
	if a.launch {
		return age <= c.Took+max(countLives, 10*c.Took)
	}
	return age <= a.maxAge
}

// counting is a count that was made before, or else the look that makes it, which is to be left.
func (s *Service) counting(a countAsked) (kept AudienceCount, under *jointLook[AudienceCount]) {
	now := s.Now()
	if c, ok := s.counted.get(a.of, func(c AudienceCount) bool { return a.keeps(c, now) }); ok {
		return c, nil
	}
	l := looking[countOf]{of: a.of, now: now, late: a.launch || a.maxAge > 0, stays: a.launch}
	return AudienceCount{}, s.counts.join(&s.workers, l, func(ctx context.Context, tell func(AudienceCount)) (AudienceCount, error) {
		known, m, err := s.foretold(ctx, a.judging)
		if err != nil {
			return known, err
		}
		if known.Exact {
			tell(known)
		}
		count, err := s.count(ctx, a.judging, tell, known, m)
		if err == nil {
			s.counted.put(a.of, count)
		}
		return count, err
	})
}

// countTo follows a count to its end.
func (s *Service) countTo(ctx context.Context, a countAsked, progress func(AudienceCount)) (AudienceCount, error) {
	c, under := s.counting(a)
	if under == nil {
		return c, nil
	}
	defer s.counts.leave(a.of, under)
	return s.counts.follow(ctx, under, progress)
}
