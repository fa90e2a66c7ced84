package strict_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/config/strict"
)

// first parses text, which has one document.
func first(t *testing.T, text string) (strict.Value, *strict.Report) {
	t.Helper()
	r := &strict.Report{}
	docs := strict.Parse(r, "f.yaml", []byte(text))
	require.Empty(t, r.Problems(), text)
	require.Len(t, docs, 1, text)
	return docs[0], r
}

// A place within a text is found in the file however the text is written, or is that of the text.
func TestInside(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]strict.Place{
		"k: ab cd":                       {Line: 1, Column: 7},
		`k: "ab cd"`:                     {Line: 1, Column: 8},
		`k: 'ab cd'`:                     {Line: 1, Column: 8},
		"é: \"ab cd\"":                   {Line: 1, Column: 8},
		"e\u0301: \"ab cd\"":             {Line: 1, Column: 8}, // one character to whoever reads it
		"k: |\n  ab cd\n":                {Line: 2, Column: 6},
		"k: |-\r\n    ab cd\r\n":         {Line: 2, Column: 8},
		"k: >\n  ab cd\n":                {Line: 2, Column: 6},
		"k:\n  ab cd\n":                  {Line: 2, Column: 6},
		"{a: 1, k: ab cd}":               {Line: 1, Column: 14},
		`k: "a\u0062 cd"`:                {Line: 1, Column: 4}, // with escapes nobody could tell
		"k: ab\n  cd\n":                  {Line: 1, Column: 4},
		"k: &anchor ab cd":               {Line: 1, Column: 4},
		"a: &anchor ab cd\nk: *anchor\n": {Line: 2, Column: 4},
	} {
		want.File = "f.yaml"
		doc, _ := first(t, text)
		v := doc.Group("a", "k", "é").Get("k")
		if !v.Present() {
			v = doc.Group("é").Get("é")
		}
		require.Equal(t, "ab cd", strings.TrimSpace(v.Text()), text)
		require.Equal(t, want, v.Inside(1, 4), text)
	}
	doc, _ := first(t, "k: |\n  one\n    two\n")
	require.Equal(t, strict.Place{File: "f.yaml", Line: 3, Column: 6}, doc.Group("k").Get("k").Inside(2, 4))
}

func TestValues(t *testing.T) {
	t.Parallel()
	doc, r := first(t, "phone: 0901234567\nno: no\nn: 1_000\nx: 0.5\nlist: [a, b]\ngone:\nword: \"5\"\n")
	g := doc.Group("phone", "no", "n", "x", "list", "gone", "word")
	require.Equal(t, "0901234567", g.Get("phone").Text(), "the zero stays")
	require.Equal(t, "no", g.Get("no").Text())
	require.Equal(t, 1000, g.Get("n").Int(0, 2000))
	x, ok := g.Get("x").Number()
	require.True(t, ok)
	require.InDelta(t, 0.5, x, 0)
	require.Len(t, g.Get("list").List(), 2)
	require.False(t, g.Get("gone").Present())
	require.Empty(t, r.Problems())

	g.Get("n").Int(0, 5)
	g.Get("word").Int(0, 9)
	g.Need("gone", "x")
	g.Get("no").OneOf("on", "off")
	require.Equal(t, `f.yaml:2:5: no cannot be "no"; did you mean on?
f.yaml:3:4: n must be 0 to 5, not 1000
f.yaml:6:6: gone is missing; write gone: x
f.yaml:7:7: word must be a whole number, not the text "5"`, r.Problems().Error())
	require.Error(t, r.Problems().Err())
	require.NoError(t, strict.Problems(nil).Err())
}

func TestNotUTF8AndTooLarge(t *testing.T) {
	t.Parallel()
	r := &strict.Report{}
	require.Empty(t, strict.Parse(r, "f.yaml", []byte("a: b\nc: \xff\n")))
	require.Empty(t, strict.Parse(r, "g.yaml", make([]byte, 2<<20)))
	require.Equal(t, "f.yaml:2:4: this is not UTF-8 text; save the file as UTF-8\ng.yaml: the file is larger than 1048576 bytes; split it", r.Problems().Error())
}

func FuzzParse(f *testing.F) {
	f.Add("a: &x {b: [*x, \"c\"]}\n---\n- |\n  d\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := &strict.Report{}
		for _, doc := range strict.Parse(r, "f.yaml", []byte(text)) {
			g := doc.Group("a", "b")
			for _, v := range []strict.Value{doc, g.Get("a"), g.Need("b", "x")} {
				v.Text()
				v.Int(0, 1)
				v.Number()
				v.OneOf("x")
				for _, m := range v.List() {
					m.Text()
					m.FailInside(1, 2, "", "x")
				}
				v.Pairs()
				v.FailInside(2, 3, "", "x")
			}
		}
		for _, p := range r.Problems() {
			_ = p.String()
		}
	})
}
