package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/gateway/store"
)

// far is a number whose partition is not lan's.
const far = "+84933333334"

type letterView struct {
	ID, What, Of, Kind, Contact, Account, Campaign, Run, Reason string
}

func (r *rig) dead(query string) []letterView {
	r.t.Helper()
	var out struct {
		Letters []letterView `json:"dead_letters"`
	}
	require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/dead-letters"+query, nil, &out))
	return out.Letters
}

func (r *rig) letters(n int) (ls []letterView) {
	r.t.Helper()
	r.until(fmt.Sprint(n, " dead letters"), func() bool { ls = r.dead(""); return len(ls) == n })
	return ls
}

func (r *rig) replay(id string) int {
	r.t.Helper()
	var out struct{ Replayed int }
	require.Equal(r.t, http.StatusOK, r.call("POST", "/api/v1/dead-letters/"+id+"/replay", nil, &out))
	return out.Replayed
}

func (r *rig) replayAll(filter m) int {
	r.t.Helper()
	var out struct{ Replayed int }
	require.Equal(r.t, http.StatusOK, r.call("POST", "/api/v1/dead-letters/replay", filter, &out))
	return out.Replayed
}

// raw is Redis itself, for damaging what is in it.
func (r *rig) raw() *redis.Client {
	r.t.Helper()
	opt, err := redis.ParseURL(r.redis.URL)
	require.NoError(r.t, err)
	c := redis.NewClient(opt)
	r.t.Cleanup(func() { c.Close() })
	return c
}

// leases has partitions kept for longer than a busy machine may stand still, where a test counts what a provider met.
func leases(ttl time.Duration) change { return func(r *rig) { r.opts.Redis.LeaseTTL = ttl } }

func steady(r *rig) { leases(time.Minute)(r) }

// refuse lets the next send fail for good.
func (r *rig) refuse(n int) { r.fake.Fail(n, 400, 21211) }

func TestAMessageThatWasGivenUpIsReplayed(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady)
	r.addCodes("office-20", "OFF1")
	id := r.contact(lan, "Lan")
	r.refuse(1)
	run := r.run("style")
	l := r.letters(1)[0]
	require.Equal(t, letterView{ID: l.ID, What: "message", Of: id + ".1", Kind: "ad", Contact: id, Account: "sms", Campaign: "style", Run: run, Reason: "recipient"}, l)
	v := r.settledRun(run, "done")
	require.Equal(t, int64(1), v.Counts["failed"])

	r.refuse(1) // given up twice: the second time must count too
	require.Equal(t, 1, r.replay(l.ID))
	require.Zero(t, r.replay(l.ID), "it comes back once")
	r.until("it failed again", func() bool {
		ls := r.dead("")
		return len(ls) == 1 && ls[0].ID != l.ID && r.runOf(run).Counts["failed"] == 1
	})
	require.Equal(t, 1, r.replayAll(m{"what": "message", "reason": "recip", "account": "sms", "campaign": "style", "run": run}))
	r.phone(lan, 1)
	v = r.settledRun(run, "done")
	require.Equal(t, int64(1), v.Counts["sent"])
	require.Zero(t, v.Counts["failed"])
	require.Empty(t, r.dead(""))
	require.Equal(t, 2, count(r.ledger(id), "message.queued", "replayed"))
	// The conversation that ended with the failure is open again.
	r.reply(lan, "2")
	r.reply(lan, "600k")
	require.Contains(t, r.phone(lan, 3)[2], "OFF1")
}

func TestAReplayThatMayNotBeIsExplained(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady)
	id := r.contact(lan, "Lan")
	r.refuse(1)
	run := r.run("style")
	l := r.letters(1)[0]
	r.reply(lan, "STOP")
	r.phone(lan, 1) // the confirmation
	require.Equal(t, 1, r.replay(l.ID))
	r.settled(id, has("message.not_sent", "opted_out"))
	v := r.settledRun(run, "done")
	require.Equal(t, int64(1), v.Counts["failed"], "it stays what it was")
	require.Empty(t, r.dead(""))
	require.Len(t, r.fake.Phone(lan), 1)
}

func TestADeadLetterIsErasedWithItsContact(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady)
	id := r.contact(lan, "Ngọc Lan")
	r.refuse(1)
	r.run("style")
	l := r.letters(1)[0]
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+id, nil, nil))
	require.Zero(t, r.replay(l.ID))
	for key, value := range r.redis.Everything() {
		require.NotContains(t, value, "Ngọc Lan", "key %s", key)
		require.NotContains(t, value, lan, "key %s", key)
	}
	require.Empty(t, r.fake.Phone(lan))
}

