package files_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// TestQuestionsAreReadyOnceLoaded: what a question is read by is made when its file is loaded, and never again for a
// reply. The names of the options are taken away after loading; replies are understood all the same.
func TestQuestionsAreReadyOnceLoaded(t *testing.T) {
	t.Parallel()
	set := load(t, autumn)
	style := &set.Campaigns["autumn-style"].Questions[0]
	for i := range style.Ask.Options {
		style.Ask.Options[i].Label, style.Ask.Options[i].Synonyms = map[string]string{"vi": "?"}, nil
	}
	for text, want := range map[string]string{"dạ công sở nha shop": "office", "nang dong": "sporty", "Athletic": "sporty"} {
		require.Equal(t, want, answered(set.Campaigns, text), text)
	}

	style.Compile()
	require.Empty(t, answered(set.Campaigns, "dạ công sở nha shop"), "made anew, it knows the names no more: they are all that the replies were read by")
}

// answered is the style that is recorded of somebody who was asked for it and writes text.
func answered(all map[string]*campaigns.Campaign, text string) string {
	at := time.Date(2026, 12, 5, 10, 0, 0, 0, time.UTC)
	phone := address.Address{Scheme: address.Tel, ID: "+84912345678"}
	w := &campaigns.World{Campaigns: all, Brand: campaigns.Brand{Locale: "vi", Zone: time.UTC}, Routes: []campaigns.Route{{Account: "sms", Channel: address.SMS, Inbound: true}}}
	s := campaigns.State{ID: "c1", Contact: &preferences.Contact{ID: "c1", Addresses: []address.Address{phone}, Locale: "vi"}}
	s.Conversation = &campaigns.Conversation{ID: "r1:c1", Campaign: "autumn-style", Run: "r1", Question: "style", Asked: []string{"style"}, Route: "sms", To: phone,
		Started: at, AskedAt: at, Expires: at.Add(time.Hour)}
	out := campaigns.Step(w, s, campaigns.Event{ID: "e1", Kind: campaigns.MessageIn, At: at, From: phone, Account: "sms", Channel: address.SMS, MessageID: "SM1", Text: text}, at, nil)
	return out.State.Contact.Preferences["style"].Value.Text
}
