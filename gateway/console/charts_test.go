package console_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/preferences/address"
)

// trick is what a question may say, to see what becomes of it where it is drawn.
const trick = `<img src=x onerror="window.owned=1">{b|c}`

// drawn is the results of two runs that people of two languages answered, with a question that tries what it can.
func (h *house) drawn() {
	h.t.Helper()
	h.answered()
	en, a := "en", address.Address{Scheme: address.Tel, ID: "+84901000002"}
	_, _, err := h.g.Control.Upsert(h.program(), campaigns.ContactEdit{Addresses: []address.Address{a}, Locale: &en})
	require.NoError(h.t, err)
	h.contact("+84901000007", "Mai")
	_, err = h.g.Control.StartRun(h.program(), "style", "again", 0)
	require.NoError(h.t, err)
	h.messages("+84901000007", 1)
	h.says("+84901000007", "1")
	h.messages("+84901000007", 2)
	h.balanced()
}

// TestChartsInABrowser: pictures of what the tables say, whose bars lead to their people by pointer and by key, in the page's colours.
func TestChartsInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) {
		tricky := strings.Replace(styleCampaign, `text: {vi: "Chị`, `text: {vi: '`+trick+` Chị`, 1)
		tricky = strings.Replace(tricky, `nào ạ?", en: "Which`, `nào ạ?', en: "Which`, 1)
		o.Files = fstest.MapFS{"campaigns.yaml": {Data: []byte(tricky)}}
	})
	h.drawn()
	h.browse(`
		await page.emulateMedia({ reducedMotion: 'reduce' });
		await signIn('marketer');
		const results = base + '/console/results/style';
		const figure = (name) => page.locator('figure[data-name="' + name + '"]');
		// the boxes of the bars in a tone, as large as they are on the page
		const bars = (name, tone) => figure(name).evaluate((f, tone) => {
			const plain = (colour) => colour.replace(/\s/g, '');
			const fill = plain(getComputedStyle(f.querySelector('[data-tone=' + tone + ']')).backgroundColor);
			const hex = '#' + fill.match(/\d+/g).slice(0, 3).map((n) => (+n).toString(16).padStart(2, '0')).join('');
			return [...f.querySelectorAll('svg path')].filter((p) => [fill, hex].includes(plain(p.getAttribute('fill') ?? '')))
				.map((p) => p.getBoundingClientRect()).filter((b) => b.width > 1 && b.height > 1).map((b) => ({ x: b.x + b.width / 2, y: b.y + b.height / 2 }));
		}, tone);
		const open = async (as = '') => {
			await page.goto(results + as);
			await page.locator('.results progress').waitFor({ state: 'detached' }); // pictures of a part of the ledgers are drawn before
			await figure('steps').locator('svg text').first().waitFor();
		};

		await open('?anew=1');
		await open();
		await page.evaluate(() => document.fonts.ready);
		const names = await page.locator('figure.picture').evaluateAll((all) => all.map((f) => f.dataset.name));
		expect(names.join() === 'steps,delay-style,delay-budget,locale,runs', 'five pictures, not ' + names);
		for (const [name, tone, n] of [['steps', 'whole', 2], ['steps', 'brand', 2], ['locale', 'whole', 2], ['runs', 'whole', 2], ['delay-style', 'brand', 1]]) {
			const found = (await bars(name, tone)).length;
			expect(found === n, n + ' bars of ' + name + ' in ' + tone + ', not ' + found);
		}
		await check('charts');
		await shot('charts-light');

		const [first] = await bars('steps', 'brand');
		await page.mouse.move(first.x, first.y);
		const tip = figure('steps').locator('.tip');
		await tip.waitFor();
		expect((await tip.textContent()).includes('<img src=x onerror="window.owned=1">{b|c}'), 'what a question says is shown as text');
		expect((await figure('steps').locator('svg').textContent()).includes('<img src=x'), 'in the drawing, too');
		expect(await page.evaluate(() => window.owned === undefined && !document.querySelector('main img')), 'and does nothing');
		await shot('charts-tip');
		await page.mouse.click(first.x, first.y);
		await page.waitForURL(/kind=answered&question=style/);
		expect(await page.locator('table.people tbody tr').count() === 4, 'a bar leads to those who answered');

		await open();
		await figure('steps').locator('.canvas').focus();
		await page.keyboard.press('ArrowRight');
		await page.keyboard.press('ArrowRight');
		expect(/Trả lời: 4 · /.test(await figure('steps').locator('[aria-live]').textContent()), 'keys go from bar to bar and say which');
		expect(/^Trả lời/.test(await figure('steps').locator('.tip [data-here]').textContent()), 'which is marked');
		await shot('charts-keys');
		await page.keyboard.press('Enter');
		await page.waitForURL(/kind=answered&question=style/);

		await open();
		await page.emulateMedia({ colorScheme: 'dark' });
		await page.waitForFunction(() => document.querySelector('figure[data-name=steps] svg path[fill*="85, 201, 179"], figure[data-name=steps] svg path[fill*="85,201,179"], figure[data-name=steps] svg path[fill="#55c9b3"]'));
		await shot('charts-dark');
		await page.setViewportSize({ width: 360, height: 740 });
		await page.waitForFunction(() => [...document.querySelectorAll('figure svg')].every((s) => s.getBoundingClientRect().right <= 360));
		await check('charts on a phone, dark');
		await shot('charts-phone');

		const bare = await browser.newContext({ javaScriptEnabled: false });
		const plain = tools(await bare.newPage());
		await plain.signIn('marketer');
		await plain.page.goto(results);
		expect(await plain.page.locator('figure.picture').first().isHidden(), 'where no script runs there is no empty picture');
		expect(await plain.page.locator('.chart').first().isVisible(), 'but all that it says');
	`, nil)
}
