package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Batch collects writes to one partition that Commit applies all or nothing.
type Batch struct {
	lease    Lease
	keys     []string
	index    map[string]int
	turn     any // how many turns the partition must have had; "" for any number
	writes   writes
	counts   map[counter]int64
	given    map[givenOn]int64
	givenAt  time.Time // the last of them
	expiries []expiry
}

// counter is a field of a hash that is added to: of a run's, or of another one.
type counter struct{ run, key, field string }

// givenOn is an offer, and a day on which it was given.
type givenOn struct {
	offer string
	day   int64
}

// NewBatch begins a batch under l.
func NewBatch(l Lease) *Batch {
	b := &Batch{index: map[string]int{}, counts: map[counter]int64{}, given: map[givenOn]int64{}}
	b.Anew(l)
	return b
}

// batchKept is of how many keys and commands the memory is kept for the next batch: more than a full turn has.
const batchKept = 2048

// Anew makes it an empty batch under l, in the memory that it has: what it was before must be committed, or given up.
func (b *Batch) Anew(l Lease) {
	if max(cap(b.keys), cap(b.writes.list)) > batchKept { // clearing it each time would cost more than it saves
		*b = *NewBatch(l)
		return
	}
	clear(b.index)
	clear(b.keys)
	clear(b.counts)
	clear(b.given)
	b.writes.empty()
	*b = Batch{lease: l, keys: b.keys[:0], index: b.index, turn: "", writes: b.writes, counts: b.counts, given: b.given}
	b.key(leaseKey(l.Partition))
	b.key(turnKey(l.Partition))
}

// Empty reports whether the batch would write nothing.
func (b *Batch) Empty() bool { return len(b.writes.list) == 0 && len(b.counts)+len(b.given) == 0 }

// Partition is where the batch writes.
func (b *Batch) Partition() int { return b.lease.Partition }

func (b *Batch) key(k string) int {
	if i, ok := b.index[k]; ok {
		return i
	}
	b.keys = append(b.keys, k)
	b.index[k] = len(b.keys)
	return len(b.keys)
}

func (b *Batch) write(c command, key string, args ...any) { b.writes.add(c, b.key(key), args...) }

// also is the number of a second key of a command.
func (b *Batch) also(key string) int {
	i := b.key(key)
	b.writes.touch(i)
	return i
}

// writeMany is write with the arguments in slices, each a command of its own.
func (b *Batch) writeMany(c command, key string, args []any) {
	b.writes.addMany(c, b.key(key), args)
}

// member writes what happens to one member of a hash or set.
func (b *Batch) member(c command, key, name string, args ...any) {
	b.writes.member(c, b.key(key), name, args...)
}

// Turn makes the batch the next turn of its partition, stale unless n turns were committed before it: what was read since
// that was so still stands, and a commit whose answer was lost is not applied twice.
func (b *Batch) Turn(n int64) { b.turn = n }

// Turns is how many turns partitions have had.
func (s *Store) Turns(ctx context.Context, partitions []int) ([]int64, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.StringCmd, len(partitions))
	for i, part := range partitions {
		cmds[i] = p.Get(ctx, turnKey(part))
	}
	if err := exec(ctx, p, "counting turns"); err != nil {
		return nil, err
	}
	turns := make([]int64, len(partitions))
	for i, c := range cmds {
		n, err := c.Int64()
		if err != nil && !isNil(err) {
			k := turnKey(partitions[i])
			return nil, &Misplaced{Partition: partitions[i], expected: map[string]string{k: "string"}, keys: []string{k}, cause: errors.New("it is no number")}
		}
		turns[i] = n
	}
	return turns, nil
}

// Field is one field of a contact: a part of its stored form. An empty Value removes it.
type Field struct{ Name, Value string }

// PutContact writes fields of a contact, which stay as they are until it is committed; exists says whether there is one already.
func (b *Batch) PutContact(id string, exists bool, fields []Field) {
	k := contactKey(b.lease.Partition, id)
	set, gone := make([]any, 0, 2*len(fields)+2), []any(nil)
	if !exists {
		set = append(set, madeField, 1)
	}
	for i := range fields { // by pointers, which cost no memory
		if f := &fields[i]; f.Value == "" {
			gone = append(gone, &f.Name)
		} else {
			set = append(set, &f.Name, &f.Value)
		}
	}
	b.writeMany(cmdHSET, k, set)
	b.writeMany(cmdHDEL, k, gone)
	if !exists {
		b.member(cmdZADD, contactsKey(b.lease.Partition), id, 0, id)
	}
}

// Link makes an address lead to a contact, which may live in another partition.
func (b *Batch) Link(address, contact string) {
	b.member(cmdHSET, addressesKey(b.lease.Partition), address, address, contact)
}

