package record

import (
	"slices"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// The fields of a contact.
const (
	coreField        = "c"
	dialogueField    = "d"
	preferencePrefix = "p:" // and the attribute
	messagePrefix    = "m:" // and the number in the message's id
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
	c, err := read(raw, "contact", core)
	if err != nil {
		return s, err
	}
	c.ID, c.Preferences = id, make(map[string]preferences.Preference, len(fields))
	s.Contact = &c
	readDialogue(&s, fields)
	readParts(&s, fields)
	return s, nil
}

func readDialogue(s *campaigns.State, fields map[string]string) {
	raw, ok := fields[dialogueField]
	if !ok {
		return
	}
	d := Dialogue{contact: s.ID, known: s.Contact.Addresses}
	var err error
	if raw != "" && raw[0] == version2 {
		err = readInto(&d, raw, "dialogue", dialogue)
	} else {
		d, err = read(raw, "dialogue", dialogue)
	}
	if err != nil {
		s.Unreadable++
		return
	}
	s.Conversation, s.Waiting, s.Messages, s.Early, s.Seq, s.Greeted = d.Conversation, d.Waiting, d.Messages, d.Early, d.Seq, d.Greeted
	if !d.Updated.IsZero() {
		s.Contact.Updated = d.Updated
	}
}

// readParts reads the preferences and messages.
func readParts(s *campaigns.State, fields map[string]string) {
	for name, raw := range fields {
		if attribute, ok := strings.CutPrefix(name, preferencePrefix); ok {
			p, err := readPreference(attribute, raw)
			if err != nil {
				s.Unreadable++
				continue
			}
			s.Contact.Preferences[p.Attribute] = p
		}
		if strings.HasPrefix(name, messagePrefix) {
			m, err := read(raw, "message", message)
			if err != nil {
				s.Unreadable++
				continue
			}
			m.ID = messageID(s.ID, name)
			s.Messages = append(s.Messages, m)
		}
	}
	slices.SortFunc(s.Messages, bySeq)
}

// Changes is what must be written to turn the stored fields into s; only what differs.
func Changes(fields map[string]string, s campaigns.State, attributes []string) []Field {
	w := changes{fields: fields}
	put(&w, coreField, s.Contact, core)
	put(&w, dialogueField, &Dialogue{Conversation: s.Conversation, Waiting: s.Waiting, Early: s.Early, Seq: s.Seq, Greeted: s.Greeted,
		Updated: s.Contact.Updated, contact: s.ID, known: s.Contact.Addresses}, dialogue)
	w.messages(s)
	for _, a := range attributes {
		name := preferencePrefix + a
		if p, ok := s.Contact.Preferences[a]; ok {
			p.Attribute = ""
			put(&w, name, &p, preference)
		} else if _, had := fields[name]; had {
			w.list = append(w.list, Field{name, nil})
		}
	}
	return w.list
}

// changes collects what differs from what is stored.
type changes struct {
	fields map[string]string
	list   []Field
	coder  coder
}

func put[T any](w *changes, name string, x *T, form func(*coder, *T)) {
	w.coder = writer(w.coder.out[:0])
	form(&w.coder, x)
	if old, ok := w.fields[name]; !ok || old != string(w.coder.out) {
		w.list = append(w.list, Field{name, slices.Clone(w.coder.out)})
	}
}

// messages puts each message, and takes out those that are remembered no longer.
func (w *changes) messages(s campaigns.State) {
	kept := make(map[string]bool, len(s.Messages))
	for i := range s.Messages {
		name := messageField(s.ID, s.Messages[i].ID)
		kept[name] = true
		put(w, name, &s.Messages[i], message)
	}
	for name := range w.fields {
		if strings.HasPrefix(name, messagePrefix) && !kept[name] {
			w.list = append(w.list, Field{name, nil})
		}
	}
}
