package control

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// ResultsQuery is whose results are wanted: a campaign's, or those of one of its runs.
type ResultsQuery struct {
	Campaign string
	Run      string // empty: all of the campaign's runs together
	// MaxAge is how old what was gathered before may be; 0: it is gathered anew. Where the runs were over by then and have counted
	// nothing since, it may be a day old.
	MaxAge time.Duration
	// Known asks for what is known at once. Ledgers are looked through all the same, and whoever asks later finds what came of it.
	Known bool
}

// Results is what came of a campaign, or of one of its runs. Counts are those of the runs, exact at every moment. The rest is
// gathered from the ledgers of those who were asked, and speaks of the moment at which that began; who has been erased since is
// in the counts alone.
type Results struct {
	Campaign string                        `json:"campaign"`
	Run      string                        `json:"run,omitempty"`
	Name     string                        `json:"name"`
	Asks     []QuestionView                `json:"asks"` // the campaign's questions, as they are in force
	Runs     []Run                         `json:"runs"` // newest first
	Counts   map[campaigns.CountName]int64 `json:"counts"`
	Tally
	Of     int64         `json:"of"`     // contacts there are
	Looked int64         `json:"looked"` // of them, whose ledgers were looked at so far
	At     time.Time     `json:"at"`     // when gathering began
	Took   time.Duration `json:"took_ns"`
	Done   bool          `json:"done"` // every ledger was looked at
}

// QuestionView is a question, with the words for its answers.
type QuestionView struct {
	ID      string            `json:"id"`
	Text    map[string]string `json:"text"`
	Kind    preferences.Kind  `json:"kind"`
	Options []OptionView      `json:"options,omitempty"`
}

// asks are the questions of a campaign.
func asks(c *campaigns.Campaign) (out []QuestionView) {
	if c == nil {
		return nil
	}
	for i := range c.Questions {
		q := &c.Questions[i]
		v := QuestionView{ID: q.ID, Text: q.Ask.Text, Kind: q.Ask.Kind}
		for _, o := range q.Ask.Options {
			v.Options = append(v.Options, OptionView{o.Value, o.Label})
		}
		out = append(out, v)
	}
	return out
}

// Step is a stage of the funnel.
type Step struct {
	Name   string `json:"name"` // audience, eligible, asked, sent, delivered, replied, understood, completed, offered
	People int64  `json:"people"`
}

// Funnel is how many came how far. Eligible and replied are gathered from ledgers, the others are the runs' counts.
func (r Results) Funnel() []Step {
	n := r.Counts
	return []Step{
		{"audience", n[campaigns.CountAudience]}, {"eligible", max(r.Eligible, n[campaigns.CountAsked])}, {"asked", n[campaigns.CountAsked]},
		{"sent", n[campaigns.CountSent]}, {"delivered", n[campaigns.CountDelivered]}, {"replied", max(r.Replied, n[campaigns.CountAnswered])},
		{"understood", n[campaigns.CountAnswered]}, {"completed", n[campaigns.CountCompleted]}, {"offered", n[campaigns.CountOffered]},
	}
}

// Balance is invariant I11 of a run or of several: everybody in the audience has exactly one place.
type Balance struct {
	Audience, Sent, Failed, Excluded, Queued, Held int64
}

// Balance is where the audience is.
func (r Results) Balance() Balance {
	n := r.Counts
	return Balance{n[campaigns.CountAudience], n[campaigns.CountSent], n[campaigns.CountFailed], n[campaigns.CountExcluded], n[campaigns.CountQueued], n[campaigns.CountHeld]}
}

// Holds reports whether the places add up to the audience.
func (b Balance) Holds() bool { return b.Audience == b.Sent+b.Failed+b.Excluded+b.Queued+b.Held }

