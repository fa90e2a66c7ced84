package api

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

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
		mark := call{Print: s.print(c.Request(), body)}
		c.Set(repeatKey, s.id+mark.Print)
		found, err := h.control.BeginCall(c.Request().Context(), s.id, mark.String())
		switch {
		case err != nil:
			return err
		case found != "":
			return s.repeat(c, mark.Print, found)
		}
		return h.firstTime(c, next, s, mark)
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
func (h *handlers) firstTime(c echo.Context, next echo.HandlerFunc, s seal, mark call) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), timeout)
	defer cancel()
	c.SetRequest(c.Request().WithContext(ctx))
	out := c.Response()
	k := &kept{ResponseWriter: out.Writer, status: http.StatusOK}
	if err := k.hold(out, c, next); err != nil {
		h.forget(ctx, s, err)
		return err
	}
	mark.Sealed = s.close(answer{Status: k.status, Header: headersOf(out.Header()), Body: k.body.Bytes()})
	h.keep(ctx, s, mark)
	k.ResponseWriter.WriteHeader(k.status)
	_, err := k.ResponseWriter.Write(k.body.Bytes())
	return err
}

// markLimit bounds what is written of a call after it, which may have used up its own time.
const markLimit = 5 * time.Second

// keep keeps the answer. Where that fails, it was done all the same: that is what the client wants to know.
func (h *handlers) keep(ctx context.Context, s seal, answered call) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), markLimit)
	defer cancel()
	_ = h.control.KeepCall(ctx, s.id, answered.String())
}

// forget takes the mark away where nothing was done for certain. After a fault of ours it may have been done: the mark stays until it ends
// by itself, within a minute, as it does where it cannot be taken away.
func (h *handlers) forget(ctx context.Context, s seal, err error) {
	if status := statusOf(err); status < 400 || status >= 500 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), markLimit)
	defer cancel()
	_ = h.control.ForgetCall(ctx, s.id)
}

// call is what is kept of a call: of what it was, and once it was answered, the answer, sealed.
type call struct {
	Print  string `json:"print"`
	Sealed []byte `json:"sealed,omitempty"`
}

func (k call) String() string {
	b, _ := json.Marshal(k)
	return string(b)
}

// answer is what was answered.
type answer struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
}

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
	id    string
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
	return seal{id: hex.EncodeToString(derived("id")[:16]), prove: derived("print"), hide: derived("answer")}
}

// print tells one request from another.
func (s seal) print(r *http.Request, body []byte) string {
	m := hmac.New(sha256.New, s.prove)
	_, _ = io.WriteString(m, r.Method+" "+r.URL.RequestURI()+"\n"+r.Header.Get("If-Match")+"\n")
	_, _ = m.Write(body)
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
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

func (s seal) close(a answer) []byte {
	b, _ := json.Marshal(a)
	return s.cipher().Seal(nil, nil, b, []byte(s.id))
}

func (s seal) open(b []byte) (a answer, err error) {
	if b, err = s.cipher().Open(nil, nil, b, []byte(s.id)); err == nil {
		err = json.Unmarshal(b, &a)
	}
	return a, err
}

// repeat answers a call that there was already.
func (s seal) repeat(c echo.Context, print, found string) error {
	var k call
	if err := json.Unmarshal([]byte(found), &k); err != nil {
		return err
	}
	switch {
	case !hmac.Equal([]byte(k.Print), []byte(print)):
		return web.NewProblem(http.StatusUnprocessableEntity, "This Idempotency-Key was used for another request; use a key of its own for each.")
	case len(k.Sealed) == 0:
		return &web.Problem{Status: http.StatusConflict, Detail: "The first request with this Idempotency-Key is under way; try again in a moment.", RetryAfter: time.Second}
	}
	a, err := s.open(k.Sealed)
	if err != nil {
		return err
	}
	for name, v := range a.Header {
		c.Response().Header().Set(name, v)
	}
	c.Response().Header().Set("Idempotency-Replayed", "true")
	c.Response().WriteHeader(a.Status)
	_, err = c.Response().Write(a.Body)
	return err
}
