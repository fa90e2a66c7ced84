package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/control"
)

func (r *rig) account(id string) (v control.AccountView) {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/accounts/"+id, nil, &v))
	return v
}

// steer pauses, drains or resumes an account, and waits until this replica knows: until then it does as before.
func (r *rig) steer(id, how string) (v control.AccountView) {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, r.call("POST", "/api/v1/accounts/"+id+"/"+how, nil, &v))
	r.until("this replica knows of "+how, func() bool {
		return r.g.Halts.Paused(id) == (how == "pause") && r.g.Halts.Draining(id) == (how == "drain")
	})
	return v
}

// halted waits until an account stands so on a replica. It takes a fraction of a second, on a machine that has nothing else to do.
func halted(t *testing.T, h *gateway.Halts, stands func() bool, since time.Time) {
	t.Helper()
	limit := time.After(patience)
	for {
		changed := h.Changed()
		if stands() {
			break
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("after %s the replica does not know", patience)
		}
	}
	t.Logf("the replica knows after %s", time.Since(since))
}

// second is one more account of the same kind, after the first.
func second(r *rig) {
	r.accounts = func(as []gateway.Account) []gateway.Account {
		other := as[0]
		other.ID = "second"
		return append(as, other)
	}
}

func TestAPausedAccountHoldsOnEveryReplica(t *testing.T) {
	t.Parallel()
	r := newRig(t, second)
	other := r.replica()
	id := r.contact(lan, "Lan")
	began := time.Now()
	var v control.AccountView
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/accounts/sms/pause", m{"reason": "gửi hai lần"}, &v))
	require.Equal(t, "paused", string(v.State))
	require.Contains(t, v.Why, "by test")
	for _, g := range []*gateway.Gateway{r.g, other} {
		halted(t, g.Halts, func() bool { return g.Halts.Paused("sms") }, began)
		require.False(t, g.Halts.Paused("second"), "the others go on")
	}
	require.Equal(t, v.Halt, r.steer("sms", "pause").Halt, "the first pause stands")

	run := r.run("style")
	r.until("the question waits", func() bool { return r.runOf(run).Counts["queued"] == 1 })
	r.reply(minh, "HD")
	r.until("the answer waits, too", func() bool { return r.account("sms").Waiting == 2 })
	require.Zero(t, r.fake.Calls(), "nothing was handed over")
	require.False(t, r.account("sms").DueSince.IsZero())
	_, metrics := r.get("/metrics")
	require.Contains(t, metrics, `hoidap_account_halted{account="sms"} 2`)
	require.Contains(t, metrics, `hoidap_account_halted{account="second"} 0`)

	r.crash()
	r.start()
	require.True(t, r.g.Halts.Paused("sms"), "a replica that starts knows before it sends")
	began = time.Now()
	require.Equal(t, "ok", string(r.steer("sms", "resume").State))
	halted(t, other.Halts, func() bool { return !other.Halts.Paused("sms") }, began)
	r.phone(minh, 1)
	r.phone(lan, 1)
	r.until("that is written down, by whichever replica", func() bool { return has("message.sent", "")(r.ledger(id)) })
	require.Equal(t, "ok", string(r.steer("sms", "resume").State), "resuming what runs changes nothing")
}

// A drained account sends what is queued, finishes its conversations, and gets nothing new: that goes by the next one.
func TestADrainedAccountIsPassedOver(t *testing.T) {
	t.Parallel()
	r := newRig(t, second)
	r.addCodes("office-20", "OFF1")
	first := r.contact(lan, "Lan")
	r.steer("sms", "pause")
	run := r.run("style")
	r.until("the question waits", func() bool { return r.runOf(run).Counts["queued"] == 1 })
	require.Equal(t, "draining", string(r.steer("sms", "drain").State))
	r.phone(lan, 1)
	require.Zero(t, r.account("sms").Waiting)

	id := r.contact(minh, "Minh")
	r.run("style")
	r.phone(minh, 1)
	asked := r.settled(id, has("message.sent", ""))
	i := slices.IndexFunc(asked, func(e entryView) bool { return e.Detail["passed_over"] != nil })
	require.GreaterOrEqual(t, i, 0, "%+v", asked)
	require.Equal(t, m{"sms": "draining"}, asked[i].Detail["passed_over"])

	r.reply(lan, "2")
	require.Contains(t, r.phone(lan, 2)[1], "Ngân sách", "the conversation that is open is finished")
	r.settled(first, has("preference.changed", ""))
	_, metrics := r.get("/metrics")
	require.Contains(t, metrics, `hoidap_account_halted{account="sms"} 1`)
	r.steer("sms", "resume")
}

