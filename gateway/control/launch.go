package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// Care is from how many people on a launch wants more than a click; 0: never.
type Care struct {
	TypeFrom    int // whoever launches types how many people there are
	ApproveFrom int // a second person must agree
}

// LaunchOrder asks to start a run by hand.
type LaunchOrder struct {
	Campaign string `json:"campaign"`
	Key      string `json:"key,omitempty"`    // makes repeats harmless; empty: every call starts a run
	People   int    `json:"people,omitempty"` // as typed by whoever launches; 0: nothing was typed
	First    string `json:"first,omitempty"`  // how many people to begin with: "50" or "10%"; empty: all of them
}

// PreflightQuery is which campaign's preflight is wanted.
type PreflightQuery struct {
	Campaign string
	// Known asks for what is known at once. People are counted all the same, and whoever asks later finds their number.
	Known bool
}

// Preflight is what a run that started now would do, and what it takes to start it. While people are being counted the numbers
// of people speak of those who were looked at so far.
type Preflight struct {
	Campaign    string           `json:"campaign"`
	Of          int64            `json:"of"`                 // contacts there are; 0: not known yet
	Looked      int64            `json:"looked"`             // of them, looked at so far
	Done        bool             `json:"done"`               // everybody was looked at
	Exact       bool             `json:"exact,omitempty"`    // Matches is known already, from the index, whoever was looked at so far
	At          time.Time        `json:"at,omitzero"`        // when counting began
	Took        time.Duration    `json:"-"`                  // how long counting took, in the end
	Counts      bool             `json:"counts,omitempty"`   // it takes the number of people to start it
	Matches     int64            `json:"matches"`            // whom the audience's rule fits
	People      int64            `json:"people"`             // of those, who would be asked, now or once another question is answered
	Held        map[string]int64 `json:"held,omitempty"`     // of those, whose question would wait for its time, by reason
	Channels    map[string]int64 `json:"channels,omitempty"` // of those, by channel
	Excluded    map[string]int64 `json:"excluded,omitempty"` // who would not be asked, by reason
	Segments    []SegmentCost    `json:"segments,omitempty"` // of the first question by SMS, in each language
	Offers      []Stock          `json:"offers,omitempty"`
	Replies     string           `json:"replies,omitempty"`      // how answers come back where a channel takes none: link, or the account
	MustType    bool             `json:"must_type,omitempty"`    // the number of people must be typed
	MustApprove bool             `json:"must_approve,omitempty"` // a second person must agree
	Sending     SendingState     `json:"sending"`                // stopped: what is started waits until sending is resumed
}

// SegmentCost is what a question costs as SMS.
type SegmentCost struct {
	Locale   string `json:"locale"`
	Segments int    `json:"segments"`
	Encoding string `json:"encoding"`
	Because  string `json:"because,omitempty"` // the characters that keep it from being GSM-7
}

// Stock is what is left of an offer, beside the people who may come to get it.
type Stock struct {
	Offer string `json:"offer"`
	Left  *int64 `json:"left,omitempty"` // codes in its pool, or what is left of its budget, whichever is less; nil: no end
	Short bool   `json:"short,omitempty"`
	Over  bool   `json:"over,omitempty"` // its last day has passed, so that nobody is given it
}

// Launched is what came of a LaunchOrder.
type Launched struct {
	Run     *Run     `json:"run,omitempty"`
	Request *Request `json:"request,omitempty"` // a second person must agree first
}

// Launches start runs with care.
type Launches interface {
	// Preflight counts, and tells how far it is, a few times a second, until ctx ends. progress may be nil.
	Preflight(ctx context.Context, q PreflightQuery, progress func(Preflight)) (Preflight, error)
	// Launch starts a run, or asks for a second person. That a number has to be typed, or another one, is a *TypeError. Where ctx
	// gives too little time to count people, that is a *CountingError.
	Launch(ctx context.Context, o LaunchOrder) (Launched, error)
	// GoOn asks everybody else, after a run's first people.
	GoOn(ctx context.Context, run string) (Run, error)
	// Requests are those that wait for a second person, and the last that were decided, newest first.
	Requests(ctx context.Context) ([]Request, error)
	// Approve carries out what was asked for. Whoever asked cannot.
	Approve(ctx context.Context, request string) (Request, error)
	Refuse(ctx context.Context, request, reason string) (Request, error)
}

// TypeError says that the number of people must be typed. It is an ErrInvalid.
type TypeError struct {
	Typed  int
	People int64
}

// Error names the number.
func (e *TypeError) Error() string {
	if e.Typed == 0 {
		return fmt.Sprintf("invalid: this reaches %d people; say so: people: %d", e.People, e.People)
	}
	return fmt.Sprintf("invalid: this reaches %d people, not %d; look again, and say so: people: %d", e.People, e.Typed, e.People)
}

// Unwrap is ErrInvalid.
func (e *TypeError) Unwrap() error { return ErrInvalid }

