package all_test

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// mode is what an adapter can do as one channel with some of its settings.
type mode struct {
	channel address.Channel
	with    string // which settings; empty: as the examples are
	caps    adapters.Capabilities
}

// byHand are modes that the examples of the settings do not lead to one by one, by adapter: what the page calls them,
// and the settings.
func byHand() map[string]map[string]map[string]string {
	return map[string]map[string]map[string]string{
		"esms": {
			"`carries: qc`": {"carries": "qc"}, "`unicode: yes`": {"unicode": "yes"},
			"`short_code`": {"short_code": "8041", "mo_private_key": "key"},
		},
		"speedsms": {
			"`carries: qc`": {"carries": "qc"}, "`unicode: yes`": {"unicode": "yes"},
			"`sms_type: 1`, which wants `carries: qc`": {"sms_type": "1", "carries": "qc"}, "`sms_type: 5`": {"sms_type": "5"},
		},
		"http": {
			"`carries: qc`": {"carries": "qc"}, "`receive_from` and `receive_text`": {"receive_from": "$.sender", "receive_text": "$.content", "path_secret": fillings()[0]},
			"`lost: keyed`": {"lost": "keyed"},
		},
		"smpp":    {"`two_way: no`": {"two_way": "no"}},
		"vonage":  {"a name as `from`": {"from": "MyShop"}},
		"infobip": {"a number as `from`": {"from": "+15005550006"}},
	}
}

// fillings are values for settings whose example is a variable: the first that the setting's Check takes.
func fillings() []string {
	return []string{"0123456789abcdef0123456789abcdef", "123456789:AAEhBOweik9ad9r_QXMENQjcrGbqCr4K-bc", "secret"}
}

// value is something that may stand for a setting.
func value(s adapters.Setting) string {
	candidates := append([]string{s.Example, s.Default}, fillings()...)
	for _, v := range candidates {
		if v != "" && !strings.HasPrefix(v, "${") && (s.Check == nil || s.Check(v) == nil) {
			return v
		}
	}
	return cmp.Or(s.Example, s.Default)
}

// modesOf opens an adapter as each of its channels: with what is required, and then with each other setting as well.
// What changes nothing is no mode.
func modesOf(t *testing.T, x adapters.Type) (out []mode) {
	t.Helper()
	for _, channel := range x.Channels {
		base, caps, err := opened(x, channel)
		if err != nil {
			t.Errorf("%s does not open as %s with the examples of its settings: %v; give them examples that fit each other, or a value among fillings, or a mode byHand", x.Name, channel, err)
			continue
		}
		first := len(out)
		out = append(out, mode{channel: channel, caps: caps})
		add := func(with string, settings map[string]string) (changes bool) {
			a, err := open(x, channel, base, settings)
			if err != nil || reflect.DeepEqual(a, caps) {
				return false
			}
			if !slices.ContainsFunc(out[first:], func(m mode) bool { return reflect.DeepEqual(m.caps, a) }) {
				out = append(out, mode{channel, with, a})
			}
			return true
		}
		hand := byHand()[x.Name]
		for _, with := range slices.Sorted(maps.Keys(hand)) {
			if !add(with, hand[with]) {
				t.Errorf("%s: the mode %s is stale: it does not open, or changes nothing", x.Name, with)
			}
		}
		for _, s := range x.Settings {
			if base[s.Name] == "" || base[s.Name] != value(s) {
				add("`"+s.Name+": "+value(s)+"`", map[string]string{s.Name: value(s)})
			}
		}
	}
	return out
}

// opened finds settings with which an adapter opens: what is required, and one more where that is not enough.
func opened(x adapters.Type, channel address.Channel) (map[string]string, adapters.Capabilities, error) {
	base := map[string]string{}
	for _, s := range x.Settings {
		if s.Required {
			base[s.Name] = value(s)
		} else if s.Default != "" {
			base[s.Name] = s.Default
		}
	}
	caps, err := open(x, channel, base, nil)
	if err == nil {
		return base, caps, nil
	}
	whole := maps.Clone(base)
	for _, s := range x.Settings {
		if base[s.Name] != "" {
			continue
		}
		more := map[string]string{s.Name: value(s)}
		maps.Copy(whole, more)
		if caps, err := open(x, channel, base, more); err == nil {
			maps.Copy(base, more)
			return base, caps, nil
		}
	}
	if caps, err := open(x, channel, whole, nil); err == nil {
		return whole, caps, nil
	}
	return nil, caps, err
}

// emptyVault holds no token: an account opens all the same, and what it can do depends on none.
type emptyVault struct{}

func (emptyVault) Get(context.Context, string) (string, error) { return "", nil }

func (emptyVault) Swap(context.Context, string, string, string) (bool, error) { return false, nil }

func open(x adapters.Type, channel address.Channel, settings, more map[string]string) (adapters.Capabilities, error) {
	settings = maps.Clone(settings)
	maps.Copy(settings, more)
	a, err := x.Open(adapters.Account{
		ID: "main", Channel: channel, Settings: settings, WebhookURL: "https://gw.example.com/hooks/main",
		HTTPClient: http.DefaultClient, Now: time.Now, Vault: emptyVault{},
	})
	if err != nil {
		return adapters.Capabilities{}, err
	}
	return a.Capabilities(), nil
}
