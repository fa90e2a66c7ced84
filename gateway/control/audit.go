package control

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/store"
)

// Change is an entry of the record of changes: who did what, when. It names no customer but by their id.
type Change struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Role   string    `json:"role"`
	Action string    `json:"action"` // started, paused, signed_in, ...
	Kind   string    `json:"kind"`   // of what was changed: run, campaign, user, account, contact, sending
	Of     string    `json:"of,omitempty"`
	Detail string    `json:"detail,omitempty"`
}

// Audit is the record of changes.
type Audit interface {
	// Changes is the newest n before an entry, newest first; before "" begins with the newest of all.
	Changes(ctx context.Context, before string, n int) ([]Change, error)
}

// Changes implements Audit.
func (s *Service) Changes(ctx context.Context, before string, n int) ([]Change, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return nil, err
	}
	if before != "" && !store.AuditID(before) {
		return nil, fmt.Errorf("%w: the cursor is not one that a page gave", ErrInvalid)
	}
	found, err := s.Store.AuditBefore(ctx, before, n)
	if err != nil {
		return nil, away(err)
	}
	out := make([]Change, 0, len(found))
	for _, x := range found {
		var c Change
		if err := json.Unmarshal(x.Body, &c); err != nil {
			c = Change{Action: "unreadable"}
		}
		c.ID = x.ID
		out = append(out, c)
	}
	return out, nil
}

// note records that the context's caller did something. That it cannot be recorded stops nobody, and is logged.
func (s *Service) note(ctx context.Context, action, kind, of, detail string) {
	who := access.Of(ctx)
	b, err := json.Marshal(Change{At: s.Now().UTC(), By: who.Name, Role: who.Role.String(), Action: action, Kind: kind, Of: of, Detail: detail})
	if err == nil {
		err = s.Store.Audit(context.WithoutCancel(ctx), b)
	}
	if err != nil {
		s.Log.Error("a change is not in the record of changes", "action", action, "kind", kind, "error", err)
	}
}
