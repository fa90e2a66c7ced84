package understand

import (
	"slices"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// mailProviders are the domains that most private addresses are in.
var mailProviders = plainWords("email", "providers")

// otherProviders come near one of those, and are somebody's all the same.
var otherProviders = listed("email", "other-providers")

// misspelledDomain: a slip in the name or the end of a great provider gives a domain that is well formed, but nobody's.
// Gmail has no other end at all.
func misspelledDomain(domain string) bool {
	name, end, _ := strings.Cut(domain, ".")
	if slices.Contains(mailProviders, domain) || otherProviders[name] || domain == "yahoo.com.cn" {
		return false
	}
	for _, p := range mailProviders {
		right, rightEnd, _ := strings.Cut(p, ".")
		if distance(name, right) <= 1 && (distance(end, rightEnd) <= 1 || right == "gmail" && (name == right || strings.HasSuffix(end, "vn"))) {
			return true
		}
	}
	return false
}

// splitLocal: in "nam le@gmail.com" a gap may have slipped into the address; a word of talk before it is no part of it.
func (s *sitting) splitLocal() bool {
	core := signless(s.toks)
	if len(core) < 2 || core[0].kind != wordToken || core[0].marked || lexicon().english[core[0].typed] || s.q.echo[core[0].key] || notInAddress[core[0].key] {
		return false
	}
	gap := core[0].to
	at := strings.IndexByte(s.text, '@')
	if at > gap+1 && strings.HasPrefix(strings.ToLower(s.text[gap+1:at]), core[0].typed) { // Hoa hoa.le@gmail.com
		return false
	}
	if at <= gap+1 || s.text[gap] != ' ' || strings.ContainsAny(s.text[gap+1:at], " ,:;") {
		return false
	}
	switch core[0].key {
	case "anh", "minh", "chi", "an", "le": // names as well, which begin many addresses
		return len(core[0].typed) == len(s.text[:gap])
	}
	v := lexicon()
	return v.lead.at(s.toks, 0) == 0 && v.polite.at(s.toks, 0) == 0 && !core[0].caps && core[0].from == 0
}

// notInAddress are words that stand before an address and are not in it, by key.
var notInAddress = listedKeys("email", "before-address")

// repairedEmail is the one address of the reply with the name of a great mail provider written right, or with the gap in
// it closed.
func (s *sitting) repairedEmail() *Reading {
	var found *Reading
	for _, w := range addressWords(spokenEmail(strings.ToLower(s.text))) {
		if !strings.Contains(w, "@") {
			continue
		}
		if found != nil {
			return nil
		}
		w = strings.Trim(strings.TrimPrefix(w, "mailto:"), ".!?:'")
		local, domain, _ := strings.Cut(w, "@")
		if s.splitLocal() {
			local = s.toks[0].typed + local
		}
		right := nearestDomain(domain)
		if right == "" && validEmail(local+"@"+domain) {
			right = domain
		}
		if right == "" || !validEmail(local+"@"+right) {
			return nil
		}
		found = &Reading{
			Status: Answered, Value: preferences.Value{Kind: preferences.Email, Text: local + "@" + right}, Rule: "email-nearly", Confidence: maybe, Words: w,
		}
	}
	return found
}

// unsignedEmail is the address of a reply that ends in a great provider's domain and lacks the sign before it.
func (s *sitting) unsignedEmail() *Reading {
	var found *Reading
	for _, w := range addressWords(spokenEmail(strings.ToLower(s.text))) {
		w = strings.Trim(w, ".!?:'")
		for _, p := range mailProviders {
			local, ok := strings.CutSuffix(w, p)
			address := strings.TrimRight(local, ".#&-") + "@" + p
			if !ok || !validEmail(address) {
				continue
			}
			if found != nil {
				return nil
			}
			found = &Reading{
				Status: Answered, Value: preferences.Value{Kind: preferences.Email, Text: address}, Rule: "email-unsigned", Confidence: maybe, Words: w,
			}
		}
	}
	return found
}

// nearestDomain is the great mail provider whose name differs by an error or two, or lacks its end; empty if none.
func nearestDomain(domain string) string {
	best, nearest := 3, ""
	for _, d := range mailProviders {
		if name, _, _ := strings.Cut(d, "."); domain == name || strings.TrimSuffix(domain, ".") == name || domain == name+".vn" || d == "gmail.com" && strings.HasPrefix(domain, "gmail.") {
			return d
		}
		if n := distance(domain, d); n < best {
			best, nearest = n, d
		}
	}
	return nearest
}
