package portal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/portal"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences"
)

// owned plays the gateway behind customers' own pages, by token.
type owned struct {
	portal.Pages // nothing else is asked for

	mu    sync.Mutex
	pages map[string]control.Known
	fails map[string]error
	acts  []string
}

func (o *owned) KnownBy(_ context.Context, token string) (control.Known, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	k, ok := o.pages[token]
	k.Brand = "Lụa"
	if err := o.fails[token]; err != nil {
		return control.Known{Brand: "Lụa"}, err
	}
	if !ok {
		return k, control.ErrNotFound
	}
	return k, nil
}

func (o *owned) act(token, what string, change func(*control.Known)) error {
	if _, err := o.KnownBy(context.Background(), token); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.acts = append(o.acts, token+" "+what)
	k := o.pages[token]
	change(&k)
	o.pages[token] = k
	return nil
}

func (o *owned) TakeAwayBy(_ context.Context, token, attribute string) error {
	return o.act(token, "away "+attribute, func(k *control.Known) {
		var left []control.ToldPreference
		for _, p := range k.Told {
			if p.Attribute != attribute {
				left = append(left, p)
			}
		}
		k.Told = left
	})
}

func (o *owned) SayBy(_ context.Context, token, word string) error {
	return o.act(token, word, func(k *control.Known) { k.Stopped = word == control.StopWord })
}

func (o *owned) ForgetBy(_ context.Context, token string) error {
	err := o.act(token, "forget", func(*control.Known) {})
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil {
		o.fails[token] = control.ErrPageErased
	}
	return err
}

func (o *owned) CopyBy(ctx context.Context, token string) (control.Export, error) {
	_, err := o.KnownBy(ctx, token)
	return control.Export{Ledger: []preferences.Entry{{Text: "dạ <2> nha"}}}, err
}

func (o *owned) done() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.acts
}

func known(locale string) control.Known {
	at := time.Date(2026, 11, 27, 10, 4, 0, 0, time.FixedZone("+07", 7*3600))
	k := control.Known{
		Locale: locale, Until: at.Add(24 * time.Hour),
		Told: []control.ToldPreference{
			{Attribute: "style", Name: "Phong cách", Value: "Công sở", Words: "dạ 2 nha", Channel: "sms", At: at},
			{Attribute: "budget", Name: "Ngân sách cho một bộ khoảng bao nhiêu ạ?", Value: "500.000đ - 700.000đ", Words: "tầm 5-700k thôi em", Channel: "web", At: at},
		},
		Agreed: []control.AgreedPurpose{
			{Purpose: preferences.Marketing, Granted: true, At: at, Except: []string{"viber"}},
			{Purpose: preferences.Profiling, At: at},
		},
		Addresses: []string{"+8490•••567", "zalo:25•••515"},
	}
	if locale == "en" {
		k.Told[0].Name, k.Told[0].Value, k.Told[1].Name, k.Told[1].Value = "Style", "Office", "Budget", "500,000 VND - 700,000 VND"
	}
	return k
}

func serveOwn(t *testing.T) (*owned, string) {
	t.Helper()
	evil := known("vi")
	evil.Told[0].Words, evil.Told[0].Value, evil.Told[0].Attribute = `<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `"><b>`
	stopped := known("vi")
	stopped.Stopped = true
	blocked := stopped
	blocked.Blocked = true
	o := &owned{
		pages: map[string]control.Known{"lan": known("vi"), "sam": known("en"), "min": known("ko"), "evil": evil, "stopped": stopped, "blocked": blocked, "new": {Locale: "vi"}},
		fails: map[string]error{"over": control.ErrPageOver, "erased": control.ErrPageErased, "away": fmt.Errorf("%w: Redis is away", control.ErrUnavailable),
			"nowhere": fmt.Errorf("%w: no address", control.ErrConflict), "damaged": control.ErrPageDamaged},
	}
	s := web.New(web.Options{})
	portal.Mount(s.Echo(), o)
	server := httptest.NewServer(s.Echo())
	t.Cleanup(server.Close)
	return o, server.URL
}

