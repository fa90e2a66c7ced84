package understand

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hoidap/hoidap/preferences"
)

// Name is one of the names of an option: its label in a language, or a synonym.
type Name struct {
	Option  int // its place in the question
	Locale  string
	Synonym int // its place among the synonyms of the language; -1: the label
	Text    string
}

// DoubtKind says what is doubtful about a name.
type DoubtKind int

// What may come of a customer's saying an option's own name. The first ones are misheard, the others cost an answer.
const (
	MeansOther    DoubtKind = iota // it is read as another option
	MeansCommand                   // it is read as a command, and the question stays open
	SlipMeans                      // with one slip of the finger it is read as another option
	MeansPosition                  // it is also the number of another option in the list that the customer sees
	EitherOption                   // it could be this option or another, so that the customer is asked again
	NotRead                        // it is not read at all
	CommandLater                   // it is read as a command once the question is closed
	CommandWithin                  // its first or its last words alone stop all messages
)

// Doubt is a name that a customer cannot safely answer with.
type Doubt struct {
	Name    Name
	Kind    DoubtKind
	Typed   string  // how it was typed: as written, without marks, in capitals, with a slip, a part of it
	Other   string  // the value of the option that it is taken for, or that it cannot be told from
	Command Command // that it is taken for
	Rule    string  // why it is not read
}

// Doubts says which names of a choice or choices question are not read as what they name. The reader itself is asked:
// each name is read as it is written and as it is typed in haste. It takes some hundred readings and belongs where
// questions are written, not where replies are read. Each name has one doubt at most, the worst first.
func Doubts(q *Question) []Doubt {
	if q == nil || q.Kind != choiceKind && q.Kind != choicesKind {
		return nil
	}
	d := doubting{q: q, open: Compile(q), closed: Compile(nil), menu: Compile(unnamed(q)), names: namesOf(q)}
	for _, n := range d.names {
		d.plain = append(d.plain, unmarked(n.Text))
	}
	var out []Doubt
	for _, n := range d.names {
		if doubt, found := d.name(n); found {
			out = append(out, doubt)
		}
	}
	return out
}

// doubting reads the names of one question.
type doubting struct {
	q      *Question
	open   *Reader // while the question is open
	closed *Reader // when nothing is asked
	menu   *Reader // the same list, where only numbers can be meant
	names  []Name
	plain  []string // the same without marks
}

// namesOf lists all names, labels first.
func namesOf(q *Question) []Name {
	var labels, synonyms []Name
	for i, o := range q.Options {
		for _, locale := range locales(o.Label) {
			labels = append(labels, Name{Option: i, Locale: locale, Synonym: -1, Text: o.Label[locale]})
		}
		for _, locale := range locales(o.Synonyms) {
			for k, s := range o.Synonyms[locale] {
				synonyms = append(synonyms, Name{Option: i, Locale: locale, Synonym: k, Text: s})
			}
		}
	}
	return append(labels, synonyms...)
}

// unnamed is the question with options that nobody can name, so that what is read of them is read by its place.
func unnamed(q *Question) *Question {
	u := *q
	u.Options = make([]Option, len(q.Options))
	for i, o := range q.Options {
		u.Options[i] = Option{Value: o.Value, Label: map[string]string{"vi": fmt.Sprintf("zqxj%dw", i)}}
	}
	return &u
}

func (d *doubting) name(n Name) (Doubt, bool) {
	written := d.read(n, n.Text)
	if doubt, found := d.misread(n, n.Text, written); found {
		return doubt, true
	}
	for _, typed := range hasty(n.Text) {
		if doubt, found := d.misread(n, typed, d.read(n, typed)); found && doubt.Kind != NotRead {
			return doubt, true
		}
	}
	for _, look := range []func(Name) (Doubt, bool){d.slip, d.position, d.later, d.within} {
		if doubt, found := look(n); found {
			return doubt, true
		}
	}
	return Doubt{}, false
}

func (d *doubting) read(n Name, typed string) Reading {
	return d.open.Read(Ask{Locale: n.Locale}, typed)
}

// misread says what is wrong with a reading of n.
func (d *doubting) misread(n Name, typed string, r Reading) (Doubt, bool) {
	doubt := Doubt{Name: n, Typed: typed, Rule: r.Rule}
	own := d.q.Options[n.Option].Value
	switch {
	case r.Status == IsCommand:
		doubt.Kind, doubt.Command = MeansCommand, r.Command
	case r.Status != Answered:
		doubt.Kind, doubt.Other = NotRead, d.rival(n, typed)
		if doubt.Other != "" {
			doubt.Kind = EitherOption
		}
	case chosenAlone(r.Value) != own:
		doubt.Kind, doubt.Other = MeansOther, chosenAlone(r.Value)
		if doubt.Other == "" { // several at once
			doubt.Kind, doubt.Other = EitherOption, d.among(r.Value, own)
		}
	default:
		return Doubt{}, false
	}
	return doubt, true
}

// chosenAlone is the one option that a value names; "" for several.
func chosenAlone(v preferences.Value) string {
	if v.Kind == choiceKind {
		return v.Text
	}
	if len(v.List) == 1 {
		return v.List[0]
	}
	return ""
}

// among is an option of a list that is not own.
func (d *doubting) among(v preferences.Value, own string) string {
	for _, s := range v.List {
		if s != own {
			return s
		}
	}
	return ""
}

