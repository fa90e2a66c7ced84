package console

import (
	"embed"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"time"
)

//go:embed texts/*.json
var textFiles embed.FS

// texts is everything that the pages say, by key and language.
var texts = mustTexts(textFiles)

// mustTexts reads the files, each of which has the texts of one screen. A mistake in them is one of ours.
func mustTexts(files fs.FS) map[string]map[lang]string {
	all := map[string]map[lang]string{}
	names, err := fs.Glob(files, "texts/*.json")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		var some map[string]map[lang]string
		if err := json.Unmarshal(raw, &some); err != nil {
			panic("console: " + name + ": " + err.Error())
		}
		for key, text := range some {
			if all[key] != nil {
				panic("console: " + name + ": " + key + " is in another file, too")
			}
			all[key] = text
		}
	}
	return all
}

// lang is a language of the pages.
type lang string

// The languages; the first is that of who asks for none.
const (
	vi lang = "vi"
	en lang = "en"
)

var langs = [...]lang{vi, en}

// say is the text of key with each {name} replaced by the value that follows the name in pairs; the key where there is none.
func (l lang) say(key string, pairs ...string) string {
	s, ok := texts[key][l]
	if !ok {
		return key
	}
	if len(pairs) == 0 {
		return s
	}
	filled := make([]string, len(pairs)&^1)
	for i := 0; i+1 < len(pairs); i += 2 {
		filled[i], filled[i+1] = "{"+pairs[i]+"}", pairs[i+1]
	}
	return strings.NewReplacer(filled...).Replace(s)
}

// count is a text with {n}. Where it has two forms, "one reply|{n} replies", the first is of the number 1.
func (l lang) count(key string, n any, pairs ...string) string {
	s := l.say(key, append([]string{"n", l.number(n)}, pairs...)...)
	one, many, two := strings.Cut(s, "|")
	switch {
	case two && whole(n) == 1:
		return one
	case two:
		return many
	}
	return s
}

// known is the text of group.name where there is one, else the name made readable.
func (l lang) known(group string, name any) string {
	id := fmt.Sprint(name)
	if s, ok := texts[group+"."+id][l]; ok {
		return s
	}
	if s, ok := texts["reason."+id][l]; ok && (group == "why" || group == "why-not") { // what has no words of its own where people are counted
		return s
	}
	return readable(id)
}

func whole(n any) int64 {
	switch n := n.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	case *int64:
		if n != nil {
			return *n
		}
	case float64:
		return int64(math.Round(n))
	}
	return 0
}

// number is a whole number with its thousands apart: 1.234 in Vietnamese, 1,234 in English.
func (l lang) number(n any) string {
	digits := strconv.FormatInt(whole(n), 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "−", digits[1:]
	}
	apart := ","
	if l == vi {
		apart = "."
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + apart + digits[i:]
	}
	return sign + digits
}

// percent is a part of a whole: 12,5 % in Vietnamese, 12.5% in English; a dash of nothing.
func (l lang) percent(part, all any) string {
	a := whole(all)
	if a == 0 {
		return "–"
	}
	p := 100 * float64(whole(part)) / float64(a)
	s := strconv.FormatFloat(p, 'f', 1, 64)
	if p == 0 || p >= 99.95 || p == math.Trunc(p) {
		s = strconv.FormatFloat(p, 'f', 0, 64)
	}
	if l == vi {
		return strings.Replace(s, ".", ",", 1) + "%"
	}
	return s + "%"
}

// timeTag is a moment: how long ago, or until then, and the moment itself where the pointer rests.
func (l lang) timeTag(t time.Time, zone *time.Location, now time.Time) template.HTML {
	if t.IsZero() {
		return "–"
	}
	at := t.In(zone)
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s">%s</time>`, //nolint:gosec // all escaped
		at.Format(time.RFC3339), html.EscapeString(l.moment(at)), html.EscapeString(l.ago(t, now, at))))
}

// moment is a time of day and a date, with the zone.
func (l lang) moment(t time.Time) string {
	name, _ := t.Zone()
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		name = "GMT" + name
	}
	return t.Format("15:04 ") + l.day(t) + " " + name
}

// day is a date as people write it.
func (l lang) day(t time.Time) string {
	if l == vi {
		return t.Format("02/01/2006")
	}
	return t.Format("2 Jan 2006")
}

// ago is how long ago something was, or how long it is until then; beyond a week the date.
func (l lang) ago(t, now time.Time, at time.Time) string {
	d, key := now.Sub(t), "ago"
	if d < 0 {
		d, key = -d, "in"
	}
	switch {
	case d < time.Minute:
		return l.say("time." + key + ".now")
	case d < time.Hour:
		return l.count("time."+key+".minutes", int(d/time.Minute))
	case d < 48*time.Hour:
		return l.count("time."+key+".hours", int(d/time.Hour))
	case d < 7*24*time.Hour:
		return l.count("time."+key+".days", int(d/(24*time.Hour)))
	}
	return l.day(at)
}
