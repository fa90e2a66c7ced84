package demo

import (
	"cmp"
	"slices"
	"time"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// message is one message on the phone's screen.
type message struct {
	ID      string    `json:"id"`
	Mine    bool      `json:"mine"`
	Text    string    `json:"text"`
	Options []option  `json:"options,omitempty"` // quick replies under it
	Channel string    `json:"channel,omitempty"`
	At      time.Time `json:"at"`
}

// option is one quick reply.
type option struct {
	Payload string `json:"payload"`
	Label   string `json:"label"`
}

// screen is what the contact's phone shows: what reached it, and what its owner wrote. The latter comes from the ledger
// where the phone does not keep it, as the browser posts to the webhook and not to the phone.
func (d *demo) screen(l lang, v control.ContactView, entries []preferences.Entry) []message {
	out := []message{}
	typed := false
	for _, m := range d.o.Phone.Messages(phoneOf(v)) {
		shown := message{ID: m.ID, Mine: m.Mine, Text: m.Text, At: m.At}
		if m.Channel != "" {
			shown.Channel = l.known("channel", string(m.Channel))
		}
		for _, o := range m.Options {
			shown.Options = append(shown.Options, option{Payload: o.Payload, Label: o.Label})
		}
		out, typed = append(out, shown), typed || m.Mine
	}
	if typed {
		return out
	}
	for _, e := range entries {
		if e.Kind == preferences.EntryReceived {
			out = append(out, message{ID: cmp.Or(text(e, "message_id"), e.Event), Mine: true, Text: e.Text, At: e.At})
		}
	}
	slices.SortStableFunc(out, func(a, b message) int { return a.At.Compare(b.At) })
	return out
}
