package control

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/replylink"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Known is what a customer's own page shows: what they told the brand, what they agreed to, and where they are reached.
type Known struct {
	Brand     string
	Locale    string // the customer's: vi, en
	Until     time.Time
	Stopped   bool // they get no promotions
	Blocked   bool // since they told their provider or their app so, which no word to us undoes
	Told      []ToldPreference
	Agreed    []AgreedPurpose
	Addresses []string // masked
}

// ToldPreference is what a customer declared themselves: nothing that others say of them.
type ToldPreference struct {
	Attribute string
	Name      string // what the answer is called
	Value     string // as the customer would say it
	Words     string // their own
	Channel   string
	At        time.Time // on the customer's clock, as all times of the page
}

// AgreedPurpose is whether a customer agreed to a purpose.
type AgreedPurpose struct {
	Purpose string
	Granted bool      // on some channel at least
	At      time.Time // when they last said something about it
	On      []string  // the only channels that they agreed for; none: it is about every channel
	Except  []string  // channels that they did not agree for
}

// Why a customer's own page does not open, beside that there is none: both are ErrNotFound.
var (
	ErrPageOver   = fmt.Errorf("%w: the time of this page is over", ErrNotFound)
	ErrPageErased = fmt.Errorf("%w: nothing is kept of this customer any more", ErrNotFound)
)

// KnownBy is the page that a token opens. The brand is said also where the page does not open.
func (s *Service) KnownBy(ctx context.Context, token string) (Known, error) {
	w := s.World()
	k := Known{Brand: w.Brand.Name}
	o, err := s.opened(ctx, token)
	if err != nil {
		return k, err
	}
	c := o.state.Contact
	zone := c.Zone(w.Brand.Zone, w.Pack.Zone)
	k.Locale, k.Until, k.Stopped = cmp.Or(c.Locale, w.Brand.Locale), o.until.In(zone), c.Suppressed != nil
	k.Blocked = blocked(c)
	for _, p := range s.told(o.state) {
		if p.Class == preferences.Declared {
			e := p.Evidence
			k.Told = append(k.Told, ToldPreference{p.Attribute, p.Name, p.Shown, e.Text, e.Channel, e.At.In(zone)})
		}
	}
	k.Agreed = agreed(c, zone)
	for _, a := range c.Addresses {
		k.Addresses = append(k.Addresses, strings.TrimPrefix(a.Mask(), address.Tel+":"))
	}
	return k, nil
}

// blocked reports whether their provider or app keeps our messages from them, at their own word.
func blocked(c *preferences.Contact) bool {
	return c.Suppressed != nil && (c.Suppressed.Reason == "provider" || c.Suppressed.Reason == "blocked")
}

// ownPage is a page that a token has opened.
type ownPage struct {
	state campaigns.State // of who the token's contact is by now
	until time.Time
}

// opened reads whose page it is. The token is looked at before anything is read.
func (s *Service) opened(ctx context.Context, token string) (o ownPage, err error) {
	id, until, ok := replylink.ReadOwnPage(s.Secret, token)
	switch {
	case !ok:
		return o, notFound("link", "")
	case !s.Now().Before(until):
		return o, ErrPageOver
	}
	o.until = until
	stored, err := s.Store.Load(ctx, []string{id})
	if err != nil {
		return o, away(err)
	}
	if !stored[0].Exists {
		return o, ErrPageErased
	}
	st, err := record.ReadState(id, stored[0].Fields)
	if err != nil || st.Contact == nil || stored[0].Damaged {
		return o, s.damagedPage(id, err)
	}
	s.named.whole(id)
	o.state, err = s.became(ctx, st)
	return o, err
}

// agreed is what the contact said to each purpose, by their names.
func agreed(c *preferences.Contact, zone *time.Location) (list []AgreedPurpose) {
	for _, r := range c.Consents {
		if slices.ContainsFunc(list, func(a AgreedPurpose) bool { return a.Purpose == r.Purpose }) {
			continue
		}
		newest, _ := c.Consent(r.Purpose)
		a := AgreedPurpose{Purpose: r.Purpose, Granted: c.Consented(r.Purpose), At: newest.At.In(zone)}
		if a.Granted {
			a.On, a.Except = agreedOn(c, r.Purpose)
		}
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b AgreedPurpose) int { return cmp.Compare(a.Purpose, b.Purpose) })
	return list
}

// agreedOn is to which channels a yes is limited, or from which it is taken back.
func agreedOn(c *preferences.Contact, purpose string) (on, except []string) {
	everywhere := c.ConsentedOn(purpose, "")
	for _, r := range c.Consents {
		if r.Purpose != purpose {
			continue
		}
		for _, ch := range r.Channels {
			if yes := c.ConsentedOn(purpose, ch); yes && !everywhere {
				on = append(on, string(ch))
			} else if !yes && everywhere {
				except = append(except, string(ch))
			}
		}
	}
	slices.Sort(on)
	slices.Sort(except)
	return slices.Compact(on), slices.Compact(except)
}
