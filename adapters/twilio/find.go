package twilio

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/hoidap/hoidap/adapters"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// pageMax is how many of a recipient's newest messages are looked through: Twilio gives at most a thousand a page.
const pageMax = 200

// skew is how far Twilio's clock, which tells whole seconds, may be behind ours.
const skew = 2 * time.Second

// Find looks among the recipient's newest messages for one with m's text that is not older than m. It filters by
// recipient only: a message that waits in Twilio's queue has no sending date yet, and a Messaging Service may not have
// chosen the sender, so filters on those would hide just the messages in question. It answers with an error where it
// cannot tell. Twilio may list a message some moments after it took it: whoever asks should have waited since the Send,
// and believe "not taken" only then.
func (a *Adapter) Find(ctx context.Context, m adapters.Message) (adapters.Sent, bool, error) {
	to, err := a.to(m.To)
	if err != nil {
		return adapters.Sent{}, false, err
	}
	p := &api.ListMessageParams{}
	p.SetTo(to)
	p.SetPageSize(pageMax)
	c := a.begin(ctx)
	defer c.end()
	page, err := c.service.PageMessage(p, "", "")
	if err != nil {
		return adapters.Sent{}, false, err
	}
	since := m.Queued.Truncate(time.Second).Add(-skew)
	overrun := len(page.Messages) >= pageMax
	for i := range page.Messages {
		x := &page.Messages[i]
		at, ok := created(x)
		if ok && at.Before(since) {
			overrun = false // the page reaches back far enough
			continue
		}
		if !ok || !a.ours(x) || x.Sid != nil && slices.Contains(m.Others, *x.Sid) {
			continue
		}
		if m.Template != nil {
			return adapters.Sent{}, false, errors.New("a template's text cannot be compared: outcome unknown")
		}
		if x.Body != nil && same(*x.Body, m.Text) {
			return sent(x), true, nil
		}
	}
	if overrun {
		return adapters.Sent{}, false, errors.New("the recipient got too many messages to look through: outcome unknown")
	}
	return adapters.Sent{}, false, nil
}

func created(m *api.ApiV2010Message) (time.Time, bool) {
	if m.DateCreated == nil {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC1123Z, *m.DateCreated)
	return at, err == nil
}

// ours leaves out what the customer sent and what left by another Messaging Service.
func (a *Adapter) ours(m *api.ApiV2010Message) bool {
	if m.Direction != nil && strings.HasPrefix(*m.Direction, "inbound") {
		return false
	}
	return a.service == "" || m.MessagingServiceSid == nil || *m.MessagingServiceSid == a.service
}

// same compares by letters and digits: Twilio may fold quotes and dashes (smart encoding), and puts a sentence of its
// own before the texts of trial accounts.
func same(theirs, text string) bool {
	return theirs == text || text != "" && strings.HasSuffix(letters(theirs), letters(text))
}

func letters(s string) string {
	kept := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
	if kept == "" {
		return s // nothing but signs, such as an emoji: compared as it is
	}
	return kept
}
