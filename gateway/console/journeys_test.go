package console_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/console"
)

// The emergency stop is pressed on a phone, by keyboard, seen on every page, and lifted by an administrator. What was asked for
// meanwhile leaves then.
func TestTheEmergencyStopInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.contact("+84901234567", "Lan")
	pages := append(console.MenuPaths(), "/console/people/"+id, "/console/campaigns/style", "/console/campaigns/style/edit")
	const hands = `
		const tab = async (locator) => {
			for (let i = 0; i < 60; i++) {
				if (await locator.evaluate((e) => e === document.activeElement)) return;
				await page.keyboard.press('Tab');
			}
			expect(false, 'the keyboard reaches ' + locator);
		};
		await page.setViewportSize({ width: 360, height: 740 });
	`
	h.browse(hands+`
		await signIn('marketer');
		await tab(page.locator('[data-dialog=stop]'));
		await page.keyboard.press('Enter');
		await page.locator('#stop[open]').waitFor();
		await check('the stop is asked');
		await shot('stop-dialog-phone');
		await page.keyboard.type('giá sai');
		await page.keyboard.press('Enter');
		await page.locator('.stopped', { hasText: 'giá sai' }).waitFor();
		await check('stopped, phone');
		await shot('stopped-phone');
		for (const path of asked) {
			await page.goto(base + path);
			expect(await page.locator('.stopped', { hasText: 'Mọi tin nhắn đang dừng' }).isVisible(), path + ' says that all is stopped');
			expect(await page.getByRole('button', { name: 'Cho gửi lại' }).count() === 0, 'only an administrator lifts it');
		}
	`, pages)
	_, err := h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	h.until("the question waits", func() bool {
		a, err := h.g.Control.Account(h.program(), "sms")
		return err == nil && a.Waiting == 1
	})
	require.Empty(t, h.fake.Phone("+84901234567"))
	h.browse(hands+`
		await signIn('admin');
		await page.goto(base + '/console/people');
		await tab(page.getByRole('button', { name: 'Cho gửi lại' }));
		await page.keyboard.press('Enter');
		await page.locator('.says', { hasText: 'Tin nhắn lại được gửi' }).waitFor();
		expect(await page.locator('.stopped').count() === 0, 'it is lifted');
		expect(page.url().endsWith('/console/people'), 'back where they were');
	`, nil)
	h.messages("+84901234567", 1)
}

// A colleague sees a run go on, on a page that nobody touches.
func TestARunIsSeenAsItGoesInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i := range 6 {
		h.contact(fmt.Sprintf("+8490123456%d", i), "Lan")
	}
	h.browse(`
		const other = await browser.newContext({});
		const watcher = tools(await other.newPage());
		await watcher.signIn('viewer');
		await watcher.page.goto(base + '/console/campaigns/style');
		await watcher.page.evaluate(() => { window.untouched = true; });
		await signIn('marketer');
		await page.goto(base + '/console/campaigns/style');
		await page.locator('#preflight .big', { hasText: '6' }).waitFor();
		await page.fill('[name=first]', '2');
		await page.getByRole('button', { name: 'Chạy', exact: true }).click();
		const bar = watcher.page.locator('.run-bar');
		await bar.getByText('2 / 2', { exact: true }).waitFor(); // of those who were looked at
		await bar.getByText('bắt đầu với 2 người').waitFor();
		expect(await bar.locator('progress').getAttribute('value') === '2', 'the bar stands at two');
		await watcher.shot('run-waits');
		await page.getByRole('button', { name: 'Hỏi tiếp những người còn lại' }).click();
		await bar.getByText('6 / 6', { exact: true }).waitFor();
		await bar.getByText('đã xong').waitFor();
		expect(await watcher.page.evaluate(() => window.untouched === true), 'the page was not loaded again');
		expect(await watcher.page.getByRole('button', { name: 'Chạy', exact: true }).count() === 0, 'a viewer launches nothing');
		await watcher.check('a run, as a viewer');
	`, nil)
	for i := range 6 {
		h.messages(fmt.Sprintf("+8490123456%d", i), 1)
	}
}

// What each role may and may not, as its pages have it.
func TestEachRolesJourneyInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.contact("+84901234567", "Lan")
	_, err := h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	h.messages("+84901234567", 1)
	h.waits("+84901234567", "shop ơi còn size M không?")
	h.browse(`
		const roles = ['viewer', 'agent', 'marketer', 'admin'];
		const person = '/console/people/' + asked;
		// where, what, and from which role on it is there
		const offered = [
			['/console/people', '+84901234567', null], // masked for all in the list
			[person, '+84901234567', 'agent'],
			[person, 'Ghi điều bạn biết', 'agent'],
			[person, 'Tải dữ liệu', 'marketer'],
			[person, 'Xóa khách này', 'admin'],
			['/console/inbox', 'Không cần làm gì', 'agent'],
			['/console/campaigns', 'Bắt đầu soạn', 'marketer'],
			['/console/campaigns/style', 'Soạn', 'marketer'],
			['/console/offers', 'Thêm mã', 'marketer'],
			['/console/channels', 'Tạm dừng', 'marketer'],
			['/console/channels', 'Gửi nốt', 'admin'],
			['/console/settings', 'Mời', 'admin'],
			['/console/overview', 'Dừng khẩn cấp', 'marketer'],
		];
		const closed = [ // what is not offered is refused, too
			['/console/campaigns/style/edit', 'marketer'], [person + '/export', 'marketer'], ['/console/audience/use?rule=true', 'marketer'], ['/console/audit', 'marketer'],
		];
		for (const role of roles) {
			await signIn(role);
			const may = (least) => least !== null && roles.indexOf(role) >= roles.indexOf(least);
			for (const [path, what, least] of offered) {
				if (!page.url().endsWith(path)) await page.goto(base + path);
				const there = await page.locator('main, .bar').getByText(what, { exact: false }).filter({ visible: true }).count() > 0;
				expect(there === may(least), role + (may(least) ? ' is offered ' : ' is not offered ') + what + ' on ' + path);
			}
			for (const [path, least] of closed) {
				const answer = await page.request.get(base + path, { maxRedirects: 0 });
				expect((answer.status() === 403) !== may(least), role + ' asks for ' + path + ': ' + answer.status());
			}
		}
		await signIn('agent');
		await page.goto(base + '/console/inbox');
		await page.getByRole('button', { name: 'Tiếp quản' }).click();
		await page.locator('.says', { hasText: 'Bạn đang nói chuyện với khách này' }).waitFor();
		await signIn('viewer');
		await page.goto(base + '/console/inbox');
		await page.locator('.lease', { hasText: 'agent' }).first().waitFor();
		await page.locator('main', { hasText: 'Vai trò của bạn chỉ được xem' }).waitFor();
	`, id)
}
