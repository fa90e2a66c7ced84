package preferences

import (
	"maps"
	"slices"
)

// Clone is a copy of the contact that may be changed without touching the original: its lists and maps are its own.
// What they hold (times, values, facts) is shared, and is never changed in place by anyone.
func (c *Contact) Clone() *Contact {
	if c == nil {
		return nil
	}
	d := *c
	d.Addresses = slices.Clone(c.Addresses)
	d.Consents = slices.Clone(c.Consents)
	d.Facts = maps.Clone(c.Facts)
	d.Declined = maps.Clone(c.Declined)
	d.Preferences = maps.Clone(c.Preferences)
	if c.Suppressed != nil {
		s := *c.Suppressed
		d.Suppressed = &s
	}
	return &d
}
