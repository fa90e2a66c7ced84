package console

import (
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns/files"
)

// What one form may have at most: as much as the linter allows, and some more so that it can say so.
const (
	questionsMost = 40
	optionsMost   = 40
)

// readForm reads the editor's form. Its fields are named by place: q.0.text.vi, q.0.o.1.label.en.
func readForm(x echo.Context) files.Form {
	v := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(x.FormValue(name), "\r\n", "\n"))
	}
	values, _ := x.FormParams() //nolint:errcheck // FormValue has read the same
	f := files.Form{Campaign: v("campaign"), Name: v("name"), Purpose: v("purpose"), Audience: v("audience"), Expires: v("expires"),
		Channels: values["channels"], Offers: values["offers"], Thanks: byLocale(v, "thanks")}
	switch v("starts") {
	case "cron":
		f.Schedule = files.ScheduleForm{Cron: v("cron"), Timezone: v("timezone")}
	case "at":
		f.Schedule = files.ScheduleForm{At: v("at"), Timezone: v("timezone")}
	case "event":
		f.Schedule = files.ScheduleForm{Event: v("event"), Delay: v("delay")}
	}
	for i := range questionsMost {
		at := "q." + strconv.Itoa(i) + "."
		if _, there := values[at+"id"]; !there {
			break
		}
		f.Questions = append(f.Questions, readQuestion(v, values, at))
	}
	return f
}

func readQuestion(v func(string) string, values map[string][]string, at string) files.QuestionForm {
	q := files.QuestionForm{Was: v(at + "was"), ID: v(at + "id"), Attribute: v(at + "attribute"), Label: byLocale(v, at+"label"), Kind: v(at + "kind"), When: v(at + "when"),
		Text: byLocale(v, at+"text"), Again: byLocale(v, at+"again"), Currency: v(at + "currency"), Min: v(at + "min"), Max: v(at + "max"), Unit: v(at + "unit"),
		FreshFor: v(at + "fresh_for"), RemindAfter: v(at + "remind_after"), Retries: v(at + "retries")}
	for n := range optionsMost {
		o := at + "o." + strconv.Itoa(n) + "."
		if _, there := values[o+"value"]; !there {
			break
		}
		q.Options = append(q.Options, files.OptionForm{Was: v(o + "was"), Value: v(o + "value"), Label: byLocale(v, o+"label"), Synonyms: synonyms(v, o+"synonyms")})
	}
	return q
}

func byLocale(v func(string) string, name string) map[string]string {
	out := map[string]string{}
	for _, l := range langs {
		if s := v(name + "." + string(l)); s != "" {
			out[string(l)] = s
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// synonyms are words with commas between them.
func synonyms(v func(string) string, name string) map[string][]string {
	out := map[string][]string{}
	for _, l := range langs {
		for _, s := range strings.Split(v(name+"."+string(l)), ",") {
			if s = strings.TrimSpace(s); s != "" && !slices.Contains(out[string(l)], s) {
				out[string(l)] = append(out[string(l)], s)
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// twice says of a form that two of its questions, or two options of one, have one name, by which the file would tell them
// apart; "" where that is not so.
func (l lang) twice(f files.Form) string {
	ids := map[string]bool{}
	for _, q := range f.Questions {
		if ids[q.ID] {
			return l.say("editor.twice.question", "id", q.ID)
		}
		ids[q.ID] = true
		values := map[string]bool{}
		for _, o := range q.Options {
			if values[o.Value] {
				return l.say("editor.twice.option", "value", o.Value, "id", q.ID)
			}
			values[o.Value] = true
		}
	}
	return ""
}

// reshape adds, moves or takes away a question or an option: "q.add", "q.1.up", "q.0.o.add", "q.0.o.2.drop".
func reshape(f *files.Form, do string) {
	parts := strings.Split(do, ".")
	if len(parts) < 2 || parts[0] != "q" {
		return
	}
	if parts[1] == "add" && len(f.Questions) < questionsMost {
		f.Questions = append(f.Questions, files.QuestionForm{ID: freeID("question", len(f.Questions)+1, func(id string) bool {
			return slices.ContainsFunc(f.Questions, func(q files.QuestionForm) bool { return q.ID == id })
		}), Kind: "text"})
		return
	}
	i, err := strconv.Atoi(parts[1])
	if err != nil || i < 0 || i >= len(f.Questions) || len(parts) < 3 {
		return
	}
	if parts[2] != "o" {
		f.Questions = shifted(f.Questions, i, parts[2])
		return
	}
	reshapeOptions(&f.Questions[i], parts[3:])
}

func reshapeOptions(q *files.QuestionForm, do []string) {
	if len(do) == 1 && do[0] == "add" && len(q.Options) < optionsMost {
		q.Options = append(q.Options, files.OptionForm{Value: freeID("option", len(q.Options)+1, func(id string) bool {
			return slices.ContainsFunc(q.Options, func(o files.OptionForm) bool { return o.Value == id })
		})})
		return
	}
	if len(do) != 2 {
		return
	}
	if n, err := strconv.Atoi(do[0]); err == nil && n >= 0 && n < len(q.Options) {
		q.Options = shifted(q.Options, n, do[1])
	}
}

// shifted moves the i-th up or down, or drops it.
func shifted[T any](list []T, i int, do string) []T {
	switch {
	case do == "drop":
		return slices.Delete(list, i, i+1)
	case do == "up" && i > 0:
		list[i-1], list[i] = list[i], list[i-1]
	case do == "down" && i+1 < len(list):
		list[i+1], list[i] = list[i], list[i+1]
	}
	return list
}

func freeID(name string, n int, taken func(string) bool) string {
	for ; ; n++ {
		if id := name + "_" + strconv.Itoa(n); !taken(id) {
			return id
		}
	}
}
