package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// Run implements Runs.
func (s *Service) Run(ctx context.Context, id string) (Run, error) {
	f, err := s.Store.Frozen(ctx)
	if err != nil {
		return Run{}, away(err)
	}
	return s.run(ctx, id, f.Frozen)
}

func (s *Service) run(ctx context.Context, id string, frozen bool) (Run, error) {
	records, err := s.Store.Run(ctx, id)
	if err != nil {
		return Run{}, away(err)
	}
	main := records[store.RunsPartition]
	if main[record.RunStarted] == "" {
		return Run{}, notFound("run", id)
	}
	r := Run{ID: id, Campaign: main[record.RunCampaign], Cause: main[record.RunCause], Started: time.UnixMilli(number(main[record.RunStarted])).UTC(),
		Missed: int(number(main[record.RunMissed])), First: int(number(main[record.RunFirst])), By: main[record.RunBy], Counts: map[campaigns.CountName]int64{}}
	fanned := true
	for _, p := range records {
		for _, n := range campaigns.CountNames() {
			r.Counts[n] += number(p[record.CountPrefix+string(n)])
		}
		fanned = fanned && p[record.RunFanned] == "1"
	}
	fanned = fanned || main[record.RunListOnly] == "1"
	r.State = stateOf(main[record.RunState], fanned && r.Counts[campaigns.CountQueued]+r.Counts[campaigns.CountHeld] == 0)
	if r.State == Running && heldBack(records) {
		r.State = Waiting
	}
	if frozen && (r.State == Running || r.State == Paused) {
		r.Sending = SendingStopped
	}
	return r, nil
}

// heldBack reports whether a run has asked its first people, and nobody has said go on.
func heldBack(records []map[string]string) bool {
	if records[store.RunsPartition][record.RunWhole] == "1" {
		return false
	}
	return slices.ContainsFunc(records, func(p map[string]string) bool { return p[record.RunHeldBack] == "1" })
}

func stateOf(kept string, finished bool) RunState {
	switch {
	case kept == record.StateCancelled:
		return Cancelled
	case finished:
		return Done
	case kept == record.StatePaused:
		return Paused
	}
	return Running
}

// Runs implements Runs.
func (s *Service) Runs(ctx context.Context, n int) ([]Run, error) {
	ids, err := s.Store.Runs(ctx, n)
	if err != nil {
		return nil, away(err)
	}
	return s.runs(ctx, ids)
}

func (s *Service) runs(ctx context.Context, ids []string) ([]Run, error) {
	f, err := s.Store.Frozen(ctx)
	if err != nil {
		return nil, away(err)
	}
	out := make([]Run, 0, len(ids))
	for _, id := range ids {
		r, err := s.run(ctx, id, f.Frozen)
		if errors.Is(err, ErrNotFound) {
			continue // it was cleared away between the two reads
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// PauseRun implements Runs.
func (s *Service) PauseRun(ctx context.Context, id string) (Run, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Run{}, err
	}
	return s.steer(ctx, id, record.StatePaused)
}

// ResumeRun implements Runs.
func (s *Service) ResumeRun(ctx context.Context, id string) (Run, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Run{}, err
	}
	return s.steer(ctx, id, record.StateRunning)
}

// CancelRun implements Runs.
func (s *Service) CancelRun(ctx context.Context, id string) (Run, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Run{}, err
	}
	return s.steer(ctx, id, record.StateCancelled)
}

// steer tells every partition; it returns once the runs' own partition has taken note.
func (s *Service) steer(ctx context.Context, id, state string) (Run, error) {
	r, err := s.Run(ctx, id)
	if err != nil {
		return Run{}, err
	}
	if r.State == Cancelled || (r.State == Done && state != record.StateCancelled) {
		return Run{}, fmt.Errorf("%w: the run is %s", ErrConflict, r.State)
	}
	s.note(ctx, state, "run", id, r.Campaign)
	return s.steerAll(ctx, record.SteerRun{Run: id, State: state})
}

// steerAll puts an order about a run on every partition's log.
func (s *Service) steerAll(ctx context.Context, o record.SteerRun) (Run, error) {
	unique, err := newID()
	if err != nil {
		return Run{}, err
	}
	event := "steer:" + unique
	order := record.Envelope{Steer: &o}
	var partitions []int
	var entries []store.LogEntry
	for p := range s.Store.Partitions() {
		if p != store.RunsPartition {
			partitions = append(partitions, p)
			entries = append(entries, store.LogEntry{ID: event, Body: order.Bytes()})
		}
	}
	if err := s.Store.Append(ctx, partitions, entries); err != nil {
		return Run{}, away(err)
	}
	if _, err := s.order(ctx, store.RunsPartition, "", event, order); err != nil {
		return Run{}, err
	}
	return s.Run(ctx, o.Run)
}