// ResultsPart is the people behind one of the numbers.
type ResultsPart struct {
	// Kind is audience, eligible, excluded, waiting, held, asked, sent, failed, delivered, replied, understood, completed, offered, opted_out;
	// of a question: reached, answered, declined, unclear, changed, dropped, timed.
	Kind     string
	Reason   string // of excluded, failed and held; empty: any
	Question string
	Value    string // of answered: as in QuestionTally.Values; empty: any
	Delay    string // of timed: as in QuestionTally.Delays; empty: any
	Channel  string
	Locale   string
	Hour     string // "09"; empty: any
}

// ResultsPerson is somebody in a run, and their way through it.
type ResultsPerson struct {
	Contact string          `json:"contact"`
	Name    string          `json:"name,omitempty"`
	Address address.Address `json:"-"` // whole: whoever shows it masks it by the role of who looks
	Locale  string          `json:"locale,omitempty"`
	Walk    *campaigns.Walk `json:"walk"`
	Channel string          `json:"channel,omitempty"`
}

// ResultsReader tells what came of campaigns.
type ResultsReader interface {
	// RunCounts is the counts alone: no ledger is looked at, and the tally is empty.
	RunCounts(ctx context.Context, q ResultsQuery) (Results, error)
	// Results tells how far it is, a few times a second, until ctx ends. progress may be nil, and is called from one goroutine.
	Results(ctx context.Context, q ResultsQuery, progress func(Results)) (Results, error)
	// ResultsPeople is a page of those in a part; cursor "" starts, the returned "" ends. A page may have none and not be the
	// last. Somebody whom several runs reached is there for each.
	ResultsPeople(ctx context.Context, q ResultsQuery, part ResultsPart, cursor string, n int) (page []ResultsPerson, next string, err error)
	// EachResult calls take with everybody in a part, until it returns an error.
	EachResult(ctx context.Context, q ResultsQuery, part ResultsPart, take func(ResultsPerson) error) error
	// ExportResults writes people and their answers as CSV, for viewers with masked numbers.
	ExportResults(ctx context.Context, q ResultsQuery, part ResultsPart, w io.Writer) error
}

// Results implements ResultsReader.
func (s *Service) Results(ctx context.Context, q ResultsQuery, progress func(Results)) (Results, error) {
	base, err := s.RunCounts(ctx, q)
	if err != nil {
		return base, err
	}
	now := s.Now()
	if g := s.gathered.get(q, base.Runs, now); g != nil {
		return s.stillThere(ctx, base.with(g.so(q.Run)))
	}
	l := looking[string]{of: q.Campaign, now: now, late: q.MaxAge > 0, stays: true}
	under := s.gatherings.join(&s.workers, l, func(ctx context.Context, tell func(*gathering)) (*gathering, error) {
		return s.gather(ctx, q.Campaign, tell)
	})
	defer s.gatherings.leave(q.Campaign, under)
	so := func(g *gathering) Results {
		if g == nil {
			return base // it has just begun
		}
		return base.with(g.so(q.Run))
	}
	if q.Known {
		return so(s.gatherings.now(under).so), nil
	}
	g, err := s.gatherings.follow(ctx, under, func(g *gathering) {
		if progress != nil {
			progress(so(g))
		}
	})
	return so(g), err
}

// gather looks through the ledgers of those whom the runs have reached, or of everybody where it is not known who that is.
func (s *Service) gather(ctx context.Context, campaign string, tell func(*gathering)) (*gathering, error) {
	g := newGathering(campaign, s.World(), s.Now())
	runs, err := s.runsOf(ctx, ResultsQuery{Campaign: campaign})
	if err != nil {
		return nil, err
	}
	g.noteRuns(runs)
	of, err := s.Store.CountContacts(ctx)
	if err != nil {
		return nil, away(err)
	}
	for _, n := range of {
		g.of += n
	}
	m, err := s.members(ctx, ResultsQuery{Campaign: campaign}, "audience", true)
	if err != nil {
		return nil, err
	}
	g.only = m.those()
	began, told := time.Now(), time.Now()
	err = s.look(ctx, place{}, m.about(campaign), func(p page) (bool, error) {
		g.page(p)
		if time.Since(told) >= tellEvery {
			told = time.Now()
			tell(g.clone())
		}
		return true, nil
	})
	if err != nil {
		return g, err
	}
	if m == nil {
		g.of = g.looked // some came, some went meanwhile
	}
	g.took, g.done, g.looked = time.Since(began), true, g.of
	s.gathered.put(campaign, g)
	return g, nil
}

