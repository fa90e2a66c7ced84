package console_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// tricks are what somebody may write to see what becomes of it.
var tricks = []string{
	`<script>window.owned=1</script>`, `=HYPERLINK("http://evil.example","x")`, `"><img src=x onerror="window.owned=1">`, `{{.Body}}`, "a\u202eb\u0007c", `javascript:alert(1)`,
}

// answered is a run in which five answer in their way, and one writes each of the tricks.
func (h *house) answered() (run string) {
	h.t.Helper()
	replies := map[string][]string{
		"+84901000001": {"2", "600k"}, "+84901000002": {"công sở ạ", "tầm 1tr"}, "+84901000003": {"1", "bỏ qua"}, "+84901000004": {"bỏ qua", "500k"}, "+84901000005": {"STOP"}, "+84901000006": tricks,
	}
	for phone := range replies {
		h.contact(phone, "<b>Lan</b>")
	}
	r, err := h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(h.t, err)
	for phone, texts := range replies {
		ctx, cancel := context.WithTimeout(h.t.Context(), wait)
		for i, text := range texts {
			_, err := h.fake.Wait(ctx, phone, min(i, 1)+1) // what is not understood is not answered for ever
			require.NoError(h.t, err)
			h.says(phone, text)
		}
		cancel()
		h.heard(phone, len(texts))
	}
	h.balanced()
	return r.ID
}

// balanced waits until no question is under way: a reply overtakes the provider's word that the question has left.
func (h *house) balanced() {
	h.t.Helper()
	h.until("no question is under way", func() bool {
		r, err := h.g.Control.RunCounts(h.program(), control.ResultsQuery{Campaign: "style"})
		require.NoError(h.t, err)
		b := r.Balance()
		return b.Holds() && b.Queued == 0
	})
}

// heard waits until the ledger has so many messages of somebody.
func (h *house) heard(phone string, n int) {
	h.t.Helper()
	v, err := h.g.Control.ContactByAddress(h.program(), address.Address{Scheme: address.Tel, ID: phone})
	require.NoError(h.t, err)
	require.Eventually(h.t, func() bool {
		entries, err := h.g.Control.Ledger(h.program(), v.ID, 0)
		require.NoError(h.t, err)
		received := 0
		for _, e := range entries {
			if e.Kind == preferences.EntryReceived {
				received++
			}
		}
		return received == n
	}, wait, 20*time.Millisecond)
}

// TestResultsInABrowser: numbers with their people, words as they were written, and nothing of them does anything.
func TestResultsInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.answered()
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/results');
		await check('results, list');
		await page.getByRole('link', { name: 'Gu thời trang' }).click();
		const gathered = () => page.locator('.results progress').waitFor({ state: 'detached' }); // numbers of a part of the ledgers stand there before
		await gathered();
		await page.locator('.verbatims li').first().waitFor();
		const row = (name) => page.locator('.chart tbody tr', { hasText: name }).first();
		expect(/6/.test(await row('Đối tượng').textContent()), 'six were in the audience');
		expect(await page.locator('.balance.bad').count() === 0, 'the counts add up');
		expect((await page.locator('.verbatims').textContent()).includes("<script>window.owned=1</script>"), 'words are shown as they were written');
		expect(await page.evaluate(() => window.owned === undefined), 'and do nothing');
		await check('results');
		await shot('results-light');
		await row('Công sở').getByRole('link').click();
		await page.locator('table.people tbody tr').first().waitFor();
		expect(await page.locator('table.people tbody tr').count() === 2, 'two chose the office');
		expect((await page.locator('table.people').textContent()).includes('+84901000001'), 'a marketer sees numbers');
		await check('people of results');
		await shot('results-people');
		await page.getByRole('link', { name: 'Về kết quả' }).click();
		await page.getByRole('button', { name: 'English' }).click();
		await page.getByRole('button', { name: 'Dark' }).click();
		await gathered();
		await page.locator('.verbatims li').first().waitFor();
		await fits('results, dark');
		await shot('results-dark-en');
		await page.setViewportSize({ width: 360, height: 740 });
		await fits('results, phone');
		await shot('results-phone');
	`, nil)
}

// TestResultsAsAFile: viewers get masked numbers, and no cell is a formula.
func TestResultsAsAFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	run := h.answered()
	for name, whole := range map[string]bool{"viewer": false, "agent": true} {
		v := h.as(name)
		status, body := v.get("/console/results/style/export?run=" + run)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, whole, strings.Contains(body, "84901000001"), name)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		require.NoError(t, err)
		for _, cell := range slices.Concat(rows...) {
			require.False(t, strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r"), "%q is a formula", cell)
		}
		_, people := v.get("/console/results/style/people?kind=audience&run=" + run)
		require.Equal(t, whole, strings.Contains(people, "84901000001"), name)
	}
	status, _ := h.as("viewer").get("/console/results/no-such-campaign")
	require.Equal(t, http.StatusNotFound, status)
	_, door := h.visitor().get("/console/results/style/export")
	require.Contains(t, door, "password", "who has not signed in is led to the door")
}
