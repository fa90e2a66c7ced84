package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Answers to people are taken before anything that goes out unasked, however long that has been waiting: their place in
// the queue is urgentLead ahead of their time.
const urgentLead = 4_000_000_000_000 // ms: more than the clock shows, so that the two ranges never meet

// Queue puts a message on an account's outbound queue, to be taken from due on.
func (b *Batch) Queue(account, id string, due time.Time, urgent bool, body []byte) {
	p := b.lease.Partition
	b.member(cmdHSET, bodiesKey(p), id, id, body)
	b.member(cmdZADD, outKey(p, account), id, place(id, due, urgent), id)
}

// Depart marks a message as being sent without queueing it: whoever commits the batch hands it to the provider at once.
// The mark holds the message, for the partition's next owner in case that this one dies.
func (b *Batch) Depart(id string, now time.Time, body []byte) {
	b.member(cmdHSET, sendingKey(b.lease.Partition), id, id, append([]byte(mark(b.lease, now)), body...))
}

// mark says when and under which lease a message was taken.
func mark(l Lease, now time.Time) string {
	return strconv.FormatInt(now.UnixMilli(), 10) + "|" + l.Token + "|"
}

// Requeue puts a message that is being sent back with another body and time, unless its contact was erased meanwhile.
func (b *Batch) Requeue(account, id string, due time.Time, urgent bool, body []byte) {
	p := b.lease.Partition
	b.write(cmdREQUEUE, sendingKey(p), b.also(bodiesKey(p)), b.also(outKey(p, account)), id, body, place(id, due, urgent))
}

// Park puts a message that is being sent aside if its run is paused, for as long as it is, and else back on the queue.
func (b *Batch) Park(account, run, id string, due time.Time, urgent bool, body []byte) {
	p := b.lease.Partition
	b.write(cmdPARK, sendingKey(p), b.also(bodiesKey(p)), b.also(outKey(p, account)), id, body, place(id, due, urgent),
		b.also(parkedKey(p, account, run)), b.also(runKey(p, run)))
}

// Unpark puts what was parked of a run back on the account's queue.
func (b *Batch) Unpark(account, run string) {
	p := b.lease.Partition
	b.write(cmdUNPARK, parkedKey(p, account, run), b.also(outKey(p, account)))
}

// place is where a message stands in a queue: in the order in which messages are due, answers to people before all others,
// and those to one contact that are due in the same millisecond in the order of their numbers.
func place(id string, due time.Time, urgent bool) string {
	const steps = 1000 // of a millisecond: as many as the exactness of a score leaves room for
	ms := due.UnixMilli()
	if urgent {
		ms -= urgentLead
	}
	_, number, _ := strings.Cut(id, ".")
	n, _ := strconv.ParseInt(number, 10, 64)
	return strconv.FormatFloat(float64(ms)+float64(n%steps)/steps, 'f', 3, 64)
}

// Withdraw takes a message that waits in an account's queue, or is set aside with its run, out of it, and lets go
// those that wait for it. One that is being sent stays marked: what becomes of it must be found out.
func (b *Batch) Withdraw(account, run, id string) {
	p := b.lease.Partition
	contact, _, _ := strings.Cut(id, ".")
	for _, queue := range []string{outKey(p, account), parkedKey(p, account, run)} {
		b.write(cmdWITHDRAW, queue, b.also(bodiesKey(p)), id, b.also(blockedKey(p)), contact)
	}
}

// Hasten has a message that waits in an account's queue taken from due on. One that is not there stays where it is.
func (b *Batch) Hasten(account, id string, due time.Time, urgent bool) {
	b.write(cmdZADD, outKey(b.lease.Partition, account), "XX", place(id, due, urgent), id)
}

// Unqueue forgets messages of an account, wherever they stand.
func (b *Batch) Unqueue(account string, ids ...string) {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	p := b.lease.Partition
	b.writeMany(cmdZREM, outKey(p, account), args)
	b.writeMany(cmdHDEL, bodiesKey(p), args)
	b.writeMany(cmdHDEL, sendingKey(p), args)
}

// Landed ends a message that was being sent. queued says that it was taken off a queue, and did not depart from a commit.
func (b *Batch) Landed(id string, queued bool) {
	p := b.lease.Partition
	b.member(cmdHDEL, sendingKey(p), id, id)
	if queued {
		b.member(cmdHDEL, bodiesKey(p), id, id)
	}
}

// Block keeps the later messages to a contact waiting until id has gone; Unblock lets them go.
func (b *Batch) Block(contact, id string) {
	b.member(cmdHSET, blockedKey(b.lease.Partition), contact, contact, id)
}

// Unblock lets the messages to a contact go that wait for id; those that wait for another message by now do not.
func (b *Batch) Unblock(contact, id string) {
	b.member(cmdUNBLOCK, blockedKey(b.lease.Partition), contact, contact, id)
}

