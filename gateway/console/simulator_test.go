package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/simulator"
)

// talkOfLan is a talk as its page keeps it.
const talkOfLan = "campaign: style\nname: Lan\naccount: sms\nconsent: marketing\nfact: e = 5\nfact: d = 4\nfact: c = 3\nfact: b = 2\nfact: a = 1\nat: 2026-12-05 10:00\n---\n> công sở\n"

// The facts of somebody who is played stand in one order, where a talk cannot be played on and its beginning is shown again.
func TestTheFactsOfATalkStandStill(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.as("viewer")
	for range 4 {
		status, body := v.post("/console/simulator", url.Values{"script": {strings.Replace(talkOfLan, "style", "gone", 1)}})
		require.Equal(t, http.StatusUnprocessableEntity, status)
		require.Regexp(t, `a = 1\s+b = 2\s+c = 3\s+d = 4\s+e = 5`, body)
	}
}

// What is saved is a talk that `hoidap test` plays, on any gateway: it names the channel, not the account.
func TestATalkIsSavedAsATestFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.as("viewer")
	status, body := v.post("/console/simulator/save", url.Values{"script": {talkOfLan}})
	require.Equal(t, http.StatusOK, status)
	script, err := simulator.Read(body, time.UTC)
	require.NoError(t, err, body)
	require.Equal(t, "style", script.Campaign)
	require.Empty(t, script.Persona.Account)
	require.Equal(t, "sms", string(script.Persona.Channel))
	require.Contains(t, body, "> công sở")
	require.Contains(t, body, "Ngân sách", "what came of it is expected")
}
