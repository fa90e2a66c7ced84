package smpp_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp"
)

func TestTextsAreCoded(t *testing.T) {
	for _, c := range []struct {
		text, alphabet string
		coding         byte
		pieces         int
		first          string
	}{
		{"Xin chao", "gsm", 0, 1, "Xin chao"},
		{"Có", "gsm", 8, 1, "\x00C\x00\xf3"},
		{"@à{€", "gsm", 0, 1, "\x00\x7f\x1b\x28\x1b\x65"},
		{"@à", "latin1", 0, 1, "@\xe0"},
		{"ế", "latin1", 8, 1, "\x1e\xbf"},
		{"€", "latin1", 8, 1, "\x20\xac"},
		{strings.Repeat("a", 160), "gsm", 0, 1, strings.Repeat("a", 160)},
		{strings.Repeat("a", 161), "gsm", 0, 2, strings.Repeat("a", 153)},
		{strings.Repeat("ơ", 70), "gsm", 8, 1, strings.Repeat("\x01\xa1", 70)},
		{strings.Repeat("ơ", 71), "gsm", 8, 2, strings.Repeat("\x01\xa1", 67)},
		{strings.Repeat("a", 152) + strings.Repeat("{", 10), "gsm", 0, 2, strings.Repeat("a", 152)}, // no escape is torn from its letter
		{strings.Repeat("😀", 36), "gsm", 8, 2, strings.Repeat("\xd8\x3d\xde\x00", 33)},              // nor a pair
		{strings.Repeat("a", 141), "latin1", 0, 2, strings.Repeat("a", 134)},
	} {
		coding, pieces := smpp.Encode(c.text, c.alphabet)
		if coding != c.coding || len(pieces) != c.pieces || string(pieces[0]) != c.first {
			t.Errorf("%.20q in %s: coding %d, %d pieces, the first %q", c.text, c.alphabet, coding, len(pieces), pieces[0])
		}
	}
}

// What is charged for is what the rest of the program counts, and the words arrive.
func TestPiecesAreTheSegments(t *testing.T) {
	letters := []rune("aZ0 @_é{}€\n\fàếđ😀ởÇΩ")
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(letters), rapid.Rune()), 1, 400).Draw(t, "letters"))
		if !utf8.ValidString(text) {
			return
		}
		coding, pieces := smpp.Encode(text, "gsm")
		info := adapters.Segments(text)
		if (coding == 0) != (info.Encoding == adapters.GSM7) || len(pieces) != info.Count {
			t.Fatalf("coding %d and %d pieces, counted as %+v", coding, len(pieces), info)
		}
		if got, ok := smpp.Decode(coding, bytes.Join(pieces, nil), "gsm"); !ok || got != text {
			t.Fatalf("%q is read as %q", text, got)
		}
		for _, p := range pieces {
			if got, _ := smpp.Decode(coding, p, "gsm"); strings.ContainsRune(got, utf8.RuneError) && !strings.ContainsRune(text, utf8.RuneError) {
				t.Fatalf("a character of %q is torn", text)
			}
		}
	})
}

func TestEachLetterOfTheAlphabet(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		coding, pieces := smpp.Encode(string(r), "gsm")
		if got, ok := smpp.Decode(coding, pieces[0], "gsm"); !ok || got != string(r) {
			t.Errorf("%q became %q", r, got)
		}
	}
}

func TestWhatCustomersWriteIsDecoded(t *testing.T) {
	for _, c := range []struct {
		coding   byte
		octets   string
		alphabet string
		text     string
		ok       bool
	}{
		{0x00, "2\x00\x1b\x65", "gsm", "2@€", true},
		{0x00, "2@", "latin1", "2@", true},
		{0x01, "2@", "gsm", "2@", true},
		{0x03, "\xe0", "gsm", "à", true},
		{0x08, "\x1e\xbf", "gsm", "ế", true},
		{0x08, "\x1e\xbf\x00", "gsm", "ế\ufffd", true},
		{0x10, "\x02", "gsm", "$", true},     // with a class
		{0x18, "\x1e\xbf", "gsm", "ế", true}, // likewise
		{0xF1, "\x02", "gsm", "$", true},     // likewise
		{0x00, "\x1b\x41", "gsm", "A", true}, // an extension that nobody knows
		{0x00, "\xff\x1b", "gsm", "\ufffd\ufffd", true},
		{0x04, "\x01\x02", "gsm", "", false},
		{0x02, "\x01\x02", "gsm", "", false},
		{0xF5, "\x01\x02", "gsm", "", false},
		{0x14, "\x01\x02", "gsm", "", false},
	} {
		if got, ok := smpp.Decode(c.coding, []byte(c.octets), c.alphabet); got != c.text || ok != c.ok {
			t.Errorf("%#x %q: %q, %v", c.coding, c.octets, got, ok)
		}
	}
}

// Phones join parts by a number of 8 bits: texts close behind each other have different ones, and a repeat the same.
func TestReferences(t *testing.T) {
	seen := map[uint16]string{}
	for _, id := range []string{"c1-x.8", "c1-x.9", "c1-x.10", "c1-x.11", "c1-x.99", "c1-x.100"} {
		ref := smpp.Reference(id)
		if was, ok := seen[ref]; ok || ref > 0xFF || ref != smpp.Reference(id) {
			t.Errorf("%s has %d, as has %q", id, ref, was)
		}
		seen[ref] = id
	}
}

func TestValidity(t *testing.T) {
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	for after, want := range map[time.Duration]string{
		24 * time.Hour: "000001000000000R", 90 * time.Second: "000000000130000R", 26*time.Hour + 3*time.Second: "000001020003000R", 1000 * time.Hour: "000030000000000R",
	} {
		if got, err := smpp.Validity(now, now.Add(after)); err != nil || got != want {
			t.Errorf("%v: %s, %v", after, got, err)
		}
	}
	if got, err := smpp.Validity(now, time.Time{}); err != nil || got != "" {
		t.Errorf("no limit: %q, %v", got, err)
	}
	if _, err := smpp.Validity(now, now); fault(err) != adapters.BadMessage {
		t.Errorf("too late: %v", err)
	}
}
