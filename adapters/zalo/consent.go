package zalo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// lifeUnsaid is how long an access token is taken to live where Zalo does not say: a part of the 25 hours of its documents.
const lifeUnsaid = time.Hour

// ConsentURL is where the OA's administrator consents. challenge is the verifier's SHA-256 in base64url (PKCE).
func (a *Adapter) ConsentURL(callback, state, challenge string) string {
	base := oauthHost
	if v := a.acc.Settings["base_url"]; v != "" {
		base = strings.TrimRight(v, "/")
	}
	return base + "/v4/oa/permission?" + url.Values{
		"app_id": {a.acc.Settings["app_id"]}, "redirect_uri": {callback}, "code_challenge": {challenge}, "state": {state},
	}.Encode()
}

// Consent makes the first pair of a code that the administrator brought back, whatever the vault had before. The code must
// be of this account's OA: the administrator may have several.
func (a *Adapter) Consent(ctx context.Context, code, verifier string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshMost) // the code works once
	defer cancel()
	fresh, err := a.tokens.exchange(ctx, map[string]string{"grant_type": "authorization_code", "code": code, "code_verifier": verifier})
	if err != nil {
		return err
	}
	oa, _, err := a.whose(ctx, fresh.Access)
	if err != nil {
		return fmt.Errorf("asking whose the token is: %w", err)
	}
	if oa != a.acc.Settings["oa_id"] {
		return errors.New("the consent is for another Official Account than the account's oa_id")
	}
	return a.tokens.replace(ctx, fresh)
}

// replace puts a pair in place of whatever the vault has.
func (t *tokens) replace(ctx context.Context, fresh pair) error {
	over, err := t.read(ctx)
	if err != nil {
		return err
	}
	for {
		fresh.Number, fresh.Seed = over.Number+1, seed(t.configured)
		got, err := t.save(ctx, over, fresh)
		if err != nil {
			return err
		}
		if got.Access == fresh.Access {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.known, t.failed, t.unsaved = got, nil, nil
			return nil
		}
		over = got // another replica renewed at the same time what is worth nothing from now on
	}
}

// exchange asks Zalo's OAuth for a pair. An *adapters.Error means that what was given is not spent; any other error that
// nobody knows.
func (t *tokens) exchange(ctx context.Context, grant map[string]string) (pair, error) {
	form := url.Values{"app_id": {t.appID}}
	for name, v := range grant {
		form.Set(name, v)
	}
	ctx, cancel := context.WithTimeout(ctx, askMost)
	defer cancel()
	asked := t.now()
	answer, err := t.oauth.Do(ctx, httpcall.Form("/v4/oa/access_token", http.Header{"secret_key": {t.secret}}, form))
	if err != nil {
		return pair{}, err
	}
	var told struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Expires id     `json:"expires_in"` // seconds, as a text
		Error   id     `json:"error"`
	}
	_ = json.Unmarshal(answer.Body, &told) // a proxy's page has no token
	if told.Error != "" && told.Error != "0" {
		return pair{}, refusedGrant(string(told.Error))
	}
	if err := answer.Refused(t.now()); err != nil {
		var e *adapters.Error
		if errors.As(err, &e) && e.Fault == adapters.BadMessage { // it is no message that is refused
			e.Fault = adapters.Operator
		}
		return pair{}, err
	}
	if told.Access == "" || told.Refresh == "" {
		return pair{}, answer.Odd("holds no tokens")
	}
	life := lifeUnsaid
	if s, err := strconv.Atoi(string(told.Expires)); err == nil && s > 0 {
		life = time.Duration(s) * time.Second
	}
	return pair{Access: told.Access, Refresh: told.Refresh, Issued: asked, Expires: asked.Add(life)}, nil
}

func refusedGrant(code string) error {
	why := map[string]string{
		"-32":    "too many requests",
		"-14002": "the app is not active",
		"-14003": "the callback or the challenge is not what the app's console has",
	}[code]
	if why == "" {
		why = "app_secret does not fit, or the refresh token was used or has expired: then the OA's administrator must consent again, at /oauth/{account}, or give a new refresh_token"
	}
	return &adapters.Error{Fault: adapters.Operator, Code: code, Detail: "Zalo gives no token: " + why}
}
