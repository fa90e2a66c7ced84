package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/control"
)

// looksEvery is how often phones are looked at.
const looksEvery = 20 * time.Millisecond

// From the link of the first start to a campaign that runs, by mouse: a password is chosen, the campaign is named, written, tried,
// put in force and launched. Keys are for words alone.
func TestFirstCampaignByMouseInABrowser(t *testing.T) {
	t.Parallel()
	h := emptyHouse(t)
	h.contact("+84901234567", "Lan")
	h.browse(`
		const write = async (field, text) => {
			await page.locator(field).click({ clickCount: 3 });
			await page.keyboard.insertText(text);
		};
		await page.goto(base + asked.link);
		await check('the first link');
		await shot('welcome');
		await write('[name=password]', asked.password);
		await write('[name=again]', asked.password);
		await page.getByRole('button', { name: 'Vào hoidap' }).click();
		await page.waitForURL('**/console/overview');
		await page.getByRole('link', { name: 'Chiến dịch' }).first().click();
		await check('campaigns');
		await shot('campaigns-light');
		await write('[name=name]', 'Gu mùa thu');
		await page.getByRole('button', { name: 'Bắt đầu soạn' }).click();
		await page.waitForURL('**/campaigns/gu-mua-thu/edit');
		await check('editor');
		await shot('editor-light');
		await write('[name="q.0.text.vi"]', 'Chào {{name}}, mình thích màu nào ạ?');
		await page.locator('.bubble', { hasText: 'thích màu nào' }).first().waitFor();
		await page.getByRole('button', { name: 'Thêm lựa chọn' }).click();
		await write('[name="q.0.o.2.label.vi"]', 'Loại thứ ba');
		await page.locator('#side', { hasText: 'Loại thứ ba' }).waitFor();
		await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
		await page.locator('.says').waitFor();
		await write('[name="try.to"]', '0901 234 568');
		await page.getByRole('button', { name: 'Gửi thử' }).click();
		await page.locator('#side .says').waitFor();
		await page.getByRole('button', { name: /Đưa phiên bản/ }).click();
		await page.waitForURL('**/campaigns/gu-mua-thu');
		await page.locator('#preflight .big', { hasText: '1' }).waitFor();
		await check('campaign');
		await page.getByRole('button', { name: 'Chạy', exact: true }).click();
		await page.locator('.run-bar').first().waitFor();
		await check('campaign with a run');
		await shot('campaign-light');
		await page.goto(base + '/console/campaigns/gu-mua-thu/versions?from=1&to=2');
		await page.locator('.diff .added').first().waitFor();
		await check('versions');
		await shot('versions-light');
		await page.goto(base + '/console/calendar');
		await page.locator('.day a').first().waitFor();
		await check('calendar');
		await shot('calendar-light');
		await page.getByRole('button', { name: 'Nền tối' }).click();
		for (const [name, path] of [['campaigns', '/campaigns'], ['campaign', '/campaigns/gu-mua-thu'], ['editor', '/campaigns/gu-mua-thu/edit'], ['calendar', '/calendar']]) {
			await page.goto(base + '/console' + path);
			await page.waitForLoadState('load');
			await page.setViewportSize({ width: 1280, height: 860 });
			await fits(name + ', dark');
			await shot(name + '-dark');
			await page.setViewportSize({ width: 360, height: 740 });
			await fits(name + ', phone');
			await shot(name + '-phone');
		}
	`, map[string]any{"link": h.firstLink(), "password": password})
	require.Eventually(t, func() bool { return len(h.fake.Phone("+84901234567")) == 1 }, wait, looksEvery)
	require.Contains(t, h.fake.Phone("+84901234567")[0].Body, "thích màu nào")
	require.Len(t, h.fake.Phone("+84901234568"), 1, "the test message")
}

// firstLink is where the first administrator begins.
func (h *house) firstLink() string {
	h.t.Helper()
	path, err := h.g.FirstUser(h.t.Context())
	require.NoError(h.t, err)
	return path
}

