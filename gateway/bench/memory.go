package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/bench/load"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/scratch"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// memory measures T11: what a contact of ten fields, six preferences with their evidence, three ledger entries, an
// address and a timer costs Redis, written as the engine writes it, beside the leanest form.
func (b *bench) memory(ctx context.Context) error {
	t11 := b.row("T11")
	redis, err := b.empty(ctx)
	if err != nil {
		return err
	}
	defer redis.Kill()
	for range min(b.rounds, 2) { // memory is no matter of chance
		floor, err := b.grown(ctx, redis, func() error {
			_, err := b.floorTook(ctx, redis, layoutFloor, "-n", strconv.Itoa(b.size.kept))
			return err
		})
		if err != nil {
			return err
		}
		own, err := b.grown(ctx, redis, func() error { return writeContacts(ctx, redis, b.size.kept) })
		if err != nil {
			return err
		}
		t11.add(own, floor)
	}
	return nil
}

// grown is by how many bytes a contact Redis grows, from nothing.
func (b *bench) grown(ctx context.Context, redis *scratch.Server, write func() error) (float64, error) {
	if err := redis.Flush(ctx); err != nil {
		return 0, err
	}
	before, err := redis.Memory(ctx)
	if err != nil {
		return 0, err
	}
	if err := write(); err != nil {
		return 0, err
	}
	after, err := redis.Memory(ctx)
	return (after - before) / float64(b.size.kept), err
}

// writeContacts writes n contacts through the store, partition by partition.
func writeContacts(ctx context.Context, redis *scratch.Server, n int) error {
	st, err := store.Open(ctx, store.Options{URL: redis.URL()})
	if err != nil {
		return err
	}
	defer st.Close()
	const together = 25
	for p := range st.Partitions() {
		lease, ok, err := st.Acquire(ctx, p, "bench")
		if err != nil || !ok {
			return fmt.Errorf("partition %d cannot be had: %w", p, err)
		}
		batch, index := store.NewBatch(lease), keptIndex{values: map[string]map[string]bool{}}
		for i, held := p, 1; i < n; i, held = i+st.Partitions(), held+1 {
			index.write(batch, p, i)
			if held%together == 0 || i+st.Partitions() >= n {
				if err := st.CommitOne(ctx, batch); err != nil {
					return err
				}
				batch = store.NewBatch(lease)
			}
		}
	}
	return nil
}

// keptIndex is the index of a partition's audiences, as far as contacts were written.
type keptIndex struct {
	next   int64
	values map[string]map[string]bool // by subject: those that have a term
}

// keptValues is how many values of a subject the engine gives terms.
const keptValues = 64

// write writes a contact, and puts it into the index as the engine does.
func (x *keptIndex) write(b *store.Batch, partition, i int) {
	s := keptState(store.ContactID(partition, fmt.Sprintf("%016x", i)), i) // an id as long as those that the engine makes
	for _, f := range s.Facts() {
		known := x.values[f.Subject]
		if known == nil {
			known = map[string]bool{}
			x.values[f.Subject] = known
		}
		if !known[f.Value] && len(known) >= keptValues {
			f.Value = "?"
		}
		name := store.TermName("bench", f.Subject, f.Value)
		if !known[f.Value] {
			known[f.Value] = true
			b.IndexTerm(name, store.SubjectName("bench", f.Subject))
		}
		b.Index(name, []store.IndexChange{{Number: x.next, True: true}})
	}
	writeContact(b, s, i, store.Field{Name: store.NumberField, Value: store.Index{Since: 1}.Numbered(x.next)})
	x.next++
}

