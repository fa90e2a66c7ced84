package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// noteEvery bounds how far back a schedule is looked at after a restart.
const noteEvery = time.Minute

// schedules starts the runs whose time has come. Only the owner of the runs' partition does, under its lease, and each
// run's id follows from the campaign and the local time: a firing is claimed once whatever happens.
func (w *worker) schedules(ctx context.Context, leases []store.Lease, now time.Time) error {
	i := slices.IndexFunc(leases, func(l store.Lease) bool { return l.Partition == store.RunsPartition })
	if i < 0 || now.Before(w.scheduleAt) {
		return nil
	}
	if w.scheduleLease != leases[i] {
		looked, err := w.Store.Schedules(ctx)
		if err != nil {
			return err
		}
		w.scheduled, w.scheduleLease = looked, leases[i]
	}
	b, looked := store.NewBatch(leases[i]), map[string]time.Time{}
	for _, id := range sortedIDs(w.World().Campaigns) {
		w.fire(b, w.World().Campaigns[id], now, looked)
	}
	w.scheduleAt = now.Add(scheduleEvery)
	if b.Empty() {
		return nil
	}
	err := w.Store.CommitOne(ctx, b)
	switch {
	case errors.Is(err, store.ErrFenced):
		w.Keeper.Lost(leases[i])
		return nil
	case err != nil:
		w.scheduleLease = store.Lease{} // what was written is not known: read it again
		return err
	}
	for c, at := range looked {
		w.scheduled[c] = at
	}
	return nil
}

func sortedIDs(m map[string]*campaigns.Campaign) []string {
	ids := make([]string, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// fire appends the start of each run of a campaign that is due.
func (w *worker) fire(b *store.Batch, c *campaigns.Campaign, now time.Time, looked map[string]time.Time) {
	if c.Schedule == nil || c.Schedule.Event != "" {
		return
	}
	last, ok := w.scheduled[c.ID]
	if !ok { // a campaign that is new here does not make up for firings from before it was
		last = now
	}
	firings := campaigns.Due(c, last, now)
	if len(firings) == 0 {
		if !ok || now.Sub(last) >= noteEvery {
			b.Fired(c.ID, now)
			looked[c.ID] = now
		}
		return
	}
	missed := 0
	for _, f := range firings {
		if f.Missed {
			missed++
			w.Metrics.Fired.WithLabelValues("missed").Inc()
			w.Log.Warn("a scheduled run was missed: nothing ran for over an hour", "campaign", c.ID, "at", f.At)
			continue
		}
		cause := "schedule"
		if f.MadeUp {
			cause = "made_up"
			w.Log.Warn("a scheduled run is made up for", "campaign", c.ID, "was due", f.At)
		}
		w.Metrics.Fired.WithLabelValues(cause).Inc()
		run := record.StartRun{Run: c.ID + "@" + f.Local, Campaign: c.ID, Cause: cause, At: now, Missed: missed, Local: f.Local}
		b.Append(store.LogEntry{ID: "run:" + run.Run, Body: record.Envelope{Start: &run}.Bytes()})
	}
	b.Fired(c.ID, now)
	looked[c.ID] = now
}
