package understand

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
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

// TestCorpus holds the floors: how many of the labelled replies of each kind are read right.
func TestCorpus(t *testing.T) {
	type tally map[string]int
	by := map[string]tally{}
	count := func(name, class string) {
		if by[name] == nil {
			by[name] = tally{}
		}
		by[name][class]++
		by[name]["total"]++
	}
	for _, l := range loadCorpus(t) {
		r := Read(Ask{Question: &l.Question, Locale: l.Locale, Now: l.Now}, l.Text)
		class := outcome(l, r)
		count("all", class)
		count(string(l.Question.Kind), class)
		if class != "right" {
			got, _ := json.Marshal(r.Value)
			want, _ := json.Marshal(l.Expected.Value)
			t.Logf("%-8s %s [%s] %q\n   want %s %s\n   got  %s %s %s by %s %v", class, l.ID, l.Question.Kind, l.Text, l.Expected.Status, want, r.Status, r.Command, got, r.Rule, r.Trace)
		}
	}
	for name, n := range by {
		share := func(class string) float64 { return 100 * float64(n[class]) / float64(n["total"]) }
		if share("right") < floors[name] {
			t.Errorf("%s: %.1f%% right, the floor is %v%%", name, share("right"), floors[name])
		}
		if share("wrong") > 0.3 || n["false command"] > 0 {
			t.Errorf("%s: %d wrong captures, %d false commands", name, n["wrong"], n["false command"])
		}
		t.Logf("%-12s %4d  right %5.1f%%  wrong %4.1f%%  false command %d  missed %d  other %d", name, n["total"], 100*float64(n["right"])/float64(n["total"]), 100*float64(n["wrong"])/float64(n["total"]), n["false command"], n["missed"], n["other"])
	}
}
