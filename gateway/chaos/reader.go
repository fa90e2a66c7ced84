package chaos

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Pages are as long as the API lets them be.
const (
	ledgerPage = 1000
	runsPage   = 200
)

// person reads what the gateway says of a customer; false where it could not be read.
func (s *shop) person(ctx context.Context, p *Person) bool {
	var contact struct {
		ID    string
		Facts struct{ Edit int }
	}
	switch status := s.call(ctx, http.MethodGet, "/contacts?address="+url.QueryEscape("tel:"+p.Phone), "", nil, &contact); {
	case status == http.StatusNotFound:
		p.Gone = true
		return true
	case status != http.StatusOK:
		return false
	}
	p.Edit = contact.Facts.Edit
	var prefs struct{ Preferences []Preference }
	path := "/contacts/" + url.PathEscape(contact.ID)
	if s.call(ctx, http.MethodGet, path+"/preferences", "", nil, &prefs) != http.StatusOK {
		return false
	}
	p.Preferences = prefs.Preferences
	return s.ledger(ctx, path+"/ledger", p)
}

// ledger reads a whole ledger, from its newest page to its beginning.
func (s *shop) ledger(ctx context.Context, path string, p *Person) bool {
	var pages [][]Entry
	for cursor := ""; ; {
		var page struct {
			Ledger []Entry
			Next   string `json:"next_cursor"`
		}
		if s.call(ctx, http.MethodGet, paged(path, ledgerPage, cursor), "", nil, &page) != http.StatusOK {
			return false
		}
		pages = append(pages, page.Ledger)
		if cursor = page.Next; cursor == "" {
			slices.Reverse(pages)
			p.Ledger = slices.Concat(pages...)
			return true
		}
	}
}

func paged(path string, limit int, cursor string) string {
	return path + "?limit=" + strconv.Itoa(limit) + "&cursor=" + url.QueryEscape(cursor)
}

// state reads all runs, those that were acknowledged and those that events started, and the offers.
func (s *shop) state(ctx context.Context, h *History) bool {
	s.mu.Lock()
	started := slices.Clone(s.runs)
	h.Codes = maps.Clone(s.codes)
	s.mu.Unlock()
	byID, ok := s.listed(ctx)
	if !ok {
		return false
	}
	h.Runs = nil
	for _, mine := range started {
		r, there := byID[mine.ID]
		if !there {
			r = Firing{ID: mine.ID, Missing: true}
		}
		delete(byID, mine.ID)
		r.Group, r.Asked = mine.Group, mine.Asked
		h.Runs = append(h.Runs, r)
	}
	for _, r := range byID { // started by events
		h.Runs = append(h.Runs, r)
	}
	slices.SortFunc(h.Runs, func(a, b Firing) int { return strings.Compare(a.ID, b.ID) })
	var offers struct{ Offers []Offer }
	if s.call(ctx, http.MethodGet, "/offers", "", nil, &offers) != http.StatusOK {
		return false
	}
	h.Offers = offers.Offers
	for i := range h.Offers {
		h.Offers[i].Budget = budgets()[h.Offers[i].ID]
	}
	return true
}

// listed reads all runs that the gateway has, by their ids.
func (s *shop) listed(ctx context.Context) (byID map[string]Firing, ok bool) {
	byID = map[string]Firing{}
	for cursor := ""; ; {
		var page struct {
			Runs []Firing
			Next string `json:"next_cursor"`
		}
		if s.call(ctx, http.MethodGet, paged("/runs", runsPage, cursor), "", nil, &page) != http.StatusOK {
			return nil, false
		}
		for _, r := range page.Runs {
			byID[r.ID] = r
		}
		if cursor = page.Next; cursor == "" {
			return byID, true
		}
	}
}
