package control

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/gateway/simulator"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// A draft of several campaigns is played with the same one each time, unless the script names one of them.
func TestSimulateTakesTheDraftsFirstCampaign(t *testing.T) {
	t.Parallel()
	pack, ok := compliance.PackFor("vn")
	require.True(t, ok)
	w := &campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: time.UTC}, Pack: pack,
		Routes: []campaigns.Route{{Account: "sms", Channel: address.SMS, Inbound: true}}}
	s := &Service{World: func() *campaigns.World { return w }, Now: func() time.Time { return time.Date(2026, 12, 5, 10, 0, 0, 0, time.UTC) }}
	draft := ""
	for _, id := range []string{"d", "b", "a", "c"} {
		draft += "campaign: " + id + "\nquestions:\n  - {id: q, kind: text, text: {vi: \"Hỏi " + id + "?\"}}\n---\n"
	}
	for named, asked := range map[string]string{"": "Hỏi a?", "nowhere": "Hỏi a?", "c": "Hỏi c?"} {
		for range 8 {
			talk, err := s.Simulate(t.Context(), simulator.Script{Campaign: named, Persona: simulator.Persona{Consents: []string{preferences.Marketing}}}, draft)
			require.NoError(t, err)
			require.Contains(t, talk.Steps[0].Bubbles[0].Text, asked)
		}
	}
	_, err := s.Simulate(t.Context(), simulator.Script{}, "offer: x\ntext: {vi: Tặng}\ncode: {shared: X}\n")
	var mistake *TalkError
	require.ErrorAs(t, err, &mistake, "there is no campaign to play")
}
