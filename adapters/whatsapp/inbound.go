package whatsapp

import (
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/meta"
)

// message is what a customer wrote, tapped or sent. The field that Type names is set.
type message struct {
	ID       string       `json:"id"`
	From     string       `json:"from"`
	FromUser string       `json:"from_user_id"`
	Group    string       `json:"group_id"`
	At       meta.Instant `json:"timestamp"`
	Type     string       `json:"type"`
	Text     struct {
		Body string `json:"body"`
	} `json:"text"`
	Button struct { // of a template
		Text    string `json:"text"`
		Payload string `json:"payload"`
	} `json:"button"`
	Interactive struct {
		Button *row `json:"button_reply"`
		List   *row `json:"list_reply"`
	} `json:"interactive"`
	Image    file   `json:"image"`
	Video    file   `json:"video"`
	Audio    file   `json:"audio"`
	Document file   `json:"document"`
	Sticker  file   `json:"sticker"`
	Origin   string `json:"origin"` // of contacts: whether we had asked for the number
	Contacts []struct {
		Phones []struct {
			Phone string `json:"phone"`
			WaID  string `json:"wa_id"`
		} `json:"phones"`
	} `json:"contacts"`
	System struct {
		Type  string `json:"type"`
		WaID  string `json:"wa_id"`
		NewID string `json:"new_wa_id"` // older versions
	} `json:"system"`
}

type file struct {
	ID      string `json:"id"`
	Type    string `json:"mime_type"`
	Caption string `json:"caption"`
}

// event reads a message; unknown is its type where it holds nothing that is an answer.
func (m message) event(contacts []contact, at time.Time) (e adapters.Event, unknown string) {
	if m.Group != "" {
		return e, silent // what people do in groups is nobody's answer
	}
	from, ok := person(m.From, m.FromUser)
	if !ok || m.ID == "" {
		return e, strings.TrimSpace(m.Type + " of nobody")
	}
	e = adapters.Event{Kind: adapters.Inbound, ID: m.ID, MessageID: m.ID, From: from, At: m.At.Or(at), Name: nameOf(m, contacts)}
	if !m.fill(&e) {
		return e, strings.TrimSpace(m.Type + " " + m.System.Type)
	}
	return e, ""
}

func nameOf(m message, contacts []contact) string {
	for _, c := range contacts {
		if c.WaID != "" && c.WaID == m.From || c.UserID != "" && c.UserID == m.FromUser {
			return c.Profile.Name
		}
	}
	return ""
}

// fill puts into an event what the message's type says; false where that means nothing to us.
func (m message) fill(e *adapters.Event) bool {
	switch m.Type {
	case "text":
		e.Text = m.Text.Body
	case "button":
		e.Text, e.Payload = m.Button.Text, m.Button.Payload
	case "interactive":
		e.Text, e.Payload = m.tapped()
	case "contacts":
		return m.ownNumber(e)
	case "system":
		return m.newNumber(e)
	case "location":
		return true // without a word, and yet they wait for an answer
	default:
		return m.attached(e)
	}
	return e.Text != "" || e.Payload != ""
}

func (m message) tapped() (label, payload string) {
	for _, r := range [...]*row{m.Interactive.Button, m.Interactive.List} {
		if r != nil {
			return r.Title, r.ID
		}
	}
	return "", ""
}

// mediaRef begins what stands for an attachment: it has an id, and an address only for some minutes.
const mediaRef = "whatsapp:media:"

func (m message) attached(e *adapters.Event) bool {
	f, ok := map[string]file{"image": m.Image, "video": m.Video, "audio": m.Audio, "document": m.Document, "sticker": m.Sticker}[m.Type]
	if !ok || f.ID == "" {
		return false
	}
	e.Text, e.Media = f.Caption, []adapters.Media{{URL: mediaRef + f.ID, Type: f.Type}}
	return true
}

// ownNumber reads the number that somebody gave by the button that asks for it, for which Meta vouches. Any other card
// is one that they have, and proves nothing.
func (m message) ownNumber(e *adapters.Event) bool {
	if m.Origin != "contact_request" || len(m.Contacts) != 1 || len(m.Contacts[0].Phones) != 1 {
		return false
	}
	phone := m.Contacts[0].Phones[0]
	return link(e, phone.WaID) || link(e, phone.Phone)
}

// newNumber reads that somebody has another number now.
func (m message) newNumber(e *adapters.Event) bool {
	return m.System.Type == "user_changed_number" && (link(e, m.System.WaID) || link(e, m.System.NewID))
}

// link makes e say that the person at From also has number.
func link(e *adapters.Event, number string) bool {
	also, ok := telephone(strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "").Replace(number))
	e.Kind, e.Also = adapters.Linked, also
	return ok && also != e.From
}
