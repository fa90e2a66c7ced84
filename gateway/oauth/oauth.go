// Package oauth lets an administrator consent at a provider that gives tokens for it: a link to begin with, for which the
// API's admin token is needed, and the page to which the provider sends the administrator's browser back, for which the
// state in the link is, which works once.
package oauth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/web"
)

// LinkLives is how long a link may be followed: the provider's code lives ten minutes, and somebody must log in first.
const LinkLives = 15 * time.Minute

// Options is what Pages need.
type Options struct {
	Store    *store.Store
	Secret   string // signs states
	Accounts map[string]adapters.Consenter
	URL      string // the public address, without a slash at the end
	Log      *slog.Logger
}

// Mount serves GET /oauth/{account}, which tells an admin the link, and GET /oauth/{account}/callback.
func Mount(e *echo.Echo, o Options, tokens *web.Tokens) {
	e.GET("/oauth/:account", o.begin, noStore, tokens.Authenticate, web.Require(web.Admin))
	e.GET("/oauth/:account/callback", o.callback, noStore)
}

func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// link is the answer to an admin who asks where to consent.
type link struct {
	URL     string `json:"url"`
	Minutes int    `json:"minutes"` // how long it may be followed
}

func (o Options) account(c echo.Context) (string, adapters.Consenter, error) {
	name := c.Param("account")
	a, ok := o.Accounts[name]
	if !ok {
		return "", nil, web.NewProblem(http.StatusNotFound, "There is no such account, or it needs no consent.")
	}
	return name, a, nil
}

// begin tells an admin where to consent.
func (o Options) begin(c echo.Context) error {
	name, _, err := o.account(c)
	if err != nil {
		return err
	}
	url, err := o.Link(c.Request().Context(), name)
	if err != nil {
		return web.Unavailable("The link could not be noted; ask again.", err)
	}
	return c.JSON(http.StatusOK, link{URL: url, Minutes: int(LinkLives.Minutes())})
}

// Link is where an administrator consents for an account, once, within LinkLives.
func (o Options) Link(ctx context.Context, account string) (string, error) {
	verifier, state := random(), o.sign(account, random())
	if err := o.Store.ExpectConsent(ctx, account, state, verifier, LinkLives); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(verifier))
	return o.Accounts[account].ConsentURL(o.URL+"/oauth/"+account+"/callback", state, base64.RawURLEncoding.EncodeToString(sum[:])), nil
}

// callback is where the provider sends the administrator's browser: with a code, or without one where they refused.
func (o Options) callback(c echo.Context) error {
	name, a, err := o.account(c)
	if err != nil {
		return err
	}
	state, code := c.QueryParam("state"), c.QueryParam("code")
	verifier, err := o.expected(c.Request().Context(), name, state)
	switch {
	case err != nil:
		return err
	case code == "":
		return web.NewProblem(http.StatusBadRequest, "The provider gave no code: the consent was refused. Ask for another link to try again.")
	}
	if err := a.Consent(c.Request().Context(), code, verifier); err != nil {
		o.Log.Error("a consent did not lead to a token", "account", name, "error", err)
		return failure(err)
	}
	o.Log.Info("an administrator consented: the account has a new token", "account", name)
	return c.String(http.StatusOK, "Đã kết nối. Có thể đóng trang này.\nConnected. You can close this page.\n")
}

// expected takes the verifier that was noted with a state. A state that is not of our making costs no call of Redis.
func (o Options) expected(ctx context.Context, account, state string) (string, error) {
	used := web.NewProblem(http.StatusForbidden, "This link was used, is too old, or is not from here. Ask for another one.")
	nonce, _, _ := strings.Cut(state, ".")
	if subtle.ConstantTimeCompare([]byte(o.sign(account, nonce)), []byte(state)) != 1 {
		return "", used
	}
	verifier, err := o.Store.TakeConsent(ctx, account, state)
	switch {
	case err != nil:
		return "", web.Unavailable("The link could not be looked up; reload the page.", err)
	case verifier == "":
		return "", used
	}
	return verifier, nil
}

// failure is what the browser shows: the adapter's errors are for operators, and hold no token.
func failure(err error) error {
	var e *adapters.Error
	if errors.As(err, &e) && e.Fault == adapters.Transient {
		return web.Unavailable("The provider or Redis could not be reached. Ask for another link.", err)
	}
	return &web.Problem{Status: http.StatusBadGateway, Detail: fmt.Sprintf("The consent gave no token: %v. Ask for another link to try again.", err), Err: err}
}

// sign makes a state: a nonce and its signature for an account.
func (o Options) sign(account, nonce string) string {
	mac := hmac.New(sha256.New, []byte(o.Secret))
	mac.Write([]byte("consent " + account + " " + nonce))
	return nonce + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// random is 256 bits in 43 characters, which is the length that Zalo wants of a verifier.
func random() string {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
