package control

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences"
)

// Whatever a ledger's steps, its pages put together are the ledger, each no longer than asked for.
func TestPagesOfALedger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var raw [][]byte
		var all []string
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			var step []preferences.Entry
			for range rapid.IntRange(1, 5).Draw(t, "entries") {
				all = append(all, fmt.Sprint(len(all)))
				step = append(step, preferences.Entry{Kind: preferences.EntryInbox, Event: all[len(all)-1]})
			}
			raw = append(raw, record.Entries(step))
		}
		n := rapid.IntRange(1, 7).Draw(t, "n")
		var got []string
		at := ledgerPlace{}
		for range len(all) + 2 {
			newest := max(at.step, 1)
			read := raw[max(0, len(raw)-newest-n-1):max(0, len(raw)-newest+1)]
			page, next := ledgerPageOf(read, newest, at.done, n)
			if len(page) > n || len(page) == 0 && len(all) > 0 {
				t.Fatalf("a page of %d", len(page))
			}
			var some []string
			for _, e := range page {
				some = append(some, e.Event)
			}
			got = append(some, got...)
			if next == "" {
				break
			}
			var err error
			if at, err = readLedgerPlace(next); err != nil {
				t.Fatal(next, err)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(all) {
			t.Fatalf("the pages have %v of %v", got, all)
		}
	})
}

func TestCursorsOfALedger(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"x", "1", "1.1", "1.1.", "0.1.aaaaaaaaaa", "1.0.aaaaaaaaaa", "-1.1.aaaaaaaaaa", "01.1.aaaaaaaaaa", "1.1.aaaaaaaaaab", "1.1.aaaaaaaaaa ", "1.1.a", "99999999999999999999.1.aaaaaaaaaa"} {
		if _, err := readLedgerPlace(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}
