package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestParseLines(t *testing.T) {
	in := strings.Join([]string{
		`{"id":"a","locale":"vi","now":"2026-11-23T09:00:00+07:00","question":{"kind":"yes_no","text":{"vi":"Bạn có nuôi mèo không?"}},"text":"dạ có"}`,
		`{"id":"b","locale":`,
		``,
		`{"id":"c","locale":"vi","question":{"kind":"money","currency":"VND"},"text":"1tr4"}`,
		`{"id":"d","locale":"en","text":"STOP"}`,
		`{"id":"e","locale":"en","question":{"kind":"mood"},"text":"fine"}`,
		`{"id":7,"locale":"vi","question":{"kind":"yes_no"},"text":"sao vậy?"}`,
	}, "\r\n")
	in = "\ufeff" + in + "\n\t\n" // as some editors write files
	var out bytes.Buffer
	bad, err := parseLines(strings.NewReader(in), &out, false)
	if err != nil || bad != 2 {
		t.Fatalf("bad = %d, err = %v", bad, err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := []string{`{"id":"a","status":"answered","value":true`, `{"line":2,"error":`, `{"id":"c","status":"answered","value":{"amount":1400000,"currency":"VND"}`,
		`{"id":"d","status":"command","value":"stop"`, `{"line":6,"id":"e","error":"question.kind: there is no kind \"mood\"`, `{"id":7,"status":"unclear"`}
	if len(lines) != len(want) {
		t.Fatalf("%d lines:\n%s", len(lines), out.String())
	}
	for i, w := range want {
		if !strings.HasPrefix(lines[i], w) || !json.Valid([]byte(lines[i])) {
			t.Errorf("line %d is %s, want %s...", i+1, lines[i], w)
		}
	}
	if strings.Contains(lines[5], "value") {
		t.Errorf("an unclear reply has no value: %s", lines[5])
	}
}

func TestParseSkipsALineThatIsTooLong(t *testing.T) {
	long := `{"id":"x","text":"` + strings.Repeat("a", maxParseLine) + `"}`
	in := long + "\n" + `{"id":"y","locale":"en","text":"stop"}`
	var out bytes.Buffer
	bad, err := parseLines(strings.NewReader(in), &out, false)
	if err != nil || bad != 1 {
		t.Fatalf("bad = %d, err = %v", bad, err)
	}
	if got := out.String(); !strings.HasPrefix(got, `{"line":1,"error":"the line is longer`) || !strings.Contains(got, `{"id":"y","status":"command"`) {
		t.Error(got)
	}
}

func TestParseTraces(t *testing.T) {
	var out bytes.Buffer
	if _, err := parseLines(strings.NewReader(`{"id":"a","locale":"vi","text":"ngưng nhắn tin đi"}`), &out, true); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"trace":[`) {
		t.Error(out.String())
	}
}

// TestParseShowsWhatWouldBeAskedBack: an unclear reply that may well be one answer.
func TestParseShowsWhatWouldBeAskedBack(t *testing.T) {
	in := `{"id":"a","locale":"vi","question":{"kind":"email"},"text":"lan@gmial.com"}`
	var traced, plain bytes.Buffer
	if _, err := parseLines(strings.NewReader(in), &traced, true); err != nil {
		t.Fatal(err)
	}
	if _, err := parseLines(strings.NewReader(in), &plain, false); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(traced.String(), `"status":"unclear"`) || !strings.Contains(traced.String(), `"maybe":{"value":"lan@gmail.com"`) {
		t.Error(traced.String())
	}
	if strings.Contains(plain.String(), "maybe") {
		t.Errorf("without --trace: %s", plain.String())
	}
}

// TestParseNamesTheFieldThatIsWrong: one mistake a line, and what is said of it.
func TestParseNamesTheFieldThatIsWrong(t *testing.T) {
	for line, want := range map[string]string{
		`{"text":"x"}`:                          `"id" is missing`,
		`{"id":1}`:                              `"text" is missing`,
		`[]`:                                    `the line must be a JSON object, not this kind of value: array`,
		`{"id":1`:                               `the line is not JSON: unexpected end`,
		`{"id":1,"text":5}`:                     `text takes a string`,
		`{"id":1,"text":"x","now":"yesterday"}`: `now takes a time`,
		`{"id":1,"text":"x","question":{"kind":"date"}}`:                                                                                  `"now" is missing`,
		`{"id":1,"text":"x","question":{"kind":"number","min":"a"}}`:                                                                      `question.min takes a number`,
		`{"id":1,"text":"x","question":{"kind":"number","min":9,"max":1}}`:                                                                `question.min is 9, above question.max (1)`,
		`{"id":1,"text":"x","question":{"kind":"choice"}}`:                                                                                `question.options is missing`,
		`{"id":1,"text":"x","question":{"kind":"choice","options":{"a":"A"}}}`:                                                            `question.options takes a list`,
		`{"id":1,"text":"x","question":{"kind":"choice","options":[{"label":{"vi":"A"}}]}}`:                                               `question.options[0].value is missing`,
		`{"id":1,"text":"x","question":{"kind":"choice","options":[{"value":"a"}]}}`:                                                      `question.options[0].label says nothing`,
		`{"id":1,"text":"x","question":{"kind":"choices","options":[{"value":"a","label":{"vi":"A"}},{"value":"a","label":{"vi":"B"}}]}}`: `question.options[1].value is "a", like that of options[0]`,
		`{"id":1,"text":"x","question":{"kind":"yes_no","text":"Bạn?"}}`:                                                                  `question.text takes a group of values by name`,
	} {
		if _, err := readInput([]byte(line)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}

func TestParseCommandEndsWithTwoOnBrokenInput(t *testing.T) {
	c := parseCommand()
	c.SetIn(strings.NewReader("nonsense\n"))
	c.SetOut(new(bytes.Buffer))
	c.SetArgs([]string{})
	var e exitError
	if err := c.Execute(); !errors.As(err, &e) || e.code != 2 {
		t.Errorf("err = %v", err)
	}
}
