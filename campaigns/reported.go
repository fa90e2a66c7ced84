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
	switch {
	case m == nil:
		t.keepEarly(r)
		t.askMerged(r)
	case pending(m.Status) && !isFailure(r.Status):
		m.learn(r.Theirs)
		t.keepEarly(r) // of how many parts the text is, the sender's word tells
	default:
		t.receipt(m, *r)
	}
	t.stopped(r.Stopped, proof, id, m)
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

// keepEarly keeps a receipt until its message is known, and how many parts that has. Of several for the same part the one
// that tells most is kept.
func (t *turn) keepEarly(r *Report) {
	same := func(x Report) bool { return x.Ours == r.Ours && x.Part == r.Part && x.Theirs == r.Theirs }
	if r.Ours+r.Theirs == "" || slices.ContainsFunc(t.s.Early, func(x Report) bool { return same(x) && statusRank[x.Status] >= statusRank[r.Status] }) {
		return
	}
	t.s.Early = slices.DeleteFunc(t.s.Early, same)
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

func isFailure(status string) bool { return status == "failed" || status == "undelivered" }

// arrived notes that a part has, and reports whether none is awaited any more.
func (m *Message) arrived(r Report) bool {
	if len(m.Awaited) == 0 {
		return true
	}
	ours := r.Ours // under which some providers know the part themselves
	if r.Part > 0 {
		ours += "." + itoa(int64(r.Part))
	}
	m.Awaited = slices.DeleteFunc(slices.Clone(m.Awaited), func(id string) bool { return id == r.Theirs || id == ours })
	return len(m.Awaited) == 0
}

// receipt merges one receipt by rank. A text in several parts has arrived when all have; that one has not is told at once.
func (t *turn) receipt(m *Message, r Report) {
	m.learn(r.Theirs)
	if statusRank[r.Status] >= statusRank["delivered"] && !m.arrived(r) {
		return
	}
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
