package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/hoidap/hoidap/gateway/store"
)

// forward takes events to other partitions' logs. A crash in between repeats some; their ids are known there.
func (w *worker) forward(ctx context.Context, l store.Lease) error {
	const most = 256
	for {
		under, err := w.Store.Forwarding(ctx, l.Partition, most)
		if err != nil || len(under) == 0 {
			return err
		}
		var to []int
		var entries []store.LogEntry
		for _, f := range under {
			for _, p := range targets(f.To, w.Store.Partitions()) {
				to, entries = append(to, p), append(entries, f.LogEntry)
			}
		}
		if err := w.Store.AppendAnyway(ctx, to, entries); err != nil {
			return err
		}
		w.ringBulk(entries)
		b := store.NewBatch(l)
		b.Arrived(under[len(under)-1].At)
		if err := w.Store.CommitOne(ctx, b); errors.Is(err, store.ErrFenced) {
			w.Keeper.Lost(l)
			return nil
		} else if err != nil || len(under) < most {
			return err
		}
	}
}

// ringBulk has this replica's workers look where something was put on bulk logs; the others look often enough.
func (w *worker) ringBulk(entries []store.LogEntry) {
	if slices.ContainsFunc(entries, func(e store.LogEntry) bool { return e.Bulk }) {
		for _, other := range w.workers {
			other.bulk.ring()
		}
	}
}

func targets(to, partitions int) []int {
	if to != store.AllPartitions {
		return []int{to}
	}
	all := make([]int, partitions)
	for i := range all {
		all[i] = i
	}
	return all
}
