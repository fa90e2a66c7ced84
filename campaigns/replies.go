package campaigns

import (
	"slices"
	"strings"

	"github.com/hoidap/hoidap/preferences/address"
)

// Replies says how answers come back where the way of the question is one-way, as a sender with the brand's name is.
type Replies struct {
	Link    bool   // by a page of the gateway's own, behind a link that works once
	Account string // by another account: a short code, a Zalo OA, WhatsApp
	Keyword string // what an answer to that account begins with; it is taken off before the answer is read. Empty: nothing
	How     Texts  // how the customer is told; {{link}} stands for the link. Nil, with Link: the product's own words
}

// Web names the account and channel of answers that came by the page behind a link. There is no such account to send by.
const Web = string(address.Web)

// answerable reports whether answers to a question that goes by the route can come back.
func (t *turn) answerable(r Route, c *Replies) bool {
	switch {
	case r.Inbound:
		return true
	case c == nil:
		return false
	case c.Link:
		return t.w.ReplyLink != nil
	}
	other, ok := t.w.route(c.Account)
	return ok && other.Inbound
}

// tellHow adds to a question that goes one way how its answer comes back. The page behind a link shows the options.
func (t *turn) tellHow(o *Outbound, r Route, c *Replies) {
	if r.Inbound || c == nil || o.Template != nil {
		return
	}
	how := c.How.In(t.locale(), t.w.locale())
	if !c.Link {
		o.Text = joined(numbered(o.Text, o.Options), t.fill(how, nil))
		o.Options = nil
		return
	}
	link := map[string]string{"link": t.w.ReplyLink(t.s.ID + "." + itoa(t.s.Seq+1))}
	if how == "" {
		how = t.phrase(sayByLink, link)
	}
	o.Options, o.Link = nil, true
	o.Text = joined(o.Text, t.fill(how, link))
}

// bare is the message's text without what answers to a short code begin with: that word is for the carrier, not for us.
func (t *turn) bare() string {
	conv := t.s.Conversation
	if conv == nil && t.s.Ended != nil {
		conv = &t.s.Ended.Conversation
	}
	if conv == nil {
		return t.e.Text
	}
	c := t.w.Campaigns[conv.Campaign]
	if c == nil || c.Replies == nil || c.Replies.Keyword == "" || c.Replies.Account != t.e.Account {
		return t.e.Text
	}
	text := strings.TrimSpace(t.e.Text)
	if n := len(c.Replies.Keyword); len(text) >= n && strings.EqualFold(text[:n], c.Replies.Keyword) {
		if rest := text[n:]; rest == "" || strings.ContainsAny(rest[:1], " \t\n:.,-") {
			return strings.TrimLeft(rest, " \t\n:.,-")
		}
	}
	return t.e.Text
}

// Unrepaid are the campaign's channels, where no route at all may tell those who answer what their answer earned; else
// nil. It need not be one of the campaign's own: whoever wrote is answered by the way they wrote.
func (c *Campaign) Unrepaid(routes []Route) []address.Channel {
	if slices.ContainsFunc(routes, func(r Route) bool {
		return r.says(ClassReply) && slices.ContainsFunc(c.of(routes), func(own Route) bool { return own.Channel.Scheme() == r.Channel.Scheme() })
	}) {
		return nil
	}
	return c.without(routes, func(Route) bool { return false })
}

// of is those of the routes that the campaign goes by.
func (c *Campaign) of(routes []Route) []Route {
	return slices.DeleteFunc(slices.Clone(routes), func(r Route) bool { return len(c.Channels) > 0 && !slices.Contains(c.Channels, r.Channel) })
}

// without are the campaign's channels where no route of them can; else nil.
func (c *Campaign) without(routes []Route, can func(Route) bool) (named []address.Channel) {
	for _, r := range c.of(routes) {
		if can(r) {
			return nil
		}
		if !slices.Contains(named, r.Channel) {
			named = append(named, r.Channel)
		}
	}
	return named
}

// OneWay are the campaign's channels, where none of their routes among those lets an answer come back and the campaign
// says no other way; else nil.
func (c *Campaign) OneWay(routes []Route) []address.Channel {
	if c.Replies != nil {
		return nil
	}
	return c.without(routes, func(r Route) bool { return r.Inbound })
}
