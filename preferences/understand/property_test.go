package understand

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// clearCases are the readings that an answer or a command came out of with confidence.
func clearCases(t testing.TB) []readCase {
	var out []readCase
	for _, c := range loadCases(t) {
		if c.ask.Question != nil && c.ask.Question.Kind != textKind && c.want != "unclear" {
			out = append(out, c)
		}
	}
	return out
}

// TestSpellingsReadTheSame: how the characters are composed and how the answer is wrapped does not matter. All are tried: what fails is
// never left to which few were drawn.
func TestSpellingsReadTheSame(t *testing.T) {
	wraps := map[string]func(string) string{
		"composed":      norm.NFC.String,
		"decomposed":    norm.NFD.String,
		"spaces":        func(s string) string { return "  " + s + " \n" },
		"emoji":         func(s string) string { return s + " 😊" },
		"zero width":    func(s string) string { return "\u200b" + s + "\ufeff" },
		"right to left": func(s string) string { return "\u200f" + s },
		"full stop":     func(s string) string { return s + "." },
	}
	read := compiledOnce()
	for _, c := range clearCases(t) {
		for name, wrap := range wraps {
			if name == "full stop" && strings.HasSuffix(c.typed, ".") || name == "emoji" && !hasLetter(c.typed) {
				continue
			}
			if got := short(read(c.ask, wrap(c.typed))); got != c.want {
				t.Errorf("%s:%d: %s %q is %s, want %s", c.file, c.line, name, c.typed, got, c.want)
			}
		}
	}
}

// compiledOnce reads as Read does, and compiles each question once.
func compiledOnce() func(a Ask, text string) Reading {
	readers := map[*Question]*Reader{}
	return func(a Ask, text string) Reading {
		if readers[a.Question] == nil {
			readers[a.Question] = Compile(a.Question)
		}
		return readers[a.Question].Read(a, text)
	}
}

// TestPolitenessChangesNothing: an answer with a greeting and thanks around it is the same answer. Every reply is tried with every
// greeting; the thanks take turns, so that this stays quick.
func TestPolitenessChangesNothing(t *testing.T) {
	courtesies := map[string]struct{ before, after []string }{
		"vi": {[]string{"dạ ", "Dạ, ", "shop ơi ", "alo, ", ""}, []string{" ạ", " nha", " nhé shop", ", cảm ơn shop", " á"}},
		"en": {[]string{"hi, ", "Hello ", "hey there, ", ""}, []string{", thanks", " thank you!", " 🙏", " thx"}},
	}
	read := compiledOnce()
	for n, c := range clearCases(t) {
		if strings.HasSuffix(c.typed, "?") || !hasLetter(c.typed) {
			continue
		}
		said := courtesies[c.ask.Locale]
		for i := range said.before {
			typed := said.before[i] + c.typed + said.after[(n+i)%len(said.after)]
			if got := short(read(c.ask, typed)); got != c.want && got != "unclear" {
				t.Errorf("%s:%d: %q is %s, want %s", c.file, c.line, typed, got, c.want)
			}
		}
	}
}

// TestPolitenessIsUnderstood holds how often politeness may make an answer unclear: seldom.
func TestPolitenessIsUnderstood(t *testing.T) {
	lost, all := 0, 0
	for _, c := range clearCases(t) {
		if c.ask.Locale != "vi" || !hasLetter(c.typed) {
			continue
		}
		all++
		if got := short(Read(c.ask, "dạ "+c.typed+" nha shop")); got != c.want {
			lost++
			t.Logf("%q is %s, want %s", "dạ "+c.typed+" nha shop", got, c.want)
		}
	}
	if lost*100 > all*4 {
		t.Errorf("%d of %d answers were lost", lost, all)
	}
}

// TestCapitalsReadTheSame: capitals are how some people write; only HUY and DUNG are commands by them.
func TestCapitalsReadTheSame(t *testing.T) {
	for _, c := range clearCases(t) {
		if got := short(Read(c.ask, strings.ToUpper(c.typed))); got != c.want && c.want != "!stop" {
			t.Errorf("%q is %s, want %s", strings.ToUpper(c.typed), got, c.want)
		}
	}
}

// TestWithoutMarks: leaving the marks out may make an answer unclear, but never another answer.
func TestWithoutMarks(t *testing.T) {
	lost, all := 0, 0
	for _, c := range append(clearCases(t), corpusCases(t)...) {
		bare := strings.Map(foldRune, norm.NFC.String(strings.ToLower(c.typed)))
		got := short(Read(c.ask, bare))
		all++
		if got == c.want {
			continue
		}
		lost++
		if got != "unclear" && got != "declined" {
			t.Errorf("%q from %q is %s, want %s or unclear", bare, c.typed, got, c.want)
		}
	}
	t.Logf("%d of %d are unclear without marks", lost, all)
}

