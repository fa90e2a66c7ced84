package campaigns

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hoidap/hoidap/preferences"
)

// replyLasts is how long an answer to the customer is worth delivering: a day later it would only confuse.
const replyLasts = 24 * time.Hour

// What a message of ours was about, where a later step asks.
const (
	aboutForget     = "forget"      // asks for the confirmation of an erasure
	aboutHandedOver = "handed_over" // a person will look
	aboutNothing    = "nothing_open"
	aboutThanks     = "thanks"
	aboutHello      = "hello" // they pressed start
	aboutStart      = "start"
	aboutStop       = "stop"
	aboutHelp       = "help"
	aboutData       = "data"
	aboutAgent      = "agent"
	aboutQuestion   = "question" // the open question, after one of the customer's
	aboutProof      = "proof"    // a code or link, to an address that may be theirs
	aboutFinish     = "finish"   // the conversation's end
	aboutPerson     = "person"   // what one of the brand's people wrote
)

// queue puts a message on its way and remembers it.
func (t *turn) queue(o Outbound, about string) { t.queueBy(o, target{}, about) }

// queueBy is queue, and says in the ledger which ways were passed over for the one that was chosen.
func (t *turn) queueBy(o Outbound, to target, about string) {
	t.s.Seq++
	o.ID = t.s.ID + "." + itoa(t.s.Seq)
	o.Contact, o.Queued = t.s.ID, t.now
	o.Handle = t.replyToken(o)
	if c := t.s.Contact; c != nil && strings.Contains(o.Text, c.Name) {
		o.Fixed = append(o.Fixed, marked(c.Name)...)
	}
	t.out.Send = append(t.out.Send, o)
	t.spend(o)
	t.countAd(o)
	m := Message{
		ID: o.ID, Class: o.Class, Run: o.Run, Campaign: o.Campaign, Question: o.Question, First: o.First, About: about,
		Status: "queued", At: t.now,
	}
	e := preferences.Entry{
		Kind: preferences.EntryQueued, Message: o.ID, Class: o.Class, Text: o.told(), Campaign: o.Campaign, Run: o.Run,
		Question: o.Question, Offer: o.Offer, Detail: map[string]any{"account": o.Account},
	}
	if len(to.passed) > 0 {
		e.Detail["passed_over"] = passedOver(to.passed)
	}
	if !o.PageUntil.IsZero() {
		e.Detail["page_until"] = o.PageUntil
	}
	if o.Template != nil {
		e.Detail["template"] = o.Template.ID
	}
	if o.Held {
		m.Status, e.Kind, e.Detail["until"] = "held", preferences.EntryHeld, o.NotBefore
		e.Reason = t.heldFor
	}
	if about == aboutProof {
		m.To = o.To
	}
	t.tellsWho(&e, about)
	t.remember(m)
	t.note(e)
}

// replyToken is the event's reply token where o is the first answer to whoever wrote, on the account where they did; else "".
func (t *turn) replyToken(o Outbound) string {
	if t.handled || t.e.Handle == "" || o.Class != ClassReply && o.Class != ClassControl || o.Account != t.e.Account || o.To != t.e.From {
		return ""
	}
	t.handled = true
	return t.e.Handle
}

// marked are those of the words that have letters beyond ASCII: others look the same in every writing.
func marked(words ...string) (some []string) {
	for _, w := range words {
		if len(w) != utf8.RuneCountInString(w) {
			some = append(some, w)
		}
	}
	return some
}

// passedOver is the reasons by account as the ledger has them.
func passedOver(by map[string]string) map[string]any {
	if len(by) == 0 {
		return nil
	}
	out := make(map[string]any, len(by))
	for account, why := range by {
		out[account] = why
	}
	return out
}

// remember keeps the message, and forgets the oldest one that nothing is waited for.
func (t *turn) remember(m Message) {
	t.s.Messages = append(t.s.Messages, m)
	if len(t.s.Messages) <= KeepMessages {
		return
	}
	i := slices.IndexFunc(t.s.Messages[:len(t.s.Messages)-1], func(m Message) bool { return !(m.First && pending(m.Status)) })
	t.s.Messages = slices.Delete(t.s.Messages, max(i, 0), max(i, 0)+1)
}

// answer says something to the customer who wrote, and reports whether there is a way to.
func (t *turn) answer(class, text, about string) bool {
	return t.answerWith(Outbound{Class: class, Text: text}, about)
}

func (t *turn) answerWith(o Outbound, about string) bool {
	to, ok := t.back(o.Class)
	if !ok {
		t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: o.Class, Text: o.told(), Reason: "no_route"})
		return false
	}
	o.Account, o.To = to.route.Account, to.to
	if o.Class == ClassReply {
		o.Expires = t.now.Add(replyLasts)
	}
	t.queue(o, about)
	return true
}

// answerDaily says of something that was given to a person that it was: once a day, and again where that person has dealt with
// all that came before, or we have said something else since, so that who asks anew is not met with silence. The rest of the day
// the ledger says why not.
func (t *turn) answerDaily(text, about string) {
	most := 1
	if len(t.s.Open) <= 1 || !t.saidLast(about) { // Open has what came just now
		most = 3
	}
	t.answerUpTo(most, ClassReply, text, about)
}

// saidLast reports whether the last thing that we said was about that.
func (t *turn) saidLast(about string) bool {
	n := len(t.s.Messages)
	return n > 0 && t.s.Messages[n-1].About == about
}

// answerOften answers a word each time, as long as it can be a person who writes it: two machines that answer each
// other come to an end.
func (t *turn) answerOften(text, about string) { t.answerUpTo(oftenMost, ClassControl, text, about) }

// oftenMost is how often a word is answered within a day.
const oftenMost = 3

func (t *turn) answerUpTo(most int, class, text, about string) {
	t.answerWithUpTo(most, Outbound{Class: class, Text: text}, about)
}

func (t *turn) answerWithUpTo(most int, o Outbound, about string) {
	if t.said(about) >= most {
		t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: o.Class, Reason: "answered_today"})
		return
	}
	t.answerWith(o, about)
}

// said is how often we said something about that within the last day.
func (t *turn) said(about string) (n int) {
	for _, m := range t.s.Messages {
		if m.About == about && t.now.Sub(m.At) < 24*time.Hour {
			n++
		}
	}
	return n
}
