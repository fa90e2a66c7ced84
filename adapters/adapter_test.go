package adapters_test

import (
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters"
)

func TestIsMessageID(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"p07-aZ.9_2": true, strings.Repeat("x", 64): true, strings.Repeat("x", 65): false, "": false,
		"two words": false, "a/b": false, `{"note":1}`: false, "mã": false, "a\n": false, "a:b": false, "`": false, "@": false, "[": false, "{": false,
	} {
		if adapters.IsMessageID(s) != want {
			t.Errorf("%q", s)
		}
	}
}
