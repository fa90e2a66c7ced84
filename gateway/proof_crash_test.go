package gateway_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
)

// TestAProofSurvivesACrashAtAnyWrite walks the writes of a proof by code that makes two contacts one, and dies at each,
// before and after: the code is sent once, and proves once.
func TestAProofSurvivesACrashAtAnyWrite(t *testing.T) {
	t.Parallel()
	dieAtEachWrite(t, 5, proveByCode)
}

func proveByCode(t *testing.T, d *dying) {
	r := newRig(t, withIntercept(d.intercept), withFake(fake.Options{Callbacks: false}))
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	mu, enough := r.startedAnew(d)
	defer enough()
	until := func(what string, ok func() bool) {
		t.Helper()
		r.until(what, func() bool { return locked(mu, ok) })
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
