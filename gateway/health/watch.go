package health

import (
	"slices"
	"sync"
	"time"
)

const (
	lagsMost    = 256       // receipts whose lag is remembered
	pendingMost = 512       // messages whose receipts are waited for; while there are so many, further ones are not measured
	pendingFor  = time.Hour // and for how long
	detailMost  = 200       // bytes of a refusal's detail
	taken       = "taken"
	operator    = "operator"
	throttled   = "throttled"
	forged      = "forged"
	malformed   = "malformed"
)

// Watch is what this replica sees of one account. It is told of each message and each call, so that every method costs
// next to nothing. Its methods may be called concurrently, and on nil, where nobody watches.
type Watch struct {
	mu              sync.Mutex
	outcomes, calls hour
	taken           time.Time
	inbound         time.Time
	receipt         time.Time
	throttled       time.Time
	refused         *Refusal
	pending         map[string]*handed // by the message's id, ours and the provider's
	measured        int                // messages in pending
	lags            []int64            // ms; a ring once it is full
	next            int                // where the ring goes on
}

// handed is a message whose receipt is waited for.
type handed struct {
	at           time.Time
	ours, theirs string // theirs: the first of the provider's ids; empty until it is known
}

// NewWatch begins to watch.
func NewWatch() *Watch { return &Watch{pending: map[string]*handed{}} }

// Handing tells that a message of ours is handed over now. What is measured is a sample where much is under way: a message that is
// admitted stays until its receipt comes, so that slow receipts count as much as quick ones.
func (w *Watch) Handing(now time.Time, id string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.measured >= pendingMost || w.pending[id] != nil {
		return
	}
	w.pending[id] = &handed{at: now, ours: id}
	w.measured++
}

// Withheld tells that a message was not handed over after all.
func (w *Watch) Withheld(id string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forget(w.pending[id])
}

// Taken tells that the provider took a message, and calls it theirs.
func (w *Watch) Taken(now time.Time, id string, theirs []string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outcomes.add(now, key{result: taken})
	w.taken, w.refused = now, nil
	if h := w.pending[id]; h != nil && h.theirs == "" && len(theirs) > 0 && w.pending[theirs[0]] == nil {
		h.theirs, w.pending[theirs[0]] = theirs[0], h
	}
}

// Failed tells that an attempt came to something else: unknown, or a fault, with the provider's code.
func (w *Watch) Failed(now time.Time, id, result, code, detail string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outcomes.add(now, key{result, code})
	switch result {
	case operator:
		w.refused = &Refusal{Code: cut(code, codeMost), Detail: cut(detail, detailMost), At: now}
	case throttled:
		w.throttled = now
	}
	if result != "unknown" { // there may come a receipt all the same
		w.forget(w.pending[id])
	}
}

// Inbound tells that a customer wrote.
func (w *Watch) Inbound(now time.Time) {
	if w == nil {
		return
	}
	w.mu.Lock()
	w.inbound = now
	w.mu.Unlock()
}

// Receipt tells that the provider told what became of a message; status is failed or undelivered where it did not arrive.
func (w *Watch) Receipt(now time.Time, status, code string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.receipt = now
	if status == "failed" || status == "undelivered" {
		w.outcomes.add(now, key{status, code})
	}
}

// Arrived tells that by the provider's receipt a message arrived then. Either id may be empty.
func (w *Watch) Arrived(at time.Time, ours, theirs string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.pending[ours]
	if h == nil {
		h = w.pending[theirs]
	}
	if h == nil {
		return
	}
	w.forget(h)
	lag := max(0, at.Sub(h.at).Milliseconds())
	if len(w.lags) < lagsMost {
		w.lags = append(w.lags, lag)
		return
	}
	w.lags[w.next] = lag
	w.next = (w.next + 1) % lagsMost
}

// forget stops waiting for a receipt. w.mu is held.
func (w *Watch) forget(h *handed) {
	if h == nil {
		return
	}
	delete(w.pending, h.ours)
	delete(w.pending, h.theirs)
	w.measured--
}

// Forged tells that a call of the webhook was not signed by the provider.
func (w *Watch) Forged(now time.Time) { w.call(now, forged) }

// Malformed tells that a call of the webhook could not be read.
func (w *Watch) Malformed(now time.Time) { w.call(now, malformed) }

func (w *Watch) call(now time.Time, result string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	w.calls.add(now, key{result: result})
	w.mu.Unlock()
}

// Seen is what was seen up to now. Receipts that never came are not waited for any more.
func (w *Watch) Seen(now time.Time) Seen {
	if w == nil {
		return Seen{}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.pending {
		if now.Sub(h.at) > pendingFor {
			w.forget(h)
		}
	}
	calls := w.calls.sum(now)
	s := Seen{Taken: w.taken, Inbound: w.inbound, Receipt: w.receipt, Throttled: w.throttled, Outcomes: sorted(w.outcomes.sum(now)),
		Forged: calls[key{result: forged}], Malformed: calls[key{result: malformed}], Lags: slices.Clone(w.lags), Pace: 1}
	if w.refused != nil {
		r := *w.refused
		s.Refused = &r
	}
	return s
}
