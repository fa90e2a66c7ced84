package control

import (
	"context"
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// readAs is the status that a ledger's entry on a reply stands for.
var readAs = map[preferences.EntryKind]understand.Status{
	preferences.EntryUnderstood: understand.Answered,
	preferences.EntryDeclined:   understand.Declined,
	preferences.EntryUnclear:    understand.Unclear,
}

// tapRule is how the ledger names an option that was tapped.
const tapRule = "tap"

// Replies implements Replies.
func (s *Service) Replies(ctx context.Context, campaign, question, cursor string, n int) ([]Reply, string, error) {
	w := s.World()
	if w.Campaigns[campaign] == nil {
		return nil, "", notFound("campaign", campaign)
	}
	contacts, next, err := s.List(ctx, cursor, n)
	if err != nil {
		return nil, "", err
	}
	contacts = slices.DeleteFunc(contacts, func(v ContactView) bool { return v.Unreadable })
	ids := make([]string, len(contacts))
	for i, v := range contacts {
		ids[i] = v.ID
	}
	ledgers, err := s.Store.Ledgers(ctx, ids, 0)
	if err != nil {
		return nil, "", away(err)
	}
	var page []Reply
	for i, v := range contacts {
		for _, e := range readLedger(ledgers[i]) {
			if r, ok := reply(w, &v.Contact, e); ok && r.Campaign == campaign && (question == "" || r.Question == question) {
				page = append(page, r)
			}
		}
	}
	return page, next, nil
}

// reply is the reply that a ledger's entry tells of. A tap is none: nothing was read.
func reply(w *campaigns.World, c *preferences.Contact, e preferences.Entry) (Reply, bool) {
	status, ok := readAs[e.Kind]
	rule, _ := e.Detail["rule"].(string)
	if !ok || e.Text == "" || rule == tapRule {
		return Reply{}, false
	}
	r := Reply{ID: e.Event, Contact: c.ID, Campaign: e.Campaign, Question: e.Question, Locale: c.Locale, Text: e.Text, Status: status, Rule: rule}
	if r.Locale == "" {
		r.Locale = w.Brand.Locale
	}
	if status == understand.Answered {
		r.Value = e.Detail["value"]
	}
	r.Now = e.At.In(c.Zone(w.Brand.Zone, w.Pack.Zone))
	return r, true
}
