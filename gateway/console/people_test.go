package console_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/access"
)

// wait is how long tests wait for what will come: beside other tests on a busy machine.
const wait = time.Minute

// until looks again and again, for what nobody announces.
func (h *house) until(what string, ok func() bool) {
	h.t.Helper()
	require.Eventually(h.t, ok, wait, 10*time.Millisecond, what)
}

func TestACustomersPageInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.contact("+84901234567", "Lan")
	_, err := h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	h.messages("+84901234567", 1)
	h.says("+84901234567", "dạ công sở nha em")
	h.messages("+84901234567", 2)
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/people/' + asked.id);
		await page.locator('.known .value', { hasText: 'Công sở' }).waitFor();
		await page.locator('blockquote', { hasText: 'dạ công sở nha em' }).first().waitFor();
		const standing = page.locator('section[aria-labelledby=why]');
		expect((await standing.locator('li', { hasText: 'Gu thời trang' }).innerText()).includes('không thuộc đối tượng'), 'why not now: ' + await standing.innerText());
		expect((await standing.innerText()).includes('lần chạy tới'), 'what is planned next: ' + await standing.innerText());
		await check('a customer');
		await shot('person-light');
		await page.getByText('Ghi điều bạn biết').click();
		await page.locator('[name=value]').fill('chắc cũng vừa vừa');
		await page.locator('[name=why]').first().fill('chị nói qua điện thoại');
		await page.locator('form[action$="/correct"] button').click();
		await page.locator('#correct-problem').waitFor();
		expect(await page.inputValue('[name=value]') === 'chắc cũng vừa vừa', 'the input is kept');
		await page.locator('[name=value]').fill('700k');
		await page.locator('form[action$="/correct"] button').click();
		await page.locator('.known.imported', { hasText: '700.000' }).waitFor();
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Tải dữ liệu' }).click()]);
		expect((await download.suggestedFilename()).endsWith('.json'), 'the export is a file');
		await page.getByRole('button', { name: 'English' }).click();
		await page.getByRole('button', { name: 'Dark' }).click();
		await page.goto(base + '/console/people/' + asked.id);
		await fits('a customer, dark');
		await shot('person-dark-en');
		await page.setViewportSize({ width: 360, height: 740 });
		await fits('a customer, phone');
		await shot('person-phone');
		await page.goto(base + '/console/people');
		await fits('people, phone');
	`, map[string]any{"id": id})
	status, _ := h.as("admin").post("/console/people/"+id+"/opt-out", url.Values{"why": {"chị không muốn nhận nữa"}})
	require.Equal(t, 200, status)
	status, _ = h.as("admin").post("/console/people/"+id+"/erase", nil)
	require.Equal(t, 200, status)
	status, _ = h.as("admin").get("/console/people/" + id)
	require.Equal(t, 404, status)
}

func TestTheSimulatorInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before := h.contents()
	saved := ""
	shelf := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		saved = string(b)
	}))
	defer shelf.Close()
	h.browse(`
		await signIn('viewer');
		await page.goto(base + '/console/simulator');
		await check('simulator, before');
		await shot('simulator-setup');
		await page.getByRole('button', { name: 'Bắt đầu' }).click();
		await page.locator('.bubble', { hasText: 'thích phong cách nào' }).waitFor();
		await page.locator('[name=text]').fill('dạ 2 nha');
		await page.keyboard.press('Enter');
		await page.locator('.bubble', { hasText: 'Ngân sách' }).waitFor();
		await page.locator('.side .trace li').first().waitFor();
		await check('simulator');
		await shot('simulator-light');
		await page.getByRole('button', { name: '+3 ngày' }).click();
		await page.locator('.side', { hasText: 'Thời gian trôi' }).waitFor();
		await page.getByRole('button', { name: 'Bỏ bước cuối' }).click();
		await page.locator('[name=text]').fill('tầm <b>600k</b>');
		await page.keyboard.press('Enter');
		await page.locator('.bubble', { hasText: '<b>600k</b>' }).waitFor();
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Lưu làm bài kiểm tra' }).click()]);
		expect((await download.suggestedFilename()) === 'style.talk', 'the test is a file');
		const saved = [];
		for await (const part of await download.createReadStream()) saved.push(part);
		await page.request.post(asked, { data: Buffer.concat(saved) });
		await page.setViewportSize({ width: 360, height: 740 });
		await fits('simulator, phone');
		await shot('simulator-phone');
	`, shelf.URL)
	require.Equal(t, before, h.contents(), "nothing was written")
	h.holds(saved)
}

// holds plays a saved test as it is, and with something else expected: it passes, and can fail.
func (h *house) holds(saved string) {
	h.t.Helper()
	for expected, fails := range map[string]bool{"Ngân sách": false, "Ngân hàng": true} {
		script, err := h.g.Control.ReadTalk(h.program(), strings.ReplaceAll(saved, "Ngân sách", expected))
		require.NoError(h.t, err)
		talk, err := h.g.Control.Simulate(h.program(), script, "")
		require.NoError(h.t, err)
		require.Equal(h.t, fails, talk.Failed(), talk.Test(script))
	}
}

// contents are the keys of Redis that tell of customers.
func (h *house) contents() int {
	h.t.Helper()
	list, _, err := h.g.Control.List(h.program(), "", 100)
	require.NoError(h.t, err)
	return len(list)
}

// What is written on a customer's page goes once, however often it is pressed, and comes back to that page where it is refused:
// never into the talk of somebody else.
func TestWritingOnACustomersPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.contact("+84901234568", "Mai")
	h.waits("+84901234568", "shop ơi còn size M không?") // the first in the inbox
	h.messages("+84901234568", 1)
	id := h.contact("+84901234567", "Lan")
	h.says("+84901234567", "shop ơi còn màu đen không?")
	h.messages("+84901234567", 1)
	h.user("nam", access.Agent)
	agent, path := h.as("agent"), "/console/people/"+id+"/say"
	for range 2 {
		status, page := agent.post(path, url.Values{"key": {"once"}, "text": {"Dạ còn chị ạ"}})
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, page, "Đã gửi")
	}
	require.Equal(t, "Dạ còn chị ạ", h.messages("+84901234567", 2))
	status, page := h.as("nam").post(path, url.Values{"key": {"other"}, "text": {"Dạ hết rồi ạ"}})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, page, "agent đang lo khách này")
	require.Contains(t, page, "Dạ hết rồi ạ</textarea>")
	require.Contains(t, page, "<h1>Lan</h1>")
	require.Len(t, h.fake.Phone("+84901234567"), 2)
	require.Len(t, h.fake.Phone("+84901234568"), 1)
}

// The link to a customer's own page is for administrators alone, stands in the page and in no address, and opens.
func TestTheLinkToACustomersOwnPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.contact("+84901234567", "Lan")
	path := "/console/people/" + id + "/own-page"
	status, _ := h.as("marketer").post(path, nil)
	require.Equal(t, http.StatusForbidden, status)
	_, page := h.as("marketer").get("/console/people/" + id)
	require.NotContains(t, page, "Trang riêng của khách")
	admin := h.as("admin")
	_, page = admin.get("/console/people/" + id)
	require.Contains(t, page, "Lấy liên kết")
	require.NotContains(t, page, "/me/")
	_, before := admin.get("/console/audit")
	status, page = admin.post(path, nil)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "/console/people/"+id, admin.at, "the form is not what a reload sends again")
	link := regexp.MustCompile(`value="http://msg\.example\.com(/me/[^"]+)"`).FindStringSubmatch(page)
	require.NotNil(t, link, "it is lost")
	_, after := admin.get("/console/audit")
	require.Equal(t, strings.Count(before, "lấy liên kết trang riêng của")+1, strings.Count(after, "lấy liên kết trang riêng của"))
	status, page = admin.get(link[1])
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "Những gì mình chia sẻ")
	_, page = admin.get("/console/people/" + id)
	require.NotContains(t, page, "/me/", "it is shown once")
}
