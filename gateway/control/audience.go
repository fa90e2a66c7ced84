package control

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// AudienceQuery is whom to look for.
type AudienceQuery struct {
	Rule string // a condition in the language of `audience`; empty: everybody
	// Campaign is whose purpose, questions and channels decide who would be asked; empty: a question of no campaign, over any
	// channel, with the consent to marketing.
	Campaign string
	// MaxAge is how old a count may be that was made before; 0: it is counted anew.
	MaxAge time.Duration
}

// AudienceCount is what a run that started now would do with everybody whom the rule fits. While it is being counted it speaks of
// those who were looked at so far.
type AudienceCount struct {
	Of         int64            `json:"of"`                   // contacts there are
	Looked     int64            `json:"looked"`               // of them, looked at so far
	Matches    int64            `json:"matches"`              // whom the rule fits
	Asked      int64            `json:"asked"`                // of those, who would be asked
	Held       map[string]int64 `json:"held,omitempty"`       // of those asked, whose question would wait for its time, by reason
	Channels   map[string]int64 `json:"channels,omitempty"`   // of those asked, by channel
	Waiting    int64            `json:"waiting"`              // who would be asked once the question is answered that is open now
	Excluded   map[string]int64 `json:"excluded,omitempty"`   // who would not be asked, by reason as the ledger has it
	Unreadable int64            `json:"unreadable,omitempty"` // of those whose record was read, who are damaged
	Samples    []AudienceSample `json:"samples,omitempty"`    // some whom the rule fits
	At         time.Time        `json:"at"`                   // when it was begun
	Took       time.Duration    `json:"took_ns"`
	Done       bool             `json:"done"`            // everybody was looked at
	Exact      bool             `json:"exact,omitempty"` // Matches and Of are known already, from the index, whoever was looked at so far
}

// Out is how many would not be asked.
func (c AudienceCount) Out() (n int64) {
	for _, x := range c.Excluded {
		n += x
	}
	return n
}

// AudiencePerson is somebody whom the rule fits, and what would become of them.
type AudiencePerson struct {
	Contact string            `json:"contact"`
	Name    string            `json:"name,omitempty"`
	Address string            `json:"address"` // masked
	Verdict campaigns.Verdict `json:"verdict"`
}

// AudienceSample is somebody with what of the rule fits them.
type AudienceSample struct {
	AudiencePerson
	Why []expr.Term `json:"why,omitempty"`
}

// AudiencePart is a part of those whom a rule fits.
type AudiencePart struct {
	Kind   string // "": all of them; asked, held, waiting, excluded
	Reason string // of held and excluded; empty: any
}

// RuleError is a mistake in a condition, with its place in it.
type RuleError struct{ Mistake *expr.Error }

func (e *RuleError) Error() string {
	return ErrInvalid.Error() + ": the condition: " + e.Mistake.Error()
}

// Unwrap makes it an ErrInvalid.
func (e *RuleError) Unwrap() error { return ErrInvalid }

// Audience tells whom a rule reaches, by the very step that a run takes with each contact.
type Audience interface {
	// Vocabulary is what rules can speak of.
	Vocabulary(ctx context.Context) (Vocabulary, error)
	// CheckRule reports a mistake as a *RuleError.
	CheckRule(ctx context.Context, rule string) error
	// CountAudience looks through all contacts and tells how far it is, a few times a second, until ctx ends. progress may be
	// nil, and is called from one goroutine.
	CountAudience(ctx context.Context, q AudienceQuery, progress func(AudienceCount)) (AudienceCount, error)
	// AudiencePeople is a page of those in a part of the audience; cursor "" starts, the returned "" ends. A page may have none
	// and not be the last.
	AudiencePeople(ctx context.Context, q AudienceQuery, part AudiencePart, cursor string, n int) (page []AudiencePerson, next string, err error)
}

// tellEvery is how often a look tells how far it is.
const tellEvery = 200 * time.Millisecond

// judging is how contacts are judged: as by a run of a campaign in a world.
type judging struct {
	of       countOf
	world    *campaigns.World
	campaign string
	rule     *expr.Rule
	now      time.Time
}

// CheckRule implements Audience.
func (s *Service) CheckRule(_ context.Context, rule string) error {
	_, err := s.rule(rule)
	return err
}

func (s *Service) rule(src string) (*expr.Rule, error) {
	if src == "" {
		return nil, nil
	}
	r, err := expr.Compile(src, s.World().Schema())
	var mistake *expr.Error
	if errors.As(err, &mistake) {
		return nil, &RuleError{mistake}
	}
	return r, err
}

