package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
)

type (
	// Role is access.Role.
	Role = access.Role
	// Caller is access.Caller.
	Caller = access.Caller
)

// The roles of tokens and users.
const (
	Nobody   = access.Nobody
	Viewer   = access.Viewer
	Agent    = access.Agent
	Marketer = access.Marketer
	Admin    = access.Admin
)

// ParseRole reads a role's name.
func ParseRole(s string) (Role, error) { return access.ParseRole(s) }

// Token is one configured API token.
type Token struct {
	Name   string // says in the log who called
	Secret string
	Role   Role
}

// LogValue keeps the secret out of logs.
func (t Token) LogValue() slog.Value {
	return slog.GroupValue(slog.String("name", t.Name), slog.String("role", t.Role.String()))
}

// Tokens knows the API's tokens by their hashes. It does not change.
type Tokens struct {
	known []knownToken
}

type knownToken struct {
	hash   [sha256.Size]byte
	caller Caller
}

// NewTokens takes the configured tokens; none at all closes the API to everybody.
func NewTokens(tokens ...Token) (*Tokens, error) {
	t := &Tokens{}
	seen := map[[sha256.Size]byte]bool{}
	for _, k := range tokens {
		h := sha256.Sum256([]byte(k.Secret))
		switch {
		case k.Secret == "":
			return nil, fmt.Errorf("API token %q is empty", k.Name)
		case k.Role < Viewer || k.Role > Admin:
			return nil, fmt.Errorf("API token %q has no role", k.Name)
		case seen[h]:
			return nil, fmt.Errorf("API token %q has the secret of another one", k.Name)
		}
		seen[h] = true
		t.known = append(t.known, knownToken{hash: h, caller: Caller{Name: k.Name, Role: k.Role}})
	}
	return t, nil
}

// Lookup finds whose secret this is. It looks at all tokens in the same time whatever it is given, so that nothing can
// be learned from how long it takes.
func (t *Tokens) Lookup(secret string) (Caller, bool) {
	h := sha256.Sum256([]byte(secret))
	found := -1
	for i := range t.known {
		found = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(h[:], t.known[i].hash[:]), i, found)
	}
	if found < 0 || secret == "" {
		return Caller{}, false
	}
	return t.known[found].caller, true
}

// errNoToken and errBadToken are what the WWW-Authenticate header tells apart (RFC 6750).
var (
	errNoToken  = errors.New("no token")
	errBadToken = errors.New("unknown token")
)

// Authenticate lets a request with a known bearer token through, and answers 401 to others.
func (t *Tokens) Authenticate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, err := t.caller(c.Request())
		if err == nil {
			SetCaller(c, who)
			return next(c)
		}
		challenge := `Bearer realm="hoidap"`
		detail := "This address needs a token: send `Authorization: Bearer <token>`."
		if errors.Is(err, errBadToken) {
			challenge += `, error="invalid_token"`
			detail = "The token is not one of those configured under api.tokens."
		}
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, challenge)
		return NewProblem(http.StatusUnauthorized, detail)
	}
}

func (t *Tokens) caller(r *http.Request) (Caller, error) {
	scheme, secret, _ := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	secret = strings.TrimSpace(secret)
	if !strings.EqualFold(scheme, "bearer") || secret == "" {
		return Caller{}, errNoToken
	}
	who, ok := t.Lookup(secret)
	if !ok {
		return Caller{}, errBadToken
	}
	return who, nil
}

// SetCaller says who makes the request, to the handlers and, by its context, to what they call.
func SetCaller(c echo.Context, who Caller) {
	c.Set(callerKey, who)
	c.SetRequest(c.Request().WithContext(access.As(c.Request().Context(), who)))
}

// CallerOf is who makes the request; ok is false where nobody was asked for.
func CallerOf(c echo.Context) (who Caller, ok bool) {
	who, ok = c.Get(callerKey).(Caller)
	return who, ok
}

// Require lets callers of a role, or of one above it, through. It runs behind Authenticate.
func Require(least Role) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if who, _ := CallerOf(c); who.Role < least {
				return NewProblem(http.StatusForbidden, fmt.Sprintf("This needs a token of role %s; yours is %s.", least, who.Role))
			}
			return next(c)
		}
	}
}