// fetch loads a page, or posts a form to it, and follows nowhere.
func fetch(t *testing.T, at string, form url.Values) (resp *http.Response, body string) {
	t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(t.Context(), method, at, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err = client.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(raw)
}

// TestAnOwnPageShows what its customer told, in their words and language, and nothing that runs.
func TestAnOwnPageShows(t *testing.T) {
	t.Parallel()
	o, base := serveOwn(t)
	for token, wants := range map[string][]string{
		"lan": {"Những gì mình chia sẻ với Lụa", "Phong cách", "Công sở", "dạ 2 nha", "SMS · 10:04, 27/11/2026", "trang web · 10:04", "có, từ 27/11/2026 (trừ Viber)", "không, từ 27/11/2026",
			"&#43;8490•••567", "<li>Zalo: 25•••515</li>", `aria-label="Xóa: Phong cách"`, "Ngừng nhận tin quảng cáo", `href="/me/lan/copy"`, `href="?forget"`, "Trang mở đến 10:04, 28/11/2026", `lang="vi"`},
		"sam":     {"What you share with Lụa", "Office", "10:04, 27 November 2026", "yes, since 27 November 2026 (not by Viber)", "no, since", "Stop promotions", `lang="en"`},
		"min":     {"What you share with Lụa", "27 November 2026", `lang="en"`}, // as messages are where there is nothing in a customer's language
		"stopped": {"Hiện mình không nhận tin quảng cáo.", `name="start"`},
		"new":     {"Bên em chưa lưu câu trả lời nào", `name="start"`, `name="stop"`},
		"evil":    {"&lt;script&gt;"},
	} {
		resp, page := fetch(t, base+"/me/"+token, nil)
		require.Equal(t, http.StatusOK, resp.StatusCode, token)
		for _, want := range wants {
			require.Contains(t, page, want, token)
		}
		require.NotContains(t, page, "<script", token)
		require.NotContains(t, page, "<img", token)
		require.NotContains(t, page, "<b>", token)
	}
	_, page := fetch(t, base+"/me/lan", nil)
	require.NotContains(t, page, `name="start"`, "they get messages already")
	_, page = fetch(t, base+"/me/stopped", nil)
	require.NotContains(t, page, `name="stop"`)
	require.Empty(t, o.done(), "looking does nothing: link previews look")
}

// TestNoWordToUsUndoesABlock at the provider or in the app: the page says what does.
func TestNoWordToUsUndoesABlock(t *testing.T) {
	t.Parallel()
	_, at := serveOwn(t)
	_, page := fetch(t, at+"/me/blocked", nil)
	require.Contains(t, page, "mình đã chặn ở nhà mạng hoặc trong ứng dụng")
	require.NotContains(t, page, `name="start"`)
	_, page = fetch(t, at+"/me/stopped", nil)
	require.Contains(t, page, `name="start"`)
	require.NotContains(t, page, "chặn")
}

// TestOwnPagesAreKeptNowhere, and lead nobody elsewhere, whatever they say.
func TestOwnPagesAreKeptNowhere(t *testing.T) {
	t.Parallel()
	_, base := serveOwn(t)
	for at, status := range map[string]int{"/me/lan": 200, "/me/lan?forget": 200, "/me/lan/copy": 200, "/me/false": 404, "/me/false/copy": 404, "/me/over": 410, "/me/over/copy": 410, "/me/erased": 410, "/me/away": 503} {
		resp, page := fetch(t, base+at, nil)
		require.Equal(t, status, resp.StatusCode, at)
		for name, want := range map[string]string{"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"} {
			require.Equal(t, want, resp.Header.Get(name), at)
		}
		require.Contains(t, resp.Header.Get("Content-Security-Policy"), "form-action 'self'")
		if !strings.HasSuffix(at, "lan/copy") {
			require.Contains(t, page, `<meta name="robots" content="noindex">`, at)
			require.Contains(t, page, "Lụa", at)
		}
	}
}

// TestWhereAnOwnPageDoesNotOpen a polite page says why, and how to come by another.
func TestWhereAnOwnPageDoesNotOpen(t *testing.T) {
	t.Parallel()
	o, base := serveOwn(t)
	for token, want := range map[string]string{"false": "nhắn DU LIEU", "over": "nhắn DU LIEU", "erased": "không còn dữ liệu nào về mình", "away": "thử lại sau một phút", "nowhere": "thử lại sau một phút", "damaged": "Người phụ trách trang này đã được báo"} {
		for _, form := range []url.Values{nil, {"away": {"style"}}, {"stop": {"1"}}, {"start": {"1"}}, {"forget": {"yes"}}} {
			resp, page := fetch(t, base+"/me/"+token, form)
			require.GreaterOrEqual(t, resp.StatusCode, 400, token)
			require.Contains(t, page, want, token)
			require.NotContains(t, page, "<form", token)
		}
		_, page := fetch(t, base+"/me/"+token+"?forget", nil)
		require.NotContains(t, page, "<form", token)
	}
	require.Empty(t, o.done())
}

// TestWhatCanBeDoneOnAnOwnPage is done once: loading the page again does not do it again.
func TestWhatCanBeDoneOnAnOwnPage(t *testing.T) {
	t.Parallel()
	o, base := serveOwn(t)
	for form, want := range map[string]string{"away=style": "Removed.", "stop=1": "You get no more promotions.", "start=1": "You get promotions again."} {
		values, err := url.ParseQuery(form)
		require.NoError(t, err)
		resp, _ := fetch(t, base+"/me/sam", values)
		require.Equal(t, http.StatusSeeOther, resp.StatusCode)
		require.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
		_, page := fetch(t, base+resp.Header.Get("Location"), nil)
		require.Contains(t, page, `role="status">`+want)
	}
	require.ElementsMatch(t, []string{"sam away style", "sam STOP", "sam START"}, o.done())
	for _, form := range []url.Values{{}, {"away": {""}}, {"forget": {"1"}}, {"forget": {""}}, {"x": {"y"}}} {
		resp, _ := fetch(t, base+"/me/sam", form)
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	resp, _ := fetch(t, base+"/me/sam", url.Values{"away": {strings.Repeat("x", 2001)}})
	require.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
	_, page := fetch(t, base+"/me/sam?done=<b>", nil)
	require.NotContains(t, page, `role="status"`)
	require.Len(t, o.done(), 3)
}

// TestForgettingIsAskedTwice, and then there is nothing left to show.
func TestForgettingIsAskedTwice(t *testing.T) {
	t.Parallel()
	o, base := serveOwn(t)
	_, page := fetch(t, base+"/me/lan?forget", nil)
	require.Contains(t, page, "Xóa mọi dữ liệu Lụa đang lưu về mình?")
	require.Contains(t, page, `name="forget" value="yes"`)
	require.NotContains(t, page, "dạ 2 nha")
	require.Empty(t, o.done())
	resp, page := fetch(t, base+"/me/lan", url.Values{"forget": {"yes"}})
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, page, "Đã xóa tất cả.")
	require.Contains(t, page, `lang="vi"`)
	resp, page = fetch(t, base+"/me/lan", nil)
	require.Equal(t, http.StatusGone, resp.StatusCode)
	require.NotContains(t, page, "<form")
	require.Equal(t, []string{"lan forget"}, o.done())
}

// TestTheCopyIsAFile that no browser shows as a page.
func TestTheCopyIsAFile(t *testing.T) {
	t.Parallel()
	_, base := serveOwn(t)
	resp, body := fetch(t, base+"/me/lan/copy", nil)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, `attachment; filename="data.json"`, resp.Header.Get("Content-Disposition"))
	require.Equal(t, "application/json", resp.Header.Get("Content-Type"))
	require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
	var x control.Export
	require.NoError(t, json.Unmarshal([]byte(body), &x))
	require.Equal(t, "dạ <2> nha", x.Ledger[0].Text)
}

