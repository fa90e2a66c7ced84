package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// deepPages is how many pages of a list are turned before one is deep.
const deepPages = 20

// deepen turns pages until it is a deep one, or the last but one of them.
func (v *visitor) deepen(ctx context.Context, w *view) error {
	first := *w
	for range deepPages {
		next, err := v.next(ctx, w)
		if err != nil {
			return fmt.Errorf("turning pages: %w", err)
		}
		if next == "" {
			return nil
		}
		w.Path, w.Body = first.at(next)
	}
	return nil
}

// at is the address, and what is posted there, of the page behind a cursor.
func (v view) at(cursor string) (path, body string) {
	if v.Body != "" {
		return v.Path, strings.TrimSuffix(v.Body, "}") + fmt.Sprintf(", \"cursor\": %q}", cursor)
	}
	join := "?"
	if strings.Contains(v.Path, "?") {
		join = "&"
	}
	return v.Path + join + "cursor=" + url.QueryEscape(cursor), ""
}

// next is the cursor that a page of a list gives.
func (v *visitor) next(ctx context.Context, w *view) (string, error) {
	var page struct {
		Next string `json:"next_cursor"`
	}
	req, err := w.request(ctx, v.ours.base)
	if err != nil {
		return "", err
	}
	req.Header.Del("Accept-Encoding")
	resp, err := v.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", &refusal{resp.StatusCode, req.URL.Path}
	}
	return page.Next, json.NewDecoder(resp.Body).Decode(&page)
}

// operation is one of the API that lists something, or tells of one thing what grows with what there is.
type operation struct {
	name, path string
	filters    []string // as they stand in a query, each measured by itself
	paged      bool     // a cursor leads on
	limit      int      // of a page; 0: it has none
}

// lists are the API's lists: of each the first page as long as can be, a deep one, and one for each of its filters.
func lists(w landmarks) (list []*view) {
	for _, o := range operations(w) {
		list = append(list, o.views()...)
	}
	return append(list, posted()...)
}

