package record

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences/address"
)

// Provided is a provider's event as an envelope, with the key that says whose log it belongs on: a contact's id or an
// address. Key is empty where the event names nobody.
type Provided struct {
	ID, Key string
	Envelope
}

// FromProvider turns what a provider told into what happened to a contact. received is when it reached us.
func FromProvider(account string, channel address.Channel, e adapters.Event, received time.Time) (Provided, error) {
	ev := campaigns.Event{ID: account + ":" + e.ID, At: e.At, From: e.From.Current(), Account: account, Channel: channel,
		MessageID: e.MessageID, Text: e.Text, Payload: e.Payload, Name: e.Name, Handle: e.Handle, Confirmed: e.Confirmed}
	if ev.At.IsZero() || ev.At.After(received) {
		ev.At = received
	}
	key := ""
	if !ev.From.IsZero() {
		key = ev.From.String()
	}
	switch e.Kind {
	case adapters.Inbound:
		ev.Kind = campaigns.MessageIn
		if key == "" { // it is told what is answered and not by whom
			key = contactOf(e.Ours)
		}
	case adapters.OptOut:
		ev.Kind = campaigns.ProviderOptOut
	case adapters.OptIn:
		ev.Kind = campaigns.ProviderOptIn
	case adapters.Report:
		ev.Kind = campaigns.Reported
		id, part := ours(e.Ours)
		ev.Report = &campaigns.Report{Ours: id, Part: part, Theirs: e.Theirs, Status: statusOf(e.Status), Code: e.Code, At: ev.At, Stopped: e.Fault == adapters.Stopped}
		if contact, _, ok := strings.Cut(e.Ours, "."); ok {
			key = contact
		}
	default:
		return Provided{}, fmt.Errorf("account %s: adapter gave an event of unknown kind %q", account, e.Kind)
	}
	return Provided{ID: ev.ID, Key: key, Envelope: Envelope{Event: &ev}}, nil
}

// contactOf is the contact whose message has an id, which begins with the contact's; "" where the id is not of our making:
// others may send by the same account of the provider.
func contactOf(message string) string {
	contact, _, ok := strings.Cut(message, ".")
	if !ok || !strings.HasPrefix(contact, "c") || !strings.Contains(contact, "-") {
		return ""
	}
	return contact
}

// ours is the message's id without the number of a part, and that number: 0 where the id has none, as that of the first.
func ours(id string) (message string, part int) {
	contact, rest, ok := strings.Cut(id, ".")
	if !ok {
		return id, 0
	}
	number, last, _ := strings.Cut(rest, ".")
	part, _ = strconv.Atoi(last) // others' ids have anything there
	return contact + "." + number, max(0, part)
}

// statusOf is the word under which a contact's state remembers a provider's status.
func statusOf(s adapters.Status) string {
	if s == adapters.Queued {
		return "sent" // the provider has it: for us it has left
	}
	return string(s)
}