func TestLettersAreFilteredAndReplayedInParts(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady)
	const people = 30
	r.refuse(people)
	for i := range people {
		r.contact(fmt.Sprintf("+8490%07d", 1000000+i), "Lan")
	}
	run := r.run("style")
	r.letters(people)
	require.Empty(t, r.dead("?what=event"))
	require.Empty(t, r.dead("?account=other"))
	require.Len(t, r.dead("?reason=rec&limit=7"), 7)
	require.Len(t, r.dead("?run="+run), people)
	require.Zero(t, r.replayAll(m{"account": "other"}))
	var out struct {
		Replayed int
		More     bool
		Before   time.Time
	}
	total, calls := 0, 0
	for out.More = true; out.More; calls++ {
		in := m{"limit": 7}
		if !out.Before.IsZero() {
			in["before"] = out.Before
		}
		require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/dead-letters/replay", in, &out))
		total += out.Replayed
	}
	require.Equal(t, people, total)
	require.GreaterOrEqual(t, calls, 5)
	r.awaitCounts(run, "sent", people)
	for i := range people {
		require.Len(t, r.fake.Phone(fmt.Sprintf("+8490%07d", 1000000+i)), 1)
	}
	status, _ := r.try("POST", "/api/v1/dead-letters/nonsense/replay", nil)
	require.Equal(t, http.StatusNotFound, status)
}

// A replay dies before or after each of its writes, and whoever asked asks again: the message goes out once.
func TestAReplaySurvivesACrashAtAnyWrite(t *testing.T) {
	t.Parallel()
	step := int64(1)
	if testing.Short() || raced {
		step = 3
	}
	for at := int64(1); at <= 8; at += step {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d, after=%v", at, after), func(t *testing.T) {
				t.Parallel()
				replayAndDie(t, &dying{at: at, after: after, dead: make(chan struct{})})
			})
		}
	}
}

func replayAndDie(t *testing.T, d *dying) {
	r := newRig(t, withIntercept(d.intercept), withFake(fake.Options{Callbacks: false}), leases(2*time.Second))
	r.contact(lan, "Lan")
	r.refuse(1)
	run := r.run("style")
	r.letters(1)
	r.settledRun(run, "done")
	mu, enough := r.startedAnew(d)
	defer enough()
	d.armed.Store(true)
	limit, again := time.After(30*time.Second), time.NewTicker(5*time.Millisecond)
	defer again.Stop()
	done := func() bool {
		r.try("POST", "/api/v1/dead-letters/replay", m{})
		status, body := r.try("GET", "/api/v1/runs/"+run, nil)
		return status == 200 && len(r.fake.Phone(lan)) > 0 && strings.Contains(string(body), `"sent":1`)
	}
	for !locked(mu, done) {
		select {
		case <-again.C:
		case <-limit:
			t.Fatal("it never arrives")
		}
	}
	d.armed.Store(false)
	select {
	case <-d.dead: // after all was done
		<-d.again
	default:
	}
	mu.Lock()
	defer mu.Unlock()
	require.Len(t, r.fake.Phone(lan), 1)
	require.Empty(t, r.dead(""))
	require.Zero(t, r.runOf(run).Counts["failed"])
}

// What cannot be read is kept as it is with the dead letters, the partition goes on, and once it is repaired nothing is
// missing.
func TestAContactThatCannotBeReadIsQuarantined(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"c", "d", "p:style"} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, steady)
			id, raw, ctx := r.contact(lan, "Lan"), r.raw(), context.Background()
			sent := 1
			r.run("style")
			r.phone(lan, 1)
			if field == "p:style" { // something to damage
				sent = 2
				r.reply(lan, "2")
				r.phone(lan, 2)
			}
			r.settled(id, func(es []entryView) bool { return count(es, "message.sent", "") == sent })
			p, _, _ := strings.Cut(strings.TrimPrefix(id, "c"), "-")
			key := fmt.Sprintf("{p%02s}:contact:%s", p, id)
			whole := raw.HGet(ctx, key, field).Val()
			require.NotEmpty(t, whole)
			require.NoError(t, raw.HSet(ctx, key, field, "?"+whole).Err())
			stored := raw.HGetAll(ctx, key).Val()

			answer := map[string]string{"c": "1", "d": "1", "p:style": "600k"}[field]
			r.reply(lan, answer)
			r.until("the reply is kept", func() bool { return len(r.dead("?what=event")) == 1 })
			l := r.dead("?what=event")[0]
			require.Equal(t, "message_in", l.Kind)
			require.Contains(t, l.Reason, "contact unreadable")
			require.Equal(t, stored, raw.HGetAll(ctx, key).Val(), "nothing was written")
			_, body := r.get("/metrics")
			require.Contains(t, body, `hoidap_events_total{kind="any",result="quarantined"} 1`)
			r.reply(minh, "HD") // others are served
			r.phone(minh, 1)

			require.Equal(t, 1, r.replay(l.ID))
			again := r.letters(1)[0]
			require.NotEqual(t, l.ID, again.ID, "not repaired: it is quarantined again")
			require.NoError(t, raw.HSet(ctx, key, field, whole).Err())
			require.Equal(t, 1, r.replay(again.ID))
			require.Zero(t, r.replay(again.ID))
			r.settled(id, has("preference.changed", ""))
			r.settled(id, has("conversation.completed", ""))
			require.Empty(t, r.dead(""))
			require.Equal(t, 1, count(r.ledger(id), "conversation.completed", ""))
		})
	}
}

