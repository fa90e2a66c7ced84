package config

import (
	"encoding/base64"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/hoidap/hoidap/config/strict"
)

// Webhook is a program of the shop's own that is told what happens.
type Webhook struct {
	Name    string
	URL     Secret   // it may hold a token
	Secrets []Secret // each signs
	Events  []string
	Private bool // it is in a private network
}

// webhookEvents are what an endpoint may be told of.
func webhookEvents() []string {
	return []string{"preference.changed", "conversation.completed", "offer.given", "consent.changed"}
}

// endpointForm: an endpoint's name is part of the API's addresses.
var endpointForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

func (r *reader) webhooks(v strict.Value) []Webhook {
	if !v.Present() {
		return nil
	}
	var out []Webhook
	names := map[string]bool{}
	for _, m := range v.List() {
		g := m.Group("name", "url", "secret", "old_secret", "events", "private")
		w := Webhook{URL: r.endpoint(g.Need("url", "https://shop.example.com/hooks")), Events: webhookEvents()}
		w.Secrets = append(w.Secrets, r.signing(g.Need("secret", "${WEBHOOK_SECRET}")))
		if old := g.Get("old_secret"); old.Present() {
			w.Secrets = append(w.Secrets, r.signing(old))
		}
		if events := g.Get("events"); events.Present() {
			w.Events = r.events(events)
		}
		if p := g.Get("private"); p.Present() {
			w.Private = p.OneOf("true", "false") == "true"
		}
		w.Name = r.endpointName(g.Get("name"), w.URL)
		if names[w.Name] && w.Name != "" {
			m.Fail("give it a name of its own: name: crm", "there is a webhook %s already", w.Name)
		}
		names[w.Name] = true
		out = append(out, w)
	}
	return out
}

// endpoint is an address that webhooks may go to: over TLS, or to this machine.
func (r *reader) endpoint(v strict.Value) Secret {
	s := r.text(v)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "":
		v.Fail("write it whole: https://shop.example.com/hooks", "url must be an address of the web")
	case u.User != nil || u.Fragment != "":
		v.Fail("take them out", "url may have neither a user nor a #")
	case u.Scheme != "https" && (u.Scheme != "http" || !thisMachine(u.Hostname())):
		v.Fail("write https://; http:// goes to this machine only", "url must be reached over TLS")
	}
	return Secret(s)
}

func thisMachine(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// signing is a secret by the Standard Webhooks convention.
func (r *reader) signing(v strict.Value) Secret {
	s := r.text(v)
	text, ok := strings.CutPrefix(s, "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	if s != "" && (!ok || err != nil || len(key) < 24 || len(key) > 64) {
		v.Fail("make one: echo whsec_$(openssl rand -base64 32)", "%s must be whsec_ and base64 of 24 to 64 bytes", v.Name())
	}
	return Secret(s)
}

func (r *reader) events(v strict.Value) (out []string) {
	seen := map[string]bool{}
	for _, m := range v.List() {
		e := m.OneOf(webhookEvents()...)
		if e != "" && seen[e] {
			m.Fail("take one of them out", "%s is there twice", e)
		}
		seen[e] = true
		out = append(out, e)
	}
	if v.IsList() && len(out) == 0 {
		v.Fail("name some, or leave events out to be told of all", "there is no event")
	}
	return out
}

// endpointName is the name, or where there is none the host of the address.
func (r *reader) endpointName(v strict.Value, at Secret) string {
	if v.Present() {
		s := r.text(v)
		if s != "" && !endpointForm.MatchString(s) {
			v.Fail("write it like crm: small letters, digits, dots and dashes", "%q cannot be the name of a webhook", s)
		}
		return s
	}
	u, err := url.Parse(string(at))
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
		host = strings.NewReplacer(":", "-").Replace("ip6-" + host)
	}
	return host
}
