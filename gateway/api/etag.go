package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// kept holds an answer back until it is known whether the client has it already.
type kept struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader keeps the status.
func (k *kept) WriteHeader(status int) { k.status = status }

// Write keeps the body.
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }

// hold has a handler write into k. Where it fails or panics, nothing of what it wrote has gone out, and whoever sees to that writes to
// the client.
func (k *kept) hold(out *echo.Response, c echo.Context, next echo.HandlerFunc) error {
	out.Writer = k
	whole := false
	defer func() {
		out.Writer, out.Committed = k.ResponseWriter, out.Committed && whole
	}()
	err := next(c)
	whole = err == nil
	return err
}

// tagged gives what is read an ETag, made of its bytes, and answers 304 without them to a client that names it in
// If-None-Match: who looks again and again whether something has changed need not read it all each time.
func tagged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method != http.MethodGet {
			return next(c)
		}
		out := c.Response()
		k := &kept{ResponseWriter: out.Writer, status: http.StatusOK}
		if err := k.hold(out, c, next); err != nil {
			return err // it is written by others
		}
		tag := tagOf(revisionOf(c), k.body.Bytes())
		out.Header().Set("ETag", tag)
		if k.status == http.StatusOK && has(c.Request().Header.Values("If-None-Match"), tag) {
			out.Status, out.Size = http.StatusNotModified, 0
			out.Header().Del(echo.HeaderContentType)
			k.ResponseWriter.WriteHeader(http.StatusNotModified)
			return nil
		}
		k.ResponseWriter.WriteHeader(k.status)
		_, err := k.ResponseWriter.Write(k.body.Bytes())
		return err
	}
}

// tagOf is the ETag of a representation: which revision of the thing it shows, where the handler knows that, and a hash of all
// that it says.
func tagOf(revision string, body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + revision + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// has reports whether a tag is among those of If-None-Match. Proxies may have made it a weak one on its way.
func has(values []string, tag string) bool {
	for _, v := range values {
		for one := range strings.SplitSeq(v, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
				return true
			}
		}
	}
	return false
}
