// Package httpcall makes one request to a provider and says what became of it. It is for adapters whose provider speaks
// HTTP: the request goes to base_url and nowhere else, no redirect is followed, the answer is read whole and bounded, a
// failure is classified so that nobody is texted twice, and no error holds a URL, because providers put tokens and
// numbers there.
package httpcall

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/hoidap/hoidap/adapters"
)

// answerMost bounds what is read of an answer, in bytes.
const answerMost = 4 << 20

// settingBase is the setting that says where the provider's API is.
const settingBase = "base_url"

// BaseURL declares the setting base_url, which each adapter over HTTP has.
func BaseURL(def string) adapters.Setting {
	return adapters.Setting{Name: settingBase, Doc: "Where the provider's API is: for proxies, regions and tests.", Example: def, Default: def, Check: CheckURL}
}

// CheckURL is the check of a setting that is the root of an API: no query, and no user, because a password there would
// be shown.
func CheckURL(v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("must be a URL such as https://api.example.com, without query and user")
	}
	return nil
}

// Open checks an account's settings against those that its type declares: what is required is there, and what is there
// passes its check. Errors name the setting and never its value.
func Open(acc adapters.Account, declared []adapters.Setting) error {
	for _, s := range declared {
		v := acc.Settings[s.Name]
		if v == "" && s.Required {
			return fmt.Errorf("%s is missing", s.Name)
		}
		if v != "" && s.Check != nil {
			if err := s.Check(v); err != nil {
				return fmt.Errorf("%s %w", s.Name, err)
			}
		}
	}
	return nil
}

// ClientOf is Open and then New: all that most adapters' Open has to do.
func ClientOf(acc adapters.Account, declared []adapters.Setting, provider, def string) (*Client, error) {
	if err := Open(acc, declared); err != nil {
		return nil, err
	}
	return New(acc, provider, def)
}

// Client makes one account's requests. It may be used concurrently.
type Client struct {
	provider string
	base     *url.URL
	http     *http.Client
}

// New makes the client of an account: for its base_url, or def where that is left out. provider is how errors call it.
func New(acc adapters.Account, provider, def string) (*Client, error) {
	base := acc.Settings[settingBase]
	if base == "" {
		base = def
	}
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil || CheckURL(base) != nil {
		return nil, errors.New(settingBase + " is not a URL")
	}
	client := acc.HTTPClient
	if client == nil {
		client = http.DefaultClient
	}
	return &Client{provider: provider, base: u, http: client}, nil
}

// Call is a request. Path begins with a slash and comes behind base_url; it is escaped here.
type Call struct {
	Method string // empty: GET without a body, POST with one
	Path   string
	Query  url.Values
	Header http.Header // belongs to the caller, and is not changed
	Body   []byte
}

// JSON is a POST of v.
func JSON(path string, header http.Header, v any) (Call, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return Call{}, &adapters.Error{Fault: adapters.BadMessage, Detail: "the message makes no JSON"}
	}
	return Call{Path: path, Header: with(header, "application/json"), Body: b.Bytes()}, nil
}

// Form is a POST of a form.
func Form(path string, header http.Header, form url.Values) Call {
	return Call{Path: path, Header: with(header, "application/x-www-form-urlencoded"), Body: []byte(form.Encode())}
}

func with(header http.Header, contentType string) http.Header {
	h := header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Content-Type", contentType)
	return h
}

// Bearer is the header Authorization with a token, Basic that with a user and a password.
func Bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// Basic see Bearer.
func Basic(user, password string) http.Header {
	return http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))}}
}

// Do makes a call once. An error is an *adapters.Error where the provider certainly did not get it, and otherwise means
// that the outcome is unknown. An answer of whatever status is no error: see Answer.Refused.
func (c *Client) Do(ctx context.Context, call Call) (Answer, error) {
	res, body, err := c.Exchange(ctx, func(ctx context.Context) (*http.Request, error) { return c.request(ctx, call) }) //nolint:bodyclose // Exchange has closed it
	if err != nil {
		return Answer{}, err
	}
	return Answer{Status: res.StatusCode, Header: res.Header, Body: body, provider: c.provider}, nil
}

