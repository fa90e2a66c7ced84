package campaigns

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
)

// reported: a provider's receipt. Receipts come twice, late, out of order, and before the message's id is known.
//
// Example: {"kind":"reported","report":{"theirs":"SM1","status":"delivered"}}
func (t *turn) reported() {
	r := t.e.Report
	if r == nil || t.s.Contact == nil {
		return
	}
	m, id := t.reportedMessage(r), r.Ours
	if m != nil {
		id = m.ID
	}
	proof := t.carriesProof(id, m)
	if m != nil {
		t.receipt(m, *r)
	} else {
		t.keepEarly(r)
		t.askMerged(r)
	}
	t.stopped(r.Stopped, proof, id)
	if proof && m != nil && bucket[m.Status] == CountFailed {
		t.proofLost(id)
	}
}

// askMerged tells those who have come in of a receipt for a message that may be theirs.
func (t *turn) askMerged(r *Report) {
	for _, m := range t.s.Merges {
		if m.Undone.IsZero() && r.Ours == "" {
			t.tell(Told{Contact: m.Contact, Event: Event{Kind: Reported, Account: t.e.Account, Channel: t.e.Channel, Report: r}})
		}
	}
}

// keepEarly keeps a receipt until its message is known.
func (t *turn) keepEarly(r *Report) {
	if r.Theirs == "" || slices.Contains(t.s.Early, *r) {
		return
	}
	t.s.Early = append(t.s.Early, *r)
	if len(t.s.Early) > keepEarly {
		t.s.Early = slices.Delete(t.s.Early, 0, 1)
	}
}

func (t *turn) reportedMessage(r *Report) *Message {
	if m := t.message(r.Ours); m != nil {
		return m
	}
	for i := range t.s.Messages {
		if r.Theirs != "" && slices.Contains(t.s.Messages[i].Theirs, r.Theirs) {
			return &t.s.Messages[i]
		}
	}
	return nil
}

// mergeEarly applies the receipts that came before m's ids were known.
func (t *turn) mergeEarly(m *Message) {
	t.s.Early = slices.DeleteFunc(t.s.Early, func(r Report) bool {
		if r.Ours != m.ID && !slices.Contains(m.Theirs, r.Theirs) {
			return false
		}
		t.receipt(m, r)
		return true
	})
}

// receipt merges one receipt by rank.
func (t *turn) receipt(m *Message, r Report) {
	m.learn(r.Theirs)
	if r.Status == "queued" || r.Status == "held" || r.Status == "not_sent" || !t.settle(m, r.Status) {
		return // the provider's "queued" says that it has the message, which the sender's "sent" says already
	}
	kind := map[string]preferences.EntryKind{
		"sent": preferences.EntrySent, "delivered": preferences.EntryDelivered, "read": preferences.EntryRead,
		"failed": preferences.EntryFailed, "undelivered": preferences.EntryFailed,
	}[r.Status]
	e := messageEntry(kind, *m, "")
	if kind == preferences.EntryFailed {
		e.Reason = r.Status
	}
	if r.Code != "" {
		e.Detail = map[string]any{"code": r.Code}
	}
	t.note(e)
	if kind == preferences.EntryFailed && m.First && (r.Stopped || !t.elsewhere(m)) {
		t.endUnasked(m, r.Status)
	}
}
