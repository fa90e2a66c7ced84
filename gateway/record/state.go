package record

import (
	"bytes"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// The fields of a contact.
const (
	coreField        = "c"
	dialogueField    = "d"
	preferencePrefix = "p:"
)

// Field is a field of a contact's stored form; a nil Value means that it is gone.
type Field struct {
	Name  string
	Value []byte
}

// ReadState reads a contact's state. Parts that cannot be read are left out and counted in Unreadable, so that one
// damaged field never silences a customer; a contact whose core cannot be read is an error.
func ReadState(id string, fields map[string]string) (campaigns.State, error) {
	s := campaigns.State{ID: id}
	raw, ok := fields[coreField]
	if !ok {
		return s, nil
	}
	c, err := ReadCore([]byte(raw))
	if err != nil {
		return s, err
	}
	s.Contact = c
	s.Contact.Preferences = map[string]preferences.Preference{}
	for name, raw := range fields {
		if !strings.HasPrefix(name, preferencePrefix) {
			continue
		}
		p, err := ReadPreference([]byte(raw))
		if err != nil {
			s.Unreadable++
			continue
		}
		s.Contact.Preferences[p.Attribute] = p
	}
	if raw, ok := fields[dialogueField]; ok {
		d, err := decode[Dialogue]([]byte(raw), "dialogue")
		if err != nil {
			s.Unreadable++
		}
		s.Conversation, s.Waiting, s.Messages, s.Early, s.Seq, s.Greeted = d.Conversation, d.Waiting, d.Messages, d.Early, d.Seq, d.Greeted
	}
	return s, nil
}

// CoreField is the field that says who a contact is.
func CoreField(c *preferences.Contact) Field { return Field{coreField, Core(c)} }

// Changes is what must be written to turn the stored fields into s; only what differs.
func Changes(fields map[string]string, s campaigns.State, attributes []string) []Field {
	var out []Field
	put := func(name string, value []byte) {
		if old, ok := fields[name]; !ok || !bytes.Equal([]byte(old), value) {
			out = append(out, Field{name, value})
		}
	}
	put(coreField, Core(s.Contact))
	put(dialogueField, encode(Dialogue{s.Conversation, s.Waiting, s.Messages, s.Early, s.Seq, s.Greeted}))
	for _, a := range attributes {
		name := preferencePrefix + a
		if p, ok := s.Contact.Preferences[a]; ok {
			put(name, Preference(p))
		} else if _, had := fields[name]; had {
			out = append(out, Field{name, nil})
		}
	}
	return out
}
