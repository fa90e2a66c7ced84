package http

import (
	"maps"
	nethttp "net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

// call is one webhook call, read as far as it is asked for.
type call struct {
	adapters.Request
	rawQuery string
	query    any
	format   string
	tree     any
	err      error
	read     bool
}

// call reads a call as far as it must be before anybody is believed.
func (a *Adapter) call(r adapters.Request) *call {
	c := &call{Request: r, format: a.acc.Settings["hook_format"]}
	_, c.rawQuery, _ = strings.Cut(r.URL, "?")
	c.query, _ = parseQuery(c.rawQuery)
	if c.format == formatAuto {
		c.format = formatOf(r.Header.Get("Content-Type"), r.Body)
	}
	return c
}

// scene is the call as paths see it. A GET's body is its parameters.
func (c *call) scene() (scene, error) {
	if !c.read {
		c.read = true
		if c.Method == nethttp.MethodGet {
			c.tree, c.err = parseQuery(c.rawQuery)
		} else {
			c.tree, c.err = parseTree(c.format, c.Header.Get("Content-Type"), c.Body)
		}
	}
	return scene{header: c.Header, query: c.query, root: c.tree, event: c.tree}, c.err
}

// authentic gives ErrForged unless the call shows what the settings ask for.
func (a *Adapter) authentic(c *call) error {
	g := a.guard
	if a.acc.Settings["path_secret"] == "" && g.at == nil {
		return adapters.ErrForged // nobody is expected to call
	}
	if g.at == nil {
		return nil // the path was looked at before
	}
	if !g.whole { // its parameters are nobody's word
		if c.Method == nethttp.MethodGet {
			return adapters.ErrForged
		}
		c.query = nil
	}
	var in scene
	if g.reads() {
		in, _ = c.scene() // what cannot be read has no parts, so that the sum does not fit
	} else {
		in = scene{header: c.Header, query: c.query}
	}
	want := g.want
	if g.sum != nil {
		want = g.sum.sum(func(part string) string { return a.part(c, in, part) })
	}
	if err := adapters.CheckSame(g.given(in), want); err != nil {
		return err
	}
	return a.fresh(c)
}

// given is what the call shows. A + in a query that nobody escaped has become a space.
func (g guard) given(in scene) string {
	v := g.at.value(in)
	if g.sum != nil && g.sum.encoding == encBase64 {
		v = strings.ReplaceAll(v, " ", "+")
	}
	return v
}

// reads reports whether the call's fields are needed to see who makes it.
func (g guard) reads() bool {
	in := func(s *source) bool { return s.from == fromEvent || s.from == fromRoot }
	return in(g.at) || slices.ContainsFunc(slices.Collect(maps.Values(g.places)), in)
}

func (a *Adapter) part(c *call, in scene, part string) string {
	switch part {
	case partKey:
		return a.acc.Settings["verify_key"]
	case partBody:
		return string(c.Body)
	case partURL:
		return c.URL
	case partParams:
		return sorted(c)
	}
	return a.guard.places[part].value(in)
}

// sorted is all parameters of the query and of a form by name, each followed by its value.
func sorted(c *call) string {
	params, _ := url.ParseQuery(c.rawQuery)
	if form, err := url.ParseQuery(string(c.Body)); err == nil && c.Method != nethttp.MethodGet && c.format == formatForm {
		for name, v := range form {
			params[name] = append(params[name], v...)
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(params)) {
		for _, v := range params[name] {
			b.WriteString(name + v)
		}
	}
	return b.String()
}

// fresh gives ErrForged for a call that is too old, or says nothing of its age where it has to.
func (a *Adapter) fresh(c *call) error {
	g := a.guard
	if g.when == nil {
		return nil
	}
	in, _ := c.scene()
	told, ok := g.clock.read(g.when.value(in))
	if age := c.At.Sub(told); !ok || age > g.age || age < -g.age {
		return adapters.ErrForged
	}
	return nil
}
