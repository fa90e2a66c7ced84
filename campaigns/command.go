package campaigns

import (
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
)

// command does what the customer wishes about the messages themselves. Its words are never read as an answer.
func (t *turn) command(r understand.Reading) {
	t.note(preferences.Entry{
		Kind: preferences.EntryCommand, Reason: string(r.Command), Text: clip(t.e.Text, textMax),
		Detail: map[string]any{"rule": r.Rule, "words": r.Words, "confidence": r.Confidence},
	})
	switch r.Command {
	case understand.Stop:
		t.stop(r)
	case understand.Start:
		t.start()
	case understand.Help:
		t.help()
	case understand.Data:
		t.data()
	case understand.Forget:
		t.forget()
	default: // a person, and whatever wish this version does not know
		t.agent()
	}
}

// stop: from here on nothing that we begin reaches them. They get one confirmation, and on repeating it none.
func (t *turn) stop(r understand.Reading) {
	already := t.s.Contact.Suppressed
	if already != nil && already.Confirmed {
		t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: ClassControl, Reason: "stop_confirmed_before"})
		return
	}
	reason := stopReason(r)
	if already == nil {
		t.suppress(&preferences.Suppression{
			Reason: reason, Text: clip(t.e.Text, textMax), MessageID: t.e.MessageID, At: t.happened(),
		})
	}
	t.consent(false, string(t.e.Channel)+" "+reason)
	text := t.phrase(sayStop, map[string]string{"received": t.clock(t.happened()), "effective": t.clock(t.now)})
	if back := t.wayBack(); back != "" {
		text += " " + back
	}
	t.s.Contact.Suppressed.Confirmed = t.providerAnswered() || t.seenOften() ||
		t.answerWith(Outbound{Class: ClassControl, Text: text, Once: true}, aboutStop)
}

// seenOften reports whether they stop on a page, which confirms it itself, and messages have confirmed it often enough today:
// pressing a button again and again must cost nobody anything.
func (t *turn) seenOften() bool {
	often := t.e.Account == Web && t.said(aboutStop) >= oftenMost
	if often {
		t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: ClassControl, Reason: "answered_today"})
	}
	return often
}

// wayBack says behind the confirmation of a stop how they start again, for only their own word does: by answering it, where they
// just wrote where nobody can answer it, or by an app in which they know us. It is empty where there is no such way.
func (t *turn) wayBack() string {
	to, ok := t.back(ClassControl)
	wrote, known := t.w.route(t.e.Account)
	switch {
	case !ok:
		return ""
	case to.route.Inbound:
		return t.phrase(sayBack, nil)
	case known && wrote.Inbound:
		return t.phrase(sayBackThere, nil)
	}
	for _, r := range t.w.Routes {
		// A number is theirs whether or not they know ours; who has an address in an app has met us there.
		if _, met := t.placeOn(r, address.Address{}); met && r.Inbound && !r.Draining && r.Channel.Scheme() != address.Tel {
			return t.phrase(sayBackBy, map[string]string{"channel": r.Channel.Title()})
		}
	}
	return ""
}

// providerAnswered reports whether the provider has confirmed the word itself: nobody wants two confirmations.
func (t *turn) providerAnswered() bool {
	if t.e.Confirmed {
		t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: ClassControl, Reason: "provider_confirmed"})
	}
	return t.e.Confirmed
}

// stopReason is keyword where the whole message was one, phrase where it was said in free words.
func stopReason(r understand.Reading) string {
	switch {
	case strings.Contains(r.Rule, "wrong"):
		return "wrong_number"
	case strings.Contains(r.Rule, "phrase"), strings.Contains(r.Rule, "clause"):
		return "phrase"
	}
	return "keyword"
}

// clock writes a time as the confirmation of an opt-out must name it, on the customer's own clock.
func (t *turn) clock(at time.Time) string { return at.In(t.zone()).Format("15:04 02/01/2006") }

// suppress stops everything that we would begin ourselves.
func (t *turn) suppress(s *preferences.Suppression) {
	t.s.Contact.Suppressed, t.touched = s, true
	t.note(preferences.Entry{Kind: preferences.EntrySuppressed, Reason: s.Reason, Text: s.Text})
	t.endProof(compliance.OptedOut)
	t.stopAll(compliance.OptedOut)
}

