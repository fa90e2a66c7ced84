package all_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// line is one thing that a page says of what an account can do.
type line struct{ what, is string }

// lines put capabilities into words.
func lines(channel address.Channel, c adapters.Capabilities) []line {
	return []line{
		{"who may write first", first(channel, c)},
		{"answers", choose(c.Inbound, "come back", "do not come back: a campaign names another way for them")},
		{"classes", classes(c.Carries)},
		{"text", choose(c.TextMax > 0, fmt.Sprintf("up to %d UTF-16 units a message; longer ones become several", c.TextMax), "no limit")},
		{"options", options(c.Options)},
		{"pictures and files", choose(c.MediaMax > 0, fmt.Sprintf("up to %d a message; others go as links in the text", c.MediaMax), "as links in the text")},
		{"when", window(c)},
		{"receipts", receipts(c.Reports)},
		{"a lost answer", repeat(c.Repeat)},
	}
}

func choose(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

// first: numbers are known before anybody has written; ids of a chat app are known from what its people did there.
func first(channel address.Channel, c adapters.Capabilities) string {
	switch {
	case channel.Scheme() != address.Tel:
		return "the customer"
	case c.Templates != adapters.TemplatesNever:
		return "the brand, by an approved template"
	case c.Window == 0:
		return "the brand"
	}
	return "the customer"
}

func classes(carries []adapters.Class) string {
	order := []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control}
	var has, lacks []string
	for _, class := range order {
		in := false
		for _, c := range carries {
			in = in || c == class
		}
		if in {
			has = append(has, string(class))
		} else {
			lacks = append(lacks, string(class))
		}
	}
	if len(lacks) == 0 {
		return "all"
	}
	if len(has) == 0 {
		return "none"
	}
	return strings.Join(has, ", ") + "; not " + strings.Join(lacks, ", ")
}

func options(o adapters.OptionLimits) string {
	if o.Max == 0 {
		return "numbered text"
	}
	return fmt.Sprintf("up to %d, with labels of up to %d characters; more or longer ones are numbered text", o.Max, o.LabelMax)
}

func window(c adapters.Capabilities) string {
	switch {
	case c.Templates == adapters.TemplatesAlways:
		return "at any time, approved templates only"
	case c.Window == 0:
		return "at any time"
	}
	free := span(c.Window) + " after the customer's last message"
	return choose(c.Templates == adapters.TemplatesOutside, free+"; outside it approved templates only", free+"; nothing outside it")
}

func span(d time.Duration) string {
	if d%(24*time.Hour) == 0 && d > 48*time.Hour {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	return fmt.Sprintf("%d hours", d/time.Hour)
}

func receipts(s adapters.Status) string {
	switch s {
	case adapters.Read:
		return "up to read"
	case adapters.Delivered:
		return "up to delivered"
	}
	return "none: messages stay sent"
}

func repeat(r adapters.Repeat) string {
	switch r {
	case adapters.Keyed:
		return "the message is sent again, and the provider drops the repeat"
	case adapters.Finds:
		return "the provider is asked whether it took the message"
	case adapters.Echoed:
		return "settled by a receipt that names our id"
	}
	return "cannot be settled: answers to people are sent again, ads are not"
}

// capabilitiesTable tells what an adapter can do as the first of its channels, what is otherwise as the others, and what
// other settings change.
func capabilitiesTable(modes []mode) string {
	if len(modes) == 0 {
		return ""
	}
	base := map[address.Channel][]line{}
	var order []string
	named := map[string][]string{} // who is so, by what is so
	note := func(what, who string) {
		if what == "" || slices.Contains(named[what], who) {
			return
		}
		if named[what] == nil {
			order = append(order, what)
		}
		named[what] = append(named[what], who)
	}
	for _, m := range modes {
		now := lines(m.channel, m.caps)
		if m.with == "" {
			base[m.channel] = now
			note(otherwise(base[modes[0].channel], now), "As `"+string(m.channel)+"`")
			continue
		}
		note(otherwise(base[m.channel], now), "With "+m.with)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "|%s | |\n|---|---|\n", choose(len(base) > 1, " as `"+string(modes[0].channel)+"`", ""))
	for _, l := range base[modes[0].channel] {
		fmt.Fprintf(&b, "| %s | %s |\n", l.what, l.is)
	}
	for i, what := range order {
		fmt.Fprintf(&b, "%s- %s: %s.\n", choose(i == 0, "\n", ""), strings.ReplaceAll(strings.Join(named[what], ", "), ", As ", ", "), what)
	}
	return b.String()
}

// otherwise is what differs; empty: nothing that is told.
func otherwise(base, now []line) string {
	var parts []string
	for i, l := range now {
		if l != base[i] {
			parts = append(parts, l.what+": "+l.is)
		}
	}
	return strings.Join(parts, "; ")
}

// comparison sets all adapters of the build beside each other.
func comparison(modes map[string][]mode) string {
	var b strings.Builder
	b.WriteString("| channel | adapter | who may write first | answers | free text | buttons | receipts | a lost answer |\n|---|---|---|---|---|---|---|---|\n")
	for _, channel := range address.Channels() {
		for _, name := range slices.Sorted(maps.Keys(modes)) {
			for _, m := range modes[name] {
				if m.channel != channel || m.with != "" {
					continue
				}
				c := m.caps
				fmt.Fprintf(&b, "| `%s` | [%s](%s.md) | %s | %s | %s | %s | %s | %s |\n", channel, name, name, first(channel, c), answersOf(modes[name], channel, c),
					shortWindow(c), choose(c.Options.Max > 0, fmt.Sprint(c.Options.Max), "-"), strings.TrimSuffix(receipts(c.Reports), ": messages stay sent"), shortRepeat(c.Repeat))
			}
		}
	}
	return b.String()
}

// answersOf says whether answers come back, in some mode at least.
func answersOf(modes []mode, channel address.Channel, c adapters.Capabilities) string {
	for _, m := range modes {
		if m.channel == channel && m.caps.Inbound != c.Inbound {
			return choose(c.Inbound, "yes, but not with ", "with ") + m.with
		}
	}
	return choose(c.Inbound, "yes", "no")
}

func shortWindow(c adapters.Capabilities) string {
	switch {
	case c.Templates == adapters.TemplatesAlways:
		return "never"
	case c.Window == 0:
		return "always"
	}
	return span(c.Window)
}

func shortRepeat(r adapters.Repeat) string {
	return map[adapters.Repeat]string{adapters.Keyed: "sent again, shown once", adapters.Finds: "looked up", adapters.Echoed: "settled by the receipt", adapters.Blind: "not settled"}[r]
}
