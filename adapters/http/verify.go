package http

import (
	"maps"
	nethttp "net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

// guard is how calls show who makes them.
type guard struct {
	at      *source
	want    string  // with verify: equals
	sum     *digest // with a sum
	places  map[string]*source
	whole   bool // the call shows for its URL, too: by the path's secret, by a secret of its own, or by the sum
	when    *source
	age     time.Duration
	clock   clock
	echo    *source
	tokenAt *source
}

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

// compileGuard reads the settings of who may call.
func (a *Adapter) compileGuard() error {
	set := a.acc.Settings
	g := &a.guard
	for _, step := range []func(map[string]string) error{g.compileVerify, g.compileAge, g.compileChallenge} {
		if err := step(set); err != nil {
			return err
		}
	}
	if set["path_secret"] == "" && hears(set) && !g.vouches() {
		return wrong("path_secret", "is missing: the calls do not show by themselves who makes them, or not for all they hold. `openssl rand -hex 16` makes one; or set verify")
	}
	g.whole = set["path_secret"] != "" || g.sum == nil || slices.Contains(g.sum.parts, partURL) || slices.Contains(g.sum.parts, partParams)
	return nil
}

// hears reports whether anything is expected at the webhook.
func hears(set map[string]string) bool {
	return set["receive_from"]+set["states"]+set["opt_out_when"]+set["challenge"] != "" || set["probes"] == yes || set["verify"] != verifyNone
}

// vouches reports whether what a call shows is for the whole of its body.
func (g *guard) vouches() bool {
	return g.want != "" || g.sum != nil && slices.Contains(g.sum.parts, partBody)
}

func (g *guard) compileVerify(set map[string]string) (err error) {
	kind := set["verify"]
	if kind == verifyNone {
		for _, name := range []string{"verify_at", "verify_prefix", "verify_key"} {
			if set[name] != "" {
				return wrong("verify", "is none, and %s is given: say what is to be verified, or leave it out", name)
			}
		}
		return nil
	}
	if set["verify_at"] == "" {
		return wrong("verify_at", "is missing: say where a call shows it, such as header.X-Signature")
	}
	if g.at, err = parseSource(set["verify_at"]); err != nil {
		return wrong("verify_at", "%w", err)
	}
	if kind == verifySame {
		if g.want = set["verify_prefix"] + set["verify_key"]; len(set["verify_key"]) < 16 {
			return wrong("verify_key", "must have at least 16 characters: whoever guesses it can speak for every customer")
		}
		return nil
	}
	if g.sum, err = newDigest(kind, set["verify_key"], set["verify_encoding"], set["verify_parts"], "verify_parts"); err != nil {
		return err
	}
	g.sum.prefix, g.places = set["verify_prefix"], map[string]*source{}
	for _, p := range g.sum.parts {
		if p == partKey || p == partBody || p == partURL || p == partParams || p[0] == '"' {
			continue
		}
		if g.places[p], err = parseSource(p); err != nil || g.places[p].from == ours {
			return wrong("verify_parts", "has a part that is neither raw_body, full_url, sorted_params, key, a \"literal\" nor a path such as $.time or query.id")
		}
	}
	return nil
}

func (g *guard) compileAge(set map[string]string) (err error) {
	if (set["verify_time"] == "") != (set["verify_max_age"] == "") {
		return wrong("verify_max_age", "and verify_time belong together")
	}
	if set["verify_time"] == "" {
		return nil
	}
	if g.when, err = parseSource(set["verify_time"]); err != nil {
		return wrong("verify_time", "%w", err)
	}
	inBody := g.when.from == fromEvent || g.when.from == fromRoot
	if g.sum == nil || !slices.Contains(g.sum.parts, set["verify_time"]) && !(inBody && slices.Contains(g.sum.parts, partBody)) {
		return wrong("verify_time", "is not among verify_parts: whoever repeats an old call could write a new time into it")
	}
	g.age, _ = time.ParseDuration(set["verify_max_age"]) // checked before
	g.clock = newClock(set)
	return nil
}

func (g *guard) compileChallenge(set map[string]string) (err error) {
	token := set["challenge_token"] != "" && set["challenge_at"] != ""
	switch {
	case set["challenge"] == "" && set["challenge_at"]+set["challenge_token"] != "":
		return wrong("challenge", "is missing, to which challenge_at and challenge_token belong")
	case set["challenge"] == "":
		return nil
	case (set["challenge_token"] != "") != (set["challenge_at"] != ""):
		return wrong("challenge_token", "and challenge_at belong together")
	case !token && set["path_secret"] == "":
		return wrong("challenge_token", "is missing: a handshake has to show something, or path_secret be set")
	}
	if g.echo, err = parseSource(set["challenge"]); err != nil {
		return wrong("challenge", "%w", err)
	}
	if token {
		if g.tokenAt, err = parseSource(set["challenge_at"]); err != nil {
			return wrong("challenge_at", "%w", err)
		}
	}
	return nil
}

// open reads a call as far as it must be before anybody is believed.
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
