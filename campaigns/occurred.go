package campaigns

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
)

// occurred: something happened to the contact outside. It is kept in the ledger only (what it means for the contact's
// facts is for whoever reported it to say), and starts the campaigns that wait for it.
//
// Example: {"kind":"occurred","type":"order.returned","data":{"sku":"A1"}}
func (t *turn) occurred() {
	if t.s.Contact == nil {
		t.out.Result = Result{Problem: "no contact has this address"}
		return
	}
	t.note(preferences.Entry{Kind: preferences.EntryEvent, Reason: t.e.Type, Detail: t.e.Data})
	for _, id := range sortedKeys(t.w.Campaigns) {
		c := t.w.Campaigns[id]
		if c == nil || c.Schedule == nil || c.Schedule.Event == "" || c.Schedule.Event != t.e.Type {
			continue
		}
		r := Waiting{Campaign: id, Run: t.eventRun(id), Since: t.now, Event: t.e.Data}
		if c.Schedule.Delay > 0 {
			t.delay(c, r)
			continue
		}
		t.begin(r, "", false)
	}
}

// eventRun is the run that an event campaign's contacts are counted to: one for each day on the brand's clock.
func (t *turn) eventRun(campaign string) string {
	zone := (*preferences.Contact)(nil).Zone(t.w.Brand.Zone, t.w.Pack.Zone)
	return campaign + "@" + t.now.In(zone).Format("2006-01-02")
}

// delay lets the run wait for its time. Until then the contact is not in its counts: the audience is looked at when the
// run begins.
func (t *turn) delay(c *Campaign, r Waiting) {
	if slices.ContainsFunc(t.s.Waiting, func(w Waiting) bool { return w.Run == r.Run }) {
		t.note(notAsked(r, "already_asked", nil))
		return
	}
	if len(t.s.Waiting) >= keepRuns {
		t.noteUncounted(r, "too_many_waiting")
		return
	}
	r.NotBefore = t.happened().Add(c.Schedule.Delay)
	t.s.Waiting = append(t.s.Waiting, r)
}
