package compliance

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// packs are the markets' defaults, as data: whoever runs the gateway may change a copy.
//
// Vietnam: Decree 91/2020 allows advertising texts from 07:00 to 22:00, wants [QC] or [AD] as their first characters
// and the way to refuse as their last part. The footer is written without marks, so that it does not turn an otherwise
// plain text into one of 70 characters. It also allows three of them to a number within 24 hours. United States: the
// strictest of the states' usual hours; by what carriers ask (CTIA) each ad says who writes, since it comes from a bare
// number, and how to opt out, and the first one what it may cost and how to get help: by link the page opens over data as well,
// and nobody could text HELP.
var packs = map[string]Pack{
	"vn": {
		Market: "vn", QuietFrom: 22 * time.Hour, QuietTo: 7 * time.Hour, Margin: 10 * time.Minute,
		Zone: zone("Asia/Ho_Chi_Minh", 7*time.Hour), Cap: Cap{Most: 3, Within: 24 * time.Hour}, Locale: "vi",
		Marks: map[address.Channel]Marks{address.SMS: {
			Label:  "[QC] ",
			Other:  []string{"[QC]", "[AD]"},
			Footer: map[string]string{"vi": "Tu choi: soan TC", "en": "Opt out: text TC"},
			ByLink: map[string]string{"vi": "Tu choi: bam link tren", "en": "Opt out: open the link above"},
		}},
	},
	"us": {
		Market: "us", QuietFrom: 21 * time.Hour, QuietTo: 8 * time.Hour, Zone: zone("America/New_York", -5*time.Hour), Locale: "en",
		Marks: map[address.Channel]Marks{address.SMS: {
			Names:   true,
			Refusal: []string{"reply stop", "text stop", "send stop", "stop to opt out", "stop to end", "stop to cancel", "stop to unsubscribe"},
			Footer:  map[string]string{"vi": "Tu choi: tra loi STOP", "en": "Reply STOP to opt out"},
			First: map[string]string{
				"vi": "Co the tinh phi tin nhan va du lieu. Tra loi HELP de duoc giup, STOP de tu choi",
				"en": "Msg & data rates may apply. Reply HELP for help, STOP to opt out",
			},
			ByLink: map[string]string{"vi": "Tu choi: bam link tren", "en": "Opt out: open the link above"},
			FirstByLink: map[string]string{
				"vi": "Co the tinh phi tin nhan va du lieu. Tu choi: bam link tren",
				"en": "Msg & data rates may apply. Opt out: open the link above",
			},
		}},
	},
	"eu": {Market: "eu", QuietFrom: 21 * time.Hour, QuietTo: 8 * time.Hour, Zone: zone("Europe/Berlin", time.Hour)},
}

// zone falls back to a fixed offset on machines without a zone database.
func zone(name string, offset time.Duration) *time.Location {
	if z, ok := preferences.Zone(name); ok {
		return z
	}
	return time.FixedZone(name, int(offset/time.Second))
}

// Markets lists the markets that have a pack.
func Markets() []string { return []string{"vn", "us", "eu"} }

// PackFor is the market's pack; ok is false where there is none, and the pack is then the strictest: Vietnam's.
func PackFor(market string) (p Pack, ok bool) {
	if p, ok = packs[market]; ok {
		return p, true
	}
	return packs["vn"], false
}
