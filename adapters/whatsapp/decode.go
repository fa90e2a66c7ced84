package whatsapp

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/meta"
	"github.com/hoidap/hoidap/preferences/address"
)

// change is what happened to the number or its account.
type change struct {
	Field string `json:"field"`
	Value struct {
		Metadata struct {
			Number meta.ID `json:"phone_number_id"`
		} `json:"metadata"`
		Contacts    []contact         `json:"contacts"`
		Messages    []json.RawMessage `json:"messages"`
		Statuses    []json.RawMessage `json:"statuses"`
		Preferences []json.RawMessage `json:"user_preferences"`
		Errors      []json.RawMessage `json:"errors"`
	} `json:"value"`
}

// contact is what is known of who wrote. Those who hide their number have a UserID only.
type contact struct {
	WaID    string `json:"wa_id"`
	UserID  string `json:"user_id"`
	Profile struct {
		Name string `json:"name"`
	} `json:"profile"`
}

// Decode reads a call. What concerns another number of the same app is set aside: that number is another account.
func (a *Adapter) Decode(r adapters.Request) (adapters.Decoded, error) {
	return meta.Decode(r, a.acc, "whatsapp_business_account", func(d *adapters.Decoded, e meta.Entry) {
		for _, raw := range e.Changes {
			a.change(d, raw, r.At)
		}
	})
}

func (a *Adapter) change(d *adapters.Decoded, raw json.RawMessage, at time.Time) {
	var c change
	switch err := json.Unmarshal(raw, &c); {
	case err != nil:
		meta.Ignore(d, "a change that cannot be read", raw)
		return
	case c.Field != "messages" && c.Field != "user_preferences":
		meta.Ignore(d, c.Field, raw)
		return
	case string(c.Value.Metadata.Number) != a.acc.Settings[settingNumber]:
		meta.Ignore(d, c.Field+" of another number", raw)
		return
	}
	each(d, c.Value.Messages, "message", func(m message) (adapters.Event, string) { return m.event(c.Value.Contacts, at) })
	each(d, c.Value.Statuses, "status", func(s status) (adapters.Event, string) { return s.event(at) })
	each(d, c.Value.Preferences, "user_preferences", func(p preference) (adapters.Event, string) { return p.event(at) })
	for _, raw := range c.Value.Errors {
		meta.Ignore(d, "errors", raw)
	}
}

// silent is the kind of what is left out and not set aside: it is known, and nobody's answer.
const silent = "-"

// each reads pieces: those that are no event, or cannot be read, are set aside without holding up the others.
func each[T any](d *adapters.Decoded, pieces []json.RawMessage, kind string, event func(T) (adapters.Event, string)) {
	for _, raw := range pieces {
		var piece T
		if err := json.Unmarshal(raw, &piece); err != nil {
			meta.Ignore(d, kind+" that cannot be read", raw)
			continue
		}
		switch e, unknown := event(piece); unknown {
		case "":
			d.Events = append(d.Events, e)
		case silent:
		default:
			meta.Ignore(d, kind+" "+unknown, raw)
		}
	}
}

// person is the address of a customer: their number or, where they hide it, the id that they have with this business.
func person(number, user string) (address.Address, bool) {
	if a, ok := telephone(number); ok {
		return a, true
	}
	if user == "" && !numeric(number) {
		user = number // some fields have whichever there is
	}
	a, err := address.Parse(string(address.WhatsApp) + ":" + user)
	return a, err == nil
}

func telephone(number string) (address.Address, bool) {
	a, err := address.Parse(address.Tel + ":+" + strings.TrimPrefix(number, "+"))
	return a, err == nil
}

func numeric(s string) bool {
	return strings.Trim(s, "+0123456789") == ""
}

// status is what became of a message.
type status struct {
	ID        string       `json:"id"`
	Status    string       `json:"status"`
	At        meta.Instant `json:"timestamp"`
	To        string       `json:"recipient_id"`
	ToUser    string       `json:"recipient_user_id"`
	Recipient string       `json:"recipient_type"`
	Ours      string       `json:"biz_opaque_callback_data"`
	Errors    []struct {
		Code int64 `json:"code"`
	} `json:"errors"`
}

func (s status) event(at time.Time) (e adapters.Event, unknown string) {
	became, ok := statuses[s.Status]
	switch {
	case s.Recipient == "group":
		return e, silent
	case !ok || s.ID == "":
		return e, s.Status
	}
	e = adapters.Event{Kind: adapters.Report, ID: s.ID + "/" + s.Status, At: s.At.Or(at), Ours: s.Ours, Theirs: s.ID, Status: became}
	e.From, _ = person(s.To, s.ToUser)
	if became == adapters.Failed && len(s.Errors) > 0 {
		known, _ := meaning(s.Errors[0].Code, 0)
		e.Fault, e.Code = known.Fault, strconv.FormatInt(s.Errors[0].Code, 10)
	}
	return e, ""
}

// preference is somebody's word on marketing, said in WhatsApp's own settings.
type preference struct {
	WaID     string       `json:"wa_id"`
	UserID   string       `json:"user_id"`
	Category string       `json:"category"`
	Value    string       `json:"value"`
	At       meta.Instant `json:"timestamp"`
}

func (p preference) event(at time.Time) (e adapters.Event, unknown string) {
	kinds := map[string]adapters.EventKind{"stop": adapters.OptOut, "resume": adapters.OptIn}
	from, ok := person(p.WaID, p.UserID)
	if !ok || p.Category != "marketing_messages" || kinds[p.Value] == "" {
		return e, strings.TrimSpace(p.Category + " " + p.Value)
	}
	e = adapters.Event{Kind: kinds[p.Value], From: from, At: p.At.Or(at), Confirmed: true}
	e.ID = adapters.ContentID(e.At, time.Second, from.String(), p.Value)
	return e, ""
}