func operations(w landmarks) []operation {
	q := url.QueryEscape
	person := "/contacts/" + w.person
	part := func(parts ...string) (filters []string) {
		for _, p := range parts {
			filters = append(filters, "part="+p)
		}
		return filters
	}
	results := append(part("audience", "eligible", "excluded", "waiting", "held", "asked", "sent", "failed", "delivered", "replied", "understood",
		"completed", "offered", "opted_out", "reached", "answered", "declined", "unclear", "changed", "dropped"),
		"run="+q(w.run), "part=excluded&reason=no_consent", "part=answered&question=style", "part=answered&question=style&value=office", "channel=sms", "locale=en", "hour=03")
	return []operation{
		{"contacts", "/contacts", []string{"with=preferences"}, true, 200},
		{"a contact by address", "/contacts?address=" + q("tel:"+w.phone), nil, false, 0},
		{"a contact", person, []string{"with=preferences"}, false, 0},
		{"ledger", person + "/ledger", nil, true, 1000},
		{"preferences", person + "/preferences", nil, false, 0},
		{"person", person + "/person", []string{"follow=merged"}, false, 0},
		{"timeline", person + "/timeline", nil, true, 200},
		{"standings", person + "/standings", nil, false, 0},
		{"what they would be given", person + "/offers", []string{"campaign=everybody"}, false, 0},
		{"a contact's export", person + "/export", nil, false, 0},
		{"search", "/search?q=" + q(w.phone), nil, false, 0},
		{"campaigns", "/campaigns", nil, false, 0},
		{"replies", "/campaigns/everybody/replies", []string{"question=style"}, true, 200},
		{"preflight", "/campaigns/everybody/preflight?only=known", nil, false, 0},
		{"results, counts", "/campaigns/everybody/results?only=counts", []string{"run=" + q(w.run)}, false, 0},
		{"results, known", "/campaigns/everybody/results?only=known&max_age=3600", nil, false, 0},
		{"results, small", "/campaigns/small-003/results?only=counts", nil, false, 0},
		{"results, people", "/campaigns/everybody/results/people", results, true, 200},
		{"results, people of a small one", "/campaigns/small-003/results/people", part("asked", "answered"), true, 200},
		{"runs", "/runs", nil, true, 200},
		{"a run", "/runs/" + w.run, nil, false, 0},
		{"offers", "/offers", nil, false, 0},
		{"sending", "/sending", nil, false, 0},
		{"accounts", "/accounts", nil, false, 0},
		{"an account", "/accounts/sms", nil, false, 0},
		{"inbox", "/inbox", nil, false, 500},
		{"inbox items", "/inbox/items", []string{"reason=agent", "reason=unclear", "reason=data"}, true, 200},
		{"inbox counts", "/inbox/counts", nil, false, 0},
		{"an inbox item", "/contacts/" + w.of + "/inbox/" + w.item, nil, false, 0},
		{"dead letters", "/dead-letters", []string{"what=message", "what=event", "reason=nothing", "account=sms", "campaign=everybody", "run=" + q(w.run), "webhook=shop"}, true, 500},
		{"webhooks", "/webhooks", nil, false, 0},
		{"a webhook", "/webhooks/shop", nil, false, 0},
		{"deliveries", "/webhooks/shop/deliveries", nil, true, 200},
		{"files", "/files", nil, false, 0},
		{"files in force", "/files-in-force", nil, false, 0},
		{"a file", "/files/kept-00.yaml", nil, false, 0},
		{"versions of a file", "/files/kept-00.yaml/versions", nil, false, 0},
		{"a version of a file", "/files/kept-00.yaml/versions/1", nil, false, 0},
		{"a difference", "/files/kept-00.yaml/diff?from=1&to=2", nil, false, 0},
		{"requests", "/requests", nil, false, 0},
		{"calendar", "/calendar", []string{"days=92", "from=2027-02-01"}, false, 0},
		{"attributes", "/attributes", nil, false, 0},
		{"vocabulary", "/audience/vocabulary", nil, false, 0},
		{"users", "/users", nil, false, 0},
		{"a user", "/users/user-0@shop.example", nil, false, 0},
		{"audit", "/audit", nil, true, 200},
	}
}

func (o operation) views() []*view {
	const api = "/api/v1"
	with := func(query string) string {
		if query == "" {
			return api + o.path
		}
		if strings.Contains(o.path, "?") {
			return api + o.path + "&" + query
		}
		return api + o.path + "?" + query
	}
	limit := ""
	if o.limit > 0 {
		limit = fmt.Sprintf("limit=%d", o.limit)
	}
	name := "API: " + o.name
	list := []*view{{Name: name, Path: with(""), API: true}}
	if limit != "" {
		list = append(list, &view{Name: fmt.Sprintf("%s, %d", name, o.limit), Path: with(limit), API: true})
	}
	if o.paged {
		list = append(list, &view{Name: name + ", deep", Path: with(limit), API: true, Deep: true})
	}
	for _, f := range o.filters {
		both := strings.Trim(f+"&"+limit, "&")
		list = append(list, &view{Name: name + ", " + f, Path: with(both), API: true})
	}
	return list
}

// posted are the lists whose rule is posted.
func posted() (list []*view) {
	const people = "/api/v1/audience/people"
	of := func(name, body string, deep bool) {
		list = append(list, &view{Name: "API: audience, " + name, Path: people, Body: body, API: true, Deep: deep})
	}
	of("everybody", `{"limit": 200}`, false)
	of("everybody, deep", `{"limit": 200}`, true)
	for _, part := range []string{"asked", "held", "waiting", "excluded"} {
		of(part, fmt.Sprintf(`{"rule": "prefs.style == \"office\"", "campaign": "everybody", "part": %q, "limit": 200}`, part), false)
	}
	of("a reason", `{"rule": "contact.locale == \"en\"", "part": "excluded", "reason": "no_consent", "limit": 200}`, false)
	of("few", `{"rule": "facts.group == \"g003\"", "limit": 200}`, false)
	of("not indexed", `{"rule": "facts.orders > 5", "limit": 200}`, false)
	return list
}
