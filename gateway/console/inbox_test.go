package console_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/console"
)

// attacks are words that customers may write to harm whoever reads them: markup, script, formulas, turned writing, control
// characters.
var attacks = []string{
	`<script>window.harmed = 1</script>`, `"><img src=x onerror="window.harmed=1">`, `<svg onload=window.harmed=1>`, `javascript:window.harmed=1`,
	`=HYPERLINK("https://evil.example","x")`, "đẹp \u202e gnol auq \u2066 abc", "a\x07b\x1b[31mc", `{{.User.Name}} ${7*7} <%= 1 %>`, `</textarea></form><form action="https://evil.example">`,
	`' onmouseover='window.harmed=1`, `<iframe src="data:text/html,<script>parent.harmed=1</script>">`, `<base href="https://evil.example/">`,
}

// unclear has somebody asked, and answer so that nobody understands.
func (h *house) unclear(phone, name string) string {
	h.t.Helper()
	id := h.contact(phone, name)
	_, err := h.g.Control.StartRun(h.program(), "style", "k-"+phone, 0)
	require.NoError(h.t, err)
	said := []string{"em ơi đồ để mặc chỗ nghiêm túc ấy", "thì đồ để mặc chỗ nghiêm túc ấy em", "chỗ nghiêm túc mặc áo gì được thì lấy"}
	for i, text := range said {
		h.messages(phone, i+1)
		h.says(phone, text)
	}
	h.messages(phone, len(said)+1)
	return id
}

// messages waits until a phone has n messages, and returns the last.
func (h *house) messages(phone string, n int) string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), wait)
	defer cancel()
	ms, err := h.fake.Wait(ctx, phone, n)
	require.NoError(h.t, err, "%s has %d messages", phone, len(ms))
	return ms[len(ms)-1].Body
}

// An unclear reply is answered by one key, and the talk goes on.
func TestAnUnclearReplyIsAnsweredByAKeyInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.unclear("+84901234567", "Lan")
	h.contact("+84901234568", "Mai")
	h.says("+84901234568", "shop ơi còn size M không?")
	h.messages("+84901234568", 1)
	h.browse(`
		await signIn('agent');
		await page.goto(base + '/console/inbox');
		await page.locator('.queue li').nth(1).waitFor();
		await check('inbox');
		await shot('inbox-light');
		await page.keyboard.press('j');
		await page.waitForURL('**item=**');
		await page.keyboard.press('k');
		await page.locator('.meant button', { hasText: 'Công sở' }).waitFor();
		await page.locator('[name=typed]').fill('không biết là gì');
		await page.keyboard.press('Enter');
		await page.locator('#read-problem').waitFor();
		expect(await page.inputValue('[name=typed]') === 'không biết là gì', 'the input is kept');
		await check('inbox with a problem');
		await page.locator('h1').click();
		await page.locator('.teach summary').click();
		await page.locator('[name=words]').fill('thể thao');
		await page.locator('[name=option]').selectOption('office');
		await page.getByRole('button', { name: 'Xem thay đổi' }).click();
		await page.locator('#teach-problem').waitFor();
		expect(await page.inputValue('[name=words]') === 'thể thao', 'the words are kept');
		await page.locator('[name=words]').fill('đồ nghiêm túc');
		await page.getByRole('button', { name: 'Xem thay đổi' }).click();
		await page.locator('.taught ins', { hasText: 'đồ nghiêm túc' }).waitFor();
		expect((await page.locator('.taught code').first().textContent()).startsWith('campaigns.yaml:'), 'where it is changed');
		await check('a synonym');
		await shot('inbox-teach');
		const key = await page.locator('.meant button', { hasText: 'Công sở' }).getAttribute('data-press');
		await page.keyboard.press(key);
		await page.locator('.says', { hasText: 'Đã ghi lại' }).waitFor();
		await page.locator('.queue li').nth(1).waitFor({ state: 'detached' });
		await page.setViewportSize({ width: 360, height: 740 });
		await page.goto(base + '/console/inbox');
		await fits('inbox, phone');
		await shot('inbox-phone');
		await page.locator('.queue a').first().click();
		await page.locator('.talk .lines').waitFor();
		await fits('talk, phone');
		await shot('inbox-talk-phone');
	`, nil)
	require.Contains(t, h.messages("+84901234567", 5), "Ngân sách")
	p, err := h.g.Control.Person(h.program(), id)
	require.NoError(t, err)
	require.Equal(t, "agent", p.Preferences[0].Evidence.By)
}

// Taking over silences questions, the second sees who has it, and handing back asks the question again.
func TestTakingOverAndHandingBackInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.unclear("+84901234567", "Lan")
	h.user("nam", access.Agent)
	h.browse(`
		await signIn('agent');
		await page.goto(base + '/console/inbox');
		await page.keyboard.press('t');
		await page.locator('.lease', { hasText: 'agent' }).waitFor();
		await page.locator('[name=text]').fill('Dạ chị đợi em chút ạ');
		await shot('inbox-taken-light');
		const second = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'vi-VN' });
		const other = tools(await second.newPage());
		await other.signIn('nam');
		await other.page.goto(base + '/console/inbox');
		await other.page.locator('.work .problem', { hasText: 'agent đang lo khách này' }).waitFor();
		expect(await other.page.locator('.reply button').isDisabled(), 'the second cannot send');
		await other.check('inbox of the second');
		await page.getByRole('button', { name: 'Gửi', exact: true }).click();
		await page.locator('.says', { hasText: 'Đã gửi' }).waitFor();
	`, nil)
	require.Equal(t, "Dạ chị đợi em chút ạ", h.messages("+84901234567", 5))
	h.says("+84901234567", "2")
	h.browse(`
		await signIn('agent');
		await page.goto(base + '/console/inbox');
		await page.locator('.queue li', { hasText: 'đang có người nói chuyện' }).waitFor();
		await page.goto(base + '/console/inbox?reason=taken_over');
		await page.getByRole('button', { name: 'Trao lại cho máy' }).click();
		await page.locator('.says', { hasText: 'Đã trao lại' }).waitFor();
	`, nil)
	require.Contains(t, h.messages("+84901234567", 6), "thích phong cách nào")
}

