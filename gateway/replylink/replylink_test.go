package replylink_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/gateway/replylink"
)

func TestCodesNameTheirPartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p, message := rapid.IntRange(0, 16383).Draw(rt, "partition"), rapid.String().Draw(rt, "message")
		code := replylink.Code("secret", p, message)
		if got, ok := replylink.Partition(code); !ok || got != p {
			rt.Fatalf("%s: %d %v", code, got, ok)
		}
		if other := replylink.Code("another secret", p, message); other == code {
			rt.Fatalf("%s does not depend on the secret", code)
		}
	})
	for _, s := range []string{"", "-", "1-short", "zzzzz-0123456789ab", "-1-0123456789ab", "á-0123456789ab", "1-0123456789abc"} {
		if p, ok := replylink.Partition(s); ok {
			t.Errorf("%q is in partition %d", s, p)
		}
	}
}
