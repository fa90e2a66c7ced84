package compliance_test

import (
	"testing"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences/address"
)

// marked is what a market makes of a text; what is marked is marked once.
func marked(t *testing.T, market string, w compliance.Wording) string {
	t.Helper()
	p := pack(t, market)
	got := p.Mark(address.SMS, w)
	if w.Text = got; p.Mark(address.SMS, w) != got {
		t.Errorf("marked twice: %q", p.Mark(address.SMS, w))
	}
	return got
}

func TestVietnameseMarks(t *testing.T) {
	t.Parallel()
	for want, w := range map[string]compliance.Wording{
		"[QC] Chào chị\nTu choi: soan TC":            {Text: "Chào chị", Locale: "vi", Brand: "Lụa", First: true},
		"[AD] Chào chị\nTu choi: soan TC":            {Text: "[AD] Chào chị", Locale: "vi"},
		"[QC] a\nTu choi: soan TC":                   {Text: "[QC] a\nTu choi: soan TC", Locale: "vi"},
		"[QC] Hi\nOpt out: text TC":                  {Text: "Hi", Locale: "en"},
		"[QC] Mời https://l\nTu choi: bam link tren": {Text: "Mời https://l", Locale: "vi", Link: true},
		"[QC] Salut\nTu choi: soan TC":               {Text: "Salut", Locale: "fr"},
	} {
		if got := marked(t, "vn", w); got != want {
			t.Errorf("%+v: %q", w, got)
		}
	}
	if got := pack(t, "vn").Mark(address.Zalo, compliance.Wording{Text: "Hi"}); got != "Hi" {
		t.Error(got)
	}
}

// A bare number says nothing of who writes (CTIA), so that the text has to; and each ad says how to opt out (US-15).
func TestAmericanMarks(t *testing.T) {
	t.Parallel()
	for want, w := range map[string]compliance.Wording{
		"Lotus: Hi\nReply STOP to opt out":                                                        {Text: "Hi", Locale: "en", Brand: "Lotus"},
		"Lotus here. Hi\nReply STOP to opt out":                                                   {Text: "Lotus here. Hi", Locale: "en", Brand: "Lotus"},
		"Lotus: a lotus\nReply STOP to opt out":                                                   {Text: "a lotus", Locale: "en", Brand: "Lotus"},
		"Lotus: Lotuses?\nReply STOP to opt out":                                                  {Text: "Lotuses?", Locale: "en", Brand: "Lotus"},
		"Hi\nReply STOP to opt out":                                                               {Text: "Hi", Locale: "en"},
		"Lotus: Hi. Text STOP to end.":                                                            {Text: "Hi. Text STOP to end.", Locale: "en", Brand: "Lotus"},
		"Lotus: Hi\nMsg & data rates may apply. Reply HELP for help, STOP to opt out":             {Text: "Hi", Locale: "en", Brand: "Lotus", First: true},
		"Lotus: See https://l\nOpt out: open the link above":                                      {Text: "See https://l", Locale: "en", Brand: "Lotus", Link: true},
		"Lotus: See https://l\nMsg & data rates may apply. Opt out: open the link above":          {Text: "See https://l", Locale: "en", Brand: "Lotus", Link: true, First: true},
		"Lotus: Xem https://l\nCo the tinh phi tin nhan va du lieu. Tu choi: bam link tren":       {Text: "Xem https://l", Locale: "vi", Brand: "Lotus", Link: true, First: true},
		"Lotus: Chào\nTu choi: tra loi STOP":                                                      {Text: "Chào", Locale: "vi", Brand: "Lotus"},
		"Lotus: Hola\nReply STOP to opt out":                                                      {Text: "Hola", Locale: "es", Brand: "Lotus"},
		"Lotus: Hi, reply STOP\nMsg & data rates may apply. Reply HELP for help, STOP to opt out": {Text: "Hi, reply STOP", Locale: "en", Brand: "Lotus", First: true},
	} {
		if got := marked(t, "us", w); got != want {
			t.Errorf("%+v: %q", w, got)
		}
	}
	if got := pack(t, "us").Mark(address.WhatsApp, compliance.Wording{Text: "Hi", Brand: "Lotus"}); got != "Hi" {
		t.Error(got)
	}
}
