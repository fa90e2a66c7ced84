package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// gifted is a house where a customer was given one of three codes.
func gifted(t *testing.T) (h *house, id string) {
	t.Helper()
	h = newHouse(t)
	_, _, err := h.g.Control.AddCodes(h.program(), "office-20", []string{"LUA-1", "LUA-2", "LUA-3"})
	require.NoError(t, err)
	id = h.contact("+84901234567", "Lan")
	_, err = h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	h.messages("+84901234567", 1)
	h.says("+84901234567", "công sở")
	h.messages("+84901234567", 2)
	h.says("+84901234567", "700k")
	h.until("a code is given", func() bool { return h.left("office-20") == 2 })
	h.until("it is written down", func() bool {
		all, err := h.g.Control.Offers(h.program())
		return err == nil && all[0].Given == 1
	})
	return h, id
}

// A pool that runs low is seen in the overview, filled up on its page, and gone from the overview.
func TestAPoolRunsLowInABrowser(t *testing.T) {
	t.Parallel()
	h, _ := gifted(t)
	var codes []string
	for i := range 200 {
		codes = append(codes, fmt.Sprintf("MAI-%d", i))
	}
	body := h.pageOf("viewer", "/console/offers")
	require.Contains(t, body, "đủ khoảng 2 ngày")
	require.Contains(t, body, "Tính theo 1 mã đã tặng trong 1 ngày gần đây.")
	h.browse(`
		await signIn('marketer');
		const low = page.locator('.needs', { hasText: 'office-20' });
		await low.waitFor();
		expect((await low.innerText()).includes('đủ khoảng 2 ngày'), 'how long it lasts');
		expect((await low.innerText()).includes('dưới 50 mã hoặc không đủ 3 ngày'), 'the threshold is told');
		await shot('overview-low');
		await low.locator('a').click();
		await page.waitForURL((u) => u.hash === '#offer-office-20');
		const offer = page.locator('#offer-office-20');
		await check('a low pool');
		await shot('offers-low');
		await offer.getByText('Thêm mã').first().click();
		await offer.locator('textarea').fill(asked);
		await offer.locator('details button').click();
		await page.locator('.says', { hasText: 'Đã thêm 200 mã' }).waitFor();
		await page.locator('.menu a', { hasText: 'Tổng quan' }).click();
		await page.locator('.empty', { hasText: 'Không có' }).or(page.locator('#needs')).first().waitFor();
		expect(await page.locator('.needs', { hasText: 'office-20' }).count() === 0, 'it is gone from the overview');
	`, strings.Join(codes, "\n"))
}

// What somebody would be given is told by the chooser of the send: what is left counts, and so does what they said.
func TestWhatSomebodyWouldGetInABrowser(t *testing.T) {
	t.Parallel()
	h, id := gifted(t)
	other := h.contact("+84901234568", "Mai")
	v := h.as("viewer")
	order := func(path string, words ...string) {
		t.Helper()
		status, body := v.get(path)
		require.Equal(t, 200, status)
		_, body, _ = strings.Cut(body, `<ol class="ranking">`)
		for _, w := range words {
			_, rest, ok := strings.Cut(body, w)
			require.True(t, ok, "%q in %.900s", w, body)
			body = rest
		}
	}
	order("/console/offers/what-if?who="+url.QueryEscape("0901 234 567"), "office-20", "sẽ được tặng", "prefs.style == &#34;office&#34;", "ship", "ưu tiên hơn")
	order("/console/offers/what-if?who="+other, "ship", "sẽ được tặng", "office-20", "điều kiện không đúng", "không đúng:")
	order("/console/offers/what-if?campaign=style&who="+id, "office-20", "sẽ được tặng")
	status, body := v.get("/console/offers/what-if?who=0900000000")
	require.Equal(t, 422, status)
	require.Contains(t, body, "Không có khách nào như vậy")
	require.Contains(t, body, `value="0900000000"`, "what was typed stays")
	require.Contains(t, h.pageOf("viewer", "/console/people/"+id), "/console/offers/what-if?who="+id)
	h.browse(`
		await signIn('viewer');
		await page.goto(base + '/console/offers/what-if?who=' + asked);
		await check('what if');
		await shot('what-if');
	`, id)
}
