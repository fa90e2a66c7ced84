package campaigns

import (
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
)

// next is the first question that is still to be asked: not asked before in this conversation, not answered freshly
// by the contact themselves, and its `when` holds. why says of the others what kept them out.
func (t *turn) next(c *Campaign, conv *Conversation) (q *Question, why map[string]any) {
	why = map[string]any{}
	for i := range c.Questions {
		q := &c.Questions[i]
		if slices.Contains(conv.Asked, q.ID) || slices.Contains(conv.Skipped, q.ID) {
			continue
		}
		skipped := t.skips(q, conv.Event)
		if skipped == "" {
			return q, why
		}
		why[q.ID] = skipped
	}
	return nil, why
}

// skips is why a question need not be asked, or must not; "" where it is to be.
func (t *turn) skips(q *Question, event map[string]any) (why string) {
	if _, declined := t.s.Contact.Declined[q.Attribute]; declined {
		return "declined_before"
	}
	if t.fresh(q) {
		return "fresh"
	}
	switch held, problem := t.holds(q.When, event); {
	case held:
		return ""
	case problem != "":
		return "when_error: " + problem
	}
	return "when_false"
}

// notNow is why a message that asks a question is not sent, by why the question need not be asked.
func notNow(why string) string {
	switch why {
	case "fresh":
		return "answered_since"
	case "declined_before":
		return why
	}
	return "when_false"
}

// fresh reports whether the customer's own answer is still young enough, by the preference's own word and by this
// question's. What somebody else claimed about them never stands in for their answer.
func (t *turn) fresh(q *Question) bool {
	p, ok := t.s.Contact.Preferences[q.Attribute]
	if !ok || p.Class != preferences.Declared || !p.Fresh(t.now) {
		return false
	}
	return q.FreshFor <= 0 || t.now.Before(p.Evidence.At.Add(q.FreshFor))
}

// askFirst begins a conversation. Its first question is an ad: it needs consent, and waits for the end of quiet hours.
// start is when it may begin at the earliest.
func (t *turn) askFirst(c *Campaign, r Waiting, q *Question, to target, start time.Time, counted bool) {
	v := t.mayAsk(c, to, start)
	if v.Action == compliance.Drop {
		t.exclude(r, counted, v.Reason, nil)
		return
	}
	t.s.Conversation = &Conversation{
		ID: conversationID(r.Run, t.s.ID), Campaign: r.Campaign, Run: r.Run, Route: to.route.Account, To: to.to, Started: t.now,
		Event: r.Event,
	}
	o := t.firstQuestion(c, q, to, start, v)
	if counted {
		t.count(r.Run, CountHeld, -1)
	}
	t.count(r.Run, CountAsked, 1)
	t.count(r.Run, bucket[statusAt(o)], 1)
	t.queueBy(o, to, "")
}

// firstQuestion opens q as the first of the conversation, and is the message that asks it: from start on, or once the gate
// allows it.
func (t *turn) firstQuestion(c *Campaign, q *Question, to target, start time.Time, v compliance.Verdict) Outbound {
	t.heldFor = "local_time"
	if v.Action == compliance.Defer {
		start, t.heldFor = v.Until, v.Reason
	}
	t.open(c, q, start)
	o := t.question(c, q, ClassAd, to)
	o.First, o.Held = true, start.After(t.now)
	if o.Held {
		o.NotBefore = start
	}
	return o
}

// statusAt is what becomes of a message as it is put on its way.
func statusAt(o Outbound) string {
	if o.Held {
		return "held"
	}
	return "queued"
}

// startOf is when a run of the campaign may begin with the contact: now, or at a time on their own clock.
func (t *turn) startOf(c *Campaign, local string) time.Time {
	if c.onTheirClock() {
		return t.localStart(local)
	}
	return t.now
}

// onTheirClock reports whether runs of the campaign begin at a time on each contact's own clock.
func (c *Campaign) onTheirClock() bool {
	return c.Schedule != nil && c.Schedule.ZoneName == ZoneContact
}

func conversationID(run, contact string) string { return run + ":" + contact }

