package understand

import "strings"

// addressWords cuts a text whose signs are written out into what may be an address.
func addressWords(t string) []string {
	return strings.FieldsFunc(t, func(r rune) bool { return r == ' ' || r == '\n' || strings.ContainsRune(",;()<>[]\"", r) })
}

// spokenEmail writes out "a còng" and "chấm", and closes the gaps around the signs.
func spokenEmail(t string) string {
	t = spokenSigns.Replace(bracketedSigns.Replace(t))
	if strings.Contains(t, "@") {
		for _, gap := range [...]string{" @", "@ ", " ."} {
			t = strings.ReplaceAll(t, gap, strings.TrimSpace(gap))
		}
		for _, end := range [...]string{"com", "vn", "net", "edu", "org"} { // gmail. com
			if strings.HasSuffix(t, ". "+end) || strings.Contains(t, ". "+end+" ") || strings.Contains(t, ". "+end+".") {
				t = strings.ReplaceAll(t, ". "+end, "."+end)
			}
		}
	}
	return t
}

var spokenSigns = strings.NewReplacer(" a còng ", "@", " a cong ", "@", " a móc ", "@", " @ ", "@", " at ", "@", " chấm ", ".", " cham ", ".", " dot ", ".", " gạch dưới ", "_", " gach duoi ", "_", " gạch chân ", "_", " gach chan ", "_", " underscore ", "_",
	" gạch ngang ", "-", " gach ngang ", "-", " gạch nối ", "-", " gach noi ", "-", " dash ", "-", " hyphen ", "-", " acong ", "@", " a-còng ", "@")

// bracketedSigns are set in brackets so that no machine finds the address.
var bracketedSigns = strings.NewReplacer(" [at] ", "@", " (at) ", "@", " {at} ", "@", " <at> ", "@", "[at]", "@", "(at)", "@", "{at}", "@", "<at>", "@",
	" [dot] ", ".", " (dot) ", ".", " {dot} ", ".", "[dot]", ".", "(dot)", ".", "{dot}", ".", " [a còng] ", "@", "(a còng)", "@", "(chấm)", ".")

// talksOfPlace: what stands before a said "at" is an everyday word and no part of an address: "I work at acme.com".
func (s *sitting) talksOfPlace(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	return lexicon().english[local]
}

// splitBefore: in "lan 92 a còng gmail chấm com" a gap may have slipped into the address; a word of talk before it is no part of it.
func (s *sitting) splitBefore(t, address string) bool {
	at := strings.Index(t, address)
	if at <= 0 || t[at-1] != ' ' {
		return false
	}
	words := strings.Fields(t[:at])
	w := words[len(words)-1]
	key := keyOf(w)
	v := lexicon()
	if strings.ContainsAny(w[len(w)-1:], ",:;.!?") || v.english[w] || notInAddress[key] || s.q.echo[key] || saidBefore[w] {
		return false
	}
	ts := tokenise(w, s.vi, nil).toks
	return v.lead.at(ts, 0) == 0 && v.polite.at(ts, 0) == 0 && v.selves.at(ts, 0) == 0
}

// saidBefore are words that speak of the address behind them, as typed.
var saidBefore = listed("email", "said-before")

// stillUsed leaves out the addresses that are said to be old, or not to be used: "use lan@acme.vn not lan@old.vn".
func stillUsed(t string, all []string) (kept []string) {
	const reach = 4
	from := 0
	for _, a := range all {
		at := from + max(0, strings.Index(t[from:], a))
		before := strings.Fields(t[from+strings.LastIndexByte(t[from:at], ',')+1 : at])
		before = before[max(0, len(before)-reach):]
		from = min(len(t), at+len(a))
		behind := strings.Fields(t[from:])
		gone := len(behind) > 0 && replacedBehind[strings.Trim(behind[0], ",.")]
		for k, w := range before {
			gone = gone || replacedBefore[w] || k > 0 && (w == "phải" || w == "phai") && negatesBefore[before[k-1]]
		}
		if !gone {
			kept = append(kept, a)
		}
	}
	if len(kept) == 0 {
		return all
	}
	return kept
}

// replacedBefore and replacedBehind are words beside an address that is not used any more, as typed.
var (
	replacedBefore = listed("email", "replaced-before")
	replacedBehind = listed("email", "replaced-behind")
)

// negatesBefore are the ways to type the không of không phải.
var negatesBefore = set("không", "khong", "ko", "k", "hông", "hok", "chẳng")
