package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever a page links to is there: all pages that can be reached from the overview are looked at.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.contact("+84901234567", "Lan")
	_, _, err := h.g.Control.AddCodes(h.program(), "office-20", []string{"A", "B"})
	require.NoError(t, err)
	_, err = h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(h.fake.Phone("+84901234567")) == 1 }, wait, looksEvery)
	h.says("+84901234567", "shop có bán áo mưa không ạ?")
	v := h.as("admin")
	v.post("/console/channels/sms/pause", url.Values{"reason": {"thử"}})
	links, seen := regexp.MustCompile(`\shref="(/console/[^"#]*)`), map[string]string{"/console/overview": "the beginning"}
	for todo := []string{"/console/overview"}; len(todo) > 0; todo = todo[1:] {
		status, body := v.get(todo[0])
		require.Equal(t, http.StatusOK, status, "%s, to which %s leads", todo[0], seen[todo[0]])
		for _, found := range links.FindAllStringSubmatch(body, -1) {
			to := html.UnescapeString(found[1])
			if _, known := seen[to]; known || strings.HasPrefix(to, "/console/assets/") || len(seen) > 400 {
				continue
			}
			seen[to] = todo[0]
			todo = append(todo, to)
		}
	}
	require.Greater(t, len(seen), 15)
}
