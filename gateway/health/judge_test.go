package health_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/health"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	refused := health.Seen{Refused: &health.Refusal{Code: "20003", Detail: "the credentials are refused", At: noon}, Pace: 1}
	taken := health.Seen{Taken: noon.Add(time.Second), Pace: 1}
	for name, c := range map[string]struct {
		facts     health.Facts
		state     health.State
		why, cure string
	}{
		"nothing known":              {state: health.OK},
		"all is well":                {facts: health.Facts{All: health.Merge(taken), Probe: &health.Probe{At: noon, OK: true}}, state: health.OK},
		"refused":                    {facts: health.Facts{All: health.Merge(refused)}, state: health.Failing, why: "The provider refuses messages (code 20003: the credentials are refused).", cure: "credentials, balance"},
		"another got through since":  {facts: health.Facts{All: health.Merge(refused, taken)}, state: health.OK},
		"the probe is refused":       {facts: health.Facts{Probe: &health.Probe{At: noon, Detail: "no such user"}}, state: health.Failing, why: "does not take the account as it is: no such user.", cure: "credentials"},
		"refused, and taken since":   {facts: health.Facts{All: health.Merge(taken), Probe: &health.Probe{At: noon, Detail: "no such user"}}, state: health.OK},
		"the probe was not answered": {facts: health.Facts{Probe: &health.Probe{At: noon, Away: true}}, state: health.OK},
		"expired":                    {facts: health.Facts{Probe: &health.Probe{At: noon, OK: true, Expires: noon}}, state: health.Failing, why: "expired at 2026-11-25T12:00:00Z", cure: "Renew"},
		"expires":                    {facts: health.Facts{Probe: &health.Probe{At: noon, OK: true, Expires: noon.Add(time.Hour)}}, state: health.OK},
		"away for one of two":        {facts: health.Facts{All: health.Merge(health.Seen{Away: true}, health.Seen{})}, state: health.Failing, why: "does not answer 1 of 2 replicas", cure: "status page"},
		"away for the only one":      {facts: health.Facts{All: health.Merge(health.Seen{Away: true})}, state: health.Failing, why: "does not answer us"},
		"not registered":             {facts: health.Facts{Webhook: &health.Webhook{At: noon, Problem: "HTTP 401"}}, state: health.Failing, why: "where webhooks go: HTTP 401.", cure: "public_url"},
		"registered":                 {facts: health.Facts{Webhook: &health.Webhook{At: noon}}, state: health.OK},
		"throttled":                  {facts: health.Facts{All: health.Merge(health.Seen{Throttled: noon.Add(-time.Second), Pace: .25}, health.Seen{Pace: 1})}, state: health.Throttled, why: "25 % of its rate", cure: "by itself"},
		"throttled a while ago":      {facts: health.Facts{All: health.Merge(health.Seen{Throttled: noon.Add(-time.Minute), Pace: .25})}, state: health.OK},
		"asked to wait for long":     {facts: health.Facts{All: health.Merge(health.Seen{Throttled: noon.Add(-time.Hour), Until: noon.Add(time.Second), Pace: .5})}, state: health.Throttled},
		"paused":                     {facts: health.Facts{Halt: health.Halt{State: health.Paused, By: "shop", Reason: "wrong prices.", At: noon}}, state: health.Paused, why: "Paused by shop since 2026-11-25T12:00:00Z: wrong prices.", cure: "Resume"},
		"paused and refused":         {facts: health.Facts{Halt: health.Halt{State: health.Paused, By: "shop", At: noon}, All: health.Merge(refused)}, state: health.Paused, why: "Beside that: The provider refuses"},
		"draining":                   {facts: health.Facts{Halt: health.Halt{State: health.Draining, By: "shop", At: noon}}, state: health.Draining, why: "Draining by shop", cure: "once its queue is empty"},
	} {
		v := health.Judge(c.facts, noon)
		require.Equal(t, c.state, v.State, name)
		require.Contains(t, v.Why, c.why, name)
		require.Contains(t, v.Cure, c.cure, name)
		require.Equal(t, c.state == health.OK, v.Why == "" && v.Cure == "", name)
	}
}

// Whatever comes of an attempt has a cure, but success.
func TestCures(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, result := range []string{"unknown", "transient", "throttled", "later", "recipient", "stopped", "window", "message", "operator"} {
		cure := health.Cure(result)
		require.NotEmpty(t, cure, result)
		require.Empty(t, seen[cure], "%s says what %s says", result, seen[cure])
		seen[cure] = result
	}
	require.Empty(t, health.Cure("taken"))
}
