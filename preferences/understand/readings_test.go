package understand

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/preferences"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("+07", 7*3600))

// readCase is one line of a testdata/readings*.txt with its question.
type readCase struct {
	file        string
	line        int
	ask         Ask
	typed, want string
}

func loadCases(t testing.TB) []readCase {
	var out []readCase
	files, err := filepath.Glob("testdata/readings*.txt")
	require.NoError(t, err)
	for _, file := range files {
		out = append(out, casesIn(t, file)...)
	}
	return out
}

func casesIn(t testing.TB, file string) []readCase {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []readCase
	var ask Ask
	for n, line := range strings.Split(string(b), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
		case strings.HasPrefix(line, "? ") && !strings.Contains(line, " => "):
			ask = parseAsk(line[2:])
		default:
			typed, want, ok := strings.Cut(line, " => ")
			if !ok {
				t.Fatalf("line %d has no =>", n+1)
			}
			out = append(out, readCase{file, n + 1, ask, typed, want})
		}
	}
	return out
}

func parseAsk(line string) Ask {
	parts := strings.Split(line, " | ")
	a := Ask{Locale: parts[1], Now: monday}
	if parts[0] == "none" {
		return a
	}
	vi, en, _ := strings.Cut(parts[2], " / ")
	q := &Question{Kind: preferences.Kind(parts[0]), Text: map[string]string{"vi": vi, "en": en}}
	for _, p := range parts[3:] {
		name, value, _ := strings.Cut(p, "=")
		x, err := strconv.ParseFloat(value, 64)
		switch {
		case name == "unit":
			q.Unit = value
		case name == "currency":
			q.Currency = value
		case name == "min" && err == nil:
			q.Min = &x
		case name == "max" && err == nil:
			q.Max = &x
		default:
			names := strings.Split(value, "/")
			o := Option{Value: name, Label: map[string]string{"vi": names[0], "en": names[1]}}
			if len(names) > 2 {
				o.Synonyms = map[string][]string{a.Locale: names[2:]}
			}
			q.Options = append(q.Options, o)
		}
	}
	a.Question = q
	return a
}

// short writes a reading the way readings.txt does.
func short(r Reading) string {
	switch r.Status {
	case IsCommand:
		return "!" + string(r.Command)
	case Declined, Unclear:
		return string(r.Status)
	}
	v := r.Value
	num := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'f', -1, 64)
	}
	switch v.Kind {
	case choiceKind:
		return v.Text
	case choicesKind:
		return strings.Join(v.List, "+")
	case "time_window":
		return v.From + "-" + v.To
	case "money":
		if v.Min != nil && v.Max != nil && *v.Min == *v.Max {
			return num(v.Min)
		}
		return num(v.Min) + "-" + num(v.Max)
	}
	b, _ := json.Marshal(v)
	return string(b)
}

func TestReadings(t *testing.T) {
	for _, c := range loadCases(t) {
		r := Read(c.ask, c.typed)
		if got := short(r); got != c.want {
			t.Errorf("%s:%d: %q is %s by %s, want %s  %v", c.file, c.line, c.typed, got, r.Rule, c.want, r.Trace)
		}
		if r.Confidence < 0 || r.Confidence > 1 || r.Rule == "" || r.Rule == internalError {
			t.Errorf("%s:%d: confidence %v, rule %q", c.file, c.line, r.Confidence, r.Rule)
		}
	}
}