// TestACustomerDecidesInABrowser without script: by touch and by keyboard, in the light and in the dark, without barriers.
func TestACustomerDecidesInABrowser(t *testing.T) {
	t.Parallel()
	o, base := serveOwn(t)
	var got struct {
		Barriers, Errors   []string
		Small              []string // what is too small to be hit by a thumb
		Wide               []string // pages that scroll sideways
		Removed, Stopped   string
		Copy, Sure, Erased string
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
    page.on('console', (m) => m.type() === 'error' && !/404|410|503/.test(m.text()) && got.Errors.push(m.text()));
    for (const [name, path] of Object.entries(asked.pages)) {
      await page.goto(asked.base + '/me/' + path);
      if (asked.shots) await page.screenshot({ path: asked.shots + '/own-' + name + '-' + colorScheme + '.png', fullPage: true });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run());
      for (const v of violations) got.Barriers.push(colorScheme + ' ' + name + ': ' + v.id + ' ' + v.nodes.map((n) => n.html).join(' '));
      for (const box of await page.locator('button, a').all()) {
        const { height } = await box.boundingBox();
        if (height < 44) got.Small.push(name + ': ' + await box.textContent());
      }
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) got.Wide.push(name);
    }
    await context.close();
  }
  const page = await (await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, javaScriptEnabled: false, locale: 'vi-VN' })).newPage();
  await page.goto(asked.base + '/me/lan');
  await page.getByRole('button', { name: 'Xóa: Phong cách' }).tap();
  await page.waitForURL('**/me/lan?done=removed');
  got.Removed = await page.locator('main').textContent();
  await page.getByRole('button', { name: 'Ngừng nhận tin quảng cáo' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/me/lan?done=stopped');
  got.Stopped = await page.locator('[role=status]').textContent();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Tải về một bản' }).tap()]);
  got.Copy = download.suggestedFilename();
  await page.getByRole('link', { name: 'Xóa tất cả' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/me/lan?forget');
  got.Sure = await page.locator('h1').textContent();
  await page.getByRole('button', { name: 'Đúng, xóa tất cả' }).tap();
  await page.getByText('Đã xóa tất cả.').waitFor();
  await page.goto(asked.base + '/me/lan');
  got.Erased = await page.locator('h1').textContent();
  await browser.close();
  answer(got);
})().catch((e) => { console.error(e); process.exit(1); });`,
		map[string]any{"base": base, "chromium": judge.Browser(t), "shots": shots(t), "pages": map[string]string{
			"told": "lan", "english": "sam", "removed": "evil?done=removed", "stopped": "stopped", "new": "new", "sure": "sam?forget", "over": "over", "erased": "erased", "away": "away"}}, &got)
	require.Empty(t, got.Errors)
	require.Empty(t, got.Barriers)
	require.Empty(t, got.Small)
	require.Empty(t, got.Wide)
	require.Contains(t, got.Removed, "Đã xóa ạ.")
	require.NotContains(t, got.Removed, "Công sở")
	require.Contains(t, got.Removed, "Ngân sách")
	require.Contains(t, got.Stopped, "ngừng gửi tin quảng cáo")
	require.Equal(t, "data.json", got.Copy)
	require.Contains(t, got.Sure, "Xóa mọi dữ liệu Lụa")
	require.Contains(t, got.Erased, "không còn dữ liệu nào")
	require.Equal(t, []string{"lan away style", "lan STOP", "lan forget"}, o.done())
}
