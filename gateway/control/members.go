package control

import (
	"context"
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// fewMembers is how many of a partition may have joined runs so that they are looked for one by one.
const fewMembers = 200

// members are those in the audience of runs of a campaign. The runs' counts say how many of them each partition has: where there is
// nobody nothing is read, and where those whom the campaign's rule fits now are all of them, nobody else is.
type members struct {
	s        *Service
	campaign string
	runs     map[string]bool
	joined   []int64  // how many joined, of each partition; -1: more may join
	wanted   []int64  // of those, how many are in the part that is wanted
	fits     *matched // nil: the index does not know
	now      bool     // a page is made of them, for which somebody waits
}

// partCounts are the parts of results that runs count.
var partCounts = map[string]campaigns.CountName{
	"audience": campaigns.CountAudience, "asked": campaigns.CountAsked, "sent": campaigns.CountSent, "failed": campaigns.CountFailed, "excluded": campaigns.CountExcluded,
	"delivered": campaigns.CountDelivered, "understood": campaigns.CountAnswered, "completed": campaigns.CountCompleted, "offered": campaigns.CountOffered,
	"opted_out": campaigns.CountOptedOut,
}

// members are those of the runs that are meant, or nil where not all runs are known. part says who of them is wanted; learns, whether
// it may take long to find out who they are.
func (s *Service) members(ctx context.Context, q ResultsQuery, part string, learns bool) (*members, error) {
	ids := []string{q.Run}
	if q.Run == "" {
		listed, err := s.runIDs(ctx, q.Campaign)
		if err != nil || len(listed) >= runsMost {
			return nil, err
		}
		ids = listed
	}
	m := &members{s: s, campaign: q.Campaign, runs: map[string]bool{}, now: !learns, joined: make([]int64, s.Store.Partitions()), wanted: make([]int64, s.Store.Partitions())}
	for some := range slices.Chunk(ids, runsTogether) {
		if err := m.count(ctx, some, part); err != nil {
			return nil, err
		}
	}
	c := s.World().Campaigns[q.Campaign]
	if c == nil || c.Audience == nil || slices.Max(m.joined) > fewMembers {
		return m, nil
	}
	x, ok, err := s.matching(ctx, c.Audience)
	if ok {
		m.fits = &matched{s, x, learns}
	}
	return m, err
}

// count adds what runs count in each partition.
func (m *members) count(ctx context.Context, runs []string, part string) error {
	of, counted := partCounts[part]
	if !counted {
		of = campaigns.CountAudience
	}
	records, err := m.s.Store.RunFields(ctx, runs, []string{record.RunFanned, record.CountPrefix + string(campaigns.CountAudience), record.CountPrefix + string(of), record.RunListOnly})
	if err != nil {
		return away(err)
	}
	for i, run := range runs {
		m.runs[run] = true
		for p, r := range records[i] {
			m.wanted[p] += number(r[2])
			if r[0] != "1" && records[i][store.RunsPartition][3] != "1" {
				m.joined[p] = -1
			}
			if m.joined[p] >= 0 {
				m.joined[p] += number(r[1])
			}
		}
	}
	return nil
}

// of implements some.
func (m *members) of(ctx context.Context, p int) ([]string, bool, error) {
	switch {
	case m.joined[p] < 0:
		return nil, false, nil
	case m.joined[p] == 0 || m.wanted[p] == 0:
		return nil, true, nil
	case m.joined[p] > fewMembers || m.fits == nil || m.fits.sets[p].count() > 2*fewMembers:
		return nil, false, nil
	}
	ids, ok, err := m.fits.of(ctx, p)
	if err != nil || !ok {
		return nil, false, err
	}
	var found []string
	var joined int64
	for few := range slices.Chunk(ids, pageMost) {
		read, err := m.s.page(ctx, few, wanted{about: m.campaign, now: m.now})
		if err != nil {
			return nil, false, err
		}
		for _, x := range read {
			if n := m.walks(x); n > 0 {
				found, joined = append(found, x.id), joined+n
			}
		}
	}
	return found, joined >= m.joined[p], nil // else some are not those whom the rule fits any more
}

// walks is how many of the runs somebody joined.
func (m *members) walks(x seen) (n int64) {
	for _, w := range campaigns.Walks(x.ledger, m.campaign) {
		if w.Joined && m.runs[w.Run] {
			n++
		}
	}
	return n
}

// about is what a look at the results of a campaign reads; m may be nil.
func (m *members) about(campaign string) wanted {
	if m == nil {
		return wanted{about: campaign}
	}
	return wanted{about: campaign, few: m}
}

// those are the runs that results tell of; nil: all that ledgers know of.
func (m *members) those() map[string]bool {
	if m == nil {
		return nil
	}
	return m.runs
}
