package campaigns

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences/address"
)

// Ad is an advertising message that counts against the market's cap on a telephone number: it has left, or is to leave.
type Ad struct {
	Seq int64           `json:"seq,omitempty"` // in its message's id; 0: it is told by another contact, or was sent once more
	To  address.Address `json:"to"`
	At  time.Time       `json:"at"` // when it left; until then, when it is to
}

// adsMax bounds State.Ads, beside that they are forgotten once they are old: as many as may be sent to all the numbers that a
// contact may have.
func (w *World) adsMax() int { return w.Pack.Cap.Most * addressesMax }

// adsTo is when the ads went, or are to go, that count for a number; except is the message that the question is about.
func (w *World) adsTo(ads []Ad, to address.Address, except string) (at []time.Time) {
	if !w.Pack.Cap.Binds(to) {
		return nil
	}
	seq := seqOf(except)
	for _, a := range ads {
		if a.To == to && (a.Seq == 0 || a.Seq != seq) {
			at = append(at, a.At)
		}
	}
	return at
}

// mayAsk is the gate for an ad of a campaign that is about to be put on its way.
func (t *turn) mayAsk(c *Campaign, to target, now time.Time) compliance.Verdict {
	return compliance.May(t.w.Pack, compliance.Check{
		Class: ClassAd, Purpose: c.purpose(), Channel: to.route.Channel, Contact: t.s.Contact, Ads: t.w.adsTo(t.s.Ads, to.to, ""),
	}, now)
}

// countAd counts a message that is put on its way, if it is an ad to a number that is bound.
func (t *turn) countAd(o Outbound) {
	if compliance.Promotes(o.Class) {
		t.setAd(Ad{Seq: seqOf(o.ID), To: o.To, At: later(t.now, o.NotBefore)})
	}
}

// setAd notes when an ad left, or is to leave, in the place of what was noted of it. The old ones are forgotten.
func (t *turn) setAd(ad Ad) {
	if !t.w.Pack.Cap.Binds(ad.To) {
		return
	}
	kept := make([]Ad, 0, len(t.s.Ads)+1)
	for _, a := range t.s.Ads {
		if replaced, old := ad.Seq != 0 && a.Seq == ad.Seq, !a.At.Add(t.w.Pack.Cap.Within).After(t.now); !replaced && !old {
			kept = append(kept, a)
		}
	}
	kept = append(kept, ad)
	t.s.Ads = kept[max(0, len(kept)-t.w.adsMax()):]
}

// takeAds counts what was sent to numbers that came, or came back, with another contact.
func (t *turn) takeAds(theirs []Ad) {
	for _, a := range theirs {
		if !slices.ContainsFunc(t.s.Ads, func(o Ad) bool { return o.To == a.To && o.At.Equal(a.At) }) {
			a.Seq = 0
			t.setAd(a)
		}
	}
}

// giveAds takes out the ads to numbers that go to another contact: where that one is erased, nobody would take them out here.
func (t *turn) giveAds(numbers []address.Address) (given []Ad) {
	var kept []Ad
	for _, a := range t.s.Ads {
		if has(numbers, a.To) {
			given = append(given, a)
		} else {
			kept = append(kept, a)
		}
	}
	t.s.Ads = kept
	return given
}

// adBecame counts an ad by the sender's word on it. What a provider may have taken counts, whatever became of it later.
func (t *turn) adBecame(d *Dispatch) {
	ad := Ad{Seq: seqOf(d.Message), To: d.Ad, At: t.happened()}
	if i := t.ad(d.Message); i >= 0 {
		ad.To = t.s.Ads[i].To
	}
	switch {
	case ad.To.IsZero():
		return
	case t.s.Into == nil && !has(t.s.Contact.Addresses, ad.To): // it went to another contact, with this ad
		return
	case d.paused():
		return
	case d.Status == "held":
		ad.At = d.Until
	case d.Status == "not_sent", d.Status == "failed" && !d.doubtful() && len(d.Theirs) == 0:
		t.dropAd(d.Message)
		return
	case d.Status == "queued":
		return
	}
	t.setAd(ad)
}

// ad is where a message stands in State.Ads; -1: it does not.
func (t *turn) ad(message string) int {
	seq := seqOf(message)
	return slices.IndexFunc(t.s.Ads, func(a Ad) bool { return a.Seq != 0 && a.Seq == seq })
}

// dropAd takes out a message that will not be sent.
func (t *turn) dropAd(message string) {
	if i := t.ad(message); i >= 0 {
		t.s.Ads = slices.Delete(slices.Clone(t.s.Ads), i, i+1)
	}
}

// keepAd lets what was sent of a message count on while the message is sent again.
func (t *turn) keepAd(message string) {
	if i := t.ad(message); i >= 0 {
		t.s.Ads = slices.Clone(t.s.Ads)
		t.s.Ads[i].Seq = 0
	}
}

// adWaits reports whether an ad is known not to leave yet.
func (t *turn) adWaits(message string) bool {
	i := t.ad(message)
	return i >= 0 && t.s.Ads[i].At.After(t.now)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
