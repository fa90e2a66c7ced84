package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences/address"
)

// dying kills the gateway at its n-th write to Redis: before it, or after it took effect and before anybody knows.
type dying struct {
	at     int64
	after  bool
	armed  atomic.Bool
	writes atomic.Int64
	dead   chan struct{}
	once   sync.Once
}

var errDead = errors.New("the process is dead")

func (d *dying) intercept(after bool, command string) error {
	select {
	case <-d.dead:
		return errDead
	default:
	}
	if !d.armed.Load() || (!strings.Contains(command, "evalsha") && !strings.Contains(command, "xadd")) {
		return nil
	}
	n := d.writes.Load()
	if !after {
		n = d.writes.Add(1)
	}
	if d.at > 0 && n == d.at && after == d.after {
		d.once.Do(func() { close(d.dead) })
		return errDead
	}
	return nil
}

// TestACrashAtAnyWriteLosesAndDoublesNothing walks the writes of a whole conversation and dies at each, before and
// after; with -short at every few of them.
func TestACrashAtAnyWriteLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	calm := &dying{dead: make(chan struct{})}
	conversation(t, calm)
	writes := calm.writes.Load()
	require.Greater(t, writes, int64(20))
	step := int64(1)
	if testing.Short() {
		step = writes/8 + 1
	}
	for at := int64(1); at <= writes; at += step {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d of %d, after=%v", at, writes, after), func(t *testing.T) {
				t.Parallel()
				conversation(t, &dying{at: at, after: after, dead: make(chan struct{})})
			})
		}
	}
}

// conversation is a whole one, told by people who try again until they are heard.
func conversation(t *testing.T, d *dying) {
	r := newRig(t, withIntercept(d.intercept), withFake(fake.Options{Callbacks: false}))
	d.armed.Store(true) // the start makes no promises that a crash could break
	var mu sync.Mutex   // guards r while it is started anew
	watcherDone := make(chan struct{})
	stop := make(chan struct{})
	go func() {
		defer close(watcherDone)
		select {
		case <-d.dead:
			mu.Lock()
			defer mu.Unlock()
			r.crash()
			r.opts.Redis.Intercept = nil
			r.start()
		case <-stop:
		}
	}()
	defer func() { close(stop); <-watcherDone }()
	until := func(what string, ok func() bool) {
		t.Helper()
		again, limit := time.NewTicker(5*time.Millisecond), time.After(30*time.Second)
		defer again.Stop()
		for !locked(&mu, ok) {
			select {
			case <-again.C:
			case <-limit:
				require.FailNow(t, "never: "+what, "phone: %v", texts(r.fake.Phone(lan)))
			}
		}
	}
	until("codes", func() bool {
		s, _ := r.try("POST", "/api/v1/offers/office-20/codes", m{"codes": []string{"OFF1", "OFF2"}})
		return s == 200
	})
	until("contact", func() bool {
		s, _ := r.try("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}, "name": "Lan", "consents": []m{{"purpose": "marketing", "granted": true, "source": "form", "at": "2026-11-01T09:00:00+07:00"}}})
		return s == 200 || s == 201
	})
	until("run", func() bool { s, _ := r.tryKeyed("POST", "/api/v1/campaigns/style/runs", "the-run"); return s == 202 })
	for i, text := range []string{"dạ 2 nha", "tầm 600k"} {
		until("question", func() bool { return len(r.fake.Phone(lan)) == i+1 })
		sid := fmt.Sprintf("SM%032d", i)
		until("reply", func() bool {
			resp, err := r.fake.Deliver(t.Context(), fake.Inbound{From: lan, Body: text, SID: sid})
			return err == nil && resp.StatusCode == http.StatusOK
		})
	}
	until("offer", func() bool { return len(r.fake.Phone(lan)) == 3 })
	var id string
	until("everything is written down", func() bool {
		var ok bool
		if id, ok = r.byPhone(lan); !ok {
			return false
		}
		status, raw := r.try("GET", "/api/v1/contacts/"+id+"/ledger", nil)
		return status == http.StatusOK && strings.Count(string(raw), `"message.sent"`) == 3
	})
	d.armed.Store(false) // whoever has not died by now lives
	until("somebody answers", func() bool { status, _ := r.try("GET", "/readyz", nil); return status == http.StatusOK })
	mu.Lock()
	defer mu.Unlock()
	got := texts(r.fake.Phone(lan))
	require.Len(t, got, 3, "nothing twice: %v", got)
	require.Contains(t, got[2], "OFF1", "one code, the first")
	es := r.ledger(id)
	require.Equal(t, 2, count(es, "preference.changed", ""))
	require.Equal(t, 1, count(es, "offer.given", ""))
	require.Equal(t, 3, count(es, "message.queued", ""))
	v := r.runOf("style-the-run")
	require.Equal(t, int64(1), v.Counts["audience"])
	require.Equal(t, int64(1), v.Counts["sent"])
	var offers struct {
		Items []struct {
			ID        string
			Given     int
			CodesLeft int `json:"codes_left"`
		} `json:"offers"`
	}
	require.Equal(t, 200, r.call("GET", "/api/v1/offers", nil, &offers))
	for _, o := range offers.Items {
		if o.ID == "office-20" {
			require.Equal(t, 1, o.Given)
			require.Equal(t, 1, o.CodesLeft)
		}
	}
}

// locked calls ok under mu, which it gives back even where ok ends the test.
func locked(mu *sync.Mutex, ok func() bool) bool {
	mu.Lock()
	defer mu.Unlock()
	return ok()
}

// Answers that a former owner was sending go back behind an earlier one that waits to be tried again.
func TestWhatWasBeingSentDoesNotOvertakeWhatIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, ctx := r.contact(lan, "Lan"), context.Background()
	r.crash()

	raw := r.raw()
	part, _, _ := strings.Cut(strings.TrimPrefix(id, "c"), "-")
	key := func(name string) string { return fmt.Sprintf("{p%02s}:%s", part, name) }
	now := r.clock.Now()
	body := func(n int) (message string, b []byte) {
		message = fmt.Sprint(id, ".", n)
		return message, record.Outbound(campaigns.Outbound{ID: message, Contact: id, To: address.Address{Scheme: address.Tel, ID: lan}, Account: "sms",
			Class: campaigns.ClassReply, Text: fmt.Sprint("answer ", n), Queued: now})
	}
	first, b := body(1)
	const lead = 4_000_000_000_000 // as in store: answers stand so far ahead
	require.NoError(t, raw.HSet(ctx, key("out:bodies"), first, b).Err())
	require.NoError(t, raw.ZAdd(ctx, key("out:due:sms"), redis.Z{Score: float64(now.Add(300*time.Millisecond).UnixMilli() - lead), Member: first}).Err())
	require.NoError(t, raw.HSet(ctx, key("out:blocked"), id, first).Err())
	for n := 2; n <= 3; n++ {
		m, b := body(n)
		require.NoError(t, raw.HSet(ctx, key("out:sending"), m, fmt.Sprintf("%d|somebody#1|%s", now.UnixMilli(), b)).Err())
	}
	r.start()
	require.Equal(t, []string{"answer 1", "answer 2", "answer 3"}, r.phone(lan, 3))
}
