package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"
)

// slowVisits is how often a stream is followed to its end.
const slowVisits = 3

// visitsFor bounds how long one page is asked for again and again: what is slow is known by few visits.
const visitsFor = 20 * time.Second

// view is a page, a live part or a list, and what came of asking for it.
type view struct {
	Name   string  `json:"name"`
	Path   string  `json:"path"`
	API    bool    `json:"api,omitempty"`
	Deep   bool    `json:"deep,omitempty"`   // the page that many next_cursors lead to
	Body   string  `json:"body,omitempty"`   // what is posted; empty: nothing is, it is asked for with GET
	Stream bool    `json:"stream,omitempty"` // an event stream: timed until its first part
	Slow   bool    `json:"to_end,omitempty"` // it is followed to its end, so less often
	Until  string  `json:"until,omitempty"`  // of a stream: timed until a part has this
	Most   float64 `json:"most,omitempty"`   // ms at the median that are its own bar; 0: as all have it
	Visits int     `json:"visits"`
	Median float64 `json:"median"`           // ms
	P99    float64 `json:"p99"`              // ms; of fifty visits the slowest
	Whole  float64 `json:"whole"`            // ms until all of it had come, at the median
	Bytes  int     `json:"bytes"`            // of it, or of the largest part of a stream
	Assets int     `json:"assets"`           // bytes of what it loads, once in a browser's life, without what draws charts
	Charts int     `json:"charts,omitempty"` // bytes of that
	// Verdict is met, or what was missed.
	Verdict string `json:"verdict"`
}

// views are the pages of the console, its live parts, and the lists of the API.
func views(w landmarks) []*view {
	const console, api = "/console", "/api/v1"
	q := url.QueryEscape
	item := "?contact=" + q(w.of) + "&item=" + q(w.item)
	list := []*view{
		{Name: "overview", Path: console + "/overview"},
		{Name: "campaigns", Path: console + "/campaigns"},
		{Name: "a large campaign", Path: console + "/campaigns/everybody"},
		{Name: "a small campaign", Path: console + "/campaigns/small-002"},
		{Name: "editor", Path: console + "/campaigns/small-002/edit"},
		{Name: "editor, text", Path: console + "/campaigns/small-002/text"},
		{Name: "editor, versions", Path: console + "/campaigns/small-002/versions"},
		{Name: "preflight", Path: console + "/campaigns/small-002/preflight", Stream: true, Slow: true, Most: ms(countMost)},
		{Name: "calendar", Path: console + "/calendar"},
		{Name: "audience", Path: console + "/audience"},
		{Name: "audience, people", Path: console + "/audience/people?part=asked&rule=" + q(`prefs.style == "office"`)},
		{Name: "results", Path: console + "/results"},
		{Name: "results, large", Path: console + "/results/everybody?run=" + q(w.run)},
		{Name: "results, small", Path: console + "/results/small-002"},
		{Name: "results, people", Path: console + "/results/everybody/people?kind=understood&run=" + q(w.run)},
		{Name: "inbox", Path: console + "/inbox"},
		{Name: "inbox, an item", Path: console + "/inbox" + item},
		{Name: "inbox, a reason", Path: console + "/inbox?reason=agent"},
		{Name: "people", Path: console + "/people"},
		{Name: "people, on", Path: console + "/people?cursor=" + q("31."+w.person)},
		{Name: "a person", Path: console + "/people/" + w.person},
		{Name: "simulator", Path: console + "/simulator"},
		{Name: "channels", Path: console + "/channels"},
		{Name: "offers", Path: console + "/offers"},
		{Name: "audit", Path: console + "/audit"},
		{Name: "settings", Path: console + "/settings"},
		{Name: "search, a word", Path: console + "/search?q=" + q("chien dich")},
		{Name: "search, a number", Path: console + "/search?q=" + q(w.phone)},
		{Name: "live: overview", Path: console + "/overview/live", Stream: true},
		{Name: "live: campaigns", Path: console + "/campaigns/live", Stream: true},
		{Name: "live: a campaign", Path: console + "/campaigns/everybody/live", Stream: true},
		{Name: "live: inbox queue", Path: console + "/inbox/queue" + item, Stream: true},
		{Name: "live: inbox talk", Path: console + "/inbox/talk" + item, Stream: true},
		{Name: "live: a person", Path: console + "/people/" + w.person + "/talk", Stream: true},
		{Name: "live: channels", Path: console + "/channels/live", Stream: true},
		{Name: "results gathered, large", Path: console + "/results/everybody/live?anew=1&run=" + q(w.run), Stream: true, Slow: true, Most: ms(countMost)},
		{Name: "results kept, large", Path: console + "/results/everybody/live?run=" + q(w.run), Stream: true},
	}
	return append(append(list, counts()...), lists(w)...)
}

