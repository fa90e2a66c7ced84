package console_test

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// shotsIn is where pictures of the pages go: go test ./gateway/console -shots DIR.
var shotsIn = flag.String("shots", "", "folder for pictures of the pages")

// password is that of every user of the tests.
const password = "một câu dài dễ nhớ"

// styleCampaign asks two questions and gives one of two offers.
const styleCampaign = `
campaign: style
name: Gu thời trang
schedule: {cron: "0 9 * * 1", timezone: Asia/Ho_Chi_Minh}
audience: consent.marketing && prefs.style == nil
channels: [sms]
questions:
  - id: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào ạ?", en: "Which style do you like, {{name}}?"}
    options:
      - {value: sporty, label: {vi: Thể thao, en: Sporty}}
      - {value: office, label: {vi: Công sở, en: Office}}
  - id: budget
    kind: money
    text: {vi: "Ngân sách cho một bộ khoảng bao nhiêu ạ?", en: "About how much for one outfit?"}
offers: [office-20, ship]
thanks: {vi: "Cảm ơn {{name}}!", en: "Thank you, {{name}}!"}
---
offer: office-20
when: prefs.style == "office"
priority: 10
text: {vi: "Tặng {{name}} mã {{code}} giảm 20% đồ công sở.", en: "{{name}}, {{code}} takes 20% off office wear."}
code: {pool: office-20}
---
offer: ship
priority: 1
text: {vi: "Tặng {{name}} mã {{code}}, miễn phí giao hàng.", en: "{{name}}, {{code}} brings it for free."}
code: {shared: FREESHIP}
`

// house is a gateway with a console, a provider's fake, and a user of each role.
type house struct {
	t     *testing.T
	g     *gateway.Gateway
	redis *redistest.Server
	base  string
	fake  *fake.Twilio
	now   func() time.Time
	open  bool // nobody signs in
}

// newHouse starts one, as the changes say.
func newHouse(t *testing.T, changes ...func(*gateway.Options)) *house {
	t.Helper()
	h := emptyHouse(t, changes...)
	if !h.open {
		for _, r := range access.Roles() {
			h.user(r.String(), r)
		}
	}
	return h
}

// emptyHouse is one in which nobody has a password yet.
func emptyHouse(t *testing.T, changes ...func(*gateway.Options)) *house {
	t.Helper()
	redis := redistest.Start(t)
	pack, ok := compliance.PackFor("vn")
	require.True(t, ok)
	pack.QuietFrom, pack.QuietTo = 0, 0
	h := &house{t: t, redis: redis, now: time.Now, fake: fake.New(fake.Options{AuthToken: "12345678901234567890123456789012", Now: time.Now})}
	base, err := h.fake.Start()
	require.NoError(t, err)
	t.Cleanup(func() { h.fake.Close() }) //nolint:errcheck // the test is over
	o := gateway.Options{
		Listen: "127.0.0.1:0", PublicURL: "http://msg.example.com", Log: slog.New(slog.DiscardHandler), HealthEvery: 50 * time.Millisecond,
		Redis:   store.Options{URL: redis.URL, Partitions: 8, LeaseTTL: 400 * time.Millisecond, Log: slog.New(slog.DiscardHandler)},
		Files:   fstest.MapFS{"campaigns.yaml": {Data: []byte(styleCampaign)}},
		World:   campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: pack.Zone}, Pack: pack},
		Console: gateway.Console{Hashing: control.PasswordCost{Memory: 64, Iterations: 1}}, // signing in is no test's subject but its own's
		Tokens:  []web.Token{{Name: "test", Secret: "test-token-for-the-api", Role: web.Admin}},
		Accounts: []gateway.Account{{ID: "sms", Type: twilio.Type(), Channel: address.SMS, Settings: map[string]string{
			"account_sid": "AC00000000000000000000000000000001", "auth_token": "12345678901234567890123456789012", "from": "+15005550006", "base_url": base}}},
	}
	for _, change := range changes {
		change(&o)
	}
	h.g, err = gateway.New(o)
	require.NoError(t, err)
	addr, err := h.g.Start(context.Background())
	require.NoError(t, err)
	h.base = "http://" + addr
	h.fake.Point("http://msg.example.com/hooks/sms", h.base)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		h.g.Stop(ctx) //nolint:errcheck // the test has said what it wanted to
	})
	h.open = o.Console.Open
	return h
}

// program is a context in which everything may be done.
func (h *house) program() context.Context { return access.As(h.t.Context(), access.Program()) }

// user makes somebody who can sign in.
func (h *house) user(name string, role access.Role) {
	h.t.Helper()
	code, err := h.g.Control.Invite(h.program(), control.User{Name: name, Role: role})
	require.NoError(h.t, err)
	_, err = h.g.Control.Accept(h.t.Context(), code, password)
	require.NoError(h.t, err)
}

// contact makes a customer who consented, and gives their id.
func (h *house) contact(phone, name string) string {
	h.t.Helper()
	a, err := address.Parse("tel:" + phone)
	require.NoError(h.t, err)
	v, _, err := h.g.Control.Upsert(h.program(), campaigns.ContactEdit{Addresses: []address.Address{a}, Name: &name,
		Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: true, Source: "form", At: h.now().Add(-time.Hour)}}})
	require.NoError(h.t, err)
	return v.ID
}

// says is a customer who types.
func (h *house) says(phone, text string) {
	h.t.Helper()
	resp, err := h.fake.Reply(h.t.Context(), phone, text)
	require.NoError(h.t, err)
	require.Equal(h.t, http.StatusOK, resp.StatusCode)
}

// visitor is somebody with a browser that runs no scripts.
type visitor struct {
	*house
	client *http.Client
	at     string // where the last page was found, after any redirect
}

// visitor comes without having signed in.
func (h *house) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	return &visitor{house: h, client: &http.Client{Jar: jar}}
}

// as comes and signs in.
func (h *house) as(name string) *visitor {
	h.t.Helper()
	v := h.visitor()
	status, _ := v.post("/console/sign-in", url.Values{"name": {name}, "password": {password}})
	require.Equal(h.t, http.StatusOK, status)
	return v
}

// get loads a page, following where it leads.
func (v *visitor) get(path string) (status int, body string) {
	v.t.Helper()
	return v.do(http.MethodGet, path, nil, nil)
}

// post sends a form as the site's own pages do, following where it leads.
func (v *visitor) post(path string, form url.Values) (status int, body string) {
	v.t.Helper()
	return v.do(http.MethodPost, path, form, nil)
}

func (v *visitor) do(method, path string, form url.Values, header http.Header) (status int, body string) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, strings.NewReader(form.Encode()))
	require.NoError(v.t, err)
	req.Header = http.Header{"Sec-Fetch-Site": {"same-origin"}, "Accept-Language": {"vi"}}
	for k, x := range header {
		req.Header[k] = x
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := v.client.Do(req)
	require.NoError(v.t, err)
	defer resp.Body.Close() //nolint:errcheck // only read
	b, err := io.ReadAll(resp.Body)
	require.NoError(v.t, err)
	v.at = resp.Request.URL.RequestURI()
	return resp.StatusCode, string(b)
}
