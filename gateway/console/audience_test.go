package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// crowd makes n people: every third has not consented, every fifth lives in Huế.
func (h *house) crowd(n int) {
	h.t.Helper()
	for i := range n {
		name, city := fmt.Sprintf("Nguyễn Thị Lan %d", i), "Vinh"
		if i%5 == 0 {
			city = "Huế"
		}
		_, _, err := h.g.Control.Upsert(h.program(), campaigns.ContactEdit{
			Addresses: []address.Address{{Scheme: address.Tel, ID: fmt.Sprintf("+84901%06d", i)}}, Name: &name, Facts: map[string]any{"city": city, "orders": i % 4},
			Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: i%3 > 0, Source: "form", At: h.now().Add(-time.Hour)}}})
		require.NoError(h.t, err)
	}
}

// TestAudienceInABrowser: rows become the rule and the rule becomes rows; the count follows; a mistake is said at its place.
func TestAudienceInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.crowd(40)
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/audience');
		const total = page.locator('.total:not(.going) .huge');
		await total.getByText('40', { exact: true }).waitFor();
		await check('audience, empty');
		const built = async (act) => {
			await Promise.all([page.waitForResponse((r) => r.url().endsWith('/audience/build')), act()]);
			await page.waitForFunction(() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling'));
		};
		const typed = (field, text) => built(async () => { await page.fill(field, text); await page.locator(field).blur(); });
		await built(() => page.getByRole('button', { name: 'Thêm nhóm điều kiện' }).click());
		await built(() => page.selectOption('#b-subject-0', 'facts.*'));
		await typed('#b-fact-0', 'city');
		await typed('#b-value-0', 'Huế');
		await total.getByText('8', { exact: true }).waitFor();
		expect(await page.inputValue('#b-rule') === 'facts.city == "Huế"', 'the rule is written: ' + await page.inputValue('#b-rule'));
		expect(new URL(page.url()).searchParams.get('rule') === 'facts.city == "Huế"', 'the address keeps it');
		await built(() => page.getByRole('button', { name: '+ hoặc' }).click());
		await built(() => page.selectOption('#b-subject-1', 'consent.marketing'));
		await total.getByText('29', { exact: true }).waitFor();
		await page.selectOption('#b-campaign', 'style');
		await page.locator('.becomes').getByText('chưa đồng ý').waitFor();
		await check('audience, two rows');
		await shot('audience-light');
		await page.locator('.becomes .sub', { hasText: 'chưa đồng ý' }).getByRole('link').click();
		await page.locator('table.people tbody tr').first().waitFor();
		const left = await page.locator('table.people tbody tr').count();
		expect(left === 3, 'three who live in Huế have not consented: ' + left);
		await check('people of an audience');
		await shot('audience-people');
		await page.getByRole('link', { name: 'Về điều kiện' }).click();
		await typed('#b-rule', 'consent.marketing && facts.orders = 3');
		await page.locator('#b-mistake mark').waitFor();
		expect(await page.locator('#b-mistake mark').textContent() === '=', 'the place of the mistake is marked');
		expect(await page.inputValue('#b-rule') === 'consent.marketing && facts.orders = 3', 'what was typed is kept');
		await check('audience, mistake');
		await shot('audience-mistake');
		await typed('#b-rule', 'consent.marketing && facts.orders == 3 && prefs.style == nil');
		await total.getByText('6', { exact: true }).waitFor();
		expect(await page.locator('.group').count() === 3, 'the rule became three rows');
		await page.reload();
		await total.getByText('6', { exact: true }).waitFor();
		await page.getByRole('button', { name: 'English' }).click();
		await page.getByRole('button', { name: 'Dark' }).click();
		await total.getByText('6', { exact: true }).waitFor();
		await page.locator('.samples li').first().waitFor();
		await fits('audience, dark');
		await shot('audience-dark-en');
		await page.setViewportSize({ width: 360, height: 740 });
		await fits('audience, phone');
		await shot('audience-phone');
	`, nil)
}

// What was built opens the editor with the rule put in: of a campaign that is kept here, that is adopted first, or that begins.
func TestAnAudienceGoesIntoACampaign(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	rule := `consent.marketing && prefs.style == "office"`
	use := "/console/audience/use?" + url.Values{"rule": {rule}}.Encode()
	put := `name="audience" value="consent.marketing &amp;&amp; prefs.style == &#34;office&#34;"`
	status, _ := h.as("agent").get(use)
	require.Equal(t, http.StatusForbidden, status)
	v := h.as("marketer")
	require.Contains(t, h.pageOf("marketer", "/console/audience?"+url.Values{"rule": {rule}}.Encode()), "Dùng trong chiến dịch")

	_, body := v.get(use + "&campaign=style")
	require.Contains(t, body, "chưa được điền vào")
	require.Contains(t, body, `type="hidden" `+put, "adopting keeps it")
	_, body = v.post("/console/campaigns/style/adopt", url.Values{"audience": {rule}})
	require.Contains(t, body, "chưa lưu")
	require.Contains(t, body, `<input `+put)
	f, err := h.g.Control.File(h.program(), "campaigns.yaml")
	require.NoError(t, err)
	require.NotContains(t, f.Text, `prefs.style == "office"`+"\nchannels", "nothing is saved")

	_, body = v.get(use)
	require.Contains(t, body, "Sẽ hỏi ai:")
	_, body = v.post("/console/campaigns", url.Values{"name": {"Mùa xuân"}, "audience": {rule}})
	require.Contains(t, body, `<input `+put)
}
