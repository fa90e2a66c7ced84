package console_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway"
)

// left is how many codes an offer has.
func (h *house) left(offer string) int64 {
	h.t.Helper()
	all, err := h.g.Control.Offers(h.program())
	require.NoError(h.t, err)
	for _, o := range all {
		if o.ID == offer {
			return *o.CodesLeft
		}
	}
	h.t.Fatalf("there is no offer %s", offer)
	return 0
}

func TestOffersTakeCodes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.as("marketer")
	status, body := v.get("/console/offers")
	require.Equal(t, http.StatusOK, status)
	for _, want := range []string{"office-20", "prefs.style == &#34;office&#34;", "Tặng {{name}} mã {{code}} giảm 20% đồ công sở.", "{{name}}, {{code}} takes 20% off office wear.", "hết mã", "FREESHIP"} {
		require.Contains(t, body, want)
	}
	status, body = v.post("/console/offers/office-20/codes", url.Values{"codes": {"LUA-1\r\n\r\n LUA-2 \nLUA-1\n"}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "Đã thêm 2 mã vào office-20; 1 mã đã có từ trước.")
	require.Contains(t, body, "sắp hết mã")
	require.Equal(t, int64(2), h.left("office-20"))

	var many strings.Builder
	for i := range 100_001 {
		many.WriteString(strconv.Itoa(i) + "\n")
	}
	for name, c := range map[string]struct{ pasted, says string }{
		"nothing":         {" \n\n", "Chưa có mã nào. Dán mỗi dòng một mã."},
		"two in a line":   {"LUA-3\nLUA-4 LUA-5\n<b>\x00", "Không phải một mã ở dòng 2, 3:"},
		"a long one":      {"\n" + strings.Repeat("x", 65), "ở dòng 2:"},
		"bidi":            {"LUA\u202e-6", "ở dòng 1:"},
		"many bad ones":   {strings.Repeat("a b\n", 12), "ở dòng 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …:"},
		"more than fit":   {many.String(), "Có 100.001 mã; mỗi lần thêm được nhiều nhất 100.000."},
		"ends the fields": {"</textarea><script>alert(1)</script> x", "ở dòng 1:"},
	} {
		status, body = v.post("/console/offers/office-20/codes", url.Values{"codes": {c.pasted}})
		require.Equal(t, http.StatusUnprocessableEntity, status, name)
		require.Contains(t, body, c.says, name)
		require.NotContains(t, body, "<script>alert", name)
	}
	_, body = v.post("/console/offers/office-20/codes", url.Values{"codes": {"LUA-3\nLUA-4 <LUA-5>"}})
	require.Contains(t, body, "LUA-3\nLUA-4 &lt;LUA-5&gt;</textarea>", "what was pasted stays")
	require.Equal(t, int64(2), h.left("office-20"), "nothing of it is added")
	status, _ = v.post("/console/offers/ship/codes", url.Values{"codes": {"A"}})
	require.Equal(t, http.StatusConflict, status)
	status, _ = v.post("/console/offers/nothing/codes", url.Values{"codes": {"A"}})
	require.Equal(t, http.StatusNotFound, status)
}

func TestOffersAskForRoles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, who := range []string{"viewer", "agent"} {
		status, _ := h.as(who).post("/console/offers/office-20/codes", url.Values{"codes": {"A"}})
		require.Equal(t, http.StatusForbidden, status)
		require.NotContains(t, h.pageOf(who, "/console/offers"), "<textarea")
	}
	require.Zero(t, h.left("office-20"))
}

func TestOffersTeachWhereThereAreNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) { o.Files = fstest.MapFS{} })
	require.Contains(t, h.pageOf("marketer", "/console/offers"), "Chưa có ưu đãi nào.")
}

func TestOffersInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) {
		o.Files = fstest.MapFS{"campaigns.yaml": {Data: []byte(strings.Replace(styleCampaign, "code: {shared: FREESHIP}", "code: {shared: FREESHIP}\nbudget: 500", 1))}}
	})
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/offers');
		await check('offers');
		await page.getByText('Thêm mã').first().click();
		await page.locator('textarea').fill('LUA-1\nLUA 2\nLUA-3');
		await page.locator('details button').click();
		await page.locator('#codes-problem', { hasText: 'dòng 2' }).waitFor();
		expect(await page.inputValue('textarea') === 'LUA-1\nLUA 2\nLUA-3', 'the input is kept');
		await check('bad lines');
		await shot('offers-light');
		await page.locator('textarea').fill('LUA-1\nLUA-2\nLUA-1');
		await page.locator('details button').click();
		await page.locator('.says', { hasText: 'Đã thêm 2 mã' }).waitFor();
		await page.getByRole('button', { name: 'English' }).click();
		await page.getByRole('button', { name: 'Dark' }).click();
		await page.goto(base + '/console/offers');
		await fits('offers, dark');
		await shot('offers-dark-en');
		await page.setViewportSize({ width: 360, height: 740 });
		await fits('offers, phone, dark');
		await shot('offers-phone-dark');
		await context.clearCookies({ name: 'hoidap-look' });
		await page.goto(base + '/console/offers');
		await fits('offers, phone');
		await shot('offers-phone');
	`, nil)
}
