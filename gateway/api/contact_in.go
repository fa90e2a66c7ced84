package api

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Bounds on one edit of a contact.
const (
	maxAddresses   = 16
	maxConsents    = 32
	maxFacts       = 256
	maxPreferences = 256
	maxName        = 200
	maxText        = 2000
)

// DecodeContact reads the body of PUT /contacts; an import checks its rows with it. Its error is a *web.Problem.
func DecodeContact(body []byte) (campaigns.ContactEdit, error) {
	var in input
	o, err := in.root(body)
	if err != nil {
		return campaigns.ContactEdit{}, err
	}
	e := campaigns.ContactEdit{
		Addresses: addresses(o), Name: o.text("name", maxName), Locale: locale(o), Timezone: timezone(o), Facts: o.free("facts", maxFacts),
	}
	o.objects("consents", maxConsents, func(m *object) { e.Consents = append(e.Consents, consent(m)) })
	o.objects("preferences", maxPreferences, func(m *object) { e.Preferences = append(e.Preferences, preference(m)) })
	o.done()
	if err := in.problem(); err != nil {
		return campaigns.ContactEdit{}, err
	}
	return e, nil
}

func addresses(o *object) []address.Address {
	list := o.needList("addresses", maxAddresses, `where the contact is reached, such as ["tel:+84901234567"]`)
	var as []address.Address
	for i, v := range list {
		at := pointer(pointer(o.at, "addresses"), strconv.Itoa(i))
		a, ok := oneAddress(o.in, at, v)
		if ok && slices.Contains(as, a) {
			o.in.fail(at, "is the same as an earlier one")
		}
		as = append(as, a)
	}
	return as
}

func oneAddress(in *input, at string, v any) (address.Address, bool) {
	s, ok := v.(string)
	if !ok {
		in.fail(at, "must be a text, not %s", kindOf(v))
		return address.Address{}, false
	}
	a, err := address.Parse(s)
	if err != nil {
		in.fail(at, "%s", err)
		return address.Address{}, false
	}
	return a.Current(), true
}

