package console_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOverviewInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.contact("+84901234567", "Lan")
	h.contact("+84901234568", "Mai")
	_, err := h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	h.browse(`
		await page.goto(base + '/console/overview');
		await check('sign-in');
		await shot('sign-in');
		await signIn('admin');
		await page.waitForSelector('.run');
		await check('overview');
		await shot('overview-light');
		await page.keyboard.press('Control+k');
		await page.locator('.hits a').first().waitFor();
		await check('search');
		await page.locator('#search input').fill('cài đặt');
		await page.keyboard.press('Enter'); // before the answer is there
		await page.waitForURL('**/console/settings');
		await check('settings');
		await shot('settings-light');
		await page.getByRole('button', { name: 'English' }).click();
		await page.getByRole('heading', { name: 'Settings' }).waitFor();
		await page.getByRole('button', { name: 'Dark' }).click();
		await fits('settings, dark');
		await shot('settings-dark-en');
		await page.goto(base + '/console/overview');
		await fits('overview, dark');
		await shot('overview-dark-en');
		await page.setViewportSize({ width: 360, height: 740 });
		await fits('overview, phone');
		await shot('overview-phone');
		await page.getByRole('button', { name: 'Menu' }).click();
		await fits('menu, phone');
		await shot('menu-phone');
	`, nil)
}

// What runs is shown as it goes.
func TestOverviewIsLiveInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.contact("+84901234567", "Lan")
	h.browse(`
		await signIn('marketer');
		await page.waitForSelector('.empty');
		await page.evaluate(() => { window.sameAsBefore = true; });
		const started = await page.request.post(base + '/api/v1/campaigns/style/runs', { headers: { Authorization: 'Bearer test-token-for-the-api' }, data: {} });
		expect(started.status() === 202, 'the run starts');
		await page.locator('.run', { hasText: 'Gu thời trang' }).waitFor();
		expect(await page.evaluate(() => window.sameAsBefore), 'the page was not loaded anew');
	`, nil)
}
