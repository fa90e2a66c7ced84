package campaigns

import (
	"github.com/hoidap/hoidap/preferences"
)

// TakenAwayReason is why a preference is gone that its customer took away.
const TakenAwayReason = "taken_away"

// takenAway: on their own page the customer takes away what they told us. It is not asked for again, in this campaign or
// another, as where they would rather not say; whoever tells it anew has told it. The value is not written down once more.
//
// Example: {"kind":"taken_away","account":"web","channel":"web","attribute":"style"}
func (t *turn) takenAway() {
	t.out.Result.Contact = t.s.ID
	c := t.s.Contact
	if c == nil || c.Preferences[t.e.Attribute].Class != preferences.Declared {
		return // it is gone already, or was never theirs
	}
	t.dropPreference(t.e.Attribute)
	t.note(preferences.Entry{
		Kind: preferences.EntryPreference, Reason: TakenAwayReason,
		Detail: map[string]any{"attribute": t.e.Attribute, "account": t.e.Account, "channel": string(t.e.Channel)},
	})
	t.wouldRatherNotSay(t.e.Attribute)
}
