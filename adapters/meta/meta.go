// Package meta is what Meta's channels have in common: how webhooks are signed, the handshake by which an address is
// proved, and calls of the Graph API with its form of errors.
package meta

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// GraphHost is where the Graph API is.
const GraphHost = "https://graph.facebook.com"

// SignatureHeader carries the HMAC-SHA256 of a webhook call's body, under the app's secret.
const SignatureHeader = "X-Hub-Signature-256"

// Names of the settings that Meta's channels share.
const (
	settingSecret  = "app_secret"
	settingVerify  = "verify_token"
	settingProof   = "appsecret_proof"
	settingVersion = "graph_version"
)

const defaultVersion = "v25.0"

// Settings declares what Meta's channels share.
func Settings() []adapters.Setting {
	return []adapters.Setting{
		{Name: settingSecret, Doc: "The app's secret, from App settings > Basic. Meta signs webhooks with it.", Example: "${META_APP_SECRET}", Required: true, Secret: true, Check: adapters.OneWord},
		{Name: settingVerify, Doc: "A word that you invent and write beside the webhook's address in Meta's console, by which the address is proved. At least 8 letters, digits, - and _.", Example: "${META_VERIFY_TOKEN}", Required: true, Secret: true, Check: checkVerify},
		{Name: settingProof, Doc: "yes where the app has \"Require app secret\" switched on: each call then carries a proof that is made of the token and the app's secret.", Default: "no", Example: "yes", Check: adapters.OneOf("yes", "no")},
		{Name: settingVersion, Doc: "The version of the Graph API. Meta ends each after about two years.", Default: defaultVersion, Example: "v26.0", Check: checkVersion},
		httpcall.BaseURL(GraphHost),
	}
}

// Digits is the check of Meta's ids of numbers and pages.
func Digits(v string) error {
	if v == "" || strings.ContainsFunc(v, func(r rune) bool { return r < '0' || r > '9' }) {
		return errors.New("must be the id that Meta shows: digits only")
	}
	return nil
}

func checkVerify(v string) error {
	if len(v) < 8 || strings.ContainsFunc(v, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-'
	}) {
		return errors.New("must be at least 8 letters, digits, - and _")
	}
	return nil
}

func checkVersion(v string) error {
	var major, minor int
	if n, err := fmt.Sscanf(v, "v%d.%d", &major, &minor); err != nil || n != 2 || v != fmt.Sprintf("v%d.%d", major, minor) {
		return errors.New("must be a version such as " + defaultVersion)
	}
	return nil
}

// Handshake answers the call by which Meta proves the webhook's address. ours is false where r is none; one that does
// not show the account's verify_token is forged, and learns nothing.
func Handshake(r adapters.Request, acc adapters.Account) (d adapters.Decoded, ours bool, err error) {
	if r.Method != http.MethodGet {
		return d, false, nil
	}
	_, raw, _ := strings.Cut(r.URL, "?")
	q, _ := url.ParseQuery(raw) // what cannot be read shows no token
	if err := adapters.CheckSame(q.Get("hub.verify_token"), acc.Settings[settingVerify]); err != nil {
		return d, true, err
	}
	if q.Get("hub.mode") != "subscribe" || q.Get("hub.challenge") == "" {
		return d, true, fmt.Errorf("%w: a handshake without a challenge", adapters.ErrMalformed)
	}
	d.Answer = adapters.Answer{
		Status: http.StatusOK,
		Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "X-Content-Type-Options": {"nosniff"}},
		Body:   []byte(q.Get("hub.challenge")),
	}
	return d, true, nil
}
