// Package hooks takes in what providers tell us: bounded body, Decode, append to the contact's log, and only then the
// answer.
package hooks

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/health"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences/address"
)

// Account is one configured sender as far as webhooks are concerned.
type Account struct {
	ID      string
	Channel address.Channel
	Adapter adapters.Adapter
	URL     string        // the public address of its webhook: what the provider signs
	Watch   *health.Watch // who is told of its calls; nil: nobody
}

// Options is what an Intake needs.
type Options struct {
	Store   *store.Store
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *Metrics
}

// Intake makes events durable.
type Intake struct {
	Options
	accounts map[string]*account // by id
}

// account is an Account with its counters.
type account struct {
	Account
	counters
}

// New makes an intake for accounts.
func New(o Options, accounts ...Account) *Intake {
	i := &Intake{Options: o, accounts: make(map[string]*account, len(accounts))}
	for _, a := range accounts {
		i.accounts[a.ID] = &account{a, o.Metrics.of(a.ID)}
	}
	return i
}

// Accept appends an account's events to the logs of their contacts; it returns nil only once all of them are in Redis
// (invariant I1).
func (i *Intake) Accept(ctx context.Context, id string, events []adapters.Event) error {
	a, ok := i.accounts[id]
	if !ok {
		return fmt.Errorf("there is no account %s", id)
	}
	return i.accept(ctx, a, events, i.Now())
}

func (i *Intake) accept(ctx context.Context, a *account, events []adapters.Event, at time.Time) error {
	w := waiting{make([]int, 0, len(events)), make([]store.LogEntry, 0, len(events))}
	for _, e := range events {
		if e.Kind == adapters.Linked {
			i.put(&w, a, record.Linked(a.ID, a.Channel, e, at), e.Kind)
			continue
		}
		p, err := record.FromProvider(a.ID, a.Channel, e, at)
		if err != nil {
			return err
		}
		i.put(&w, a, p, e.Kind)
	}
	if err := i.Store.Append(ctx, w.partitions, w.entries); err != nil {
		return err
	}
	for _, e := range events {
		a.told(e.Kind).Inc()
		a.watched(e, at)
	}
	return nil
}

// watched tells who watches the account.
func (a *account) watched(e adapters.Event, at time.Time) {
	switch e.Kind {
	case adapters.Inbound:
		a.Watch.Inbound(at)
	case adapters.Report:
		a.Watch.Receipt(at, string(e.Status), e.Code)
	}
}

// waiting is what one call brought, before it is stored.
type waiting struct {
	partitions []int
	entries    []store.LogEntry
}

func (i *Intake) put(w *waiting, a *account, p record.Provided, kind adapters.EventKind) {
	part, ok := i.partition(p.Key)
	if !ok {
		a.nobody.Inc()
		i.Log.Warn("an event names neither a contact nor a message of ours and is left out", "account", a.ID, "event", p.ID, "kind", kind)
		return
	}
	w.partitions = append(w.partitions, part)
	w.entries = append(w.entries, store.LogEntry{ID: p.ID, Key: p.Key, Body: p.Bytes()})
}

func (i *Intake) partition(key string) (int, bool) {
	if p, ok := i.Store.PartitionOfContact(key); ok {
		return p, true
	}
	if key == "" {
		return 0, false
	}
	return i.Store.PartitionOf(key), true
}
