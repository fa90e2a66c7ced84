package gateway_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/gateway/store"
)

// turnstile holds the engine back, so that what comes meanwhile is handled in one turn.
type turnstile struct {
	mu     sync.Mutex
	opened chan struct{} // nil: nothing is held back
}

var errHeldBack = errors.New("held back")

func (s *turnstile) intercept(after bool, command string) error {
	s.mu.Lock()
	opened := s.opened
	s.mu.Unlock()
	switch {
	case command != "xread" || opened == nil:
		return nil
	case after: // it began before
		return errHeldBack
	}
	<-opened
	return nil
}

func (s *turnstile) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened = make(chan struct{})
}

func (s *turnstile) open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.opened)
	s.opened = nil
}

// newHeldRig has one partition, so that all entries come to one log.
func newHeldRig(t *testing.T, changes ...change) (*rig, *turnstile) {
	s := &turnstile{}
	onePartition := func(r *rig) { r.opts.Redis.Partitions = 1 }
	return newRig(t, append([]change{withIntercept(s.intercept), onePartition}, changes...)...), s
}

// onTheLog waits until the one partition's log has n entries.
func (r *rig) onTheLog(n int) {
	r.t.Helper()
	r.until("entries on the log", func() bool { return strings.Count(r.redis.Everything()["{p00}:log"], "map[") == n })
}

func TestAskedTwiceAtOnceToForgetNothingStays(t *testing.T) {
	t.Parallel()
	r, s := newHeldRig(t)
	r.contact(lan, "Ngọc Lan")
	s.close()
	r.reply(lan, "xyzzy oi co ship khong")
	r.reply(lan, "XOA DU LIEU")
	r.reply(lan, "XOA DU LIEU")
	r.onTheLog(3)
	s.open()
	r.until("the contact is gone", func() bool { _, ok := r.byPhone(lan); return !ok })
	r.onTheLog(0)
	for key, value := range r.redis.Everything() {
		for _, personal := range []string{lan[1:], "Ngọc Lan", "xyzzy"} {
			require.NotContains(t, key, personal)
			require.NotContains(t, value, personal, "key %s", key)
		}
	}
}

func TestAnImportThatCrossesAnErasureDoesNotBringThemBack(t *testing.T) {
	t.Parallel()
	r, s := newHeldRig(t)
	id := r.contact(lan, "Lan")
	var calls sync.WaitGroup
	s.close()
	calls.Go(func() {
		status, _ := r.try("DELETE", "/api/v1/contacts/"+id, nil)
		require.Equal(t, http.StatusNoContent, status)
	})
	r.onTheLog(1)
	calls.Go(func() {
		status, _ := r.try("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}, "name": "Lan", "consents": []m{
			{"purpose": "marketing", "granted": true, "source": "form", "at": "2026-11-01T09:00:00+07:00"}}})
		require.Equal(t, http.StatusCreated, status)
	})
	r.onTheLog(2)
	s.open()
	calls.Wait()
	v := r.settledRun(r.run("style"), "done")
	require.Equal(t, int64(1), v.Counts["audience"])
	require.Equal(t, int64(1), v.Counts["excluded"])
	require.Empty(t, r.fake.Phone(lan))
}

func TestARunResumedWhileItsSliceIsOnTheLogGoesOn(t *testing.T) {
	t.Parallel()
	r, s := newHeldRig(t)
	r.contact(lan, "Lan")
	log, err := store.Open(t.Context(), store.Options{URL: r.redis.URL, Partitions: 1})
	require.NoError(t, err)
	defer log.Close()
	put := func(id string, e record.Envelope) {
		t.Helper()
		require.NoError(t, log.Append(t.Context(), []int{0}, []store.LogEntry{{ID: id, Body: e.Bytes()}}))
	}
	put("pause", record.Envelope{Steer: &record.SteerRun{Run: "style-x", State: record.StatePaused}})
	r.onTheLog(0)
	s.close()
	put("resume", record.Envelope{Steer: &record.SteerRun{Run: "style-x", State: record.StateRunning}})
	put("slice", record.Envelope{Slice: &record.RunSlice{Run: "style-x", Campaign: "style"}})
	s.open()
	r.phone(lan, 1)
}

