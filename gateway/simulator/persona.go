package simulator

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
)

// home is who is talked to; no such number can be reached.
const home = "+84900000000"

// prepare finds the campaign and the account, and makes the contact.
func (p *player) prepare() error {
	if p.World.Campaigns[p.script.Campaign] == nil {
		return fmt.Errorf("there is no campaign %q", p.script.Campaign)
	}
	who := p.script.Persona
	found := false
	for _, r := range p.World.Routes {
		if who.Account == "" && (who.Channel == "" || r.Channel == who.Channel) && r.Inbound || who.Account != "" && r.Account == who.Account {
			p.route, found = r, true
			break
		}
	}
	if !found && who.Account == "" && who.Channel != "" { // a channel that no account has
		w := *p.World
		p.route = campaigns.Route{Account: string(who.Channel), Channel: who.Channel, Inbound: true, Options: p.script.Options}
		w.Routes = append([]campaigns.Route{p.route}, w.Routes...)
		p.World, found = &w, true
	}
	if !found {
		return fmt.Errorf("there is no account %q on which answers come back; say account: or channel:", cmp.Or(who.Account, string(who.Channel)))
	}
	p.from = address.Address{Scheme: p.route.Channel.Scheme(), ID: "simulated"}
	if p.from.Scheme == address.Tel {
		p.from.ID = home
	}
	return nil
}

// begins makes the contact, and has a run of the campaign reach it.
func (p *player) begins() {
	who, edit := p.script.Persona, campaigns.ContactEdit{Addresses: []address.Address{p.from}}
	edit.Name, edit.Locale = &who.Name, &who.Locale
	for _, purpose := range who.Consents {
		edit.Consents = append(edit.Consents, preferences.Consent{Purpose: purpose, Granted: true, Source: "simulator", At: p.now})
	}
	for k, v := range who.Facts {
		if edit.Facts == nil {
			edit.Facts = map[string]any{}
		}
		edit.Facts[k] = fact(v)
	}
	if p.refused = p.happens(campaigns.Event{Kind: campaigns.Edit, From: p.from, Contact: &edit}).Problem; p.refused != "" {
		return
	}
	p.knew(who.Known)
	c := p.World.Campaigns[p.script.Campaign]
	if c.Schedule != nil && c.Schedule.Event != "" {
		p.happens(campaigns.Event{Kind: campaigns.Occurred, From: p.from, Type: c.Schedule.Event})
	} else {
		p.happens(campaigns.Event{Kind: campaigns.RunAsk, Campaign: c.ID, Run: c.ID + "@simulated"})
	}
}

// fact is a fact as typed: a number, a yes or no, or words.
func fact(s string) any {
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return n
	}
	if b, err := strconv.ParseBool(s); err == nil {
		return b
	}
	return s
}

// knew has the customer have said before what the persona says: it is read as their answer was.
func (p *player) knew(said map[string]string) {
	for _, attribute := range slices.Sorted(maps.Keys(said)) {
		for q := range p.World.Asking(attribute) {
			r := understand.Read(understand.Ask{Question: &q.Ask, Locale: p.locale(), Now: p.now}, said[attribute])
			if r.Status != understand.Answered {
				break
			}
			known := maps.Clone(p.state.Contact.Preferences)
			if known == nil {
				known = map[string]preferences.Preference{}
			}
			known[attribute] = preferences.Preference{Attribute: attribute, Kind: q.Ask.Kind, Value: r.Value, Class: preferences.Declared, Confidence: r.Confidence,
				Evidence: preferences.Evidence{Text: said[attribute], Words: r.Words, Rule: r.Rule, Question: q.ID, At: p.now}}
			c := *p.state.Contact
			c.Preferences = known
			p.state.Contact = &c
			break
		}
	}
}

func (p *player) locale() string { return cmp.Or(p.script.Persona.Locale, p.World.Brand.Locale, "vi") }
