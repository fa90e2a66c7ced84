package api

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
)

// once does what is asked under an Idempotency-Key once within a day: a repeat is given the same answer, and another request
// under the key is refused. Only what went well is kept: what was refused can be mended and sent again.
func (h *handlers) once(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		key, err := keyOf(c)
		if err != nil {
			return err
		}
		if key == "" {
			return next(c)
		}
		body, err := readBody(c)
		if err != nil {
			return err
		}
		c.Request().Body = io.NopCloser(bytes.NewReader(body))
		s := sealOf(c.Request(), key)
		print := s.print(c.Request(), body)
		c.Set(repeatKey, s.ID+base64.RawURLEncoding.EncodeToString(print))
		found, err := h.control.BeginCall(c.Request().Context(), s.Call, print)
		switch {
		case errors.Is(err, control.ErrTooMuchKept):
			return &web.Problem{Status: http.StatusTooManyRequests, RetryAfter: time.Hour, Detail: "Too much was answered to this token under Idempotency-Keys within a day; send fewer, or without a key."}
		case err != nil:
			return err
		case found != nil:
			return s.repeat(c, print, found)
		}
		return h.firstTime(c, next, s, print)
	}
}

const repeatKey = "repeat"

// repeatOf is what repeats of a call have in common, and no other call has; empty where the client gave no key. What is made of
// it is harmless twice even where a process dies before the answer is kept.
func repeatOf(c echo.Context) string {
	s, _ := c.Get(repeatKey).(string)
	return s
}

// firstTime does it and keeps the answer. It goes on where the client has gone: half done, it would be done again by the repeat.
func (h *handlers) firstTime(c echo.Context, next echo.HandlerFunc, s seal, print []byte) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), timeout)
	defer cancel()
	c.SetRequest(c.Request().WithContext(ctx))
	out := c.Response()
	k := &kept{ResponseWriter: out.Writer, status: http.StatusOK}
	if err := k.hold(out, c, next); err != nil {
		h.forget(ctx, s, err)
		return err
	}
	h.keep(ctx, s, append(print, s.close(answer{Status: k.status, Header: headersOf(out.Header())}, k.body.Bytes())...))
	k.ResponseWriter.WriteHeader(k.status)
	_, err := k.ResponseWriter.Write(k.body.Bytes())
	return err
}

// markLimit bounds what is written of a call after it, which may have used up its own time.
const markLimit = 5 * time.Second

// keep keeps the answer. Where that fails, it was done all the same: that is what the client wants to know.
func (h *handlers) keep(ctx context.Context, s seal, answered []byte) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), markLimit)
	defer cancel()
	_ = h.control.KeepCall(ctx, s.Call, answered)
}

// forget takes the mark away where nothing was done for certain. After a fault of ours it may have been done: the mark stays until it ends
// by itself, within a minute, as it does where it cannot be taken away.
func (h *handlers) forget(ctx context.Context, s seal, err error) {
	if status := statusOf(err); status < 400 || status >= 500 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), markLimit)
	defer cancel()
	_ = h.control.ForgetCall(ctx, s.ID)
}

// answer is what was answered, beside the body.
type answer struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Large  bool              `json:"large,omitempty"` // the body is not kept
}

// keepMost bounds what is kept of an answer, in bytes, as it is kept. What is larger is told by its status alone.
const keepMost = 64 << 10

// headersOf are the headers that belong to an answer wherever it is given again.
func headersOf(h http.Header) map[string]string {
	kept := map[string]string{}
	for _, name := range []string{echo.HeaderContentType, echo.HeaderLocation, "ETag"} {
		if v := h.Get(name); v != "" {
			kept[name] = v
		}
	}
	return kept
}

// seal hides answers in Redis: they may hold what is known of somebody, or an invitation. Only who sends the same token and
// the same key again can open it, and neither is in Redis.
type seal struct {
	control.Call
	prove []byte // makes fingerprints
	hide  []byte
}

func sealOf(r *http.Request, key string) seal {
	_, token, _ := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	derived := func(what string) []byte {
		b, err := hkdf.Key(sha256.New, []byte(strings.TrimSpace(token)), []byte(key), what, 32)
		if err != nil {
			panic(err) // 32 bytes are always there to be had
		}
		return b
	}
	owner := hmac.New(sha256.New, []byte(strings.TrimSpace(token)))
	_, _ = owner.Write([]byte("kept answers"))
	c := control.Call{ID: hex.EncodeToString(derived("id")[:16]), Owner: hex.EncodeToString(owner.Sum(nil)[:16])}
	return seal{Call: c, prove: derived("print"), hide: derived("answer")}
}

// print tells one request from another.
func (s seal) print(r *http.Request, body []byte) []byte {
	m := hmac.New(sha256.New, s.prove)
	_, _ = io.WriteString(m, r.Method+" "+r.URL.RequestURI()+"\n"+r.Header.Get("If-Match")+"\n")
	_, _ = m.Write(body)
	return m.Sum(nil)
}

func (s seal) cipher() cipher.AEAD {
	block, err := aes.NewCipher(s.hide)
	if err == nil {
		var a cipher.AEAD
		if a, err = cipher.NewGCMWithRandomNonce(block); err == nil {
			return a
		}
	}
	panic(err) // the key has the right length
}

// close seals an answer with its body, which is made small first.
func (s seal) close(a answer, body []byte) []byte {
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, flate.DefaultCompression) // the level is one that there is
	_, _ = z.Write(append(a.line(), body...))             // a buffer takes everything
	_ = z.Close()
	if b.Len() > keepMost {
		return s.close(answer{Status: a.Status, Large: true}, nil)
	}
	return s.cipher().Seal(nil, nil, b.Bytes(), []byte(s.ID))
}

// line is the answer's beginning, before its body.
func (a answer) line() []byte {
	b, _ := json.Marshal(a)
	return append(b, '\n')
}

func (s seal) open(sealed []byte) (a answer, body []byte, err error) {
	b, err := s.cipher().Open(nil, nil, sealed, []byte(s.ID))
	if err != nil {
		return a, nil, err
	}
	if b, err = io.ReadAll(flate.NewReader(bytes.NewReader(b))); err != nil {
		return a, nil, err
	}
	line, body, _ := bytes.Cut(b, []byte("\n"))
	return a, body, json.Unmarshal(line, &a)
}

// repeat answers a call that there was already: what is found of it begins with its print, and goes on with the answer.
func (s seal) repeat(c echo.Context, print, found []byte) error {
	if len(found) < len(print) {
		return errors.New("what is kept of a call is torn")
	}
	was, sealed := found[:len(print)], found[len(print):]
	switch {
	case !hmac.Equal(was, print):
		return web.NewProblem(http.StatusUnprocessableEntity, "This Idempotency-Key was used for another request; use a key of its own for each.")
	case len(sealed) == 0:
		return &web.Problem{Status: http.StatusConflict, Detail: "The first request with this Idempotency-Key is under way; try again in a moment.", RetryAfter: time.Second}
	}
	a, body, err := s.open(sealed)
	switch {
	case err != nil:
		return err
	case a.Large:
		return web.NewProblem(http.StatusConflict, fmt.Sprintf("This request was done and answered with %d; the answer is too large to be kept: read what it has changed.", a.Status))
	}
	for name, v := range a.Header {
		c.Response().Header().Set(name, v)
	}
	c.Response().Header().Set("Idempotency-Replayed", "true")
	c.Response().WriteHeader(a.Status)
	_, err = c.Response().Write(body)
	return err
}
