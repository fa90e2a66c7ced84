// Package access says who asks for something, and what they may do: roles, and the caller that a context carries from
// the door (a token, a session) to the functions that decide.
package access

import (
	"context"
	"errors"
	"fmt"
)

// ErrForbidden means that the caller's role does not allow it.
var ErrForbidden = errors.New("forbidden")

// Role says what somebody may do. Each role may do what those below it may.
type Role int

// The roles, from the least up. The zero role may do nothing.
const (
	Nobody   Role = iota
	Viewer        // reads, with numbers masked
	Agent         // answers customers
	Marketer      // starts and steers runs, edits campaigns, adds codes, sends events, stops all sending
	Admin         // changes and erases contacts, keeps users, resumes sending
)

// Roles are all of them, from the least up.
func Roles() []Role { return []Role{Viewer, Agent, Marketer, Admin} }

// String is the role's name as configured.
func (r Role) String() string {
	switch r {
	case Viewer:
		return "viewer"
	case Agent:
		return "agent"
	case Marketer:
		return "marketer"
	case Admin:
		return "admin"
	}
	return "nobody"
}

// ParseRole reads a role's name.
func ParseRole(s string) (Role, error) {
	for _, r := range Roles() {
		if s == r.String() {
			return r, nil
		}
	}
	return Nobody, fmt.Errorf("there is no role %q; the roles are viewer, agent, marketer, admin", s)
}

// Caller is who asks.
type Caller struct {
	Name string // of the token or the user; it stands in the log and in the record of changes
	Role Role
}

// Program is the gateway itself, or a program that holds it.
func Program() Caller { return Caller{Name: "hoidap", Role: Admin} }

type callerKey struct{}

// As gives a context its caller.
func As(ctx context.Context, c Caller) context.Context { return context.WithValue(ctx, callerKey{}, c) }

// Of is a context's caller; the zero Caller, who may do nothing, where it has none.
func Of(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// Need is nil where the context's caller has a role, or one above it, and wraps ErrForbidden otherwise.
func Need(ctx context.Context, least Role) error {
	if is := Of(ctx).Role; is < least {
		return fmt.Errorf("%w: this needs the role %s; yours is %s", ErrForbidden, least, is)
	}
	return nil
}
