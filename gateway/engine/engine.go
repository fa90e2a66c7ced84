// Package engine owns partitions: it reads their logs, runs campaigns.Step on each event, and commits what comes of it
// in one atomic write. Nothing else changes a contact.
package engine

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/store"
)

// Options is what an engine needs. The functions are called from several goroutines.
type Options struct {
	Store   *store.Store
	Keeper  *store.Keeper
	World   func() *campaigns.World // what is in force; the world is not changed afterwards
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *Metrics
	Keep    Keep   // how long things are kept
	Secret  string // keys the hashes on the suppression list

	Workers int // goroutines that share the partitions; 4 where 0
	Batch   int // events of a partition in one commit; 16 where 0
	Slice   int // contacts of a fan-out in one commit; 50 where 0
	Window  int // messages that may wait in a partition before a fan-out pauses; 2000 where 0

	Queued   func(partition int)  // something was queued for sending; may be nil
	Changed  func(contact string) // a contact's state or ledger changed; may be nil
	Accounts func() []string      // outbound queues there are
}

// Engine works on the partitions that the keeper holds, from Start to Stop.
type Engine struct {
	Options
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// New prepares an engine.
func New(o Options) *Engine {
	if o.Workers == 0 {
		o.Workers = 4
	}
	if o.Batch == 0 {
		o.Batch = 16
	}
	if o.Slice == 0 {
		o.Slice = 50
	}
	if o.Window == 0 {
		o.Window = 2000
	}
	o.Keep = o.Keep.orDefault()
	if o.Queued == nil {
		o.Queued = func(int) {}
	}
	if o.Changed == nil {
		o.Changed = func(string) {}
	}
	return &Engine{Options: o}
}

// Start begins to work.
func (e *Engine) Start(ctx context.Context) {
	ctx, e.cancel = context.WithCancel(context.WithoutCancel(ctx))
	for i := range e.Workers {
		w := &worker{Engine: e, number: i, listed: map[string]bool{}, scheduled: map[string]time.Time{}}
		e.wg.Add(1)
		go func() {
			defer e.wg.Done()
			w.run(ctx)
		}()
	}
}

// Stop ends after the commits under way. What was read and not committed stays on the logs.
func (e *Engine) Stop() {
	e.cancel()
	e.wg.Wait()
}
