package gateway_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
)

// TestTheWayKnowsQuotaAndConsent: whoever has been sent all that the OA may is asked by SMS, until they write again; whoever agreed
// to one channel alone is asked by no other. The ledger says so.
func TestTheWayKnowsQuotaAndConsent(t *testing.T) {
	t.Parallel()
	r, oa, id, who := twoWays(t, campaigns.Quota{Most: 2, Within: 48 * time.Hour}, withFiles(strings.Replace(styleCampaign, "channels: [sms]", "channels: [zalo, sms]", 1)))
	asked := func(passed any) {
		t.Helper()
		es := r.settled(id, has("message.queued", ""))
		i := slices.IndexFunc(es, func(e entryView) bool { return e.Kind == "message.queued" && e.Class == "ad" })
		require.GreaterOrEqual(t, i, 0)
		require.Equal(t, passed, es[i].Detail["passed_over"])
	}
	writes(r, oa, who, "chào shop")
	r.until("they are answered", func() bool { return len(oa.Shown(who)) == 1 })
	r.clock.Forward(25 * time.Hour) // their next message is answered again
	writes(r, oa, who, "shop ơi")
	r.until("they are answered again", func() bool { return len(oa.Shown(who)) == 2 })
	r.clock.Forward(48*time.Hour - time.Minute)
	r.run("style")
	r.until("they are asked in the chat, just in time", func() bool { return len(oa.Shown(who)) == 3 })
	asked(nil)

	mai := zaloRows()[0].person(2)
	var out struct{ ID string }
	require.Equal(t, http.StatusCreated, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + minh, mai.String()}, "name": "Mai", "locale": "vi",
		"consents": []m{{"purpose": "marketing", "granted": true, "source": "form", "at": "2026-11-01T09:00:00+07:00", "channels": []string{"zalo"}}}}, &out))
	r.reachedAt(out.ID, mai)
	r.run("style")
	es := r.settled(out.ID, func(es []entryView) bool { return es[len(es)-1].Reason == "no_route" })
	require.Equal(t, m{"zalo": "window_closed", "sms": "no_consent"}, es[len(es)-1].Detail)
	require.Empty(t, r.fake.Phone(minh))

	id = out.ID
	writes(r, oa, mai, "em chào shop")
	r.until("the other is answered", func() bool { return len(oa.Shown(mai)) == 1 })
	writes(r, oa, mai, "STOP")
	r.until("and stops", func() bool { return has("contact.suppressed", "")(r.ledger(id)) })
	r.clock.Forward(time.Minute)
	require.Equal(t, http.StatusOK, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{mai.String()},
		"consents": []m{{"purpose": "marketing", "granted": true, "source": "form", "at": r.clock.Now().Format(time.RFC3339), "channels": []string{"sms"}}}}, nil))
	r.run("style")
	es = r.settled(id, func(es []entryView) bool { return count(es, "conversation.not_asked", "") == 2 })
	require.Equal(t, "opted_out", es[len(es)-1].Reason, "a stop is for every channel")
}
