package main

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/web"
)

// How a client bears with a gateway that is busy or away.
const (
	callTimeout = 30 * time.Second
	firstPause  = 200 * time.Millisecond
	longPause   = 5 * time.Second
	longest     = 30 * time.Second // of what Retry-After may ask for
	maxAnswer   = 64 << 20
)

// client speaks to the API of a running gateway.
type client struct {
	base     string // with api.Prefix
	token    string
	http     *http.Client
	patience time.Duration // how long one call is tried again
	notice   io.Writer     // is told once that a gateway is away and waited for
	noticed  sync.Once
}

// refusedError is the gateway's no to one row: trying again would not help, and other rows are not concerned.
type refusedError struct{ reason string }

func (e refusedError) Error() string { return e.reason }

// fatalError concerns every call: there is no use in going on.
type fatalError struct{ reason string }

func (e fatalError) Error() string { return e.reason }

func newClient(at, token string, patience time.Duration, notice io.Writer) (*client, error) {
	u, err := url.Parse(at)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		return nil, exitError{exitUsage, errors.New("--api must be the gateway's address, such as http://127.0.0.1:8080")}
	case token == "":
		return nil, exitError{exitUsage, errors.New("the API needs a token: put one of those in hoidap.yaml (api.tokens) into HOIDAP_TOKEN, or say --token")}
	}
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: maxParallel, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 10 * time.Second}
	return &client{
		base: strings.TrimSuffix(strings.TrimRight(at, "/"), api.Prefix) + api.Prefix, token: token, patience: patience, notice: notice,
		http: &http.Client{
			Transport: t, Timeout: callTimeout,
			// A redirect would carry the token elsewhere, or turn a PUT into a GET.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// exposed reports whether the token would cross a network in the clear.
func (c *client) exposed() bool {
	u, err := url.Parse(c.base)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

// put creates or changes one contact.
func (c *client) put(ctx context.Context, contact []byte) (created bool, err error) {
	status, body, err := c.call(ctx, http.MethodPut, "/contacts", contact)
	if err != nil {
		return false, err
	}
	switch status {
	case http.StatusCreated:
		return true, nil
	case http.StatusOK:
		return false, nil
	case http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return false, refusedError{problemText(body)}
	}
	return false, c.unexpected(status, body)
}

// page is one page of contacts with their preferences, each as the gateway wrote it.
func (c *client) page(ctx context.Context, cursor string, n int) (contacts []json.RawMessage, next string, err error) {
	q := url.Values{"limit": {strconv.Itoa(n)}, "with": {"preferences"}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	status, body, err := c.call(ctx, http.MethodGet, "/contacts?"+q.Encode(), nil)
	if err != nil {
		return nil, "", err
	}
	if status != http.StatusOK {
		return nil, "", c.unexpected(status, body)
	}
	var page struct {
		Contacts []json.RawMessage `json:"contacts"`
		Next     string            `json:"next_cursor"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return nil, "", fatalError{"the answer is not a page of contacts: is --api the address of a gateway?"}
	}
	return page.Contacts, page.Next, nil
}

// unexpected says what a status means that is not about one row.
func (c *client) unexpected(status int, body []byte) error {
	switch {
	case status == http.StatusUnauthorized:
		return fatalError{"the gateway does not know this token; see api.tokens in its hoidap.yaml"}
	case status == http.StatusForbidden:
		return fatalError{"the token may not do this: " + problemText(body)}
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		return fatalError{"there is no gateway's API at " + c.base + "; see --api"}
	case status >= 300 && status < 400:
		return fatalError{"the gateway's address redirects; give --api the address that it redirects to"}
	}
	return fmt.Errorf("the gateway answered %d: %s", status, problemText(body))
}

// call makes one call, and again where the gateway is busy or away, which is harmless: every call may be repeated.
func (c *client) call(ctx context.Context, method, path string, body []byte) (status int, answer []byte, err error) {
	status, _, answer, err = c.callAbout(ctx, method, path, "", body)
	return status, answer, err
}

// callAbout is a call about something that is as an ETag says, where there is one; it gives the ETag of the answer.
func (c *client) callAbout(ctx context.Context, method, path, tag string, body []byte) (status int, now string, answer []byte, err error) {
	until, key := time.Now().Add(c.patience), ""
	if method == http.MethodPost { // a repeat after a lost answer does nothing twice
		key = crand.Text()
	}
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		status, header, answer, err := c.once(ctx, attempt{method, path, tag, key, body})
		if ctx.Err() != nil {
			return 0, "", nil, ctx.Err()
		}
		if err == nil && !again(status) && !underWay(status, header) {
			return status, header.Get("ETag"), answer, nil
		}
		wait := pause/2 + rand.N(pause)
		if s, convErr := strconv.Atoi(header.Get("Retry-After")); convErr == nil && s > 0 {
			wait = max(wait, min(time.Duration(s)*time.Second, longest))
		}
		if time.Now().Add(wait).After(until) {
			if err != nil {
				return 0, "", nil, fatalError{c.away(err)}
			}
			return 0, "", nil, fatalError{fmt.Sprintf("the gateway has answered %d for %s: %s", status, c.patience, problemText(answer))}
		}
		if err != nil {
			c.noticed.Do(func() { fmt.Fprintf(c.notice, "%s; trying again for %s\n", c.away(err), c.patience) })
		}
		select {
		case <-ctx.Done():
			return 0, "", nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// away says that no gateway answers, and what to look at.
func (c *client) away(err error) string {
	at := strings.TrimSuffix(c.base, api.Prefix)
	return fmt.Sprintf("no gateway can be reached at %s (%s): see that it runs there (hoidap serve), or name its address by --api or HOIDAP_API", at, cause(err))
}

func again(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// underWay reports whether the call is being done already: its first answer was lost on the way.
func underWay(status int, header http.Header) bool {
	return status == http.StatusConflict && header.Get("Retry-After") != ""
}

// cause is the reason under a URL error, which would repeat the whole address with its query.
func cause(err error) string {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		return u.Err.Error()
	}
	return err.Error()
}

// attempt is one try of a call: about what is as tag says, under an Idempotency-Key; either may be empty.
type attempt struct {
	method, path, tag, key string
	body                   []byte
}

func (c *client) once(ctx context.Context, x attempt) (int, http.Header, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, x.method, c.base+x.path, bytes.NewReader(x.body))
	if err != nil {
		return 0, nil, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if x.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if x.tag != "" {
		r.Header.Set("If-Match", x.tag)
	}
	if x.key != "" {
		r.Header.Set("Idempotency-Key", x.key)
	}
	w, err := c.http.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer w.Body.Close() //nolint:errcheck // only read
	answer, err := io.ReadAll(io.LimitReader(w.Body, maxAnswer))
	return w.StatusCode, w.Header, answer, err
}

// problemText is what a problem document says, in one line.
func problemText(body []byte) string {
	var p web.Problem
	if err := json.Unmarshal(body, &p); err != nil || p.Title == "" {
		return "no reason given"
	}
	return mistakes(&p)
}

// mistakes are a problem's fields with what is wrong with them, or else its sentence.
func mistakes(p *web.Problem) string {
	if len(p.Errors) == 0 {
		if p.Detail == "" {
			return p.Title
		}
		return strings.TrimSuffix(p.Detail, ".")
	}
	said := make([]string, 0, len(p.Errors))
	for _, e := range p.Errors {
		field := strings.TrimPrefix(e.Pointer, "#/")
		if plain, err := url.PathUnescape(field); err == nil {
			field = plain
		}
		said = append(said, field+" "+e.Detail)
	}
	return strings.Join(said, "; ")
}
