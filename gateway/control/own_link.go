package control

import (
	"context"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/gateway/access"
)

// OwnLink is the way to a customer's own page.
type OwnLink struct {
	URL     string    `json:"url"`
	Expires time.Time `json:"expires"`
}

// How long an own page opens that somebody of the brand asks for, in hours.
const (
	OwnPageHours     = 24
	OwnPageHoursMost = 30 * 24
)

// OwnPage implements Contacts. Who has the link may read and erase the contact, as administrators may.
func (s *Service) OwnPage(ctx context.Context, id string, hours int) (OwnLink, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return OwnLink{}, err
	}
	if hours < 1 || hours > OwnPageHoursMost {
		return OwnLink{}, fmt.Errorf("%w: a page opens for 1 to %d hours", ErrInvalid, OwnPageHoursMost)
	}
	l, err := s.OwnPageAgain(ctx, id, s.Now().Add(time.Duration(hours)*time.Hour).UTC().Truncate(time.Second))
	if err == nil {
		s.note(ctx, "gave_page", "contact", id, "")
	}
	return l, err
}

// OwnPageAgain implements Contacts. That it was given is in the record of changes already.
func (s *Service) OwnPageAgain(ctx context.Context, id string, expires time.Time) (OwnLink, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return OwnLink{}, err
	}
	page := s.World().OwnPage
	if page == nil {
		return OwnLink{}, fmt.Errorf("%w: a page of their own needs http.public_url, which is not configured", ErrConflict)
	}
	if _, err := s.Contact(ctx, id); err != nil {
		return OwnLink{}, err
	}
	return OwnLink{URL: page(id, expires), Expires: expires}, nil
}
