package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// givenUp has n messages refused for good, and waits until they lie among the dead letters.
func (h *house) givenUp(n int) []control.DeadLetter {
	h.t.Helper()
	h.fake.Fail(n, http.StatusBadRequest, 21211)
	_, err := h.g.Control.StartRun(h.program(), "style", "letters", 0)
	require.NoError(h.t, err)
	var letters []control.DeadLetter
	h.until("the messages are given up", func() bool {
		letters, _, err = h.g.Control.DeadLetters(h.program(), control.LetterFilter{}, "", 50)
		return err == nil && len(letters) == n
	})
	return letters
}

func TestChannelsPauseAndResume(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	marketer, admin := h.as("marketer"), h.as("admin")
	status, body := marketer.post("/console/channels/sms/pause", url.Values{"reason": {"  "}})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, "Hãy viết vì sao")
	long := strings.Repeat("á", 201)
	status, body = marketer.post("/console/channels/sms/pause", url.Values{"reason": {long}})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, `value="`+long+`"`, "what was typed stays")
	status, body = marketer.post("/console/channels/sms/pause", url.Values{"reason": {`giá sai <img src=x onerror=alert(1)>`}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "Đã tạm dừng sms.")
	require.Contains(t, body, "<q>giá sai &lt;img src=x onerror=alert(1)&gt;</q>")
	require.NotContains(t, body, "<img src=x")
	require.NotContains(t, body, "Cho chạy tiếp</button>", "that is for administrators")
	a, err := h.g.Control.Account(h.program(), "sms")
	require.NoError(t, err)
	require.Equal(t, "marketer", a.Halt.By)

	_, body = admin.post("/console/channels/sms/drain", url.Values{"reason": {"đổi nhà mạng"}})
	require.Contains(t, body, "sms đang gửi nốt.")
	_, body = admin.post("/console/channels/sms/resume", nil)
	require.Contains(t, body, "sms lại chạy.")
	a, err = h.g.Control.Account(h.program(), "sms")
	require.NoError(t, err)
	require.Nil(t, a.Halt)
	status, _ = admin.post("/console/channels/nowhere/pause", url.Values{"reason": {"x"}})
	require.Equal(t, http.StatusNotFound, status)
}

func TestChannelsAskForRoles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for path, least := range map[string]access.Role{
		"sms/pause": access.Marketer, "sms/drain": access.Admin, "sms/resume": access.Admin, "sms/try": access.Admin, "sms/replay": access.Admin, "letters/0.1-1/replay": access.Admin,
	} {
		for _, r := range access.Roles() {
			if r >= least {
				continue
			}
			status, _ := h.as(r.String()).post("/console/channels/"+path, url.Values{"reason": {"x"}, "to": {"0901234567"}})
			require.Equal(t, http.StatusForbidden, status, "%s as %s", path, r)
		}
	}
	status, body := h.as("viewer").get("/console/channels")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, `id="letters"`)
	require.NotContains(t, body, "<dialog id=\"pause-sms\"")
	require.NotContains(t, body, "<dialog id=\"try-sms\"")
}

func TestChannelsTestMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.as("admin")
	status, body := admin.post("/console/channels/sms/try", url.Values{"to": {`"><b>ai đó`}})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, "Không đọc được địa chỉ này.")
	require.Contains(t, body, `value="&#34;&gt;&lt;b&gt;ai đó"`, "what was typed stays")
	h.fake.Fail(1, http.StatusBadRequest, 21211)
	status, body = admin.do(http.MethodPost, "/console/channels/sms/try", url.Values{"to": {"0901 234 567"}}, http.Header{"Hx-Request": {"true"}})
	require.Equal(t, http.StatusOK, status)
	require.NotContains(t, body, "<html", "what came of it stands in place")
	require.Contains(t, body, "số không tới được (mã 21211)")
	require.Contains(t, body, "Không tới được địa chỉ này: xem có gõ đúng không")
	status, body = admin.post("/console/channels/sms/try", url.Values{"to": {"0901 234 567"}})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, "một tin thử trong 10 giây")
}

