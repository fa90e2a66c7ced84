package preferences

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/preferences/address"
)

// Purposes that consent is asked for by name. Others may be used freely.
const (
	Marketing = "marketing"
	Profiling = "profiling"
)

// Purposes are those that have a name here.
func Purposes() []string { return []string{Marketing, Profiling} }

// Consent is a recorded yes or no to a purpose, on every channel or on some. Records are only ever added; on each channel the
// newest that is about it counts.
type Consent struct {
	Purpose    string    `json:"purpose"`
	Granted    bool      `json:"granted"`
	Source     string    `json:"source"`            // where it was given: "checkout form", "sms keyword", ...
	Wording    string    `json:"wording,omitempty"` // what the person was shown, or typed
	Channel    string    `json:"channel,omitempty"`
	MessageID  string    `json:"message_id,omitempty"`
	At         time.Time `json:"at"`                   // when it was given
	RecordedAt time.Time `json:"recorded_at,omitzero"` // when we learned of it

	Channels []address.Channel `json:"channels,omitempty"` // what it is limited to; none: it is about every channel
}

// Covers reports whether the record is about a channel; of an empty one, whether it is about every channel.
func (r Consent) Covers(ch address.Channel) bool {
	return len(r.Channels) == 0 || slices.Contains(r.Channels, ch)
}

// Outdates reports whether nothing is left of o once r is known, which came later.
func (r Consent) Outdates(o Consent) bool {
	if r.Purpose != o.Purpose || r.At.Before(o.At) || len(r.Channels) > 0 && len(o.Channels) == 0 {
		return false
	}
	return !slices.ContainsFunc(o.Channels, func(ch address.Channel) bool { return !r.Covers(ch) })
}

// Suppression stops messages to a contact until they lift it themselves.
type Suppression struct {
	Reason    string    `json:"reason"` // keyword, phrase, provider, blocked, wrong_number, forgotten, api
	Text      string    `json:"text,omitempty"`
	MessageID string    `json:"message_id,omitempty"`
	Confirmed bool      `json:"confirmed,omitempty"` // the one confirmation has been sent
	At        time.Time `json:"at"`
}

// Contact is one customer, whatever channels they use, and what is known of them.
type Contact struct {
	ID          string                `json:"id"`
	Addresses   []address.Address     `json:"addresses"` // the first is the home address: it decides the partition
	Name        string                `json:"name,omitempty"`
	Locale      string                `json:"locale,omitempty"`   // "vi", "en"; empty: the brand's first
	Timezone    string                `json:"timezone,omitempty"` // IANA; empty: the market's
	Consents    []Consent             `json:"consents,omitempty"`
	Suppressed  *Suppression          `json:"suppressed,omitempty"`
	Facts       map[string]any        `json:"facts,omitempty"`    // first-party data; never mixed with preferences
	Preferences map[string]Preference `json:"-"`                  // by attribute; stored and shown apart
	Declined    map[string]time.Time  `json:"declined,omitempty"` // attributes that they would rather not tell, since when
	Created     time.Time             `json:"created"`
	Updated     time.Time             `json:"updated"`
}

// Consented reports whether there is a yes to purpose on some channel at least.
func (c *Contact) Consented(purpose string) bool {
	if c.ConsentedOn(purpose, "") {
		return true
	}
	for _, r := range c.Consents {
		if r.Purpose == purpose && r.Granted && slices.ContainsFunc(r.Channels, func(ch address.Channel) bool { return c.ConsentedOn(purpose, ch) }) {
			return true
		}
	}
	return false
}

// ConsentedOn reports whether the newest record for purpose that is about the channel is a yes.
func (c *Contact) ConsentedOn(purpose string, ch address.Channel) bool {
	var newest *Consent
	for i := range c.Consents {
		r := &c.Consents[i]
		if r.Purpose == purpose && r.Covers(ch) && (newest == nil || !r.At.Before(newest.At)) {
			newest = r
		}
	}
	return newest != nil && newest.Granted
}

// Consent is the newest record for purpose, whichever channels it is about.
func (c *Contact) Consent(purpose string) (newest Consent, ok bool) {
	for _, r := range c.Consents {
		if r.Purpose == purpose && (!ok || !r.At.Before(newest.At)) {
			newest, ok = r, true
		}
	}
	return newest, ok
}