// Words that mean harm are shown as text, on every page: what customers write and are called, and what colleagues give as
// reasons.
func TestAttacksAreShownAsTextInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.contact("+84901234567", `<b onclick="window.harmed=1">Lan</b>`)
	run, err := h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	h.messages("+84901234567", 1)
	for i, text := range attacks {
		h.says("+84901234567", text)
		h.until("it is in the ledger", func() bool {
			es, err := h.g.Control.Ledger(h.program(), id, 0)
			n := 0
			for _, e := range es {
				if e.Kind == "message.received" {
					n++
				}
			}
			return err == nil && n == i+1
		})
	}
	_, err = h.g.Control.PauseAccount(h.program(), "sms", attacks[1], attacks[2])
	require.NoError(t, err)
	_, err = h.g.Control.StopSending(h.program(), attacks[10], attacks[0])
	require.NoError(t, err)
	pages := append(console.MenuPaths(), "/console/people/"+id, "/console/campaigns/style", "/console/results/style", "/console/results/style/people?kind=audience&run="+run.ID,
		"/console/audience?rule=true", "/console/audience/people?rule=true", "/console/offers/what-if?who="+id, "/console/offers/what-if?who="+url.QueryEscape(attacks[1]), "/console/search?q="+url.QueryEscape(attacks[0]))
	h.browse(`
		await signIn('admin');
		for (const where of asked.pages) {
			await page.goto(base + where);
			await page.evaluate(() => Promise.all([...document.querySelectorAll('[sse-connect]')].map((e) => new Promise((done) => {
				e.addEventListener('htmx:sseMessage', done); // what comes live is looked at, too
				setTimeout(done, 1500);
			}))));
			expect(await page.evaluate(() => window.harmed) === undefined, 'nothing was run on ' + where);
			expect(!(await page.evaluate(() => document.querySelector('iframe, svg[onload], main img, .stopped img, base, [onclick], [onmouseover], form[action*="evil.example"], a[href*="evil.example"], a[href^="javascript:"]'))), 'no markup of theirs on ' + where);
		}
		await page.goto(base + '/console/people/' + asked.id);
		const shown = await page.locator('.said .bubble').allTextContents();
		for (const text of asked.attacks.slice(0, 5)) expect(shown.includes(text), 'shown as it is: ' + text);
		await shot('people-attacks');
		await check('a customer who attacks');
	`, map[string]any{"id": id, "attacks": attacks, "pages": pages})
}

// What was refused is asked for again with the same key: it is done once it can be, and once.
func TestAskingAgainAfterARefusal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.unclear("+84901234567", "Lan")
	h.user("nam", access.Agent)
	items, _, err := h.g.Control.InboxPage(h.program(), "", "", 5)
	require.NoError(t, err)
	agent, other := h.as("agent"), h.as("nam")
	act := func(who *visitor, what, key string, more url.Values) string {
		form := url.Values{"contact": {id}, "item": {items[0].ID}, "key": {key}}
		for k, v := range more {
			form[k] = v
		}
		status, page := who.post("/console/inbox/"+what, form)
		require.Equal(t, http.StatusOK, status)
		return page
	}
	require.Contains(t, act(other, "take", "their-key", nil), "Bạn đang nói chuyện với khách này")
	answer := url.Values{"value": {`"office"`}}
	require.Contains(t, act(agent, "settle", "my-key", answer), "nam đang lo khách này")
	require.Contains(t, act(other, "back", "their-second-key", nil), "Đã trao lại")
	h.messages("+84901234567", 5) // the question again
	require.Contains(t, act(agent, "settle", "my-key", answer), "Đã ghi lại")
	require.Contains(t, h.messages("+84901234567", 6), "Ngân sách")
	require.Contains(t, act(agent, "settle", "my-key", answer), "Tin này đã có người lo", "a repeat finds it done")
	require.Len(t, h.fake.Phone("+84901234567"), 6)
}

// Viewers look, and change nothing; numbers are masked for them.
func TestViewersOnlyLookAtTheInbox(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.unclear("+84901234567", "Lan")
	page, _, err := h.g.Control.InboxPage(h.program(), "", "", 5)
	require.NoError(t, err)
	v := h.as("viewer")
	status, body := v.get("/console/inbox")
	require.Equal(t, 200, status)
	require.Contains(t, body, "Vai trò của bạn chỉ được xem")
	require.NotContains(t, body, "/inbox/settle")
	form := map[string][]string{"contact": {id}, "item": {page[0].ID}, "value": {`"office"`}, "text": {"Dạ"}}
	for _, what := range []string{"settle", "say", "take", "back", "done", "teach"} {
		status, _ = v.post("/console/inbox/"+what, form)
		require.Equal(t, 403, status, what)
	}
	_, body = v.get("/console/people/" + id)
	require.NotContains(t, body, "84901234567")
	require.Contains(t, body, "8490•••567")
	for _, what := range []string{"correct", "opt-out", "link", "unmerge", "erase"} {
		status, _ = v.post("/console/people/"+id+"/"+what, form)
		require.Equal(t, 403, status, what)
	}
	_, body = h.as("agent").get("/console/people/" + id)
	require.Contains(t, body, "84901234567")
}
