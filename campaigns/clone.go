package campaigns

import (
	"maps"
	"slices"

	"github.com/hoidap/hoidap/preferences"
)

// clone is a copy of the state that may be changed without touching the original, as long as maps are copied before
// they are changed: few steps change one, and every step would pay. Lists may be appended to; those of State itself may
// be changed in place.
func (s State) clone() State {
	if s.Contact != nil {
		s.Contact = cloneContact(s.Contact)
	}
	if s.Conversation != nil {
		c := s.Conversation.clone()
		s.Conversation = &c
	}
	if s.Ended != nil {
		e := *s.Ended
		e.Conversation = e.Conversation.clone()
		s.Ended = &e
	}
	if s.Proof != nil {
		p := *s.Proof
		s.Proof = &p
	}
	s.Open = slices.Clone(s.Open)
	s.Waiting, s.Early, s.Merges = slices.Clone(s.Waiting), slices.Clone(s.Early), slices.Clone(s.Merges)
	if len(s.Messages) > 0 {
		s.Messages = append(make([]Message, 0, len(s.Messages)+1), s.Messages...) // one more is often sent
	}
	for i := range s.Messages {
		s.Messages[i].Theirs = slices.Clip(s.Messages[i].Theirs)
	}
	return s
}

// clone copies what a step changes in place; Maybe and Unfinished are replaced as a whole.
func (c Conversation) clone() Conversation {
	c.Asked, c.Skipped, c.Tried = slices.Clip(c.Asked), slices.Clip(c.Skipped), slices.Clip(c.Tried)
	return c
}

func cloneContact(c *preferences.Contact) *preferences.Contact {
	d := *c
	d.Addresses, d.Consents = slices.Clip(c.Addresses), slices.Clip(c.Consents)
	if c.Suppressed != nil {
		s := *c.Suppressed
		d.Suppressed = &s
	}
	return &d
}

// ownPreferences makes the contact's preferences ours to change.
func (t *turn) ownPreferences() map[string]preferences.Preference {
	c := t.s.Contact
	switch {
	case c.Preferences == nil:
		c.Preferences = map[string]preferences.Preference{}
	case !t.copied:
		c.Preferences = maps.Clone(c.Preferences)
	}
	t.copied = true
	return c.Preferences
}
