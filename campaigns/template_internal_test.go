package campaigns

import (
	"testing"

	"pgregory.net/rapid"
)

// The short way of tidy gives what the long one does.
func TestTidyIsTidied(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		v := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a ă\n\x{a0}]{0,6}`)).Draw(rt, "value")
		if tidy(v) != tidied(v) {
			rt.Fatalf("%q", v)
		}
	})
}
