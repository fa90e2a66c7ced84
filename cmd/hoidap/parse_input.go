package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// readInput reads one line of input and says of a mistake which field it is in. What could be read is given with it.
func readInput(line []byte) (in parseInput, err error) {
	if err := json.Unmarshal(line, &in); err != nil {
		if wrong := (&json.UnmarshalTypeError{}); errors.As(err, &wrong) && wrong.Field != "" {
			return in, fmt.Errorf("%s takes a %s, not this kind of value: %s", wrong.Field, jsonName(wrong.Type.Kind()), wrong.Value)
		}
		if wrong := (&time.ParseError{}); errors.As(err, &wrong) { // the one time in a line
			return in, errors.New("now takes a time such as 2026-11-23T09:00:00+07:00")
		}
		if wrong := (&json.UnmarshalTypeError{}); errors.As(err, &wrong) {
			return in, fmt.Errorf("the line must be a JSON object, not this kind of value: %s", wrong.Value)
		}
		return in, fmt.Errorf("the line is not JSON: %w", err)
	}
	return in, in.check()
}

// jsonName is what JSON calls a kind of Go value.
func jsonName(k reflect.Kind) string {
	switch k {
	case reflect.Float64, reflect.Int:
		return "number"
	case reflect.Map, reflect.Struct:
		return "group of values by name"
	case reflect.Slice:
		return "list"
	}
	return k.String()
}

func (in *parseInput) check() error {
	switch {
	case len(in.ID) == 0:
		return errors.New(`"id" is missing`)
	case in.Text == nil:
		return errors.New(`"text" is missing`)
	case in.Question == nil:
		return nil
	case in.Question.Kind == preferences.Date && in.Now.IsZero():
		return errors.New(`"now" is missing: a date is read from the day of the reply`)
	}
	return checkQuestion(in.Question)
}

// checkQuestion names the field that keeps replies from being read.
func checkQuestion(q *understand.Question) error {
	choosing := q.Kind == preferences.Choice || q.Kind == preferences.Choices
	switch {
	case !slices.Contains(preferences.Kinds(), q.Kind):
		return fmt.Errorf(`question.kind: there is no kind %q; the kinds are %v`, q.Kind, preferences.Kinds())
	case choosing && len(q.Options) == 0:
		return fmt.Errorf(`question.options is missing: a %s question needs options`, q.Kind)
	case q.Min != nil && q.Max != nil && *q.Min > *q.Max:
		return fmt.Errorf(`question.min is %v, above question.max (%v): no answer fits`, *q.Min, *q.Max)
	}
	seen := map[string]int{}
	for i, o := range q.Options {
		first, twice := seen[o.Value]
		switch {
		case o.Value == "":
			return fmt.Errorf(`question.options[%d].value is missing`, i)
		case twice:
			return fmt.Errorf(`question.options[%d].value is %q, like that of options[%d]; each option needs its own`, i, o.Value, first)
		case !slices.ContainsFunc([]string{"vi", "en"}, func(locale string) bool { return strings.TrimSpace(o.Label[locale]) != "" }):
			return fmt.Errorf(`question.options[%d].label says nothing in vi or en, so that nobody can name the option`, i)
		}
		seen[o.Value] = i
	}
	return nil
}
