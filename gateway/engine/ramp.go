package engine

import (
	"context"
	"strconv"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// A run may begin with some people and wait for somebody to say go on. Its slice goes from partition to partition then, one
// after the other, and takes with it how many people it may ask still, so that no more are asked than were said, wherever they
// live. Whoever is in the audience and excluded is not one of them.

// askFirst asks the people of a slice up to as many as are left. whole says that nobody comes behind them in this partition.
func (t *turn) askFirst(ctx context.Context, s record.RunSlice, e *entry, whole bool) error {
	for _, id := range e.slice {
		o, err := t.tellOne(ctx, s, id, campaigns.RunAsk)
		if err != nil {
			return err
		}
		if s.First -= asked(o, s.Run); s.First <= 0 {
			t.setRun(s.Run, record.RunAfter, id)
			t.setRun(s.Run, record.RunHeldBack, "1")
			return nil
		}
	}
	if !whole {
		t.nextSlice(s, e.slice[len(e.slice)-1])
		return nil
	}
	t.setRun(s.Run, record.RunFanned, "1")
	if next := t.lease.Partition + 1; next < t.w.Store.Partitions() {
		s.After = ""
		t.forward(next, store.LogEntry{ID: sliceID(s.Run, ""), Body: record.Envelope{Slice: &s}.Bytes(), Bulk: true})
	}
	return nil
}

// asked is how many people an outcome has the run ask: one, or none. nil: there was no step.
func asked(o *campaigns.Outcome, run string) (n int) {
	if o == nil {
		return 0
	}
	for _, c := range o.Counts {
		switch {
		case c.Run != run:
		case c.Name == campaigns.CountAudience:
			n += int(c.Delta)
		case c.Name == campaigns.CountExcluded:
			n -= int(c.Delta)
		}
	}
	return n
}

// goOn has everybody asked whom the run has not come to yet. A slice that is on the log already and the new one are the same
// to the run's record: whichever comes second is left out.
func (t *turn) goOn(s record.SteerRun, e *entry) {
	if e.run[record.RunWhole] == "1" {
		return
	}
	t.setRun(s.Run, record.RunWhole, "1")
	t.setRun(s.Run, record.RunHeldBack, "0")
	if e.run[record.RunCampaign] == "" {
		t.setRun(s.Run, record.RunCampaign, s.Campaign)
	}
	if e.run[record.RunFanned] == "1" || e.run[record.RunParked] == "1" {
		return
	}
	slice := record.RunSlice{Run: s.Run, Campaign: s.Campaign, After: e.run[record.RunAfter]}
	id := sliceID(s.Run, slice.After) + ":whole:" + strconv.FormatInt(t.now.UnixNano(), 36)
	t.slice(store.LogEntry{ID: id, Body: record.Envelope{Slice: &slice}.Bytes()})
}
