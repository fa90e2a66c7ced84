package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/preferences/address"
)

// segmentsMost is what carriers in Vietnam take of an ad: 3 segments.
const segmentsMost = 3

// sampleName stands for the customer: of usual length, without marks, since a name's marks are never taken off.
const sampleName = "Minh Trang"

// measured is what one question costs as SMS.
type measured struct {
	question *campaigns.Question
	campaign string
	locale   string
	as       adapters.SegmentInfo
	plain    adapters.SegmentInfo // without marks
}

// measure says what each question of a set costs as SMS, of the campaigns that may go by SMS.
func measure(set *files.Set, pack compliance.Pack, brand string, now time.Time) (out []measured) {
	route := campaigns.Route{Account: "sms", Channel: address.SMS, Inbound: true}
	w := &campaigns.World{Pack: pack, Campaigns: set.Campaigns, Brand: campaigns.Brand{Name: brand, Locale: "vi"}, Routes: []campaigns.Route{route},
		ReplyLink: func(string) string { return "https://msg.example.com/l/1c-0123456789ab" }}
	for _, id := range slices.Sorted(maps.Keys(set.Campaigns)) {
		c := set.Campaigns[id]
		if len(c.Channels) > 0 && !slices.Contains(c.Channels, address.SMS) {
			continue
		}
		r := route
		r.Inbound = c.Replies == nil
		for i := range c.Questions {
			q := &c.Questions[i]
			for _, locale := range slices.Sorted(maps.Keys(q.Ask.Text)) {
				text := onAir(w.Preview(c, q, r, locale, sampleName, now))
				out = append(out, measured{q, id, locale, adapters.Segments(text), adapters.Segments(adapters.WithoutMarks(text))})
			}
		}
	}
	return out
}

// onAir is a message's text with its options, as an account without buttons sends it.
func onAir(o campaigns.Outbound) string {
	m := adapters.Message{ID: "preview", Text: o.Text}
	for _, x := range o.Options {
		m.Options = append(m.Options, adapters.Option{Payload: x.Payload, Label: x.Label})
	}
	parts, _, err := adapters.Fit(m, adapters.Capabilities{})
	if err != nil || len(parts) == 0 {
		return o.Text
	}
	return parts[0].Text
}

// tooLong are the questions that carriers would refuse, as warnings.
func tooLong(ms []measured) (out files.Problems) {
	for _, m := range ms {
		if m.as.Count <= segmentsMost {
			continue
		}
		cure := "shorten it"
		if m.plain.Count <= segmentsMost {
			cure += fmt.Sprintf(", or set marks: save on the account: without its marks it takes %d", m.plain.Count)
		}
		file, line := standsAt(m.question.Source)
		out = append(out, files.Problem{File: file, Line: line, Column: 1, Message: fmt.Sprintf("%s in %s takes %d SMS segments (%s); carriers take %d",
			m.question.ID, m.locale, m.as.Count, m.as.Encoding, segmentsMost), Hint: cure})
	}
	return out
}

// standsAt takes "autumn.yaml:12" apart.
func standsAt(s string) (file string, line int) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0
	}
	line, err := strconv.Atoi(s[i+1:])
	if err != nil {
		return s, 0
	}
	return s[:i], line
}

// list writes what each question costs.
func list(out io.Writer, ms []measured) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "campaign\tquestion\tlanguage\tsegments\tcoded as\twithout marks\tbecause of")
	for _, m := range ms {
		var because []string
		for _, r := range m.as.Offenders[:min(len(m.as.Offenders), 12)] {
			because = append(because, string(r))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%d\t%s\n", m.campaign, m.question.ID, m.locale, m.as.Count, m.as.Encoding, m.plain.Count, strings.Join(because, " "))
	}
	t.Flush() //nolint:errcheck // as the lines themselves
}