// rival is the option beside which typed cannot be read, where it can be read without it.
func (d *doubting) rival(n Name, typed string) string {
	own := d.q.Options[n.Option]
	alone := *d.q
	alone.Options = []Option{own}
	if chosenAlone(Compile(&alone).Read(Ask{Locale: n.Locale}, typed).Value) != own.Value {
		return ""
	}
	for _, o := range d.q.Options {
		pair := *d.q
		pair.Options = []Option{own, o}
		if o.Value != own.Value && chosenAlone(Compile(&pair).Read(Ask{Locale: n.Locale}, typed).Value) != own.Value {
			return o.Value
		}
	}
	return ""
}

// hasty is how a name is typed by who has no time for marks: in small letters, and shouted.
func hasty(name string) []string {
	plain := unmarked(name)
	return []string{plain, strings.ToUpper(plain)}
}

func unmarked(name string) string { return fold(strings.ToLower(clean(name))) }

// slip looks for an error of one finger that names another option.
func (d *doubting) slip(n Name) (Doubt, bool) {
	own := d.q.Options[n.Option].Value
	plain := unmarked(n.Text)
	for _, typed := range append(slips(plain), d.besides(n, plain)...) {
		r := d.read(n, typed)
		other := chosenAlone(r.Value)
		if r.Status == Answered && other != "" && other != own && !strings.Contains(plain, r.Words) && !d.holds(plain, other) {
			return Doubt{Name: n, Kind: SlipMeans, Typed: typed, Other: other, Rule: r.Rule}, true
		}
	}
	return Doubt{}, false
}

// holds reports whether a name has one of another option's in it ("extra large"): then it is not the slip that matters.
func (d *doubting) holds(plain, other string) bool {
	for i, m := range d.names {
		if d.q.Options[m.Option].Value == other && strings.Contains(" "+plain+" ", " "+d.plain[i]+" ") {
			return true
		}
	}
	return false
}

// slipLetters is how long a word must be for a slip in it to count. Among shorter ones nearly every word is a slip away
// from another (S, M, L; cam, cá), and people look at what they type.
const slipLetters = 4

// slips leaves out each letter in turn, and swaps each with its neighbour.
func slips(plain string) (out []string) {
	rs := []rune(plain)
	for i := range rs {
		if !longWordAt(rs, i) {
			continue
		}
		out = append(out, string(slices.Concat(rs[:i], rs[i+1:])))
		if i+1 < len(rs) && unicode.IsLetter(rs[i+1]) && rs[i] != rs[i+1] {
			swapped := slices.Clone(rs)
			swapped[i], swapped[i+1] = rs[i+1], rs[i]
			out = append(out, string(swapped))
		}
	}
	return out
}

// longWordAt reports whether the letter at i stands in a word in which a slip counts.
func longWordAt(rs []rune, i int) bool {
	if !unicode.IsLetter(rs[i]) {
		return false
	}
	lo, hi := i, i
	for lo > 0 && unicode.IsLetter(rs[lo-1]) {
		lo--
	}
	for hi < len(rs) && unicode.IsLetter(rs[hi]) {
		hi++
	}
	return hi-lo >= slipLetters
}

// besides are the names of other options that differ from plain in one letter of a long word.
func (d *doubting) besides(n Name, plain string) (out []string) {
	a := []rune(plain)
	for k, m := range d.names {
		if m.Option == n.Option || len(d.plain[k]) != len(plain) {
			continue
		}
		b := []rune(d.plain[k])
		if len(a) != len(b) {
			continue
		}
		differ := -1
		for i := range a {
			if a[i] == b[i] {
				continue
			}
			if differ >= 0 {
				differ = -1
				break
			}
			differ = i
		}
		if differ >= 0 && longWordAt(a, differ) && longWordAt(b, differ) {
			out = append(out, string(b))
		}
	}
	return out
}

// position looks for a name that is the number of another option in the list: who writes it may mean either.
func (d *doubting) position(n Name) (Doubt, bool) {
	r := d.menu.Read(Ask{Locale: n.Locale}, n.Text)
	own := d.q.Options[n.Option].Value
	if other := chosenAlone(r.Value); r.Status == Answered && other != "" && other != own {
		return Doubt{Name: n, Kind: MeansPosition, Typed: n.Text, Other: other, Rule: r.Rule}, true
	}
	return Doubt{}, false
}

// later looks for a name that only the open question keeps from being a command.
func (d *doubting) later(n Name) (Doubt, bool) {
	for _, typed := range append([]string{n.Text}, hasty(n.Text)...) {
		if r := d.closed.Read(Ask{Locale: n.Locale}, typed); r.Status == IsCommand {
			return Doubt{Name: n, Kind: CommandLater, Typed: typed, Command: r.Command, Rule: r.Rule}, true
		}
	}
	return Doubt{}, false
}

// within looks for a stop at the beginning or the end of a name: who shortens it leaves.
func (d *doubting) within(n Name) (Doubt, bool) {
	words := strings.Fields(clean(n.Text))
	for i := 1; i < len(words); i++ {
		for _, part := range [][]string{words[:i], words[i:]} {
			typed := strings.Join(part, " ")
			if r := d.read(n, typed); r.Status == IsCommand && r.Command == Stop {
				return Doubt{Name: n, Kind: CommandWithin, Typed: typed, Command: Stop, Rule: r.Rule}, true
			}
		}
	}
	return Doubt{}, false
}
