package engine

import (
	"context"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
)

// notify queues for the webhook endpoints what they want to be told of a step, in the commit that makes it so.
func (t *turn) notify(contact string, entries []preferences.Entry) {
	if len(t.w.Wanted) == 0 {
		return
	}
	wanted := func(kind string) bool { return len(t.w.Wanted[kind]) > 0 }
	for _, n := range record.Notices(contact, entries, wanted) {
		for _, endpoint := range t.w.Wanted[n.Type] {
			t.post(t.batch.Tell, endpoint, n)
		}
	}
}

// post queues a notice for an endpoint by one of the batch's ways to do so.
func (t *turn) post(tell func(endpoint, id string, due time.Time, body []byte), endpoint string, n record.Notice) {
	n.Queued = t.now
	tell(endpoint, n.ID, t.now, n.Bytes())
	if t.told == nil {
		t.told = map[string]bool{}
	}
	t.told[endpoint] = true
}

// tellAgain queues something of a contact's ledger for an endpoint once more. Of somebody who was erased there is none.
func (t *turn) tellAgain(ctx context.Context, again record.Tell, e *entry) error {
	raws, err := t.w.Store.Ledger(ctx, again.Contact, 0)
	if err != nil {
		return err
	}
	var entries []preferences.Entry
	for _, raw := range raws {
		if some, err := record.ReadEntries(raw); err == nil { // one that is damaged tells nothing
			entries = append(entries, some...)
		}
	}
	all := record.Notices(again.Contact, entries, func(string) bool { return true })
	i := slices.IndexFunc(all, func(n record.Notice) bool { return n.ID == again.Notice })
	n := 0
	if i >= 0 && t.configured(again.Endpoint) {
		t.post(t.batch.TellAnyway, again.Endpoint, all[i])
		n = 1
	}
	t.tally("tell", "handled")
	if e.env.Reply {
		t.batch.Answer(e.ID, record.Result(campaigns.Result{Letters: n}))
	}
	return nil
}

// tellLetter puts what an endpoint could not be told back on its queue, with its attempts counted anew.
func (t *turn) tellLetter(d store.Dead) int {
	if !t.configured(d.Key) {
		return 0
	}
	n, err := record.ReadNotice(d.ID, d.Body)
	if err != nil {
		t.w.Log.Warn("a webhook among the dead letters cannot be read and stays where it is", "partition", t.lease.Partition, "letter", d.Place, "error", err)
		return 0
	}
	n.Attempts = 0
	t.post(t.batch.TellAnyway, d.Key, n)
	t.batch.Unbury(d.Place)
	return 1
}

// configured reports whether there is such an endpoint: one that was taken out of the configuration is told nothing more.
func (t *turn) configured(endpoint string) bool {
	for _, endpoints := range t.w.Wanted {
		if slices.Contains(endpoints, endpoint) {
			return true
		}
	}
	return false
}