// What two replicas see of an account is one picture.
func TestHealthIsMergedOverReplicas(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, withFake(fake.Options{Callbacks: true}))
	f.until("the partitions are shared out", func() bool { return evenly(f.owned(), 8) })
	const people = 12
	var ids []string
	for i := range people {
		ids = append(ids, f.contact(strings.Replace(lan, "567", string([]byte{'5', byte('0' + i/10), byte('0' + i%10)}), 1), "Lan"))
	}
	f.run("style")
	for _, id := range ids {
		f.settled2(id, "message.delivered")
	}
	for range 4 { // the proxy takes turns
		resp, err := f.fake.Forge(t.Context(), lan, "2")
		require.NoError(t, err)
		require.Equal(t, http.StatusForbidden, resp.StatusCode)
	}
	f.reply(lan, "hả")
	var v control.AccountView
	defer func() {
		if t.Failed() {
			t.Logf("%+v", v)
		}
	}()
	f.until("all of it is told", func() bool {
		v = f.account("sms")
		return v.Replicas == 2 && v.Forged == 4 && !v.LastInbound.IsZero() && !v.LastReceipt.IsZero() && v.ReceiptLag != nil && v.ReceiptLag.Of >= people
	})
	require.Equal(t, "ok", string(v.State))
	require.GreaterOrEqual(t, v.ReceiptLag.Most, v.ReceiptLag.Median)
	require.Equal(t, "taken", v.LastHour[0].Result)
	require.GreaterOrEqual(t, v.LastHour[0].N, people)

	f.stopMember(1)
	f.until("a replica that stops takes back what it told", func() bool { return f.account("sms").Replicas == 1 })
}

// settled2 waits until the ledger has an entry of a kind, by whichever gateway.
func (f *fleet) settled2(id, kind string) {
	f.t.Helper()
	f.until(kind, func() bool { return has(kind, "")(f.ledger(id)) })
}

func TestAnOperatorsFaultShowsWithItsCode(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.contact(lan, "Lan")
	r.fake.Fail(1, http.StatusUnauthorized, 20003)
	r.run("style")
	var v control.AccountView
	r.until("it shows", func() bool { v = r.account("sms"); return v.State == "failing" })
	require.Contains(t, v.Why, "20003")
	require.Contains(t, v.Cure, "credentials")
	require.Equal(t, "operator", v.LastHour[0].Result)
	require.Equal(t, "20003", v.LastHour[0].Code)
	require.NotContains(t, v.Why, lan)
	r.clock.Forward(2 * time.Minute)
	r.phone(lan, 1)
	r.until("it is well again", func() bool { return r.account("sms").State == "ok" })
}

func TestATestMessageSaysWhatTheProviderSaid(t *testing.T) {
	t.Parallel()
	r := newRig(t, second)
	var v control.Trial
	try := func(account, to string) int {
		t.Helper()
		v = control.Trial{}
		status, body := r.try("POST", "/api/v1/accounts/"+account+"/test", m{"to": to})
		if status == http.StatusOK {
			require.NoError(t, json.Unmarshal(body, &v))
		}
		return status
	}
	require.Equal(t, http.StatusOK, try("sms", "tel:"+lan))
	require.Equal(t, "taken", v.Result)
	require.Len(t, v.IDs, 1)
	require.NotContains(t, v.To, lan[5:])
	require.Contains(t, r.phone(lan, 1)[0], "tin nhắn thử của Lụa")
	require.Equal(t, http.StatusTooManyRequests, try("sms", "tel:"+lan), "one in ten seconds")

	r.fake.Fail(1, http.StatusUnauthorized, 20003)
	require.Equal(t, http.StatusOK, try("second", "tel:"+lan), "of each account")
	require.Equal(t, control.Trial{Account: "second", To: v.To, Text: v.Text, Result: "operator", Code: "20003", Detail: v.Detail, Cure: v.Cure}, v)
	require.NotEmpty(t, v.Cure)
	require.Len(t, r.fake.Phone(lan), 1)
	_, known := r.byPhone(lan)
	require.False(t, known, "nobody becomes a contact by it")

	require.Equal(t, http.StatusBadRequest, try("sms", "zalo:7"))
	require.Equal(t, http.StatusBadRequest, try("sms", "0901"))
	require.Equal(t, http.StatusNotFound, try("smss", "tel:"+lan))
}

// Nobody who does not want to hear from the brand is sent a test message, and nobody at all while sending is stopped.
func TestATestMessageRespectsANo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	try := func() (int, string) {
		t.Helper()
		status, body := r.try("POST", "/api/v1/accounts/sms/test", m{"to": "tel:" + lan})
		return status, string(body)
	}
	refused := func(why string) {
		t.Helper()
		status, body := try()
		require.Equal(t, http.StatusConflict, status, body)
		require.Contains(t, body, why)
	}
	id := r.contact(lan, "Lan")
	r.reply(lan, "STOP")
	r.phone(lan, 1)
	r.settled(id, has("contact.suppressed", ""))
	refused("opted out")
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+id, nil, nil))
	refused("opted out")
	require.Len(t, r.fake.Phone(lan), 1)

	r.steer("sms", "pause")
	refused("paused")
	r.steer("sms", "drain")
	refused("opted out")
	r.stopSending("x")
	refused("stopped")
	require.Len(t, r.fake.Phone(lan), 1)
}

