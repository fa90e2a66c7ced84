package engine

import (
	"context"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// doubt begins where it is not known what was tried before: under a new lease, and after a turn whose effects may not have
// come to be. The steps of the next turns may have been run before, and may have claimed something then. One turn claims for
// a batch of a log at most.
func (w *worker) doubt(partition int) { w.doubts[partition] = w.Batch }

// settled counts what a turn has taken off the log against the doubt.
func (w *worker) settled(t *turn) {
	left, ok := w.doubts[t.lease.Partition]
	if !ok {
		return
	}
	for _, e := range t.entries {
		if !e.Bulk {
			left--
		}
	}
	if left > 0 {
		w.doubts[t.lease.Partition] = left
	} else {
		delete(w.doubts, t.lease.Partition)
	}
}

// inVain is claims that nothing can come of any more, where they were granted at all.
func (t *turn) inVain(claims []campaigns.Claim) {
	for _, c := range claims {
		t.vain = append(t.vain, store.Claim{Key: c.Key, Offer: c.Offer, Pool: c.Pool})
	}
}

// unclaim has what was claimed in vain given back once the turn is committed: who is not the owner any more must not do that.
func (w *worker) unclaim(ctx context.Context, t *turn) error {
	if len(t.vain) == 0 {
		return nil
	}
	held, err := w.Store.Held(ctx, t.vain)
	if err != nil {
		return err
	}
	for _, c := range held {
		order := record.Unclaim{Key: c.Key, Offer: c.Offer, Pool: c.Pool}
		t.batch.Append(store.LogEntry{ID: "unclaim:" + c.Key, Body: record.Envelope{Unclaim: &order}.Bytes()})
	}
	return nil
}
