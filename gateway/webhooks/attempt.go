package webhooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/gateway/record"
)

// answerMost bounds how much of an answer is read; nothing is done with it.
const answerMost = 64 << 10

// outcome is what came of one attempt.
type outcome struct {
	status int // 0: there was no answer
	after  time.Duration
	why    string        // empty: it was taken
	wait   time.Duration // how long the receiver asked to be left alone
	sick   bool          // it says something about the receiver, rather than about what was told
}

// post makes one attempt.
func (e *endpoint) post(ctx context.Context, n record.Notice, now time.Time) (o outcome) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(n.Body))
	if err != nil {
		return outcome{why: "the address cannot be called"}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "hoidap")
	r.Header.Set("webhook-id", n.ID)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	r.Header.Set("webhook-signature", sign(e.signs, n.ID, now, n.Body))
	r.Header["Idempotency-Key"] = nil // not sent: it lets the client try anew where a kept connection turns out to be closed
	began := time.Now()
	defer func() { o.after = time.Since(began) }()
	answer, err := e.client.Do(r)
	if err != nil {
		return outcome{why: reason(err), sick: true}
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, answerMost)) //nolint:errcheck // so that the connection can be used again
	o.status = answer.StatusCode
	switch {
	case o.status >= 200 && o.status < 300:
		return o
	case o.status >= 300 && o.status < 400:
		o.why = fmt.Sprintf("answered %d: redirects are not followed", o.status)
	default:
		o.why = fmt.Sprintf("answered %d", o.status)
	}
	o.sick = o.status >= 500 || o.status == http.StatusTooManyRequests || o.status == http.StatusRequestTimeout
	if s, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && s > 0 {
		o.wait = min(time.Duration(s)*time.Second, waitMost)
	}
	return o
}

// reason is why nobody answered, without the address, which may hold a secret.
func reason(err error) string {
	if errors.Is(err, errPrivate) {
		return errPrivate.Error()
	}
	if t := net.Error(nil); errors.As(err, &t) && t.Timeout() {
		return "no answer in time"
	}
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	s := []rune(err.Error())
	return string(s[:min(len(s), 200)])
}
