package fake

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// life is how long an access token lives, in seconds. It is told as a text.
const life = "90000"

// oauth gives tokens for a code or a refresh token, each of which works once.
func (z *Zalo) oauth(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	z.mu.Lock()
	before := z.before
	z.asked++
	z.atOnce++
	z.most = max(z.most, z.atOnce)
	z.mu.Unlock()
	if before != nil {
		before()
	}
	answer, lost := z.grant(r.Header.Get("secret_key"), r.PostForm)
	if lost {
		panic(http.ErrAbortHandler) // the tokens were changed, and nobody is told
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func refused(code int, name string) object {
	return object{"error": code, "error_name": name, "error_description": name, "error_reason": name}
}

func (z *Zalo) grant(secret string, form url.Values) (answer object, lost bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.atOnce--
	switch {
	case secret != z.app.Secret || form.Get("app_id") != z.app.ID:
		return refused(-14004, "Invalid secret key"), false
	case form.Get("grant_type") == "refresh_token" && (form.Get("refresh_token") != z.refresh || z.refresh == ""):
		return refused(-14014, "Invalid refresh token"), false
	case form.Get("grant_type") == "authorization_code":
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		challenge, ok := z.codes[form.Get("code")]
		delete(z.codes, form.Get("code"))
		if !ok || len(form.Get("code_verifier")) != 43 || challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
			return refused(-14003, "Invalid code"), false
		}
	case form.Get("grant_type") != "refresh_token":
		return refused(-14001, "Invalid grant type"), false
	}
	z.renewals++
	z.access, z.refresh = fmt.Sprintf("access-token-%d", z.renewals), fmt.Sprintf("refresh-token-%d", z.renewals)
	lost, z.lose = z.lose, false
	return object{"access_token": z.access, "refresh_token": z.refresh, "expires_in": life}, lost
}

// Consents is an administrator who follows a link and agrees: the code that they bring back.
func (z *Zalo) Consents(link string) (code, state string, err error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", "", err
	}
	q := u.Query()
	if u.Path != "/v4/oa/permission" || q.Get("app_id") != z.app.ID || q.Get("redirect_uri") == "" || q.Get("code_challenge") == "" {
		return "", "", fmt.Errorf("error -14003: the link to %s is not complete", u.Path)
	}
	code = "code-" + strconv.FormatInt(z.Next(), 10)
	z.mu.Lock()
	defer z.mu.Unlock()
	z.codes[code] = q.Get("code_challenge")
	return code, q.Get("state"), nil
}

// Expire ends the access token that is in force.
func (z *Zalo) Expire() {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.expired[z.access] = true
}

// Revoke ends the refresh token, as time does after three months.
func (z *Zalo) Revoke() {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.refresh = ""
}

// LoseTokens lets the next tokens be made and their answer be lost.
func (z *Zalo) LoseTokens() {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.lose = true
}

// BeforeTokens runs f in each call of OAuth before it is answered.
func (z *Zalo) BeforeTokens(f func()) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.before = f
}

// TokenCalls counts how often OAuth was asked, how often it gave tokens, and how many asked at once at most.
func (z *Zalo) TokenCalls() (asked, given, atOnce int) {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.asked, z.renewals, z.most
}
