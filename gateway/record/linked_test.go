package record_test

import (
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// A provider's word on a second address goes to the log of the first, where whoever is at it is made a contact and the
// other address is asked after.
func TestLinkedIsOnTheLogOfWhoIsKnown(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	from, also := address.Address{Scheme: "telegram", ID: "9007199254740993"}, address.Address{Scheme: "tel", ID: "+84381234567"}
	old := address.Address{Scheme: "tel", ID: "+841681234567"} // as it was until 2018
	p := record.Linked("bot", address.Telegram, adapters.Event{Kind: adapters.Linked, ID: "u7", From: from, Also: old, At: at.Add(time.Hour)}, at)
	if p.Key != from.String() || p.ID != "bot:u7" || p.Event.ID != p.ID || !p.Event.At.Equal(at) {
		t.Errorf("%+v", p)
	}
	read, err := record.ReadEnvelope(p.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	out := campaigns.Step(&campaigns.World{}, campaigns.State{ID: "c1-x"}, *read.Event, at, nil)
	if c := out.State.Contact; c == nil || len(c.Addresses) != 1 || c.Addresses[0] != from {
		t.Fatalf("%+v", c)
	}
	if len(out.Tell) != 1 || out.Tell[0].Address != also || out.Tell[0].Event.Peer.Account != "bot" || out.Tell[0].Event.Peer.Contact != "c1-x" {
		t.Errorf("%+v", out.Tell)
	}
	if last := out.Ledger[len(out.Ledger)-1]; last.Kind != preferences.EntryLinked || last.Detail["also"] != also.String() || last.Detail["account"] != "bot" {
		t.Errorf("%+v", last)
	}
}
