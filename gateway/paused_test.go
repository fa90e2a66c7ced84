package gateway_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	zalo "github.com/hoidap/hoidap/adapters/zalo/fake"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/preferences/address"
)

// twoWays is a customer with a telephone and a Zalo id, whom the brand asks by SMS; quota is what its OA may send.
func twoWays(t *testing.T, quota campaigns.Quota, changes ...change) (r *rig, oa *zalo.Zalo, id string, who address.Address) {
	t.Helper()
	row := zaloRows()[0]
	who = row.person(1)
	r = newRig(t, append(changes, func(r *rig) {
		tune := r.opts.Tune
		r.opts.Tune = func(e *engine.Options, s *sender.Options) { tune(e, s); s.Backoff = 10 * time.Minute } // it waits until the test is over
		r.accounts = func(as []gateway.Account) []gateway.Account {
			app := zaloApp()
			app.Now = r.clock.Now
			oa = zalo.New(publicURL+"/hooks/zalo", app, true)
			base, err := oa.Start()
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, oa.Close()) })
			return append(as, gateway.Account{ID: "zalo", Type: row.kind(t), Channel: address.Zalo, Settings: row.settingsAt(base), Quota: quota})
		}
	})...)
	oa.Point(publicURL+"/hooks/zalo", r.base)
	id = r.contact(lan, "Lan")
	require.Equal(t, http.StatusOK, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan, who.String()}}, nil))
	r.reachedAt(id, who)
	return r, oa, id, who
}

// reachedAt waits until an address leads to a contact: it may be of another partition.
func (r *rig) reachedAt(id string, who address.Address) {
	r.t.Helper()
	r.until(who.Scheme+" leads to the contact", func() bool {
		var out struct{ ID string }
		return r.call("GET", "/api/v1/contacts?address="+url.QueryEscape(who.String()), nil, &out) == http.StatusOK && out.ID == id
	})
}

// writes is the customer in Zalo.
func writes(r *rig, oa *zalo.Zalo, who address.Address, text string) {
	r.t.Helper()
	call, ok := oa.Hook(adapters.Event{Kind: adapters.Inbound, From: who, Text: text, MessageID: "m-" + text, At: r.clock.Now()})
	require.True(r.t, ok)
	resp, err := oa.Post(r.t.Context(), call)
	require.NoError(r.t, err)
	require.Equal(r.t, http.StatusOK, resp.StatusCode)
}

// TestAPausedAccountHoldsNobodyElse: a message waits to be tried again, and its account is paused, or its credentials are
// refused. Whoever it goes to writes by another account and is answered there; when the account can send again, what waited
// goes out in its order.
func TestAPausedAccountHoldsNobodyElse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ fails, stop, goOn func(*rig) }{
		"paused while it is tried again": {
			fails: func(r *rig) { r.fake.Fail(1, http.StatusServiceUnavailable, 0) },
			stop:  func(r *rig) { r.steer("sms", "pause") },
			goOn:  func(r *rig) { r.steer("sms", "resume") },
		},
		"its credentials are refused": {
			fails: func(r *rig) { r.fake.Fail(1, http.StatusUnauthorized, 20003) },
			stop:  func(*rig) {},
			goOn:  func(r *rig) { r.clock.Forward(time.Minute) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, oa, id, who := twoWays(t, campaigns.Quota{})
			c.fails(r)
			r.run("style")
			r.until("it was tried, and waits to be tried again", func() bool { return r.fake.Calls() == 1 && r.flying() == 0 && r.account("sms").Waiting == 1 })
			c.stop(r)
			writes(r, oa, who, "shop ơi cho hỏi")
			r.until("whoever writes elsewhere is answered", func() bool { return len(oa.Shown(who)) > 0 })
			require.Empty(t, r.fake.Phone(lan))
			c.goOn(r)
			require.Contains(t, r.phone(lan, 1)[0], "phong cách")
			r.until("all of it is written down", func() bool {
				es := r.ledger(id)
				return count(es, "message.sent", "") == count(es, "message.queued", "") && len(r.fake.Phone(lan)) == 1
			})
		})
	}
}
