package demo

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// shownRuns is how far back the page looks for a campaign's newest run.
const shownRuns = 100

// campaignRow is one campaign with its newest run.
type campaignRow struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	When      string    `json:"when"` // how it starts, in words
	Next      time.Time `json:"next,omitzero"`
	Audience  string    `json:"audience"`
	Source    string    `json:"source"` // the audience as written
	Questions []string  `json:"questions"`
	Event     string    `json:"event,omitempty"`
	EventName string    `json:"event_name,omitempty"`
	Run       *run      `json:"run"` // nil: never
}

// run is a run's counts, in the order in which they are shown.
type run struct {
	ID      string    `json:"id"`
	State   string    `json:"state"`
	Label   string    `json:"label"`
	Started time.Time `json:"started"`
	Counts  []count   `json:"counts"`
	Split   []count   `json:"split"` // where each of the audience is: they add up to it
}

type count struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Why   string `json:"why"`
	N     int64  `json:"n"`
}

// The counts that the page shows, and how the audience splits up.
var (
	milestones = []campaigns.CountName{campaigns.CountAudience, campaigns.CountAsked, campaigns.CountSent,
		campaigns.CountDelivered, campaigns.CountAnswered, campaigns.CountCompleted, campaigns.CountOffered,
		campaigns.CountHeld, campaigns.CountExcluded}
	places = []campaigns.CountName{campaigns.CountSent, campaigns.CountQueued, campaigns.CountHeld,
		campaigns.CountFailed, campaigns.CountExcluded}
)

// strip is every campaign with its newest run.
func (d *demo) strip(ctx context.Context, l lang) ([]campaignRow, error) {
	all, err := d.o.API.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	runs, err := d.o.API.Runs(ctx, shownRuns)
	if err != nil {
		return nil, err
	}
	newest := map[string]*control.Run{}
	for i := range runs {
		if newest[runs[i].Campaign] == nil {
			newest[runs[i].Campaign] = &runs[i]
		}
	}
	n, out := d.names(l), []campaignRow{}
	for _, c := range all {
		out = append(out, n.campaignRow(c, newest[c.ID]))
	}
	return out, nil
}

func (n names) campaignRow(c control.CampaignView, r *control.Run) campaignRow {
	row := campaignRow{ID: c.ID, Name: c.Name, When: n.lang.say("strip.by_hand"), Next: c.Next, Source: c.Audience,
		Audience: n.lang.say("strip.everybody"), Questions: []string{}, Event: c.Event}
	if row.Name == "" {
		row.Name = c.ID
	}
	if c.Audience != "" {
		row.Audience = n.plainAll(c.Audience)
	}
	switch {
	case c.Event != "":
		row.EventName = n.lang.known("event", c.Event)
		row.When = n.lang.say("strip.on_event", "event", row.EventName)
	case c.Schedule != "":
		row.When = n.schedule(c.Schedule)
	}
	for _, t := range c.Texts {
		row.Questions = append(row.Questions, n.filled(t, noCode))
	}
	if r != nil {
		row.Run = n.run(*r)
	}
	return row
}

// fit says whether a campaign's audience has a contact, and what is missing.
type fit struct {
	OK   bool   `json:"ok"`
	Text string `json:"text"`
}

// fits evaluates the audience of each campaign for one contact, as a run that starts now would.
func (n names) fits(v control.ContactView, prefs []preferences.Preference, now time.Time) map[string]fit {
	out := map[string]fit{}
	if n.world == nil {
		return out
	}
	contact := v.Contact
	contact.Preferences = map[string]preferences.Preference{}
	for _, p := range prefs {
		contact.Preferences[p.Attribute] = p
	}
	for id, c := range n.world.Campaigns {
		var needs []string
		for _, t := range c.Audience.Explain(expr.Env{Contact: &contact, Now: now}) {
			if !t.Held {
				needs = append(needs, cmp.Or(n.plain(t.Source), t.Source))
			}
		}
		out[id] = fit{OK: len(needs) == 0, Text: n.lang.say("fit.yes", "name", nameOf(v))}
		if len(needs) > 0 {
			out[id] = fit{Text: n.lang.say("fit.no", "name", nameOf(v), "needs", strings.Join(needs, ", "))}
		}
	}
	return out
}

func (n names) run(r control.Run) *run {
	out := run{ID: r.ID, State: string(r.State), Label: n.lang.known("run", string(r.State)), Started: r.Started}
	for _, name := range milestones {
		out.Counts = append(out.Counts, n.count(name, r))
	}
	for _, name := range places {
		out.Split = append(out.Split, n.count(name, r))
	}
	return &out
}

func (n names) count(name campaigns.CountName, r control.Run) count {
	return count{Name: string(name), Label: n.lang.say("count." + string(name)),
		Why: n.lang.say("countwhy." + string(name)), N: r.Counts[name]}
}
