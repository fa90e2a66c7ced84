package engine

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// How far a fan-out runs ahead of the accounts that its messages leave by.
const (
	parkFor     = time.Second      // how long it waits for a full outbound queue to drain before it looks again
	windowAhead = 30 * time.Second // of an account's rate that may be due in all its queues together
	windowLeast = 16               // messages that may wait in a queue of a partition, those that are held among them, whatever the rate

	pressureMost = 0.85 // of Redis's maxmemory
)

// startRun lists a run and sends its slices on their way.
func (t *turn) startRun(r record.StartRun, e *entry) {
	if e.env.Reply {
		t.batch.Answer(e.ID, record.Result(campaigns.Result{Run: r.Run}))
	}
	if e.run[record.RunCampaign] != "" {
		return
	}
	t.batch.ListRun(r.Run, r.At)
	t.setRun(r.Run, record.RunCampaign, r.Campaign)
	t.setRun(r.Run, record.RunCause, r.Cause)
	t.setRun(r.Run, record.RunStarted, strconv.FormatInt(r.At.UnixMilli(), 10))
	if r.Missed > 0 {
		t.setRun(r.Run, record.RunMissed, strconv.Itoa(r.Missed))
	}
	if r.ListOnly {
		t.setRun(r.Run, record.RunListOnly, "1")
		return
	}
	slice := store.LogEntry{ID: sliceID(r.Run, ""), Body: record.Envelope{Slice: &record.RunSlice{Run: r.Run, Campaign: r.Campaign, Local: r.Local, First: r.First}}.Bytes(), Bulk: true}
	if r.By != "" {
		t.setRun(r.Run, record.RunBy, r.By)
	}
	if r.First > 0 {
		t.setRun(r.Run, record.RunFirst, strconv.Itoa(r.First))
		t.slice(slice) // on to the next partition only once this one is through
	} else {
		t.forward(store.AllPartitions, slice)
	}
	t.w.Log.Info("run started", "run", r.Run, "campaign", r.Campaign, "cause", r.Cause, "missed", r.Missed)
}

// setRun sets a field of a run's record, for the entries behind this one too: they were looked up before.
func (t *turn) setRun(run, field, value string) {
	t.batch.SetRun(run, field, value)
	t.runs[run][field] = value
}

// record is what is known of a run: one record for all entries of the turn, so that each sees what those before it did.
func (t *turn) record(run string, found map[string]string) map[string]string {
	if t.runs[run] == nil {
		t.runs[run] = map[string]string{}
		maps.Copy(t.runs[run], found)
	}
	return t.runs[run]
}

// slice puts an entry on the partition's bulk log.
func (t *turn) slice(e store.LogEntry) {
	e.Bulk = true
	t.batch.Append(e)
	t.slices = true
}

func sliceID(run, after string) string { return "slice:" + run + ":" + after }

// runSlice asks the next contacts of this partition, and puts the slice after them at the log's end, behind whatever
// replies have come meanwhile.
func (t *turn) runSlice(ctx context.Context, s record.RunSlice, e *entry) error {
	if s.Cancel {
		return t.cancelSlice(ctx, s, e)
	}
	if s.After != e.run[record.RunAfter] || e.run[record.RunFanned] == "1" {
		return nil // a slice that was taken up again after a pause
	}
	if e.run[record.RunCampaign] == "" || t.lease.Partition != store.RunsPartition {
		t.setRun(s.Run, record.RunCampaign, s.Campaign)
	}
	campaign := t.world.Campaigns[s.Campaign]
	switch {
	case e.run[record.RunState] == record.StateCancelled, campaign == nil:
		t.setRun(s.Run, record.RunFanned, "1")
		return nil
	case e.run[record.RunState] == record.StatePaused:
		t.park(s)
		return nil
	}
	room := t.room(campaign, e.waiting)
	if t.w.Store.Pressure() > pressureMost {
		room = 0 // what memory is left is for those who write to us
	}
	if room <= 0 {
		t.park(s)
		t.batch.SetTimer(runTimer+s.Run, t.now.Add(parkFor))
		return nil
	}
	return t.askSlice(ctx, s, e, room)
}

