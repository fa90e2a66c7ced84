package portal_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/portal"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences"
)

// asks plays the gateway: pages by code, and what was answered.
type asks struct {
	portal.Pages // nothing else is asked for

	mu      sync.Mutex
	pages   map[string]control.Asked
	answers []string
}

func (a *asks) AskedBy(_ context.Context, code string) (control.Asked, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch p, ok := a.pages[code]; {
	case code == "away":
		return p, fmt.Errorf("%w: Redis is away", control.ErrUnavailable)
	case !ok:
		return p, control.ErrNotFound
	default:
		return p, nil
	}
}

func (a *asks) AnswerBy(ctx context.Context, code, text, payload string) (control.Asked, error) {
	a.mu.Lock()
	a.answers = append(a.answers, strings.Join([]string{code, text, payload}, "|"))
	p := a.pages[code]
	p.Open, p.Said = false, []string{"Cảm ơn Lan!\nTặng mình mã OFF1."}
	if code == "first" {
		p.Said, p.Next = nil, "money"
	}
	a.pages[code] = p
	a.mu.Unlock()
	return a.AskedBy(ctx, code)
}

func (a *asks) ConfirmBy(ctx context.Context, code string) (control.Asked, error) {
	return a.AskedBy(ctx, code)
}

func asked(kind preferences.Kind, text string, labels ...string) control.Asked {
	a := control.Asked{Brand: "Lụa", Locale: "vi", Open: true, Kind: kind, Page: campaigns.Page{Text: text}}
	for i, l := range labels {
		a.Page.Options = append(a.Page.Options, campaigns.OutOption{Payload: fmt.Sprint(i + 1), Label: l})
	}
	return a
}

func serve(t *testing.T) (*asks, string) {
	t.Helper()
	english := asked(preferences.YesNo, "Do you like silk?")
	english.Locale = "en"
	again := asked(preferences.Text, "Mình thích chất liệu nào ạ?")
	again.Page.Again = true
	a := &asks{pages: map[string]control.Asked{
		"first": asked(preferences.Choice, "Chị Lan thích phong cách nào?", "Thể thao", "Công sở", "Dạo phố cuối tuần cùng gia đình và những người bạn thân"),
		"money": asked(preferences.Money, "Ngân sách cho một bộ khoảng bao nhiêu ạ?"),
		"many":  asked(preferences.Choices, "Mình thích màu nào?", "Đen", "Trắng", "Xanh"),
		"rate":  asked(preferences.Rating, "Mình chấm shop mấy điểm?"),
		"again": again, "yes": english,
		"evil":  asked(preferences.Choice, `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`),
		"over":  {Brand: "Lụa", Locale: "vi"},
		"ko":    {Brand: "Lụa", Locale: "ko"},
		"left":  {Brand: "Lụa", Locale: "vi", Stopped: true},
		"next":  {Brand: "Lụa", Locale: "vi", Said: []string{"Ngân sách bao nhiêu ạ?\nMình trả lời tại đây ạ: https://lua.vn/l/x"}, Next: "money"},
		"proof": {Brand: "Lụa", Locale: "vi", Proof: &control.Proving{Open: true, Known: "+8490•••567"}},
	}}
	s := web.New(web.Options{})
	portal.Mount(s.Echo(), a)
	server := httptest.NewServer(s.Echo())
	t.Cleanup(server.Close)
	return a, server.URL
}