// Preflight implements Launches.
func (s *Service) Preflight(ctx context.Context, q PreflightQuery, progress func(Preflight)) (Preflight, error) {
	c, err := s.launchable(q.Campaign)
	if err != nil {
		return Preflight{}, err
	}
	p := Preflight{Campaign: q.Campaign, Segments: s.segments(c), Replies: repliesOf(c), Counts: s.Care.any()}
	if p.Offers, err = s.stock(ctx, c); err != nil {
		return p, err
	}
	sending, err := s.Sending(ctx)
	if err != nil {
		return p, err
	}
	p.Sending = sending.State
	if s.Reach != nil {
		r, err := s.Reach(ctx, c)
		p.Done = true
		return p.reaches(r, s.Care), err
	}
	asked, err := s.reaching(c)
	if err != nil {
		return p, err
	}
	n, err := s.preflightCount(ctx, asked, q.Known, func(n AudienceCount) {
		if progress != nil {
			progress(p.counted(n, s.Care))
		}
	})
	return p.counted(n, s.Care), err
}

// preflightCount counts to the end, or tells what is known now and lets the count go on.
func (s *Service) preflightCount(ctx context.Context, asked countAsked, known bool, progress func(AudienceCount)) (AudienceCount, error) {
	if !known {
		return s.countTo(ctx, asked, progress)
	}
	n, under := s.counting(asked)
	if under == nil {
		return n, nil
	}
	defer s.counts.leave(asked.of, under)
	return s.counts.now(under).so, nil
}

// counted is the preflight with a count, which may be under way.
func (p Preflight) counted(n AudienceCount, c Care) Preflight {
	p.Of, p.Looked, p.Done, p.Exact, p.At, p.Took = n.Of, n.Looked, n.Done, n.Exact, n.At, n.Took
	return p.reaches(reachOf(n), c)
}

func (p Preflight) reaches(r Reach, c Care) Preflight {
	p.Matches, p.People, p.Held, p.Channels, p.Excluded = r.Matches, r.People, r.Held, r.Channels, r.Excluded
	p.MustType, p.MustApprove = c.wants(r.People)
	p.Offers = slices.Clone(p.Offers)
	for i, o := range p.Offers {
		p.Offers[i].Short = o.Left != nil && *o.Left < r.People
	}
	return p
}

func (c Care) wants(people int64) (typed, approved bool) {
	return c.TypeFrom > 0 && people >= int64(c.TypeFrom), c.ApproveFrom > 0 && people >= int64(c.ApproveFrom)
}

// any reports whether it matters how many people there are.
func (c Care) any() bool { return c.TypeFrom > 0 || c.ApproveFrom > 0 }

// launchable is a campaign that may be started by hand.
func (s *Service) launchable(campaign string) (*campaigns.Campaign, error) {
	c, ok := s.World().Campaigns[campaign]
	if !ok {
		return nil, notFound("campaign", campaign)
	}
	if c.Schedule != nil && c.Schedule.Event != "" {
		return nil, fmt.Errorf("%w: campaign %q starts for one contact at a time, with the event %q; post that event instead", ErrConflict, campaign, c.Schedule.Event)
	}
	return c, nil
}

func repliesOf(c *campaigns.Campaign) string {
	switch {
	case c.Replies == nil:
		return ""
	case c.Replies.Link:
		return "link"
	}
	return c.Replies.Account
}

