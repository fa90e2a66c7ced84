package engine

import (
	"context"
	"errors"
	"hash/crc32"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// Keep says how long is kept what nobody needs for ever. Zero fields mean the defaults.
type Keep struct {
	Inbox  time.Duration // what waits for a person; 90 days
	Dead   time.Duration // dead letters; 30 days
	Runs   time.Duration // the counts of finished runs; 400 days
	Latest int           // finished runs of a campaign that are older than RunsLeast: so many stay; 1000
	Ledger int           // entries of a contact's ledger, roughly; 2000
}

// RunsLeast is how long a run's counts are kept however many there are: receipts and answers still come in.
const RunsLeast = 30 * 24 * time.Hour

func (k Keep) orDefault() Keep {
	const day = 24 * time.Hour
	def := Keep{Inbox: 90 * day, Dead: 30 * day, Runs: 400 * day, Latest: 1000, Ledger: 2000}
	if k.Inbox > 0 {
		def.Inbox = k.Inbox
	}
	if k.Dead > 0 {
		def.Dead = k.Dead
	}
	if k.Runs > 0 {
		def.Runs = max(k.Runs, RunsLeast)
	}
	if k.Latest > 0 {
		def.Latest = k.Latest
	}
	if k.Ledger > 0 {
		def.Ledger = k.Ledger
	}
	return def
}

// The pace of sweeping: little at a time, so that nobody waits for it.
const (
	sweepEvery   = time.Hour
	sweepOn      = time.Second // where there was more than one go takes
	sweepMost    = 200         // letters and items in one go
	sweepRuns    = 20          // runs in one go: each is looked at in every partition
	sweepLook    = 1000        // runs that are looked at for that
	inboxMost    = 10000       // items in a partition's inbox
	trimInterval = 64          // turns that write a contact between two looks at the length of its ledger, about
)

// sweep clears away what is too old, in one of the partitions whose turn it is.
func (w *worker) sweep(ctx context.Context, leases []store.Lease, now time.Time) error {
	for _, l := range leases {
		if at, ok := w.swept[l.Partition]; ok && now.Before(at) {
			continue
		}
		more, err := w.sweepOne(ctx, l, now)
		if err != nil {
			return err
		}
		w.swept[l.Partition] = now.Add(sweepEvery)
		if more {
			w.swept[l.Partition] = now.Add(sweepOn)
		}
		return nil
	}
	return nil
}

func (w *worker) sweepOne(ctx context.Context, l store.Lease, now time.Time) (more bool, err error) {
	b := store.NewBatch(l)
	letters, err := w.Store.OldDeadLetters(ctx, l.Partition, "", sweepMost)
	if err != nil {
		return false, err
	}
	old := 0
	for _, d := range letters {
		if d.At.Before(now.Add(-w.Keep.Dead)) {
			b.Unbury(d.Place)
			old++
		}
	}
	items, err := w.sweepInbox(ctx, b, now)
	if err != nil {
		return false, err
	}
	runs := 0
	if l.Partition == store.RunsPartition {
		if runs, err = w.sweepRuns(ctx, b, now); err != nil {
			return false, err
		}
	}
	if b.Empty() {
		return false, nil
	}
	if err := w.Store.CommitOne(ctx, b); errors.Is(err, store.ErrFenced) {
		w.Keeper.Lost(l)
		return false, nil
	} else if err != nil {
		return false, err
	}
	if runs > 0 {
		delete(w.known, l.Partition) // what it forwards is sent on its way before the next turn
	}
	w.Log.Info("old things were cleared away", "partition", l.Partition, "dead letters", old, "inbox items", items, "runs", runs)
	return old == sweepMost || items == sweepMost || runs == sweepRuns, nil
}

// sweepInbox takes items away that nobody has dealt with in all that time, or that are too many.
func (w *worker) sweepInbox(ctx context.Context, b *store.Batch, now time.Time) (int, error) {
	ids, err := w.Store.OldInbox(ctx, b.Partition(), now.Add(-w.Keep.Inbox), inboxMost, sweepMost)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	bodies, err := w.Store.InboxItems(ctx, b.Partition(), ids)
	if err != nil {
		return 0, err
	}
	for n, id := range ids {
		i, err := record.ReadInboxItem(bodies[n])
		if err != nil && bodies[n] != nil {
			w.Log.Warn("an old inbox item cannot be read; it is cleared away as well", "partition", b.Partition(), "error", err)
		}
		b.CloseInboxItem(id, i.Reason)
	}
	return len(ids), nil
}

// sweepRuns takes runs off the list that are too old or too many, and has every partition forget them. What is not
// finished stays.
func (w *worker) sweepRuns(ctx context.Context, b *store.Batch, now time.Time) (n int, err error) {
	runs, err := w.tooMany(ctx, now)
	if err != nil {
		return 0, err
	}
	for _, r := range runs {
		if n == sweepRuns {
			break
		}
		records, err := w.Store.Run(ctx, r.Run)
		if err != nil {
			return n, err
		}
		if !finished(records) {
			continue
		}
		b.UnlistRun(r.Run)
		b.Forward(store.AllPartitions, store.LogEntry{ID: "forget:" + r.Run, Body: record.Envelope{Forget: r.Run}.Bytes()})
		n++
	}
	return n, nil
}

// tooMany lists the runs that are older than a run is kept, and those of campaigns that have too many.
func (w *worker) tooMany(ctx context.Context, now time.Time) ([]store.ListedRun, error) {
	all, err := w.Store.CountRuns(ctx)
	if err != nil {
		return nil, err
	}
	if all <= w.Keep.Latest { // no campaign can have too many
		return w.Store.OldRuns(ctx, now.Add(-w.Keep.Runs), sweepLook)
	}
	listed, err := w.Store.OldRuns(ctx, now.Add(time.Minute), all)
	if err != nil {
		return nil, err
	}
	left := map[string]int{}
	for _, r := range listed {
		left[r.Campaign]++
	}
	var out []store.ListedRun
	for _, r := range listed {
		old := r.At.Before(now.Add(-w.Keep.Runs))
		if len(out) < sweepLook && (old || left[r.Campaign] > w.Keep.Latest && r.At.Before(now.Add(-RunsLeast))) {
			left[r.Campaign]--
			out = append(out, r)
		}
	}
	return out, nil
}

// finished reports whether nothing of a run is under way any more.
func finished(records []map[string]string) bool {
	for _, r := range records {
		for _, n := range []campaigns.CountName{campaigns.CountQueued, campaigns.CountHeld} {
			if v := r[record.CountPrefix+string(n)]; v != "" && v != "0" {
				return false
			}
		}
	}
	main := records[store.RunsPartition]
	if main[record.RunState] == record.StateCancelled || main[record.RunListOnly] == "1" {
		return true
	}
	for _, r := range records {
		if r[record.RunFanned] != "1" {
			return false
		}
	}
	return true
}

// forgetRun deletes what the partition knows of a run.
func (t *turn) forgetRun(run string) {
	t.batch.ForgetRun(run)
	t.batch.ClearTimer(runTimer + run)
	delete(t.runs, run)
}

// trimLedger keeps a ledger from growing for ever. It is looked at now and then only, since most are short.
func (t *turn) trimLedger(p *person) {
	if trims(p.stored.ID, t.number) {
		t.batch.TrimLedger(p.stored.ID, t.w.Keep.Ledger)
	}
}

// trims reports whether a turn that writes a contact looks at its ledger: one in trimInterval does, as if by chance, so that none is
// missed for ever, however regularly its contact is written.
func trims(id string, turn int64) bool {
	h := crc32.ChecksumIEEE([]byte(id))
	for _, part := range [...]uint32{uint32(turn), uint32(turn >> 32)} {
		h = (h ^ part) * 0x9E3779B1
		h = (h ^ h>>15) * 0x85EBCA77
		h ^= h >> 13
	}
	return h%trimInterval == 0
}