// counts are audiences: of everybody, of indexed conditions, and of others.
func counts() (list []*view) {
	for _, x := range []struct {
		name, rule string
		indexed    bool
	}{
		{"count: everybody", "", true},
		{"count: a consent", "consent.marketing", true},
		{"count: a preference is", `prefs.style == "office"`, true},
		{"count: two of three", `consent.marketing && (prefs.style == "office" || prefs.style == nil) && facts.tier == "gold"`, true},
		{"count: any of four", `prefs.style in ["office", "party"] || contact.locale == "en" || facts.city == "Huế"`, true},
		{"count: not indexed", `consent.marketing && facts.orders > 5`, false},
	} {
		v := &view{Name: x.name, Path: "/console/audience/count?anew=1&rule=" + url.QueryEscape(x.rule), Stream: true, Slow: true, Most: ms(countMost)}
		if x.indexed {
			v.Until = exactCount
		}
		list = append(list, v)
	}
	return list
}

// exactCount is what the part of the page has that shows how many a rule fits, once that is known.
const exactCount = `data-exact`

// judge holds it against its bars.
func (v *view) judge() {
	var wrong []string
	most, rare := ms(pageMedian), ms(pageMost)
	if v.Most > 0 {
		most, rare = v.Most, v.Most
	}
	if v.Median > most || v.P99 > rare {
		wrong = append(wrong, "slow")
	}
	if !v.API && !v.Stream && v.Bytes+v.Assets > pageWeight {
		wrong = append(wrong, "heavy")
	}
	if v.Verdict = met; len(wrong) > 0 {
		v.Verdict = missed + ": " + strings.Join(wrong, ", ")
	}
}

// String is what is said of it while others are measured.
func (v *view) String() string {
	return fmt.Sprintf("%s: median %s ms, p99 %s ms, %d bytes: %s", v.Name, number(v.Median), number(v.P99), v.Bytes, v.Verdict)
}

// barWidth is how many signs a bar of the table has that is as long as what a page may take.
const barWidth = 20

// bar is a time beside what it may be, as a row of signs: the whole width is the bar that is held against it.
func (v *view) bar() string {
	most := ms(pageMedian)
	if v.Most > 0 {
		most = v.Most
	}
	n := int(v.Median / most * barWidth)
	if n > barWidth {
		return strings.Repeat("█", barWidth) + "▶"
	}
	return strings.Repeat("█", n) + strings.Repeat("·", barWidth-n)
}

// showViews prints the table.
func showViews(w io.Writer, views []*view) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "page\tmedian\t\tp99\tto its end\tKB\twith assets\tverdict\n")
	for _, v := range views {
		if v.Visits == 0 {
			continue
		}
		end, assets := "", ""
		if v.Slow {
			end = (time.Duration(v.Whole) * time.Millisecond).Round(time.Millisecond).String()
		}
		if v.Assets > 0 {
			assets = number(float64(v.Bytes+v.Assets) / 1024)
		}
		if v.Charts > 0 {
			assets += " + " + number(float64(v.Charts)/1024) + " of charts"
		}
		fmt.Fprintf(t, "%s\t%s ms\t%s\t%s ms\t%s\t%s\t%s\t%s\n", v.Name, number(v.Median), v.bar(), number(v.P99), end, number(float64(v.Bytes)/1024), assets, v.Verdict)
	}
	t.Flush() //nolint:errcheck // a terminal that is gone
	fmt.Fprintf(w, "A page may take %d ms at the median and %d ms at p99, the first word of a stream or count with a bar of its own %d ms, and weigh %d KB with all it loads but charts.\n",
		pageMedian.Milliseconds(), pageMost.Milliseconds(), countMost.Milliseconds(), pageWeight>>10)
}