func TestALinkIsFollowedWithinTheTurnThatMakesIt(t *testing.T) {
	t.Parallel()
	r, s := newHeldRig(t)
	id := r.contact(lan, "Lan")
	var call sync.WaitGroup
	s.close()
	call.Go(func() { r.try("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan, "tel:" + minh}}) })
	r.onTheLog(1)
	r.reply(minh, "alo")
	r.onTheLog(2)
	s.open()
	call.Wait()
	r.settled(id, has("message.received", ""))
	found, ok := r.byPhone(minh)
	require.True(t, ok)
	require.Equal(t, id, found)
}

// What is on its way to other partitions gets there, even where Redis was away just then.
func TestForwardedEventsAreNotForgotten(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	r := newRig(t, withIntercept(func(after bool, command string) error {
		if !after && command == "xrange" && away.CompareAndSwap(true, false) {
			return errors.New("away")
		}
		return nil
	}))
	id := r.contact(lan, "Lan")
	away.Store(true)
	others := []string{"+84911111111", "+84922222222", "+84933333334", "+84944444443"}
	all := []string{"tel:" + lan}
	for _, phone := range others {
		all = append(all, "tel:"+phone)
	}
	require.Equal(t, http.StatusOK, r.call("PUT", "/api/v1/contacts", m{"addresses": all}, nil))
	r.until("Redis was away", func() bool { return !away.Load() })
	for _, phone := range others {
		r.until("the address leads there", func() bool { found, ok := r.byPhone(phone); return ok && found == id })
	}
}

const returnCampaign = `
campaign: why
schedule: {event: order.returned}
questions:
  - {id: reason, kind: text, text: {vi: "Vì sao chị trả hàng?"}}
`

// An event campaign's run is listed although the first commit that counted somebody in it never came about.
func TestAnEventRunIsListedAfterAFailedCommit(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	failed := make(chan struct{}, 1000)
	r := newRig(t, withFiles(returnCampaign), withIntercept(func(after bool, command string) error {
		if !after && command == "pipeline evalsha" && away.Load() {
			failed <- struct{}{}
			return errors.New("away")
		}
		return nil
	}), func(r *rig) { r.opts.Redis.LeaseTTL = time.Minute })
	r.contact(lan, "Lan")
	away.Store(true)
	require.Equal(t, http.StatusAccepted, r.call("POST", "/api/v1/events", m{"id": "1", "type": "order.returned", "address": "tel:" + lan}, nil))
	<-failed
	away.Store(false)
	r.phone(lan, 1)
	var out struct{ Runs []struct{ Campaign string } }
	r.until("the run is listed", func() bool {
		return r.call("GET", "/api/v1/runs", nil, &out) == http.StatusOK && len(out.Runs) == 1
	})
	require.Equal(t, "why", out.Runs[0].Campaign)
}

func withRate(perSecond float64) change { return func(r *rig) { r.rate = perSecond } }

func patient(r *rig) {
	tune := r.opts.Tune
	r.opts.Tune = func(e *engine.Options, s *sender.Options) { tune(e, s); s.Backoff = time.Hour }
}

// One contact whose message is tried again later, with more waiting behind it, does not stand in the others' way.
func TestOneContactsQueueDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	r, _ := newHeldRig(t, patient, withRate(20))
	id := r.contact(lan, "Lan")
	r.fake.Down(1, 503)
	for i := range 3 {
		r.reply(lan, "HD")
		r.settled(id, func(es []entryView) bool { return count(es, "message.queued", "") == i+1 })
	}
	r.until("the first was tried", func() bool { return r.fake.Calls() > 0 })
	require.Equal(t, 1, r.fake.Calls())
	r.reply(lan, "NV")
	r.reply(lan, "DU LIEU")
	r.settled(id, func(es []entryView) bool { return count(es, "message.queued", "") == 5 })
	r.reply(minh, "HD")
	r.phone(minh, 1)
	require.Empty(t, r.fake.Phone(lan), "those behind it wait")
}

// A message that is tried again later belongs to an account; when that is gone, the contact is not silenced for ever.
func TestAContactOutlivesTheAccountThatItsMessageWaitedFor(t *testing.T) {
	t.Parallel()
	r := newRig(t, patient)
	r.contact(lan, "Lan")
	r.fake.Down(1, 503)
	r.reply(lan, "HD")
	r.until("it waits to be tried again", func() bool {
		for key := range r.redis.Everything() {
			if strings.HasSuffix(key, "out:blocked") {
				return true
			}
		}
		return false
	})
	r.crash()
	r.opts.Accounts[0].ID = "other"
	r.start()
	r.fake.Point(publicURL+"/hooks/other", r.base)
	r.reply(lan, "NV")
	r.phone(lan, 1)
}

// Whoever was erased is not brought back under somebody else's name, whichever of their addresses comes, and after their own
// word they are forgotten no more, wherever the lists are kept.
func TestASecondAddressOfSomebodyErasedStaysForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, second := "tel:"+lan, "tel:"+minh
	put := func(name string, addresses ...string) string {
		var v struct{ ID string }
		status := r.call("PUT", "/api/v1/contacts", m{"addresses": addresses, "name": name}, &v)
		require.Less(t, status, 300)
		return v.ID
	}
	addresses := func(id string) []string {
		var v struct{ Addresses []string }
		require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id, nil, &v))
		return v.Addresses
	}
	status, _ := r.try("DELETE", "/api/v1/contacts/"+put("Lan", first, second), nil)
	require.Equal(t, http.StatusNoContent, status)
	r.until("both addresses are on the lists", func() bool { return len(r.suppressed()) == 2 })

	hoa := put("Hoa", "tel:+84901234569", second)
	require.Equal(t, []string{"tel:+84901234569"}, addresses(hoa))
	r.settled(hoa, has("contact.edited", "address_forgotten"))

	lanAgain := put("Lan", first, second)
	require.Equal(t, []string{first}, addresses(lanAgain), "the second is on its own partition's list")
	r.reply(minh, "DK") // their own word, from the second address
	r.until("the second address is on no list", func() bool { return len(r.suppressed()) == 1 })
	r.reply(lan, "DK")
	r.until("neither is the first", func() bool { return len(r.suppressed()) == 0 })
}

// suppressed is what is on the suppression lists.
func (r *rig) suppressed() (all []string) {
	raw := r.raw()
	for _, key := range raw.Keys(context.Background(), "*}:suppressed").Val() {
		all = append(all, raw.SMembers(context.Background(), key).Val()...)
	}
	return all
}
