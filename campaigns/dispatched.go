package campaigns

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// theirsMax bounds the provider's ids of one message: one a part.
const theirsMax = 20

// dispatched: the sender's word on a message of ours.
//
// Example: {"kind":"dispatched","sent":{"message":"c1.7","status":"sent","theirs":["SM1"]}}
func (t *turn) dispatched() {
	d := t.e.Sent
	if d == nil || t.s.Contact == nil {
		return // an erased contact: everything was counted when it was erased
	}
	t.adBecame(d)
	m := t.message(d.Message)
	proof := t.carriesProof(d.Message, m)
	if m == nil {
		t.dispatchedForgotten(d)
	} else {
		t.dispatchedKnown(m, d)
	}
	t.stopped(d.Stopped, proof, d.Message, m)
	if proof && (d.Status == "failed" && d.Reason != unknownOutcome || d.Status == "not_sent") {
		t.proofLost(d.Message)
	}
}

// stopped: the provider says of a message of ours, of which m is remembered, that whoever it went to has opted out.
func (t *turn) stopped(stopped, proof bool, id string, m *Message) {
	switch {
	case !stopped:
	case proof:
		t.proofStopped(id, m)
	case t.s.Contact.Suppressed == nil:
		t.providerStopped()
	}
	if m != nil && (stopped || m.Status == "delivered" || m.Status == "read") {
		m.To = address.Address{} // nothing more will be heard of whoever has it
	}
}

func (t *turn) dispatchedKnown(m *Message, d *Dispatch) {
	m.await(d)
	m.learn(d.Theirs...)
	if d.Status == "failed" {
		t.mergeEarly(m) // the provider may know better
	}
	m.Aside = d.paused()
	changed := t.settle(m, d.Status)
	if changed {
		t.dispatchEntry(*m, d)
	}
	switch d.Status {
	case "sent":
		if changed && m.First {
			t.restartClocks(m)
		}
		t.mergeEarly(m)
	case "failed", "not_sent":
		// Where nobody can tell whether it arrived, the question stays open for the answer that may come.
		if !changed || !m.First || d.Reason == unknownOutcome {
			return
		}
		if d.Status == "not_sent" || d.Stopped || !t.elsewhere(m) {
			t.endUnasked(m, d.Reason)
		}
	}
}

// unknownOutcome is the reason of a failure where nobody can tell whether the message arrived.
const unknownOutcome = "unknown_outcome"

// RunPaused is why a message is held whose run is paused: until that goes on, which is told by the status queued.
const RunPaused = "run_paused"

func (d *Dispatch) paused() bool { return d.Status == "held" && d.Reason == RunPaused }

// doubtful reports whether a provider may have taken the message all the same.
func (d *Dispatch) doubtful() bool {
	return d.Reason == unknownOutcome || d.Reason == "gave_up_unknown"
}

// await notes of which parts of a text it is waited to hear that they have arrived: those that were taken and, where the
// text was given up in its middle, the rest, which never will.
func (m *Message) await(d *Dispatch) {
	inMiddle := d.Status == "failed" && len(d.Theirs) > 0
	if !inMiddle && (d.Status != "sent" || len(d.Theirs) < 2) {
		return
	}
	before := m.Awaited
	m.Awaited = slices.DeleteFunc(slices.Clone(d.Theirs), func(id string) bool { // what had arrived when the rest was tried again
		return len(before) > 0 && slices.Contains(m.Theirs, id) && !slices.Contains(before, id)
	})
	if inMiddle {
		m.Awaited = append(m.Awaited, m.ID+".rest")
	}
}

// learn notes ids that the provider has given to the message: whatever else has the same text has other ids.
func (m *Message) learn(theirs ...string) {
	for _, id := range theirs {
		if id != "" && !slices.Contains(m.Theirs, id) && len(m.Theirs) < theirsMax {
			m.Theirs = append(m.Theirs, id)
		}
	}
}

// dispatchedForgotten counts a message that the state has forgotten, by what the sender says it was. Ids below the
// contact's first one are of a life that was erased, and were counted then.
func (t *turn) dispatchedForgotten(d *Dispatch) {
	if born := t.s.Contact.Created.UnixMilli(); t.s.Seq >= born && seqOf(d.Message) <= born {
		return
	}
	if d.First && pending(d.Was) && d.Was != d.Status && bucket[d.Status] != "" {
		t.move(d.Run, d.Was, d.Status)
	}
	t.dispatchEntry(Message{ID: d.Message, Run: d.Run}, d)
}

func (t *turn) dispatchEntry(m Message, d *Dispatch) {
	kind, ok := map[string]preferences.EntryKind{
		"sent": preferences.EntrySent, "held": preferences.EntryHeld, "queued": preferences.EntryQueued,
		"failed": preferences.EntryFailed, "not_sent": preferences.EntryNotSent,
	}[d.Status]
	if !ok {
		return
	}
	e := messageEntry(kind, m, d.Reason)
	e.Detail = map[string]any{}
	if d.Code != "" {
		e.Detail["code"] = d.Code
	}
	if !d.Until.IsZero() {
		e.Detail["until"] = d.Until
	}
	if len(d.Simpler) > 0 {
		e.Detail["simpler"] = d.Simpler
	}
	if d.Status == "queued" {
		e.Reason = "released"
	}
	t.note(e)
}

func messageEntry(k preferences.EntryKind, m Message, reason string) preferences.Entry {
	return preferences.Entry{
		Kind: k, Message: m.ID, Class: m.Class, Campaign: m.Campaign, Run: m.Run, Question: m.Question, Reason: reason,
	}
}

func (t *turn) notSent(m Message, reason string) {
	t.note(messageEntry(preferences.EntryNotSent, m, reason))
}

// asks reports whether m is the message that asked the open question, which nobody has answered since.
func (t *turn) asks(m *Message) bool {
	c := t.s.Conversation
	return c != nil && m.Run == c.Run && m.Question == c.Question
}

// restartClocks: the customer's time to answer begins when the question has left, not when it was queued.
func (t *turn) restartClocks(m *Message) {
	if !t.asks(m) {
		return
	}
	c := t.w.Campaigns[t.s.Conversation.Campaign]
	if q := c.question(t.s.Conversation.Question); q != nil {
		t.waitFor(c, q, t.now)
	}
}

// endUnasked ends the conversation whose first question did not reach the customer: nobody would ever answer it.
func (t *turn) endUnasked(m *Message, reason string) {
	if t.waitsOn(m) {
		if reason == "" {
			reason = m.Status
		}
		t.end(preferences.EntryStopped, reason)
	}
}

// providerStopped: the provider says that this person has opted out.
func (t *turn) providerStopped() {
	t.suppress(&preferences.Suppression{Reason: "provider", Confirmed: true, At: t.happened()})
	t.consent(false, "provider")
	if into := t.s.Into; into != nil && len(into.Addresses) > 0 { // it is the same person's wish
		t.tell(Told{Contact: into.Contact, Event: Event{Kind: ProviderOptOut, From: into.Addresses[0], Account: t.e.Account, Channel: t.e.Channel}})
	}
}
