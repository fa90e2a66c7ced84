package sender

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// How much is taken at once.
const (
	takeMost  = 64 // messages of one partition
	takeLeast = 16 // of each partition, as far as there is room, before the next one is asked
)

// How much goes out unasked by an account while runs are fanned out here: judging the next contacts and handing over the last
// ones would take the processor from each other, and from those who reply. So it is little, and little at once.
const (
	bulkBeside = 1000 // in a second
	bulkAtOnce = 16   // about that many, or one of each partition that is asked

	lateMost = bulkAtOnce * time.Second / bulkBeside // after its time: what comes so late is caught up with
)

// everything is further ahead than any message is held.
const everything = 10 * 365 * 24 * time.Hour

// line is an account with its queues: one goroutine takes what is due, as much as the provider and the rate allow.
type line struct {
	*Sender
	*Account
	gone   bool   // the account was taken out of the configuration: what waits for it is given up
	halted string // the accounts that were paused in the last round: only run uses it

	mu    sync.Mutex
	due   map[int]time.Time // partition -> when the first of its messages is due; absent: none waits
	turn  int               // the partition that was asked last
	aside int               // the one that was asked last for answers only
	bulk  time.Time         // until then nothing is taken that goes out unasked: only run uses it
	left  map[int]bool      // partitions where messages wait for an earlier one to the same contact
	ended map[int]int       // partition -> how many messages have landed: what waited for one may have been left just then
}

// expect remembers that a message of a partition is due then.
func (l *line) expect(partition int, due time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if first, ok := l.due[partition]; !ok || due.Before(first) {
		l.due[partition] = due
	}
}

// endings is how many messages of a partition have landed so far.
func (l *line) endings(partition int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended[partition]
}

// remain remembers that messages of a partition wait for earlier ones, unless one has landed since that was looked up.
func (l *line) remain(partition, endings int, now time.Time) {
	l.mu.Lock()
	landed := l.ended[partition] != endings
	l.left[partition] = !landed
	l.mu.Unlock()
	if landed {
		l.expect(partition, now)
	}
}

// lookAgain has the partitions looked at again where messages waited for one of another account, once other accounts are paused than
// before: that one may have to step aside (see passHalted), and will not land by itself.
func (l *line) lookAgain(now time.Time) {
	halted := l.haltedOnes()
	if halted == l.halted {
		return
	}
	l.halted = halted
	l.mu.Lock()
	left := slices.Collect(maps.Keys(l.left))
	l.mu.Unlock()
	for _, partition := range left {
		l.expect(partition, now)
	}
}

// goOnWith looks again in a partition where messages waited for one that has landed.
func (l *line) goOnWith(partition int) {
	l.mu.Lock()
	l.ended[partition]++
	left := l.left[partition]
	delete(l.left, partition)
	l.mu.Unlock()
	if left {
		l.expect(partition, l.Now())
		l.rouse()
	}
}

