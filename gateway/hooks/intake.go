// Package hooks takes in what providers tell us: bounded body, Decode, append to the contact's log, and only then the
// answer.
package hooks

import (
	"context"
	"log/slog"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences/address"
)

// Account is one configured sender as far as webhooks are concerned.
type Account struct {
	ID      string
	Channel address.Channel
	Adapter adapters.Adapter
	URL     string // the public address of its webhook: what the provider signs
}

// Intake makes events durable.
type Intake struct {
	Store   *store.Store
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *Metrics
}

// Accept appends events to the logs of their contacts; it returns nil only once all of them are in Redis (invariant I1).
func (i *Intake) Accept(ctx context.Context, a Account, events []adapters.Event) error {
	var partitions []int
	var entries []store.LogEntry
	for _, e := range events {
		p, err := record.FromProvider(a.ID, a.Channel, e, i.Now())
		if err != nil {
			return err
		}
		part, ok := i.partition(p.Key)
		if !ok {
			i.Metrics.Events.WithLabelValues(a.ID, "nobody").Inc()
			i.Log.Warn("an event names neither a contact nor a message of ours and is left out", "account", a.ID, "event", p.ID, "kind", e.Kind)
			continue
		}
		partitions = append(partitions, part)
		entries = append(entries, store.LogEntry{ID: p.ID, Key: p.Key, Body: p.Bytes()})
	}
	if len(entries) == 0 {
		return nil
	}
	if err := i.Store.Append(ctx, partitions, entries); err != nil {
		return err
	}
	for _, e := range events {
		i.Metrics.Events.WithLabelValues(a.ID, string(e.Kind)).Inc()
	}
	return nil
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
