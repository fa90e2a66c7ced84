package sender

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
)

// runPause is how long a message of a paused run waits before it is looked at again.
const runPause = 10 * time.Second

// load is one message on its way out.
type load struct {
	lease   store.Lease
	account *Account
	out     campaigns.Outbound
}

// take takes as many due messages as the account has room for; full says that there may be more.
func (s *Sender) take(ctx, sending context.Context, a *Account, leases []store.Lease) (full bool, err error) {
	for len(leases) > 0 && !s.Frozen() {
		room := a.room(s.Now())
		if room <= 0 {
			return true, nil
		}
		due, err := s.due(ctx, a, leases, room)
		if err != nil || len(due) == 0 {
			return false, err
		}
		loads, err := s.open(ctx, a, leases, due)
		if err != nil {
			return true, err
		}
		if err := s.start(ctx, sending, loads); err != nil {
			return true, err
		}
		if len(due) < room {
			return false, nil
		}
	}
	return false, nil
}

// due is what may go now: due, not in flight, and no other message to the same contact in front of it.
func (s *Sender) due(ctx context.Context, a *Account, leases []store.Lease, room int) ([]store.Due, error) {
	partitions := make([]int, len(leases))
	for i, l := range leases {
		partitions[i] = l.Partition
	}
	// Some of what is due waits for an earlier message to the same contact: look a little further than the room, and where
	// that is not enough, much further, so that one contact's messages never stand in the others' way.
	for n := min(2*room, 64); ; n *= 8 {
		before := s.flying()
		all, err := s.Store.Due(ctx, partitions, a.ID, s.Now(), n)
		if err != nil {
			return nil, err
		}
		if free := s.free(a, all, before, room); len(free) > 0 || len(all) < n || n > lookAheadMost {
			return free, nil
		}
	}
}

// lookAheadMost bounds how many messages that must wait are looked past.
const lookAheadMost = 4096

// flying is what is in flight now.
func (s *Sender) flying() map[string]flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.flights)
}

// free marks those of all as in flight that may go, as many as there is room for. What was in flight before they were
// read may have landed since, to be tried again later: that it is due is old news.
func (s *Sender) free(a *Account, all []store.Due, before map[string]flight, room int) []store.Due {
	s.mu.Lock()
	defer s.mu.Unlock()
	var free []store.Due
	for _, d := range all {
		if len(free) == room {
			break
		}
		if _, old := before[d.ID]; old {
			continue
		}
		contact := contactOf(d.ID)
		if first, ok := s.busy[contact]; ok && (first != d.ID || s.flights[d.ID].account != nil) {
			continue
		}
		s.busy[contact] = d.ID
		s.flights[d.ID] = flight{d.Partition, contact, a}
		a.flying.Add(1)
		free = append(free, d)
	}
	s.Metrics.Flying.WithLabelValues(a.ID).Set(float64(a.flying.Load()))
	return free
}

// contactOf is the contact of a message: message ids are <contact>.<number>.
func contactOf(id string) string {
	contact, _, _ := strings.Cut(id, ".")
	return contact
}

// land ends a flight. The contact's other messages may go, unless blocked says that they wait for this one.
func (s *Sender) land(id string, blocked bool) {
	s.mu.Lock()
	f, ok := s.flights[id]
	delete(s.flights, id)
	if !blocked && s.busy[f.contact] == id {
		delete(s.busy, f.contact)
	}
	s.mu.Unlock()
	if ok && f.account != nil {
		s.Metrics.Flying.WithLabelValues(f.account.ID).Set(float64(f.account.flying.Add(-1)))
	}
	s.Queued(f.partition)
}

// open reads what is due, and leaves out what belongs to a run that was paused or cancelled.
func (s *Sender) open(ctx context.Context, a *Account, leases []store.Lease, due []store.Due) ([]load, error) {
	if err := s.Store.Bodies(ctx, due); err != nil {
		s.landAll(due)
		return nil, err
	}
	var loads []load
	for _, d := range due {
		i := slices.IndexFunc(leases, func(l store.Lease) bool { return l.Partition == d.Partition })
		l := load{lease: leases[i], account: a}
		var err error
		if len(d.Body) == 0 { // withdrawn between the two reads
			s.settleGone(l, d.ID)
			continue
		}
		if l.out, err = record.ReadOutbound(d.Body); err != nil {
			s.unreadable(l, d.ID, d.Body, err)
			continue
		}
		loads = append(loads, l)
	}
	return s.steered(ctx, loads)
}

