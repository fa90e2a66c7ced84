package campaigns

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// providerOptOut: the customer stopped, blocked or unfollowed us at the provider, which has told them so.
//
// Example: {"kind":"provider_opt_out","from":"zalo:123","account":"zalo"}
func (t *turn) providerOptOut() {
	if t.s.Contact == nil {
		t.create(t.e.From)
	}
	t.meet()
	if s := t.s.Contact.Suppressed; s != nil {
		s.Confirmed, t.touched = true, true
		return
	}
	t.suppress(&preferences.Suppression{
		Reason: "provider", Text: clip(t.e.Text, textMax), MessageID: t.e.MessageID, Confirmed: true, At: t.happened(),
	})
	t.consent(false, "provider")
}

// providerOptIn: they came back at the provider. That takes back what the provider's opt-out took, and nothing else:
// who told us themselves to stop stays stopped until they say so themselves, and a new follower has not agreed to ads.
// Where the event carries the word that they wrote (START), it is their own.
func (t *turn) providerOptIn() {
	if t.s.Contact == nil {
		t.create(t.e.From)
	}
	t.meet()
	s := t.s.Contact.Suppressed
	wrote := strings.TrimSpace(t.e.Text) != ""
	switch {
	case wrote:
		t.lift()
		t.consent(true, string(t.e.Channel)+" keyword")
	case s != nil && (s.Reason == "provider" || s.Reason == "blocked"):
		t.lift()
		if c := t.s.Contact; len(c.Consents) > 0 && t.withdrewLast() {
			t.consent(true, "provider")
		}
	default:
		t.note(preferences.Entry{Kind: preferences.EntryEvent, Reason: string(ProviderOptIn)})
	}
	if t.pressed() && !wrote {
		t.hear()
		t.welcomeIn()
	}
}

// pressed reports whether they came in by pressing start in the chat: their message stands there, and waits for an answer. Who
// follows or unblocks us somewhere else has said nothing.
func (t *turn) pressed() bool { return t.e.Kind == ProviderOptIn && t.e.MessageID != "" }

// welcomeIn answers whoever pressed start, and tells who has stopped us themselves how they come back.
func (t *turn) welcomeIn() {
	if t.s.Contact.Suppressed != nil {
		t.answerOften(t.phrase(sayStopped, nil), aboutHello)
		return
	}
	t.answerUpTo(3, ClassReply, t.phrase(sayHello, nil), aboutHello)
}

// withdrewLast reports whether a yes to marketing stood before the provider's opt-out took it.
func (t *turn) withdrewLast() bool {
	c := *t.s.Contact
	var before []preferences.Consent
	for _, r := range c.Consents {
		if r.Purpose == preferences.Marketing && !(r.Source == "provider" && !r.Granted) {
			before = append(before, r)
		}
	}
	c.Consents = before
	return c.Consented(preferences.Marketing)
}
