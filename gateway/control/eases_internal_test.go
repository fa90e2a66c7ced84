package control

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences"
)

// While Redis is nearly full nothing new is taken, but nobody may be kept from leaving, or a run from being stopped.
func TestWhatEasesGoesInAlways(t *testing.T) {
	t.Parallel()
	edit := func(consents ...preferences.Consent) record.Envelope {
		return record.Envelope{Event: &campaigns.Event{Kind: campaigns.Edit, Contact: &campaigns.ContactEdit{Consents: consents}}}
	}
	said := func(account, text string) record.Envelope {
		return record.Envelope{Event: &campaigns.Event{Kind: campaigns.MessageIn, Account: account, Text: text}}
	}
	for name, c := range map[string]struct {
		order record.Envelope
		eases bool
	}{
		"an opt-out":          {edit(preferences.Consent{Purpose: preferences.Marketing}), true},
		"a consent":           {edit(preferences.Consent{Purpose: preferences.Marketing, Granted: true}), false},
		"an import":           {edit(), false},
		"an erasure":          {record.Envelope{Event: &campaigns.Event{Kind: campaigns.EraseContact}}, true},
		"what is taken away":  {record.Envelope{Event: &campaigns.Event{Kind: campaigns.TakenAway}}, true},
		"the page's button":   {said(campaigns.Web, StopWord), true},
		"a stop on the page":  {said(campaigns.Web, "thôi đừng nhắn cho tôi nữa"), true},
		"one in English":      {said(campaigns.Web, "please unsubscribe me"), true},
		"to be forgotten":     {said(campaigns.Web, "xóa dữ liệu của tôi"), true},
		"an answer":           {said(campaigns.Web, "Công sở"), false},
		"a run that pauses":   {record.Envelope{Steer: &record.SteerRun{State: record.StatePaused}}, true},
		"a run that ends":     {record.Envelope{Steer: &record.SteerRun{State: record.StateCancelled}}, true},
		"a run that goes on":  {record.Envelope{Steer: &record.SteerRun{State: record.StateRunning}}, false},
		"a run that begins":   {record.Envelope{Start: &record.StartRun{}}, false},
		"an event of a brand": {record.Envelope{Event: &campaigns.Event{Kind: campaigns.Occurred}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.eases, eases(c.order))
		})
	}
}
