package adaptertest

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

// header is a header that authenticates, or one that does not matter.
func (b *bench) header() string {
	for _, p := range b.kit.Proofs {
		if p.Header != "" {
			return http.CanonicalHeaderKey(p.Header)
		}
	}
	return "X-Nothing"
}

func (k Kit) signsBody() bool {
	for _, p := range k.Proofs {
		if p.Body {
			return true
		}
	}
	return false
}

// flippedByte: what proves who calls, and what it vouches for, is changed byte by byte.
func flippedByte(b *bench) {
	for _, e := range b.events() {
		r, ok := b.fake.Hook(e)
		if !ok {
			continue
		}
		if d, err := b.Decode(r); err != nil || len(d.Events) == 0 {
			continue // told of elsewhere
		}
		proven := false
		for _, p := range b.kit.Proofs {
			v := p.of(r)
			if v == "" {
				continue
			}
			proven = true
			b.tamper(p, r, v)
		}
		if !proven {
			b.breach("the call about %+v shows nowhere who makes it", e)
		}
	}
}

func (b *bench) forged(what string, r adapters.Request) {
	d, err := b.Decode(r)
	if !errors.Is(err, adapters.ErrForged) {
		b.breach("%s: %v, %d events, want ErrForged", what, err, len(d.Events))
	}
	b.discreet(err, Letters)
}

func (b *bench) tamper(p Proof, r adapters.Request, v string) {
	b.forged("no proof", p.with(r, ""))
	b.forged("a longer proof", p.with(r, v+"A"))
	for i := range len(v) {
		b.forged("a flipped proof", p.with(r, flip(v, i)))
	}
	for i := 0; p.URL && i < len(r.URL); i++ {
		x := r
		x.URL = flip(r.URL, i)
		b.forged("a flipped URL", x)
	}
	for i := 0; p.Body && i < len(r.Body); i++ {
		x := r
		x.Body = []byte(flip(string(r.Body), i))
		b.forged("a flipped body", x)
	}
	for _, name := range p.Params {
		q := Proof{Param: name}
		if was := q.of(r); was != "" {
			b.forged("a flipped "+name, q.with(r, flip(was, 0)))
			b.forged("no "+name, q.with(r, ""))
		}
	}
}

// of is the proof in a call; empty where it has none.
func (p Proof) of(r adapters.Request) string {
	switch {
	case p.Header != "":
		return r.Header.Get(p.Header)
	case p.Path:
		path, _, _ := strings.Cut(r.URL, "?")
		_, last, _ := strings.Cut(path, Webhook+"/")
		return last
	case p.Field != "":
		var object map[string]any
		_ = json.Unmarshal(r.Body, &object)
		s, _ := object[p.Field].(string)
		return s
	}
	return cmp.Or(query(r).Get(p.Param), form(r).Get(p.Param))
}

// with is the call with another proof; empty: with none.
func (p Proof) with(r adapters.Request, v string) adapters.Request {
	r.Header = r.Header.Clone()
	switch {
	case p.Header != "" && v == "":
		r.Header.Del(p.Header)
	case p.Header != "":
		r.Header.Set(p.Header, v)
	case p.Path:
		_, q, _ := strings.Cut(r.URL, "?")
		r.URL = strings.TrimSuffix(Webhook+"/"+v, "/")
		if q != "" {
			r.URL += "?" + q
		}
	case p.Field != "":
		was, _ := json.Marshal(p.of(r))
		is, _ := json.Marshal(v)
		r.Body = []byte(strings.Replace(string(r.Body), string(was), string(is), 1))
	case query(r).Has(p.Param):
		q := query(r)
		q.Set(p.Param, v)
		base, _, _ := strings.Cut(r.URL, "?")
		r.URL = base + "?" + q.Encode()
	default:
		f := form(r)
		f.Set(p.Param, v)
		r.Body = []byte(f.Encode())
	}
	return r
}

func query(r adapters.Request) url.Values {
	_, q, _ := strings.Cut(r.URL, "?")
	v, _ := url.ParseQuery(q)
	return v
}

func form(r adapters.Request) url.Values {
	v, _ := url.ParseQuery(string(r.Body))
	return v
}
