package http

import (
	"context"
	nethttp "net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
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

// placeholders are those that a request may have.
func placeholders() []string {
	return []string{
		"to", "to_e164", "to_no_plus", "to_national", "from", "text", "id", "callback", "user", "password", "token", "sign",
		"is_unicode", "unicode_01", "segments", "unix", "unix_ms", "rfc3339",
	}
}

func knownPlaceholder(name string) error {
	if slices.Contains(placeholders(), name) {
		return nil
	}
	return wrong("has a placeholder that is not known:", "there are %s", strings.Join(placeholders(), ", "))
}

// compileSend reads the settings of what is sent.
func (a *Adapter) compileSend() error {
	set := a.acc.Settings
	for _, step := range []func(map[string]string) error{a.compilePath, a.compileFields, a.compileBody, a.compileUses, a.compileSign, a.compileAuth} {
		if err := step(set); err != nil {
			return err
		}
	}
	if set["number_format"] != plus && a.acc.Channel.Scheme() != address.Tel {
		return wrong("number_format", "is for telephone numbers: leave it out on channel %s", a.acc.Channel)
	}
	return nil
}

func (a *Adapter) compilePath(set map[string]string) (err error) {
	path := set["send_path"]
	if a.out.path, err = parseTemplate(path, knownPlaceholder); err != nil {
		return wrong("send_path", "%w", err)
	}
	switch {
	case path[0] != '/':
		return wrong("send_path", "must begin with a slash: it comes behind base_url")
	case strings.ContainsAny(path, "?#"):
		return wrong("send_path", "ends before the ?: parameters belong into send_query, a line each")
	case strings.Contains(path, ".."), strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' && r != ' ' || r == 0x7f }):
		return wrong("send_path", "must be a path such as /v1/sms, without ..")
	case slices.Contains(a.out.path.names(), "text"), slices.Contains(a.out.path.names(), "callback"):
		return wrong("send_path", "cannot hold {{text}} or {{callback}}: write them into send_query or send_body")
	}
	return nil
}

var (
	headerForm = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	// headersKept are the client's own.
	headersKept = []string{"Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Authorization", "Accept-Encoding", "Cookie"}
)

func (a *Adapter) compileFields(set map[string]string) (err error) {
	if a.out.query, err = parseFields(set["send_query"], "=", knownPlaceholder); err != nil {
		return wrong("send_query", "%w", err)
	}
	if a.out.headers, err = parseFields(set["send_headers"], ":", knownPlaceholder); err != nil {
		return wrong("send_headers", "%w", err)
	}
	for n, h := range a.out.headers {
		switch {
		case !headerForm.MatchString(h.name):
			return wrong("send_headers", "%w", inLine(n, wrong("must be", "a name of letters, digits and dashes, a colon and a template")))
		case canonical(h.name) == "Authorization":
			return wrong("send_headers", "%w", inLine(n, wrong("is", "what auth, user, password and token make")))
		case slices.Contains(headersKept, canonical(h.name)):
			return wrong("send_headers", "%w", inLine(n, wrong("is", "a header that is not to be set; send_type makes Content-Type")))
		case slices.Contains(h.is.names(), "text"):
			return wrong("send_headers", "%w", inLine(n, wrong("holds", "{{text}}, which belongs into send_body or send_query")))
		}
	}
	return nil
}

func (a *Adapter) compileBody(set map[string]string) (err error) {
	body, format := set["send_body"], set["send_type"]
	switch {
	case body == "":
		return nil
	case set["send_method"] == nethttp.MethodGet:
		return wrong("send_body", "does not go with send_method: GET; write its fields into send_query")
	case format == formatForm:
		if a.out.form, err = parseFields(body, "=", knownPlaceholder); err != nil {
			return wrong("send_body", "%w", err)
		}
		return nil
	}
	if a.out.body, err = parseTemplate(body, knownPlaceholder); err != nil {
		return wrong("send_body", "%w", err)
	}
	if err := wellFormed(a.out.body, format); err != nil {
		return wrong("send_body", "%w", err)
	}
	return nil
}

// compileUses sees to it that what is used is there, and that a message says to whom and what.
func (a *Adapter) compileUses(set map[string]string) error {
	a.out.uses = map[string]bool{}
	in := map[string]string{}
	note := func(setting string, names []string) {
		for _, name := range names {
			a.out.uses[name], in[name] = true, setting
		}
	}
	note("send_path", a.out.path.names())
	note("send_body", a.out.body.names())
	for setting, fs := range map[string][]field{"send_query": a.out.query, "send_headers": a.out.headers, "send_body": a.out.form} {
		for _, f := range fs {
			note(setting, f.is.names())
		}
	}
	parts, _ := splitTokens(set["sign_parts"]) // checked before
	note("sign_parts", parts)
	used := map[string]bool{"user": set["auth"] == authBasic, "password": set["auth"] == authBasic, "token": set["auth"] == authBearer}
	for _, name := range []string{"from", "user", "password", "token", "sign"} {
		switch {
		case a.out.uses[name] && set[name] == "":
			return wrong(name, "is missing, which %s uses", in[name])
		case name != "sign" && set[name] != "" && !a.out.uses[name] && !used[name]:
			return wrong(name, "is used nowhere: write {{%s}} where it belongs, or leave it out", name)
		}
	}
	if !a.out.uses["text"] {
		return wrong("send_body", "has no {{text}}, nor has send_query: nothing would be said")
	}
	if !slices.ContainsFunc([]string{"to", "to_e164", "to_no_plus", "to_national"}, func(name string) bool { return a.out.uses[name] }) {
		return wrong("send_body", "has no {{to}}, nor has send_path or send_query: nobody would get it")
	}
	return nil
}

func (a *Adapter) compileSign(set map[string]string) (err error) {
	switch {
	case set["sign"] == "" && set["sign_parts"]+set["sign_key"] != "":
		return wrong("sign", "is missing, to which sign_parts and sign_key belong")
	case set["sign"] == "":
		return nil
	case !a.out.uses["sign"]:
		return wrong("sign", "is used nowhere: write {{sign}} into send_headers, send_query or send_body")
	}
	if a.out.sign, err = newDigest(set["sign"], set["sign_key"], set["sign_encoding"], set["sign_parts"], "sign_parts"); err != nil {
		return err
	}
	for _, p := range a.out.sign.parts {
		switch {
		case p == partSent && (slices.Contains(a.out.body.names(), "sign") || slices.ContainsFunc(a.out.form, func(f field) bool { return slices.Contains(f.is.names(), "sign") })):
			return wrong("sign_parts", "cannot hold body where send_body holds {{sign}}")
		case p == "sign" || p != partSent && p != partKey && p[0] != '"' && knownPlaceholder(p) != nil:
			return wrong("sign_parts", "has a part that is not known: there are body, key, \"literals\" and the names of placeholders")
		}
	}
	return nil
}

func (a *Adapter) compileAuth(set map[string]string) error {
	a.out.auth = nethttp.Header{}
	switch set["auth"] {
	case authBasic:
		if set["user"] == "" {
			return wrong("user", "is missing: auth: basic needs user and password")
		}
		a.out.auth = httpcall.Basic(set["user"], set["password"])
	case authBearer:
		if set["token"] == "" {
			return wrong("token", "is missing: auth: bearer needs it")
		}
		a.out.auth = httpcall.Bearer(set["token"])
	}
	for _, name := range []string{"user", "password", "token"} {
		if strings.ContainsFunc(set[name], func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return wrong(name, "holds a line end or another control sign")
		}
	}
	return nil
}
