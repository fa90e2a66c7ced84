package adapters_test

import (
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters"
)

func TestSegments(t *testing.T) {
	a, ư := func(n int) string { return strings.Repeat("a", n) }, func(n int) string { return strings.Repeat("ư", n) }
	for _, x := range []struct {
		name, text   string
		encoding     adapters.Encoding
		count, units int
		offenders    string
	}{
		{"nothing", "", adapters.GSM7, 0, 0, ""},
		{"one full", a(160), adapters.GSM7, 1, 160, ""},
		{"two", a(161), adapters.GSM7, 2, 161, ""},
		{"two full", a(306), adapters.GSM7, 2, 306, ""},
		{"three", a(307), adapters.GSM7, 3, 307, ""},
		{"three full", a(459), adapters.GSM7, 3, 459, ""},
		{"four", a(460), adapters.GSM7, 4, 460, ""},
		{"one full, marked", ư(70), adapters.UCS2, 1, 70, "ư"},
		{"two, marked", ư(71), adapters.UCS2, 2, 71, "ư"},
		{"two full, marked", ư(134), adapters.UCS2, 2, 134, "ư"},
		{"three, marked", ư(135), adapters.UCS2, 3, 135, "ư"},
		{"one mark moves all", a(70) + "ư", adapters.UCS2, 2, 71, "ư"},
		{"label", "[QC]", adapters.GSM7, 1, 6, ""},
		{"escaped ones", "^{}\\[~]|€\f", adapters.GSM7, 1, 20, ""},
		{"the escape itself", "\x1b", adapters.UCS2, 1, 1, "\x1b"},
		{"escape fits the last place", a(158) + "€", adapters.GSM7, 1, 160, ""},
		{"escape does not fit", a(159) + "€", adapters.GSM7, 2, 161, ""},
		{"escape at the boundary moves on", a(152) + "€" + a(152), adapters.GSM7, 3, 306, ""}, // 152, 2+151, 1
		{"escape before the boundary", a(151) + "€" + a(153), adapters.GSM7, 2, 306, ""},
		{"emoji", "😀", adapters.UCS2, 1, 2, "😀"},
		{"skin tone", "👍🏽", adapters.UCS2, 1, 4, "👍🏽"},
		{"keycap", "1️⃣", adapters.UCS2, 1, 3, "\ufe0f\u20e3"},
		{"heart", "❤️", adapters.UCS2, 1, 2, "❤\ufe0f"},
		{"family", "👨‍👩‍👧‍👦", adapters.UCS2, 1, 11, "👨\u200d👩👧👦"},
		{"pair at the boundary moves on", ư(66) + "😀" + ư(66), adapters.UCS2, 3, 134, "ư😀"},
		{"pair before the boundary", ư(65) + "😀" + ư(67), adapters.UCS2, 2, 134, "ư😀"},
		{"marks that GSM has", "àèéìòùÉ", adapters.GSM7, 1, 7, ""},
		{"marks that GSM lacks", "áđĐ₫", adapters.UCS2, 1, 4, "áđĐ₫"},
		{"no backtick", "`", adapters.UCS2, 1, 1, "`"},
		{"typography", "“a”…–\u00a0", adapters.UCS2, 1, 6, "“”…–\u00a0"},
		{"not UTF-8", "a\xff", adapters.UCS2, 1, 2, "\ufffd"},
	} {
		got := adapters.Segments(x.text)
		if got.Encoding != x.encoding || got.Count != x.count || got.Units != x.units || string(got.Offenders) != x.offenders {
			t.Errorf("%s: %+v, want %s %d segments %d units %+q", x.name, got, x.encoding, x.count, x.units, x.offenders)
		}
		if n := adapters.SegmentCount(x.text); n != x.count {
			t.Errorf("%s: counted %d, want %d", x.name, n, x.count)
		}
	}
}

// The default alphabet as 23.038 prints it, without the escape: 127 characters of one septet.
func TestAlphabet(t *testing.T) {
	const alphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	const extended = "^{}\\[~]|€\f"
	n := 0
	for r := rune(0); r < 0x20000; r++ {
		got, want := 0, 0
		if r < 0xD800 || r > 0xDFFF {
			if s := adapters.Segments(string(r)); s.Encoding == adapters.GSM7 {
				got = s.Units
			}
		}
		switch {
		case strings.ContainsRune(alphabet, r):
			want = 1
			n++
		case strings.ContainsRune(extended, r):
			want = 2
		}
		if r >= 0xD800 && r <= 0xDFFF {
			continue
		}
		if got != want {
			t.Errorf("%q takes %d septets, want %d", r, got, want)
		}
	}
	if n != 127 {
		t.Errorf("%d characters in the alphabet", n)
	}
}

func TestSegmentsAllocateNothing(t *testing.T) {
	gsm, ucs := strings.Repeat("a€", 200), strings.Repeat("ư😀", 200)
	if n := testing.AllocsPerRun(100, func() { adapters.Segments(gsm); adapters.SegmentCount(gsm); adapters.SegmentCount(ucs) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkSegmentCount(b *testing.B) {
	text := strings.Repeat("Chị Lan thích phong cách nào? ", 10)
	b.ReportAllocs()
	for b.Loop() {
		adapters.SegmentCount(text)
	}
}
