package control

import (
	"context"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences/address"
)

// What customers do on their own pages is an event like any other, by an account and on a channel that nothing else has, and
// with an id that says so. Each waits until it is committed.

// ownMark begins the ids of what is done on customers' own pages, behind the name of the channel. No code of a link begins so.
const ownMark = "me:"

// StartWord is what the page's button for coming back says in the customer's place.
const StartWord = "START"

// TakeAwayBy takes away what the customer told of an attribute. Where they told nothing, nothing changes.
func (s *Service) TakeAwayBy(ctx context.Context, token, attribute string) error {
	return s.actBy(ctx, token, func(campaigns.State) (campaigns.Event, error) {
		return campaigns.Event{Kind: campaigns.TakenAway, Attribute: attribute}, nil
	})
}

// SayBy says StopWord or StartWord in the customer's place: what comes of it is what comes of the word.
func (s *Service) SayBy(ctx context.Context, token, word string) error {
	return s.actBy(ctx, token, func(st campaigns.State) (campaigns.Event, error) {
		from, ok := wroteFrom(st)
		if !ok {
			return campaigns.Event{}, errUnreachable
		}
		return campaigns.Event{Kind: campaigns.MessageIn, From: from, Text: word}, nil
	})
}

// ForgetBy deletes everything personal about the customer. Who has come to be another meanwhile is looked at again.
func (s *Service) ForgetBy(ctx context.Context, token string) error {
	return s.actBy(ctx, token, func(st campaigns.State) (campaigns.Event, error) {
		return campaigns.Event{Kind: campaigns.EraseContact, Contact: &campaigns.ContactEdit{Seen: st.Contact.Updated}}, nil
	})
}

// actBy puts what somebody does on their own page on their log, as often as they turn out to be another by then.
func (s *Service) actBy(ctx context.Context, token string, act func(campaigns.State) (campaigns.Event, error)) error {
	for range upsertTries {
		o, err := s.opened(ctx, token)
		if err != nil {
			return err
		}
		ev, err := act(o.state)
		if err != nil {
			return err
		}
		unique, err := newID()
		if err != nil {
			return err
		}
		ev.MessageID, ev.Account, ev.Channel, ev.At = ownMark+unique, campaigns.Web, address.Web, s.Now()
		ev.ID = campaigns.Web + ":" + ev.MessageID
		p, _ := s.Store.PartitionOfContact(o.state.ID)
		r, err := s.order(ctx, p, o.state.ID, ev.ID, record.Envelope{Event: &ev})
		if err != nil || !r.Moved && !r.Outdated {
			return err
		}
	}
	return errUnsettled
}
