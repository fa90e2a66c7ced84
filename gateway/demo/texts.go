package demo

import (
	_ "embed"
	"encoding/json"
	"strings"
)

//go:embed texts.json
var textsJSON []byte

// texts is everything that the page says, by key and language.
var texts = mustTexts(textsJSON)

func mustTexts(b []byte) map[string]map[string]string {
	var t map[string]map[string]string
	if err := json.Unmarshal(b, &t); err != nil {
		panic("demo: texts.json: " + err.Error()) // embedded: a mistake of ours
	}
	return t
}

// lang is a language of the page, "vi" or "en".
type lang string

// langOf is the language that was asked for; Vietnamese otherwise.
func langOf(s string) lang {
	if s == "en" {
		return "en"
	}
	return "vi"
}

// say is the text of key with each {name} replaced by the value that follows the name in pairs.
func (l lang) say(key string, pairs ...string) string {
	s, ok := texts[key][string(l)]
	if !ok {
		return key
	}
	if len(pairs) == 0 {
		return s
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// known is the text of group.name where there is one, else the name made readable.
func (l lang) known(group, name string) string {
	if s, ok := texts[group+"."+name][string(l)]; ok {
		return s
	}
	return readable(name)
}

// readable makes words of an identifier: return_reason, menu-number.
func readable(id string) string {
	return strings.NewReplacer("_", " ", "-", " ").Replace(id)
}

// script is what the page's script says: the keys that start with "js.".
func (l lang) script() map[string]string {
	m := map[string]string{}
	for k, t := range texts {
		if name, ok := strings.CutPrefix(k, "js."); ok {
			m[name] = t[string(l)]
		}
	}
	return m
}
