package adaptertest

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
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
	names := p.Params
	if p.AllParams {
		names = p.all(r)
		b.forged("one parameter more", p.beside("added").with(r, "1"))
	}
	for _, name := range names {
		q := p.beside(name)
		was := q.of(r)
		if was == "" {
			continue
		}
		b.forged("no "+name, q.with(r, ""))
		for i := range len(was) {
			b.forged("a flipped "+name, q.with(r, flip(was, i)))
		}
	}
}

// beside is the place of a parameter that stands where the proof stands.
func (p Proof) beside(name string) Proof {
	if p.Field != "" {
		return Proof{Field: name}
	}
	return Proof{Param: name}
}

// all are the names of all parameters where the proof stands, without the proof.
func (p Proof) all(r adapters.Request) []string {
	names := map[string]bool{}
	for name := range object(r) {
		names[name] = p.Field != ""
	}
	fields := form(r)
	if query(r).Has(p.Param) {
		fields = query(r)
	}
	for name := range fields {
		names[name] = p.Field == ""
	}
	maps.DeleteFunc(names, func(name string, here bool) bool { return !here || name == p.Field || name == p.Param })
	return slices.Sorted(maps.Keys(names))
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
		var s string
		_ = json.Unmarshal(object(r)[p.Field], &s)
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
		fields := object(r)
		if fields[p.Field], _ = json.Marshal(v); v == "" {
			delete(fields, p.Field)
		}
		r.Body, _ = json.Marshal(fields)
	case r.Method == http.MethodGet || query(r).Has(p.Param):
		base, _, _ := strings.Cut(r.URL, "?")
		r.URL = base + "?" + set(query(r), p.Param, v)
	default:
		r.Body = []byte(set(form(r), p.Param, v))
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

// set is a form with another value of a field; empty: without the field.
func set(v url.Values, name, value string) string {
	if v.Set(name, value); value == "" {
		v.Del(name)
	}
	return v.Encode()
}

// object is a body that is a JSON object; empty where it is none.
func object(r adapters.Request) map[string]json.RawMessage {
	v := map[string]json.RawMessage{}
	_ = json.Unmarshal(r.Body, &v)
	return v
}