func TestPages(t *testing.T) {
	t.Parallel()
	a, base := serve(t)
	get := func(path string) (int, string) {
		resp, err := http.Get(base + path)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Contains(t, resp.Header.Get("Content-Security-Policy"), "script-src 'self'")
		return resp.StatusCode, string(body)
	}
	for path, want := range map[string]string{
		"/l/first": `value="Thể thao"`, "/l/many": `type="checkbox"`, "/l/rate": `value="5"`, "/l/yes": `value="Yes"`, "/l/money": `type="text"`,
		"/l/again": "chưa hiểu ý mình", "/l/over": "đã kết thúc", "/l/ko": "This question has been answered, or is over.", "/portal/page.css": "--accent",
	} {
		status, body := get(path)
		require.Equal(t, http.StatusOK, status, path)
		require.Contains(t, body, want, path)
	}
	_, body := get("/l/left") // who has pressed the button is told that it worked, and has nothing more to press
	require.Contains(t, body, "Lụa đã ngừng gửi tin quảng cáo cho mình.")
	require.Equal(t, 1, strings.Count(body, "<button"), "nothing but the way back")
	require.Contains(t, body, `name="start"`)
	_, body = get("/l/next") // the next question is a button, not an address to read
	require.Contains(t, body, `href="/l/money"`)
	require.NotContains(t, body, "lua.vn")
	_, body = get("/l/evil")
	require.NotContains(t, body, "<script>")
	require.NotContains(t, body, "<img")
	status, _ := get("/l/nobody")
	require.Equal(t, http.StatusNotFound, status)
	for accepts, want := range map[string]string{"": "vi", "vi,en;q=0.5": "vi", "en-GB,vi": "en"} { // of whom nothing is known
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/l/nobody", nil)
		require.NoError(t, err)
		r.Header.Set("Accept-Language", accepts)
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		page, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Contains(t, string(page), `<html lang="`+want+`"`, accepts)
	}
	status, body = get("/l/away")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, "Mình thử lại sau một phút")

	for _, form := range []string{"", "answer=", "answer=+++"} { // nothing was said, and nothing is answered
		resp, err := http.Post(base+"/l/first", "application/x-www-form-urlencoded", strings.NewReader(form))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	for _, form := range []url.Values{{"answer": {strings.Repeat("x", 2001)}}, {"answer": {"Thể thao"}, "number": {strings.Repeat("1", 2001)}}} { // nor is what no page asks for
		resp, err := http.PostForm(base+"/l/first", form)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
	}
	require.Empty(t, a.answers)
	resp, err := http.PostForm(base+"/l/many", url.Values{"answer": {"Đen", "Xanh"}})
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, []string{"many|Đen, Xanh|"}, a.answers)
}

// TestAPhoneAnswersInABrowser in a real browser: by touch and by keyboard, in the light and in the dark, without barriers.
func TestAPhoneAnswersInABrowser(t *testing.T) {
	t.Parallel()
	a, base := serve(t)
	var got struct {
		Barriers, Errors []string
		Small            []string // what is too small to be hit by a thumb
		Wide             []string // pages that scroll sideways
		Next, Thanks     string
	}
	judge.Ask(t, `
(async () => {
  const { chromium } = require('playwright-core');
  const axe = require('fs').readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const browser = await chromium.launch({ executablePath: asked.chromium, args: ['--no-sandbox', '--disable-gpu'] });
  const got = { Barriers: [], Errors: [], Small: [], Wide: [] };
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme, hasTouch: true, isMobile: true, bypassCSP: true });
    const page = await context.newPage();
    page.on('pageerror', (e) => got.Errors.push(e.message));
    page.on('console', (m) => m.type() === 'error' && !/404|503/.test(m.text()) && got.Errors.push(m.text()));
    for (const code of colorScheme === 'light' ? asked.codes : asked.codes.slice(0, 3)) {
      await page.goto(asked.base + '/l/' + code);
      if (asked.shots) await page.screenshot({ path: asked.shots + '/' + code + '-' + colorScheme + '.png', fullPage: true });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run());
      for (const v of violations) got.Barriers.push(colorScheme + ' ' + code + ': ' + v.id + ' ' + v.nodes.map((n) => n.html).join(' '));
      for (const box of await page.locator('button, a, input:not([type=checkbox]), label.choice').all()) {
        const { height } = await box.boundingBox();
        if (height < 44) got.Small.push(code + ': ' + await box.textContent());
      }
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) got.Wide.push(code);
    }
    await context.close();
  }
  const page = await (await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })).newPage();
  page.on('console', (m) => m.type() === 'error' && got.Errors.push(m.text()));
  await page.goto(asked.base + '/l/first');
  await page.getByRole('button', { name: 'Công sở' }).tap();
  await page.waitForURL('**/l/money');
  got.Next = await page.locator('h1').textContent();
  await page.keyboard.type('tầm 600k');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.said');
  got.Thanks = await page.locator('.said').textContent();
  await browser.close();
  answer(got);
})().catch((e) => { console.error(e); process.exit(1); });`,
		map[string]any{"base": base, "chromium": judge.Browser(t), "shots": shots(t), "codes": []string{"first", "money", "many", "rate", "again", "yes", "proof", "over", "nobody", "away"}}, &got)
	require.Empty(t, got.Errors)
	require.Empty(t, got.Barriers)
	require.Empty(t, got.Small)
	require.Empty(t, got.Wide)
	require.Contains(t, got.Next, "Ngân sách")
	require.Contains(t, got.Thanks, "OFF1")
	require.Equal(t, []string{"first|Công sở|", "money|tầm 600k|"}, a.answers)
}
