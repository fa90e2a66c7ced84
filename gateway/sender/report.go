package sender

import (
	"fmt"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// Report is what became of a message, to be written to its partition. Its fields are those of engine.Report.
type Report struct {
	Lease   store.Lease
	Message string
	Contact string
	Event   *campaigns.Event
	Write   func(*store.Batch)
	Done    func(committed bool)
}

// ending is what a report does.
type ending struct {
	told  *campaigns.Dispatch // what the contact's log learns; nil: nothing
	as    string              // what it is counted as where the log learns nothing; "": not at all
	write func(*store.Batch)
	stays bool      // the message is to go later: the contact's later ones must not go before it
	due   time.Time // when it is due again; zero: it is not
}

// report has it written down. The flight ends when that is known.
func (s *Sender) report(f *flight, e ending) {
	s.leave(f, reported)
	r := Report{Lease: f.lease, Message: f.out.ID, Contact: f.out.Contact, Write: e.write}
	if e.told != nil {
		r.Event, e.as = s.event(f, *e.told), e.told.Status
	}
	r.Done = func(committed bool) {
		if !committed {
			s.drop(f) // under another lease: the mark stays, and its owner finds it
			return
		}
		s.count(f.account.ID, f.out.Class, e.as)
		s.land(f, e.stays)
		s.goOnIn(f.lease.Partition)
		if !e.due.IsZero() {
			s.Queued(f.account.ID, f.lease.Partition, e.due)
		}
	}
	s.Report(r)
}

// count counts what became of a message, once it is written down: what a lease that was lost kept from that, the next owner settles,
// and counts.
func (s *Sender) count(account, class, as string) {
	if as != "" {
		s.Metrics.Outcomes.WithLabelValues(account, class, as).Inc()
	}
}

// goOnIn looks again for messages that waited for one which has landed.
func (s *Sender) goOnIn(partition int) {
	for _, l := range s.lines {
		l.goOnWith(partition)
	}
}

// finish ends a message: the contact's log learns what became of it.
func (s *Sender) finish(f *flight, d campaigns.Dispatch) {
	s.report(f, ending{told: s.told(f, d), write: func(b *store.Batch) { off(b, f) }})
}

// off takes a message off.
func off(b *store.Batch, f *flight) {
	b.Landed(f.out.ID, f.queued)
	if f.queued {
		b.Unblock(f.out.Contact, f.out.ID)
	}
}

// told fills in what the contact's state may have forgotten of the message.
func (s *Sender) told(f *flight, d campaigns.Dispatch) *campaigns.Dispatch {
	if d.Status == "failed" {
		d.Theirs = f.out.Taken
	}
	d.Message, d.Run, d.First, d.Was = f.out.ID, f.out.Run, f.out.First, was(f.out)
	if f.out.Class == campaigns.ClassAd {
		d.Ad = f.out.To
	}
	return &d
}

func was(o campaigns.Outbound) string {
	if o.Held {
		return "held"
	}
	return "queued"
}

func (s *Sender) event(f *flight, d campaigns.Dispatch) *campaigns.Event {
	id := fmt.Sprintf("dispatch:%s:%s:%d", f.out.ID, d.Status, f.out.Attempt)
	if f.out.Replays > 0 { // its attempts are counted anew
		id += fmt.Sprintf(":r%d", f.out.Replays)
	}
	if f.out.Pauses > 0 { // each time that its run is paused is told
		id += fmt.Sprintf(":p%d", f.out.Pauses)
	}
	if !d.Until.IsZero() {
		id += fmt.Sprintf(":%d", d.Until.UnixMilli())
	}
	return &campaigns.Event{ID: id, Kind: campaigns.Dispatched, At: s.Now(), Account: f.account.ID, Sent: &d}
}

// giveUp ends a message that will never be taken, and keeps it and the reason with the dead letters.
func (s *Sender) giveUp(f *flight, reason, code string) {
	s.Log.Warn("a message was given up", "account", f.account.ID, "message", f.out.ID, "reason", reason, "code", code)
	body, now := record.Outbound(f.out), s.Now()
	d := s.told(f, campaigns.Dispatch{Status: "failed", Reason: reason, Code: code})
	s.report(f, ending{told: d, write: func(b *store.Batch) {
		off(b, f)
		b.BuryMessage(f.out.ID, f.account.ID, reason, body, now)
	}})
}

// again puts a message back, to be tried again at a time; the contact's later messages wait for it.
func (s *Sender) again(f *flight, at time.Time) {
	body := record.Outbound(f.out)
	s.report(f, ending{stays: true, due: at, write: func(b *store.Batch) {
		b.Requeue(f.account.ID, f.out.ID, at, urgent(f), body)
		b.Block(f.out.Contact, f.out.ID)
	}})
}

// hold puts a message back until the gate or the provider allows it; others may overtake it.
func (s *Sender) hold(f *flight, until time.Time, reason string) {
	d := s.told(f, campaigns.Dispatch{Status: "held", Reason: reason, Until: until})
	f.out.Held = true
	body := record.Outbound(f.out)
	s.report(f, ending{told: d, due: until, write: func(b *store.Batch) {
		b.Requeue(f.account.ID, f.out.ID, until, urgent(f), body)
		b.Unblock(f.out.Contact, f.out.ID)
	}})
}

// putBack puts a message back where it was, to be taken again as soon as its account can send, and those behind it with it. What
// waits for it goes on waiting: nothing may go before it by another account once sending goes on.
func (s *Sender) putBack(f *flight) { s.inPlace(f, nil, func(*store.Batch) {}) }

// letGo puts a message back whose run goes on. It leaves when it is taken next, once its contact has been told that it may have
// left: an answer to it must find its question open.
func (s *Sender) letGo(f *flight) {
	told := s.told(f, campaigns.Dispatch{Status: "queued"})
	f.out.Aside, f.out.Held = false, false
	s.inPlace(f, told, func(*store.Batch) {})
}

// makeWay puts back a message whose account cannot send, nobody knows for how long: of other accounts nothing waits for it.
func (s *Sender) makeWay(f *flight) {
	s.inPlace(f, nil, func(b *store.Batch) { b.Unblock(f.out.Contact, f.out.ID) })
}

// inPlace puts a message back where it was, tells its contact of it where there is something to tell, and writes something beside that.
func (s *Sender) inPlace(f *flight, told *campaigns.Dispatch, beside func(*store.Batch)) {
	body := record.Outbound(f.out)
	s.report(f, ending{told: told, stays: true, due: s.Now(), write: func(b *store.Batch) {
		b.Requeue(f.account.ID, f.out.ID, place(f), urgent(f), body)
		beside(b)
	}})
}

// park sets a message of a paused run aside until the run goes on; where it has gone on meanwhile, the message is taken again. Its
// contact is told once: what somebody says meanwhile is no answer to it.
func (s *Sender) park(f *flight) {
	var told *campaigns.Dispatch
	if !f.out.Aside {
		told = s.told(f, campaigns.Dispatch{Status: "held", Reason: campaigns.RunPaused})
		f.out.Aside, f.out.Held = true, true
		f.out.Pauses++
	}
	body := record.Outbound(f.out)
	s.report(f, ending{told: told, due: s.Now(), write: func(b *store.Batch) {
		b.Park(f.account.ID, f.out.Run, f.out.ID, place(f), urgent(f), body)
		b.Unblock(f.out.Contact, f.out.ID)
	}})
}

// place is when a message was due in the first place.
func place(f *flight) time.Time { return later(f.out.Queued, f.out.NotBefore) }

func urgent(f *flight) bool { return f.out.Class != campaigns.ClassAd }

// settleGone cleans up after a message whose contact was erased.
func (s *Sender) settleGone(f *flight) {
	s.report(f, ending{write: func(b *store.Batch) { off(b, f) }})
}

// quarantined is what a message is counted as that cannot be read, or whose contact cannot.
const quarantined = "quarantined"

// unreadable keeps a message whose stored form is damaged, as it is, with the dead letters. The contact learns that it
// failed.
func (s *Sender) unreadable(l store.Lease, a *Account, id string, body []byte, queued bool, err error) {
	s.Log.Error("a queued message cannot be read and lies with the dead letters", "account", a.ID, "message", id, "error", err)
	f := &flight{account: a, out: campaigns.Outbound{ID: id, Contact: contactOf(id)}}
	ev, now := s.event(f, campaigns.Dispatch{Message: id, Status: "failed", Reason: "unreadable", Was: "queued"}), s.Now()
	s.Report(Report{Lease: l, Message: id, Contact: contactOf(id), Event: ev, Done: func(committed bool) {
		if committed {
			s.count(a.ID, "unknown", quarantined)
		}
		s.goOnIn(l.Partition)
	}, Write: func(b *store.Batch) {
		b.Landed(id, queued)
		b.Unblock(contactOf(id), id)
		b.BuryMessage(id, a.ID, "unreadable", body, now)
	}})
}

// contactUnreadable keeps a message with the dead letters whose contact is damaged: nobody knows whether it may go. For
// the contact it is still under way, until it is replayed.
func (s *Sender) contactUnreadable(f *flight, err error) {
	s.Log.Error("a message lies with the dead letters: its contact cannot be read", "account", f.account.ID, "message", f.out.ID, "error", err)
	body, now := record.Outbound(f.out), s.Now()
	s.report(f, ending{as: quarantined, write: func(b *store.Batch) {
		off(b, f)
		b.BuryMessage(f.out.ID, f.account.ID, "contact unreadable", body, now)
	}})
}
