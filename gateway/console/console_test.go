package console_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

func TestNobodyComesInWithoutSigningIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.visitor()
	for _, path := range []string{"/console", "/console/overview", "/console/settings", "/console/search?q=a"} {
		status, body := v.get(path)
		require.Equal(t, http.StatusOK, status, path)
		require.Contains(t, body, `name="password"`, "%s leads to the door", path)
	}
	status, body := v.do(http.MethodGet, "/console/overview/live", nil, http.Header{"Hx-Request": {"true"}})
	require.Equal(t, http.StatusUnauthorized, status)
	require.NotContains(t, body, "Tổng quan")
	status, body = v.post("/console/stop", url.Values{})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, `name="password"`)
	stop, err := h.g.Control.Sending(t.Context())
	require.NoError(t, err)
	require.Equal(t, "running", string(stop.State))
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.visitor()
	for name, with := range map[string]url.Values{
		"nobody of that name": {"name": {"ai đó"}, "password": {password}},
		"another password":    {"name": {"admin"}, "password": {"không phải"}},
		"no password":         {"name": {"admin"}},
		"a long one":          {"name": {"admin"}, "password": {strings.Repeat("x", 10_000)}},
	} {
		status, body := v.post("/console/sign-in", with)
		require.Equal(t, http.StatusUnauthorized, status, name)
		require.Contains(t, body, "Tên hoặc mật khẩu không đúng.", name)
		require.Contains(t, body, fmt.Sprintf(`value="%s"`, with.Get("name")), "what was typed stays")
	}
	v.get("/console/settings") // where they were going
	status, body := v.post("/console/sign-in", url.Values{"name": {" Admin "}, "password": {password}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "<h1>Cài đặt</h1>")
	status, body = v.post("/console/sign-out", nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, `name="password"`)
	_, body = v.get("/console/overview")
	require.Contains(t, body, `name="password"`, "the session is over")
}

// Whoever is not signed in can ask for as many pages as they like: Redis keeps nothing of it.
func TestNobodyLeavesNoSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before := slices.Sorted(maps.Keys(h.redis.Everything()))
	v := h.visitor()
	for _, path := range []string{"/console/settings", "/console/search?q=" + strings.Repeat("a", 5000), "/console/sign-in"} {
		v.get(path)
	}
	v.post("/console/stop", url.Values{})
	for _, key := range slices.Sorted(maps.Keys(h.redis.Everything())) {
		if strings.Contains(key, "signed-in") {
			require.Contains(t, before, key)
		}
	}
}

// Where a sign-in leads is the console's own, whatever the cookie says.
func TestSigningInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for back, want := range map[string]string{"/console/people?q=Hu%E1%BA%BF": "/console/people?q=Hu%E1%BA%BF", "https://evil.example/console/x": "/console/overview", "%zz": "/console/overview"} {
		v := h.visitor()
		v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		resp, err := v.client.Do(h.signInWith(&http.Cookie{Name: "hoidap-back", Value: url.QueryEscape(back)}))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, want, resp.Header.Get("Location"))
		require.True(t, slices.ContainsFunc(resp.Cookies(), func(k *http.Cookie) bool { return k.Name == "hoidap-back" && k.MaxAge < 0 }), "once")
	}
}

// signInWith is the request by which the admin signs in with a cookie.
func (h *house) signInWith(k *http.Cookie) *http.Request {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.base+"/console/sign-in", strings.NewReader(url.Values{"name": {"admin"}, "password": {password}}.Encode()))
	require.NoError(h.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(k)
	return req
}

func TestGuessingIsSlow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v, status, body := h.visitor(), 0, ""
	for range 11 {
		status, body = v.post("/console/sign-in", url.Values{"name": {"viewer"}, "password": {"đoán"}})
	}
	require.Equal(t, http.StatusTooManyRequests, status)
	require.Contains(t, body, "Thử quá nhiều lần")
	status, _ = v.post("/console/sign-in", url.Values{"name": {"viewer"}, "password": {password}})
	require.Equal(t, http.StatusTooManyRequests, status, "not even with the right one")
	h.as("agent") // others are not locked out
}

// Who guesses from one place is slowed down whatever names they try, and others behind the same proxy are not.
func TestGuessingFromOnePlaceIsSlow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	try := func(from, name, password string) int {
		status, _ := h.visitor().do(http.MethodPost, "/console/sign-in", url.Values{"name": {name}, "password": {password}}, http.Header{"X-Forwarded-For": {"192.0.2.9, " + from}})
		return status
	}
	for i := range 60 {
		require.Equal(t, http.StatusUnauthorized, try("203.0.113.7", fmt.Sprint("someone", i), "đoán"))
	}
	require.Equal(t, http.StatusTooManyRequests, try("203.0.113.7", "admin", password))
	require.Equal(t, http.StatusOK, try("203.0.113.8", "admin", password))
}

