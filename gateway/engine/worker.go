package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// The pace of a worker. Events are read as they come; timers and schedules need no more than these.
const (
	readBlock     = 200 * time.Millisecond // also bounds how long Stop takes
	timerEvery    = 200 * time.Millisecond
	scheduleEvery = time.Second
	timerBatch    = 32
	reportBatch   = 64
	reportWait    = 10 * time.Millisecond
	pauseAfterErr = 100 * time.Millisecond
)

// worker owns every Workers-th partition, so that each partition has one goroutine that changes its contacts. A second one
// waits for its logs.
type worker struct {
	*Engine
	number        int
	timersAt      time.Time
	scheduleAt    time.Time
	swept         map[int]time.Time   // when a partition is to be swept again
	turns         map[int]numbered    // how many turns the partitions have had, where that is certain
	doubts        map[int]int         // entries of a log's head that may have been tried before
	known         map[int]store.Lease // partitions where nothing is left on its way to others
	alone         map[int]bool        // partitions whose next entry wants a turn without anything else
	bulk          bulk
	indexes       map[int]*index       // of audiences
	indexAt       time.Time            // when they are to be seen to again
	terms         map[expr.Fact]string // names
	countFields   map[campaigns.CountName]string
	slice         int                  // contacts of a slice in this turn
	listed        map[string]bool      // event campaigns' runs that are on the list of runs
	scheduled     map[string]time.Time // when each campaign's schedule was last looked at, as Redis has it
	scheduleLease store.Lease          // under which scheduled was read

	found  chan found    // from the goroutine that reads
	more   chan struct{} // to it: what it found has been seen to
	places places
	still  standstill
	reader record.Reader            // of what turns read
	forms  record.Writer            // of what turns write
	spare  []*memory                // of turns that are over
	rest   map[int][]store.LogEntry // of what was read, what the last turn left for one more
	under  *commit                  // under way

	bell    chan struct{}
	mu      sync.Mutex
	reports []pending
	gone    bool // nobody takes reports any more
}

func newWorker(e *Engine, number int) *worker {
	return &worker{Engine: e, number: number, known: map[int]store.Lease{}, turns: map[int]numbered{}, doubts: map[int]int{}, swept: map[int]time.Time{}, indexes: map[int]*index{}, terms: map[expr.Fact]string{}, countFields: map[campaigns.CountName]string{}, alone: map[int]bool{}, listed: map[string]bool{},
		scheduled: map[string]time.Time{}, places: newPlaces(), still: standstill{of: map[int]stopped{}}, rest: map[int][]store.LogEntry{},
		found: make(chan found), more: make(chan struct{}), bell: make(chan struct{}, 1), bulk: newBulk()}
}

// run handles what was read, what the sender reports, and what is due. Nobody waits for what was reported: it is written
// with what is read next, or after a moment, so that one commit does for many.
func (w *worker) run(ctx context.Context) {
	tick := time.NewTicker(timerEvery)
	defer tick.Stop()
	defer w.finish(ctx)
	var collected <-chan time.Time // nil: no report has come
	for {
		busy := w.busy()
		select {
		case <-ctx.Done():
			return
		case f := <-w.found:
			w.workRead(ctx, f)
		case errs := <-w.under.done():
			w.ended(ctx, errs)
		case w.bulk.heads = <-w.bulk.found:
		case <-w.bulkTurn(busy):
			w.workBulk(ctx, busy)
		case <-w.bell:
			if collected == nil {
				collected = time.After(w.reportWait())
			}
		case <-collected:
			collected = nil
			w.work(ctx, nil)
		case <-tick.C:
			w.work(ctx, nil)
		}
	}
}

// workRead takes as many turns as what was read wants, and has more read.
func (w *worker) workRead(ctx context.Context, f found) {
	switch {
	case f.err != nil:
		w.wait(ctx, f.err)
	case f.ahead:
		w.workHalves(ctx, f)
		return
	default:
		w.finish(ctx)
		w.seats.take(ctx, entriesOf(f.logs), func() {
			for logs := w.next(f); len(logs) > 0 && ctx.Err() == nil; logs = w.left() { // whose leases are looked at once nothing is waited for any more
				w.work(ctx, logs)
				w.readUnhandledAnew(logs)
			}
		})
	}
	select {
	case <-ctx.Done():
	case w.more <- struct{}{}:
	}
}

// work takes one turn.
func (w *worker) work(ctx context.Context, logs map[int][]store.LogEntry) {
	w.finish(ctx)
	if err := w.turn(ctx, logs); err != nil {
		w.wait(ctx, err)
	}
}

// wait gives Redis time to come back.
func (w *worker) wait(ctx context.Context, err error) {
	if ctx.Err() == nil && !w.stand(err) {
		w.Log.Warn("events wait: Redis does not answer; trying again", "error", err)
		pause(ctx, pauseAfterErr)
	}
}

