package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/zalo"
	zalofake "github.com/hoidap/hoidap/adapters/zalo/fake"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/preferences/address"
)

// An administrator is led to the provider's consent page, and what comes back gives the account its token.
func TestConsentingAtAProvider(t *testing.T) {
	t.Parallel()
	app := zalofake.App{ID: "431234567890123456", Secret: "zalo-app-secret-1", OA: "388613280878808645", OASecret: "zalo-oa-secret-key-1"}
	provider := zalofake.New("http://msg.example.com/hooks/zalo", app, true)
	base, err := provider.Start()
	require.NoError(t, err)
	t.Cleanup(func() { provider.Close() }) //nolint:errcheck // the test is over
	h := newHouse(t, func(o *gateway.Options) {
		o.Accounts = append(o.Accounts, gateway.Account{ID: "zalo", Type: zalo.Type(), Channel: address.Zalo, Settings: map[string]string{
			"base_url": base, "app_id": app.ID, "app_secret": app.Secret, "oa_id": app.OA, "oa_secret": app.OASecret, "refresh_token": zalofake.FirstRefresh}})
	})
	admin := h.as("admin")
	_, body := admin.get("/console/channels")
	require.Contains(t, body, `id="do-consent-zalo"`)
	require.NotContains(t, body, `id="do-consent-sms"`, "Twilio wants nobody's consent")
	_, body = h.as("marketer").get("/console/channels")
	require.NotContains(t, body, "do-consent")
	status, _ := h.as("marketer").post("/console/channels/zalo/consent", url.Values{})
	require.Equal(t, http.StatusForbidden, status)
	status, _ = admin.post("/console/channels/sms/consent", url.Values{})
	require.Equal(t, http.StatusConflict, status)

	status, body = admin.post("/console/channels/zalo/consent", url.Values{})
	require.Equal(t, http.StatusOK, status)
	found := regexp.MustCompile(`href="([^"]+)"[^>]* id="consent-link"`).FindStringSubmatch(body)
	require.NotNil(t, found, body)
	to, err := url.Parse(html.UnescapeString(found[1]))
	require.NoError(t, err)
	require.Equal(t, app.ID, to.Query().Get("app_id"))
	require.Equal(t, "http://msg.example.com/oauth/zalo/callback", to.Query().Get("redirect_uri"))
	require.NotEmpty(t, to.Query().Get("code_challenge"))
	changes, err := h.g.Control.Changes(h.program(), "", 1)
	require.NoError(t, err)
	require.NotEmpty(t, changes)
}
