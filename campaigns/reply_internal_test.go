package campaigns

import (
	"testing"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// TestNotSureIsNotRecorded: below the threshold a reading is asked again, however good it looks (I9).
func TestNotSureIsNotRecorded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reading  understand.Reading
		recorded bool
	}{
		"sure": {understand.Reading{
			Status: understand.Answered, Confidence: 0.85, Value: preferences.Value{Kind: preferences.Text, Text: "x"},
		}, true},
		"not sure": {understand.Reading{
			Status: understand.Answered, Confidence: 0.84, Value: preferences.Value{Kind: preferences.Text, Text: "x"},
		}, false},
		"no value": {understand.Reading{Status: understand.Answered, Confidence: 1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := Question{ID: "q", Attribute: "a", Retries: 1, Ask: understand.Question{Kind: preferences.Text}}
			campaign := &Campaign{ID: "c", Questions: []Question{q}}
			turn := &turn{w: &World{}, now: time.Unix(1, 0), s: State{
				ID: "c1", Contact: &preferences.Contact{}, Conversation: &Conversation{Campaign: "c", Question: "q", Asked: []string{"q"}},
			}}
			turn.reply(campaign, &campaign.Questions[0], c.reading)
			if _, got := turn.s.Contact.Preferences["a"]; got != c.recorded {
				t.Fatalf("recorded: %v", got)
			}
		})
	}
}

// TestEveryPhraseIsSpoken: each key that the code says is in both languages, with the same placeholders to fill.
func TestEveryPhraseIsSpoken(t *testing.T) {
	t.Parallel()
	said := []string{
		sayStop, sayBack, sayBackThere, sayBackBy, sayStart, sayHelp, sayHelpContact, sayData, sayNoData, sayForget, sayAgent, sayAgain, sayAgainAsked, sayAgainSkip,
		sayHandOver, sayHandedOver, sayRemind, sayThanks, saySkipped, sayLate, sayNothingOpen, sayWelcome, sayHello, sayStopped, sayUnknown, sayYes, sayNo, sayDataName,
		sayMarketingYes, sayMarketingNo, sayDataMore, sayDataRights, sayDataPage, sayFrom, sayUpTo, sayButtonYes, sayButtonNo, sayWhereWeWere, sayMaybe, sayMaybeWord, sayRight, sayChanged, sayNoted, sayPassedOn, saySorry, sayByLink, sayCode, sayProofLink, sayCodeWrong, sayCodeOver, sayProved, sayAgain + "_rating_between",
	}
	for _, k := range preferences.Kinds() {
		said = append(said, sayAgain+"_"+string(k))
	}
	known := map[string]bool{}
	for _, key := range said {
		known[key] = true
		for locale, texts := range spoken {
			if texts[key] == "" {
				t.Errorf("%s: %s is not said", locale, key)
			}
			err := CheckTemplate(texts[key], []string{"brand", "name", "help", "received", "effective", "count", "min", "max", "value", "link", "code", "left", "also", "channel"})
			if err != nil {
				t.Errorf("%s: %s: %v", locale, key, err)
			}
		}
	}
	for locale, texts := range spoken {
		for key := range texts {
			if !known[key] {
				t.Errorf("%s: %s is never said", locale, key)
			}
		}
	}
}

// TestSettle: whatever order the words on a message come in, the best founded one stays.
func TestSettle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		words []string
		want  string
		place CountName
	}{
		"sent":                            {[]string{"sent"}, "sent", CountSent},
		"held, released, sent":            {[]string{"held", "queued", "sent"}, "sent", CountSent},
		"sent, and held is late":          {[]string{"sent", "held"}, "sent", CountSent},
		"delivered before sent":           {[]string{"delivered", "sent"}, "delivered", CountSent},
		"undelivered stays":               {[]string{"sent", "undelivered", "failed"}, "undelivered", CountFailed},
		"failed, and delivered after all": {[]string{"failed", "delivered"}, "delivered", CountSent},
		"withdrawn, but it had left":      {[]string{"not_sent", "sent"}, "sent", CountSent},
		"withdrawn":                       {[]string{"not_sent", "queued", "held"}, "not_sent", CountExcluded},
		"read, and delivered is late":     {[]string{"read", "delivered", "delivered"}, "read", CountSent},
		"nonsense":                        {[]string{"sent", "nonsense", ""}, "sent", CountSent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			turn, m := &turn{}, &Message{Run: "r", First: true, Status: "queued"}
			for _, w := range c.words {
				turn.settle(m, w)
			}
			counts := map[CountName]int64{CountQueued: 1}
			for _, x := range turn.out.Counts {
				counts[x.Name] += x.Delta
			}
			for _, place := range []CountName{CountQueued, CountHeld, CountSent, CountFailed, CountExcluded} {
				if want := place == c.place; (counts[place] == 1) != want || counts[place] > 1 {
					t.Errorf("%s is %d", place, counts[place])
				}
			}
			arrived := int64(0)
			if m.Status == "delivered" || m.Status == "read" {
				arrived = 1
			}
			if m.Status != c.want || counts[CountDelivered] != arrived {
				t.Errorf("%s, delivered %d", m.Status, counts[CountDelivered])
			}
		})
	}
}
