package control

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// ContactConflict says that a contact was changed first by somebody else, or by the customer; Now is how it stands. It is an ErrConflict.
type ContactConflict struct {
	Now   ContactView
	Since []string // which of its parts were changed, as far as the ledger tells: name, facts.city, preferences.style, consents.marketing
}

// Error names what was changed.
func (e *ContactConflict) Error() string {
	said := "it was changed since you read it"
	if len(e.Since) > 0 {
		said += " (" + strings.Join(e.Since, ", ") + ")"
	}
	return ErrConflict.Error() + ": " + said + ": read it again, and make your change to that"
}

// Unwrap is ErrConflict.
func (e *ContactConflict) Unwrap() error { return ErrConflict }

// outdated is the error for a change that was made to what a contact was when it was seen.
func (s *Service) outdated(ctx context.Context, id string, seen time.Time) error {
	now, err := s.Contact(ctx, id)
	if err != nil {
		return err
	}
	entries, err := s.entries(ctx, id, pageLedger)
	if err != nil {
		return err
	}
	return &ContactConflict{Now: now, Since: changedSince(entries, seen)}
}

// changedSince is which parts of a contact the entries after a moment have changed.
func changedSince(entries []preferences.Entry, seen time.Time) []string {
	parts := map[string]bool{}
	for _, e := range entries {
		if !e.At.After(seen) {
			continue
		}
		switch e.Kind {
		case preferences.EntryEdited:
			changed, _ := e.Detail["changed"].([]any)
			for _, name := range changed {
				parts[fmt.Sprint(name)] = true
			}
		case preferences.EntryPreference:
			parts[fmt.Sprintf("preferences.%v", e.Detail["attribute"])] = true
		case preferences.EntryConsent:
			parts[fmt.Sprintf("consents.%v", e.Detail["purpose"])] = true
		case preferences.EntrySuppressed, preferences.EntryUnsuppressed:
			parts["suppressed"] = true
		case preferences.EntryLinked, preferences.EntryMerged, preferences.EntryUnmerged:
			parts["addresses"] = true
		}
	}
	return slices.Sorted(maps.Keys(parts))
}
