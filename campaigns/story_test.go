package campaigns_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

var update = flag.Bool("update", false, "rewrite the second halves of testdata/*.story")

// TestStories plays each testdata/*.story: above the line what happens, below it what came of it. The commands:
//
//	at 2026-12-05 10:00      the clock on the wall in Saigon
//	edit name=Lan yes        the API: name, locale, timezone, yes or no to marketing, fact.x=y
//	run autumn r1            a run's slice reaches the contact
//	event order.returned     something happened outside
//	in 2                     the customer writes (tap 2: taps; zalo: writes there)
//	send / fail / hold       the sender takes what may leave; fails the next; is held
//	report delivered         a receipt for the newest message that left
//	ring expire              the clock goes on to that timer, and it rings
//	away style               takes away what they told us, on their own page
//	opt_out / opt_in / erase at the provider; by API
//	press                    presses start in the chat
//	take Hoa, back Hoa       one of the brand's people takes the contact, and gives it back
//	say Hoa Dạ còn ạ         writes, about the newest item of the inbox
//	settle Hoa office        says what the customer meant by it; "-": that they would rather not say
//	done Hoa                 has looked at it
//	inbox                    what waits for a person
//	counts                   the runs' counts
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.story")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".story"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script, want, _ := strings.Cut(string(raw), "----\n")
			got := play(t, script)
			if *update {
				if err := os.WriteFile(file, []byte(script+"----\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func play(t *testing.T, script string) string {
	s := newSim(t, t, "c1")
	st := &story{sim: s, p: s.people[0]}
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fmt.Fprintf(&st.b, "> %s\n", line)
		st.do(line)
	}
	return st.b.String()
}

type story struct {
	*sim
	p    *person
	seen int // ledger entries shown
	b    strings.Builder
}

func (s *story) do(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "at":
		at, err := time.ParseInLocation("2006-01-02 15:04", rest, saigon)
		if err != nil {
			s.t.Fatalf("%v", err)
		}
		s.now = at
		return
	case "counts":
		for _, run := range slices.Sorted(keys(s.counts)) {
			fmt.Fprintf(&s.b, "  %s %v\n", run, s.counts[run])
		}
		return
	case "inbox":
		for _, i := range s.p.inbox {
			fmt.Fprintf(&s.b, "  %s %s %q\n", i.ID, i.Reason, i.Text)
		}
		return
	case "send":
		s.sendAll(s.p)
	case "fail":
		s.send(s.p, "failed")
	case "ring":
		s.ring(s.p, rest)
	default:
		s.show(s.step(s.p, s.event(verb, rest)))
	}
	s.showLedger()
}

func (s *story) event(verb, rest string) campaigns.Event {
	in := campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: address.SMS, Text: rest, MessageID: "SM1"}
	switch verb {
	case "in":
		return in
	case "tap":
		in.Text, in.Payload = "", rest
		return in
	case "zalo":
		in.From, in.Account, in.Channel = address.Address{Scheme: "zalo", ID: "77"}, "zalo", address.Zalo
		return in
	case "edit":
		return campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit(rest)}
	case "run":
		campaign, run, _ := strings.Cut(rest, " ")
		return campaigns.Event{Kind: campaigns.RunAsk, Campaign: campaign, Run: run}
	case "event":
		return campaigns.Event{Kind: campaigns.Occurred, From: lan, Type: rest, Data: map[string]any{"sku": "A1"}}
	case "report":
		last := s.p.sent[len(s.p.sent)-1]
		return campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: "X" + last.ID, Status: rest, At: s.now}}
	case "opt_out":
		return campaigns.Event{Kind: campaigns.ProviderOptOut, From: lan, Account: "sms", Channel: address.SMS}
	case "opt_in":
		return campaigns.Event{Kind: campaigns.ProviderOptIn, From: lan, Account: "sms", Channel: address.SMS, Text: rest}
	case "press":
		return campaigns.Event{Kind: campaigns.ProviderOptIn, From: lan, Account: "sms", Channel: address.SMS, MessageID: "56"}
	case "away":
		return campaigns.Event{Kind: campaigns.TakenAway, Account: campaigns.Web, Channel: address.Web, Attribute: rest}
	case "erase":
		return campaigns.Event{Kind: campaigns.EraseContact}
	case "take", "back", "say", "settle", "done":
		return s.act(verb, rest)
	}
	s.t.Fatalf("there is no %q", verb)
	return campaigns.Event{}
}