func TestAnotherSiteCannotAskForChanges(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.as("marketer")
	for name, header := range map[string]http.Header{
		"fetch metadata": {"Sec-Fetch-Site": {"cross-site"}},
		"origin":         {"Sec-Fetch-Site": nil, "Origin": {"https://evil.example"}},
	} {
		status, _ := v.do(http.MethodPost, "/console/stop", url.Values{}, header)
		require.Equal(t, http.StatusForbidden, status, name)
	}
	stop, err := h.g.Control.Sending(t.Context())
	require.NoError(t, err)
	require.Equal(t, "running", string(stop.State))
}

func TestCookies(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) { o.PublicURL = "https://msg.example.com" })
	resp, err := http.DefaultTransport.RoundTrip(h.signInWith(&http.Cookie{Name: "hoidap-lang", Value: "en"}))
	require.NoError(t, err)
	defer resp.Body.Close() //nolint:errcheck // only read
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	require.Regexp(t, regexp.MustCompile(`^__Host-hoidap=[\w-]{43}; Path=/; Expires=[^;]+; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$`), resp.Header.Get("Set-Cookie"))
	require.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
}

// A role that changes, a user who is removed and a new password end what was signed in before, at once.
func TestSessionsEndWithWhatTheyStoodFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin, agent, viewer := h.as("admin"), h.as("agent"), h.as("viewer")
	status, body := admin.post("/console/settings/users/agent/role", url.Values{"role": {"marketer"}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "Đã đổi vai trò của agent.")
	_, body = agent.get("/console/overview")
	require.Contains(t, body, `name="password"`)
	admin.post("/console/settings/users/viewer/remove", nil)
	_, body = viewer.get("/console/overview")
	require.Contains(t, body, `name="password"`)
	status, _ = viewer.post("/console/sign-in", url.Values{"name": {"viewer"}, "password": {password}})
	require.Equal(t, http.StatusUnauthorized, status)
}

func TestRolesAreEnforced(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		path  string
		least access.Role
	}{
		{"/console/stop", access.Marketer}, {"/console/resume", access.Admin}, {"/console/settings/users", access.Admin},
		{"/console/settings/users/agent/role", access.Admin}, {"/console/settings/users/agent/remove", access.Admin}, {"/console/settings/users/agent/link", access.Admin},
	} {
		for _, r := range access.Roles() {
			if r >= c.least {
				break
			}
			status, body := h.as(r.String()).post(c.path, url.Values{"role": {"admin"}, "name": {"x"}})
			require.Equal(t, http.StatusForbidden, status, "%s as %s", c.path, r)
			require.Contains(t, body, "Bạn chưa được phép")
		}
	}
}

func TestInviting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.as("admin")
	status, body := admin.post("/console/settings/users", url.Values{"name": {"Lan@Shop.vn"}, "display": {"Lan <3"}, "role": {"marketer"}})
	require.Equal(t, http.StatusOK, status)
	link := regexp.MustCompile(`http://msg\.example\.com(/console/welcome/[A-Z0-9]+)`).FindStringSubmatch(body)
	require.NotNil(t, link, body)
	require.Contains(t, body, "Lan &lt;3")
	lan := h.visitor()
	for range 2 { // looking takes nothing: mail programs look too
		_, body = lan.get(link[1])
		require.Contains(t, body, "Chào Lan &lt;3")
		require.Contains(t, body, "<title>Chọn mật khẩu")
	}
	for problem, with := range map[string]url.Values{
		"ít nhất 10 ký tự": {"password": {"ngắn"}, "again": {"ngắn"}},
		"quá dễ đoán":      {"password": {"my lan@shop.vn"}, "again": {"my lan@shop.vn"}},
		"không giống nhau": {"password": {password}, "again": {password + "?"}},
		"này quá dễ đoán":  {"password": {"aaaaaaaaaaaa"}, "again": {"aaaaaaaaaaaa"}},
	} {
		status, body = lan.post(link[1], with)
		require.Equal(t, http.StatusBadRequest, status, problem)
		require.Contains(t, body, problem)
	}
	status, body = lan.post(link[1], url.Values{"password": {password}, "again": {password}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "<h1>Tổng quan</h1>", "and they are in")
	status, body = h.visitor().get(link[1])
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, "Đường dẫn đã được dùng")
	h.as("lan@shop.vn")

	status, body = admin.post("/console/settings/users", url.Values{"name": {"có dấu"}, "role": {"viewer"}})
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, body, `value="có dấu"`, "what was typed stays")
	require.Contains(t, body, "Tên đăng nhập có 1 đến 64 ký tự")
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	err := h.g.Control.RemoveUser(h.program(), "admin", "")
	require.ErrorContains(t, err, "only administrator")
	h.user("second", access.Admin)
	require.NoError(t, h.g.Control.RemoveUser(h.program(), "admin", ""))
}