// stopAll ends the conversation, gives up what waits and takes back what is queued.
func (t *turn) stopAll(reason string) {
	if c := t.s.Conversation; c != nil && reason != "erased" {
		t.count(c.Run, CountOptedOut, 1)
	}
	t.end(preferences.EntryStopped, reason)
	t.s.Ended = nil
	t.dropWaiting(reason, func(Waiting) bool { return true })
	t.withdraw(reason)
}

// consent records a yes or no to marketing with the customer's own words as the evidence.
func (t *turn) consent(granted bool, source string) {
	t.addConsent(preferences.Consent{
		Purpose: preferences.Marketing, Granted: granted, Source: strings.TrimSpace(source), Wording: clip(t.e.Text, textMax),
		Channel: string(t.e.Channel), MessageID: t.e.MessageID, At: t.happened(), RecordedAt: t.now,
	})
}

func (t *turn) addConsent(c preferences.Consent) {
	t.s.Contact.Consents = outdated(append(t.s.Contact.Consents, c))
	t.touched = true
	detail := map[string]any{"purpose": c.Purpose, "granted": c.Granted, "source": c.Source, "at": c.At}
	if len(c.Channels) > 0 {
		detail["channels"] = c.Channels
	}
	t.note(preferences.Entry{
		Kind: preferences.EntryConsent, Reason: c.Purpose, Text: c.Wording,
		Detail: detail,
	})
}

// consentsMax bounds the records of consents that a contact carries; the ledger has them all.
const consentsMax = 200

// outdated leaves out, where there are too many records, the oldest ones that a newer one outdates.
func outdated(all []preferences.Consent) []preferences.Consent {
	for len(all) > consentsMax {
		i := slices.IndexFunc(all, func(r preferences.Consent) bool { return isOutdated(all, r) })
		if i < 0 {
			break
		}
		all = slices.Delete(all, i, i+1)
	}
	return all
}

// isOutdated reports whether r, which is one of them, is outdated by another; of several of the same time the last counts.
func isOutdated(all []preferences.Consent, r preferences.Consent) bool {
	itself := false
	for _, o := range all {
		if sameConsent(o, r) {
			itself = true
			continue
		}
		if o.Outdates(r) && (itself || o.At.After(r.At)) {
			return true
		}
	}
	return false
}

// start: they want messages (again). Only their own word lifts a suppression.
func (t *turn) start() {
	t.lift()
	t.consent(true, string(t.e.Channel)+" keyword")
	if !t.providerAnswered() {
		t.answerOften(t.phrase(sayStart, nil), aboutStart)
	}
}

// lift takes the contact off every list that stops messages.
func (t *turn) lift() {
	c := t.s.Contact
	listed := t.s.Listed // only known of newcomers; of others by their reason
	if c.Suppressed != nil {
		listed = listed || c.Suppressed.Reason == forgotten
		t.note(preferences.Entry{Kind: preferences.EntryUnsuppressed, Reason: c.Suppressed.Reason, Text: clip(t.e.Text, textMax)})
		c.Suppressed, t.touched = nil, true
	}
	if listed {
		t.s.Listed = false
		t.out.Unsuppress = append(t.out.Unsuppress, c.Addresses...)
	}
}

func (t *turn) help() {
	text := t.phrase(sayHelp, nil)
	if t.w.Brand.Help != "" {
		text = joined(text, t.phrase(sayHelpContact, nil))
	}
	t.answerOften(text, aboutHelp)
}

func (t *turn) agent() {
	if t.taken() {
		t.toPerson()
		return
	}
	t.inbox("agent")
	t.handOver()
	t.answerOften(t.phrase(sayAgent, nil), aboutAgent)
}

// forget: erasing cannot be taken back, so the word must come twice within a day. The first answer says everything that
// a goodbye would say, because after the second there is nobody left to write to.
func (t *turn) forget() {
	if t.said(aboutForget) > 0 {
		t.eraseAll()
		return
	}
	t.inbox("forget")
	t.handOver()
	t.answer(ClassControl, t.phrase(sayForget, nil), aboutForget)
}
