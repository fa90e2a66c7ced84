package config

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/config/strict"
)

// accountForm: an account's name is part of the address of its webhooks.
var accountForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

func (r *reader) accounts(v strict.Value) []Account {
	pairs := v.Pairs()
	if v.IsGroup() && len(pairs) == 0 {
		v.Fail("write at least one", "there is no account")
	}
	var out []Account
	for _, p := range pairs {
		if !accountForm.MatchString(p.Name) {
			p.Key.Fail("write it like sms or zalo-shop: small letters, digits and dashes", "%q cannot be the name of an account", p.Name)
			continue
		}
		out = append(out, r.account(p))
	}
	return out
}

// account reads what every account has; the other keys are its adapter's settings.
func (r *reader) account(p strict.Pair) Account {
	a := Account{ID: p.Name, Settings: map[string]Setting{}, At: p.Key.Place(), ChannelAt: p.Key.Place()}
	if p.Value.IsEmpty() {
		p.Key.Fail("write adapter: twilio and its settings", "the account %s is empty", p.Name)
		return a
	}
	given := !p.Value.IsGroup() // what is no group has a problem already
	for _, s := range p.Value.Pairs() {
		switch s.Name {
		case "adapter":
			given, a.Adapter, a.AdapterAt = true, r.text(s.Value), s.Value.Place()
		case "channel":
			a.Channel, a.ChannelAt = r.text(s.Value), s.Value.Place()
		case "rate":
			a.Rate = r.rate(s.Value)
		case "quota":
			a.Quota = r.quota(s.Value)
		case "marks":
			a.Lighten = s.Value.OneOf("keep", "save") == "save"
		case "register":
			a.ByHand = slices.Contains([]string{"no", "false"}, s.Value.OneOf("yes", "no", "true", "false"))
		default:
			r.setting(a.Settings, s)
		}
	}
	if !given {
		p.Key.Fail(adapterHint(a.Settings), "the account %s has no adapter", p.Name)
	}
	return a
}

func adapterHint(settings map[string]Setting) string {
	for name := range settings {
		if strict.Nearest(name, []string{"adapter"}) != "" {
			return "did you mean adapter instead of " + name + "?"
		}
	}
	return "write adapter: twilio"
}

func (r *reader) setting(into map[string]Setting, p strict.Pair) {
	if p.Value.IsEmpty() {
		return // as if it were not there; the adapter says whether it must be
	}
	at := p.Value.Place()
	into[p.Name] = Setting{
		Value: Secret(r.text(p.Value)), Line: at.Line, Column: at.Column,
		Pos: at.String(), Key: p.Key.Place(),
	}
}

// quota reads "8/48h": eight messages within 48 hours of the customer's last.
func (r *reader) quota(v strict.Value) (q Quota) {
	s := r.text(v)
	if s == "" {
		return q
	}
	count, within, _ := strings.Cut(s, "/")
	n, badCount := strconv.Atoi(strings.TrimSpace(count))
	d, badTime := time.ParseDuration(strings.TrimSpace(within))
	switch {
	case badCount != nil || badTime != nil:
		v.Fail("write it like 8/48h: messages, and within how long of the customer's last", "%q is not a quota", s)
	case n <= 0 || d <= 0:
		v.Fail("leave quota out where there is no limit", "a quota must be more than nothing")
	default:
		return Quota{n, d}
	}
	return q
}

// rateMost is the highest rate, in messages a second.
const rateMost = 1_000_000

// rate reads "10/s", "600/m", "5000/h" as messages a second.
func (r *reader) rate(v strict.Value) float64 {
	s := r.text(v)
	if s == "" {
		return 0
	}
	count, unit, _ := strings.Cut(s, "/")
	n, err := strconv.ParseFloat(strings.TrimSpace(count), 64)
	per := map[string]float64{"s": 1, "m": 60, "h": 3600}[strings.TrimSpace(unit)]
	switch {
	case err != nil || per == 0 || math.IsNaN(n):
		v.Fail("write it like 10/s, 600/m or 5000/h", "%q is not a rate", s)
	case n <= 0:
		v.Fail("leave rate out where there is no limit", "a rate must be more than nothing")
	case n/per > rateMost:
		v.Fail("", "a rate must be at most %d/s", rateMost)
	default:
		return n / per
	}
	return 0
}

func (r *reader) api(v strict.Value) []Token {
	if !v.Present() {
		return nil
	}
	var out []Token
	names, tokens := map[string]bool{}, map[Secret]string{}
	for _, m := range v.Group("tokens").Get("tokens").List() {
		g := m.Group("name", "token", "role")
		name, secret := g.Need("name", "ci"), g.Need("token", "${HOIDAP_TOKEN}")
		t := Token{Name: r.text(name), Token: Secret(r.text(secret)), Role: g.Need("role", "viewer, agent, marketer or admin").OneOf(userRoles()...)}
		if t.Name != "" && names[t.Name] {
			name.Fail("give one of them another name", "there is a token %s already", t.Name)
		}
		if other, twice := tokens[t.Token]; twice && t.Token != "" {
			secret.Fail("make one of its own: openssl rand -hex 16", "this is the token of %s, too", other)
		}
		names[t.Name], tokens[t.Token] = true, t.Name
		out = append(out, t)
	}
	return out
}
