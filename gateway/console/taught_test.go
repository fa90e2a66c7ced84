package console_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// A reply that nobody understood is taught: the words are tried, saved, put in force, and the next customer who writes them is
// understood. Taking the version back takes the words back.
func TestAReplyIsTaughtInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.g.Control.AdoptFile(h.program(), "campaigns.yaml")
	require.NoError(t, err)
	h.unclear("+84901234567", "Lan")
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/inbox');
		await page.locator('.teach summary').click();
		await page.locator('[name=words]').fill('đồ nghiêm túc');
		await page.locator('[name=option]').selectOption('office');
		await page.getByRole('button', { name: 'Xem thay đổi' }).click();
		await page.getByRole('button', { name: 'Lưu thành bản nháp' }).click();
		await page.locator('.taught', { hasText: 'Đã lưu thành bản nháp' }).waitFor();
		await check('taught');
		await shot('inbox-taught');
		await page.locator('.meant button', { hasText: 'Công sở' }).click();
		await page.locator('.says', { hasText: 'Đã ghi lại' }).waitFor();
		await page.goto(base + '/console/campaigns/style/edit');
		expect(await page.inputValue('[name="q.0.o.1.synonyms.vi"]') === 'đồ nghiêm túc', 'the words are in the draft');
		await page.getByRole('button', { name: /Đưa phiên bản/ }).click();
		await page.waitForURL('**/campaigns/style');
	`, nil)
	require.Contains(t, h.messages("+84901234567", 5), "Ngân sách")
	h.contact("+84901234568", "Mai")
	_, err = h.g.Control.StartRun(h.program(), "style", "next", 0)
	require.NoError(t, err)
	h.messages("+84901234568", 1)
	h.says("+84901234568", "dạ đồ nghiêm túc nha")
	require.Contains(t, h.messages("+84901234568", 2), "Ngân sách")
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/campaigns/style/versions');
		await page.locator('.rows li', { hasText: 'nhận về' }).getByRole('button').click();
		await page.locator('.says').waitFor();
		expect(await page.inputValue('[name="q.0.o.1.synonyms.vi"]') === '', 'the words are gone again');
	`, nil)
}

// A run is edited on its way: whoever was asked keeps what they got, the others get the new words, and nobody gets two.
func TestEditingARunOnItsWayInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.g.Control.AdoptFile(h.program(), "campaigns.yaml")
	require.NoError(t, err)
	phone := func(i int) string { return fmt.Sprintf("+8490123456%d", i) }
	for i := range 6 {
		h.contact(phone(i), "Lan")
	}
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/campaigns/style');
		await page.locator('#preflight .big', { hasText: '6' }).waitFor();
		await page.fill('[name=first]', '2');
		await page.getByRole('button', { name: 'Chạy', exact: true }).click();
		await page.locator('.run-bar', { hasText: '2 / 2' }).waitFor();
		await page.getByRole('link', { name: 'Soạn' }).click();
		await page.fill('[name="q.0.text.vi"]', 'Chị {{name}} hay mặc kiểu nào ạ?');
		await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
		await page.locator('.says').waitFor();
		await page.getByRole('button', { name: /Đưa phiên bản/ }).click();
		await page.waitForURL('**/campaigns/style');
		await page.getByRole('button', { name: 'Tạm dừng' }).click();
		await page.getByRole('button', { name: 'Chạy tiếp' }).click();
		await page.getByRole('button', { name: 'Hỏi tiếp những người còn lại' }).click();
		await page.locator('.run-bar', { hasText: '6 / 6' }).waitFor();
		await page.locator('.run-bar', { hasText: 'đã xong' }).waitFor();
	`, nil)
	before, after := 0, 0
	for i := range 6 {
		switch body := h.messages(phone(i), 1); {
		case containsAny(body, "hay mặc kiểu nào"):
			after++
		case containsAny(body, "thích phong cách nào"):
			before++
		}
		require.Len(t, h.fake.Phone(phone(i)), 1)
	}
	require.Equal(t, []int{2, 4}, []int{before, after})
}