// consulted is an account whose provider can be asked how it is, and told where webhooks go.
type consulted struct {
	adapters.Adapter
	mu       sync.Mutex
	health   adapters.Health
	err      error
	refuses  error
	probes   int
	callback []string
}

func (c *consulted) Probe(context.Context) (adapters.Health, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.probes++
	return c.health, c.err
}

func (c *consulted) Register(_ context.Context, callback string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.callback = append(c.callback, callback)
	return c.refuses
}

func (c *consulted) asked() (probes int, callbacks []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.probes, slices.Clone(c.callback)
}

// consults puts it in place of the rig's account.
func (c *consulted) consults(r *rig) {
	r.accounts = func(as []gateway.Account) []gateway.Account {
		as[0].Type.Open = func(acc adapters.Account) (adapters.Adapter, error) {
			a, err := twilio.Type().Open(acc)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.Adapter = a
			return c, err
		}
		return as
	}
}

func TestAProviderIsAskedByOneReplicaAndToldOnceWhereWebhooksGo(t *testing.T) {
	t.Parallel()
	expires := time.Now().Add(30 * 24 * time.Hour).UTC().Truncate(time.Second)
	c := &consulted{health: adapters.Health{OK: true, Balance: "12.50 USD", Quota: "180 of 200", Expires: expires}}
	r := newRig(t, c.consults)
	var v control.AccountView
	r.until("it was asked and told", func() bool { v = r.account("sms"); return v.Probe != nil && v.Webhook != nil })
	require.Equal(t, "ok", string(v.State))
	require.Equal(t, "12.50 USD", v.Probe.Balance)
	require.Equal(t, "180 of 200", v.Probe.Quota)
	require.Equal(t, expires, v.Probe.Expires)
	require.Empty(t, v.Webhook.Problem)
	r.replica()
	r.until("two tell", func() bool { return r.account("sms").Replicas == 2 })
	probes, callbacks := c.asked()
	require.Equal(t, 1, probes, "the second one leaves it to the first")
	require.Equal(t, []string{publicURL + "/hooks/sms"}, callbacks)

	r.crash()
	r.start() // what was told already is not told again
	r.until("it tells", func() bool { return r.account("sms").Replicas >= 2 })
	r.crash()
	r.opts.PublicURL = "https://new.example.com"
	r.start()
	r.until("the new address is told", func() bool {
		_, callbacks = c.asked()
		return len(callbacks) > 1
	})
	require.Equal(t, []string{publicURL + "/hooks/sms", "https://new.example.com/hooks/sms"}, callbacks)
}

func TestAProviderThatRefusesTheAccountShows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		account *consulted
		why     string
	}{
		"a finding":    {&consulted{health: adapters.Health{Detail: "the token is not known"}}, "does not take the account as it is: the token is not known"},
		"an error":     {&consulted{err: &adapters.Error{Fault: adapters.Operator, Code: "401"}}, "code 401"},
		"no callbacks": {&consulted{health: adapters.Health{OK: true}, refuses: &adapters.Error{Fault: adapters.Operator, Code: "bad_webhook"}}, "where webhooks go: operator (code bad_webhook)"},
		"in the clear": {&consulted{health: adapters.Health{OK: true}, refuses: errors.New("Post https://api.example.com/bot123:secret: no route")}, "no answer, or none that can be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c.account.consults)
			var v control.AccountView
			r.until("it shows", func() bool { v = r.account("sms"); return v.State == "failing" })
			require.Contains(t, v.Why, c.why)
			require.NotEmpty(t, v.Cure)
			require.NotContains(t, v.Why, "secret")
			status, _ := r.get("/readyz")
			require.Equal(t, http.StatusOK, status, "the gateway serves all the same")
		})
	}
}

func TestAnAccountThatIsToldByHandIsLeftAlone(t *testing.T) {
	t.Parallel()
	c := &consulted{health: adapters.Health{OK: true}}
	r := newRig(t, c.consults, func(r *rig) {
		more := r.accounts
		r.accounts = func(as []gateway.Account) []gateway.Account {
			as = more(as)
			as[0].ByHand = true
			return as
		}
	})
	r.until("it was asked", func() bool { return r.account("sms").Probe != nil })
	_, callbacks := c.asked()
	require.Empty(t, callbacks)
	require.Nil(t, r.account("sms").Webhook)
}
