package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// madeField is the field that a contact gets when it is made: a positive number. Earlier versions counted its writes there.
const madeField = "v"

// Contact is a contact's stored form.
type Contact struct {
	ID      string
	Exists  bool
	Damaged bool // its mark cannot be read, or something else lies in its place
	Fields  map[string]string
}

// Lookup is what the engine must know about events before it loads contacts.
type Lookup struct {
	Partition int
	Events    []string // ids: which were handled before?
	Now       time.Time
	Addresses []string // which contacts do they lead to?
	Slices    []Slice  // which contacts come next?
}

// Slice asks for the contacts behind After, in the order of their ids, and for what waits in the accounts' queues.
type Slice struct {
	Run      string
	After    string
	Max      int
	Accounts []string
	Soon     time.Time // until when what is due counts as due soon
}

// Queue is how many messages wait for an account in a partition.
type Queue struct{ All, Soon int64 }

// Found answers a Lookup.
type Found struct {
	Seen     []bool
	Contacts []string   // "" where the address leads nowhere
	Slices   [][]string // contact ids
	Runs     []map[string]string
	Waiting  [][]Queue // by slice, and by its accounts
}

// askedQueue is a Queue that is asked for.
type askedQueue struct{ all, soon *redis.IntCmd }

// Look answers lookups in one round trip.
func (s *Store) Look(ctx context.Context, lookups []Lookup) ([]Found, error) {
	p := s.rdb.Pipeline()
	type pending struct {
		seen   []*redis.BoolSliceCmd
		led    *redis.SliceCmd
		slices []*redis.StringSliceCmd
		runs   []*redis.MapStringStringCmd
		queues [][]askedQueue
	}
	asked := make([]pending, len(lookups))
	for i, l := range lookups {
		if len(l.Events) > 0 {
			asked[i].seen = askSeen(ctx, p, l)
		}
		if len(l.Addresses) > 0 {
			asked[i].led = p.HMGet(ctx, addressesKey(l.Partition), l.Addresses...)
		}
		for _, sl := range l.Slices {
			from := "-"
			if sl.After != "" {
				from = "(" + sl.After
			}
			asked[i].slices = append(asked[i].slices, p.ZRangeByLex(ctx, contactsKey(l.Partition), &redis.ZRangeBy{Min: from, Max: "+", Count: int64(sl.Max)}))
			asked[i].runs = append(asked[i].runs, p.HGetAll(ctx, runKey(l.Partition, sl.Run)))
			var queues []askedQueue
			for _, a := range sl.Accounts {
				k := outKey(l.Partition, a) // answers to people stand below everything unasked: they count as due
				queues = append(queues, askedQueue{p.ZCard(ctx, k), p.ZCount(ctx, k, "-inf", score(sl.Soon))})
			}
			asked[i].queues = append(asked[i].queues, queues)
		}
	}
	if err := exec(ctx, p, "looking up events"); err != nil {
		return nil, err
	}
	found := make([]Found, len(lookups))
	for i := range lookups {
		found[i].Seen = make([]bool, len(lookups[i].Events))
		for _, some := range asked[i].seen {
			for n, seen := range some.Val() {
				found[i].Seen[n] = found[i].Seen[n] || seen
			}
		}
		if asked[i].led != nil {
			for _, v := range asked[i].led.Val() {
				found[i].Contacts = append(found[i].Contacts, text(v))
			}
		}
		for j := range asked[i].slices {
			found[i].Slices = append(found[i].Slices, asked[i].slices[j].Val())
			found[i].Runs = append(found[i].Runs, asked[i].runs[j].Val())
			var waiting []Queue
			for _, q := range asked[i].queues[j] {
				waiting = append(waiting, Queue{q.all.Val(), q.soon.Val()})
			}
			found[i].Waiting = append(found[i].Waiting, waiting)
		}
	}
	return found, nil
}

// Load reads contacts by id, in one round trip. Ids of partitions that do not exist give contacts that do not exist.
func (s *Store) Load(ctx context.Context, ids []string) ([]Contact, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.MapStringStringCmd, len(ids))
	for i, id := range ids {
		if part, ok := s.PartitionOfContact(id); ok {
			cmds[i] = p.HGetAll(ctx, contactKey(part, id))
		}
	}
	p.Exec(ctx) //nolint:errcheck // each command has its own error
	out := make([]Contact, len(ids))
	for i, id := range ids {
		out[i] = Contact{ID: id}
		if cmds[i] == nil {
			continue
		}
		if err := cmds[i].Err(); wrongType(err) {
			out[i].Exists, out[i].Damaged = true, true
			continue
		} else if err != nil && !isNil(err) {
			return nil, unavailable("loading contacts", err)
		}
		out[i].Fields = cmds[i].Val()
		out[i].Exists, out[i].Damaged = len(out[i].Fields) > 0, damaged(out[i].Fields)
	}
	return out, nil
}

