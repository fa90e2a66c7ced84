package gateway_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
)

// TestAProofSurvivesACrashAtAnyWrite walks the writes of a proof by code that makes two contacts one, and dies at each,
// before and after: the code is sent once, and proves once.
func TestAProofSurvivesACrashAtAnyWrite(t *testing.T) {
	t.Parallel()
	calm := &dying{dead: make(chan struct{})}
	proveByCode(t, calm)
	writes := calm.writes.Load()
	require.Greater(t, writes, int64(5))
	step := int64(1)
	if testing.Short() || raced {
		step = writes/4 + 1
	}
	for at := int64(1); at <= writes; at += step {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d of %d, after=%v", at, writes, after), func(t *testing.T) {
				t.Parallel()
				proveByCode(t, &dying{at: at, after: after, dead: make(chan struct{})})
			})
		}
	}
}

func proveByCode(t *testing.T, d *dying) {
	r := newRig(t, withIntercept(d.intercept), withFake(fake.Options{Callbacks: false}))
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	var mu sync.Mutex // guards r while it is started anew
	stop, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
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
	defer func() { close(stop); <-watched }()
	until := func(what string, ok func() bool) {
		t.Helper()
		r.until(what, func() bool { return locked(&mu, ok) })
	}
	d.armed.Store(true)
	until("the proof has begun", func() bool {
		status, _ := r.try("POST", "/api/v1/contacts/"+younger+"/links", m{"address": "tel:" + lan})
		return status == http.StatusAccepted || status == http.StatusTooManyRequests // by a call whose answer was lost
	})
	code := codeIn(t, r.fakePhone(lan, 1)[0])
	until("the code is typed", func() bool {
		resp, err := r.fake.Deliver(t.Context(), fake.Inbound{From: phone, Body: code, SID: "SM1"})
		return err == nil && resp.StatusCode == http.StatusOK
	})
	until("they are one", func() bool {
		id, ok := r.byPhone(phone)
		also, known := r.byPhone(lan)
		return ok && known && id == older && also == older
	})
	d.armed.Store(false) // whoever has not died by now lives
	until("somebody answers", func() bool { status, _ := r.try("GET", "/readyz", nil); return status == http.StatusOK })
	mu.Lock()
	defer mu.Unlock()
	r.settled(older, has("contact.merged", ""))
	require.Equal(t, 1, count(r.ledger(older), "contact.merged", ""))
	require.Equal(t, 1, count(r.ledger(younger), "contact.linked", "proved"))
	require.Equal(t, 1, count(r.ledger(younger), "contact.link_asked", ""))
	require.Len(t, r.fake.Phone(lan), 1, "the code is sent once")
	r.until("the code is nowhere", func() bool { return r.keeps(code) == "" })
}

// fakePhone waits until a phone has n messages, whoever is up meanwhile, and returns their texts.
func (r *rig) fakePhone(number string, n int) []string {
	r.t.Helper()
	r.until("the phone rings", func() bool { return len(r.fake.Phone(number)) >= n })
	return texts(r.fake.Phone(number))
}
