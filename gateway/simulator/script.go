// Package simulator plays a conversation with somebody who does not exist: the same step and the same gate as in earnest,
// on a state in memory. It cannot write anything anywhere, since it imports nothing that could.
package simulator

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences/address"
)

// Persona is who is talked to.
type Persona struct {
	Name     string
	Locale   string // vi, en; "": the brand's
	Account  string // by which they are asked, and write; "": the first that answers come back on
	Channel  address.Channel
	Consents []string          // purposes that they agreed to
	Facts    map[string]string // what the brand knows of them
	Known    map[string]string // attribute: a value as they would say it, told before
}

// Script is a talk that can be played: who with, about which campaign, and what happens. Its text form is that of test files.
type Script struct {
	Campaign string
	Persona  Persona
	Options  int       // quick replies that the channel shows; of a channel that no account has
	At       time.Time // when it begins
	Moves    []Move
}

// Move is one thing that happens, and what is expected to come of it.
type Move struct {
	Line int    // in the file, from 1; 0: it was not read from one
	Verb string // says, tap, again, late, wait, event, takeover, handback
	Text string // what is written; the option's number; how long; the event's type
	Wait time.Duration

	Expects []string // what is said to the customer: whole messages
	Knows   []string // attribute = value, as the customer would say it
	Checked bool     // something was expected: then nothing more may be said either
}

// movesMax bounds a talk, and textMax its text form, in bytes.
const (
	movesMax = 200
	textMax  = 64 << 10
)

// The verbs of a talk's moves. Says is written with >, the others with !.
const (
	Says  = "says"  // the customer writes
	Taps  = "tap"   // taps the option of that number
	Again = "again" // the provider delivers the last message once more
	Late  = "late"  // a message arrives that was written so long ago
	Wait  = "wait"  // time passes
	Event = "event" // something happens outside: order.returned

	TakeOver = "takeover" // one of the brand's people takes the conversation over
	HandBack = "handback" // and gives it back
)

// layout is how a talk's beginning is written.
const layout = "2006-01-02 15:04"

// Error is a mistake in a talk's text.
type Error struct {
	Line    int
	Problem string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Problem) }

// Read reads the text form of a talk; zone is that of its clock.
func Read(text string, zone *time.Location) (Script, error) {
	var s Script
	if len(text) > textMax {
		return s, &Error{1, fmt.Sprintf("a talk has at most %d bytes", textMax)}
	}
	scan := bufio.NewScanner(strings.NewReader(text))
	scan.Buffer(nil, textMax+1)
	head := true
	for n := 1; scan.Scan(); n++ {
		line := strings.TrimRight(scan.Text(), " \t\r")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "---"):
			head = false
		case head:
			if problem := s.setting(line, zone); problem != "" {
				return s, &Error{n, problem}
			}
		default:
			if problem := s.line(n, line); problem != "" {
				return s, &Error{n, problem}
			}
		}
	}
	if s.Campaign == "" {
		return s, &Error{1, "a talk says which campaign it is about: campaign: <id>"}
	}
	return s, nil
}

// setting reads a line of the head: "name: value".
func (s *Script) setting(line string, zone *time.Location) string {
	name, value, ok := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	if !ok {
		return "the head has lines like  campaign: autumn-style  and ends with ---"
	}
	p := &s.Persona
	switch strings.TrimSpace(name) {
	case "campaign":
		s.Campaign = value
	case "name":
		p.Name = value
	case "locale":
		p.Locale = value
	case "account":
		p.Account = value
	case "channel":
		p.Channel = address.Channel(value)
	case "options":
		if _, err := fmt.Sscanf(value, "%d", &s.Options); err != nil || s.Options < 0 {
			return "options is how many quick replies the channel shows: a number"
		}
	case "consent":
		p.Consents = append(p.Consents, value)
	case "fact", "knows":
		k, v, ok := strings.Cut(value, "=")
		if !ok {
			return name + " is written  " + name + ": city = Huế"
		}
		into := &p.Facts
		if name == "knows" {
			into = &p.Known
		}
		if *into == nil {
			*into = map[string]string{}
		}
		(*into)[strings.TrimSpace(k)] = strings.TrimSpace(v)
	case "at":
		at, err := time.ParseInLocation(layout, value, zone)
		if err != nil {
			return "at is written  at: 2026-12-05 10:00"
		}
		s.At = at
	default:
		return fmt.Sprintf("there is no setting %q; there are: campaign, name, locale, account, channel, options, consent, fact, knows, at", name)
	}
	return ""
}

// line reads a line of the talk.
func (s *Script) line(n int, line string) string {
	sign, rest := line[:1], strings.TrimPrefix(line[1:], " ")
	switch sign {
	case ">":
		return s.add(Move{Line: n, Verb: Says, Text: lines(rest)})
	case "!":
		return s.happens(n, rest)
	case "<", "=":
		if len(s.Moves) == 0 { // what the campaign's first question is
			s.Moves = append(s.Moves, Move{Line: n, Verb: Wait})
		}
		m := &s.Moves[len(s.Moves)-1]
		m.Checked = true
		if sign == "=" {
			m.Knows = append(m.Knows, rest)
		} else {
			m.Expects = append(m.Expects, lines(rest))
		}
		return ""
	}
	return "a line begins with > (the customer writes), < (what they are told), ! (what happens) or = (what is known then)"
}

// happens reads what follows a !.
func (s *Script) happens(n int, rest string) (problem string) {
	verb, arg, _ := strings.Cut(rest, " ")
	m := Move{Line: n, Verb: verb, Text: strings.TrimSpace(arg)}
	switch verb {
	case Taps, Event:
		if m.Text == "" {
			return verb + " wants something behind it"
		}
	case Again, TakeOver, HandBack:
	case Wait:
		if m.Wait, problem = duration(m.Text); problem != "" {
			return problem
		}
		m.Text = ""
	case Late:
		long, text, _ := strings.Cut(m.Text, " ")
		if m.Wait, problem = duration(long); problem != "" {
			return problem
		}
		m.Text = lines(text)
	default:
		return fmt.Sprintf("there is no %q; there are: tap 2, again, wait 3h, late 10m <text>, event order.returned, takeover, handback", verb)
	}
	return s.add(m)
}

// waitMax is how far a talk's clock can be put on at once.
const waitMax = 400 * 24 * time.Hour

// duration reads 30s, 10m, 3h, 2d.
func duration(s string) (time.Duration, string) {
	var days int
	d, err := time.ParseDuration(s)
	if n, _ := fmt.Sscanf(s, "%dd", &days); n == 1 && strings.HasSuffix(s, "d") {
		d, err = time.Duration(days)*24*time.Hour, nil
	}
	if err != nil || d < 0 || d > waitMax {
		return 0, "a time is written 30s, 10m, 3h or 2d, and is at most 400d"
	}
	return d, ""
}

func (s *Script) add(m Move) string {
	if len(s.Moves) >= movesMax {
		return fmt.Sprintf("a talk has at most %d moves", movesMax)
	}
	s.Moves = append(s.Moves, m)
	return ""
}

// lines is a text of several lines that was written as one.
func lines(s string) string { return strings.ReplaceAll(s, `\n`, "\n") }
