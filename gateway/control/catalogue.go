package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// Campaigns implements Catalogue.
func (s *Service) Campaigns(context.Context) ([]CampaignView, error) {
	var out []CampaignView
	for _, c := range s.World().Campaigns {
		out = append(out, s.campaign(c))
	}
	slices.SortFunc(out, func(a, b CampaignView) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func (s *Service) campaign(c *campaigns.Campaign) CampaignView {
	v := CampaignView{ID: c.ID, Name: c.Name, Offers: c.Offers, Channels: c.Channels}
	v.File, _, _ = strings.Cut(c.Source, ":")
	if c.Audience != nil {
		v.Audience = c.Audience.Source
	}
	if sc := c.Schedule; sc != nil {
		v.Schedule, v.Event = sc.Spec, sc.Event
		v.Next = campaigns.Next(c, s.Now())
	}
	for _, q := range c.Questions {
		v.Questions = append(v.Questions, q.ID)
		v.Texts = append(v.Texts, q.Ask.Text)
	}
	return v
}

// Offers implements Catalogue.
func (s *Service) Offers(ctx context.Context) ([]OfferView, error) {
	given, err := s.Store.Given(ctx)
	if err != nil {
		return nil, away(err)
	}
	lately, err := s.Store.GivenLately(ctx, s.Now())
	if err != nil {
		return nil, away(err)
	}
	var out []OfferView
	for _, o := range s.World().Offers {
		v := OfferView{Given: given[o.ID], ID: o.ID, Priority: o.Priority, Text: o.Text, Link: o.Link, Pool: o.Pool, Shared: o.Shared, Budget: o.Budget}
		if o.When != nil {
			v.When = o.When.Source
		}
		if o.Pool != "" {
			switch left, err := s.Store.CodesLeft(ctx, o.Pool); {
			case s.damaged(err): // the other offers are shown all the same
			case err != nil:
				return nil, away(err)
			default:
				v.CodesLeft, v.Pace = &left, stockOf(lately[o.ID], left, s.Now())
			}
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b OfferView) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// AddCodes implements Catalogue.
func (s *Service) AddCodes(ctx context.Context, offer string, codes []string) (added, duplicates int, err error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return 0, 0, err
	}
	o, ok := s.World().Offers[offer]
	if !ok {
		return 0, 0, notFound("offer", offer)
	}
	if o.Pool == "" {
		return 0, 0, fmt.Errorf("%w: offer %q has no pool of unique codes", ErrConflict, offer)
	}
	if added, err = s.Store.AddCodes(ctx, o.Pool, codes); err == nil {
		s.note(ctx, "added_codes", "offer", offer, strconv.Itoa(added))
	}
	if s.damaged(err) {
		return added, 0, fmt.Errorf("%w: the pool of offer %q is damaged in Redis; the log says how to mend it", ErrConflict, offer)
	}
	return added, len(codes) - added, away(err)
}

// damaged reports whether err is that keys of Redis hold something else than hoidap keeps there, and logs which.
func (s *Service) damaged(err error) bool {
	why, ok := errors.AsType[*store.Misplaced](err)
	if ok {
		s.Store.Remember(why)
		s.Log.Error("a key of Redis is damaged", "error", why)
	}
	return ok
}

// Inbox implements Desk.
func (s *Service) Inbox(ctx context.Context, n int) ([]campaigns.InboxItem, error) {
	var out []campaigns.InboxItem
	for p := range s.Store.Partitions() {
		raw, err := s.Store.Inbox(ctx, p, n)
		if err != nil {
			return nil, away(err)
		}
		for _, b := range raw {
			i, err := record.ReadInboxItem(b)
			if err != nil {
				s.Log.Error("an inbox item cannot be read and is left out", "partition", p, "error", err)
				continue
			}
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b campaigns.InboxItem) int { return b.At.Compare(a.At) })
	return out[:min(n, len(out))], nil
}