func (s *Sender) landAll(due []store.Due) {
	for _, d := range due {
		s.land(d.ID, false)
	}
}

// steered drops messages of cancelled runs and puts off those of paused ones.
func (s *Sender) steered(ctx context.Context, loads []load) ([]load, error) {
	var asks []store.RunAt
	for _, l := range loads {
		if l.out.Class == campaigns.ClassAd && l.out.Run != "" {
			asks = append(asks, store.RunAt{Partition: l.lease.Partition, Run: l.out.Run})
		}
	}
	if len(asks) == 0 {
		return loads, nil
	}
	states, err := s.Store.RunStates(ctx, asks)
	if err != nil {
		for _, l := range loads {
			s.land(l.out.ID, false)
		}
		return nil, err
	}
	var on []load
	for _, l := range loads {
		switch states[store.RunAt{Partition: l.lease.Partition, Run: l.out.Run}] {
		case record.StateCancelled:
			s.finish(l, campaigns.Dispatch{Status: "not_sent", Reason: "run_cancelled"})
		case record.StatePaused:
			s.putOff(l, s.Now().Add(runPause))
		default:
			on = append(on, l)
		}
	}
	return on, nil
}

// start marks messages as being sent, asks the gate with what Redis says at this very moment, and lets them go.
func (s *Sender) start(ctx, sending context.Context, loads []load) error {
	leases, groups := byPartition(loads)
	starts := make([][]store.Start, len(groups))
	for i, g := range groups {
		for _, l := range g {
			starts[i] = append(starts[i], store.Start{ID: l.out.ID, Contact: l.out.Contact})
		}
	}
	if len(leases) == 0 {
		return nil
	}
	started, errs := s.Store.Start(context.WithoutCancel(ctx), leases, starts, s.Now())
	var failed error
	for i, g := range groups {
		if errs[i] != nil {
			s.notStarted(leases[i], g, errs[i])
			if !errors.Is(errs[i], store.ErrFenced) {
				failed = errs[i]
			}
			continue
		}
		for j, l := range g {
			s.gate(sending, l, started[i][j])
		}
	}
	return failed
}

func byPartition(loads []load) (leases []store.Lease, groups [][]load) {
	for _, l := range loads {
		i := slices.Index(leases, l.lease)
		if i < 0 {
			leases, groups = append(leases, l.lease), append(groups, nil)
			i = len(leases) - 1
		}
		groups[i] = append(groups[i], l)
	}
	return leases, groups
}

// notStarted: nothing was sent. Where Redis did not answer the mark may stand; it is not known, so it is taken back.
func (s *Sender) notStarted(lease store.Lease, group []load, err error) {
	for _, l := range group {
		if errors.Is(err, store.ErrFenced) {
			s.land(l.out.ID, false)
			continue
		}
		s.results <- result{lease: lease, id: l.out.ID, write: func(b *store.Batch) { b.NotSending(l.out.ID) }}
	}
	if errors.Is(err, store.ErrFenced) {
		s.Keeper.Lost(lease)
	}
}

// gate asks once more whether the message may go (invariant I4), and lets it go.
func (s *Sender) gate(sending context.Context, l load, st store.Started) {
	switch {
	case st.Marked: // the partition was lost and taken again while it was in the provider's hands
		s.adoptAgain(l.lease.Partition)
		s.land(l.out.ID, false)
		return
	case st.Body == nil, st.Core == nil: // withdrawn, or the contact was erased
		s.settleGone(l, l.out.ID)
		return
	}
	contact, err := record.ReadCore(st.Core)
	if err != nil {
		s.contactUnreadable(l, err)
		return
	}
	v := compliance.May(s.World().Pack, check(l.out, contact), s.Now())
	switch v.Action {
	case compliance.Drop:
		s.finish(l, campaigns.Dispatch{Status: "not_sent", Reason: v.Reason})
	case compliance.Defer:
		s.hold(l, v.Until, v.Reason)
	default:
		l.account.limiter.AllowN(s.Now(), 1)
		s.sends.Add(1)
		go func() {
			defer s.sends.Done()
			s.deliver(sending, l)
		}()
	}
}

func check(o campaigns.Outbound, c *preferences.Contact) compliance.Check {
	return compliance.Check{Class: o.Class, Purpose: o.Purpose, Contact: c, Once: o.Once, Expires: o.Expires}
}
