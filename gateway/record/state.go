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

// WhoFields are the fields that say who a contact is, and nothing else.
func WhoFields() []string { return []string{coreField} }

// Field is a field of a contact's stored form; an empty Value means that it is gone.
type Field struct{ Name, Value string }

// ReadState reads a contact's state. Parts that cannot be read are left out and counted in Unreadable, so that one
// damaged field never silences a customer; a contact whose core cannot be read is an error.
func ReadState(id string, fields map[string]string) (campaigns.State, error) {
	var s campaigns.State
	err := new(Reader).State(id, fields, &s)
	return s, err
}

// State reads into s what ReadState returns.
func (r *Reader) State(id string, fields map[string]string, s *campaigns.State) error {
	*s = campaigns.State{ID: id}
	raw, ok := fields[coreField]
	if !ok {
		return nil
	}
	s.Contact = new(preferences.Contact)
	if err := readField(&r.reading.coder, s.Contact, raw, "contact", core); err != nil {
		s.Contact = nil
		return err
	}
	s.Contact.ID = id
	r.reading.State, r.reading.fields = s, fields
	r.reading.dialogue()
	r.reading.identity()
	r.reading.parts()
	r.reading.State, r.reading.fields = nil, nil
	return nil
}

// reading is a state that is being read.
type reading struct {
	*campaigns.State
	fields map[string]string
	coder  coder
	d      Dialogue
	last   preferences.Preference // the one being read
}

func (r *reading) dialogue() {
	raw, ok := r.fields[dialogueField]
	if !ok {
		return
	}
	d := &r.d
	*d = Dialogue{contact: r.ID, known: r.Contact.Addresses}
	if err := readField(&r.coder, d, raw, "dialogue", dialogue); err != nil {
		r.Unreadable++
		return
	}
	r.Conversation, r.Ended, r.Waiting, r.Messages, r.Early, r.Seq, r.Heard, r.Greeted = d.Conversation, d.Ended, d.Waiting, d.Messages, d.Early, d.Seq, d.Heard, d.Greeted
	r.Taken, r.Open, r.Ads = d.Taken, d.Open, d.Ads
	if !d.Updated.IsZero() {
		r.Contact.Updated = d.Updated
	}
}

// parts reads the preferences and messages.
func (r *reading) parts() {
	r.room()
	for name, raw := range r.fields {
		var err error
		if attribute, ok := strings.CutPrefix(name, preferencePrefix); ok {
			err = r.preference(attribute, raw)
		} else if strings.HasPrefix(name, messagePrefix) {
			err = r.message(name, raw)
		}
		if err != nil {
			r.Unreadable++
		}
	}
	slices.SortFunc(r.Messages, bySeq)
}

// room is made once for all parts.
func (r *reading) room() {
	var attributes, messages int
	for name := range r.fields {
		switch {
		case strings.HasPrefix(name, preferencePrefix):
			attributes++
		case strings.HasPrefix(name, messagePrefix):
			messages++
		}
	}
	r.Contact.Preferences = make(map[string]preferences.Preference, attributes)
	r.Messages = slices.Grow(r.Messages, messages)
}

func (r *reading) preference(attribute, raw string) error {
	r.last = preferences.Preference{}
	if err := readField(&r.coder, &r.last, raw, "preference", preference); err != nil {
		return err
	}
	r.last.Attribute = attribute
	r.Contact.Preferences[attribute] = r.last
	return nil
}

func (r *reading) message(name, raw string) error {
	n := len(r.Messages)
	r.Messages = append(r.Messages, campaigns.Message{})
	if err := readField(&r.coder, &r.Messages[n], raw, "message", message); err != nil {
		r.Messages = r.Messages[:n]
		return err
	}
	r.Messages[n].ID = messageID(r.ID, name)
	return nil
}

// Tells reports whether the field has something that an index of audiences knows of: who the contact is, whom it has come in
// to, or a preference.
func (f Field) Tells() bool {
	return f.Name == coreField || f.Name == identityField || strings.HasPrefix(f.Name, preferencePrefix)
}

// Attribute is that of the preference that the field holds, if it holds one.
func (f Field) Attribute() (name string, ok bool) { return strings.CutPrefix(f.Name, preferencePrefix) }

// CoreField is the field that says who a contact is.
func CoreField(c *preferences.Contact) Field { return Field{coreField, string(Core(c))} }

// Changes is what must be written to turn the stored fields into s; only what differs.
func Changes(fields map[string]string, s campaigns.State, attributes []string) []Field {
	return new(Writer).Changes(fields, &s, attributes)
}

// Changes is what must be written to turn the stored fields into s; only what differs. The list is to be copied before the next one is
// made.
func (w *Writer) Changes(fields map[string]string, s *campaigns.State, attributes []string) []Field {
	x := changes{Writer: w, fields: fields, list: w.changes[:0]}
	put(&x, coreField, s.Contact, core)
	w.dialogue = Dialogue{Conversation: s.Conversation, Ended: s.Ended, Waiting: s.Waiting, Early: s.Early, Seq: s.Seq, Heard: s.Heard, Greeted: s.Greeted,
		Taken: s.Taken, Open: s.Open, Ads: s.Ads,
		Updated: s.Contact.Updated, contact: s.ID, known: s.Contact.Addresses}
	put(&x, dialogueField, &w.dialogue, dialogue)
	x.identity(s)
	x.messages(s)
	for _, a := range attributes {
		name := preferencePrefix + a
		if p, ok := s.Contact.Preferences[a]; ok {
			p.Attribute = ""
			w.preference = p
			put(&x, name, &w.preference, preference)
		} else if _, had := fields[name]; had {
			x.list = append(x.list, Field{name, ""})
		}
	}
	w.changes = x.list
	return x.list
}

// changes collects what differs from what is stored.
type changes struct {
	*Writer
	fields map[string]string
	list   []Field
}

func put[T any](w *changes, name string, x *T, form func(*coder, *T)) {
	w.writer.write()
	form(&w.writer.coder, x)
	if old, ok := w.fields[name]; !ok || old != string(w.writer.out) {
		w.list = append(w.list, Field{name, string(w.writer.out)})
	}
}

// messages puts each message, and takes out those that are remembered no longer.
func (w *changes) messages(s *campaigns.State) {
	stored := 0
	for i := range s.Messages {
		w.name = appendMessageField(w.name[:0], s.ID, s.Messages[i].ID)
		old, ok := w.fields[string(w.name)]
		if ok {
			stored++
		}
		w.writer.write()
		message(&w.writer.coder, &s.Messages[i])
		if !ok || old != string(w.writer.out) {
			w.list = append(w.list, Field{string(w.name), string(w.writer.out)})
		}
	}
	for name := range w.fields {
		if strings.HasPrefix(name, messagePrefix) {
			stored--
		}
	}
	if stored < 0 {
		w.forget(s)
	}
}

// forget takes out the messages that s does not have.
func (w *changes) forget(s *campaigns.State) {
	for name := range w.fields {
		if !strings.HasPrefix(name, messagePrefix) {
			continue
		}
		id := messageID(s.ID, name)
		if !slices.ContainsFunc(s.Messages, func(m campaigns.Message) bool { return m.ID == id }) {
			w.list = append(w.list, Field{name, ""})
		}
	}
}
