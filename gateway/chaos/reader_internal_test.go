package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
)

// pager is an API whose pages hold at most two things each, whatever it is asked for.
type pager struct {
	ledger, runs []string
	broken       string // a cursor at which it does not answer
}

func (p pager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	cursor := r.URL.Query().Get("cursor")
	if cursor != "" && cursor == p.broken {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	done, _ := strconv.Atoi(cursor)
	var out any
	switch r.URL.Path {
	case "/api/v1/contacts":
		out = map[string]any{"id": "c1"}
	case "/api/v1/contacts/c1/preferences", "/api/v1/offers":
		out = map[string]any{}
	case "/api/v1/contacts/c1/ledger": // the newest page first, each with its oldest entry first
		end := len(p.ledger) - done
		page := []map[string]any{}
		for _, event := range p.ledger[max(0, end-2):end] {
			page = append(page, map[string]any{"kind": kindEvent, "event": event})
		}
		out = map[string]any{"ledger": page, "next_cursor": p.after(done, len(p.ledger))}
	case "/api/v1/runs":
		page := []map[string]any{}
		for _, id := range p.runs[done:min(done+2, len(p.runs))] {
			page = append(page, map[string]any{"id": id})
		}
		out = map[string]any{"runs": page, "next_cursor": p.after(done, len(p.runs))}
	}
	json.NewEncoder(w).Encode(out) //nolint:errcheck // the reader notices
}

func (p pager) after(done, all int) string {
	if done+2 >= all {
		return ""
	}
	return strconv.Itoa(done + 2)
}

// reading is a shop that asks the pager.
func reading(t *testing.T, p pager) *shop {
	api := httptest.NewServer(p)
	t.Cleanup(api.Close)
	return &shop{http: api.Client(), base: api.URL, odd: &oddities{}, codes: map[string]int{}}
}

func numbered(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprint("n", i))
	}
	return out
}

func TestALedgerIsReadToItsBeginning(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		p := &Person{Phone: "+84900000001"}
		if !reading(t, pager{ledger: numbered(n)}).person(t.Context(), p) {
			t.Fatal("it could not be read")
		}
		var got []string
		for _, e := range p.Ledger {
			got = append(got, e.Event)
		}
		if !slices.Equal(got, numbered(n)) {
			t.Errorf("%d entries were read as %v", n, got)
		}
	}
}

func TestHalfALedgerIsNone(t *testing.T) {
	t.Parallel()
	p := &Person{Phone: "+84900000001"}
	if reading(t, pager{ledger: numbered(7), broken: "4"}).person(t.Context(), p) {
		t.Errorf("a page was missing, and %+v was taken for the ledger", p.Ledger)
	}
}

// TestAllRunsAreRead: those of the shop, those that events started, and none that is not there.
func TestAllRunsAreRead(t *testing.T) {
	t.Parallel()
	s := reading(t, pager{runs: numbered(7)})
	s.runs = []Firing{{ID: "n0", Group: "1"}, {ID: "n6", Group: "2"}, {ID: "lost", Group: "3"}}
	var h History
	if !s.state(t.Context(), &h) {
		t.Fatal("they could not be read")
	}
	var got []string
	for _, r := range h.Runs {
		got = append(got, fmt.Sprintf("%s/%s/%v", r.ID, r.Group, r.Missing))
	}
	want := []string{"lost/3/true", "n0/1/false", "n1//false", "n2//false", "n3//false", "n4//false", "n5//false", "n6/2/false"}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