// damaged reports whether there are fields of a contact without the mark of one.
func damaged(fields map[string]string) bool {
	if len(fields) == 0 {
		return false
	}
	v, err := strconv.ParseInt(fields[madeField], 10, 64)
	return err != nil || v <= 0
}

// AddressesOf looks through every partition for the addresses that lead to a contact: for one that cannot say so itself.
func (s *Store) AddressesOf(ctx context.Context, contact string) ([]string, error) {
	var found []string
	for p := range s.partitions {
		for cursor := uint64(0); ; {
			pairs, next, err := s.rdb.HScan(ctx, addressesKey(p), cursor, "", 1000).Result()
			if err != nil {
				return nil, unavailable("looking for addresses", err)
			}
			for i := 0; i+1 < len(pairs); i += 2 {
				if pairs[i+1] == contact {
					found = append(found, pairs[i])
				}
			}
			if cursor = next; cursor == 0 {
				break
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil // a scan may tell things twice
}

// Resolve is the contact that an address leads to; "" for none.
func (s *Store) Resolve(ctx context.Context, addresses []string) ([]string, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.StringCmd, len(addresses))
	for i, a := range addresses {
		cmds[i] = p.HGet(ctx, addressesKey(s.PartitionOf(a)), a)
	}
	if err := exec(ctx, p, "resolving addresses"); err != nil {
		return nil, err
	}
	out := make([]string, len(addresses))
	for i, c := range cmds {
		out[i] = c.Val()
	}
	return out, nil
}

// Suspect is the keyed hash of an address, and the partition of that address.
type Suspect struct {
	Partition int
	Hash      string
}

// AddressHash is the keyed hash under which an address stands on the suppression list: all that stays of somebody who was
// erased. secret is this installation's.
func AddressHash(secret, address string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(address)) //nolint:errcheck // a hash never fails
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// Suppressed says which suspects are on the suppression lists of their partitions, in one round trip.
func (s *Store) Suppressed(ctx context.Context, suspects []Suspect) ([]bool, error) {
	if len(suspects) == 0 {
		return nil, nil
	}
	p := s.rdb.Pipeline()
	cmds := make([]*redis.BoolCmd, len(suspects))
	for i, x := range suspects {
		cmds[i] = p.SIsMember(ctx, suppressedKey(x.Partition), x.Hash)
	}
	if err := exec(ctx, p, "reading the suppression list"); err != nil {
		return nil, err
	}
	listed := make([]bool, len(suspects))
	for i, c := range cmds {
		listed[i] = c.Val()
	}
	return listed, nil
}

// Ledger is what the newest n steps have added to a contact's ledger, oldest first; n <= 0: all.
func (s *Store) Ledger(ctx context.Context, id string, n int) ([][]byte, error) {
	found, err := s.Ledgers(ctx, []string{id}, n)
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// LedgerSteps is what the steps from the newest-th to the oldest-th have added to a contact's ledger, oldest first; they are
// counted from 1, the newest, on.
func (s *Store) LedgerSteps(ctx context.Context, id string, newest, oldest int) ([][]byte, error) {
	p, ok := s.PartitionOfContact(id)
	if !ok {
		return nil, nil
	}
	v, err := s.rdb.LRange(ctx, ledgerKey(p, id), int64(-oldest), int64(-newest)).Result()
	if err != nil {
		return nil, unavailable("reading a ledger", err)
	}
	return bytesOf(v), nil
}

// Ledgers is what the newest n steps have added to each contact's ledger, in one round trip.
func (s *Store) Ledgers(ctx context.Context, ids []string, n int) ([][][]byte, error) {
	from := int64(-n)
	if n <= 0 {
		from = 0
	}
	p := s.rdb.Pipeline()
	cmds := make([]*redis.StringSliceCmd, len(ids))
	for i, id := range ids {
		if part, ok := s.PartitionOfContact(id); ok {
			cmds[i] = p.LRange(ctx, ledgerKey(part, id), from, -1)
		}
	}
	if err := exec(ctx, p, "reading ledgers"); err != nil {
		return nil, err
	}
	out := make([][][]byte, len(ids))
	for i, c := range cmds {
		if c != nil {
			out[i] = bytesOf(c.Val())
		}
	}
	return out, nil
}

// Contacts is up to n ids of partition p behind after, in order.
func (s *Store) Contacts(ctx context.Context, p int, after string, n int) ([]string, error) {
	from := "-"
	if after != "" {
		from = "(" + after
	}
	v, err := s.rdb.ZRangeByLex(ctx, contactsKey(p), &redis.ZRangeBy{Min: from, Max: "+", Count: int64(n)}).Result()
	if err != nil {
		return nil, unavailable("listing contacts", err)
	}
	return v, nil
}

// Inbox is the newest n items of partition p, newest first.
func (s *Store) Inbox(ctx context.Context, p, n int) ([][]byte, error) {
	ids, err := s.rdb.ZRevRange(ctx, inboxKey(p), 0, int64(n-1)).Result()
	if err != nil {
		return nil, unavailable("reading the inbox", err)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	v, err := s.rdb.HMGet(ctx, inboxItemsKey(p), ids...).Result()
	if err != nil {
		return nil, unavailable("reading the inbox", err)
	}
	out := make([][]byte, 0, len(v))
	for _, x := range v {
		if b := text(x); b != "" {
			out = append(out, []byte(b))
		}
	}
	return out, nil
}

func bytesOf(v []string) [][]byte {
	out := make([][]byte, len(v))
	for i, x := range v {
		out[i] = []byte(x)
	}
	return out
}

// Traces is what a partition holds about a contact outside the contact's own keys.
type Traces struct {
	Timers   []string
	Inbox    map[string]string   // ids, and the reasons for which they are there
	Dead     []string            // places in the stream
	Messages []string            // bodies that are queued
	Queues   map[string][]string // by account
	Told     map[string][]string // what webhooks wait to be delivered, by endpoint
}

// Traces looks for what partition p holds about a contact: it reads whole lists, since erasing is rare and must miss
// nothing. keys are the contact's id and addresses; about says whether an inbox item speaks of the contact, and for what reason it
// is there.
func (s *Store) Traces(ctx context.Context, p int, id string, keys, accounts []string, about func(item []byte) (reason string, is bool)) (Traces, error) {
	pipe := s.rdb.Pipeline()
	timers, inbox := pipe.ZRange(ctx, timersKey(p), 0, -1), pipe.HGetAll(ctx, inboxItemsKey(p))
	dead, bodies, sending := pipe.XRange(ctx, deadKey(p), "-", "+"), pipe.HKeys(ctx, bodiesKey(p)), pipe.HKeys(ctx, sendingKey(p))
	told := pipe.HKeys(ctx, tellBodiesKey(p))
	if err := exec(ctx, pipe, "looking for traces"); err != nil {
		return Traces{}, err
	}
	t := Traces{Inbox: map[string]string{}, Queues: map[string][]string{}, Told: map[string][]string{}}
	for _, name := range told.Val() {
		if endpoint, notice, _ := strings.Cut(name, "|"); strings.HasPrefix(notice, id+".") {
			t.Told[endpoint] = append(t.Told[endpoint], notice)
		}
	}
	for _, name := range timers.Val() {
		if strings.HasSuffix(name, "|"+id) {
			t.Timers = append(t.Timers, name)
		}
	}
	for item, body := range inbox.Val() {
		if reason, is := about([]byte(body)); is {
			t.Inbox[item] = reason
		}
	}
	for _, m := range dead.Val() {
		if strings.HasPrefix(text(m.Values["i"]), id+".") { // a message of theirs
			t.Dead = append(t.Dead, m.ID)
			continue
		}
		for _, k := range keys {
			if text(m.Values["k"]) == k || strings.Contains(text(m.Values["b"]), k) {
				t.Dead = append(t.Dead, m.ID)
				break
			}
		}
	}
	for _, m := range slices.Concat(bodies.Val(), sending.Val()) {
		if strings.HasPrefix(m, id+".") {
			t.Messages = append(t.Messages, m)
		}
	}
	for _, a := range accounts {
		t.Queues[a] = t.Messages
	}
	return t, nil
}