// The same by keyboard alone, leaving and coming back in between.
func TestFirstCampaignByKeyboardInABrowser(t *testing.T) {
	t.Parallel()
	h := emptyHouse(t)
	h.contact("+84901234567", "Lan")
	h.browse(`
		const tab = async (locator) => {
			for (let i = 0; i < 150; i++) {
				if (await locator.evaluate((e) => e === document.activeElement)) return;
				await page.keyboard.press('Tab');
			}
			expect(false, 'the keyboard reaches ' + locator);
		};
		await page.goto(base + asked.link);
		await page.keyboard.type(asked.password); // the field has the focus
		await page.keyboard.press('Tab');
		await page.keyboard.type(asked.password);
		await page.keyboard.press('Enter');
		await page.waitForURL('**/console/overview');
		await tab(page.getByRole('button', { name: 'Đăng xuất' }));
		await page.keyboard.press('Enter');
		await page.waitForURL('**/console/sign-in');
		await page.locator('[name=name]:focus').waitFor();
		await page.keyboard.type('admin');
		await page.keyboard.press('Tab');
		await page.keyboard.type(asked.password);
		await page.keyboard.press('Enter');
		await page.waitForURL('**/console/overview');
		await page.keyboard.press('Control+k');
		await page.locator('#search input').waitFor();
		await page.keyboard.type('chien dich');
		await page.locator('.hits li:first-child a', { hasText: 'Chiến dịch' }).waitFor();
		await page.keyboard.press('Enter');
		await page.waitForURL('**/console/campaigns');
		await tab(page.locator('[name=name]'));
		await page.keyboard.type('Màu sắc');
		await page.keyboard.press('Enter');
		await page.waitForURL('**/campaigns/mau-sac/edit');
		await tab(page.locator('[name="q.0.text.vi"]'));
		await page.keyboard.press('Control+a');
		await page.keyboard.type('Chào {{name}}, mình thích màu nào ạ?');
		await page.locator('.bubble', { hasText: 'thích màu nào' }).first().waitFor();
		await tab(page.getByRole('button', { name: 'Lưu bản nháp' }));
		await page.keyboard.press('Enter');
		await page.locator('.says').waitFor();
		await tab(page.getByRole('button', { name: /Đưa phiên bản/ }));
		await page.keyboard.press('Enter');
		await page.waitForURL('**/campaigns/mau-sac');
		await page.locator('#preflight .big').waitFor();
		await tab(page.getByRole('button', { name: 'Chạy', exact: true }));
		await page.keyboard.press('Enter');
		await page.locator('.run-bar').first().waitFor();
	`, map[string]any{"link": h.firstLink(), "password": password})
	require.Eventually(t, func() bool { return len(h.fake.Phone("+84901234567")) == 1 }, wait, looksEvery)
	require.Contains(t, h.fake.Phone("+84901234567")[0].Body, "thích màu nào")
}

// Who saves second sees the difference, loses nothing, and decides.
func TestTwoEditorsInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	draft := "# kept\ncampaign: sizes\nname: Size\nquestions:\n  - {id: size, kind: text, text: {vi: \"Mình mặc size nào ạ?\"}}\n"
	_, err := h.g.Control.SaveFile(h.program(), control.FileEdit{Name: "sizes.yaml", Text: draft})
	require.NoError(t, err)
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/campaigns/sizes/edit');
		const other = await (await browser.newContext({ locale: 'vi-VN' })).newPage();
		const second = tools(other);
		await second.signIn('admin');
		await other.goto(base + '/console/campaigns/sizes/edit');
		await page.fill('[name=name]', 'Size của Lan');
		await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
		await page.locator('.says').waitFor();
		await other.fill('[name=name]', 'Size của Minh');
		await other.getByRole('button', { name: 'Lưu bản nháp' }).click();
		await other.locator('#conflict').waitFor();
		await second.check('conflict');
		await second.shot('conflict-light');
		expect((await other.locator('.diff .removed').textContent()).includes('Size của Lan'), 'theirs is shown');
		expect((await other.locator('.diff .added').textContent()).includes('Size của Minh'), 'mine is shown');
		expect(await other.inputValue('[name=name]') === 'Size của Minh', 'what was typed is kept');
		await other.getByRole('button', { name: 'Lưu bản của tôi đè lên' }).click();
		await other.locator('.says').waitFor();
	`, nil)
	f, err := h.g.Control.File(h.program(), "sizes.yaml")
	require.NoError(t, err)
	require.Equal(t, strings.Replace(draft, "name: Size", "name: Size của Minh", 1), f.Text)
	require.Equal(t, 3, f.Version)
}

// What reaches many is typed by one person and agreed to by another.
func TestApprovalInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) { o.Care = control.Care{TypeFrom: 2, ApproveFrom: 2} })
	h.contact("+84901234567", "Lan")
	h.contact("+84901234568", "Mai")
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/campaigns/style');
		await page.locator('#preflight .warn').first().waitFor();
		await page.getByRole('button', { name: 'Chạy', exact: true }).click();
		await page.locator('#launch-problem', { hasText: '2' }).waitFor();
		await check('the number is asked for');
		await page.fill('[name=people]', '2');
		await page.getByRole('button', { name: 'Chạy', exact: true }).click();
		await page.locator('.request').waitFor();
		expect(await page.getByRole('button', { name: 'Duyệt' }).count() === 0, 'nobody agrees with themselves');
		await check('a request of mine');
		await shot('request-light');
		await signIn('admin');
		await page.goto(base + '/console/campaigns');
		await page.getByRole('button', { name: 'Duyệt' }).click();
		await page.locator('.says').waitFor();
	`, nil)
	require.Eventually(t, func() bool { return len(h.fake.Messages()) == 2 }, wait, looksEvery)
}

