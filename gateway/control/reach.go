package control

import (
	"context"
	"errors"
	"fmt"

	"github.com/hoidap/hoidap/campaigns"
)

// Reach is whom a campaign would reach now.
type Reach struct {
	Matches  int64            // whom the audience's rule fits
	People   int64            // of those, who would be asked, now or once another question is answered
	Held     map[string]int64 // of those asked, whose question would wait for its time, by reason
	Channels map[string]int64 // of those asked, by channel
	Excluded map[string]int64 // by reason
}

func reachOf(n AudienceCount) Reach {
	return Reach{Matches: n.Matches, People: n.Asked + n.Waiting, Held: n.Held, Channels: n.Channels, Excluded: n.Excluded}
}

// CountingError says that people are still being counted, and how far that is. It is an ErrConflict: nothing was done, and
// whoever asks again once it is counted has the answer.
type CountingError struct{ Looked, Of int64 }

// Error says what to do.
func (e *CountingError) Error() string {
	return fmt.Sprintf("conflict: whom this reaches is still being counted, %d of %d people were looked at; that goes on: ask again in a moment", e.Looked, e.Of)
}

// Unwrap is ErrConflict.
func (e *CountingError) Unwrap() error { return ErrConflict }

// reach counts whom a campaign would reach, by the step that a run takes with each contact. Whoever has little time is told how
// far that is, by a *CountingError.
func (s *Service) reach(ctx context.Context, c *campaigns.Campaign) (Reach, error) {
	if s.Reach != nil {
		return s.Reach(ctx, c)
	}
	asked, err := s.reaching(c)
	if err != nil {
		return Reach{}, err
	}
	waiting, cancel := patient(ctx)
	defer cancel()
	n, err := s.countTo(waiting, asked, nil)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = &CountingError{Looked: n.Looked, Of: n.Of}
	}
	return reachOf(n), err
}

// patient leaves of the time that there is enough for an order to be carried out.
func patient(ctx context.Context) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, end.Add(-answerLimit))
	}
	return context.WithCancel(ctx)
}

// reaching is the count of a campaign as it is given, which may not be in force yet. Where the rule speaks of answers that nobody
// was asked for yet, it counts everybody.
func (s *Service) reaching(c *campaigns.Campaign) (countAsked, error) {
	source := ""
	if c.Audience != nil {
		source = c.Audience.Source
	}
	rule, err := s.rule(source)
	if wrong := (*RuleError)(nil); err != nil && !errors.As(err, &wrong) {
		return countAsked{}, err
	}
	return countAsked{judging: s.judgingBy(c, rule), launch: true}, nil
}
