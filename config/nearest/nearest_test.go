package nearest

import "testing"

func TestOf(t *testing.T) {
	t.Parallel()
	known := []string{"style", "budget", "return_reason", "remind_after", "cron", "at"}
	for word, want := range map[string]string{
		"styel":        "style",
		"Style":        "style",
		"stlye":        "style",
		"returnReason": "return_reason",
		"remind-after": "remind_after",
		"remind_afer":  "remind_after",
		"bugdet":       "budget",
		"corn":         "cron",
		"colour":       "",
		"x":            "",
		"":             "",
	} {
		if got := Of(word, known); got != want {
			t.Errorf("Of(%q) = %q, want %q", word, got, want)
		}
	}
}

// What may be a word of its own is no slip, though it is near enough to be suggested.
func TestSlip(t *testing.T) {
	t.Parallel()
	known := []string{"marketing", "profiling", "sms"}
	for word, want := range map[string]string{
		"marketting":    "marketing",
		"maketing":      "marketing",
		"markteing":     "marketing",
		"Marketing":     "marketing",
		"mar-keting":    "marketing",
		"profilling":    "profiling",
		"SMS":           "sms",
		"smz":           "",
		"marketing":     "",
		"sms_marketing": "",
		"market":        "",
		"profiles":      "",
		"ticketing":     "",
		"newsletter":    "",
		"":              "",
	} {
		if got := Slip(word, known); got != want {
			t.Errorf("Slip(%q) = %q, want %q", word, got, want)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add("styel", "style")
	f.Fuzz(func(t *testing.T, word, known string) {
		if got := Of(word, []string{known}); got != "" && got != known {
			t.Errorf("Of invented %q", got)
		}
	})
}
