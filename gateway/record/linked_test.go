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

// Who is known by a provider's word to have another address gets a note of it in the ledger, and nothing else: whether
// the contact is there already or not.
func TestLinkedIsNotedInTheLedger(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	from, also := address.Address{Scheme: "telegram", ID: "9007199254740993"}, address.Address{Scheme: "tel", ID: "+84901234567"}
	told := record.Linked("bot", address.Telegram, adapters.Event{Kind: adapters.Linked, ID: "u7", From: from, Also: also}, at)
	state := campaigns.State{ID: "c1-x"}
	var ledger []preferences.Entry
	for _, p := range told {
		if p.Key != from.String() || p.Event.ID != p.ID {
			t.Errorf("%+v", p)
		}
		read, err := record.ReadEnvelope(p.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		out := campaigns.Step(&campaigns.World{}, state, *read.Event, at, nil)
		state, ledger = out.State, append(ledger, out.Ledger...)
	}
	if c := state.Contact; c == nil || len(c.Addresses) != 1 || len(c.Facts) != 0 {
		t.Fatalf("%+v", state.Contact)
	}
	last := ledger[len(ledger)-1]
	if last.Kind != preferences.EntryEvent || last.Reason != record.LinkedType || last.Detail["also"] != also.String() || last.Detail["account"] != "bot" {
		t.Errorf("%+v", last)
	}
}
