package gateway_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/control"
)

// An event that says no time happens now, by the gateway's own clock, and the delay counts from there.
func TestAnEventWithoutATimeHappensByTheGatewaysClock(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles(`
campaign: why
schedule: {event: order.returned, delay: 24h}
questions:
  - {id: reason, kind: text, text: {vi: "Vì sao chị trả hàng?"}}
`))
	r.clock.Forward(72 * time.Hour)
	id := r.contact(lan, "Lan")
	require.Equal(t, http.StatusAccepted, r.call("POST", "/api/v1/events", m{"id": "1", "type": "order.returned", "address": "tel:" + lan}, nil))
	var next *control.Planned
	r.until("the run waits", func() bool {
		p, err := r.g.Control.Person(asAdmin(t, "mai"), id)
		require.NoError(t, err)
		next = p.Planned
		return next != nil
	})
	require.Equal(t, "waits", next.What)
	require.WithinDuration(t, r.clock.Now().Add(24*time.Hour), next.At, time.Minute)
}