// mine is those of leases that this worker sees to.
func (w *worker) mine(leases []store.Lease) []store.Lease {
	var out []store.Lease
	for _, l := range leases {
		if l.Partition%w.Workers == w.number {
			out = append(out, l)
		}
	}
	return out
}

func byPartition(leases []store.Lease) map[int]store.Lease {
	out := make(map[int]store.Lease, len(leases))
	for _, l := range leases {
		out[l.Partition] = l
	}
	return out
}

func partitionsOf(leases []store.Lease) []int {
	out := make([]int, len(leases))
	for i, l := range leases {
		out[i] = l.Partition
	}
	return out
}

// turn handles what was read, what was reported, and what is due. Where people wait for an answer, what was reported goes
// along only in the partitions that are written anyway: an answer departs when the whole commit is done.
func (w *worker) turn(ctx context.Context, logs map[int][]store.LogEntry) error {
	w.goOn(ctx)
	held := byPartition(w.mine(w.Keeper.Held()))
	reports := w.reported(held, func(partition int) bool {
		return !w.stands(partition) && (len(logs) == 0 || len(logs[partition]) > 0)
	})
	turns, err := w.gather(ctx, w.owned(), logs, reports)
	if err == nil {
		turns, err = w.alsoReported(ctx, turns, held, reports)
	}
	if err == nil && len(turns) > 0 {
		return w.handle(ctx, turns)
	}
	for _, rs := range reports {
		w.again(rs, false)
	}
	return err
}

// gather makes the turns of the partitions where there is something to do.
func (w *worker) gather(ctx context.Context, leases []store.Lease, logs map[int][]store.LogEntry, reports map[int][]pending) ([]*turn, error) {
	if err := w.leftovers(ctx, leases); err != nil {
		return nil, err
	}
	now := w.Now()
	timers, err := w.dueTimers(ctx, leases, now)
	if err != nil {
		return nil, err
	}
	if err := w.schedules(ctx, leases, now); err != nil {
		return nil, err
	}
	if err := w.sweep(ctx, leases, now); err != nil {
		return nil, err
	}
	if err := w.buildIndexes(ctx, leases, now); err != nil {
		return nil, err
	}
	return w.turnsOf(ctx, leases, logs, reports, timers, now)
}

// turnsOf makes the turns of what has come.
func (w *worker) turnsOf(ctx context.Context, leases []store.Lease, logs map[int][]store.LogEntry, reports map[int][]pending, timers map[int][]store.DueTimer, now time.Time) (turns []*turn, err error) {
	for _, l := range leases {
		entries := logs[l.Partition]
		if w.alone[l.Partition] && len(entries) > 0 {
			delete(w.alone, l.Partition)
			w.again(reports[l.Partition], false)
			delete(reports, l.Partition)
			delete(timers, l.Partition)
		}
		if len(entries) == 0 && len(timers[l.Partition]) == 0 && len(reports[l.Partition]) == 0 {
			continue
		}
		if reports[l.Partition], err = w.settleDoubtful(ctx, l.Partition, reports[l.Partition]); err != nil {
			return nil, err
		}
		t := newTurn(w, l, entries, timers[l.Partition], now)
		t.reports = reports[l.Partition]
		turns = append(turns, t)
	}
	return turns, nil
}

// alsoReported adds the turns of the partitions that are about to be given away: what the sender reports is still written.
func (w *worker) alsoReported(ctx context.Context, turns []*turn, held map[int]store.Lease, reports map[int][]pending) (_ []*turn, err error) {
	have := map[int]bool{}
	for _, t := range turns {
		have[t.lease.Partition] = true
	}
	for p, rs := range reports {
		if have[p] || len(rs) == 0 {
			continue
		}
		if reports[p], err = w.settleDoubtful(ctx, p, rs); err != nil {
			return nil, err
		}
		t := newTurn(w, held[p], nil, nil, w.Now())
		t.reports = reports[p]
		turns = append(turns, t)
	}
	return turns, nil
}

func (w *worker) dueTimers(ctx context.Context, leases []store.Lease, now time.Time) (map[int][]store.DueTimer, error) {
	if now.Before(w.timersAt) || len(leases) == 0 {
		return nil, nil
	}
	w.timersAt = now.Add(timerEvery)
	return w.Store.DueTimers(ctx, partitionsOf(leases), now, timerBatch)
}

// handle takes turns through lookup, load, claims, steps and commit, each one round trip for all of them.
func (w *worker) handle(ctx context.Context, turns []*turn) error {
	batches, err := w.prepare(ctx, turns)
	if err != nil {
		w.putOff(turns)
		return err
	}
	// The commit is not cut short by Stop: what became of it would not be known.
	return w.conclude(ctx, turns, w.Store.Commit(context.WithoutCancel(ctx), batches))
}

