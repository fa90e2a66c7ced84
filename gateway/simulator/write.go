package simulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// String is the text form of the script, without what is expected of it.
func (s Script) String() string { return s.write(nil) }

// Test is the text form of the script with what came of it as what is expected.
func (t Talk) Test(s Script) string { return s.write(&t) }

func (s Script) write(t *Talk) string {
	var b strings.Builder
	p := s.Persona
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("campaign", s.Campaign)
	line("name", p.Name)
	line("locale", p.Locale)
	line("account", p.Account)
	line("channel", string(p.Channel))
	if s.Options > 0 {
		line("options", fmt.Sprint(s.Options))
	}
	for _, c := range p.Consents {
		line("consent", c)
	}
	for _, k := range slices.Sorted(maps.Keys(p.Facts)) {
		line("fact", k+" = "+p.Facts[k])
	}
	for _, k := range slices.Sorted(maps.Keys(p.Known)) {
		line("knows", k+" = "+p.Known[k])
	}
	if !s.At.IsZero() {
		line("at", s.At.Format(layout))
	}
	b.WriteString("---\n")
	for i, m := range s.expected(t) {
		m.write(&b, i == 0)
	}
	return b.String()
}

// expected are the moves, with what came of them where that is known.
func (s Script) expected(t *Talk) []Move {
	if t == nil {
		return s.Moves
	}
	var moves []Move
	for i, step := range t.Steps {
		m := step.Move
		m.Expects, m.Knows = nil, nil
		for _, b := range step.Bubbles {
			if !b.Mine {
				m.Expects = append(m.Expects, b.Text)
			}
		}
		if i == len(t.Steps)-1 {
			for _, k := range t.Known {
				m.Knows = append(m.Knows, k.Attribute+" = "+k.Value)
			}
		}
		moves = append(moves, m)
	}
	return moves
}

// write writes a move; the beginning has no line of its own.
func (m Move) write(b *strings.Builder, first bool) {
	switch m.Verb {
	case "begins":
	case Says:
		fmt.Fprintf(b, "> %s\n", oneLine(m.Text))
	case Again, TakeOver, HandBack:
		fmt.Fprintf(b, "! %s\n", m.Verb)
	case Wait:
		if !first || m.Wait > 0 {
			fmt.Fprintf(b, "! wait %s\n", span(m.Wait))
		}
	case Late:
		fmt.Fprintf(b, "! late %s %s\n", span(m.Wait), oneLine(m.Text))
	default:
		fmt.Fprintf(b, "! %s %s\n", m.Verb, oneLine(m.Text))
	}
	for _, e := range m.Expects {
		fmt.Fprintf(b, "< %s\n", oneLine(e))
	}
	for _, k := range m.Knows {
		fmt.Fprintf(b, "= %s\n", k)
	}
}

func oneLine(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r", ""), "\n", `\n`) }

// span writes a time as a talk has it.
func span(d time.Duration) string {
	if d >= 24*time.Hour && d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