func TestAnOptOutOfADamagedContactIsHeeded(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady)
	id, raw, ctx := r.contact(lan, "Lan"), r.raw(), context.Background()
	p, _, _ := strings.Cut(strings.TrimPrefix(id, "c"), "-")
	key := fmt.Sprintf("{p%02s}:contact:%s", p, id)
	whole := raw.HGet(ctx, key, "d").Val()
	require.NoError(t, raw.HSet(ctx, key, "d", "?").Err())
	r.reply(lan, "STOP")
	r.letters(1)
	var v struct{ Suppressed *struct{ Reason string } }
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id, nil, &v))
	require.NotNil(t, v.Suppressed)
	require.Equal(t, "?", raw.HGet(ctx, key, "d").Val())
	require.Equal(t, 1, count(r.ledger(id), "contact.suppressed", ""))
	require.NoError(t, raw.HSet(ctx, key, "d", whole).Err())
	require.Equal(t, 1, r.replayAll(m{"what": "event"}))
	r.phone(lan, 1) // the confirmation, late
}

func TestALogEntryOfAnUnknownVersionIsQuarantined(t *testing.T) {
	t.Parallel()
	r, _ := newHeldRig(t, steady)
	r.contact(lan, "Lan")
	require.NoError(t, r.raw().XAdd(context.Background(), &redis.XAddArgs{Stream: "{p00}:log", Values: []any{"i", "future", "k", "tel:" + lan, "b", "\xffwhat a later version writes"}}).Err())
	l := r.letters(1)[0]
	require.Equal(t, "event", l.What)
	require.Contains(t, l.Reason, "unreadable")
	r.reply(lan, "HD")
	r.phone(lan, 1)
	status, _ := r.try("POST", "/api/v1/dead-letters/"+l.ID+"/replay", nil)
	require.Equal(t, http.StatusConflict, status, "it still cannot be read, so it stays")
	require.Zero(t, r.replayAll(m{}))
	require.Len(t, r.dead(""), 1)
}

func TestAQueuedMessageThatIsDamagedIsQuarantined(t *testing.T) {
	t.Parallel()
	r, _ := newHeldRig(t, steady)
	id, raw, ctx := r.contact(lan, "Lan"), r.raw(), context.Background()
	r.stopSending("")
	run := r.run("style")
	r.until("it is queued", func() bool { return r.runOf(run).Counts["queued"] == 1 })
	whole := raw.HGet(ctx, "{p00}:out:bodies", id+".1").Val()
	require.NotEmpty(t, whole)
	require.NoError(t, raw.HSet(ctx, "{p00}:out:bodies", id+".1", "?"+whole).Err())
	r.resumeSending()
	l := r.letters(1)[0]
	require.Equal(t, "unreadable", l.Reason)
	v := r.settledRun(run, "done")
	require.Equal(t, int64(1), v.Counts["failed"])
	r.settled(id, has("message.failed", "unreadable"))
	// Repaired in place: the letter with the same bytes made whole.
	dead := raw.XRange(ctx, "{p00}:dead", "-", "+").Val()[0]
	require.Equal(t, "?"+whole, dead.Values["b"], "the bytes are kept")
	dead.Values["b"] = whole
	require.NoError(t, raw.XDel(ctx, "{p00}:dead", dead.ID).Err())
	require.NoError(t, raw.XAdd(ctx, &redis.XAddArgs{Stream: "{p00}:dead", Values: dead.Values}).Err())
	require.Equal(t, 1, r.replayAll(m{}))
	r.phone(lan, 1)
	require.Equal(t, int64(1), r.settledRun(run, "done").Counts["sent"])
}

