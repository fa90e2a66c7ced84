package twilio

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	twilio "github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// call is one request by the SDK, which knows no context, does not tell the status of an answer that is not JSON, and
// refuses tokens that are not alphanumeric. It carries the context, keeps what the classification of a failure needs,
// and lets nothing leave for a host other than base_url.
type call struct {
	ctx     context.Context
	a       *Adapter
	service *api.ApiService // that makes its requests by this call
}

var _ twilio.BaseClient = (*call)(nil)

// begin lends a call. Making one anew costs the SDK a look into the environment, so they are kept; end gives it back.
func (a *Adapter) begin(ctx context.Context) *call {
	c, ok := a.calls.Get().(*call)
	if !ok {
		c = &call{a: a}
		c.service = api.NewApiServiceWithClient(c)
	}
	c.ctx = ctx
	return c
}

func (c *call) end() {
	c.ctx = nil
	c.a.calls.Put(c)
}

// AccountSid implements twilio.BaseClient, as do the others.
func (c *call) AccountSid() string       { return c.a.accountSID }
func (c *call) SetTimeout(time.Duration) {}
func (c *call) SetOauth(twilio.OAuth)    {}
func (c *call) OAuth() twilio.OAuth      { return nil }

// SendRequest makes one request and never repeats it. Errors are *adapters.Error or mean that the outcome is unknown.
func (c *call) SendRequest(method, rawURL string, data url.Values, headers map[string]any, _ ...byte) (*http.Response, error) {
	res, body, err := c.a.api.Exchange(c.ctx, func(ctx context.Context) (*http.Request, error) {
		return c.request(ctx, method, rawURL, data, headers)
	})
	if err != nil {
		return nil, err
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, refusal(res.StatusCode, res.Header, body, c.a.now())
	}
	if method == http.MethodPost {
		if short, ok := brief(body); ok {
			body = short
		}
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

func (c *call) request(ctx context.Context, method, rawURL string, data url.Values, headers map[string]any) (*http.Request, error) {
	if method == http.MethodPost && rawURL == c.a.messagesAtTwilio {
		return c.message(ctx, data), nil
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, &adapters.Error{Fault: adapters.BadMessage, Detail: "the request has no valid URL"}
	}
	target := c.a.api.URL(u.Path, u.RawQuery)
	var body io.Reader
	if method == http.MethodGet {
		if len(data) > 0 {
			target.RawQuery = data.Encode()
		}
	} else {
		body = strings.NewReader(data.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), body)
	if err != nil {
		return nil, &adapters.Error{Fault: adapters.Operator, Detail: "base_url does not make a request"}
	}
	for k, v := range headers {
		req.Header.Set(k, fmt.Sprint(v))
	}
	c.a.identify(req.Header)
	return req, nil
}

// identify says who asks, and for what.
func (a *Adapter) identify(h http.Header) {
	h.Set("Accept", "application/json")
	h.Set("User-Agent", "hoidap twilio-go/"+twilio.LibraryVersion)
	h.Set("Authorization", a.authorize)
}

// message is the request that is made most, with all that is the same each time made beforehand. A transport changes
// neither URL nor headers.
func (c *call) message(ctx context.Context, data url.Values) *http.Request {
	form := data.Encode()
	body := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(form)), nil }
	req := &http.Request{
		Method: http.MethodPost, URL: c.a.messages, Host: c.a.messages.Host, Header: c.a.messageHeader,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(form)), GetBody: body,
	}
	req.Body, _ = body()
	return req.WithContext(ctx)
}

// refusal classifies an answer that is not 2xx: by Twilio's code where it is known, else by the status.
//
// A 5xx means that the outcome is unknown, even 503: Twilio documents for 429 only that the request was not processed,
// and whatever stands between may answer for a message that was taken. Looking it up is cheap; a second text is not.
func refusal(status int, h http.Header, body []byte, now time.Time) error {
	var told struct{ Code int }
	_ = json.Unmarshal(body, &told) // a proxy's page has no code
	code := ""
	if told.Code > 0 {
		code = fmt.Sprint(told.Code)
	}
	if status >= 500 {
		return fmt.Errorf("the answer was HTTP %d (code %q): outcome unknown", status, code)
	}
	e := &adapters.Error{Code: code, Detail: fmt.Sprintf("HTTP %d", status)}
	known, ok := faults[told.Code]
	switch {
	case status == http.StatusTooManyRequests:
		e.Fault, e.Detail = adapters.Throttled, "too many requests"
	case ok:
		e.Fault, e.Detail = known.fault, known.detail
	case status == http.StatusBadRequest:
		e.Fault, e.Detail = adapters.BadMessage, "the request was refused"
	case status == http.StatusRequestTimeout, status == http.StatusConflict:
		return fmt.Errorf("the answer was HTTP %d: outcome unknown", status)
	case status < 300 || status > 399:
		e.Fault = adapters.Operator // 401, 403, 404: credentials or base_url
	default:
		e.Fault, e.Detail = adapters.Operator, "base_url answers with a redirect"
	}
	switch e.Fault {
	case adapters.Throttled:
		e.After = httpcall.RetryAfter(h, now)
	case adapters.Later:
		e.After = now.Add(24 * time.Hour) // daily limits, and Meta's pause of a day or more
	}
	return e
}
