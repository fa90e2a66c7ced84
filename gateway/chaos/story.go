package chaos

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// line is one thing that happened to a customer, from whichever side it was seen.
type line struct {
	at   time.Time
	text string
}

// story tells everything about a customer, in the order in which it happened: what they wrote and when it was
// acknowledged, what their phone showed, and what the ledger has.
func story(w io.Writer, p *Person) {
	var lines []line
	add := func(at time.Time, format string, args ...any) {
		lines = append(lines, line{at, fmt.Sprintf(format, args...)})
	}
	for _, x := range p.Wrote {
		at := x.Acked
		add(at, "wrote   %s %q (calls: %d)", x.SID, x.Text, x.Calls)
	}
	for _, g := range p.Got {
		add(g.Taken, "phone   %s %s %q (asked for at %s)", g.Message, g.SID, g.Text, clock(g.Asked))
	}
	for _, e := range p.Ledger {
		add(e.At, "ledger  %s event=%s message=%s class=%s run=%s question=%s offer=%s reason=%s %q", e.Kind, e.Event, e.Message, e.Class, e.Run, e.Question, e.Offer, e.Reason, e.Text)
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.at.Compare(b.at) })
	fmt.Fprintf(w, "\nthe story of %s (%s); events posted: %v\n", p.Phone, p.ID, p.Posted)
	for _, l := range lines {
		fmt.Fprintf(w, "  %s  %s\n", clock(l.at), l.text)
	}
}
