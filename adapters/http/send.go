package http

import (
	"context"
	nethttp "net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// outgoing is how a request is written.
type outgoing struct {
	path    template
	query   []field
	headers []field
	body    template // none for forms
	form    []field
	sign    *digest
	auth    nethttp.Header
	uses    map[string]bool // the placeholders
}

// Send hands m to the provider once.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.caps.Check(m); err != nil {
		return adapters.Sent{}, err
	}
	call, err := a.write(m)
	if err != nil {
		return adapters.Sent{}, err
	}
	answer, err := a.api.Do(ctx, call)
	if err != nil {
		return adapters.Sent{}, err
	}
	id, err := a.judge(answer, m)
	if err != nil {
		return adapters.Sent{}, err
	}
	return adapters.Sent{IDs: []string{id}}, nil
}

// write makes the request for m.
func (a *Adapter) write(m adapters.Message) (call httpcall.Call, err error) {
	values, err := a.values(m)
	if err != nil {
		return call, err
	}
	value := func(name string) string { return values[name] }
	a.addSign(values)
	call = httpcall.Call{Method: a.acc.Settings["send_method"], Header: a.out.auth.Clone(), Query: encode(a.out.query, value)}
	if call.Path, err = a.pathOf(values); err != nil {
		return call, err
	}
	if call.Body = a.bodyOf(value); call.Body != nil {
		call.Header.Set("Content-Type", contentType(a.acc.Settings["send_type"]))
	}
	for _, h := range a.out.headers {
		v := h.is.fill(value, bare)
		if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return call, &adapters.Error{Fault: adapters.BadMessage, Detail: "a value cannot stand in a header"}
		}
		call.Header.Set(h.name, v)
	}
	return call, nil
}

func (a *Adapter) bodyOf(value func(string) string) []byte {
	switch {
	case a.out.form != nil:
		return []byte(encode(a.out.form, value).Encode())
	case a.out.body != nil:
		return []byte(a.out.body.fill(value, escapes[a.acc.Settings["send_type"]]))
	}
	return nil
}

// pathSafe is what a value in a path may be: nothing that makes another path of it.
var pathSafe = regexp.MustCompile(`^[A-Za-z0-9_+:@-][A-Za-z0-9_+:@.-]*$`)

func (a *Adapter) pathOf(values map[string]string) (string, error) {
	for _, name := range a.out.path.names() {
		if !pathSafe.MatchString(values[name]) {
			return "", &adapters.Error{Fault: adapters.BadMessage, Detail: "the value of {{" + name + "}} cannot stand in a path"}
		}
	}
	return a.out.path.fill(func(name string) string { return values[name] }, bare), nil
}

func contentType(format string) string {
	return map[string]string{
		formatJSON: "application/json", formatForm: "application/x-www-form-urlencoded",
		formatXML: "text/xml; charset=utf-8", formatText: "text/plain; charset=utf-8",
	}[format]
}

// values are what the placeholders stand for in m.
func (a *Adapter) values(m adapters.Message) (map[string]string, error) {
	set, text := a.acc.Settings, m.Text
	if !a.acc.Channel.Carries(m.To) {
		return nil, &adapters.Error{Fault: adapters.Recipient, Detail: "the account does not send to addresses of this kind"}
	}
	if set["unicode"] == no {
		var err error
		if text, err = adapters.Plain(text); err != nil {
			return nil, err
		}
	}
	unicode, now := adapters.Segments(text).Encoding == adapters.UCS2, a.acc.Now()
	out := map[string]string{
		"text": text, "id": m.ID, "from": set["from"], "user": set["user"], "password": set["password"], "token": set["token"],
		"is_unicode": strconv.FormatBool(unicode), "unicode_01": map[bool]string{true: "1", false: "0"}[unicode],
		"segments": strconv.Itoa(adapters.SegmentCount(text)), "callback": a.acc.Callback(),
		"unix": strconv.FormatInt(now.Unix(), 10), "unix_ms": strconv.FormatInt(now.UnixMilli(), 10), "rfc3339": now.UTC().Format(time.RFC3339),
	}
	for name, format := range map[string]string{"to": set["number_format"], "to_e164": plus, "to_no_plus": noPlus, "to_national": national} {
		to, ok := numberAs(m.To, format, set["country"])
		if !ok && a.out.uses[name] {
			return nil, &adapters.Error{Fault: adapters.Recipient, Detail: "the account sends to numbers of +" + set["country"] + " only"}
		}
		out[name] = to
	}
	return out, nil
}

func (a *Adapter) addSign(values map[string]string) {
	if a.out.sign == nil {
		return
	}
	values["sign"] = a.out.sign.sum(func(part string) string {
		switch part {
		case partKey:
			return a.acc.Settings["sign_key"]
		case partSent:
			return string(a.bodyOf(func(name string) string { return values[name] }))
		}
		return values[part]
	})
}
