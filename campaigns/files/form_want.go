package files

import (
	"maps"
	"slices"
)

// want is what a place of a file is to say. The zero want is that nothing stands there.
type want struct {
	shape  shape
	text   string  // of a word
	fields []field // of a group or locales, in the order in which new ones are written
	items  []item  // of a list
	id     string  // the key that tells the items of a list apart; empty: they are words
}

// shape is how a want is written.
type shape int

const (
	absent  shape = iota
	word          // a text
	symbol        // a text that is no prose: an id, a duration, a number, a condition
	group         // keys with values
	list          // values
	locales       // by locale; one in the default locale may be written without it
)

type field struct {
	key  string
	want want
}

type item struct {
	was, id string // of the file, and as it is to be; was is empty where it is new
	want    want
}

func wantWord(s string) want   { return wantText(s, word) }
func wantSymbol(s string) want { return wantText(s, symbol) }

func wantText(s string, as shape) want {
	if s == "" {
		return want{}
	}
	return want{shape: as, text: s}
}

func wantWords(ss []string, as shape) want {
	w := want{shape: list}
	for _, s := range ss {
		if s != "" && !slices.ContainsFunc(w.items, func(i item) bool { return i.id == s }) {
			w.items = append(w.items, item{was: s, id: s, want: want{shape: as, text: s}})
		}
	}
	if len(w.items) == 0 {
		return want{}
	}
	return w
}

// wantLocales writes Vietnamese first, then the rest by their names.
func wantLocales[T any](m map[string]T, each func(T) want) want {
	w := want{shape: locales}
	names := slices.Sorted(maps.Keys(m))
	if i := slices.Index(names, "vi"); i > 0 {
		names = slices.Concat([]string{"vi"}, names[:i], names[i+1:])
	}
	for _, name := range names {
		if x := each(m[name]); x.shape != absent {
			w.fields = append(w.fields, field{name, x})
		}
	}
	if len(w.fields) == 0 {
		return want{}
	}
	return w
}

func wantTexts(m map[string]string) want { return wantLocales(m, wantWord) }

func wantGroup(fs ...field) want {
	if !slices.ContainsFunc(fs, func(f field) bool { return f.want.shape != absent }) {
		return want{}
	}
	return want{shape: group, fields: fs}
}

// want is what a file is to say of the campaign.
func (f Form) want() want {
	s := f.Schedule
	questions := want{shape: list, id: "id"}
	for _, q := range f.Questions {
		questions.items = append(questions.items, item{q.Was, q.ID, q.want()})
	}
	if len(questions.items) == 0 {
		questions = want{}
	}
	return wantGroup(
		field{"campaign", wantSymbol(f.Campaign)}, field{"name", wantWord(f.Name)}, field{"purpose", wantSymbol(f.Purpose)},
		field{"schedule", wantGroup(field{"cron", wantWord(s.Cron)}, field{"at", wantSymbol(s.At)}, field{"event", wantSymbol(s.Event)},
			field{"delay", wantSymbol(s.Delay)}, field{"timezone", wantSymbol(s.Timezone)})},
		field{"audience", wantSymbol(f.Audience)}, field{"channels", wantWords(f.Channels, symbol)}, field{"expires", wantSymbol(f.Expires)},
		field{"questions", questions}, field{"offers", wantWords(f.Offers, symbol)}, field{"thanks", wantTexts(f.Thanks)},
	)
}

func (q QuestionForm) want() want {
	options := want{shape: list, id: "value"}
	for _, o := range q.Options {
		synonyms := wantLocales(o.Synonyms, func(ss []string) want { return wantWords(ss, word) })
		options.items = append(options.items, item{o.Was, o.Value, wantGroup(field{"value", wantSymbol(o.Value)}, field{"label", wantTexts(o.Label)}, field{"synonyms", synonyms})})
	}
	if len(options.items) == 0 {
		options = want{}
	}
	return wantGroup(
		field{"id", wantSymbol(q.ID)}, field{"attribute", wantSymbol(q.Attribute)}, field{"label", wantTexts(q.Label)}, field{"kind", wantSymbol(q.Kind)},
		field{"currency", wantSymbol(q.Currency)}, field{"unit", wantWord(q.Unit)}, field{"min", wantSymbol(q.Min)}, field{"max", wantSymbol(q.Max)},
		field{"when", wantSymbol(q.When)}, field{"text", wantTexts(q.Text)}, field{"again", wantTexts(q.Again)}, field{"options", options},
		field{"fresh_for", wantSymbol(q.FreshFor)}, field{"remind_after", wantSymbol(q.RemindAfter)}, field{"retries", wantSymbol(q.Retries)},
	)
}
