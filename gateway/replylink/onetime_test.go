package replylink_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hoidap/hoidap/gateway/replylink"
)

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// TestOneTimeCodesAreSpread over all that there are, and depend on the secret.
func TestOneTimeCodesAreSpread(t *testing.T) {
	t.Parallel()
	const proofs = 20_000
	firsts, same := map[byte]int{}, 0
	for i := range proofs {
		proof := fmt.Sprint("proof", i)
		code := replylink.OneTime("secret", proof)
		if !sixDigits.MatchString(code) || code != replylink.OneTime("secret", proof) {
			t.Fatalf("%q", code)
		}
		if code == replylink.OneTime("another secret", proof) {
			same++
		}
		firsts[code[0]]++
	}
	for digit, n := range firsts {
		if n < proofs/10*8/10 || n > proofs/10*12/10 {
			t.Errorf("%d of %d codes begin with %c", n, proofs, digit)
		}
	}
	if len(firsts) != 10 || same > 3 {
		t.Errorf("%d first digits; %d codes do not depend on the secret", len(firsts), same)
	}
}

func TestWhatACodeLeadsTo(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]bool{"c7-abc.3": false, replylink.ToProof("c7-abc.3"): true} {
		if message, proof := replylink.Message(to); message != "c7-abc.3" || proof != want {
			t.Errorf("%s: %s %v", to, message, proof)
		}
	}
}
