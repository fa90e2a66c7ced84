package understand

import (
	"slices"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// email reads one address. A broken one is asked for again, never repaired in silence.
func (s *sitting) email() Reading {
	found, text := "", s.text
	if at, n := s.lastCorrection(); n > 0 && strings.Contains(text[s.toks[at].to:], "@") { // "a@x.vn à nhầm b@x.vn"
		text = text[s.toks[at+n-1].to:]
	}
	t := spokenEmail(strings.ToLower(text))
	var all []string
	for _, w := range addressWords(t) {
		if !strings.Contains(w, "@") {
			continue
		}
		w = strings.ToLower(strings.Trim(strings.TrimPrefix(strings.ToLower(w), "mailto:"), ".!?:'"))
		if k := strings.LastIndexByte(w, ':'); k >= 0 && k < strings.IndexByte(w, '@') {
			w = w[k+1:]
		}
		if !validEmail(w) {
			return unclear("broken-email")
		}
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	if len(all) > 1 {
		all = stillUsed(t, all)
	}
	if len(all) > 1 {
		return unclear("broken-email")
	}
	if len(all) == 1 {
		found = all[0]
	}
	if found != "" && !strings.Contains(text, "@") { // it was said
		switch {
		case s.talksOfPlace(found):
			return unclear("no-email")
		case s.splitBefore(t, found):
			return unclear("broken-email")
		}
	}
	if found != "" && s.splitLocal() {
		return unclear("broken-email")
	}
	if found != "" {
		return Reading{Status: Answered, Value: preferences.Value{Kind: preferences.Email, Text: found}, Rule: "email", Confidence: 0.98, Words: found}
	}
	if s.onlyAsks() {
		return unclear("counter-question")
	}
	return unclear("no-email")
}

// validEmail checks the form: an ASCII local part, a domain of labels with letters at its end.
func validEmail(w string) bool {
	local, domain, ok := strings.Cut(w, "@")
	if !ok || local == "" || len(w) > 254 || strings.Contains(domain, "@") || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(w, "..") {
		return false
	}
	for i := 0; i < len(local); i++ {
		if c := local[i]; !isASCIILetter(c) && !isDigit(c) && strings.IndexByte(".!#$%&'*+/=?^_{|}~-", c) < 0 {
			return false
		}
	}
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || len(labels[len(labels)-1]) < 2 {
		return false
	}
	for k, l := range labels {
		if !domainLabel(l, k == len(labels)-1) {
			return false
		}
	}
	return !misspelledDomain(domain)
}

func domainLabel(l string, last bool) bool {
	if l == "" || l[0] == '-' || l[len(l)-1] == '-' {
		return false
	}
	for i := 0; i < len(l); i++ {
		if !isASCIILetter(l[i]) && (last || !isDigit(l[i]) && l[i] != '-') {
			return false
		}
	}
	return true
}
