package replylink_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/gateway/replylink"
)

// TestATokenOpensOnePage: as long as it says, and under the secret that it was made with; nobody makes another of it.
func TestATokenOpensOnePage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		contact := rapid.StringMatching(`c[0-9]{1,4}-[a-z2-7]{16}`).Draw(rt, "contact")
		until := time.Unix(rapid.Int64Range(0, 1<<40).Draw(rt, "until"), 0).UTC()
		token := replylink.OwnPage("secret", contact, until)
		got, when, ok := replylink.ReadOwnPage("secret", token)
		if !ok || got != contact || !when.Equal(until) {
			rt.Fatalf("%s: %q %v %v", token, got, when, ok)
		}
		if _, _, ok := replylink.ReadOwnPage("another secret", token); ok {
			rt.Fatalf("%s does not depend on the secret", token)
		}
		at := rapid.IntRange(0, len(token)-1).Draw(rt, "at")
		b := []byte(token)
		b[at] ^= byte(rapid.IntRange(1, 127).Draw(rt, "flip"))
		if _, _, ok := replylink.ReadOwnPage("secret", string(b)); ok {
			rt.Fatalf("%s opens a page, as %s does", b, token)
		}
	})
}

func TestWhatIsNoToken(t *testing.T) {
	t.Parallel()
	token := replylink.OwnPage("secret", "c7-abc", time.Unix(1_800_000_000, 0))
	for _, s := range []string{"", "-", "--", "c7-abc", token[:len(token)-1], token + "0", token + "-", "x" + token, string(make([]byte, 1<<20)),
		replylink.Code("secret", 7, "c7-abc.1")} {
		if contact, _, ok := replylink.ReadOwnPage("secret", s); ok {
			t.Errorf("%.40q opens the page of %s", s, contact)
		}
	}
}