// Unlink forgets an address.
func (b *Batch) Unlink(address string) {
	b.member(cmdHDEL, addressesKey(b.lease.Partition), address, address)
}

// EraseContact deletes what is kept under a contact's id, and the traces of it elsewhere in the partition.
func (b *Batch) EraseContact(id string, t Traces) {
	p := b.lease.Partition
	b.write(cmdDEL, contactKey(p, id))
	b.write(cmdDEL, ledgerKey(p, id))
	b.member(cmdZREM, contactsKey(p), id, id)
	b.member(cmdHDEL, blockedKey(p), id, id)
	for _, name := range t.Timers {
		b.ClearTimer(name)
	}
	for item, reason := range t.Inbox {
		b.CloseInboxItem(item, reason)
	}
	for _, at := range t.Dead {
		b.write(cmdXDEL, deadKey(p), at)
	}
	for account, ids := range t.Queues {
		b.Unqueue(account, ids...)
	}
	for endpoint, ids := range t.Told {
		for _, id := range ids {
			b.Told(endpoint, id)
		}
	}
}

// Ledger appends what a step has to say to a contact's ledger.
func (b *Batch) Ledger(contact string, entries [][]byte) {
	args := make([]any, len(entries))
	for i, e := range entries {
		args[i] = e
	}
	b.writeMany(cmdRPUSH, ledgerKey(b.lease.Partition, contact), args)
}

// SetTimer wakes name at t; ClearTimer does not.
func (b *Batch) SetTimer(name string, t time.Time) {
	b.member(cmdZADD, timersKey(b.lease.Partition), name, t.UnixMilli(), name)
}

// ClearTimer removes a timer.
func (b *Batch) ClearTimer(name string) {
	b.member(cmdZREM, timersKey(b.lease.Partition), name, name)
}

// Append puts an event on the partition's own log.
func (b *Batch) Append(e LogEntry) {
	b.write(cmdXADD, e.stream(b.lease.Partition), "*", "i", e.ID, "k", e.Key, "b", e.Body)
}

// Forward puts an event on its way to another partition's log; Forwarded tells what is under way. To is AllPartitions
// for every one.
func (b *Batch) Forward(to int, e LogEntry) {
	log := "log"
	if e.Bulk {
		log = "bulk"
	}
	b.write(cmdXADD, forwardKey(b.lease.Partition), "*", "to", to, "q", log, "i", e.ID, "k", e.Key, "b", e.Body)
}

// Arrived ends the journey of forwarded events up to the one at.
func (b *Batch) Arrived(at string) {
	b.write(cmdXTRIM, forwardKey(b.lease.Partition), "MINID", after(at))
}

