package console

import (
	"cmp"
	"encoding/json"
	"html/template"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// talkFunctions are what templates of talks can call.
func talkFunctions(l lang) template.FuncMap {
	return template.FuncMap{
		"inc":  func(i int) int { return i + 1 },
		"sure": func(x float64) string { return l.percent(int(100*x+.5), 100) },
		"json": func(v any) (string, error) { b, err := json.Marshal(v); return string(b), err },
		"option": func(s campaigns.Suggestion) string {
			if len(s.Value.List) == 1 {
				return s.Value.List[0]
			}
			return s.Value.Text
		},
		"last": func(steps []simulatorStep) int { return len(steps) - 1 },
		"isAt": func(e control.InboxEntry, p place) bool { return p == place{e.Contact, e.ID} },
		"itemQuery": func(e control.InboxEntry, reason string) template.URL {
			return place{e.Contact, e.ID}.Query(reason)
		},
	}
}

// line is one line of a talk as people read it: what either side said, or what happened between.
type line struct {
	preferences.Entry
	Kind   string // theirs, ours, event
	By     string // who of the brand's people wrote it, or did it
	Status string // of ours: queued, held, sent, delivered, read, failed, not_sent
	Why    string // it was held, failed or not sent
	More   string // what an event is about
}

// names are what campaigns and answers are called in a page's language.
type names struct{ campaigns, attributes map[string]string }

// names reads what things are called.
func (c *console) names(x echo.Context) (n names, err error) {
	ctx, l := x.Request().Context(), c.langOf(x)
	n = names{map[string]string{}, map[string]string{}}
	all, err := c.Control.Campaigns(ctx)
	if err != nil {
		return n, err
	}
	for _, k := range all {
		n.campaigns[k.ID] = k.Name
	}
	asked, err := c.Control.Attributes(ctx)
	for _, a := range asked {
		n.attributes[a.Attribute] = l.label(a.Name, a.Attribute)
	}
	return n, err
}

// Campaign is what a campaign is called.
func (n names) Campaign(id string) string { return cmp.Or(n.campaigns[id], id) }

// Called is what an answer is called.
func (n names) Called(attribute string) string {
	return cmp.Or(n.attributes[attribute], readable(attribute))
}

// thread makes a talk of ledger entries that come newest first; it is told oldest first.
func (n names) thread(entries []preferences.Entry) []line {
	var lines []line
	place := map[string]int{} // of our messages, by id
	for _, e := range slices.Backward(entries) {
		switch e.Kind {
		case preferences.EntryReceived:
			lines = append(lines, line{Entry: e, Kind: "theirs"})
		case preferences.EntryQueued, preferences.EntryHeld, preferences.EntrySent, preferences.EntryDelivered, preferences.EntryRead, preferences.EntryFailed, preferences.EntryNotSent:
			lines = told(lines, place, e)
		case preferences.EntryPreference, preferences.EntryConsent, preferences.EntrySuppressed, preferences.EntryUnsuppressed, preferences.EntryDeclined,
			preferences.EntryTakenOver, preferences.EntryHandedBack, preferences.EntryInboxClosed, preferences.EntryOffered, preferences.EntryCompleted,
			preferences.EntryExpired, preferences.EntryStopped, preferences.EntryEvent, preferences.EntryMerged, preferences.EntryUnmerged, preferences.EntryCopied:
			lines = append(lines, line{Entry: e, Kind: "event", By: by(e), More: n.about(e)})
		}
	}
	return lines
}

// told adds a message of ours, or what became of one that was told before.
func told(lines []line, place map[string]int, e preferences.Entry) []line {
	status := string(e.Kind)[len("message."):]
	if i, ok := place[e.Message]; ok && e.Message != "" {
		lines[i].Status, lines[i].Why = status, e.Reason
		return lines
	}
	if e.Text == "" {
		return lines
	}
	place[e.Message] = len(lines)
	return append(lines, line{Entry: e, Kind: "ours", By: by(e), Status: status, Why: e.Reason})
}

// about is what an event is about: an offer, an attribute, a campaign.
func (n names) about(e preferences.Entry) string {
	if attribute, _ := e.Detail["attribute"].(string); attribute != "" && e.Offer == "" {
		return n.Called(attribute)
	}
	return cmp.Or(e.Offer, n.Campaign(e.Campaign))
}

func by(e preferences.Entry) string {
	s, _ := e.Detail["by"].(string)
	return s
}
