package campaigns_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
)

// What a conversation may have claimed in a step that came to nothing goes back when it can come to it no more, and not
// before. What it gave does not.
func TestClaimsInVainGoBack(t *testing.T) {
	t.Parallel()
	retried := func(e campaigns.Event) campaigns.Event { e.Retried = true; return e }
	late := func(s *sim, d time.Duration) { s.now = s.now.Add(d) }
	key := "r1:c1:"
	for name, c := range map[string]struct {
		story func(s *sim, p *person) campaigns.Outcome
		want  []string // offers that go back
	}{
		"nothing was tried before": {func(s *sim, p *person) campaigns.Outcome {
			s.step(p, write("2"))
			return s.step(p, write("900000"))
		}, nil},
		"it gives another": {func(s *sim, p *person) campaigns.Outcome {
			s.step(p, write("2"))
			return s.step(p, retried(write("900000")))
		}, []string{"advice"}},
		"it goes on": {func(s *sim, p *person) campaigns.Outcome {
			return s.step(p, retried(write("2")))
		}, nil},
		"it goes on, and gives another": {func(s *sim, p *person) campaigns.Outcome {
			s.step(p, retried(write("2")))
			return s.step(p, write("900000"))
		}, []string{"advice"}},
		"they want no more": {func(s *sim, p *person) campaigns.Outcome {
			s.step(p, write("2"))
			return s.step(p, retried(write("STOP")))
		}, []string{"advice", "office-20"}},
		"they are erased": {func(s *sim, p *person) campaigns.Outcome {
			s.step(p, write("2"))
			return s.step(p, retried(campaigns.Event{Kind: campaigns.EraseContact}))
		}, []string{"advice", "office-20"}},
		"it expires, and may be opened again": {func(s *sim, p *person) campaigns.Outcome {
			s.step(p, retried(write("2")))
			late(s, 30*24*time.Hour)
			return s.step(p, campaigns.Event{Kind: campaigns.TimerDue})
		}, nil},
		"it expired, and is forgotten": {func(s *sim, p *person) campaigns.Outcome {
			s.step(p, retried(write("2")))
			late(s, 30*24*time.Hour)
			s.step(p, campaigns.Event{Kind: campaigns.TimerDue})
			late(s, 365*24*time.Hour)
			return s.step(p, write("chào shop"))
		}, []string{"advice", "office-20"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := asked(t, "name=Lan yes")
			var got []string
			for _, c := range c.story(s, p).Unclaim {
				if c.Key != key+c.Offer {
					t.Errorf("key %q of %q", c.Key, c.Offer)
				}
				got = append(got, c.Offer)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("goes back: %v, want %v", got, c.want)
			}
		})
	}
}

// A conversation that goes along into another contact keeps its id, and may come there to what it claimed: nothing goes back
// before it has ended there.
func TestClaimsGoAlongWithAConversation(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	s.step(p, write("2"))
	e := campaigns.Event{ID: "e", Kind: campaigns.SamePerson, At: s.now, Also: lan, Peer: &campaigns.Peer{Contact: "c0", Created: s.now.Add(-time.Hour)}, Retried: true}
	out := campaigns.Step(s.w, p.state, e, s.now, nil)
	if len(out.Tell) == 0 || out.Tell[0].Event.Came == nil || out.Tell[0].Event.Came.Conversation == nil {
		t.Fatalf("nothing goes along: %+v", out.Tell)
	}
	if len(out.Unclaim) != 0 {
		t.Errorf("%v goes back", out.Unclaim)
	}
	if !out.Tell[0].Event.Came.Conversation.Retried {
		t.Error("whoever ends it does not know that it may have claimed something")
	}
}