// Two administrators who remove each other, or take each other's role, at the same moment leave one.
func TestTwoAdministratorsCannotBothGo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.user("second", access.Admin)
	names := []string{"admin", "second"}
	for range 8 {
		var wg sync.WaitGroup
		for i, name := range names {
			wg.Go(func() {
				if i == 0 {
					h.g.Control.RemoveUser(h.program(), name, "") //nolint:errcheck // one of the two is refused
				} else {
					h.g.Control.ChangeUser(h.program(), control.User{Name: name, Role: access.Viewer}) //nolint:errcheck // likewise
				}
			})
		}
		wg.Wait()
		all, err := h.g.Control.Users(h.program())
		require.NoError(t, err)
		left := slices.DeleteFunc(all, func(u control.User) bool { return u.Role != access.Admin })
		require.Len(t, left, 1)
		again := names[0]
		if left[0].Name == names[0] {
			again = names[1]
			require.NoError(t, h.g.Control.RemoveUser(h.program(), again, ""))
		}
		h.user(again, access.Admin)
	}
}

func TestTheFirstUser(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) { o.Console.Open = true })
	path, err := h.g.FirstUser(t.Context())
	require.NoError(t, err)
	status, body := h.visitor().get(path)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "Chào admin")
	h.visitor().post(path, url.Values{"password": {password}, "again": {password}})
	path, err = h.g.FirstUser(t.Context())
	require.NoError(t, err)
	require.Empty(t, path, "there is somebody now")
}

func TestEmergencyStop(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.as("marketer")
	status, body := v.post("/console/stop", url.Values{"reason": {"giá sai <b>"}, "back": {"/console/settings?a=b"}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "<h1>Cài đặt</h1>", "back where they were")
	require.Contains(t, body, "Mọi tin nhắn đang dừng.")
	require.Contains(t, body, "giá sai &lt;b&gt;")
	require.NotContains(t, body, "Cho gửi lại", "that is for administrators")
	_, body = h.as("viewer").get("/console/overview")
	require.Contains(t, body, "Mọi tin nhắn đang dừng.", "everybody sees it")
	_, body = h.as("admin").post("/console/resume", url.Values{"back": {"https://evil.example/console/overview"}})
	require.Contains(t, body, "Tin nhắn lại được gửi.")
	changes, err := h.g.Control.Changes(h.program(), "", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"resumed", "stopped"}, []string{changes[0].Action, changes[3].Action}, "%v", changes)
}

func TestMistakesArePages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.as("admin")
	status, body := v.get("/console/nowhere")
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, "Không có trang này")
	status, body = v.post("/console/settings/users/nobody/remove", nil)
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, "Không có người dùng")
	status, body = v.do(http.MethodPost, "/console/settings/users/nobody/remove", nil, http.Header{"Hx-Request": {"true"}})
	require.Equal(t, http.StatusNotFound, status)
	require.NotContains(t, body, "<html", "a part where a part was asked for")
}

func TestSearch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.contact("+84901234567", "Lan")
	v := h.as("viewer")
	for q, want := range map[string]string{
		"tong quan": "/console/overview", "thoi trang": "/console/campaigns/style", "0901 234 567": "/console/people/" + id, id: "/console/people/" + id,
	} {
		status, body := v.get("/console/search?q=" + url.QueryEscape(q))
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, want, q)
	}
	_, body := v.get("/console/search?q=" + url.QueryEscape(`<script>alert(1)</script>`))
	require.NotContains(t, body, "<script>")
}

func TestAssetsAreKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) { o.Console.Open = true })
	_, body := h.visitor().get("/console/overview")
	for _, address := range regexp.MustCompile(`(?:href|src)="(/console/assets/[^"#]+)"`).FindAllStringSubmatch(body, -1) {
		resp, err := http.Get(h.base + address[1]) //nolint:noctx // a test
		require.NoError(t, err)
		resp.Body.Close() //nolint:errcheck // only its header matters
		require.Equal(t, http.StatusOK, resp.StatusCode, address[1])
		require.Contains(t, resp.Header.Get("Cache-Control"), "immutable", address[1])
	}
}

// What browsers load comes in a third of its bytes, and whole to whoever cannot unpack it.
func TestAssetsArePacked(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) { o.Console.Open = true })
	_, body := h.visitor().get("/console/overview")
	script := regexp.MustCompile(`/console/assets/\w+/vendor/htmx.js`).FindString(body)
	load := func(encoding string) (string, []byte) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.base+script, nil)
		require.NoError(t, err)
		req.Header.Set("Accept-Encoding", encoding)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close() //nolint:errcheck // only read
		raw, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.Header.Get("Content-Encoding"), raw
	}
	_, whole := load("identity")
	encoding, packed := load("gzip, br")
	require.Equal(t, "gzip", encoding)
	require.Less(t, len(packed), len(whole)/2)
	r, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	unpacked, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, string(whole), string(unpacked))
}

// An open console answers on its own address only: a foreign name that leads to this machine is refused.
func TestAnOpenConsoleIsNotForOtherNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) { o.Console.Open = true })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.base+"/console/overview", nil)
	require.NoError(t, err)
	req.Host = "evil.example"
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	resp.Body.Close() //nolint:errcheck // only its status matters
	require.Equal(t, http.StatusMisdirectedRequest, resp.StatusCode)
}
