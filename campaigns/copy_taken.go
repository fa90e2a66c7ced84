package campaigns

import "github.com/hoidap/hoidap/preferences"

// copyTaken: on their own page the customer, or whoever else has its link, takes a copy of everything. The ledger says when, so that
// it can be told later; nothing else changes.
//
// Example: {"kind":"copy_taken","account":"web","channel":"web"}
func (t *turn) copyTaken() {
	t.out.Result.Contact = t.s.ID
	if t.s.Contact == nil {
		return
	}
	t.note(preferences.Entry{
		Kind: preferences.EntryCopied, Detail: map[string]any{"account": t.e.Account, "channel": string(t.e.Channel)},
	})
}
