package http

import (
	"strings"
	"testing"
)

// Where a path leads, and that it leads to one value or to none.
func TestPaths(t *testing.T) {
	t.Parallel()
	tree, err := parseJSON([]byte(`{"a":{"b":[{"c":1},{"c":[2]},{"c":{"d":true}}],"x.y":"z"},"n":null,"s":"tel:84;x","list":["one"],"header":"h","ours":"o","query":"q","big":12345678901234567890.10}`))
	if err != nil {
		t.Fatal(err)
	}
	in := scene{root: tree, event: tree, query: map[string]any{"hub.mode": "m", "k": []any{"1", "2"}}}
	const none = "\x00"
	for path, want := range map[string]string{
		"$.a.b[0].c": "1", "a.b[0].c": "1", "root.a.b[0].c": "1", "$.a.b[1].c[0]": "2", "$.a.b[1].c[*]": "2", "$.a.b[2].c.d": "true", `$.a["x.y"]`: "z", `a["x.y"]`: "z",
		"$.a.b[*].c": none, "$.a.b[3].c": none, "$.a.b": none, "$.a": none, "$": none, "$.n": none, "$.n.x": none, "$.none": none, "$.s[0]": "tel:84;x", "$.s[1]": none, "list[*]": "one",
		`$.s match ^tel:(\d+)`: "84", `$.s match (none)`: none, `$.s match x(y?)`: "", "$.big": "12345678901234567890.10",
		`query["hub.mode"]`: "m", "query.k": none, "query.k[1]": "2", "header": "h", "query": "q", "$.header": "h", "$.ours": "o", "header.X": none,
	} {
		s, err := parseSource(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got, ok := s.text(in); ok == (want == none) || ok && got != want {
			t.Errorf("%s leads to %q, %v, want %q", path, got, ok, want)
		}
	}
	for _, path := range []string{"", "$.", "$..a", "$.a[", "$.a[-1]", "$.a[1", "$.a[b]", `$.a["b]`, `$.a[""]`, "$a", "a b", "$.a match", "$.a match (", "$.a match a", "header[0]", "header.A.B", "a=b", "[0]", ".a", "$.a[99999]"} {
		if s, err := parseSource(path); err == nil {
			t.Errorf("%q is a path: %+v", path, s)
		}
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	tree := map[string]any{"s": "00", "list": []any{"1", "2"}, "words": "said and done", "n": "10", "empty": "", "neg": "-3.5", "exp": "1e5"}
	in := scene{status: 429, root: tree, event: tree}
	for asked, want := range map[string]bool{
		"s = 00": true, "s = 0": false, `s = "00"`: true, "s in 0, 00": true, "s in 0,1": false, "s != 0": true, "s != 00": false, "none != 0": false,
		"n >= 9": true, "n >= 10.0": true, "n >= 10.01": false, "n <= 9": false, "s <= 0": true, "empty >= 0": false, "neg <= -3": true, "exp >= 1": false, "words >= 0": false,
		"s exists": true, "none exists": false, "none missing": true, "s missing": false, "list exists": false, "list[0] exists": true, "empty exists": true,
		"words matches ^said": true, `words matches said\sand\sdone$`: true, "words matches ^done": false, "empty matches ^$": true, "none matches ^$": false,
		"http 429": true, "http 4xx": true, "http 200, 429": true, "http 2xx, 5xx": false, "http 400": false,
		"s = 00 and n = 10": true, "s = 00 and n = 11": false, "s = 01\nn = 10": false, "s = 00\n\n  n = 10\n": true, `empty = ""`: true, `words = "said`: false, `words = "1 or 2"`: false,
		`words in said, "said"`: false, "words = said\\sand done": false,
	} {
		c, err := parseAll(asked)
		if err != nil {
			t.Errorf("%q: %v", asked, err)
			continue
		}
		if c.hold(in) != want {
			t.Errorf("%q holds: %v", asked, !want)
		}
	}
	if none, err := parseAll(""); err != nil || none.hold(in) {
		t.Errorf("no conditions hold: %v", err)
	}
	for _, asked := range []string{"s", "s ==", "s = ", "s == 1", "s exists 1", "s matches (", "s >= x", "s >= 1e9", "s >= 0x10", "http", "http x", "http 600", "ours = 1", "s = 1 and", "and s = 1", "s = 1 or s = 2", "s != 1 or 2"} {
		if c, err := parseAll(asked); err == nil {
			t.Errorf("%q is a condition: %+v", asked, c)
		}
	}
}

// Whatever is written into a configuration is read or refused, and does not panic.
func FuzzSettings(f *testing.F) {
	for _, s := range []string{"$.a[0].b = 1 and http 4xx", "a -> failed recipient", "$.x match (a)|b", "{{text}}{{", `"a" key raw_body "`, "x=y\nz={{id}}", `q["a.b"]`, "20060102150405"} {
		f.Add(s)
	}
	tree := map[string]any{"a": []any{map[string]any{"b": "1"}}, "x": "a"}
	in := scene{status: 400, root: tree, event: tree}
	f.Fuzz(func(t *testing.T, v string) {
		for _, s := range settings() {
			if s.Check == nil {
				continue
			}
			if err := s.Check(v); err != nil && strings.Contains(err.Error(), "%!") {
				t.Errorf("%s: %v", s.Name, err)
			}
		}
		if s, err := parseSource(v); err == nil {
			s.text(in)
		}
		if c, err := parseAll(v); err == nil {
			c.hold(in)
		}
		if fs, err := parseFields(v, "=", knownPlaceholder); err == nil {
			encode(fs, func(string) string { return "x" })
		}
	})
}
