package record

import (
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences/address"
)

// Linked is a provider's word that the person at From has the address Also, as an event on the log of From.
func Linked(account string, channel address.Channel, e adapters.Event, received time.Time) Provided {
	ev := campaigns.Event{ID: account + ":" + e.ID, Kind: campaigns.Linked, At: e.At, From: e.From.Current(), Also: e.Also.Current(), Account: account, Channel: channel}
	if ev.At.IsZero() || ev.At.After(received) {
		ev.At = received
	}
	key := ""
	if !ev.From.IsZero() {
		key = ev.From.String()
	}
	return Provided{ID: ev.ID, Key: key, Envelope: Envelope{Event: &ev}}
}
