package console

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences/address"
)

// reached is an address, masked or not, as people write it: a phone number as such, anything else behind its channel's name.
func (l lang) reached(a any) string {
	s := fmt.Sprint(a)
	scheme, id, ok := strings.Cut(s, ":")
	switch {
	case !ok:
		return s
	case scheme == address.Tel:
		return id
	}
	return l.known("channel", scheme) + " " + id
}

// tongue is a locale as people call it; the locale itself where it has no name here.
func (l lang) tongue(locale string) string {
	base, _, _ := strings.Cut(locale, "-")
	if s, ok := texts["language."+strings.ToLower(base)][l]; ok {
		return s
	}
	return locale
}

// clockOf is a time zone as people call it: its city, and how far it is from Greenwich now.
func (l lang) clockOf(zone string, now time.Time) string {
	at, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		return zone
	}
	_, seconds := now.In(at).Zone()
	away := fmt.Sprintf("GMT%+d", seconds/3600)
	if minutes := seconds % 3600 / 60; minutes != 0 {
		away += fmt.Sprintf(":%02d", max(minutes, -minutes))
	}
	city := zone[strings.LastIndex(zone, "/")+1:]
	return strings.ReplaceAll(city, "_", " ") + " (" + away + ")"
}

// worth is a value of any kind that a fact or an event brought, as people read it.
func (l lang) worth(v any) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case bool:
		if v {
			return l.say("plain.yes")
		}
		return l.say("plain.no")
	case float64:
		return l.decimal(v)
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return l.decimal(f)
		}
		return v.String()
	case string:
		return l.spelled(v)
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = l.worth(x)
		}
		return cmp.Or(strings.Join(parts, ", "), "–")
	case map[string]any:
		var parts []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, readable(k)+": "+l.worth(v[k]))
		}
		return cmp.Or(strings.Join(parts, "; "), "–")
	}
	return fmt.Sprint(v)
}

// spelled is a text, and a date as the language writes it where it is one.
func (l lang) spelled(s string) string {
	if at, err := time.Parse(time.DateOnly, s); err == nil {
		return l.day(at)
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return l.moment(at)
	}
	return s
}

// decimal is a number with as many digits behind the point as it has, and its thousands apart.
func (l lang) decimal(f float64) string {
	whole, fraction := math.Modf(f)
	if math.Abs(f) >= 1e15 {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	s := l.number(int64(whole))
	if fraction == 0 {
		return s
	}
	_, digits, _ := strings.Cut(strconv.FormatFloat(math.Abs(f), 'f', -1, 64), ".")
	point := "."
	if l == vi {
		point = ","
	}
	if whole == 0 && f < 0 {
		s = "−0"
	}
	return s + point + digits
}

// readable is a name that programs gave something, without its underscores.
func readable(name string) string {
	return strings.NewReplacer("_", " ", "-", " ").Replace(name)
}

// source is where a consent came from. What the shop's own programs call it stays as it is.
func (l lang) source(s string) string {
	if who, ok := strings.CutPrefix(s, "console "); ok {
		return l.say("source.console", "who", who)
	}
	channel, why, _ := strings.Cut(s, " ")
	if name, ok := texts["channel."+channel][l]; ok && why != "" {
		return name + ": " + l.known("reason", why)
	}
	if said, ok := texts["source."+s][l]; ok {
		return said
	}
	return s
}