// leavesBy is the accounts by which a campaign's questions may leave: what waits for others is no reason for it to wait.
func (t *turn) leavesBy(c *campaigns.Campaign) (accounts []string) {
	if c == nil {
		return nil
	}
	for _, r := range t.world.Routes {
		if len(c.Channels) == 0 || slices.Contains(c.Channels, r.Channel) {
			accounts = append(accounts, r.Account)
		}
	}
	return accounts
}

// room is how many contacts may be asked now, so that no more is due in the queues than the accounts send within a while.
func (t *turn) room(c *campaigns.Campaign, waiting []store.Queue) int {
	var windows []int
	for _, account := range t.leavesBy(c) {
		window := t.w.Window
		if rate := t.w.Rate(account); rate > 0 {
			window = min(window, int(math.Ceil(rate*windowAhead.Seconds()/float64(t.w.Store.Partitions()))))
		}
		windows = append(windows, window)
	}
	return roomIn(waiting, windows, t.w.Window)
}

// roomIn is the room in queues with their windows. What is held is not due and takes no room in the window, else a few messages that are
// held for days would stop their partition; all that waits in a queue is bounded for itself. Where a campaign leaves by several accounts
// it goes on as long as one has room, since nothing may leave by the other.
func roomIn(waiting []store.Queue, windows []int, most int) (room int) {
	widest := 0
	for i, q := range waiting {
		widest = max(widest, windows[i])
		room = max(room, windows[i]-int(q.Soon))
	}
	for _, q := range waiting {
		room = min(room, min(most, max(windowLeast, widest))-int(q.All))
	}
	return room
}

func (t *turn) askSlice(ctx context.Context, s record.RunSlice, e *entry, room int) error {
	whole := len(e.slice) < t.w.slice
	if len(e.slice) > room {
		e.slice, whole = e.slice[:room], false
	}
	if !whole {
		t.w.fan.fanned.Store(t.now.UnixMilli())
	}
	if s.First > 0 && e.run[record.RunWhole] != "1" {
		return t.askFirst(ctx, s, e, whole)
	}
	if err := t.tellSlice(ctx, s, e, campaigns.RunAsk); err != nil {
		return err
	}
	if whole {
		t.setRun(s.Run, record.RunFanned, "1")
		return nil
	}
	s.First = 0
	t.nextSlice(s, e.slice[len(e.slice)-1])
	return nil
}

// nextSlice puts the slice behind a contact at the log's end.
func (t *turn) nextSlice(s record.RunSlice, after string) {
	s.After = after
	t.setRun(s.Run, record.RunAfter, s.After)
	t.slice(store.LogEntry{ID: sliceID(s.Run, s.After), Body: record.Envelope{Slice: &s}.Bytes()})
}

// cancelSlice tells the contacts for whom a cancelled run waits.
func (t *turn) cancelSlice(ctx context.Context, s record.RunSlice, e *entry) error {
	if s.After != e.run[record.RunCleared] {
		return nil
	}
	if err := t.tellSlice(ctx, s, e, campaigns.RunCancelled); err != nil {
		return err
	}
	if len(e.slice) == t.w.slice {
		s.After = e.slice[len(e.slice)-1]
		t.setRun(s.Run, record.RunCleared, s.After)
		t.slice(store.LogEntry{ID: "cancel:" + sliceID(s.Run, s.After), Body: record.Envelope{Slice: &s}.Bytes()})
	}
	return nil
}

// tellSlice runs the step of each contact of a slice.
func (t *turn) tellSlice(ctx context.Context, s record.RunSlice, e *entry, kind campaigns.EventKind) error {
	for _, id := range e.slice {
		if _, err := t.tellOne(ctx, s, id, kind); err != nil {
			return err
		}
	}
	return nil
}

