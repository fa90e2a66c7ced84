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

// reach counts whom a campaign would reach, by the step that a run takes with each contact.
func (s *Service) reach(ctx context.Context, c *campaigns.Campaign) (Reach, error) {
	if s.Reach != nil {
		return s.Reach(ctx, c)
	}
	n, err := s.countFor(ctx, c)
	return Reach{Matches: n.Matches, People: n.Asked + n.Waiting, Held: n.Held, Channels: n.Channels, Excluded: n.Excluded}, err
}

// countFor counts by the campaign as it is given, which may not be in force yet: only what is in force is remembered by its
// id. Where the rule speaks of answers that nobody was asked for yet, it counts everybody.
func (s *Service) countFor(ctx context.Context, c *campaigns.Campaign) (AudienceCount, error) {
	source := ""
	if c.Audience != nil {
		source = c.Audience.Source
	}
	if s.World().Campaigns[c.ID] == c {
		return s.CountAudience(ctx, AudienceQuery{Campaign: c.ID, Rule: source, MaxAge: countLives}, nil)
	}
	rule, err := s.rule(source)
	if wrong := (*RuleError)(nil); err != nil && !errors.As(err, &wrong) {
		return AudienceCount{}, err
	}
	j := s.judgingBy(c, rule)
	known, err := s.foretold(ctx, j)
	if err != nil {
		return AudienceCount{}, err
	}
	return s.count(ctx, j, nil, known)
}
