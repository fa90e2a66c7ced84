package gateway_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A ledger is paged to its beginning, each entry once, while new ones come.
func TestALedgerIsPaged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	for i := range 5 {
		require.Equal(t, http.StatusOK, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}, "facts": m{"n": i},
			"consents": []m{{"purpose": "news", "granted": i%2 == 0, "source": fmt.Sprint(i), "at": "2026-11-02T09:00:00+07:00"}}}, nil))
	}
	want := r.ledger(id)
	require.Greater(t, len(want), 8)
	var got []entryView
	for cursor, pages := "", 0; ; pages++ {
		var page struct {
			Entries []entryView `json:"ledger"`
			Next    string      `json:"next_cursor"`
		}
		require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id+"/ledger?limit=3&cursor="+cursor, nil, &page))
		got = append(page.Entries, got...)
		if cursor = page.Next; cursor == "" {
			break
		}
		require.Less(t, pages, len(want))
		require.Len(t, page.Entries, 3)
		require.Equal(t, http.StatusOK, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}, "name": fmt.Sprint("Lan ", pages)}, nil))
	}
	require.Equal(t, want, got)
	require.Equal(t, http.StatusBadRequest, r.call("GET", "/api/v1/contacts/"+id+"/ledger?cursor=1.1.x", nil, nil))
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id+"/ledger?cursor=1.1.aaaaaaaaaa", nil, nil), "cleared away since")
}

// Runs are paged, each once, while new ones start; so are dead letters, which is told in their own tests.
func TestRunsArePaged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	started := map[string]bool{}
	for range 7 {
		started[r.run("style")] = true
	}
	seen := map[string]bool{}
	for cursor := ""; ; {
		var page struct {
			Runs []struct{ ID string }
			Next string `json:"next_cursor"`
		}
		require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/runs?limit=2&cursor="+cursor, nil, &page))
		for _, x := range page.Runs {
			require.False(t, seen[x.ID], "%s is there twice", x.ID)
			seen[x.ID] = true
		}
		if cursor = page.Next; cursor == "" {
			break
		}
		r.run("style")
	}
	require.Equal(t, started, seen)
	for _, cursor := range []string{"x", "1.", ".a", "1"} {
		require.Equal(t, http.StatusBadRequest, r.call("GET", "/api/v1/runs?cursor="+cursor, nil, nil), cursor)
	}
}
