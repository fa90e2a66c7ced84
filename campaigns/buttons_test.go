package campaigns_test

import (
	"strconv"
	"testing"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
)

// asking is a contact who is asked q on a route; the message is what they were sent.
func asking(t *testing.T, q understand.Question, r campaigns.Route) (*sim, *person, campaigns.Outbound) {
	t.Helper()
	q.Text = map[string]string{"vi": "Mình thấy sao ạ?"}
	s, p := routed(t, nil, r)
	s.w.Campaigns["autumn"].Questions = []campaigns.Question{{ID: "q", Attribute: "q", Retries: 2, Ask: q}}
	out := s.asks(p)
	if len(out.Send) != 1 {
		t.Fatalf("not asked: %+v", out.Ledger)
	}
	return s, p, out.Send[0]
}

func bounds(lo, hi float64) understand.Question {
	return understand.Question{Kind: preferences.Rating, Min: &lo, Max: &hi}
}

// A yes, a no and marks are on buttons where all of them can be tapped, and add nothing to the text where they cannot.
func TestWhatHasButtons(t *testing.T) {
	t.Parallel()
	yesNo := understand.Question{Kind: preferences.YesNo}
	for name, c := range map[string]struct {
		q           understand.Question
		shows, want int
	}{
		"yes or no":            {yesNo, 2, 2},
		"room for one":         {yesNo, 1, 0},
		"no buttons":           {yesNo, 0, 0},
		"five marks":           {bounds(1, 5), 5, 5},
		"no room for the five": {bounds(1, 5), 3, 0},
		"from 0 to 10":         {bounds(0, 10), 13, 11},
		"from 0 to 10 of 10":   {bounds(0, 10), 10, 0},
		"a long scale":         {bounds(1, 100), 200, 0},
		"half marks":           {bounds(0.5, 2.5), 13, 0},
		"no scale":             {understand.Question{Kind: preferences.Rating}, 13, 0},
		"a number":             {understand.Question{Kind: preferences.Number}, 13, 0},
	} {
		_, _, o := asking(t, c.q, campaigns.Route{Account: "oa", Channel: address.Zalo, Inbound: true, Options: c.shows})
		if len(o.Options) != c.want || o.Text != "Mình thấy sao ạ?" {
			t.Errorf("%s: %q with %v", name, o.Text, o.Options)
		}
	}
}

// What is tapped counts in either language; what another question's button brings does not.
func TestWhatIsTapped(t *testing.T) {
	t.Parallel()
	yes, no := preferences.Value{Kind: preferences.YesNo, Bool: true}, preferences.Value{Kind: preferences.YesNo}
	for name, c := range map[string]struct {
		q             understand.Question
		payload, text string
		want          preferences.Value // none: asked again
	}{
		"yes":                      {understand.Question{Kind: preferences.YesNo}, "Có", "", yes},
		"yes, with its label":      {understand.Question{Kind: preferences.YesNo}, "Có", "Có", yes},
		"no":                       {understand.Question{Kind: preferences.YesNo}, "Không", "Không", no},
		"asked in English before":  {understand.Question{Kind: preferences.YesNo}, "No", "No", no},
		"a template's button":      {understand.Question{Kind: preferences.YesNo}, "2", "Không", no},
		"an older choice's":        {understand.Question{Kind: preferences.YesNo}, "1", "", preferences.Value{}},
		"an older choice's label":  {understand.Question{Kind: preferences.YesNo}, "1", "Thể thao", preferences.Value{}},
		"a mark":                   {bounds(1, 5), "4/5", "4", preferences.Exact(preferences.Rating, 4, "")},
		"a mark without its label": {bounds(1, 5), "4/5", "", preferences.Exact(preferences.Rating, 4, "")},
		"a mark said aloud":        {bounds(1, 5), "", "4/5", preferences.Exact(preferences.Rating, 4, "")},
		"no mark at all":           {bounds(0, 10), "0/10", "0", preferences.Exact(preferences.Rating, 0, "")},
		"of another scale":         {bounds(1, 5), "4/10", "", preferences.Value{}},
		"an older choice's number": {bounds(1, 5), "2", "", preferences.Value{}},
		"a yes to a mark":          {bounds(1, 5), "Có", "Có", preferences.Value{}},
	} {
		s, p, _ := asking(t, c.q, campaigns.Route{Account: "oa", Channel: address.Zalo, Inbound: true, Options: 13})
		s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "oa", Channel: address.Zalo, Payload: c.payload, Text: c.text, MessageID: "t1"})
		if got := p.state.Contact.Preferences["q"].Value; !got.Equal(c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Whatever the scale, typing what a button brings is read as what the button means.
func TestMarksMeanTheSameTyped(t *testing.T) {
	t.Parallel()
	for _, scale := range [][2]float64{{1, 5}, {0, 10}, {1, 10}, {1, 3}, {0, 5}} {
		q := bounds(scale[0], scale[1])
		_, _, o := asking(t, q, campaigns.Route{Account: "oa", Channel: address.Zalo, Inbound: true, Options: 13})
		for i, x := range o.Options {
			want := preferences.Exact(preferences.Rating, scale[0]+float64(i), "")
			for _, text := range []string{x.Payload, x.Label, strconv.Itoa(int(scale[0]) + i)} {
				r := understand.Read(understand.Ask{Question: &q, Locale: "vi"}, text)
				if r.Status != understand.Answered || !r.Value.Equal(want) || r.Confidence < 0.85 {
					t.Errorf("%v: %q is read as %+v", scale, text, r)
				}
			}
		}
	}
}