// stock is what is left of each offer of a campaign.
func (s *Service) stock(ctx context.Context, c *campaigns.Campaign) (out []Stock, err error) {
	if len(c.Offers) == 0 {
		return nil, nil
	}
	given, err := s.Store.Given(ctx)
	if err != nil {
		return nil, away(err)
	}
	for _, id := range c.Offers {
		o := s.World().Offers[id]
		if o == nil {
			continue
		}
		x := Stock{Offer: id, Over: o.Over(s.Now())}
		if x.Over {
			out = append(out, x)
			continue
		}
		if o.Budget > 0 {
			left := max(0, int64(o.Budget)-given[id])
			x.Left = &left
		}
		if o.Pool != "" {
			codes, err := s.Store.CodesLeft(ctx, o.Pool)
			if err != nil {
				return nil, away(err)
			}
			if x.Left == nil || codes < *x.Left {
				x.Left = &codes
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// Launch implements Launches.
func (s *Service) Launch(ctx context.Context, o LaunchOrder) (Launched, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Launched{}, err
	}
	c, err := s.launchable(o.Campaign)
	if err != nil {
		return Launched{}, err
	}
	if _, _, err := firstOf(o.First); err != nil {
		return Launched{}, err
	}
	people, err := s.reachIfAsked(ctx, c, s.Care.any() || strings.HasSuffix(o.First, "%"))
	if err != nil {
		return Launched{}, err
	}
	if known, err := s.known(ctx, o); err != nil || known != nil {
		return Launched{Run: known}, err
	}
	if err := s.Care.typed(people, o.People); err != nil {
		return Launched{}, err
	}
	if _, approve := s.Care.wants(people); approve {
		r, err := s.ask(ctx, Request{Launch: &o, People: people})
		return Launched{Request: &r}, err
	}
	r, err := s.launch(ctx, o, people, access.Of(ctx).Name)
	return Launched{Run: &r}, err
}

// reachIfAsked counts people, where it matters how many there are.
func (s *Service) reachIfAsked(ctx context.Context, c *campaigns.Campaign, matters bool) (int64, error) {
	if !matters {
		return 0, nil
	}
	r, err := s.reach(ctx, c)
	return r.People, err
}

// known is the run that an order with the same key started; nil: there is none.
func (s *Service) known(ctx context.Context, o LaunchOrder) (*Run, error) {
	if o.Key == "" {
		return nil, nil
	}
	for _, id := range []string{o.Campaign + "-" + o.Key, o.Campaign + "~" + o.Key} {
		r, err := s.Run(ctx, id)
		if err == nil && r.Campaign == o.Campaign {
			return &r, nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
	}
	return nil, nil
}

// typed wants the number of people typed, where there are many. People come and go meanwhile: one in fifty is no matter.
func (c Care) typed(people int64, typed int) error {
	must, _ := c.wants(people)
	off := people - int64(typed)
	if !must || max(off, -off) <= people/50 {
		return nil
	}
	return &TypeError{Typed: typed, People: people}
}

// firstOf reads how many people a run begins with.
func firstOf(s string) (n int, percent bool, err error) {
	if s == "" {
		return 0, false, nil
	}
	digits, percent := strings.CutSuffix(s, "%")
	n, err = strconv.Atoi(digits)
	if err != nil || n < 1 || percent && n > 100 {
		return 0, false, fmt.Errorf("%w: %q is not how many people to begin with; write 50 or 10%%", ErrInvalid, s)
	}
	return n, percent, nil
}

// launch starts the run of an order that nothing is in the way of any more.
func (s *Service) launch(ctx context.Context, o LaunchOrder, people int64, by string) (Run, error) {
	first, percent, err := firstOf(o.First)
	if err != nil {
		return Run{}, err
	}
	if percent {
		first = max(1, int(people)*first/100)
	}
	if o.Key == "" {
		if o.Key, err = newID(); err != nil {
			return Run{}, err
		}
	}
	start := record.StartRun{Run: o.Campaign + "-" + o.Key, Campaign: o.Campaign, Cause: "api", At: s.Now(), First: first, By: by}
	r, err := s.startRun(ctx, start)
	if err != nil || r.Campaign == o.Campaign {
		return r, err
	}
	// Campaign a with key b-c and campaign a-b with key c would have the same id. Whoever comes second gets one that no
	// campaign can have by chance: neither name nor key may hold the sign.
	start.Run = o.Campaign + "~" + o.Key
	return s.startRun(ctx, start)
}

// startRun starts a run, or finds the one that has its id.
func (s *Service) startRun(ctx context.Context, start record.StartRun) (Run, error) {
	r, err := s.order(ctx, store.RunsPartition, "", "run:"+start.Run, record.Envelope{Start: &start})
	if err != nil {
		return Run{}, err
	}
	s.note(ctx, "started", "run", r.Run, start.Campaign)
	return s.Run(ctx, r.Run)
}

// StartRun implements Runs: a launch by a program.
func (s *Service) StartRun(ctx context.Context, campaign, key string, people int) (Run, error) {
	l, err := s.Launch(ctx, LaunchOrder{Campaign: campaign, Key: key, People: people})
	if err != nil {
		return Run{}, err
	}
	if l.Request != nil {
		return Run{}, fmt.Errorf("%w: this reaches %d people, and a second person must agree; their request is %s", ErrConflict, l.Request.People, l.Request.ID)
	}
	return *l.Run, nil
}

// GoOn implements Launches.
func (s *Service) GoOn(ctx context.Context, run string) (Run, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Run{}, err
	}
	r, err := s.Run(ctx, run)
	if err != nil {
		return Run{}, err
	}
	if r.State != Waiting {
		return Run{}, fmt.Errorf("%w: the run is %s, and waits for nobody", ErrConflict, r.State)
	}
	s.note(ctx, "went_on", "run", run, r.Campaign)
	return s.steerAll(ctx, record.SteerRun{Run: run, State: record.StateRunning, Whole: true, Campaign: r.Campaign})
}

// Request is something that a second person must agree to.
type Request struct {
	ID      string        `json:"id"`
	State   string        `json:"state"`            // waiting, approved, refused
	Launch  *LaunchOrder  `json:"launch,omitempty"` // a run
	Publish *PublishOrder `json:"publish,omitempty"`
	People  int64         `json:"people"` // when it was asked for
	By      string        `json:"by"`
	At      int64         `json:"at"` // Unix milliseconds
	Decided string        `json:"decided_by,omitempty"`
	When    int64         `json:"decided_at,omitempty"`
	Reason  string        `json:"reason,omitempty"` // of a refusal
	Run     string        `json:"run,omitempty"`    // that was started
	Done    bool          `json:"done,omitempty"`   // what was approved is carried out

	stored string
}

// The states of a request.
const (
	RequestWaits    = "waiting"
	RequestApproved = "approved"
	RequestRefused  = "refused"
	requestsKept    = 100 // that were decided
)

func readRequest(id, raw string) (r Request, ok bool) {
	if json.Unmarshal([]byte(raw), &r) != nil {
		return r, false
	}
	r.ID, r.stored = id, raw
	return r, true
}