// run takes what is due, whenever something was queued, has landed, or may have become due.
func (l *line) run(ctx context.Context) {
	for {
		pause := l.round(ctx)
		if pause <= 0 {
			if ctx.Err() != nil {
				return
			}
			continue
		}
		timer := time.NewTimer(min(pause, l.Poll))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-l.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// round takes what is due, once. It returns how long nothing can be done, unless something happens; 0: there is more.
func (l *line) round(ctx context.Context) time.Duration {
	const long = time.Hour
	now := l.Now()
	if l.Frozen() || !l.gone && l.Halted(l.ID) {
		return long
	}
	l.lookAgain(now)
	room := l.room(now)
	if room <= 0 {
		if paused := l.pausedFor(now); paused > 0 {
			return paused
		}
		return long
	}
	leases, soon := l.ready(now)
	if len(leases) == 0 {
		return soon
	}
	room, pause, err := l.fetch(ctx, room)
	if err != nil || room == 0 {
		if err != nil {
			l.away(ctx, err)
		}
		return pause
	}
	leases, each := l.share(leases, room, now)
	fs := l.takeFrom(ctx, leases, each, now)
	if len(fs) > 0 {
		l.release(ctx, fs)
	}
	return 0
}

// ready is the partitions where something is due, and how long until there is something in another.
func (l *line) ready(now time.Time) (leases []store.Lease, soon time.Duration) {
	owned := l.ours()
	l.mu.Lock()
	defer l.mu.Unlock()
	soon = time.Hour
	for _, lease := range owned {
		due, ok := l.due[lease.Partition]
		switch {
		case !ok:
		case due.After(now):
			soon = min(soon, due.Sub(now))
		default:
			leases = append(leases, lease)
		}
	}
	return leases, soon
}

// fetch makes sure that the rate allows messages, and says how many.
func (l *line) fetch(ctx context.Context, room int) (n int, pause time.Duration, err error) {
	want, perSecond, burst := l.need(room)
	if want > 0 {
		granted, wait, err := l.Store.Spend(ctx, l.ID, perSecond, burst, want)
		if err != nil {
			return 0, l.Poll, err
		}
		l.fetched(granted)
		pause = max(wait, time.Millisecond)
	}
	return l.allowed(room), pause, nil
}

// share chooses whom to ask, each in turn, and for how many. What goes out unasked has a turn of its own, since in between all
// are asked for answers.
func (l *line) share(leases []store.Lease, room int, now time.Time) ([]store.Lease, int) {
	some := min(len(leases), max(1, room/takeLeast))
	turn := &l.turn
	if now.Before(l.bulk) {
		turn = &l.aside
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	start := 0
	for i, lease := range leases {
		if lease.Partition > *turn {
			start = i
			break
		}
	}
	chosen := make([]store.Lease, 0, some)
	for i := range some {
		chosen = append(chosen, leases[(start+i)%len(leases)])
	}
	*turn = chosen[len(chosen)-1].Partition
	for _, lease := range chosen {
		delete(l.due, lease.Partition) // what is queued from now on is expected anew
	}
	return chosen, min(takeMost, max(1, room/some))
}

// takeFrom takes messages off the queues of partitions. They are in the books before the partition can be adopted again.
func (l *line) takeFrom(ctx context.Context, leases []store.Lease, each int, now time.Time) (first []*flight) {
	due := now
	if l.gone {
		due = now.Add(everything) // whenever it would have been
	}
	l.marking.RLock()
	defer l.marking.RUnlock()
	l.Sender.mu.Lock()
	for _, lease := range leases {
		l.marked[lease.Partition]++
	}
	l.Sender.mu.Unlock()
	endings := make([]int, len(leases))
	for i, lease := range leases {
		endings[i] = l.endings(lease.Partition)
	}
	hauls, errs := l.Store.Take(context.WithoutCancel(ctx), leases, l.ID, due, each, l.unasked(len(leases), each, now))
	for i, lease := range leases {
		if errs[i] == nil && !l.seenTo(lease) {
			// What was being sent there is looked for once more, and found together with these, in its order.
			hauls[i].Messages = nil
			l.expect(lease.Partition, now)
		}
		first = append(first, l.haul(ctx, lease, hauls[i], errs[i], endings[i], now)...)
		l.unmark(lease.Partition)
	}
	l.paceBulk(first, now)
	for i, lease := range leases {
		if errs[i] == nil {
			l.expectRest(lease.Partition, hauls[i], now)
		}
	}
	return first
}

// unasked is how much of what goes out unasked is taken now from each of some partitions, of each where nothing is paced.
func (l *line) unasked(partitions, each int, now time.Time) int {
	switch {
	case now.Before(l.bulk):
		return 0
	case l.FansOut():
		return min(each, max(1, bulkAtOnce/partitions))
	}
	return each
}

// paceBulk keeps what goes out unasked waiting while runs are fanned out.
func (l *line) paceBulk(taken []*flight, now time.Time) {
	if !l.FansOut() {
		l.bulk = time.Time{}
		return
	}
	if now.Sub(l.bulk) > lateMost {
		l.bulk = now
	}
	for _, f := range taken {
		if !urgent(f) {
			l.bulk = l.bulk.Add(time.Second / bulkBeside)
		}
	}
}

// haul takes what was taken off the queue of one partition into the books.
func (l *line) haul(ctx context.Context, lease store.Lease, h store.Haul, err error, endings int, now time.Time) (first []*flight) {
	switch {
	case errors.Is(err, store.ErrFenced):
		l.Keeper.Lost(lease)
		return nil
	case l.stand(err):
		l.expect(lease.Partition, now)
		l.adoptAgain(lease.Partition) // what it took before it met the key
		return nil
	case err != nil:
		l.away(ctx, err)
		l.expect(lease.Partition, now)
		l.adoptAgain(lease.Partition)
		wait(ctx, l.Poll)
		return nil
	}
	if h.Left {
		l.remain(lease.Partition, endings, now)
		l.passHalted(ctx, lease)
	}
	for _, m := range h.Messages {
		if f := l.open(lease, m.ID, m.Body, true); f != nil {
			first = append(first, f)
		}
	}
	return first
}

// expectRest remembers when what was left in a partition may be taken; of an account that is gone that is now, whenever it is due.
func (l *line) expectRest(partition int, h store.Haul, now time.Time) {
	switch {
	case h.More:
		l.expect(partition, now)
	case h.Next.IsZero():
	case l.gone:
		l.expect(partition, later(now, l.bulk))
	default:
		l.expect(partition, later(h.Next, l.bulk))
	}
}

// open takes a marked message into the books; nil: there is nothing to do about it now.
func (l *line) open(lease store.Lease, id string, body []byte, queued bool) *flight {
	if body == nil {
		return nil // withdrawn; it was not marked
	}
	out, err := record.ReadOutbound(body)
	if err != nil {
		l.unreadable(lease, l.Account, id, body, queued, err)
		return nil
	}
	f := &flight{lease: lease, account: l.Account, out: out, queued: queued}
	first, known := l.admit(f)
	if known {
		return nil
	}
	l.taken()
	if !first {
		return nil
	}
	return f
}

// release asks the gate about messages that are first to their contacts, and lets them go. While Redis is away they wait.
func (s *Sender) release(ctx context.Context, fs []*flight) {
	ds := make([]store.Departure, len(fs))
	for i, f := range fs {
		ds[i] = store.Departure{Partition: f.lease.Partition, Contact: f.out.Contact}
		if steered(f) {
			ds[i].Run = f.out.Run
		}
	}
	for {
		stand, err := s.Store.Standings(ctx, ds)
		if err == nil {
			for i, f := range fs {
				s.admitted(f, stand[i])
			}
			return
		}
		s.away(ctx, err)
		if !wait(ctx, s.Poll) {
			for _, f := range fs {
				s.drop(f)
			}
			return
		}
	}
}
