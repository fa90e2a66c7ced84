package control

import "testing"

// TestNoCellIsAFormula: what a customer writes runs in nobody's spreadsheet.
func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"":                               "",
		"office":                         "office",
		"tầm 500k":                       "tầm 500k",
		"a=b":                            "a=b",
		"=HYPERLINK(\"http://x\",\"y\")": "'=HYPERLINK(\"http://x\",\"y\")",
		"+84901234567":                   "'+84901234567",
		"-2+3":                           "'-2+3",
		"@SUM(A1)":                       "'@SUM(A1)",
		"\t=1":                           "'\t=1",
		"\rx":                            "'\rx",
		"\nx":                            "'\nx",
		"  =cmd|' /C calc'!A0":           "'  =cmd|' /C calc'!A0",
		"\u00a0=1":                       "'\u00a0=1",
		"\ufeff=1":                       "'\ufeff=1",
		"＝1":                             "'＝1",
		"'=1":                            "'=1",
		"\x00=1":                         "'=1",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q became %q, not %q", cell, got, want)
		}
	}
}
