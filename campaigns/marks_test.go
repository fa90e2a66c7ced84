package campaigns_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
)

// TestAmericanAds: each says who writes and how to opt out, last; the first that somebody gets also what it may cost and where
// help is. Answers say neither.
func TestAmericanAds(t *testing.T) {
	t.Parallel()
	const first, others = "\nMsg & data rates may apply. Reply HELP for help, STOP to opt out", "\nReply STOP to opt out"
	s := newSim(t, t, "c1")
	s.w.Pack, _ = compliance.PackFor("us")
	s.w.Pack.Zone = saigon
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan locale=en yes")})
	asks := func(run string) string {
		t.Helper()
		out := s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: run})
		return out.Send[0].Text
	}
	if got := asks("r1"); got != "Lụa: Which style is you, Lan?\n1. Sporty\n2. Office"+first {
		t.Errorf("%q", got)
	}
	s.send(p, "failed") // nobody has got it
	if got := asks("r2"); !strings.HasSuffix(got, first) {
		t.Errorf("%q", got)
	}
	s.sendAll(p)
	out := s.step(p, write("2"))
	if got := out.Send[0].Text; strings.Contains(got, "STOP") || strings.Contains(got, "Lụa") {
		t.Errorf("%q", got)
	}
	s.sendAll(p)
	s.ring(p, "expire")
	s.now = s.now.Add(200 * 24 * time.Hour)
	if got := asks("r3"); !strings.HasSuffix(got, "2. Office"+others) {
		t.Errorf("%q", got)
	}
}
