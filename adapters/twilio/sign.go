package twilio

import (
	"crypto/hmac"
	"crypto/sha1" // Twilio's choice; HMAC-SHA1 is not broken
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

// SignatureHeader carries base64(HMAC-SHA1(auth token, what signed returns)).
const SignatureHeader = "X-Twilio-Signature"

// param is one field of a form or a query.
type param struct{ name, value string }

// params are fields sorted by name, then value, without repeats.
type params []param

// parse reads a form. What is not properly escaped is kept as it stands: the signature then decides.
func parse(form string) params {
	ps := make(params, 0, strings.Count(form, "&")+1)
	for form != "" {
		var field string
		field, form, _ = strings.Cut(form, "&")
		if field == "" {
			continue
		}
		name, value, _ := strings.Cut(field, "=")
		ps = append(ps, param{unescape(name), unescape(value)})
	}
	return ps.sorted()
}

func (ps params) sorted() params {
	slices.SortFunc(ps, func(a, b param) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	return slices.Compact(ps) // as Twilio's Node library does with names that are repeated
}

func unescape(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

func (ps params) get(name string) string {
	i, ok := slices.BinarySearchFunc(ps, name, func(p param, name string) int { return strings.Compare(p.name, name) })
	if !ok {
		return ""
	}
	return ps[i].value
}

// authentic checks the signature and gives the fields of the request, from the body or, for GET, from the query.
//
// A form is signed with its fields. Anything else is signed by its URL alone, which then must hold the body's hash: a
// body that nothing vouches for is forged.
func (a *Adapter) authentic(r adapters.Request, query params) (params, error) {
	given := r.Header.Get(SignatureHeader)
	if given == "" {
		return nil, adapters.ErrForged
	}
	if r.Method == http.MethodGet {
		return query, a.check(given, r.URL, nil)
	}
	form := isForm(r.Header.Get("Content-Type"))
	if hash := query.get("bodySHA256"); hash != "" {
		sum := sha256.Sum256(r.Body)
		if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(hash)) != 1 {
			return nil, adapters.ErrForged
		}
		if err := a.check(given, r.URL, nil); err != nil {
			return nil, err
		}
		if form {
			return parse(string(r.Body)), nil
		}
		return parseJSON(r.Body), nil
	}
	if !form {
		return nil, adapters.ErrForged
	}
	fields := parse(string(r.Body))
	return fields, a.check(given, r.URL, fields)
}

func isForm(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.TrimSpace(kind)
	return kind == "" || strings.EqualFold(kind, "application/x-www-form-urlencoded")
}

// parseJSON reads a flat object; other values than strings are no fields of a message.
func parseJSON(body []byte) params {
	var object map[string]any
	if json.Unmarshal(body, &object) != nil {
		return nil
	}
	var ps params
	for k, v := range object {
		if s, ok := v.(string); ok {
			ps = append(ps, param{k, s})
		}
	}
	return ps.sorted()
}

// check compares the signature with that of the URL as it was called and, because Twilio's own systems disagree about
// it, of the URL with the default port added or taken away.
func (a *Adapter) check(given, rawURL string, fields params) error {
	if a.signs(given, rawURL, fields) {
		return nil
	}
	if other := togglePort(rawURL); other != "" && a.signs(given, other, fields) {
		return nil
	}
	return adapters.ErrForged
}

// signer computes signatures with the account's token. One that was used begins quicker than a new one.
type signer struct {
	mac hash.Hash
	buf []byte
	sum [sha1.Size]byte
	b64 [28]byte // the base64 of 20 bytes; compared as text, where each bit of the header counts
}

func (a *Adapter) signs(given, rawURL string, fields params) bool {
	s, ok := a.signers.Get().(*signer)
	if !ok {
		s = &signer{mac: hmac.New(sha1.New, []byte(a.authToken))}
	}
	defer a.signers.Put(s)
	s.buf = append(s.buf[:0], rawURL...)
	for _, p := range fields {
		s.buf = append(s.buf, p.name...)
		s.buf = append(s.buf, p.value...)
	}
	s.mac.Reset()
	s.mac.Write(s.buf)
	clear(s.buf) // what a customer wrote stays no longer than needed
	if cap(s.buf) > keptMax {
		s.buf = nil
	}
	base64.StdEncoding.Encode(s.b64[:], s.mac.Sum(s.sum[:0]))
	return subtle.ConstantTimeCompare(s.b64[:], []byte(given)) == 1
}

// keptMax is how large a buffer may be that is kept, in bytes: forms are a kilobyte or so.
const keptMax = 16 << 10

// togglePort adds the scheme's default port to a URL, or takes it away; "" where the URL has another one.
func togglePort(rawURL string) string {
	scheme, rest, ok := strings.Cut(rawURL, "://")
	port := map[string]string{"https": ":443", "http": ":80"}[scheme]
	if !ok || port == "" {
		return ""
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, path := rest[:end], rest[end:]
	if bare, found := strings.CutSuffix(host, port); found {
		return scheme + "://" + bare + path
	}
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		return ""
	}
	return scheme + "://" + host + port + path
}