func writeContact(b *store.Batch, s campaigns.State, i int, number store.Field) {
	id := s.ID
	var attributes []string
	for a := range s.Contact.Preferences {
		attributes = append(attributes, a)
	}
	var fields []store.Field
	for _, f := range record.Changes(nil, s, attributes) {
		fields = append(fields, store.Field{Name: f.Name, Value: f.Value})
	}
	b.PutContact(id, false, append(fields, number))
	for _, a := range s.Contact.Addresses {
		b.Link(a.String(), id)
	}
	answer := []preferences.Entry{
		{At: keptAt, Kind: preferences.EntryPreference, Event: "sms:" + sid(i, 0), Campaign: "style", Run: keptRun, Question: "style",
			Text: "dạ 2 nha shop", Detail: map[string]any{"attribute": "style", "value": "office"}},
		{At: keptAt, Kind: preferences.EntryAsked, Event: "sms:" + sid(i, 0), Campaign: "style", Run: keptRun, Question: "budget", Message: id + ".2"},
	}
	sent := []preferences.Entry{{At: keptAt, Kind: preferences.EntrySent, Event: "sms:" + sid(i, 0), Campaign: "style", Run: keptRun, Message: id + ".2", Class: campaigns.ClassReply}}
	b.Ledger(id, [][]byte{record.Entries(answer), record.Entries(sent)}) // as the two steps wrote them
	b.SetTimer(id+":remind", keptAt.Add(24*time.Hour))
}

// keptAt is when everything happened to the contacts that are kept.
var keptAt = time.Date(2026, 11, 23, 10, 0, 0, 123_000_000, time.UTC)

const keptRun = "style-01JD5Z8Q7W"

func sid(i, k int) string { return fmt.Sprintf("SM%032x", i*10+k) }

// keptState is a contact in the middle of a conversation: six answers are there and a question is open.
func keptState(id string, i int) campaigns.State {
	phone := address.Address{Scheme: address.Tel, ID: load.Phone(i)}
	s := campaigns.State{ID: id, Seq: 2, Contact: &preferences.Contact{
		ID: id, Addresses: []address.Address{phone},
		Name: "Nguyễn Thị Lan " + strconv.Itoa(i%500), Locale: "vi", Timezone: "Asia/Ho_Chi_Minh", Created: keptAt, Updated: keptAt,
		Facts: map[string]any{"orders": 3, "returns": 1, "last": 1795000000, "zalo": strconv.Itoa(8_000_000_000_000_000_000 + i)}, Preferences: map[string]preferences.Preference{},
		Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: true, Source: "checkout form", At: keptAt, RecordedAt: keptAt},
			{Purpose: preferences.Profiling, Granted: true, Source: "checkout form", At: keptAt, RecordedAt: keptAt}},
	}}
	for k, said := range keptWords {
		p := preferences.Preference{Attribute: said.attribute, Kind: preferences.Choice, Class: preferences.Declared, Confidence: 0.93,
			Value: preferences.Value{Kind: preferences.Choice, Text: "value-" + strconv.Itoa(i%7)}}
		p.Evidence = preferences.Evidence{Text: said.text, Words: said.text, Rule: "label", MessageID: sid(i, k), Channel: "zalo", Account: "zalo", Campaign: "style",
			Run: keptRun, Question: said.attribute, At: keptAt}
		s.Contact.Preferences[said.attribute] = p
	}
	s.Conversation = &campaigns.Conversation{ID: keptRun + ":" + id, Campaign: "style", Run: keptRun, Question: "budget", Asked: []string{"style", "budget"},
		Route: "sms", To: phone, Answered: true, Started: keptAt, AskedAt: keptAt, Expires: keptAt.Add(72 * time.Hour)}
	s.Messages = []campaigns.Message{{ID: id + ".2", Class: campaigns.ClassReply, Run: keptRun, Campaign: "style", Question: "budget", Theirs: []string{sid(i, 8)}, Status: "sent", At: keptAt}}
	return s
}

// keptWords are what the customers said.
var keptWords = [...]struct{ attribute, text string }{
	{"style", "Chị thích đồ công sở nhẹ nhàng thôi em"}, {"budget", "tầm 500k - 1tr nha"}, {"size", "size M em ơi, có khi L"},
	{"colour", "màu hồng nhạt hoặc be"}, {"window", "chiều thứ 7 sau 5h"}, {"reason", "rộng vai, vải hơi mỏng"},
}