// stillThere leaves out what those have said who were erased since it was gathered.
func (s *Service) stillThere(ctx context.Context, r Results) (Results, error) {
	ids := make([]string, len(r.Verbatims))
	for i, v := range r.Verbatims {
		ids[i] = v.Contact
	}
	there, err := s.Store.Present(ctx, ids)
	if err != nil {
		return r, away(err)
	}
	var kept []Verbatim
	for i, v := range r.Verbatims {
		if there[i] {
			kept = append(kept, v)
		}
	}
	r.Verbatims = kept
	return r, nil
}

// runsMost bounds how many runs of a campaign are shown.
const runsMost = 60

// RunCounts implements ResultsReader.
func (s *Service) RunCounts(ctx context.Context, q ResultsQuery) (Results, error) {
	r := Results{Campaign: q.Campaign, Run: q.Run, Counts: map[campaigns.CountName]int64{}}
	c := s.World().Campaigns[q.Campaign]
	if r.Asks, r.Name = asks(c), q.Campaign; c != nil && c.Name != "" {
		r.Name = c.Name
	}
	runs, err := s.runsOf(ctx, q)
	if err != nil {
		return r, err
	}
	if len(runs) == 0 && c == nil {
		return r, notFound("campaign", q.Campaign)
	}
	for _, run := range runs {
		for name, n := range run.Counts {
			r.Counts[name] += n
		}
	}
	r.Runs = runs
	return r, nil
}

// runsOf is the runs that are meant, newest first.
func (s *Service) runsOf(ctx context.Context, q ResultsQuery) ([]Run, error) {
	if q.Run != "" {
		run, err := s.Run(ctx, q.Run)
		if err == nil && run.Campaign != q.Campaign {
			err = notFound("run of campaign "+q.Campaign, q.Run)
		}
		return []Run{run}, err
	}
	ids, err := s.runIDs(ctx, q.Campaign)
	if err != nil {
		return nil, err
	}
	return s.runs(ctx, ids)
}

// runIDs are the newest runs of a campaign, newest first.
func (s *Service) runIDs(ctx context.Context, campaign string) (ids []string, err error) {
	listed, err := s.Store.ListedRuns(ctx)
	for _, l := range listed {
		if l.Campaign == campaign && len(ids) < runsMost {
			ids = append(ids, l.Run)
		}
	}
	return ids, away(err)
}

// ResultsPeople implements ResultsReader.
func (s *Service) ResultsPeople(ctx context.Context, q ResultsQuery, part ResultsPart, cursor string, n int) ([]ResultsPerson, string, error) {
	if err := part.known(); err != nil {
		return nil, "", err
	}
	from, err := s.placeOf(cursor)
	if err != nil {
		return nil, "", err
	}
	m, err := s.members(ctx, q, part.Kind, false)
	if err != nil {
		return nil, "", err
	}
	g := newGathering(q.Campaign, s.World(), s.Now())
	g.only = m.those()
	var people []ResultsPerson
	next, err := s.listed(ctx, from, n, m.about(q.Campaign), func(x seen) bool {
		found := g.people(x, q.Run, part)
		people = append(people, found...)
		return len(found) > 0
	})
	return people, next, err
}

// EachResult implements ResultsReader.
func (s *Service) EachResult(ctx context.Context, q ResultsQuery, part ResultsPart, take func(ResultsPerson) error) error {
	if err := part.known(); err != nil {
		return err
	}
	m, err := s.members(ctx, q, "audience", true)
	if err != nil {
		return err
	}
	g := newGathering(q.Campaign, s.World(), s.Now())
	g.only = m.those()
	return s.look(ctx, place{}, m.about(q.Campaign), func(p page) (bool, error) {
		for _, x := range p.contacts {
			for _, who := range g.people(x, q.Run, part) {
				if err := take(who); err != nil {
					return false, err
				}
			}
		}
		return true, nil
	})
}

