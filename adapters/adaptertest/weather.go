package adaptertest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

// overHTTP reports whether the kit stands between the adapter and its provider.
func (b *bench) overHTTP() bool { _, ok := b.fake.(http.Handler); return ok }

func answerOf(r *http.Request, status int, header http.Header, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}

// instead lets the provider have the request and puts another answer in place of its own.
func instead(status int, header http.Header, body func(was []byte) string) func(*http.Request, http.RoundTripper) (*http.Response, error) {
	return func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		res, err := next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		defer res.Body.Close()
		was, err := io.ReadAll(res.Body)
		return answerOf(r, status, header, body(was)), err
	}
}

func plain(s string) func([]byte) string { return func([]byte) string { return s } }

// oddAnswers: an answer that is not what the documents say never means that the message was taken.
func oddAnswers(b *bench) {
	if !b.overHTTP() {
		return
	}
	for name, body := range map[string]func([]byte) string{
		"nothing": plain(""), "an empty object": plain("{}"), "null": plain("null"), "a list": plain("[]"), "a word": plain("OK"), "a page": plain("<html>hello</html>"),
		"a half": func(was []byte) string { return string(was[:len(was)/2]) },
	} {
		b.fence.set(instead(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, body)) //nolint:bodyclose // the adapter closes it
		if _, err := b.Send(b.ctx, b.message("odd", "Gu nào ạ?")); err == nil || faultOf(err) != adapters.Unknown {
			b.breach("answered with %s, Send says %v, want an unknown outcome", name, err)
		} else {
			b.discreet(err, "Gu nào ạ?")
		}
	}
}

// proxies: what stands between answers in place of the provider, which may have taken the message.
func proxies(b *bench) {
	if !b.overHTTP() {
		return
	}
	b.fence.set(instead(http.StatusBadGateway, http.Header{}, plain("<html>bad gateway</html>"))) //nolint:bodyclose // the adapter closes it
	_, err := b.send(b.message("gateway", "Gu nào ạ?"))
	if f := faultOf(err); err == nil || f != adapters.Unknown && !(f == adapters.Transient && b.Capabilities().Repeat == adapters.Keyed) {
		b.breach("HTTP 502 and a page: Send says %v, want an unknown outcome", err)
	}
	only := func(status int, h http.Header) {
		b.fence.set(func(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
			if r.Body != nil { // a GET has none
				_, _ = io.Copy(io.Discard, r.Body)
			}
			return answerOf(r, status, h, "<html></html>"), nil
		})
	}
	only(http.StatusTooManyRequests, http.Header{"Retry-After": {"7"}})
	_, err = b.send(b.message("many", "Gu nào ạ?"))
	var e *adapters.Error
	if !errors.As(err, &e) || e.Fault != adapters.Throttled || !e.After.After(time.Now()) {
		b.breach("HTTP 429 with Retry-After: Send says %v, want throttled until then", err)
	}
	only(http.StatusTemporaryRedirect, http.Header{"Location": {"http://elsewhere.invalid/"}})
	if _, err = b.send(b.message("moved", "Gu nào ạ?")); err == nil {
		b.breach("a redirect counts as taken")
	}
}

func noConnection(b *bench) {
	if !b.overHTTP() {
		return
	}
	b.fence.next.CloseIdleConnections()
	b.fence.next.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("connection refused") }
	if _, err := b.send(b.message("m1", "một hai")); faultOf(err) != adapters.Transient {
		b.breach("no connection was had, and Send says %v, want transient", err)
	}
}

// discretion listens to what is logged while things go well and badly.
func discretion(b *bench) {
	logs.Lock()
	defer logs.Unlock()
	var told safeBuffer
	was, out, flags := slog.Default(), log.Writer(), log.Flags()
	slog.SetDefault(slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer func() { slog.SetDefault(was); log.SetOutput(out); log.SetFlags(flags) }()
	text := "tới nơi an toàn"
	_, _ = b.send(b.message("m1", text))
	for _, f := range []adapters.Fault{adapters.Unknown, adapters.Throttled, adapters.Recipient, adapters.Operator} {
		if b.fake.Break(f) {
			_, _ = b.send(b.message("bad-"+string(f), text))
		}
	}
	for _, e := range b.events() {
		if r, ok := b.fake.Hook(e); ok {
			_, _ = b.Decode(r)
			r.Body = append(bytes.Clone(r.Body), ' ')
			_, _ = b.Decode(r)
		}
	}
	if s := told.String(); s != "" {
		b.discreet(errors.New(s), text)
		b.discreet(errors.New(s), Letters)
	}
}

// logs is held by whoever listens to the process's log, of which there is one.
var logs sync.Mutex

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
