package campaigns

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
)

// Walk is a contact's way through one run, as the ledger tells it. It tells what counts cannot: who, why, when, and what was
// said. Of each contact in the audience it says what the run's counts say of them.
type Walk struct {
	Run      string    `json:"run"`
	Campaign string    `json:"campaign"`
	Joined   bool      `json:"joined"`            // they were in the audience
	Waiting  bool      `json:"waiting,omitempty"` // their turn has not come: another question is open
	Asked    bool      `json:"asked,omitempty"`   // their first question was put on its way
	Status   string    `json:"status,omitempty"`  // of the first question: queued, held, sent, delivered, read, undelivered, failed, not_sent
	Arrived  bool      `json:"arrived,omitempty"` // the first question did
	Reason   string    `json:"reason,omitempty"`  // why they were not asked, or why the first question is held, was not sent or failed
	Account  string    `json:"account,omitempty"` // by which the first question went
	SentAt   time.Time `json:"sent_at,omitzero"`  // when it left
	Replied  bool      `json:"replied,omitempty"` // they wrote something while a question was open
	Answered bool      `json:"answered,omitempty"`
	Offer    string    `json:"offer,omitempty"` // that they were given
	OptedOut bool      `json:"opted_out,omitempty"`
	// Completed is true from the first time on that they walked to the end.
	Completed bool   `json:"completed,omitempty"`
	End       string `json:"end,omitempty"`  // completed, expired, stopped; empty: it has not ended, or never began
	Open      string `json:"open,omitempty"` // the question that is open, or was at the end
	Asks      []*Ask `json:"asks,omitempty"` // in the order in which they were asked, or answered before they were

	message  string // the first question's id
	refused  string // the event by which the gate did not let it leave
	reminder string // the event that had the question repeated last
}

// Ask is what became of one question in a walk.
type Ask struct {
	Question string    `json:"question"`
	At       time.Time `json:"at,omitzero"` // when it was asked: when it left, where that is known; zero: it was answered before
	Answer   any       `json:"answer,omitempty"`
	Text     string    `json:"text,omitempty"` // the answer, as typed
	Done     time.Time `json:"done,omitzero"`  // when it was first answered or declined
	Declined bool      `json:"declined,omitempty"`
	Unclear  int       `json:"unclear,omitempty"` // replies to it that were not understood
	Changed  bool      `json:"changed,omitempty"` // another answer took the place of the first
	Words    []Words   `json:"words,omitempty"`   // what they wrote to it, oldest first
}

// Words is what somebody wrote to a question, and how it was read.
type Words struct {
	Text   string    `json:"text"`
	Status string    `json:"status"` // answered, declined, unclear
	Answer any       `json:"answer,omitempty"`
	At     time.Time `json:"at"`
}

// Took is how long they took to answer or decline; ok is false where they did neither, or before they were asked.
func (a *Ask) Took() (d time.Duration, ok bool) {
	return a.Done.Sub(a.At), !a.Done.IsZero() && !a.At.IsZero() && !a.Done.Before(a.At)
}

// Excluded reports whether they were in the audience and the first question neither left nor will.
func (w *Walk) Excluded() bool { return w.Joined && !w.Waiting && (!w.Asked || w.Status == "not_sent") }

// Sent reports whether the first question left.
func (w *Walk) Sent() bool { return w.Asked && bucket[w.Status] == CountSent }

// Failed reports whether the first question left, or tried to, and surely did not arrive.
func (w *Walk) Failed() bool { return w.Asked && bucket[w.Status] == CountFailed }

// Walks reads from a ledger, oldest entry first, the ways through the runs of a campaign, in the order in which they began.
func Walks(ledger []preferences.Entry, campaign string) []*Walk {
	r := walking{campaign: campaign, ours: map[string]bool{}}
	for i := range ledger {
		r.entry(&ledger[i])
	}
	return r.walks
}

// walking is a ledger that is being read.
type walking struct {
	campaign string
	walks    []*Walk
	open     *Walk // whose question is open; nil: none of this campaign's is
	ours     map[string]bool
}

// of is the walk through a run of the campaign; nil: the entry is about something else.
func (r *walking) of(e *preferences.Entry) *Walk {
	if e.Run == "" || e.Campaign != r.campaign && !r.ours[e.Run] {
		return nil // what the sender says of a message that was forgotten names the run alone
	}
	for _, w := range r.walks {
		if w.Run == e.Run {
			return w
		}
	}
	w := &Walk{Run: e.Run, Campaign: r.campaign}
	r.walks, r.ours[e.Run] = append(r.walks, w), true
	return w
}

func (r *walking) entry(e *preferences.Entry) {
	if e.Kind == preferences.EntryReceived && r.open != nil {
		r.open.Replied = true
	}
	w := r.of(e)
	if w == nil {
		return
	}
	switch e.Kind {
	case preferences.EntryNotAsked:
		w.notAsked(e)
	case preferences.EntryAsked:
		w.asked(e)
		r.open = w
	case preferences.EntryReminded:
		w.reminder = e.Event
	case preferences.EntryQueued, preferences.EntryHeld, preferences.EntrySent, preferences.EntryDelivered, preferences.EntryRead, preferences.EntryFailed, preferences.EntryNotSent:
		w.became(e)
	case preferences.EntryUnderstood, preferences.EntryUnclear, preferences.EntryDeclined:
		w.replied(e)
	case preferences.EntryOffered:
		w.Offer = e.Offer
	case preferences.EntryCompleted, preferences.EntryExpired, preferences.EntryStopped:
		w.ended(e)
		if r.open == w {
			r.open = nil
		}
	}
}

