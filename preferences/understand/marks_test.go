package understand

import (
	"testing"

	"pgregory.net/rapid"
)

func TestMarksAreWhatFoldTakesAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[aàăđĐ\x{301}ñ]{0,5}`)).Draw(rt, "text")
		if hasMarks(s) != (fold(s) != s) {
			rt.Fatalf("%q", s)
		}
	})
}