// PostJSON is Do with JSON.
func (c *Client) PostJSON(ctx context.Context, path string, header http.Header, v any) (Answer, error) {
	call, err := JSON(path, header, v)
	if err != nil {
		return Answer{}, err
	}
	return c.Do(ctx, call)
}

// URL is where a call to path with a query goes.
func (c *Client) URL(path, rawQuery string) *url.URL {
	target := *c.base
	target.Path += path
	target.RawQuery = rawQuery
	return &target
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	method, body := call.Method, io.Reader(nil)
	if call.Body != nil {
		body = bytes.NewReader(call.Body)
	}
	switch {
	case method == "" && body == nil:
		method = http.MethodGet
	case method == "":
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base.String(), body)
	if err != nil {
		return nil, &adapters.Error{Fault: adapters.Operator, Detail: settingBase + " does not make a request"}
	}
	req.URL = c.URL(call.Path, call.Query.Encode())
	for name, values := range call.Header {
		req.Header[name] = values
	}
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", "hoidap")
	}
	return req, nil
}

// Exchange makes one request, which build gets ready under the context that it is given, and never repeats it; errors of
// build come back as they are. The answer comes back with its body read whole, because an answer that breaks off is a
// lost one. It is Do for adapters that make their own requests.
func (c *Client) Exchange(ctx context.Context, build func(context.Context) (*http.Request, error)) (*http.Response, []byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, &adapters.Error{Fault: adapters.Transient, Detail: "gave up before asking", Err: err}
	}
	ctx, cancel := c.limited(ctx)
	defer cancel()
	conn := &connection{}
	req, err := build(httptrace.WithClientTrace(ctx, conn.trace()))
	if err != nil {
		return nil, nil, err
	}
	if req.URL.Host != c.base.Host {
		return nil, nil, &adapters.Error{Fault: adapters.Operator, Detail: "the request would leave for another host than " + settingBase}
	}
	res, err := c.transport().RoundTrip(req)
	if err != nil {
		return nil, nil, conn.failure(c.provider, Bare(err))
	}
	defer res.Body.Close()
	body, err := whole(res)
	if err != nil && res.StatusCode >= 200 && res.StatusCode <= 299 {
		return nil, nil, fmt.Errorf("reading the answer of %s: %w", c.provider, Bare(err))
	}
	return res, body, nil
}

// limited bounds a request that its caller has not bounded.
func (c *Client) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, bounded := ctx.Deadline(); bounded || c.http.Timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, c.http.Timeout)
}

// transport is the client's, which follows no redirect and keeps no cookies: the rest of the client is not needed, and
// is a tenth of a request's cost.
func (c *Client) transport() http.RoundTripper {
	if c.http.Transport != nil {
		return c.http.Transport
	}
	return http.DefaultTransport
}

// whole reads an answer, into memory of just its size where that is told.
func whole(res *http.Response) ([]byte, error) {
	if res.ContentLength < 0 || res.ContentLength > answerMost {
		return io.ReadAll(io.LimitReader(res.Body, answerMost))
	}
	body := make([]byte, res.ContentLength)
	n, err := io.ReadFull(res.Body, body)
	return body[:n], err
}

// connection notes whether a connection was asked for and whether one was had: without one, nothing was sent.
type connection struct{ asked, had atomic.Bool }

func (c *connection) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { c.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { c.had.Store(true) },
	}
}

// failure classifies a request that got no answer. Refused connections, names that do not resolve, failed handshakes and
// a time limit that ends before a connection stands are safe to repeat. Once there was a connection, the provider may
// have taken the message, and the outcome is unknown: a transport that does not report its connections is not trusted.
func (c *connection) failure(provider string, err error) error {
	if c.asked.Load() && !c.had.Load() {
		return &adapters.Error{Fault: adapters.Transient, Detail: "no connection to " + provider, Err: err}
	}
	return fmt.Errorf("no answer from %s: %w", provider, err)
}

// Bare takes the URL out of an error: it may hold a token or the customer's number.
func Bare(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