// corpusCases are the answered lines of the labelled replies.
func corpusCases(t testing.TB) []readCase {
	var out []readCase
	for _, l := range loadCorpus(t) {
		a := Ask{Question: &l.Question, Locale: l.Locale, Now: l.Now}
		if r := Read(a, l.Text); r.Status == Answered && l.Question.Kind != textKind {
			out = append(out, readCase{ask: a, typed: l.Text, want: short(r)})
		}
	}
	return out
}

// TestLabelsReadAsThemselves: every label of every question in the tests is read as its option.
func TestLabelsReadAsThemselves(t *testing.T) {
	questions := map[string]Ask{}
	for _, l := range loadCorpus(t) {
		questions[l.Locale+l.Question.Text["vi"]] = Ask{Question: &l.Question, Locale: l.Locale, Now: l.Now}
	}
	for _, c := range loadCases(t) {
		if c.ask.Question != nil {
			questions[c.ask.Locale+c.ask.Question.Text["vi"]] = c.ask
		}
	}
	for _, a := range questions {
		for _, o := range a.Question.Options {
			r := Read(a, o.Label[a.Locale])
			want := o.Value
			if r.Status != Answered || r.Value.Text != want && !reflect.DeepEqual(r.Value.List, []string{want}) {
				t.Errorf("%q of %q is %s by %s", o.Label[a.Locale], a.Question.Text[a.Locale], short(r), r.Rule)
			}
		}
	}
}

// TestHostileText: nothing that a phone can send makes Read fail or answer.
func TestHostileText(t *testing.T) {
	first := loadCases(t)[0].ask
	for _, text := range []string{"", "\x00", "\xff\xfe\x00", strings.Repeat("đ", 6000), strings.Repeat("1 ", 4000), strings.Repeat("không ", 2000), strings.Repeat("(", 5000),
		strings.Repeat("👨‍👩‍👧‍👦", 800), "\u202e\u202d\u2066", strings.Repeat("à nhầm ", 1000), "𝟙𝟚𝟛", strings.Repeat("9", 5000), "9999999999999999999999", "-", "/", "1/", "/1", ":", "$", "$$", "1:", "#", "tháng", "ngày", "thứ", "trăm", "1.1.1.1.1"} {
		r := Read(first, text)
		if r.Confidence < 0 || r.Confidence > 1 || r.Rule == internalError || !utf8.ValidString(r.Words) {
			t.Fatalf("%q: %+v", text, r)
		}
	}
	kinds := map[string]Ask{}
	for _, c := range loadCases(t) {
		if c.ask.Question != nil {
			kinds[string(c.ask.Question.Kind)+c.ask.Locale] = c.ask
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, a := range kinds {
			if r := Read(a, text); r.Rule == internalError {
				t.Fatalf("%q: %v", text, r.Trace)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	kinds := map[string]Ask{}
	var names []string
	for _, c := range loadCases(f) {
		if c.ask.Question == nil {
			continue
		}
		k := string(c.ask.Question.Kind)
		if _, ok := kinds[k]; !ok {
			names = append(names, k)
		}
		kinds[k] = c.ask
		f.Add(c.typed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range names {
			r := Read(kinds[k], text)
			if r.Confidence < 0 || r.Confidence > 1 || r.Rule == "" || r.Rule == internalError {
				t.Fatalf("%s %q: %+v", k, text, r)
			}
		}
		Read(Ask{Locale: "vi"}, text)
	})
}

// BenchmarkRead reads typical replies; Compiled keeps the question, as an engine does.
func BenchmarkRead(b *testing.B) {
	lines := loadCorpus(b)
	b.Run("Read", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			l := &lines[i%len(lines)]
			Read(Ask{Question: &l.Question, Locale: l.Locale, Now: l.Now}, l.Text)
		}
	})
	b.Run("Compiled", func(b *testing.B) {
		readers := make([]*Reader, len(lines))
		for i := range lines {
			readers[i] = Compile(&lines[i].Question)
		}
		b.ResetTimer()
		for i := 0; b.Loop(); i++ {
			l := &lines[i%len(lines)]
			readers[i%len(lines)].Read(Ask{Locale: l.Locale, Now: l.Now}, l.Text)
		}
	})
}

// BenchmarkReadLong reads 10,000 characters.
func BenchmarkReadLong(b *testing.B) {
	text := strings.Repeat("đen nhưng mà không thích, trắng hay đỏ cũng được. ", 200)
	a := askedOfEach(b)[string(choiceKind)]
	r := Compile(a.Question)
	for b.Loop() {
		r.Read(a, text)
	}
}