// A message to somebody whose core is damaged when it is to leave waits with the dead letters, and counts as on its way.
func TestAMessageToADamagedContactWaits(t *testing.T) {
	t.Parallel()
	r, _ := newHeldRig(t, steady)
	id, raw, ctx := r.contact(lan, "Lan"), r.raw(), context.Background()
	r.stopSending("")
	run := r.run("style")
	r.until("it is queued", func() bool { return r.runOf(run).Counts["queued"] == 1 })
	whole := raw.HGet(ctx, "{p00}:contact:"+id, "c").Val()
	require.NoError(t, raw.HSet(ctx, "{p00}:contact:"+id, "c", "?").Err())
	r.resumeSending()
	require.Equal(t, "contact unreadable", r.letters(1)[0].Reason)
	require.Equal(t, int64(1), r.runOf(run).Counts["queued"])
	require.NoError(t, raw.HSet(ctx, "{p00}:contact:"+id, "c", whole).Err())
	require.Equal(t, 1, r.replayAll(m{}))
	r.phone(lan, 1)
	require.Equal(t, int64(1), r.settledRun(run, "done").Counts["sent"])
}

func TestAContactThatCannotBeReadIsListedAndErased(t *testing.T) {
	t.Parallel()
	for field, damage := range map[string]string{"c": "?", "d": "?", "v": "many"} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, steady)
			raw, ctx := r.raw(), context.Background()
			var out struct{ ID string }
			require.Equal(t, http.StatusCreated, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan, "tel:" + far}, "name": "Ngọc Lan",
				"consents": []m{{"purpose": "marketing", "granted": true, "source": "form", "at": "2026-11-01T09:00:00+07:00"}}}, &out))
			id := out.ID
			r.until("both addresses lead there", func() bool { a, _ := r.byPhone(lan); b, _ := r.byPhone(far); return a == id && b == id })
			r.stopSending("")
			run := r.run("style")
			r.until("it is queued", func() bool { return r.runOf(run).Counts["queued"] == 1 })
			p, _, _ := strings.Cut(strings.TrimPrefix(id, "c"), "-")
			require.NoError(t, raw.HSet(ctx, fmt.Sprintf("{p%02s}:contact:%s", p, id), field, damage).Err())

			var page struct {
				Contacts   []m
				Unreadable []string
			}
			require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/contacts", nil, &page))
			if field != "d" {
				require.Equal(t, []string{id}, page.Unreadable)
				status, _ := r.try("GET", "/api/v1/contacts/"+id, nil)
				require.Equal(t, http.StatusConflict, status)
			}
			require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+id, nil, nil))
			v := r.settledRun(run, "done")
			require.Equal(t, int64(1), v.Counts["excluded"])
			require.Zero(t, v.Counts["queued"])
			r.until("both addresses are forgotten", func() bool {
				for _, value := range r.redis.Everything() {
					if strings.Contains(value, lan[1:]) || strings.Contains(value, far[1:]) || strings.Contains(value, "Ngọc Lan") {
						return false
					}
				}
				return true
			})
			r.contact(lan, "Lan")
			var c struct{ Suppressed *struct{ Reason string } }
			back, _ := r.byPhone(lan)
			require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+back, nil, &c))
			require.NotNil(t, c.Suppressed)
			require.Equal(t, "forgotten", c.Suppressed.Reason)
		})
	}
}

// What lies with the dead letters of another partition, where one of the addresses belongs, is erased too.
func TestDeadLettersOfASecondAddressAreErased(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady)
	log, err := store.Open(t.Context(), store.Options{URL: r.redis.URL, Partitions: 8})
	require.NoError(t, err)
	defer log.Close()
	var out struct{ ID string }
	require.Equal(t, http.StatusCreated, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan, "tel:" + far}}, &out))
	require.NotEqual(t, log.PartitionOf("tel:"+lan), log.PartitionOf("tel:"+far))
	r.until("it leads there", func() bool { id, _ := r.byPhone(far); return id == out.ID })
	require.NoError(t, log.Append(t.Context(), []int{log.PartitionOf("tel:" + far)}, []store.LogEntry{{ID: "x", Key: "tel:" + far, Body: []byte("?what they wrote")}}))
	r.letters(1)
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+out.ID, nil, nil))
	r.letters(0)
}
