package console_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/console"
)

// Every page is tried by axe in both themes, and at both widths; the journeys try what comes up in between.
func TestNoPageHasBarriers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.contact("+84901234567", "Lan")
	run, err := h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	h.messages("+84901234567", 1)
	h.waits("+84901234567", "shop ơi còn size M không?")
	pages := append(console.MenuPaths(), "/console/people/"+id, "/console/campaigns/style", "/console/campaigns/style/edit", "/console/campaigns/style/text",
		"/console/campaigns/style/versions", "/console/results/style", "/console/results/style/people?kind=sent&run="+run.ID,
		"/console/audience?rule=prefs.style+%3D%3D+%22office%22", "/console/audience/people?rule=consent.marketing", "/console/nowhere", "/console/sign-in")
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

// waits has a customer write something that a person must answer.
func (h *house) waits(phone, text string) {
	h.t.Helper()
	h.says(phone, text)
	h.until("it waits for a person", func() bool {
		list, err := h.g.Control.Inbox(h.program(), 1)
		return err == nil && len(list) > 0
	})
}
