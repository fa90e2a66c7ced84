package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	return runOf(id, records, frozen)
}

// runOf is a run by its records, of each partition one.
func runOf(id string, records []map[string]string, frozen bool) (Run, error) {
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
	page, _, err := s.RunsPage(ctx, "", n)
	return page, err
}

// RunsPage implements Runs.
func (s *Service) RunsPage(ctx context.Context, cursor string, n int) ([]Run, string, error) {
	at, after, ok := strings.Cut(cursor, ".")
	started, err := strconv.ParseInt(at, 10, 64)
	if cursor != "" && (!ok || err != nil || after == "") {
		return nil, "", errCursor
	}
	listed, err := s.Store.RunsAfter(ctx, started, after, n)
	if err != nil {
		return nil, "", away(err)
	}
	ids, next := make([]string, len(listed)), ""
	for i, l := range listed {
		ids[i] = l.ID
		if len(listed) == n {
			next = fmt.Sprintf("%d.%s", l.At, l.ID)
		}
	}
	page, err := s.runs(ctx, ids)
	return page, next, err
}

// runsTogether is how many runs are read in one round trip: each has a record in every partition, and nobody's reply is to
// wait for all of them.
const runsTogether = 10

func (s *Service) runs(ctx context.Context, ids []string) ([]Run, error) {
	f, err := s.Store.Frozen(ctx)
	if err != nil {
		return nil, away(err)
	}
	out := make([]Run, 0, len(ids))
	for some := range slices.Chunk(ids, runsTogether) {
		records, err := s.Store.RunsOf(ctx, some)
		if err != nil {
			return nil, away(err)
		}
		for i, id := range some {
			r, err := runOf(id, records[i], f.Frozen)
			if errors.Is(err, ErrNotFound) {
				continue // it was cleared away between the two reads
			}
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
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
	put := s.Store.Append
	if eases(order) {
		put = s.Store.AppendAnyway
	}
	if err := put(ctx, partitions, entries); err != nil {
		return Run{}, away(err)
	}
	if _, err := s.order(ctx, store.RunsPartition, "", event, order); err != nil {
		return Run{}, err
	}
	return s.Run(ctx, o.Run)
}
