package understand

import (
	"strings"
	"testing"
	"time"
)

// TestLongRepliesAreBounded: no repetition of a word that the readers look for makes a reply slow. The limit is wide, as
// tests run beside others.
func TestLongRepliesAreBounded(t *testing.T) {
	kinds := map[string]Ask{}
	for _, c := range loadCases(t) {
		if c.ask.Question != nil {
			kinds[string(c.ask.Question.Kind)] = c.ask
		}
	}
	for _, unit := range []string{"không ", "à nhầm ", "1 ", "1-", "a", "đen ", "mèo ", "không chó ", "(", "nhầm 2 ", "thứ 2 tới ", "cái nào cũng ", "hay ", "k1 ", "đen nhưng ", "đen mà sao ", "cả hai ", "trừ đen ", "hết đen rồi ", "đen hay ", "1 cái ", "thứ ", "mai "} {
		text := strings.Repeat(unit, 50000/len(unit))
		for kind, a := range kinds {
			took := time.Hour
			for range 3 { // the quickest counts: others want the processor, too
				start := time.Now()
				Read(a, text)
				if took = min(took, time.Since(start)); took <= 500*time.Millisecond {
					break
				}
			}
			if took > 500*time.Millisecond {
				t.Errorf("%s: %q, repeated, took %v", kind, unit, took)
			}
		}
	}
}
