package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/config"
)

const (
	signing = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	other   = "whsec_plJ3nmyCDGBKInavdOK15jsl88w2cDoG"
)

func TestWebhooks(t *testing.T) {
	t.Parallel()
	c, problems := load(least + `webhooks:
  - url: https://Shop.example.com/hooks?k=1
    secret: ` + signing + `
  - {name: crm, url: "http://127.0.0.1:9/in", secret: ` + signing + `, old_secret: ` + other + `, events: [offer.given], private: true}
`)
	require.Empty(t, problems)
	require.Equal(t, []config.Webhook{
		{Name: "shop.example.com", URL: "https://Shop.example.com/hooks?k=1", Secrets: []config.Secret{signing}, Events: []string{"preference.changed", "conversation.completed", "offer.given", "consent.changed"}},
		{Name: "crm", URL: "http://127.0.0.1:9/in", Secrets: []config.Secret{signing, other}, Events: []string{"offer.given"}, Private: true},
	}, c.Webhooks)
}

func TestWebhooksRefuse(t *testing.T) {
	t.Parallel()
	one := func(s string) string { return least + "webhooks: [{" + s + "}]\n" }
	to, by := "url: \"https://a.example\"", ", secret: "+signing
	for text, want := range map[string]string{
		one("secret: " + signing): "url is missing",
		one(to):                   "secret is missing",
		one("url: \"http://shop.example.com\"" + by):               "url must be reached over TLS; write https://; http:// goes to this machine only",
		one("url: shop.example.com" + by):                          "url must be an address of the web",
		one("url: \"https://u:p@a.example\"" + by):                 "url may have neither a user nor a #",
		one("url: \"ftp://a.example\"" + by):                       "url must be reached over TLS",
		one(to + ", secret: s3cret"):                               "secret must be whsec_ and base64 of 24 to 64 bytes; make one: echo whsec_$(openssl rand -base64 32)",
		one(to + ", secret: whsec_c2hvcnQ="):                       "secret must be whsec_",
		one(to + by + ", old_secret: x"):                           "old_secret must be whsec_",
		one(to + by + ", events: [offer.gven]"):                    "did you mean offer.given?",
		one(to + by + ", events: [offer.given, offer.given]"):      "offer.given is there twice",
		one(to + by + ", events: []"):                              "there is no event",
		one(to + by + ", name: CRM"):                               "\"CRM\" cannot be the name of a webhook",
		one(to + by + ", private: maybe"):                          "private cannot be \"maybe\"",
		one(to + by + ", header: x"):                               "unknown key header",
		least + "webhooks: [{" + to + by + "}, {" + to + by + "}]": "there is a webhook a.example already; give it a name of its own: name: crm",
	} {
		_, problems := load(text)
		require.Len(t, problems, 1, text)
		require.Contains(t, problems.Error(), want)
		require.NotContains(t, problems.Error(), "s3cret")
	}
}
