package campaigns_test

import (
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
)

// An edit or erasure of a contact that was changed since it was seen does nothing, also where the clock stood still or was set back.
func TestWhatWasSeenIsCompared(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan")})
	for _, by := range []time.Duration{0, -time.Hour, time.Second} {
		s.now = s.now.Add(by)
		seen := p.state.Contact.Updated
		first, second := parseEdit("name=First"), parseEdit("name=Second")
		first.Seen, second.Seen = seen, seen
		first.Facts = map[string]any{"by": by.String()}
		if out := s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: first}); out.Result.Outdated {
			t.Fatalf("%s: the first: %+v", by, out.Result)
		}
		for _, e := range []campaigns.Event{{Kind: campaigns.Edit, From: lan, Contact: second}, {Kind: campaigns.EraseContact, Contact: &campaigns.ContactEdit{Seen: seen}}} {
			if out := s.step(p, e); !out.Result.Outdated || out.Erase || len(out.Ledger) > 0 {
				t.Fatalf("%s: %s: %+v", by, e.Kind, out.Result)
			}
		}
		if p.state.Contact.Name != "First" {
			t.Fatalf("%s: %s", by, p.state.Contact.Name)
		}
	}
}
