package campaigns

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Verdict is what a run of a campaign would do with a contact.
type Verdict struct {
	In      bool            // the contact is in the audience
	Asked   bool            // their first question would be put on its way
	Reason  string          // why they would not be asked, or not yet; where asked: what would hold the question back; may be empty
	Detail  map[string]any  // more on the reason, as the ledger would have it; may be nil
	Until   time.Time       // where asked and held back: until when
	Account string          // where asked: by which account
	Channel address.Channel // and over which channel
}

// Waits reports whether they would be asked once the question that is open now is over, or nobody talks to them any more.
func (v Verdict) Waits() bool {
	return v.In && !v.Asked && (v.Reason == openElsewhere || v.Reason == personTalks)
}

// Excluded reports whether they are in the audience and would not be asked, now or later.
func (v Verdict) Excluded() bool { return v.In && !v.Asked && !v.Waits() }

// judged is the run that a verdict is about. No campaign's id is empty, so no run is called this.
const judged = "@"

// Judge says what a run of the campaign that started now would do with the contact, by taking the very step that the run's
// slice would take and looking at what would come of it. It changes nothing.
func Judge(w *World, s State, campaign string, now time.Time) Verdict {
	o := Step(w, s, Event{ID: judged, Kind: RunAsk, At: now, Campaign: campaign, Run: judged}, now, nil)
	var v Verdict
	for _, c := range o.Counts {
		if c.Run == judged {
			v.In = v.In || c.Name == CountAudience && c.Delta > 0
			v.Asked = v.Asked || c.Name == CountAsked && c.Delta > 0
		}
	}
	for i := range o.Ledger {
		if e := &o.Ledger[i]; e.Run == judged {
			v.learn(e)
		}
	}
	for i := range o.Send {
		if m := &o.Send[i]; m.Run == judged {
			v.Account, v.Until = m.Account, m.NotBefore
			r, _ := w.route(m.Account)
			v.Channel = r.Channel
		}
	}
	return v
}

// learn takes the reason from what the ledger would say.
func (v *Verdict) learn(e *preferences.Entry) {
	switch e.Kind {
	case preferences.EntryNotAsked:
		v.Reason, v.Detail = e.Reason, e.Detail
	case preferences.EntryHeld:
		v.Reason = e.Reason
	}
}
