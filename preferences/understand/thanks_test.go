package understand

import (
	"strings"
	"testing"
)

func TestIsThanks(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]bool{
		"cam on shop nhieu": true, "Dạ em cảm ơn ạ": true, "cảm ơn shop đã tặng quà 🥰": true, "thanks so much!": true, "tks shop": true,
		"thank you for the gift": true, "🙏": true, "ok cảm ơn nha": true,
		"": false, "dạ": false, "ok": false, "cảm ơn, mã dùng ở đâu vậy": false, "thanks, the code doesn't work": false,
		"cảm ơn?": false, "cảm ơn nhưng mình không cần": false, "no thanks, stop": false,
	} {
		for _, locale := range []string{"vi", "en"} {
			if got := IsThanks(locale, typed); got != want && (locale == "vi" || strings.Contains(typed, "thank")) {
				t.Errorf("%s: %q is %v", locale, typed, got)
			}
		}
	}
}
