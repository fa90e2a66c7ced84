package http

import (
	"encoding/json"
	"fmt"
	nethttp "net/http"
	"regexp"

	"github.com/hoidap/hoidap/adapters"
)

// incoming is how webhooks are read.
type incoming struct {
	each    []*source
	receive receiving
	status  reporting
	clock   clock
	reply   template
	places  map[string]*source // of the reply
}

// Decode reads one webhook call, of one event or several.
func (a *Adapter) Decode(r adapters.Request) (adapters.Decoded, error) {
	c := a.call(r)
	if a.acc.Settings["path_secret"] != "" {
		if err := adapters.CheckPath(r, a.acc); err != nil {
			return adapters.Decoded{}, err
		}
	}
	if d, ok, err := a.handshake(c); ok {
		return d, err
	}
	if err := a.authentic(c); err != nil {
		return adapters.Decoded{}, err
	}
	in, err := c.scene()
	if err != nil {
		return adapters.Decoded{}, fmt.Errorf("%w: it is not what hook_format says", adapters.ErrMalformed)
	}
	if empty(in.root) {
		return adapters.Decoded{}, fmt.Errorf("%w: it is empty", adapters.ErrMalformed)
	}
	return a.events(c, in), nil
}

func empty(tree any) bool {
	switch v := tree.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return true
}

// events reads what each asks for, one after the other.
func (a *Adapter) events(c *call, in scene) adapters.Decoded {
	var d adapters.Decoded
	var first *scene
	for _, path := range a.in.each {
		for _, v := range path.all(in) {
			one := in
			one.event = v
			if first == nil {
				first = &one
			}
			e, kind := a.event(one, c)
			if kind != "" {
				d.Ignored = append(d.Ignored, adapters.Ignored{Kind: kind, Raw: excerpt(path, v, c)})
				continue
			}
			d.Events = append(d.Events, e)
		}
	}
	if first == nil {
		d.Ignored = []adapters.Ignored{{Kind: "no events", Raw: c.asCame()}}
		first = &in
	}
	d.Answer = a.replyTo(*first)
	return d
}

// excerpt is what path found, for people to look at: a call as it came, one of several events as it was understood.
func excerpt(path *source, found any, c *call) []byte {
	if len(path.steps) > 0 {
		if b, err := json.Marshal(found); err == nil {
			return b
		}
	}
	return c.asCame()
}

func (c *call) asCame() []byte {
	if c.Method == nethttp.MethodGet {
		return []byte(c.rawQuery)
	}
	return c.Body
}

// event reads one event; kind says why there is none.
func (a *Adapter) event(in scene, c *call) (e adapters.Event, kind string) {
	switch {
	case a.in.receive.optOut.hold(in):
		return a.written(adapters.OptOut, in, c)
	case a.in.receive.optIn.hold(in):
		return a.written(adapters.OptIn, in, c)
	case a.in.status.is(in):
		return a.report(in, c)
	case a.in.receive.is(in):
		return a.written(adapters.Inbound, in, c)
	}
	return e, "unknown"
}

// replyTo is what the provider wants to hear.
func (a *Adapter) replyTo(in scene) adapters.Answer {
	format := a.acc.Settings["reply_type"]
	if a.in.reply == nil {
		return adapters.Answer{}
	}
	body := a.in.reply.fill(func(name string) string { return a.in.places[name].value(in) }, escapes[format])
	return adapters.Answer{Status: nethttp.StatusOK, Header: nethttp.Header{"Content-Type": {contentType(format)}}, Body: []byte(body)}
}

// challengeForm is what is said back: nothing that a browser could take for a page.
var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_.~+/=-]{1,256}$`)

// handshake answers calls by which a provider finds out whether somebody is at home; ok is false for others.
func (a *Adapter) handshake(c *call) (d adapters.Decoded, ok bool, err error) {
	g := a.guard
	if a.acc.Settings["probes"] == yes && c.rawQuery == "" && len(c.Body) == 0 && (c.Method == nethttp.MethodGet || c.Method == nethttp.MethodPost) {
		called := c.URL
		if len(called) > 0 && called[len(called)-1] == '?' {
			called = called[:len(called)-1]
		}
		return adapters.Decoded{}, true, adapters.CheckSame(called, a.acc.Callback())
	}
	if g.echo == nil {
		return d, false, nil
	}
	in := scene{header: c.Header, query: c.query}
	if g.echo.from == fromEvent || g.echo.from == fromRoot || g.tokenAt != nil && (g.tokenAt.from == fromEvent || g.tokenAt.from == fromRoot) {
		in, _ = c.scene()
	}
	said, found := g.echo.text(in)
	if !found {
		return d, false, nil
	}
	if g.tokenAt != nil {
		if err := adapters.CheckSame(g.tokenAt.value(in), a.acc.Settings["challenge_token"]); err != nil {
			return d, true, err
		}
	}
	if !challengeForm.MatchString(said) {
		return d, true, fmt.Errorf("%w: a challenge of signs that are not said back", adapters.ErrMalformed)
	}
	d.Answer = adapters.Answer{Status: nethttp.StatusOK, Header: nethttp.Header{"Content-Type": {contentType(formatText)}}, Body: []byte(said)}
	return d, true, nil
}
