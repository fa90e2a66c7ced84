package engine

import (
	"context"
	"fmt"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// replay puts dead letters back on the log. A letter leaves the list in the commit that puts it there, under an id that
// is made from the letter: whatever happens in between, it comes back once.
func (t *turn) replay(ctx context.Context, r record.Replay, e *entry) error {
	letters, err := t.w.Store.DeadAt(ctx, t.lease.Partition, r.Letters)
	if err != nil {
		return err
	}
	n := 0
	for _, d := range letters {
		if d.What == "webhook" {
			n += t.tellLetter(d)
			continue
		}
		again, err := t.again(d)
		if err != nil {
			t.w.Log.Warn("a dead letter cannot be replayed and stays where it is", "partition", t.lease.Partition, "letter", d.Place, "what", d.What, "id", d.ID, "error", err)
			continue
		}
		t.batch.Append(again)
		t.batch.Unbury(d.Place)
		n++
	}
	t.tally("replay", "handled")
	if e.env.Reply {
		t.batch.Answer(e.ID, record.Result(campaigns.Result{Letters: n}))
	}
	return nil
}

// again is the log entry that a letter becomes. The event's own id would be dropped as known: it was handled when the
// event was buried.
func (t *turn) again(d store.Dead) (store.LogEntry, error) {
	id := fmt.Sprintf("replay:%d.%s", t.lease.Partition, d.Place)
	if len(d.Body) == 0 {
		return store.LogEntry{}, fmt.Errorf("its content was not kept")
	}
	if d.What == "message" {
		o, err := record.ReadOutbound(d.Body)
		if err != nil {
			return store.LogEntry{}, err
		}
		ev := campaigns.Event{ID: id, Kind: campaigns.Replayed, At: t.now, Account: o.Account, Resend: &o}
		return store.LogEntry{ID: id, Key: o.Contact, Body: record.Envelope{Event: &ev}.Bytes()}, nil
	}
	env, err := record.ReadEnvelope(d.Body)
	if err != nil {
		return store.LogEntry{}, err
	}
	env.Reply = false // nobody waits for it any more
	return store.LogEntry{ID: id, Key: d.Key, Body: env.Bytes()}, nil
}