// act is what one of the brand's people does.
func (s *story) act(verb, rest string) campaigns.Event {
	by, what, _ := strings.Cut(rest, " ")
	a := campaigns.Act{By: by}
	if n := len(s.p.inbox); n > 0 {
		a.Item = &s.p.inbox[n-1]
	}
	switch verb {
	case "take":
		return campaigns.Event{Kind: campaigns.TakenOver, Act: &a}
	case "back":
		return campaigns.Event{Kind: campaigns.HandedBack, Act: &a}
	case "done":
		return campaigns.Event{Kind: campaigns.ItemDone, Act: &a}
	case "say":
		a.Text = what
		return campaigns.Event{Kind: campaigns.Said, Act: &a}
	}
	a.Value, a.Declined = preferences.Value{Kind: preferences.Choice, Text: what}, what == "-"
	for _, e := range s.p.ledger {
		if e.Kind == preferences.EntryUnclear && a.Item != nil && e.Question == a.Item.Question {
			a.Earlier = append(a.Earlier, e.Text)
		}
	}
	return campaigns.Event{Kind: campaigns.Settled, Act: &a}
}

func parseEdit(rest string) *campaigns.ContactEdit {
	d := &campaigns.ContactEdit{}
	for _, word := range strings.Fields(rest) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "name":
			d.Name = &value
		case "locale":
			d.Locale = &value
		case "timezone":
			d.Timezone = &value
		case "zalo":
			d.Addresses = append(d.Addresses, address.Address{Scheme: "zalo", ID: value})
		case "yes", "no":
			d.Consents = append(d.Consents, preferences.Consent{Purpose: "marketing", Granted: key == "yes", Source: "form"})
		case "claim":
			d.Preferences = append(d.Preferences, preferences.Preference{
				Attribute: "style", Class: preferences.Class(value), Confidence: 1,
				Value: preferences.Value{Kind: preferences.Choice, Text: "sporty"},
			})
		default:
			d.Facts = map[string]any{strings.TrimPrefix(key, "fact."): value}
		}
	}
	return d
}

// show tells what an outcome says to others: messages, a person's inbox, results.
func (s *story) show(out campaigns.Outcome) {
	for _, o := range out.Send {
		fmt.Fprintf(&s.b, "  < %s %s to %s%s\n", o.Class, o.Account, o.To.Scheme, until(o))
		for line := range strings.Lines(o.Text) {
			fmt.Fprintf(&s.b, "      %s\n", strings.TrimRight(line, "\n"))
		}
		for _, x := range o.Options {
			fmt.Fprintf(&s.b, "      (%s) %s\n", x.Payload, x.Label)
		}
	}
	if r := out.Result; r.Problem != "" {
		fmt.Fprintf(&s.b, "  problem: %s\n", r.Problem)
	}
	if r := out.Result; r.Taken != nil {
		fmt.Fprintf(&s.b, "  %s until %s\n", r.Taken.By, r.Taken.Until.In(saigon).Format("15:04"))
	}
	if out.Erase {
		fmt.Fprintf(&s.b, "  erased, suppressed %v\n", out.Suppress)
	}
	for _, a := range out.Unsuppress {
		fmt.Fprintf(&s.b, "  no longer suppressed %v\n", a)
	}
}

func until(o campaigns.Outbound) string {
	if o.NotBefore.IsZero() {
		return ""
	}
	return " at " + o.NotBefore.In(saigon).Format("2006-01-02 15:04")
}

// showLedger tells the new entries: kind, reason, and the value where there is one.
func (s *story) showLedger() {
	if s.seen > len(s.p.ledger) {
		s.seen = 0 // erased
	}
	for _, e := range s.p.ledger[s.seen:] {
		words := []string{string(e.Kind), e.Question, e.Offer, e.Reason}
		if p, ok := e.Detail["new"].(preferences.Preference); ok {
			words = append(words, fmt.Sprint(p.Class, " ", p.Attribute, "=", p.Value.Text, number(p.Value.Min)))
			if old, ok := e.Detail["old"].(preferences.Preference); ok {
				words = append(words, "was "+old.Value.Text)
			}
		}
		words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
		fmt.Fprintf(&s.b, "  %s\n", strings.Join(words, " "))
	}
	s.seen = len(s.p.ledger)
}

func number(x *float64) string {
	if x == nil {
		return ""
	}
	return fmt.Sprint(*x)
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
