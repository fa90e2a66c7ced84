package console_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/console"
	"github.com/hoidap/hoidap/gateway/control"
)

// Every page is tried by axe in both themes, and at both widths; the journeys try what comes up in between.
func TestNoPageHasBarriersInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.contact("+84901234567", "Lan")
	run, err := h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	h.messages("+84901234567", 1)
	h.waits("+84901234567", "shop ơi còn size M không?")
	pages := append(console.MenuPaths(), "/console/people/"+id, "/console/campaigns/style", "/console/campaigns/style/edit", "/console/campaigns/style/text",
		"/console/campaigns/style/versions", "/console/results/style", "/console/results/style/people?kind=sent&run="+run.ID,
		"/console/audience?rule=prefs.style+%3D%3D+%22office%22", "/console/audience/people?rule=consent.marketing", "/console/audience/use?rule=consent.marketing", "/console/offers/what-if?who="+id,
		"/console/nowhere", "/console/sign-in", h.invitation("moi"), console.WelcomePath+"used")
	requireAllPages(t, pages)
	h.browse(`
		await signIn('admin');
		for (const [theme, width] of [['light', 1280], ['dark', 360]]) {
			await page.emulateMedia({ colorScheme: theme });
			await page.setViewportSize({ width, height: 800 });
			for (const path of asked) {
				await page.goto(base + path);
				await check(path + ', ' + theme);
			}
		}
	`, pages)
}

// invitation is where somebody who is new begins.
func (h *house) invitation(name string) string {
	h.t.Helper()
	code, err := h.g.Control.Invite(h.program(), control.User{Name: name, Role: access.Viewer})
	require.NoError(h.t, err)
	return console.WelcomePath + code
}

// requireAllPages asks for every page that there is.
func requireAllPages(t *testing.T, paths []string) {
	t.Helper()
	elsewhere := []string{"/console/sso", "/console/sso/callback"} // they lead to the identity provider, and back
	for _, pattern := range console.PagePatterns() {
		form := regexp.MustCompile("^" + regexp.MustCompile(`:\w+`).ReplaceAllString(regexp.QuoteMeta(pattern), "[^/?]+") + `(\?.*)?$`)
		require.True(t, slices.ContainsFunc(paths, form.MatchString) || slices.Contains(elsewhere, pattern), "nobody looks at %s", pattern)
	}
}

// waits has a customer write something that a person must answer.
func (h *house) waits(phone, text string) {
	h.t.Helper()
	h.says(phone, text)
	h.until("it waits for a person", func() bool {
		list, err := h.g.Control.Inbox(h.program(), 1)
		return err == nil && len(list) > 0
	})
}
