package compliance

import (
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// packs are the markets' defaults, as data: whoever runs the gateway may change a copy.
//
// Vietnam: Decree 91/2020 allows advertising texts from 07:00 to 22:00, wants [QC] or [AD] as their first characters
// and the way to refuse as their last part. The footer is written without marks, so that it does not turn an otherwise
// plain text into one of 70 characters. United States: the strictest of the states' usual hours.
var packs = map[string]Pack{
	"vn": {
		Market: "vn", QuietFrom: 22 * time.Hour, QuietTo: 7 * time.Hour, Margin: 10 * time.Minute,
		Zone: zone("Asia/Ho_Chi_Minh", 7*time.Hour),
		Marks: map[address.Channel]Marks{address.SMS: {
			Label:  "[QC] ",
			Other:  []string{"[QC]", "[AD]"},
			Footer: map[string]string{"vi": "Tu choi: soan TC", "en": "Opt out: text TC"},
			ByLink: map[string]string{"vi": "Tu choi: bam link tren", "en": "Opt out: open the link above"},
		}},
	},
	"us": {Market: "us", QuietFrom: 21 * time.Hour, QuietTo: 8 * time.Hour, Zone: zone("America/New_York", -5*time.Hour)},
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

// Mark is text with what the market wants written around an ad on that channel. A text that has it already stays as
// it is.
func (p Pack) Mark(ch address.Channel, locale, text string) string {
	return p.mark(ch, locale, text, p.Marks[ch].Footer)
}

// MarkByLink is Mark where nobody can answer the sender: the page behind the link in the text is where they refuse.
func (p Pack) MarkByLink(ch address.Channel, locale, text string) string {
	return p.mark(ch, locale, text, p.Marks[ch].ByLink)
}

func (p Pack) mark(ch address.Channel, locale, text string, footers map[string]string) string {
	m, ok := p.Marks[ch]
	if !ok {
		return text
	}
	if !labelled(m, text) {
		text = m.Label + text
	}
	footer, ok := footers[locale]
	if !ok {
		footer = footers["vi"]
	}
	if footer != "" && !strings.HasSuffix(text, footer) {
		text += "\n" + footer
	}
	return text
}

func labelled(m Marks, text string) bool {
	for _, l := range m.Other {
		if strings.HasPrefix(text, l) {
			return true
		}
	}
	return m.Label != "" && strings.HasPrefix(text, m.Label)
}