var localePattern = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`)

func locale(o *object) *string {
	s := o.text("locale", 35)
	if s != nil && *s != "" && !localePattern.MatchString(*s) {
		o.fail("locale", "must be a language code such as vi or en")
	}
	return s
}

func timezone(o *object) *string {
	s := o.text("timezone", 64)
	if s == nil || *s == "" {
		return s
	}
	if _, ok := preferences.Zone(*s); !ok {
		o.fail("timezone", "must be an IANA time zone such as Asia/Ho_Chi_Minh")
	}
	return s
}

// consent reads a recorded yes or no. Without where and when it was given it proves nothing, so both are required.
func consent(o *object) preferences.Consent {
	return preferences.Consent{
		Purpose:   o.need("purpose", 64, "what was agreed to, such as marketing"),
		Granted:   o.flag("granted", "true for a yes, false for a no"),
		Source:    o.need("source", maxName, "where the person said so, such as a checkout form"),
		At:        o.needTime("at", "when the person said so"),
		Wording:   o.optional("wording", maxText),
		Channel:   o.optional("channel", 16),
		MessageID: o.optional("message_id", maxName),
		Channels:  channels(o),
	}
}

// channels reads what a consent is limited to. None would mean every one, which is said by leaving it out.
func channels(o *object) (list []address.Channel) {
	if _, limited := o.fields["channels"]; !limited {
		o.asked = append(o.asked, "channels")
		return nil
	}
	for i, v := range o.needList("channels", len(address.Channels()), "a channel, or leave it out where it is about all of them") {
		at := pointer(pointer(o.at, "channels"), strconv.Itoa(i))
		s, ok := v.(string)
		switch ch := address.Channel(s); {
		case !ok:
			o.in.fail(at, "must be a text, not %s", kindOf(v))
		case !slices.Contains(address.Channels(), ch):
			o.in.fail(at, "is no channel, such as sms or zalo")
		case slices.Contains(list, ch):
			o.in.fail(at, "is the same as an earlier one")
		default:
			list = append(list, ch)
		}
	}
	return list
}

// preference reads what somebody else says about a contact. The customer's own word cannot be claimed here (I6).
func preference(o *object) preferences.Preference {
	p := preferences.Preference{
		Attribute: o.need("attribute", 64, "what is known about, such as style"),
		Kind:      preferences.Kind(o.need("kind", 16, "the type of the value, such as choice")),
		Class:     class(o), Purpose: o.optional("purpose", 64), Confidence: 1, FreshUntil: o.time("fresh_until"),
	}
	if f := o.number("confidence"); f != nil {
		p.Confidence = *f
		if *f < 0 || *f > 1 {
			o.fail("confidence", "must be between 0 and 1")
		}
	}
	p.Value = value(o, p.Kind)
	p.Evidence = evidence(o)
	return p
}

func class(o *object) preferences.Class {
	s := o.text("class", 16)
	if s == nil {
		return preferences.Imported
	}
	switch c := preferences.Class(*s); c {
	case preferences.Imported, preferences.Observed, preferences.Inferred:
		return c
	case preferences.Declared:
		o.fail("class", "cannot be declared: only the customer's own message or page declares a preference; use imported")
	default:
		o.fail("class", "must be imported, observed or inferred")
	}
	return preferences.Imported
}

var valueFields = []string{"amount", "min", "max", "currency", "from", "to"}

func value(o *object, k preferences.Kind) preferences.Value {
	if _, ok := o.fields["value"]; !ok {
		o.asked = append(o.asked, "value")
		o.missing("value", "the value, in the form of its kind")
		return preferences.Value{}
	}
	raw, ok := o.take("value")
	if !ok {
		return preferences.Value{}
	}
	if !slices.Contains(preferences.Kinds(), k) {
		if k != "" {
			o.fail("kind", "must be one of %s", kinds())
		}
		return preferences.Value{}
	}
	if m, ok := raw.(map[string]any); ok {
		for name := range m {
			if !slices.Contains(valueFields, name) {
				o.in.fail(pointer(pointer(o.at, "value"), name), "is not a field of a value")
			}
		}
	}
	b, err := json.Marshal(raw)
	if err != nil {
		o.fail("value", "cannot be read")
		return preferences.Value{}
	}
	v, err := preferences.ParseValue(k, b)
	if err != nil || v.Equal(preferences.Value{Kind: k}) && k != preferences.YesNo {
		o.fail("value", "does not fit the kind %s", k)
	}
	return v
}

func kinds() string {
	names := make([]string, 0, len(preferences.Kinds()))
	for _, k := range preferences.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// evidence says where a value comes from: without it nobody could check it later.
func evidence(o *object) preferences.Evidence {
	e := o.object("evidence")
	if e == nil {
		if _, ok := o.fields["evidence"]; !ok {
			o.missing("evidence", `where the value comes from, such as {"text":"loyalty survey of 2025"}`)
		}
		return preferences.Evidence{}
	}
	defer e.done()
	return preferences.Evidence{Text: e.need("text", maxText, "where the value comes from"), At: e.time("at")}
}

// decodeUnmerge reads which contact is to be one by itself again.
func decodeUnmerge(body []byte) (string, error) {
	var in input
	o, err := in.root(body)
	if err != nil {
		return "", err
	}
	from := o.need("from", maxName, "the id of the contact that was merged into this one")
	o.done()
	return from, in.problem()
}

// decodeLink reads which address is to be proved, and by what.
func decodeLink(body []byte) (also address.Address, by string, err error) {
	var in input
	o, err := in.root(body)
	if err != nil {
		return also, "", err
	}
	if s := o.need("address", maxName, "the address that is to be linked, such as tel:+84901234567"); s != "" {
		also, _ = oneAddress(&in, pointer(o.at, "address"), s)
	}
	if by = o.optional("by", 16); by != "" && by != campaigns.ByCode && by != campaigns.ByLink {
		o.fail("by", "must be code or link")
	}
	o.done()
	return also, by, in.problem()
}