// judging puts the rule in the place of the campaign's own.
func (s *Service) judging(q AudienceQuery) (judging, error) {
	rule, err := s.rule(q.Rule)
	if err != nil {
		return judging{}, err
	}
	if q.Campaign == "" {
		j := s.judgingBy(anyCampaign(), rule)
		j.of.campaign = nil
		return j, nil
	}
	c := s.World().Campaigns[q.Campaign]
	if c == nil {
		return judging{}, notFound("campaign", q.Campaign)
	}
	return s.judgingBy(c, rule), nil
}

// judgingBy judges by a campaign, in force or not, with a rule in the place of its own.
func (s *Service) judgingBy(c *campaigns.Campaign, rule *expr.Rule) judging {
	force := s.World()
	w, copied := *force, *c
	copied.Audience = rule
	w.Campaigns = maps.Clone(w.Campaigns)
	w.Campaigns[c.ID] = &copied
	j := judging{of: countOf{campaign: c, world: force}, world: &w, campaign: c.ID, rule: rule, now: s.Now()}
	if rule != nil {
		j.of.rule = rule.Source
	}
	return j
}

// anyCampaign asks a question that nobody has answered yet. No campaign of a file has an empty id.
func anyCampaign() *campaigns.Campaign {
	q := campaigns.Question{ID: "question", Ask: understand.Question{Kind: preferences.Text, Text: map[string]string{}}}
	return &campaigns.Campaign{Questions: []campaigns.Question{q}}
}

// judge is the verdict on a contact, at the moment at which the look began.
func (j judging) judge(p seen) campaigns.Verdict {
	if p.state.Contact == nil {
		return campaigns.Verdict{}
	}
	return campaigns.Judge(j.world, p.state, j.campaign, j.now)
}

func (j judging) person(p seen, v campaigns.Verdict) AudiencePerson {
	return AudiencePerson{Contact: p.id, Name: p.state.Contact.Name, Address: maskedHome(p.state.Contact), Verdict: v}
}

func maskedHome(c *preferences.Contact) string {
	if len(c.Addresses) == 0 {
		return ""
	}
	return c.Addresses[0].Mask()
}

func (j judging) sample(p seen, v campaigns.Verdict) AudienceSample {
	c := p.state.Contact
	env := expr.Env{Contact: c, Now: j.now.In(c.Zone(j.world.Brand.Zone, j.world.Pack.Zone))}
	return AudienceSample{AudiencePerson: j.person(p, v), Why: j.rule.Explain(env)}
}

// add counts a verdict.
func (c *AudienceCount) add(v campaigns.Verdict) {
	if !v.In {
		return
	}
	c.Matches++
	switch {
	case v.Asked:
		c.Asked++
		c.Channels[string(v.Channel)]++
		if v.Reason != "" {
			c.Held[v.Reason]++
		}
	case v.Waits():
		c.Waiting++
	default:
		c.Excluded[v.Reason]++
	}
}

// clone is a count that whoever is told may keep.
func (c AudienceCount) clone() AudienceCount {
	c.Held, c.Channels, c.Excluded = maps.Clone(c.Held), maps.Clone(c.Channels), maps.Clone(c.Excluded)
	c.Samples = append([]AudienceSample(nil), c.Samples...)
	return c
}

// CountAudience implements Audience.
func (s *Service) CountAudience(ctx context.Context, q AudienceQuery, progress func(AudienceCount)) (AudienceCount, error) {
	j, err := s.judging(q)
	if err != nil {
		return AudienceCount{}, err
	}
	return s.countTo(ctx, countAsked{judging: j, maxAge: q.MaxAge}, progress)
}

// foretold is what the index says of a count, before anybody is looked at.
func (s *Service) foretold(ctx context.Context, j judging) (c AudienceCount, m match, err error) {
	c.At = j.now
	of, err := s.Store.CountContacts(ctx)
	if err != nil {
		return c, m, away(err)
	}
	for _, n := range of {
		c.Of += n
	}
	m, c.Exact, err = s.matching(ctx, j.rule)
	if c.Exact {
		c.Matches = m.count()
	}
	return c, m, err
}

