package understand

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

type corpusLine struct {
	ID       string    `json:"id"`
	Locale   string    `json:"locale"`
	Now      time.Time `json:"now"`
	Question Question  `json:"question"`
	Text     string    `json:"text"`
	Expected struct {
		Status Status `json:"status"`
		Value  any    `json:"value"`
	} `json:"expected"`
}

// outcome is the class of one line, as in the corpus's own scorer.
func outcome(l corpusLine, r Reading) string {
	e := l.Expected
	switch {
	case r.Status == e.Status && (r.Status == Unclear || r.Status == Declined):
		return "right"
	case r.Status == e.Status && r.Status == IsCommand && string(r.Command) == e.Value:
		return "right"
	case r.Status == e.Status && r.Status == Answered && sameJSON(r.Value, e.Value):
		return "right"
	case r.Status == Answered:
		return "wrong"
	case r.Status == IsCommand:
		return "false command"
	case e.Status == Answered:
		return "missed"
	}
	return "other"
}

func sameJSON(v any, want any) bool {
	b, err := json.Marshal(v)
	if err != nil {
		return false
	}
	var got any
	if json.Unmarshal(b, &got) != nil {
		return false
	}
	return reflect.DeepEqual(got, want)
}

func loadCorpus(t testing.TB) []corpusLine {
	f, err := os.Open("testdata/replies-dev.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []corpusLine
	for in := bufio.NewScanner(f); in.Scan(); {
		var l corpusLine
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// floors are the least share of right answers in percent, over all and by kind.
var floors = map[string]float64{"all": 99, "yes_no": 98, "choice": 98.5, "choices": 98, "number": 98, "money": 98, "rating": 97, "date": 98, "time_window": 97, "text": 97, "email": 91}

// tally counts the replies of one kind.
type tally struct {
	total  int
	class  map[string]int
	fallen []string // those that are not right
}

type tallies map[string]*tally

func (ts tallies) count(name, class, reply string) {
	t := ts[name]
	if t == nil {
		t = &tally{class: map[string]int{}}
		ts[name] = t
	}
	t.total++
	if t.class[class]++; class != "right" {
		t.fallen = append(t.fallen, reply)
	}
}

// share is how many are of a class, in percent.
func (t *tally) share(class string) float64 {
	return 100 * float64(t.class[class]) / float64(max(t.total, 1))
}

// hold fails where fewer are right than the floor says, and tells which fell.
func (t *tally) hold(tb testing.TB, name string, floor float64) {
	tb.Helper()
	if t.share("right") < floor {
		tb.Errorf("%s: %.1f%% of %d right, the floor is %v%%; these fell:\n   %s", name, t.share("right"), t.total, floor, strings.Join(t.fallen, "\n   "))
	}
	tb.Logf("%-12s %4d  right %5.1f%%  %v", name, t.total, t.share("right"), t.class)
}

// TestCorpus holds the floors: how many of the labelled replies of each kind are read right.
func TestCorpus(t *testing.T) {
	by := tallies{}
	for _, l := range loadCorpus(t) {
		r := Read(Ask{Question: &l.Question, Locale: l.Locale, Now: l.Now}, l.Text)
		got, _ := json.Marshal(r.Value)
		want, _ := json.Marshal(l.Expected.Value)
		class := outcome(l, r)
		reply := fmt.Sprintf("%s %s %q is %s %s %s by %s, want %s %s  %v", class, l.ID, l.Text, r.Status, r.Command, got, r.Rule, l.Expected.Status, want, r.Trace)
		by.count("all", class, reply)
		by.count(string(l.Question.Kind), class, reply)
	}
	for name, n := range by {
		n.hold(t, name, floors[name])
		if n.share("wrong") > 0.3 || n.class["false command"] > 0 {
			t.Errorf("%s: %d wrong captures, %d false commands", name, n.class["wrong"], n.class["false command"])
		}
	}
}

// floor is what is asked of the readings of one kind.
type floor struct {
	replies int     // at least so many: a line that is taken out is missed, too
	right   float64 // of them as they are typed, in percent
	bare    float64 // of those with marks, typed without any
	wrong   float64 // of the latter, at most so many are taken for something else
}

// readingFloors are the floors of testdata/readings*.txt, by kind of question. What is typed without marks is often
// said in two ways and then asked again, so that it counts as fallen, but not as wrong.
var readingFloors = map[string]floor{
	"none": {290, 100, 97, 1}, "yes_no": {440, 100, 92, 1}, "choice": {840, 100, 85, 2.5}, "choices": {350, 100, 91, 2.5}, "number": {700, 100, 96, 1}, "money": {780, 100, 93, 0},
	"rating": {340, 100, 92, 3}, "date": {730, 100, 95, 0}, "time_window": {480, 100, 89, 2}, "text": {115, 100, 0, 0}, "email": {50, 100, 90, 7},
}

// TestReadingFloors holds the floors by kind, as the readings are typed and as they are typed in a hurry: without marks.
func TestReadingFloors(t *testing.T) {
	typed, bare := tallies{}, tallies{}
	for _, c := range loadCases(t) {
		kind := "none"
		if c.ask.Question != nil {
			kind = string(c.ask.Question.Kind)
		}
		typed.read(kind, c, c.typed)
		if plain := fold(c.typed); plain != c.typed && kind != string(textKind) { // a text is what was typed
			bare.read(kind, c, plain)
		}
	}
	for kind, n := range typed {
		least, ok := readingFloors[kind]
		if !ok || n.total < least.replies {
			t.Errorf("%s: %d replies, the floor is %d", kind, n.total, least.replies)
		}
		n.hold(t, kind, least.right)
	}
	for kind, n := range bare {
		n.hold(t, kind+" without marks", readingFloors[kind].bare)
		if most := readingFloors[kind].wrong; n.share("wrong") > most {
			t.Errorf("%s without marks: %.1f%% wrong, at most %v%% may be:\n   %s", kind, n.share("wrong"), most, strings.Join(n.fallen, "\n   "))
		}
	}
	for kind := range readingFloors {
		if typed[kind] == nil {
			t.Errorf("%s: no replies", kind)
		}
	}
}

// read counts what is read of text against the case's own reading.
func (ts tallies) read(kind string, c readCase, text string) {
	r := Read(c.ask, text)
	got, class := short(r), "wrong"
	switch {
	case got == c.want:
		class = "right"
	case r.Status == Unclear || r.Status == Declined:
		class = "asked again"
	}
	ts.count(kind, class, fmt.Sprintf("%s %s:%d: %q is %s by %s, want %s", class, c.file, c.line, text, got, r.Rule, c.want))
}

// TestEveryReadingsFileIsRead: a file of readings that no test reads holds nothing.
func TestEveryReadingsFileIsRead(t *testing.T) {
	files, err := filepath.Glob("testdata/readings*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no files of readings", err)
	}
	read := map[string]bool{}
	for _, c := range loadCases(t) {
		read[c.file] = true
	}
	for _, f := range files {
		if !read[f] {
			t.Errorf("%s is not read", f)
		}
	}
}
