package campaigns

import (
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
)

// finish thanks the customer and repays the answers at once with the best offer, in one message. The offer was promised
// for answering, so it is a reply and not an ad.
func (t *turn) finish(c *Campaign) {
	conv := t.s.Conversation
	thanks := t.fill(c.Thanks.In(t.locale(), t.w.locale()), nil)
	if thanks == "" {
		thanks = t.phrase(sayThanks, nil)
	}
	if !conv.Answered {
		thanks = t.phrase(saySkipped, nil)
	}
	offer, code, considered, ready := t.choose(c)
	if !ready {
		t.unpaid = c // nothing comes after it in any step
		return
	}
	thanks = joined(t.opening, thanks)
	o := Outbound{Class: ClassReply, Text: thanks, Campaign: c.ID, Run: conv.Run}
	t.count(conv.Run, CountCompleted, 1)
	if offer != nil {
		o.Offer, o.Text = offer.ID, joined(thanks, t.offerText(offer, code))
		o.Fixed = marked(code, offer.Link)
		t.give(conv, offer, code, considered)
	} else {
		t.noOffer(conv, considered)
	}
	t.answerWith(o, aboutFinish)
	t.end(preferences.EntryCompleted, "")
}

// choose is the best offer that can still be had. ready is false where a claim has yet to be answered.
func (t *turn) choose(c *Campaign) (best *offers.Offer, code string, considered []offers.Considered, ready bool) {
	var ranked []*offers.Offer
	ranked, considered = t.candidates(c)
	for _, o := range ranked {
		if best != nil {
			reason(considered, o.ID, offers.NotNeeded)
			continue
		}
		got, ok := t.claim(o)
		if !ok {
			return nil, "", nil, false
		}
		if !got.OK {
			reason(considered, o.ID, got.Reason)
			continue
		}
		best, code = o, got.Code
		reason(considered, o.ID, offers.Best)
	}
	return best, code, considered, true
}

// candidates ranks the campaign's offers. Nothing is owed to whoever answered nothing, nor where it cannot be told.
func (t *turn) candidates(c *Campaign) (ranked []*offers.Offer, considered []offers.Considered) {
	ranked, considered = t.ranked(c.Offers, t.s.Conversation.Event)
	if _, ok := t.back(ClassReply); !ok || !t.s.Conversation.Answered {
		ranked = nil
	}
	return ranked, considered
}

// ranked ranks offers by their ids, for the contact as they are now.
func (t *turn) ranked(ids []string, event map[string]any) (ranked []*offers.Offer, considered []offers.Considered) {
	var list []*offers.Offer
	var missing []offers.Considered
	for _, id := range ids {
		if o := t.w.Offers[id]; o != nil && !slices.Contains(list, o) {
			list = append(list, o)
		} else if o == nil {
			missing = append(missing, offers.Considered{Offer: id, Reason: offers.Unknown})
		}
	}
	ranked, considered = offers.Choose(list, t.env(event), t.now)
	return ranked, append(considered, missing...)
}

// claim asks for a piece of the offer's budget and one of its codes. known is false where that has not been answered.
func (t *turn) claim(o *offers.Offer) (got Claimed, known bool) {
	if !claimable(o) {
		return Claimed{OK: true, Code: o.Shared}, true
	}
	claim := claimFor(t.s.Conversation, o)
	got, known = t.claims[claim.Key]
	switch {
	case !known:
		t.out.Needs = append(t.out.Needs, claim)
	case got.OK && o.Pool != "" && got.Code == "":
		got = Claimed{Reason: offers.PoolEmpty} // never a promise without its code
	case got.OK && o.Pool == "":
		got.Code = o.Shared
	}
	return got, known
}

// claimable reports whether there is only so much of an offer.
func claimable(o *offers.Offer) bool { return o.Pool != "" || o.Budget > 0 }

// claimFor is a conversation's claim to an offer: always the same.
func claimFor(conv *Conversation, o *offers.Offer) Claim {
	return Claim{Key: conv.ID + ":" + o.ID, Offer: o.ID, Pool: o.Pool, Budget: o.Budget}
}

// reason says what became of an eligible candidate.
func reason(considered []offers.Considered, id, why string) {
	for i := range considered {
		if considered[i].Offer == id {
			considered[i].Reason = why
		}
	}
}

func (t *turn) offerText(o *offers.Offer, code string) string {
	text := t.fill(Texts(o.Text).In(t.locale(), t.w.locale()), map[string]string{"code": code, "link": o.Link})
	if code != "" && !strings.Contains(text, code) {
		text = joined(text, code) // a language whose text forgot the code must not cost the customer the offer
	}
	return text
}

func (t *turn) give(conv *Conversation, o *offers.Offer, code string, considered []offers.Considered) {
	t.out.Given = append(t.out.Given, offers.Given{Offer: o.ID, Code: code, Conversation: conv.ID, At: t.now})
	t.count(conv.Run, CountOffered, 1)
	t.note(preferences.Entry{
		Kind: preferences.EntryOffered, Campaign: conv.Campaign, Run: conv.Run, Offer: o.ID,
		Detail: map[string]any{"code": code, "considered": considered},
	})
}

func (t *turn) noOffer(conv *Conversation, considered []offers.Considered) {
	why := "none_eligible"
	switch {
	case !conv.Answered:
		why = "nothing_answered"
	case len(considered) == 0:
		why = "campaign_has_none"
	}
	t.note(preferences.Entry{
		Kind: preferences.EntryNoOffer, Campaign: conv.Campaign, Run: conv.Run, Reason: why,
		Detail: map[string]any{"considered": considered},
	})
}

// end closes the open conversation; the ledger says how it ended.
func (t *turn) end(how preferences.EntryKind, reason string) {
	conv := t.s.Conversation
	if conv == nil {
		return
	}
	t.note(preferences.Entry{Kind: how, Campaign: conv.Campaign, Run: conv.Run, Question: conv.Question, Reason: reason})
	if how == preferences.EntryCompleted || how == preferences.EntryExpired {
		t.s.Ended = &Ended{Conversation: *conv, At: t.now, Expired: how == preferences.EntryExpired}
		over := &t.s.Ended.Conversation
		over.Maybe, over.Unfinished, over.Remind = nil, nil, time.Time{}
	}
	t.s.Conversation = nil
}
