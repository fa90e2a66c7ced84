package messenger

import (
	"encoding/json"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/meta"
	"github.com/hoidap/hoidap/preferences/address"
)

// Decode reads a call. What concerns another page of the same app is set aside: that page is another account.
func (a *Adapter) Decode(r adapters.Request) (adapters.Decoded, error) {
	return meta.Decode(r, a.acc, "page", func(d *adapters.Decoded, e meta.Entry) { a.entry(d, e, r.At) })
}

func (a *Adapter) entry(d *adapters.Decoded, entry meta.Entry, at time.Time) {
	another := ""
	if string(entry.ID) != a.acc.Settings[settingPage] {
		another = " of another page"
	}
	for _, raw := range entry.Messaging {
		if another != "" {
			meta.Ignore(d, kind(raw)+another, raw)
			continue
		}
		a.piece(d, raw, at)
	}
	for _, raw := range entry.Standby {
		meta.Ignore(d, "standby"+another, raw)
	}
	for _, raw := range entry.Changes {
		meta.Ignore(d, "changes"+another, raw)
	}
}

// piece is one thing that happened between a person and the page. One of its fields is set.
type piece struct {
	Sender    party        `json:"sender"`
	Recipient party        `json:"recipient"`
	At        meta.Instant `json:"timestamp"`
	Message   *message     `json:"message"`
	Postback  *postback    `json:"postback"`
	Referral  *referral    `json:"referral"`
	Optin     *optin       `json:"optin"`
	Delivery  *delivery    `json:"delivery"`
	Read      *struct{}    `json:"read"`
}

type party struct {
	ID meta.ID `json:"id"`
}

// address is the person's: their id on this page.
func (p party) address() (address.Address, bool) {
	a, err := address.Parse(string(address.Messenger) + ":" + string(p.ID))
	return a, err == nil
}

// piece reads one piece; one that cannot be read, or means nothing to us, is set aside without holding up the others.
// That somebody has read is told as a time, up to which they have read everything: it names no message, and an adapter
// remembers none. It is left out.
func (a *Adapter) piece(d *adapters.Decoded, raw json.RawMessage, at time.Time) {
	var p piece
	if err := json.Unmarshal(raw, &p); err != nil {
		meta.Ignore(d, "a piece that cannot be read", raw)
		return
	}
	switch {
	case p.Message != nil && p.Message.Echo:
		d.Events = append(d.Events, p.echoed(at)...)
	case p.Delivery != nil:
		d.Events = append(d.Events, p.delivered(at)...)
	case p.Read != nil, p.Message != nil && p.Message.Deleted:
	default:
		e, ok := a.said(p, at)
		if !ok {
			meta.Ignore(d, kind(raw), raw)
			return
		}
		d.Events = append(d.Events, e)
	}
}

// said is what somebody wrote, tapped or decided; false where it means nothing to us.
func (a *Adapter) said(p piece, at time.Time) (e adapters.Event, known bool) {
	e.At = p.At.Or(at)
	switch {
	case p.Message != nil:
		known = p.Message.fill(&e)
	case p.Postback != nil:
		known = p.Postback.fill(&e, a.start())
	case p.Referral != nil:
		known = p.Referral.fill(&e)
	case p.Optin != nil:
		known = p.Optin.fill(&e)
	}
	from, ok := p.Sender.address()
	e.From = from
	if e.ID == "" { // neither message nor postback: told without an id, but with a time
		e.ID = adapters.ContentID(e.At, time.Second, from.ID, string(e.Kind), e.Payload)
	}
	return e, ok && known
}

func (a *Adapter) start() string {
	if s := a.acc.Settings[settingStart]; s != "" {
		return s
	}
	return defaultStart
}

// kind is what Meta calls a piece: the name of the field beside those that each has.
func kind(raw json.RawMessage) string {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(raw, &fields)
	found := "empty"
	for name := range fields {
		switch name {
		case "sender", "recipient", "timestamp":
		default:
			if found == "empty" || name < found {
				found = name
			}
		}
	}
	return found
}

// delivery tells of messages that arrived. Old versions of Messenger tell a time only, as with read.
type delivery struct {
	Mids []string     `json:"mids"`
	Upto meta.Instant `json:"watermark"`
}

func (p piece) delivered(at time.Time) (out []adapters.Event) {
	from, _ := p.Sender.address()
	for _, mid := range p.Delivery.Mids {
		if mid != "" {
			out = append(out, adapters.Event{Kind: adapters.Report, ID: mid + "/delivered", From: from, At: p.At.Or(p.Delivery.Upto.Or(at)), Theirs: mid, Status: adapters.Delivered})
		}
	}
	return out
}

// echoed is the proof that Meta has taken a message of ours. Those that people write in the page's inbox, and those of
// other apps, are echoed as well and are left out.
func (p piece) echoed(at time.Time) []adapters.Event {
	m := p.Message
	if !adapters.IsMessageID(m.Metadata) || m.Mid == "" {
		return nil
	}
	to, _ := p.Recipient.address()
	return []adapters.Event{{Kind: adapters.Report, ID: m.Mid + "/echo", From: to, At: p.At.Or(at), Ours: m.Metadata, Theirs: m.Mid, Status: adapters.SentOn}}
}