// A viewer looks and changes nothing, whatever they send; what a file holds harms nobody.
func TestCampaignsByRole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.g.Control.SaveFile(h.program(), control.FileEdit{Name: "x.yaml", Text: "campaign: x\nname: \"<script>alert(1)</script>\"\nquestions:\n  - {id: a, kind: text, text: \"<img src=x onerror=alert(1)>\"}\n"})
	require.NoError(t, err)
	for _, name := range []string{"viewer", "agent"} {
		v := h.as(name)
		status, body := v.get("/console/campaigns")
		require.Equal(t, http.StatusOK, status)
		require.NotContains(t, body, "<script>alert")
		status, _ = v.get("/console/campaigns/style")
		require.Equal(t, http.StatusOK, status)
		for _, path := range []string{"/console/campaigns/x/edit", "/console/campaigns/style/preflight"} {
			status, _ = v.get(path)
			require.Equal(t, http.StatusForbidden, status, path)
		}
		for _, path := range []string{"/console/campaigns", "/console/campaigns/x/edit", "/console/campaigns/style/launch", "/console/runs/r/pause", "/console/requests/r/approve", "/console/campaigns/x/publish"} {
			status, _ = v.post(path, url.Values{})
			require.Equal(t, http.StatusForbidden, status, path)
		}
	}
	status, body := h.as("marketer").get("/console/campaigns/x/edit")
	require.Equal(t, http.StatusOK, status)
	require.NotContains(t, body, "<script>alert")
	require.NotContains(t, body, "<img src=x")
	status, body = h.as("marketer").get("/console/campaigns/style/edit")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "Nhận về đây để soạn", "a file of the folder is adopted first")
}

// A file that no form shows is edited as text, and its mistakes are fixed at a touch.
func TestEditingAsText(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.g.Control.SaveFile(h.program(), control.FileEdit{Name: "x.yaml", Text: "campaign: x\nname: &n Tên\nquestions:\n  - {id: a, kind: txt, text: *n}\n"})
	require.NoError(t, err)
	v := h.as("marketer")
	_, body := v.get("/console/campaigns/x/edit")
	require.Contains(t, body, `name="text"`)
	require.Contains(t, body, "Đổi txt thành text")
	status, body := v.post("/console/campaigns/x/text", url.Values{"was": {"1"}, "text": {"campaign: x\r\nname: &n Tên\r\nquestions:\r\n  - {id: a, kind: txt, text: *n}\r\n"}, "do": {"fix.0"}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "Đã lưu bản nháp")
	f, err := h.g.Control.File(h.program(), "x.yaml")
	require.NoError(t, err)
	require.Equal(t, "campaign: x\nname: &n Tên\nquestions:\n  - {id: a, kind: text, text: *n}\n", f.Text)
	require.Empty(t, f.Problems)
	status, _ = v.post("/console/campaigns/x/text", url.Values{"was": {"x"}, "text": {"y"}})
	require.Equal(t, http.StatusConflict, status)
}

// What was archived is brought back as it was, and asks again.
func TestAnArchivedCampaignComesBackInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.g.Control.AdoptFile(h.program(), "campaigns.yaml")
	require.NoError(t, err)
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/campaigns/style/edit');
		page.once('dialog', (d) => d.accept());
		await page.getByRole('button', { name: 'Cất chiến dịch này' }).click();
		await page.waitForURL('**/console/campaigns');
		await page.locator('.campaigns li', { hasText: 'Gu thời trang' }).locator('.chip.archived').waitFor();
		await page.getByRole('link', { name: 'Gu thời trang' }).click();
		expect(await page.getByRole('button', { name: 'Chạy', exact: true }).count() === 0, 'it starts nothing');
		await page.getByRole('link', { name: 'Soạn' }).click();
		await page.getByRole('button', { name: /Đưa phiên bản/ }).click();
		await page.waitForURL('**/campaigns/style');
		await page.getByRole('button', { name: 'Chạy', exact: true }).waitFor();
	`, nil)
	f, err := h.g.Control.File(h.program(), "campaigns.yaml")
	require.NoError(t, err)
	require.Equal(t, styleCampaign, f.Text)
	require.Equal(t, control.InForce, f.State)
}
