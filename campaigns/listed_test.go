package campaigns_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
)

// The way to refuse is the last part of an ad (VN-12): options that a text only mentions stand in front of it, numbered, and not
// behind it once the channel has looked.
func TestOptionsStandBeforeTheWayToRefuse(t *testing.T) {
	t.Parallel()
	pack, _ := compliance.PackFor("vn")
	w := &campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: time.UTC}, Pack: pack}
	for text, listed := range map[string]bool{
		"Mình nhận 1 trong 2 quà: Trà sen, Khăn lụa ạ?": false,
		"Trà sen hay khăn lụa ạ?":                       false,
		"Quà nào ạ? 11. Trà sen 2. Khăn lụa":            false,
		"Quà nào ạ? 1. Trà sen 2. Khăn lụa":             true,
		"Quà nào ạ? (1) trà sen (2) khăn lụa":           true,
		"Quà nào ạ? 1-Trà sen, 2-Khăn lụa":              true,
	} {
		q := campaigns.Question{ID: "gift", Attribute: "gift", Ask: understand.Question{Kind: preferences.Choice, Text: map[string]string{"vi": text}, Options: []understand.Option{
			{Value: "tea", Label: map[string]string{"vi": "Trà sen"}}, {Value: "scarf", Label: map[string]string{"vi": "Khăn lụa"}},
		}}}
		c := &campaigns.Campaign{ID: "tet", Questions: []campaigns.Question{q}}
		want := "[QC] " + text + "\n1. Trà sen\n2. Khăn lụa\nTu choi: soan TC"
		if listed {
			want = "[QC] " + text + "\nTu choi: soan TC"
		}
		if got := w.Preview(c, &c.Questions[0], campaigns.Route{Account: "sms", Channel: address.SMS}, "vi", "Lan", time.Date(2026, 12, 5, 10, 0, 0, 0, time.UTC)).Text; got != want {
			t.Errorf("%s: %s", text, strings.ReplaceAll(got, "\n", " | "))
		}
	}
}