// count looks at those whom the index gives, where they are few enough, else through all contacts.
func (s *Service) count(ctx context.Context, j judging, progress func(AudienceCount), known AudienceCount, m match) (AudienceCount, error) {
	c, w := newCounting(j, known.Of), wanted{state: true}
	if known.Exact && 2*known.Matches <= known.Of {
		w.few, c.count.Looked = &matched{s, m, true}, known.Of-known.Matches
	}
	err := s.look(ctx, place{}, w, func(p page) (bool, error) {
		c.page(p)
		if progress != nil && time.Since(c.told) >= tellEvery {
			c.told = time.Now()
			so := c.count.clone()
			if known.Exact {
				so.Matches, so.Exact = known.Matches, true
			}
			progress(so)
		}
		return true, nil
	})
	if err != nil {
		return c.count, err
	}
	c.end()
	return c.count, nil
}

// counting is a count under way.
type counting struct {
	judging
	count AudienceCount
	began time.Time // on the machine's clock
	told  time.Time
	picks picks
}

func newCounting(j judging, of int64) *counting {
	c := &counting{judging: j, began: time.Now(), told: time.Now()}
	c.count = AudienceCount{At: j.now, Of: of, Held: map[string]int64{}, Channels: map[string]int64{}, Excluded: map[string]int64{}}
	return c
}

func (c *counting) page(p page) {
	for _, x := range p.contacts {
		c.count.Looked++
		if x.broken {
			c.count.Unreadable++
			continue
		}
		v := c.judge(x)
		c.count.add(v)
		if v.In {
			c.picks.offer(x, v)
		}
	}
	if p.last {
		c.count.Samples = c.sampled(c.count.Samples, c.picks.partition())
	}
}

// sampled adds those to the samples that there is room for.
func (c *counting) sampled(to []AudienceSample, picked []pick) []AudienceSample {
	for _, x := range picked {
		if len(to) < samplesMost {
			to = append(to, c.sample(x.seen, x.verdict))
		}
	}
	return to
}

func (c *counting) end() {
	c.count.Samples = c.sampled(c.count.Samples, c.picks.spare)
	c.count.Took = time.Since(c.began)
	c.count.Of = c.count.Looked // some came, some went meanwhile
	c.count.Done, c.count.Exact = true, true
}

// AudiencePeople implements Audience.
func (s *Service) AudiencePeople(ctx context.Context, q AudienceQuery, part AudiencePart, cursor string, n int) ([]AudiencePerson, string, error) {
	if err := part.known(); err != nil {
		return nil, "", err
	}
	j, err := s.judging(q)
	if err != nil {
		return nil, "", err
	}
	from, err := s.placeOf(cursor)
	if err != nil {
		return nil, "", err
	}
	var people []AudiencePerson
	w := wanted{state: true}
	if m, ok, err := s.matching(ctx, j.rule); err != nil {
		return nil, "", err
	} else if ok {
		w.few = &matched{s, m, false}
	}
	next, err := s.listed(ctx, from, n, w, func(x seen) bool {
		if x.broken {
			return false
		}
		v := j.judge(x)
		if !part.has(v) {
			return false
		}
		people = append(people, j.person(x, v))
		return true
	})
	return people, next, err
}

// listed goes through contacts until n were taken, or it has looked at enough for one page. It returns the cursor behind the
// last one that it looked at, and "" where there are no more.
func (s *Service) listed(ctx context.Context, from place, n int, w wanted, take func(seen) bool) (next string, err error) {
	w.now = true
	looked, taken, most := 0, 0, lookLimit
	if w.about != "" {
		most = readLimit
	}
	err = s.look(ctx, from, w, func(p page) (bool, error) {
		for _, x := range p.contacts {
			looked++
			if take(x) {
				taken++
			}
			if taken == n || looked == most {
				next = place{p.place.partition, x.id}.cursor()
				return false, nil
			}
		}
		return true, nil
	})
	return next, err
}

func (p AudiencePart) has(v campaigns.Verdict) bool {
	if !v.In || p.Reason != "" && p.Reason != v.Reason {
		return false
	}
	switch p.Kind {
	case "asked":
		return v.Asked
	case "held":
		return v.Asked && v.Reason != ""
	case "waiting":
		return v.Waits()
	case "excluded":
		return v.Excluded()
	}
	return true
}

// known says what is wrong with the name of a part.
func (p AudiencePart) known() error {
	switch p.Kind {
	case "", "asked", "held", "waiting", "excluded":
		return nil
	}
	return fmt.Errorf("%w: there is no part %q of an audience: asked, held, waiting, excluded", ErrInvalid, p.Kind)
}