func (p ResultsPart) known() error {
	if _, ok := parts[p.Kind]; !ok {
		return fmt.Errorf("%w: there is no part %q of results", ErrInvalid, p.Kind)
	}
	return nil
}

// parts says of each kind who belongs to it.
var parts = map[string]func(p ResultsPart, w *campaigns.Walk) bool{
	"audience":   func(_ ResultsPart, w *campaigns.Walk) bool { return w.Joined },
	"eligible":   func(_ ResultsPart, w *campaigns.Walk) bool { return w.Asked || w.Waiting },
	"excluded":   func(p ResultsPart, w *campaigns.Walk) bool { return w.Excluded() && p.reason(w) },
	"waiting":    func(_ ResultsPart, w *campaigns.Walk) bool { return w.Waiting },
	"held":       func(p ResultsPart, w *campaigns.Walk) bool { return w.Asked && w.Status == "held" && p.reason(w) },
	"asked":      func(_ ResultsPart, w *campaigns.Walk) bool { return w.Asked },
	"sent":       func(_ ResultsPart, w *campaigns.Walk) bool { return w.Sent() },
	"failed":     func(p ResultsPart, w *campaigns.Walk) bool { return w.Failed() && p.reason(w) },
	"delivered":  func(_ ResultsPart, w *campaigns.Walk) bool { return w.Arrived },
	"replied":    func(_ ResultsPart, w *campaigns.Walk) bool { return w.Replied },
	"understood": func(_ ResultsPart, w *campaigns.Walk) bool { return w.Answered },
	"completed":  func(_ ResultsPart, w *campaigns.Walk) bool { return w.Completed },
	"offered":    func(_ ResultsPart, w *campaigns.Walk) bool { return w.Offer != "" },
	"opted_out":  func(_ ResultsPart, w *campaigns.Walk) bool { return w.OptedOut },
	"dropped": func(p ResultsPart, w *campaigns.Walk) bool {
		return dropped(w) && (p.Question == "" || w.Open == p.Question)
	},
	"reached":  asking(func(_ ResultsPart, a *campaigns.Ask) bool { return !a.At.IsZero() }),
	"declined": asking(func(_ ResultsPart, a *campaigns.Ask) bool { return a.Declined }),
	"unclear":  asking(func(_ ResultsPart, a *campaigns.Ask) bool { return a.Unclear > 0 }),
	"changed":  asking(func(_ ResultsPart, a *campaigns.Ask) bool { return a.Changed }),
	"timed": asking(func(p ResultsPart, a *campaigns.Ask) bool {
		d, ok := a.Took()
		return ok && (p.Delay == "" || p.Delay == delayOf(stepIn(d)))
	}),
	"answered": asking(func(p ResultsPart, a *campaigns.Ask) bool {
		return a.Answer != nil && !a.Declined && (p.Value == "" || slices.Contains(valuesOf(a.Answer), p.Value))
	}),
}

func (p ResultsPart) reason(w *campaigns.Walk) bool { return p.Reason == "" || p.Reason == w.Reason }

// asking is whoever one of whose questions is as wanted.
func asking(is func(ResultsPart, *campaigns.Ask) bool) func(ResultsPart, *campaigns.Walk) bool {
	return func(p ResultsPart, w *campaigns.Walk) bool {
		return slices.ContainsFunc(w.Asks, func(a *campaigns.Ask) bool { return (p.Question == "" || a.Question == p.Question) && is(p, a) })
	}
}

// dropped reports whether somebody who was reached left before the end.
func dropped(w *campaigns.Walk) bool { return w.Sent() && (w.End == "expired" || w.End == "stopped") }