func TestChannelsReplay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, phone := range []string{"+84901234567", "+84901234568", "+84901234569"} {
		h.contact(phone, "Lan")
	}
	letters := h.givenUp(3)
	admin := h.as("admin")
	_, body := admin.get("/console/channels")
	require.Equal(t, 3, strings.Count(body, "số không tới được</td>"))
	require.NotContains(t, h.pageOf("viewer", "/console/channels"), `/replay"`)
	_, body = admin.post("/console/channels/letters/"+letters[0].ID+"/replay", nil)
	require.Contains(t, body, "Đã đưa tin trở lại hàng chờ.")
	_, body = admin.post("/console/channels/letters/"+letters[0].ID+"/replay", nil)
	require.Contains(t, body, "Tin này đã được gửi lại trước đó.")
	_, body = admin.post("/console/channels/sms/replay", nil)
	require.Contains(t, body, "Đã đưa 2 tin của sms trở lại hàng chờ.")
	left, _, err := h.g.Control.DeadLetters(h.program(), control.LetterFilter{}, "", 50)
	require.NoError(t, err)
	require.Empty(t, left)
	status, _ := admin.post("/console/channels/letters/nonsense/replay", nil)
	require.Equal(t, http.StatusNotFound, status)
}

// pageOf is a page as somebody sees it.
func (h *house) pageOf(name, path string) string {
	h.t.Helper()
	status, body := h.as(name).get(path)
	require.Equal(h.t, http.StatusOK, status)
	return body
}

func TestChannelsInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.contact("+84901234567", "Lan")
	h.contact("+84901234568", "Mai")
	h.givenUp(2)
	h.browse(`
		await signIn('admin');
		await page.goto(base + '/console/channels');
		await page.locator('.account', { hasText: 'sms' }).waitFor();
		await check('channels');
		await shot('channels-light');
		await page.evaluate(() => { window.sameAsBefore = true; });
		await page.locator('#do-try-sms').click();
		await page.locator('#try-sms [name=to]').fill('không phải số');
		await page.locator('#try-sms button').last().click();
		await page.locator('#try-sms-problem').waitFor();
		expect(await page.inputValue('#try-sms [name=to]') === 'không phải số', 'the input is kept');
		await page.locator('#try-sms [name=to]').fill('0901 234 567');
		await page.locator('#try-sms button').last().click();
		await page.locator('#try-sms .trial', { hasText: 'nhà mạng đã nhận' }).waitFor();
		expect(await page.evaluate(() => window.sameAsBefore), 'it stands in place');
		await check('a test message');
		await shot('channels-try');
		await page.locator('#try-sms [data-close]').click();
		await page.locator('#do-pause-sms').click();
		await page.locator('#pause-sms [name=reason]').fill('giá sai <b>');
		await page.locator('#pause-sms button').last().click();
		await page.locator('.account .chip.paused', { hasText: 'đang tạm dừng' }).waitFor();
		await page.locator('.held', { hasText: 'giá sai <b>' }).waitFor();
		await page.evaluate(() => { window.sameAsBefore = true; });
		const resumed = await page.request.post(base + '/api/v1/accounts/sms/resume', { headers: { Authorization: 'Bearer test-token-for-the-api' } });
		expect(resumed.ok(), 'it is resumed elsewhere: ' + resumed.status());
		await page.locator('.held').waitFor({ state: 'detached' });
		expect(await page.evaluate(() => window.sameAsBefore), 'and shown live');
		await page.locator('#do-drain-sms').click();
		await page.locator('#drain-sms [name=reason]').fill('đổi nhà mạng');
		await page.locator('#drain-sms button').last().click();
		await page.locator('.held', { hasText: 'đổi nhà mạng' }).waitFor();
		await page.getByRole('button', { name: 'English' }).click();
		await page.getByRole('button', { name: 'Dark' }).click();
		await page.goto(base + '/console/channels');
		await fits('channels, dark');
		await shot('channels-dark-en');
		await page.setViewportSize({ width: 360, height: 740 });
		await fits('channels, phone, dark');
		await shot('channels-phone-dark');
		await context.clearCookies({ name: 'hoidap-look' });
		await page.goto(base + '/console/channels');
		await fits('channels, phone');
		await shot('channels-phone');
	`, nil)
}