// StepAside lets the messages to a contact go that wait for id, which waits in an account's queue itself, and puts that back in
// its place, as if it had never been tried. One that has been taken meanwhile stays as it is.
func (b *Batch) StepAside(account, contact, id string, due time.Time, urgent bool) {
	p := b.lease.Partition
	b.write(cmdASIDE, outKey(p, account), id, place(id, due, urgent), b.also(blockedKey(p)), contact)
}

// Taken is a message that was taken off its queue and is marked as being sent.
type Taken struct {
	ID   string
	Body []byte // nil: there is none under that id
}

// Haul is what was taken off an account's queue in one partition.
type Haul struct {
	Messages []Taken
	More     bool      // there may be more that is due
	Next     time.Time // when the next of the others is due, of those that were not wanted, too; zero: there are none
	Left     bool      // something that is due was left, since its contact waits for an earlier message
}

// Take takes up to n messages that are due off an account's queue in each partition, answers to people first, and then up to
// unasked of what goes out unasked; it marks them as being sent, so that a crash leaves a trace. A contact's messages
// stay while an earlier one is to be tried again. errs as in Commit. Where it is not known whether something was taken,
// the marks tell: see Unfinished.
func (s *Store) Take(ctx context.Context, leases []Lease, account string, now time.Time, n, unasked int) (hauls []Haul, errs []error) {
	hauls, errs = make([]Haul, len(leases)), make([]error, len(leases))
	cmds, err := s.scriptedOn(ctx, s.once, func(p redis.Pipeliner) {
		for _, l := range leases {
			q := l.Partition
			s.scripts.take.EvalSha(ctx, p, []string{leaseKey(q), outKey(q, account), bodiesKey(q), sendingKey(q), blockedKey(q)},
				l.Token, mark(l, now), now.UnixMilli(), int64(urgentLead), n, unasked)
		}
	})
	for i := range leases {
		if err != nil {
			errs[i] = err
			continue
		}
		hauls[i], errs[i] = haulOf(cmds[i].(*redis.Cmd))
		if wrongType(errs[i]) {
			q := leases[i].Partition
			errs[i] = s.asked(ctx, "taking messages", cmds[i].Err(), map[string]string{leaseKey(q): "string", outKey(q, account): "zset",
				bodiesKey(q): "hash", sendingKey(q): "hash", blockedKey(q): "hash"})
		}
	}
	return hauls, errs
}

func haulOf(c *redis.Cmd) (h Haul, err error) {
	v, err := c.Slice()
	if err != nil {
		if word, _ := c.Text(); word == "FENCED" {
			return h, ErrFenced
		}
		return h, unavailable("taking messages", err)
	}
	h.More = v[0] == int64(1)
	if due, err := strconv.ParseFloat(text(v[1]), 64); err == nil {
		h.Next = dueAt(due)
	}
	h.Left = v[2] != int64(0)
	for i := 3; i+1 < len(v); i += 2 {
		m := Taken{ID: text(v[i])}
		if body, ok := v[i+1].(string); ok {
			m.Body = []byte(body)
		}
		h.Messages = append(h.Messages, m)
	}
	return h, nil
}

// Departure is a message about to be sent.
type Departure struct {
	Partition    int
	Contact, Run string
}

// Standing is what the gate must know at the moment of sending: the core of the contact (nil: erased), its dialogue (nil:
// none yet), the state of the run, and for which message the contact's others wait ("": none).
type Standing struct {
	Core, Dialogue []byte
	State          string
	First          string

	Unreadable error      // the contact's key holds something else; nil: it does not
	Damaged    *Misplaced // another key does that must be known; nil: none does
}

// Standings reads where the contacts and runs of messages stand now, in one round trip.
func (s *Store) Standings(ctx context.Context, ds []Departure) ([]Standing, error) {
	p := s.rdb.Pipeline()
	contacts, states := make([]*redis.SliceCmd, len(ds)), make([]*redis.StringCmd, len(ds))
	type runAt struct {
		partition int
		run       string
	}
	asked := map[runAt]*redis.StringCmd{}
	firsts := askFirst(ctx, p, ds)
	for i, d := range ds {
		contacts[i] = p.HMGet(ctx, contactKey(d.Partition, d.Contact), coreField, dialogueField)
		if d.Run == "" {
			continue
		}
		at := runAt{d.Partition, d.Run}
		if asked[at] == nil {
			asked[at] = p.HGet(ctx, runKey(d.Partition, d.Run), runStateField)
		}
		states[i] = asked[at]
	}
	cmds, _ := p.Exec(ctx) // each command has its own error
	for _, c := range cmds {
		if err := c.Err(); err != nil && !isNil(err) && !wrongType(err) {
			return nil, unavailable("reading contacts", err)
		}
	}
	out := make([]Standing, len(ds))
	for i := range ds {
		if err := contacts[i].Err(); err != nil {
			out[i].Unreadable = failed("reading contacts", contacts[i])
			continue
		}
		fields := contacts[i].Val()
		out[i].Core, out[i].Dialogue = rawOf(fields[0]), rawOf(fields[1])
		out[i].First, out[i].Damaged = firsts(i)
		if states[i] == nil {
			continue
		}
		out[i].State = states[i].Val()
		if m, ok := errors.AsType[*Misplaced](failed("reading runs", states[i])); ok {
			out[i].Damaged = m
		}
	}
	return out, nil
}