// tellOne runs the step of one contact; nil: there was none.
func (t *turn) tellOne(ctx context.Context, s record.RunSlice, id string, kind campaigns.EventKind) (*campaigns.Outcome, error) {
	p := t.people[id]
	if p == nil || p.state.Contact == nil && p.broken == nil {
		return nil, nil
	}
	ev := campaigns.Event{ID: s.Run + ":" + id, Kind: kind, At: t.now, Campaign: s.Campaign, Run: s.Run, Local: s.Local}
	if why := p.unreadable(); why != nil {
		t.quarantined(id, ev, why)
		return nil, nil
	}
	o, err := t.run(ctx, p, ev)
	if err != nil {
		return nil, t.giveUp(&entry{LogEntry: store.LogEntry{ID: ev.ID, Key: id, Body: record.Envelope{Event: &ev}.Bytes()}}, err)
	}
	return o, t.apply(ctx, p, o)
}

func (t *turn) park(s record.RunSlice) {
	t.setRun(s.Run, record.RunParked, "1")
	t.setRun(s.Run, record.RunLocal, s.Local)
	t.setRun(s.Run, record.RunLeft, strconv.Itoa(s.First))
}

// unpark puts the slice that waits back on the log. Its id is new: the one that was parked is known already.
func (t *turn) unpark(run string, r map[string]string) {
	if r[record.RunParked] != "1" || r[record.RunCampaign] == "" {
		return
	}
	t.setRun(run, record.RunParked, "0")
	s := record.RunSlice{Run: run, Campaign: r[record.RunCampaign], After: r[record.RunAfter], Local: r[record.RunLocal]}
	s.First, _ = strconv.Atoi(r[record.RunLeft])
	id := sliceID(run, s.After) + ":" + strconv.FormatInt(t.now.UnixNano(), 36)
	t.slice(store.LogEntry{ID: id, Body: record.Envelope{Slice: &s}.Bytes()})
}

func (t *turn) steerRun(s record.SteerRun, e *entry) {
	if e.env.Reply {
		t.batch.Answer(e.ID, record.Result(campaigns.Result{Run: s.Run}))
	}
	if e.run[record.RunState] == record.StateCancelled {
		return
	}
	if s.Whole {
		t.goOn(s, e)
		return
	}
	t.setRun(s.Run, record.RunState, s.State)
	switch s.State {
	case record.StateRunning:
		t.unpark(s.Run, e.run)
	case record.StateCancelled:
		t.setRun(s.Run, record.RunFanned, "1")
		slice := record.RunSlice{Run: s.Run, Campaign: e.run[record.RunCampaign], Cancel: true}
		t.slice(store.LogEntry{ID: "cancel:" + sliceID(s.Run, ""), Body: record.Envelope{Slice: &slice}.Bytes()})
	}
	if s.State != record.StatePaused {
		t.unparkMessages(s.Run)
	}
}

// unparkMessages puts the messages that were set aside while the run was paused back on their queues.
func (t *turn) unparkMessages(run string) {
	for _, a := range t.w.Accounts() {
		t.batch.Unpark(a, run)
		t.queued(a, t.now)
	}
}

// runTimers handles the timers of runs that were parked because the queue was full.
func (t *turn) runTimers(runs []map[string]string) {
	for _, tm := range t.timers {
		run, ok := strings.CutPrefix(tm.Name, runTimer)
		if !ok {
			continue
		}
		t.batch.ClearTimer(tm.Name)
		r := t.record(run, runs[0])
		if r[record.RunState] == "" || r[record.RunState] == record.StateRunning {
			t.unpark(run, r)
		}
		runs = runs[1:]
	}
}

// listEventRuns puts the runs of event campaigns on the list of runs the first time that somebody is counted in one.
func (t *turn) listEventRuns(counts []campaigns.Count) {
	for _, c := range counts {
		campaign, _, ok := strings.Cut(c.Run, "@")
		if !ok || t.w.listed[c.Run] || slices.Contains(t.lists, c.Run) {
			continue
		}
		if k := t.world.Campaigns[campaign]; k == nil || k.Schedule == nil || k.Schedule.Event == "" {
			continue
		}
		start := record.StartRun{Run: c.Run, Campaign: campaign, Cause: "event", At: t.now, ListOnly: true}
		t.forward(store.RunsPartition, store.LogEntry{ID: "list:" + c.Run, Body: record.Envelope{Start: &start}.Bytes()})
		t.lists = append(t.lists, c.Run)
	}
}