// uncounted is what the ledger says of a run that never counted the contact in its audience.
const uncounted = "uncounted"

func (w *Walk) notAsked(e *preferences.Entry) {
	switch {
	case e.Reason == "already_asked", e.Detail[uncounted] == true && !w.Joined:
	case waits(e.Reason):
		w.Joined, w.Waiting, w.Reason = true, true, e.Reason
	default:
		w.Joined, w.Waiting, w.Reason = true, false, e.Reason
	}
}

func (w *Walk) asked(e *preferences.Entry) {
	if w.Status == "not_sent" && w.refused == e.Event { // another question takes the place of the first
		w.Asks = slices.DeleteFunc(w.Asks, func(a *Ask) bool { return a.Question == w.Open })
		w.message, w.Status, w.Reason = "", "", ""
	}
	if !w.Asked {
		w.Joined, w.Asked, w.Waiting, w.Reason = true, true, false, ""
	}
	w.End, w.Open = "", e.Question
	a := w.ask(e.Question)
	a.At = e.At
}

// ask is what became of a question, which may be answered before it is asked.
func (w *Walk) ask(question string) *Ask {
	for _, a := range w.Asks {
		if a.Question == question {
			return a
		}
	}
	a := &Ask{Question: question}
	w.Asks = append(w.Asks, a)
	return a
}

// statusOf is what an entry on a message says became of it.
var statusOf = map[preferences.EntryKind]string{
	preferences.EntryQueued: "queued", preferences.EntryHeld: "held", preferences.EntrySent: "sent", preferences.EntryDelivered: "delivered",
	preferences.EntryRead: "read", preferences.EntryFailed: "failed", preferences.EntryNotSent: "not_sent",
}

// became follows the messages that ask.
func (w *Walk) became(e *preferences.Entry) {
	status := statusOf[e.Kind]
	fresh := (status == "queued" || status == "held") && e.Text != "" // as it is put on its way, not as it is let go later
	if fresh && w.first(e) {
		w.message, w.Status = e.Message, ""
		w.Account, _ = e.Detail["account"].(string)
	}
	if status == "sent" && e.Question != "" {
		if a := w.ask(e.Question); a.Done.IsZero() {
			a.At = e.At
		}
	}
	if e.Message != w.message || w.message == "" || e.Detail["replayed"] == true { // it stays as it was given up
		return
	}
	w.Status, w.Reason = status, e.Reason
	if status == "not_sent" {
		w.refused = e.Event
	}
	if status == "sent" {
		w.SentAt = e.At
	}
	w.Arrived = w.Arrived || statusRank[status] >= statusRank["delivered"]
	if bucket[status] == CountSent || status == "queued" {
		w.Reason = ""
	}
}

// first reports whether a message that is put on its way asks the first question: for the first time, or in the place of one
// that did not arrive. A reminder repeats one that may have arrived.
func (w *Walk) first(e *preferences.Entry) bool {
	if !w.Asked || w.reminder != "" && e.Event == w.reminder || e.Class != ClassAd || e.Question == "" || e.Question != w.Asks[0].Question {
		return false // a ledger that is kept to its newest entries may have the reminder, and not the question
	}
	return w.message == "" || bucket[w.Status] == CountFailed && w.End == ""
}

// readAs is how a reply was read.
var readAs = map[preferences.EntryKind]string{
	preferences.EntryUnderstood: "answered", preferences.EntryDeclined: "declined", preferences.EntryUnclear: "unclear",
}

func (w *Walk) replied(e *preferences.Entry) {
	w.Replied = true
	a := w.ask(e.Question)
	if e.Kind == preferences.EntryUnclear && e.Reason == "waits_for_more" {
		return
	}
	said := Words{Text: e.Text, Status: readAs[e.Kind], At: e.At}
	if e.Kind == preferences.EntryUnderstood {
		said.Answer = e.Detail["value"]
	}
	a.Words = append(a.Words, said)
	switch {
	case e.Kind == preferences.EntryUnclear:
		a.Unclear++
		return
	case a.Done.IsZero():
		a.Done = e.At
	}
	a.Declined = e.Kind == preferences.EntryDeclined
	if a.Declined {
		return
	}
	w.Answered = true
	a.Changed = a.Changed || a.Answer != nil && e.Reason == "changed"
	a.Answer = said.Answer
}

func (w *Walk) ended(e *preferences.Entry) {
	w.End = map[preferences.EntryKind]string{
		preferences.EntryCompleted: "completed", preferences.EntryExpired: "expired", preferences.EntryStopped: "stopped",
	}[e.Kind]
	w.Open, w.Completed = e.Question, w.Completed || w.End == "completed"
	if e.Event != w.refused && (e.Reason == compliance.OptedOut || e.Reason == compliance.NoConsent) {
		w.OptedOut = true // else it was the gate that stopped the first question
	}
}