// askFirst asks for which messages the contacts' others wait, with one command a partition. What it returns tells, once the pipeline
// has run, that of the i-th departure.
func askFirst(ctx context.Context, p redis.Pipeliner, ds []Departure) func(i int) (string, *Misplaced) {
	contacts, place := map[int][]string{}, make([]int, len(ds))
	for i, d := range ds {
		place[i] = len(contacts[d.Partition])
		contacts[d.Partition] = append(contacts[d.Partition], d.Contact)
	}
	cmds := make(map[int]*redis.SliceCmd, len(contacts))
	for partition, ids := range contacts {
		cmds[partition] = p.HMGet(ctx, blockedKey(partition), ids...)
	}
	return func(i int) (string, *Misplaced) {
		c := cmds[ds[i].Partition]
		if m, ok := errors.AsType[*Misplaced](failed("reading who waits for whom", c)); ok {
			return "", m
		}
		return string(rawOf(c.Val()[place[i]])), nil
	}
}

// rawOf is a value of a list that Redis has answered; nil: there is none.
func rawOf(v any) []byte {
	if s, ok := v.(string); ok {
		return []byte(s)
	}
	return nil
}

// The fields that the store reads by name: of a contact its core and its dialogue, of a run its state.
const (
	coreField     = "c"
	dialogueField = "d"
	runStateField = "state"
)

// Unfinished is what is marked as being sent in a partition.
type Unfinished struct {
	Sending []Sending
	Blocked map[string]string // contact -> the message that its later ones wait for
}

// Sending is a message that somebody has taken.
type Sending struct {
	ID     string
	At     time.Time
	Token  string // of the lease under which it was taken
	Body   []byte // nil: it is gone
	Queued bool   // it was taken off a queue
}

// Unfinished reads what is marked as being sent, by this owner or by former ones.
func (s *Store) Unfinished(ctx context.Context, p int) (Unfinished, error) {
	pipe := s.rdb.Pipeline()
	sending, blocked := pipe.HGetAll(ctx, sendingKey(p)), pipe.HGetAll(ctx, blockedKey(p))
	if err := exec(ctx, pipe, "reading what was being sent"); err != nil {
		return Unfinished{}, err
	}
	u := Unfinished{Blocked: blocked.Val()}
	var queued []string
	for id, v := range sending.Val() {
		at, rest, _ := strings.Cut(v, "|")
		token, body, _ := strings.Cut(rest, "|")
		ms, _ := strconv.ParseInt(at, 10, 64)
		m := Sending{ID: id, At: time.UnixMilli(ms), Token: token, Body: []byte(body)}
		if body == "" {
			m.Queued, queued = true, append(queued, id)
		}
		u.Sending = append(u.Sending, m)
	}
	bodies, err := s.Bodies(ctx, p, queued)
	if err != nil {
		return Unfinished{}, err
	}
	for i := range u.Sending {
		if u.Sending[i].Queued {
			u.Sending[i].Body = bodies[u.Sending[i].ID]
		}
	}
	return u, nil
}

// Blocked is for which message the later ones of a contact wait, by contact.
func (s *Store) Blocked(ctx context.Context, p int) (map[string]string, error) {
	c := s.rdb.HGetAll(ctx, blockedKey(p))
	return c.Val(), failed("reading who waits for whom", c)
}

// Bodies reads queued messages by id; those that are gone are not in it.
func (s *Store) Bodies(ctx context.Context, p int, ids []string) (map[string][]byte, error) {
	out := map[string][]byte{}
	if len(ids) == 0 {
		return out, nil
	}
	c := s.rdb.HMGet(ctx, bodiesKey(p), ids...)
	if c.Err() != nil {
		return nil, failed("reading messages", c)
	}
	for i, x := range c.Val() {
		if body, ok := x.(string); ok {
			out[ids[i]] = []byte(body)
		}
	}
	return out, nil
}

// Waits says which messages of a partition stand in an account's queue: one for each of accounts and ids.
func (s *Store) Waits(ctx context.Context, p int, accounts, ids []string) ([]bool, error) {
	pipe := s.rdb.Pipeline()
	cmds := make([]*redis.FloatCmd, len(ids))
	for i, id := range ids {
		cmds[i] = pipe.ZScore(ctx, outKey(p, accounts[i]), id)
	}
	if err := exec(ctx, pipe, "looking what is queued"); err != nil {
		return nil, err
	}
	out := make([]bool, len(ids))
	for i, c := range cmds {
		out[i] = c.Err() == nil
	}
	return out, nil
}

// StillSending says which messages of a partition are marked as being sent.
func (s *Store) StillSending(ctx context.Context, p int, ids []string) ([]bool, error) {
	c := s.rdb.HMGet(ctx, sendingKey(p), ids...)
	if c.Err() != nil {
		return nil, failed("reading what is being sent", c)
	}
	out := make([]bool, len(ids))
	for i, mark := range c.Val() {
		out[i] = mark != nil
	}
	return out, nil
}
