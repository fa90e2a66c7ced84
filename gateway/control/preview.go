package control

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/preferences/address"
)

// Shown is a message as an account hands it to its provider.
type Shown struct {
	Parts  []ShownPart `json:"parts"`
	Losses []string    `json:"losses,omitempty"` // what the channel cannot show: options became text, a long text parts
	Plain  string      `json:"-"`                // the whole as one text, options numbered
}

// ShownPart is one message on the phone.
type ShownPart struct {
	Text     string   `json:"text"`
	Options  []string `json:"options,omitempty"` // buttons
	Template string   `json:"template,omitempty"`
	// What it costs as SMS; 0 elsewhere.
	Segments  int    `json:"segments,omitempty"`
	Encoding  string `json:"encoding,omitempty"`
	Offenders string `json:"offenders,omitempty"` // the characters that keep it from being GSM-7
}

// Phone is a campaign's questions on one account.
type Phone struct {
	Account   string          `json:"account"`
	Channel   address.Channel `json:"channel"`
	Questions []PhoneQuestion `json:"questions"`
}

// PhoneQuestion is one question on one account.
type PhoneQuestion struct {
	ID string `json:"id"`
	Shown
	Problem string `json:"problem,omitempty"` // why the account cannot show it
}

// Draught is a text of a file that somebody works on.
type Draught struct {
	Name     string // of the file
	Text     string
	Campaign string
	Locale   string // that the customer is spoken to in
	Customer string // their name
}

// Previews show messages without sending them to customers.
type Previews interface {
	// Preview shows a campaign's questions on each account that it may go by. A text with mistakes shows nothing:
	// *FileMistakes.
	Preview(ctx context.Context, d Draught) ([]Phone, error)
	// Branching is how a campaign's questions follow each other; *FileMistakes as of Preview.
	Branching(ctx context.Context, d Draught) (campaigns.Branching, error)
	// TryQuestion sends one question as it would go by an account, at once, to an address that has not opted out. It is in no
	// ledger, and no reply to it is understood as an answer.
	TryQuestion(ctx context.Context, d Draught, question, account string, to address.Address) (Trial, error)
}

// Preview implements Previews.
func (s *Service) Preview(ctx context.Context, d Draught) ([]Phone, error) {
	w, c, err := s.drafted(ctx, d)
	if err != nil {
		return nil, err
	}
	var out []Phone
	for _, r := range routesOf(w, c) {
		p := Phone{Account: r.Account, Channel: r.Channel}
		for i := range c.Questions {
			p.Questions = append(p.Questions, s.shown(w, c, &c.Questions[i], r, d))
		}
		out = append(out, p)
	}
	return out, nil
}

// Branching implements Previews.
func (s *Service) Branching(ctx context.Context, d Draught) (campaigns.Branching, error) {
	w, c, err := s.drafted(ctx, d)
	if err != nil {
		return campaigns.Branching{}, err
	}
	var given []*offers.Offer
	for _, id := range c.Offers {
		given = append(given, w.Offers[id])
	}
	return campaigns.BranchingOf(c, given), nil
}

// drafted is the world with a text in the place of the file's.
func (s *Service) drafted(ctx context.Context, d Draught) (*campaigns.World, *campaigns.Campaign, error) {
	k, err := s.Shelf.look(ctx)
	if err != nil {
		return nil, nil, err
	}
	sources := k.with(d.Name, []byte(d.Text))
	set, mistakes, _ := s.readings.load(sources, s.FileOptions())
	if len(mistakes) > 0 {
		return nil, nil, &FileMistakes{Problems: problemsOf(mistakes, sources)}
	}
	c := set.Campaigns[d.Campaign]
	if c == nil {
		return nil, nil, notFound("campaign", d.Campaign)
	}
	w := *s.World()
	w.Campaigns, w.Offers = set.Campaigns, set.Offers
	return &w, c, nil
}

// routesOf are the accounts that a campaign may go by, in its order.
func routesOf(w *campaigns.World, c *campaigns.Campaign) []campaigns.Route {
	if len(c.Channels) == 0 {
		return w.Routes
	}
	var out []campaigns.Route
	for _, ch := range c.Channels {
		for _, r := range w.Routes {
			if r.Channel == ch {
				out = append(out, r)
			}
		}
	}
	return out
}

func (s *Service) shown(w *campaigns.World, c *campaigns.Campaign, q *campaigns.Question, r campaigns.Route, d Draught) PhoneQuestion {
	out := PhoneQuestion{ID: q.ID}
	shown, err := s.Show(r.Account, w.Preview(c, q, r, d.Locale, d.Customer, s.Now()))
	if err != nil {
		out.Problem = err.Error()
		return out
	}
	out.Shown = shown
	return out
}

// sampleName stands for the customer where segments are counted: of usual length, without marks.
const sampleName = "Minh Trang"

// segments is what a campaign's first question costs by the first account for SMS, in each language.
func (s *Service) segments(c *campaigns.Campaign) (out []SegmentCost) {
	w := s.World()
	i := slices.IndexFunc(routesOf(w, c), func(r campaigns.Route) bool { return r.Channel == address.SMS })
	if i < 0 {
		return nil
	}
	r, q := routesOf(w, c)[i], &c.Questions[0]
	for _, locale := range slices.Sorted(maps.Keys(q.Ask.Text)) {
		shown := s.shown(w, c, q, r, Draught{Locale: locale, Customer: sampleName})
		cost := SegmentCost{Locale: locale}
		for _, p := range shown.Parts {
			cost.Segments += p.Segments
			cost.Encoding = p.Encoding
			cost.Because += p.Offenders
		}
		out = append(out, cost)
	}
	return out
}

// TryQuestion implements Previews.
func (s *Service) TryQuestion(ctx context.Context, d Draught, question, account string, to address.Address) (Trial, error) {
	w, c, err := s.drafted(ctx, d)
	if err != nil {
		return Trial{}, err
	}
	q := slices.IndexFunc(c.Questions, func(q campaigns.Question) bool { return q.ID == question })
	r := slices.IndexFunc(w.Routes, func(r campaigns.Route) bool { return r.Account == account })
	if q < 0 {
		return Trial{}, notFound("question", question)
	}
	if r < 0 {
		return Trial{}, notFound("account", account)
	}
	shown := s.shown(w, c, &c.Questions[q], w.Routes[r], d)
	if shown.Problem != "" {
		return Trial{}, fmt.Errorf("%w: %s", ErrConflict, shown.Problem)
	}
	return s.try(ctx, account, to, access.Of(ctx).Name, strings.TrimSpace(shown.Plain))
}
