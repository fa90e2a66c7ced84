package console_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/access"
)

// wire is between browsers and the gateway, and can be cut.
type wire struct {
	to string

	mu    sync.Mutex
	cut   bool
	ends  map[net.Conn]bool
	going sync.WaitGroup
}

// wired is the house as it is seen through a wire; door cuts and mends that.
func (h *house) wired() (seen *house, door string) {
	h.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(h.t, err)
	w := &wire{to: strings.TrimPrefix(h.base, "http://"), ends: map[net.Conn]bool{}}
	w.going.Go(func() { w.serve(l) })
	hands := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { w.set(r.URL.Path == "/cut") }))
	h.t.Cleanup(func() {
		hands.Close()
		assert.NoError(h.t, l.Close())
		w.set(true)
		w.going.Wait()
	})
	through := *h
	through.base = "http://" + l.Addr().String()
	return &through, hands.URL
}

// set cuts the wire, and whatever goes through it, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for c := range w.ends {
		if cut {
			c.Close() //nolint:errcheck // that is what cutting is
			delete(w.ends, c)
		}
	}
}

func (w *wire) serve(l net.Listener) {
	for {
		from, err := l.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", w.to)
		if err != nil || !w.keep(from, to) {
			from.Close() //nolint:errcheck // nobody answers
			if err == nil {
				to.Close() //nolint:errcheck // nobody asks
			}
			continue
		}
		for _, pair := range [][2]net.Conn{{from, to}, {to, from}} {
			w.going.Go(func() {
				io.Copy(pair[0], pair[1]) //nolint:errcheck // it is over when either end is
				pair[0].Close()           //nolint:errcheck // so is the other
			})
		}
	}
}

// keep remembers the ends of a connection; false: the wire is cut.
func (w *wire) keep(ends ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range ends {
		w.ends[c] = !w.cut
	}
	return !w.cut
}

// A page whose connection is lost says so, and goes on by itself once it is back: what happened meanwhile is there, and what
// was being typed is, too.
func TestALostConnectionIsSaidAndComesBackInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.contact("+84901234567", "Lan")
	_, err := h.g.Control.AdoptFile(h.program(), "campaigns.yaml")
	require.NoError(t, err)
	seen, door := h.wired()
	seen.browse(`
		await signIn('marketer');
		await page.locator('.empty').first().waitFor();
		await page.evaluate(() => { window.sameAsBefore = true; });
		await page.request.get(asked.door + '/cut');
		await page.locator('#lost', { hasText: 'Mất kết nối' }).waitFor();
		await check('lost');
		await shot('lost');
		const started = await page.request.post(asked.straight + '/api/v1/campaigns/style/runs', { headers: { Authorization: 'Bearer test-token-for-the-api' }, data: {} });
		expect(started.status() === 202, 'a run starts meanwhile');
		expect(await page.locator('.run').count() === 0, 'nothing comes through');
		await page.request.get(asked.door + '/mend');
		await page.locator('.run', { hasText: 'Gu thời trang' }).waitFor();
		await page.locator('#lost').waitFor({ state: 'hidden' });
		expect(await page.evaluate(() => window.sameAsBefore), 'the page was not loaded anew');

		await page.goto(base + '/console/campaigns/style/edit');
		await page.request.get(asked.door + '/cut');
		await page.fill('[name="q.0.text.vi"]', 'Mình thích gì ạ?');
		await page.locator('#lost').waitFor();
		await page.request.get(asked.door + '/mend');
		await page.fill('[name="q.0.text.en"]', 'What do you like?');
		await page.locator('.bubble', { hasText: 'Mình thích gì ạ?' }).first().waitFor();
		await page.locator('#lost').waitFor({ state: 'hidden' });
	`, map[string]any{"door": door, "straight": h.base})
}

// Whose session ends while a page is open is told so there: live parts end within moments, what was typed stays, and after signing
// in elsewhere the work goes on.
func TestASessionEndsBesideAPageInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.g.Control.AdoptFile(h.program(), "campaigns.yaml")
	require.NoError(t, err)
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/campaigns/style/edit');
		const watching = await context.newPage();
		await watching.goto(base + '/console/overview');
		const leaving = await context.newPage();
		await leaving.goto(base + '/console/settings');
		await leaving.getByRole('button', { name: 'Đăng xuất' }).click();
		await leaving.waitForURL('**/sign-in');
		await watching.locator('#left', { hasText: 'Bạn đã đăng xuất' }).waitFor();
		await tools(watching).check('signed out beside a live page');
		await tools(watching).shot('left');
		await page.fill('[name="q.0.text.vi"]', 'Mình thích gì ạ?');
		await page.locator('#left').waitFor();
		expect(await page.inputValue('[name="q.0.text.vi"]') === 'Mình thích gì ạ?', 'what was typed is there');
		await tools(leaving).signIn('marketer');
		expect(leaving.url().endsWith('/console/overview'), 'nobody is led to a stream: ' + leaving.url());
		await page.fill('[name="q.0.text.en"]', 'What do you like?');
		await page.locator('.bubble', { hasText: 'Mình thích gì ạ?' }).first().waitFor();
		await page.locator('#left').waitFor({ state: 'hidden' });
		await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
		await page.locator('.says').waitFor();
	`, nil)
}

// Who is given another role, or removed, sees no live part go on.
func TestLivePartsEndWithTheRole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.as("agent")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.base+"/console/inbox/queue", nil)
	require.NoError(t, err)
	resp, err := v.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	u, err := h.g.Control.User(h.program(), "agent")
	require.NoError(t, err)
	u.Role = access.Viewer
	_, err = h.g.Control.ChangeUser(h.program(), u)
	require.NoError(t, err)
	all, err := io.ReadAll(resp.Body) // it ends by itself
	require.NoError(t, err)
	require.Contains(t, string(all), "event: signed-out")
}
