package engine

import (
	"context"
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// Report is what became of a message that was being sent. It is committed with what it changes about the contact; a crash
// before that leaves the mark that the message is being sent, and the partition's next owner finds out anew.
type Report struct {
	Lease   store.Lease // under which the message was taken
	Message string
	Contact string
	Event   *campaigns.Event     // what happened to the contact; nil: nothing that concerns it
	Write   func(*store.Batch)   // takes the message off, or puts it back
	Done    func(committed bool) // called once, when it is known what became of the report
}

// pending is a report that is not known to be committed.
type pending struct {
	Report
	doubtful bool // it may have been committed already
}

// Report hands a report over. It does not block.
func (e *Engine) Report(r Report) { e.owner(r.Lease.Partition).report(pending{Report: r}) }

func (w *worker) report(r ...pending) {
	w.mu.Lock()
	gone := w.gone
	if !gone {
		w.reports = append(w.reports, r...)
	}
	w.mu.Unlock()
	if gone {
		finish(r, false)
		return
	}
	select {
	case w.bell <- struct{}{}:
	default:
	}
}

// dropReports ends the taking of reports; those that are there are not committed any more.
func (w *worker) dropReports() {
	w.mu.Lock()
	left := w.reports
	w.reports, w.gone = nil, true
	w.mu.Unlock()
	finish(left, false)
}

func finish(rs []pending, committed bool) {
	for _, r := range rs {
		r.Done(committed)
	}
}

// reported takes the reports that have come for some partitions, at most a batch for each. Those under a lease that is no
// longer held are done with: the partition's next owner settles their messages.
func (w *worker) reported(held map[int]store.Lease, some func(partition int) bool) map[int][]pending {
	w.mu.Lock()
	all := w.reports
	w.reports = nil
	w.mu.Unlock()
	of := map[int][]pending{}
	var lost, later []pending
	for _, r := range all {
		p := r.Lease.Partition
		switch {
		case !some(p):
			later = append(later, r)
		case held[p] != r.Lease:
			lost = append(lost, r)
		case len(of[p]) >= reportBatch:
			later = append(later, r)
		default:
			of[p] = append(of[p], r)
		}
	}
	finish(lost, false)
	if len(later) > 0 {
		w.report(later...)
	}
	return of
}

// settleDoubtful leaves out the reports that turn out to be committed: their messages are no longer marked.
func (w *worker) settleDoubtful(ctx context.Context, p int, rs []pending) ([]pending, error) {
	if !slices.ContainsFunc(rs, func(r pending) bool { return r.doubtful }) {
		return rs, nil
	}
	ids := make([]string, len(rs))
	for i, r := range rs {
		ids[i] = r.Message
	}
	sending, err := w.Store.StillSending(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	var rest []pending
	for i, r := range rs {
		if r.doubtful && !sending[i] {
			r.Done(true)
			continue
		}
		r.doubtful = false
		rest = append(rest, r)
	}
	return rest, nil
}

// again keeps reports for the next turn.
func (w *worker) again(rs []pending, doubtful bool) {
	for i := range rs {
		rs[i].doubtful = rs[i].doubtful || doubtful
	}
	w.report(rs...)
}

// back steps what came back from the sender.
func (t *turn) back(ctx context.Context, r pending) error {
	r.Write(t.batch)
	if r.Event == nil {
		return nil
	}
	p := t.people[r.Contact]
	if p == nil || p.erased || p.state.Contact == nil && p.broken == nil {
		return nil
	}
	if why := p.unreadable(); why != nil {
		t.quarantined(r.Contact, *r.Event, why)
		return nil
	}
	o, err := t.run(ctx, p, *r.Event)
	if err != nil {
		return t.giveUp(&entry{LogEntry: store.LogEntry{ID: r.Event.ID, Key: r.Contact, Body: record.Envelope{Event: r.Event}.Bytes()}}, err)
	}
	t.tally(r.Event.Kind, "handled")
	return t.apply(ctx, p, o)
}
