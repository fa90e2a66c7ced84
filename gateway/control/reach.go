package control

import (
	"context"
	"errors"
	"time"

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

// countLives is how old a count may be that a launch goes by.
const countLives = 30 * time.Second

// reach counts whom a campaign would reach, by the step that a run takes with each contact. For a campaign that is not in
// force yet that is anybody whom its rule fits; where the rule speaks of answers that nobody was asked for, anybody at all.
func (s *Service) reach(ctx context.Context, c *campaigns.Campaign) (Reach, error) {
	if s.Reach != nil {
		return s.Reach(ctx, c)
	}
	q := AudienceQuery{MaxAge: countLives}
	if c.Audience != nil {
		q.Rule = c.Audience.Source
	}
	if s.World().Campaigns[c.ID] != nil {
		q.Campaign = c.ID
	}
	n, err := s.CountAudience(ctx, q, nil)
	if wrong := (*RuleError)(nil); errors.As(err, &wrong) {
		n, err = s.CountAudience(ctx, AudienceQuery{MaxAge: countLives}, nil)
	}
	return Reach{Matches: n.Matches, People: n.Asked + n.Waiting, Held: n.Held, Channels: n.Channels, Excluded: n.Excluded}, err
}