// localStart is the time that local ("2006-01-02T15:04", or "15:04" of today) names on the contact's own clock, where
// that is still to come; else now.
func (t *turn) localStart(local string) time.Time {
	zone := t.zone()
	at, err := time.ParseInLocation("2006-01-02T15:04", local, zone)
	if err != nil {
		clock, err := time.Parse("15:04", local)
		if err != nil {
			return t.now
		}
		y, m, d := t.now.In(zone).Date()
		at = time.Date(y, m, d, clock.Hour(), clock.Minute(), 0, 0, zone)
	}
	if !at.After(t.now) || at.Sub(t.now) > 48*time.Hour { // no two clocks are further apart
		return t.now
	}
	return at
}

// open makes q the open question from at on.
func (t *turn) open(c *Campaign, q *Question, at time.Time) {
	conv := t.s.Conversation
	conv.Question, conv.Tries, conv.Reminded, conv.HandedOver, conv.Maybe = q.ID, 0, false, false, nil
	conv.Asked = append(conv.Asked, q.ID)
	t.waitFor(c, q, at)
	t.note(preferences.Entry{Kind: preferences.EntryAsked, Campaign: c.ID, Run: conv.Run, Question: q.ID})
}

// waitFor starts the clocks of the open question: the reminder's and the end's.
func (t *turn) waitFor(c *Campaign, q *Question, at time.Time) {
	conv := t.s.Conversation
	conv.AskedAt, conv.Expires = at, at.Add(c.expires())
	conv.Remind = time.Time{}
	if q.RemindAfter > 0 && q.RemindAfter < c.expires() && !conv.Reminded && !conv.HandedOver {
		conv.Remind = at.Add(q.RemindAfter)
	}
}

func (c *Campaign) expires() time.Duration {
	if c.Expires > 0 {
		return c.Expires
	}
	return DefaultExpires
}

// question is the message that asks q.
func (t *turn) question(c *Campaign, q *Question, class string, to target) Outbound {
	return t.asking(c, q, class, to, t.fill(Texts(q.Ask.Text).In(t.locale(), t.w.locale()), nil))
}

// asking is a message with that text that shows q's options, in the way that suits class and channel.
func (t *turn) asking(c *Campaign, q *Question, class string, to target, text string) Outbound {
	conv := t.s.Conversation
	o := Outbound{
		To: to.to, Account: to.route.Account, Class: class, Campaign: c.ID, Run: conv.Run, Question: q.ID, Text: text,
		Expires: conv.Expires,
	}
	o.Options = t.buttons(q, to.route) // where the channel shows none, and the text does not list them, they are added as text
	o.Template = t.filled(to.template)
	t.tellHow(&o, to.route, c.Replies)
	if class != ClassAd {
		return o
	}
	o.Purpose = c.purpose()
	if len(t.w.Pack.Marks[to.route.Channel].Footer) > 0 && to.route.Options < len(o.Options) && !lists(o.Text, o.Options) {
		// How to refuse must be the last part: options that will be text anyway have to go in front of it.
		o.Text = numbered(o.Text, o.Options)
	}
	o.Text = t.w.Pack.Mark(to.route.Channel, compliance.Wording{
		Text: o.Text, Locale: t.locale(), Brand: t.w.Brand.Name, First: !t.advertised(), Link: o.Link,
	})
	return o
}

// advertised reports whether an ad has left for this contact, as far as is remembered.
func (t *turn) advertised() bool {
	return slices.ContainsFunc(t.s.Messages, func(m Message) bool { return m.Class == ClassAd && bucket[m.Status] == CountSent })
}

// lists reports whether text itself shows every option right after its number: "1. Thể thao 2. Công sở". Where it is less sure
// than adapters.Fit, which has the last word, the options stand there twice; the other way round they would come behind the footer.
func lists(text string, options []OutOption) bool {
	text = strings.ToLower(text)
	for _, o := range options {
		if !slices.ContainsFunc([]string{". ", ".", ") ", ")", ": ", ":", "-", " - ", " = ", "=", " "}, func(sign string) bool {
			before, _, found := strings.Cut(text, o.Payload+sign+strings.ToLower(o.Label))
			return found && !strings.ContainsAny(before[max(0, len(before)-1):], "0123456789")
		}) {
			return false
		}
	}
	return true
}

func numbered(text string, options []OutOption) string {
	for _, o := range options {
		text += "\n" + o.Payload + ". " + o.Label
	}
	return text
}