// putOff ends turns that could not be prepared.
func (w *worker) putOff(turns []*turn) {
	for _, t := range turns {
		w.doubt(t.lease.Partition)
		t.stay(false)
		t.forgetIndex()
		w.again(t.reports, false)
		w.over(t)
	}
}

// conclude sees to what became of the turns' commits.
func (w *worker) conclude(ctx context.Context, turns []*turn, errs []error) (failed error) {
	for i, err := range errs {
		failed = errors.Join(failed, w.committed(ctx, turns[i], err))
		w.over(turns[i])
	}
	return failed
}

func (w *worker) prepare(ctx context.Context, turns []*turn) ([]*store.Batch, error) {
	if err := w.giveNumbers(ctx, turns); err != nil {
		return nil, err
	}
	if err := w.knowIndexes(ctx, turns); err != nil {
		return nil, err
	}
	if err := w.look(ctx, turns); err != nil {
		return nil, err
	}
	if err := w.askListed(ctx, turns); err != nil {
		return nil, err
	}
	if err := w.load(ctx, turns); err != nil {
		return nil, err
	}
	if err := w.foresee(ctx, turns); err != nil {
		return nil, err
	}
	batches := make([]*store.Batch, len(turns))
	for i, t := range turns {
		if err := t.steps(ctx); err != nil {
			return nil, err
		}
		if err := w.unclaim(ctx, t); err != nil {
			return nil, err
		}
		batches[i] = t.finish()
	}
	return batches, nil
}

// numbered is how many turns a partition has had under a lease.
type numbered struct {
	lease store.Lease
	turns int64
}

// giveNumbers gives the turns their numbers. Nobody else takes turns under this lease, so only what became uncertain is asked;
// that comes before anything else is read.
func (w *worker) giveNumbers(ctx context.Context, turns []*turn) error {
	var unknown []int
	for _, t := range turns {
		if w.turns[t.lease.Partition].lease != t.lease {
			unknown = append(unknown, t.lease.Partition)
		}
	}
	if len(unknown) > 0 {
		found, err := w.Store.Turns(ctx, unknown)
		if err != nil {
			return err
		}
		for _, t := range turns {
			if i := slices.Index(unknown, t.lease.Partition); i >= 0 {
				w.turns[t.lease.Partition] = numbered{t.lease, found[i]}
				w.doubt(t.lease.Partition)
			}
		}
	}
	for _, t := range turns {
		t.number = w.turns[t.lease.Partition].turns
		t.batch.Turn(t.number)
		_, t.retried = w.doubts[t.lease.Partition]
	}
	return nil
}

func (w *worker) committed(ctx context.Context, t *turn, err error) error {
	switch {
	case errors.Is(err, store.ErrFenced):
		w.Metrics.Commits.WithLabelValues("fenced").Inc()
		w.Keeper.Lost(t.lease)
		t.stay(false)
		t.forgetIndex()
		finish(t.reports, false)
		return nil
	case errors.Is(err, store.ErrStale): // it was applied, and its answer lost: the log has moved on
		w.Metrics.Commits.WithLabelValues("stale").Inc()
		w.uncertain(t)
		pause(ctx, pauseAfterErr)
		return nil
	case err != nil:
		w.Metrics.Commits.WithLabelValues("away").Inc()
		w.uncertain(t)
		if w.stand(err) {
			return nil
		}
		return err
	}
	w.Metrics.Commits.WithLabelValues("ok").Inc()
	w.turns[t.lease.Partition] = numbered{t.lease, t.number + 1}
	w.settled(t)
	t.depart()
	t.report()
	w.took(t)
	if t.slices {
		w.bulk.ring()
	}
	finish(t.reports, true)
	if !t.forwards {
		return nil
	}
	if err := w.forward(context.WithoutCancel(ctx), t.lease); err != nil {
		delete(w.known, t.lease.Partition) // to be gone on with before the next turn
		return err
	}
	return nil
}

// uncertain: the turn may have been applied, with what it forwards and what departs.
func (w *worker) uncertain(t *turn) {
	delete(w.known, t.lease.Partition)
	delete(w.turns, t.lease.Partition)
	t.forgetIndex()
	t.stay(true)
	t.tellQueues()
	w.again(t.reports, true)
}

// leftovers sends on its way what a former owner of a partition had not.
func (w *worker) leftovers(ctx context.Context, leases []store.Lease) error {
	for _, l := range leases {
		if w.known[l.Partition] == l {
			continue
		}
		if err := w.forward(ctx, l); err != nil {
			return err
		}
		w.known[l.Partition] = l
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
