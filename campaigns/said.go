package campaigns

import (
	"slices"
	"unicode/utf8"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// said: one of the brand's people writes to the customer. It goes the way of every answer, and past the same gate; who
// writes has taken the conversation over from then on.
//
// Example: {"kind":"said","act":{"by":"Hoa","text":"Dạ còn size M ạ","item":{"id":"sms:SM7","reason":"question","account":"sms"}}}
func (t *turn) personSaid() {
	if !t.mayAct() {
		return
	}
	a := t.e.Act
	text := tidyLines(a.Text)
	if n := utf8.RuneCountInString(text); n == 0 || n > saidMax {
		t.refused(RefusedText, "a message has between 1 and 2000 characters")
		return
	}
	if t.s.Contact.Suppressed != nil && !t.isOpen(a.Item) {
		t.refused(RefusedStopped, "they have opted out: only what they write themselves may be answered")
		return
	}
	to, why := t.wayTo(a.Item)
	switch why {
	case "":
	case passWindow:
		t.refused(RefusedWindow, "their provider lets nobody write to them now: they must write first")
		return
	default:
		t.refused(RefusedNoRoute, "there is no way to answer them")
		return
	}
	t.take()
	t.queue(Outbound{
		Account: to.route.Account, To: to.to, Class: ClassReply, Text: text, Expires: t.now.Add(replyLasts), Person: true,
	}, aboutPerson)
	t.closeItem(byPerson)
	t.closeItems(byPerson, func(o Open) bool { return o.Reason == reasonTaken })
}

// isOpen reports whether an item waits for a person.
func (t *turn) isOpen(i *InboxItem) bool {
	return i != nil && slices.ContainsFunc(t.s.Open, func(o Open) bool {
		return o.ID == i.ID && o.Campaign == i.Campaign && o.Question == i.Question
	})
}

// wayTo is where an answer goes: the way that they wrote, else any that an answer can go; why says why there is none.
func (t *turn) wayTo(i *InboxItem) (to target, why string) {
	if i != nil {
		if r, ok := t.w.route(i.Account); ok {
			if to, why := t.by(r, wanted{class: ClassReply}); why == "" {
				return to, ""
			}
		}
	}
	if to, ok := t.back(ClassReply); ok {
		return to, ""
	}
	closed, _ := t.reach(wanted{class: ClassReply})
	for _, why := range closed.passed {
		if why == passWindow || why == passQuota { // either way it is theirs to write
			return to, passWindow
		}
	}
	return to, passNoAddress
}

// channelOf is the channel that an item came by.
func (t *turn) channelOf(i *InboxItem) address.Channel { return address.Channel(i.Channel) }

// tellsWho adds to a message's entry who of the brand's people wrote it.
func (t *turn) tellsWho(e *preferences.Entry, about string) {
	if about == aboutPerson && t.e.Act != nil {
		e.Detail["by"] = t.e.Act.By
	}
}
