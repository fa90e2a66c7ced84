package console_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/control"
)

// counted is a house in which counting stands still until go is called.
func counted(t *testing.T) (h *house, goOn func()) {
	h = newHouse(t, func(o *gateway.Options) { o.Care = control.Care{TypeFrom: 2} })
	h.contact("+84901234567", "Lan")
	h.contact("+84901234568", "Mai")
	going := make(chan struct{})
	goOn = sync.OnceFunc(func() { close(going) })
	t.Cleanup(goOn)
	h.g.Control.Busy = func() bool { <-going; return false }
	return h, goOn
}

// While people are counted the page says so, and the button waits; once they are, it is there without a reload.
func TestALaunchWaitsForTheCountInABrowser(t *testing.T) {
	t.Parallel()
	h, goOn := counted(t)
	door := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { goOn() }))
	defer door.Close()
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/campaigns/style');
		const button = page.getByRole('button', { name: 'Chạy', exact: true });
		await page.locator('#launch-waits').waitFor();
		expect(await button.isDisabled(), 'the button waits');
		expect(await page.locator('#preflight progress').count() === 1, 'how far it is stands there');
		await check('counting');
		await shot('counting-light');
		await page.getByRole('button', { name: 'Nền tối' }).click();
		await page.setViewportSize({ width: 360, height: 740 });
		await page.locator('#launch-waits').scrollIntoViewIfNeeded();
		await page.fill('[name=first]', '1');
		await fits('counting, phone');
		await shot('counting-phone');
		await page.request.get(asked);
		await page.locator('#preflight [data-counted]', { hasText: '2' }).waitFor();
		await page.locator('#launch-waits').waitFor({ state: 'detached' });
		expect(await button.isEnabled(), 'it can be pressed');
		expect(await page.inputValue('[name=first]') === '1', 'what was typed is there still');
		await check('counted');
		await shot('counted-phone');
		await page.fill('[name=people]', '2');
		await button.click();
		await page.locator('.run-bar').first().waitFor();
	`, door.URL)
}

// Without script the count goes on all the same, and a reload shows it. Whoever presses meanwhile is told, and keeps what
// they typed.
func TestALaunchWaitsWithoutScript(t *testing.T) {
	t.Parallel()
	h, goOn := counted(t)
	v := h.as("marketer")
	status, page := v.get("/console/campaigns/style")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "disabled aria-describedby=\"launch-waits\"")
	require.Contains(t, page, "<noscript>")
	status, page = v.post("/console/campaigns/style/launch", url.Values{"people": {"2"}, "first": {"1"}})
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, page, "launch-problem")
	require.Contains(t, page, `name="people" value="2"`)
	goOn()
	require.Eventually(t, func() bool {
		_, page = v.get("/console/campaigns/style")
		return !containsAny(page, "launch-waits", "sse-connect=\"/console/campaigns/style/preflight")
	}, wait, looksEvery)
	require.Contains(t, page, "data-counted")
	status, _ = v.post("/console/campaigns/style/launch", url.Values{"people": {"2"}})
	require.Equal(t, http.StatusOK, status)
}

// Results are kept while their runs are over: a page that is asked for again has all of it, without looking at anybody.
func TestResultsOfAFinishedRunAreKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.contact("+84901234567", "Lan")
	_, err := h.g.Control.StartRun(h.program(), "style", "once", 0)
	require.NoError(t, err)
	v := h.as("viewer")
	gathered := func() bool {
		_, page := v.get("/console/results/style")
		return !containsAny(page, "sse-connect=\"/console/results")
	}
	require.Eventually(t, gathered, wait, looksEvery)
}

func containsAny(s string, of ...string) bool {
	for _, x := range of {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}