// Handled takes the log's entries up to the one at off the log, and remembers the events' ids against repeats.
func (b *Batch) Handled(at string, ids []string, now time.Time) {
	p := b.lease.Partition
	b.write(cmdXTRIM, logKey(p), "MINID", after(at))
	if len(ids) == 0 {
		return
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	seen := seenKey(p, week(now))
	b.writeMany(cmdSADD, seen, args)
	b.expire(seen, 2*rememberFor, now)
}

// HandledBulk takes the bulk log's entries up to the one at off it.
func (b *Batch) HandledBulk(at string) {
	b.write(cmdXTRIM, bulkKey(b.lease.Partition), "MINID", after(at))
}

// Count adds to one of a run's counts.
func (b *Batch) Count(run, name string, delta int64) {
	b.counts[counter{run: run, field: name}] += delta
}

// writeCounts turns what was counted into writes, one for each count that has changed in the end.
func (b *Batch) writeCounts() {
	b.countWeeks()
	order := slices.SortedFunc(maps.Keys(b.counts), func(x, y counter) int {
		return cmp.Or(strings.Compare(x.run, y.run), strings.Compare(x.key, y.key), strings.Compare(x.field, y.field))
	})
	for _, c := range order {
		delta := b.counts[c]
		if delta == 0 {
			continue
		}
		k := c.key
		if c.run != "" {
			k = runKey(b.lease.Partition, c.run)
		}
		b.write(cmdHINCRBY, k, c.field, delta)
	}
	clear(b.counts)
}

// countWeeks counts the offers that were given. What counts them by their days expires.
func (b *Batch) countWeeks() {
	for g, n := range b.given {
		week := givenInKey(b.lease.Partition, weekOf(g.day))
		b.counts[counter{key: offersGivenKey(b.lease.Partition), field: g.offer}] += n
		b.counts[counter{key: week, field: dayField(g.day, g.offer)}] += n
		b.expire(week, givenFor, b.givenAt)
	}
	clear(b.given)
}

// SetRun sets a field of the run's record in this partition.
func (b *Batch) SetRun(run, field, value string) {
	b.member(cmdHSET, runKey(b.lease.Partition, run), field, field, value)
}

// CountGiven counts an offer that was given, in all and on its day.
func (b *Batch) CountGiven(offer string, at time.Time) {
	b.given[givenOn{offer, dayOf(at)}]++
	b.givenAt = at
}

// AddInboxItem puts something before a person. Items of one reason are found without looking at the others.
func (b *Batch) AddInboxItem(id, reason string, at time.Time, body []byte) {
	b.member(cmdZADD, inboxKey(b.lease.Partition), id, at.UnixMilli(), id)
	b.member(cmdZADD, inboxOfKey(b.lease.Partition, reason), id, at.UnixMilli(), id)
	b.member(cmdHSET, inboxItemsKey(b.lease.Partition), id, id, body)
}

// CloseInboxItem takes it away. One that is not there any more stays away.
func (b *Batch) CloseInboxItem(id, reason string) {
	b.member(cmdZREM, inboxKey(b.lease.Partition), id, id)
	b.member(cmdZREM, inboxOfKey(b.lease.Partition, reason), id, id)
	b.member(cmdHDEL, inboxItemsKey(b.lease.Partition), id, id)
}

// Suppress puts the keyed hash of an address on the suppression list of erased contacts.
func (b *Batch) Suppress(hash string) {
	b.member(cmdSADD, suppressedKey(b.lease.Partition), hash, hash)
}

// Unsuppress takes it off: the person came back themselves.
func (b *Batch) Unsuppress(hash string) {
	b.member(cmdSREM, suppressedKey(b.lease.Partition), hash, hash)
}

// Answer tells whoever waits for an event what became of it.
func (b *Batch) Answer(event string, body []byte) {
	k := answerKey(b.lease.Partition, event)
	b.write(cmdRPUSH, k, body)
	b.write(cmdPEXPIRE, k, answerTTL.Milliseconds())
}

// Fired remembers when a campaign's schedule was last looked at.
func (b *Batch) Fired(campaign string, at time.Time) {
	b.write(cmdHSET, schedulesKey(b.lease.Partition), campaign, at.UnixMilli())
}

// ListRun puts a run on the list of runs, newest first.
func (b *Batch) ListRun(run string, at time.Time) {
	b.write(cmdZADD, runsKey(b.lease.Partition), "NX", at.UnixMilli(), run)
}

// Commit applies batches, each all or nothing, in one round trip. errs has one error a batch: nil, ErrFenced, ErrStale,
// one wrapping ErrUnavailable, after which it is not known whether the batch was applied, or a Misplaced: Redis does not take
// back what a script wrote before it failed.
func (s *Store) Commit(ctx context.Context, batches []*Batch) (errs []error) {
	errs = make([]error, len(batches))
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for _, b := range batches {
			b.writeCounts()
			s.expiries.write(b)
			args := b.writes.appendTo([]any{b.lease.Token, b.turn})
			s.scripts.commit.EvalSha(ctx, p, b.keys, args...)
		}
	})
	for i := range batches {
		if err != nil {
			errs[i] = err
			continue
		}
		errs[i] = s.verdict(ctx, batches[i], cmds[i].(*redis.Cmd))
	}
	return errs
}

func (s *Store) verdict(ctx context.Context, b *Batch, c *redis.Cmd) error {
	word, err := c.Text()
	switch {
	case wrongType(err):
		return s.halfWay(ctx, b, err)
	case err != nil:
		return unavailable("committing", err)
	case word == "FENCED":
		return ErrFenced
	case word == "STALE":
		return ErrStale
	case word != "OK":
		return fmt.Errorf("committing: unexpected answer %q", word)
	}
	s.expiries.wrote(b)
	return nil
}

// halfWay is what became of a batch that met a key of another type.
func (s *Store) halfWay(ctx context.Context, b *Batch, err error) error {
	m, ok := errors.AsType[*Misplaced](s.misplaced(ctx, err, b.expects()))
	if !ok {
		return unavailable("committing", err)
	}
	m.Half = true
	return m
}

// CommitOne applies one batch.
func (s *Store) CommitOne(ctx context.Context, b *Batch) error {
	return s.Commit(ctx, []*Batch{b})[0]
}

// after is the stream id behind id.
func after(id string) string {
	ms, seq, _ := strings.Cut(id, "-")
	n, err := strconv.ParseUint(seq, 10, 64)
	if err != nil {
		return id
	}
	return ms + "-" + strconv.FormatUint(n+1, 10)
}

func score(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// IsAway reports whether err means that Redis could not be asked, so that trying again later makes sense.
func IsAway(err error) bool { return errors.Is(err, ErrUnavailable) }
