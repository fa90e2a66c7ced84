package http

import (
	nethttp "net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

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
	case strings.Contains(path, ".."), strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f }):
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
		case nethttp.CanonicalHeaderKey(h.name) == "Authorization":
			return wrong("send_headers", "%w", inLine(n, wrong("is", "what auth, user, password and token make")))
		case slices.Contains(headersKept, nethttp.CanonicalHeaderKey(h.name)):
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
