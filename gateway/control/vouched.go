package control

import (
	"context"
	"errors"
	"strings"

	"github.com/hoidap/hoidap/gateway/access"
)

// Users for whom an identity provider vouches. Its word counts at each sign-in; what one of the brand's people gave stays below it.

// Known finds or makes a user for whom an identity provider vouches.
func (s *Service) Known(ctx context.Context, name, display string, role access.Role) (User, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	k, raw, err := s.user(ctx, name)
	switch {
	case errors.Is(err, ErrNotFound):
		k = keptUser{User: User{Name: name, Display: display, Role: role, Created: s.Now().UTC()}}
	case err != nil:
		return User{}, err
	}
	if role == access.Nobody {
		role = k.given()
	}
	if role == access.Nobody && raw != "" {
		return User{}, s.disowned(ctx, k, raw)
	}
	if role != k.Role {
		k.Role = role
		k.Epoch++
	}
	k.Invited = false
	if err := goodUser(k.User); err != nil {
		return User{}, err
	}
	if k.stored() != raw {
		if err := s.keepUser(ctx, raw, k); err != nil {
			return User{}, err
		}
	}
	s.note(access.As(ctx, access.Caller{Name: name, Role: k.Role}), "signed_in", "user", name, "sso")
	return k.User, nil
}

// given is the role that one of the brand's people gave; Nobody where an identity provider's word was all there was.
func (k keptUser) given() access.Role {
	if role, err := access.ParseRole(k.Given); err == nil {
		return role
	}
	if k.Hash != "" || k.Invited { // invited before that was written down
		return k.Role
	}
	return access.Nobody
}

// disowned ends that somebody may use the console for whom the identity provider has no role any more.
func (s *Service) disowned(ctx context.Context, k keptUser, raw string) error {
	if err := s.swapUser(ctx, k.Name, raw, "", leads{}); err != nil {
		return err
	}
	s.note(access.As(ctx, access.Caller{Name: k.Name, Role: k.Role}), "removed", "user", k.Name, "sso")
	return notFound("user", k.Name)
}
