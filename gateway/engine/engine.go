// Package engine owns partitions: it reads their logs, runs campaigns.Step on each event, and commits what comes of it
// in one atomic write. Nothing else changes a contact.
package engine

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
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

	Workers int // goroutines that share the partitions; 2 where 0
	Batch   int // events of a partition in one commit; 48 where 0
	Slice   int // contacts of a fan-out in one commit; 50 where 0
	Window  int // messages that may wait for an account in a partition before a fan-out pauses; 2000 where 0
	AtOnce  int // workers that may take turns at once while a throng writes; all but one of the processors where 0

	Out      Departures
	Changed  func(contact string)                     // a contact's state or ledger changed; may be nil
	Accounts func() []string                          // outbound queues there are
	Receipt  func(account string, r campaigns.Report) // a provider's receipt was handled, perhaps more than once; does not block. May be nil
	Wanted   map[string][]string                      // which webhook endpoints are told of a kind of ledger entry; nil: none is of any
	Told     func(endpoint string, partition int)     // something for an endpoint was queued; does not block. May be nil
	Rate     func(account string) float64             // messages that may leave by an account in a second; 0: no limit. May be nil
}

// Departures is where messages go that may leave at once, and who is told what was queued.
type Departures interface {
	// Queued says that messages of an account were queued in a partition, to be taken from due on. It does not block.
	Queued(account string, partition int, due time.Time)
	// Reserve takes room for one message of a partition that leaves as soon as it is committed; false: it must be queued.
	// One that follows another departs with it, even if there is no more room.
	Reserve(account string, partition int, follows bool) bool
	// Depart hands over a message that was committed as being sent, and the contact as committed with it.
	Depart(l store.Lease, o campaigns.Outbound, c *preferences.Contact)
	// Cancel gives room back. Where it is not known whether the commit came about, doubtful says so: the marks in the
	// partition tell.
	Cancel(l store.Lease, account string, doubtful bool)
}

// Engine works on the partitions that the keeper holds, from Start to Stop.
type Engine struct {
	Options
	workers []*worker
	cancel  context.CancelFunc
	wg      sync.WaitGroup
	fan     *fan
	seats   seats
}

// New prepares an engine.
func New(o Options) *Engine {
	if o.Workers == 0 {
		o.Workers = 2
	}
	if o.Batch == 0 {
		o.Batch = 48
	}
	if o.Slice == 0 {
		o.Slice = 50
	}
	if o.Window == 0 {
		o.Window = 2000
	}
	if o.AtOnce == 0 {
		o.AtOnce = max(1, runtime.GOMAXPROCS(0)-1)
	}
	o.Keep = o.Keep.orDefault()
	if o.Changed == nil {
		o.Changed = func(string) {}
	}
	if o.Receipt == nil {
		o.Receipt = func(string, campaigns.Report) {}
	}
	if o.Told == nil {
		o.Told = func(string, int) {}
	}
	if o.Rate == nil {
		o.Rate = func(string) float64 { return 0 }
	}
	e := &Engine{Options: o, fan: newFan(), seats: make(seats, o.AtOnce)}
	for i := range o.Workers {
		e.workers = append(e.workers, newWorker(e, i))
	}
	return e
}

// Start begins to work.
func (e *Engine) Start(ctx context.Context) {
	ctx, e.cancel = context.WithCancel(context.WithoutCancel(ctx))
	for _, w := range e.workers {
		e.wg.Go(func() { w.read(ctx) })
		e.wg.Go(func() { w.lookForBulk(ctx) })
		e.wg.Go(func() { w.run(ctx) })
	}
}

// Stop ends after the commits under way. What was read and not committed stays on the logs.
func (e *Engine) Stop() {
	e.cancel()
	e.wg.Wait()
	for _, w := range e.workers {
		w.dropReports()
	}
}

// owner is the worker that has a partition.
func (e *Engine) owner(partition int) *worker { return e.workers[partition%e.Workers] }

// fanningFor is how long after a slice its replica counts as fanning out: longer than from one slice to the next.
const fanningFor = 100 * time.Millisecond

// Busy reports whether people write to this replica.
func (e *Engine) Busy() bool { return e.fan.busy(e.Now()) }

// FansOut reports whether a run is being fanned out here.
func (e *Engine) FansOut() bool {
	return e.Now().UnixMilli()-e.fan.fanned.Load() < fanningFor.Milliseconds()
}
