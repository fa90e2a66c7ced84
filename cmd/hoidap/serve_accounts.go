package main

import (
	"slices"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/all"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/config"
	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/preferences/address"
)

// accountsOf checks each account's settings against what its adapter declares.
func accountsOf(c *config.Config) ([]gateway.Account, strict.Problems) {
	var out []gateway.Account
	var r strict.Report
	for _, a := range c.Accounts {
		if a.Adapter == "" {
			continue // said already
		}
		t, ok := all.Find(a.Adapter)
		if !ok {
			r.Add(a.AdapterAt, strict.Suggest(a.Adapter, adapterNames()), "there is no adapter %q", a.Adapter)
			continue
		}
		out = append(out, accountOf(a, t, c.File, &r))
	}
	return out, r.Problems()
}

func adapterNames() []string {
	var names []string
	for _, t := range all.Types() {
		names = append(names, t.Name)
	}
	return names
}

func accountOf(a config.Account, t adapters.Type, file string, r *strict.Report) gateway.Account {
	out := gateway.Account{ID: a.ID, Type: t, Channel: address.Channel(a.Channel), Rate: a.Rate, Quota: campaigns.Quota(a.Quota), Lighten: a.Lighten, ByHand: a.ByHand, Settings: map[string]string{}}
	if out.Channel == "" && len(t.Channels) == 1 {
		out.Channel = t.Channels[0]
	}
	switch {
	case out.Channel == "":
		r.Add(a.At, "", "account %s needs channel, as adapter %s has several: %s", a.ID, t.Name, strings.Join(channelNames(t), ", "))
	case !slices.Contains(t.Channels, out.Channel):
		r.Add(a.ChannelAt, strict.Suggest(a.Channel, channelNames(t)), "adapter %s has no channel %q", t.Name, a.Channel)
	}
	var declared []string
	for _, s := range t.Settings {
		declared = append(declared, s.Name)
		given, ok := a.Settings[s.Name]
		switch {
		case !ok && s.Required:
			r.Add(a.At, "", "account %s needs %s: %s", a.ID, s.Name, s.Doc)
		case !ok && s.Default != "":
			out.Settings[s.Name] = s.Default
		case ok:
			out.Settings[s.Name] = string(given.Value)
			if s.Check == nil || given.Value == "" { // it could not be filled in, which is said already
				continue
			}
			if err := s.Check(string(given.Value)); err != nil {
				r.Add(strict.Place{File: file, Line: given.Line, Column: given.Column}, "", "%s: %s", s.Name, err)
			}
		}
	}
	for name, given := range a.Settings {
		if !slices.Contains(declared, name) {
			r.Add(given.Key, strict.Suggest(name, declared), "adapter %s has no setting %q", t.Name, name)
		}
	}
	return out
}

func channelNames(t adapters.Type) []string {
	var names []string
	for _, c := range t.Channels {
		names = append(names, string(c))
	}
	return names
}
