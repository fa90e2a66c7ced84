package gateway_test

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp"
	smsc "github.com/hoidap/hoidap/adapters/smpp/fake"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

// newSessions starts two gateways on one Redis whose account keeps a session with a centre that allows one. The first
// has it. Leases last as long as said: where one lapses, what is in the centre's hands is unknown.
func newSessions(t *testing.T, lease time.Duration) (*fleet, *smsc.SMSC) {
	t.Helper()
	centre := smsc.New("gw01", "s3cr3t-word")
	centre.OneBind()
	at, err := centre.Start()
	require.NoError(t, err)
	t.Cleanup(func() { _ = centre.Close() })
	r := &rig{t: t, redis: redistest.Start(t), clock: &clock{}}
	r.clock.at(t, "10:00")
	r.fake = fake.New(fake.Options{AuthToken: authToken, Now: r.clock.Now}) // nobody asks it
	pack, ok := compliance.PackFor("vn")
	require.True(t, ok)
	r.opts = gateway.Options{
		Listen: "127.0.0.1:0", PublicURL: publicURL, Log: quietLog(), Now: r.clock.Now,
		Redis:  store.Options{URL: r.redis.URL, Partitions: 8, LeaseTTL: lease},
		Files:  fstest.MapFS{"campaigns.yaml": {Data: []byte(styleCampaign)}},
		World:  campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: hanoi}, Pack: pack},
		Tokens: []web.Token{{Name: "test", Secret: apiToken, Role: web.Admin}},
		Tune: func(_ *engine.Options, s *sender.Options) {
			s.Poll, s.Backoff, s.Grace, s.Settle = 20*time.Millisecond, 10*time.Millisecond, 10*time.Millisecond, 10*time.Second
		},
		Accounts: []gateway.Account{{ID: "sms", Type: smpp.Type(), Channel: address.SMS, Settings: map[string]string{
			"address": at, "system_id": "gw01", "password": "s3cr3t-word", "from": "8041"}}},
	}
	f := &fleet{rig: r, members: make([]*gateway.Gateway, 2), bases: make([]string, 2)}
	f.startMember(0)
	require.NoError(t, centre.Ready(t.Context()))
	f.startMember(1)
	t.Cleanup(func() {
		for i := range f.members {
			f.stopMember(i)
		}
	})
	f.base = f.bases[1]
	f.until("the partitions are shared out", func() bool { return evenly(f.owned(), 8) })
	return f, centre
}

// Both replicas' customers are asked, answer and are given their offers through one session; its owner dies in the middle,
// and the other takes over.
func TestTwoReplicasOneSession(t *testing.T) {
	t.Parallel()
	const people = 16
	f, centre := newSessions(t, 2*time.Second)
	codes, numbers, ids := make([]string, people), make([]string, people), make([]string, people)
	for i := range people {
		codes[i], numbers[i] = fmt.Sprintf("OFF%03d", i), fmt.Sprintf("+8490%07d", 1000000+i)
	}
	f.addCodes("office-20", codes...)
	for i, number := range numbers {
		ids[i] = f.contact(number, "Lan")
	}
	at := func(number string) address.Address { return address.Address{Scheme: "tel", ID: number} }
	shown := func(n int) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		for i, number := range numbers {
			_, err := centre.Wait(ctx, at(number), n)
			require.NoError(t, err, number)
			f.until("it is written down", func() bool {
				sent := 0
				for _, e := range f.ledger(ids[i]) {
					if e.Kind == "message.sent" {
						sent++
					}
				}
				return sent == n
			})
		}
	}
	answer := func(text string) {
		for _, number := range numbers {
			f.until("an answer is taken", func() bool {
				return centre.Tell(t.Context(), adapters.Event{Kind: adapters.Inbound, From: at(number), Text: text}) == nil
			})
		}
	}
	f.run("style")
	shown(1)
	answer("2")
	shown(2)
	require.Equal(t, 1, centre.Bound())
	require.Equal(t, 1, centre.Binds(), "nobody else has tried")

	f.mu.Lock()
	owner := f.members[0]
	f.members[0] = nil
	f.mu.Unlock()
	died := time.Now()
	owner.Crash()
	f.until("the other is bound", func() bool { return centre.Binds() > 1 && centre.Bound() == 1 })
	took := time.Since(died)
	require.Less(t, took, 15*time.Second, "its lease is two; the rest is for a busy machine")
	t.Logf("the other replica had the session after %v", took)
	answer("tầm 600k")
	shown(3)
	for _, number := range numbers {
		require.Len(t, centre.Shown(at(number)), 3, "nothing lost, nothing twice")
	}
}
