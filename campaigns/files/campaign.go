package files

import (
	"math"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/config/nearest"
	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// questionsMax bounds a campaign: nobody answers more in a chat.
const questionsMax = 30

// campaign reads a document that begins with campaign.
//
// Example:
//
//	campaign: autumn-style
//	questions:
//	  - {id: style, kind: text, text: "Chị thích phong cách nào?"}
func (l *loading) campaign(doc strict.Value) {
	g := doc.Group("campaign", "name", "purpose", "schedule", "audience", "channels", "replies", "questions", "offers", "thanks", "expires")
	c := &campaigns.Campaign{Purpose: preferences.Marketing, Source: g.Get("campaign").Place().FileLine()}
	id, isNew := l.id(g.Need("campaign", "autumn-style"), "campaign")
	c.ID, c.Name = id, g.Get("name").Text()
	if c.Name == "" {
		c.Name = id
	}
	if v := g.Get("purpose"); v.Present() {
		c.Purpose = l.purpose(v)
	}
	c.Schedule = l.schedule(g.Get("schedule"), id)
	l.condition(g.Get("audience"), &c.Audience)
	c.Channels = l.channels(g.Get("channels"))
	c.Replies = l.replies(g.Get("replies"))
	c.Expires = duration(g.Get("expires"), time.Minute, 30*day)
	l.questions(g.Need("questions", "a list with id, kind and text of each"), c)
	c.Offers = l.offersOf(g.Get("offers"), id)
	c.Thanks = l.template(g.Get("thanks"))
	l.answerable(g, c)
	if isNew {
		l.set.Campaigns[id] = c
	}
}

func (l *loading) purpose(v strict.Value) string {
	s := v.Text()
	if s != "" && !attributeForm.MatchString(s) {
		v.Fail("write one word, such as marketing or profiling", "%q cannot be a purpose", s)
		return s
	}
	l.purposes = append(l.purposes, v)
	return s
}

// known is the purposes of the campaigns, beside those that have a name everywhere. What is almost another one's is told of:
// nobody will have agreed to it.
func (l *loading) known() []string {
	known := preferences.Purposes()
	for _, v := range l.purposes {
		s, _ := v.Scalar()
		if meant := nearest.Slip(s, known); meant != "" {
			l.warnings.Add(v.Place(), "did you mean "+meant+"?", "%q is almost a purpose that there is", s)
		}
		known = append(known, s)
	}
	return known
}

func (l *loading) channels(v strict.Value) []address.Channel {
	var names []string
	for _, c := range address.Channels() {
		names = append(names, string(c))
	}
	var out []address.Channel
	for _, m := range v.List() {
		c := address.Channel(m.OneOf(names...))
		if c != "" && slices.Contains(out, c) {
			m.Fail("leave it out", "%s is there already", c)
			continue
		}
		if c != "" {
			out = append(out, c)
		}
	}
	known := func(c address.Channel) bool { return slices.Contains(l.opts.Channels, c) }
	if len(out) > 0 && len(l.opts.Channels) > 0 && !slices.ContainsFunc(out, known) {
		v.Fail("add an account for one of them, or name another channel", "no account carries any of these channels")
	}
	return out
}

func (l *loading) offersOf(v strict.Value, campaign string) []string {
	var out []string
	for _, m := range v.List() {
		id := m.Text()
		switch {
		case id == "":
		case slices.Contains(out, id):
			m.Fail("leave it out", "%s is there already", id)
		default:
			out = append(out, id)
			l.set.times.gives[offered{campaign, id}] = m.Place()
			l.references = append(l.references, reference{value: m, id: id})
		}
	}
	return out
}

func (l *loading) questions(v strict.Value, c *campaigns.Campaign) {
	list := v.List()
	if v.IsList() && len(list) == 0 {
		v.Fail("write at least one", "there is no question")
	}
	if len(list) > questionsMax {
		v.Fail("", "there are %d questions; %d are the most", len(list), questionsMax)
		return
	}
	c.Questions = make([]campaigns.Question, len(list)) // of its final size: the rules point into it
	ids, earlier := map[string]strict.Place{}, map[string]bool{}
	for i, m := range list {
		l.question(m, c, &c.Questions[i], ids, earlier)
	}
}

const day = 24 * time.Hour

// duration reads "180d", "24h", "2h30m".
func duration(v strict.Value, least, most time.Duration) time.Duration {
	if !v.Present() {
		return 0
	}
	s, ok := v.Scalar()
	if !ok {
		return 0
	}
	d, ok := expr.ParseDuration(s)
	switch {
	case !ok:
		v.Fail(`write it like 30d, 24h or 2h30m`, "%q is not a duration", s)
		return 0
	case d < least:
		v.Fail("", "%s must be at least %s", v.Name(), short(least))
		return 0
	case d > most:
		v.Fail("", "%s must be at most %s", v.Name(), short(most))
		return 0
	}
	return d
}

func short(d time.Duration) string {
	if d >= day {
		return itoa(int(math.Round(d.Hours()/24))) + "d"
	}
	if d >= time.Hour {
		return itoa(int(d.Hours())) + "h"
	}
	return itoa(int(d.Minutes())) + "m"
}
