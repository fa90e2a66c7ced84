package console

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/gateway/control"
)

// field is what is wrong at one field of the editor's form.
type field struct {
	id                 string // of the element that says it
	Problems, Warnings []control.FileProblem
}

// ID is the element that says it.
func (f field) ID() string { return f.id }

// Any reports whether there is anything to say.
func (f field) Any() bool { return len(f.Problems)+len(f.Warnings) > 0 }

// Marks are the attributes that tie an input to what is wrong with it.
func (f field) Marks() template.HTMLAttr {
	switch {
	case len(f.Problems) > 0:
		return template.HTMLAttr(fmt.Sprintf(`aria-invalid="true" aria-describedby=%q`, f.id)) //nolint:gosec // an id of ours
	case len(f.Warnings) > 0:
		return template.HTMLAttr(fmt.Sprintf(`aria-describedby=%q`, f.id)) //nolint:gosec // an id of ours
	}
	return ""
}

// At is what is wrong at a field of the campaign.
func (b editorBody) At(name string) field {
	return b.fieldOf("at-"+name, func(path string) bool { return within(path, name) })
}

// shownFields are those of a question that are always shown, and foldedFields those that are not.
func shownFields() []string  { return []string{"text", "kind", "attribute", "options"} }
func foldedFields() []string { return append([]string{"label", "when"}, editorBody{}.InGrid()...) }

// InGrid are the small fields of a question; what is wrong with them stands below them all.
func (b editorBody) InGrid() []string {
	return []string{"again", "fresh_for", "remind_after", "retries", "currency", "unit", "min", "max"}
}

// AtQuestion is what is wrong at a field of the question at a place; "": what is wrong with it and at none of its fields.
func (b editorBody) AtQuestion(place int, name string) field {
	question := b.Form.Questions[place].ID
	if question == "" {
		question = strconv.Itoa(place) // as paths name who has no id
	}
	question = "questions." + question
	return b.fieldOf(fmt.Sprintf("at-%d-%s", place, name), func(path string) bool {
		if name != "" {
			return within(path, question+"."+name)
		}
		return within(path, question) && !slices.ContainsFunc(slices.Concat(shownFields(), foldedFields()), func(f string) bool { return within(path, question+"."+f) })
	})
}

// MoreAt reports whether something is wrong at a field of a question that is folded away.
func (b editorBody) MoreAt(place int) bool {
	return slices.ContainsFunc(foldedFields(), func(name string) bool { return b.AtQuestion(place, name).Any() })
}

// within reports whether a path is of a field, or of what is in it.
func within(path, field string) bool { return path == field || strings.HasPrefix(path, field+".") }

func (b editorBody) fieldOf(id string, mine func(path string) bool) field {
	of := func(found []control.FileProblem) (out []control.FileProblem) {
		for _, p := range found {
			if path, ok := strings.CutPrefix(p.Field, "campaign."+b.ID+"."); ok && p.File == b.File.Name && mine(path) {
				out = append(out, p)
			}
		}
		return out
	}
	return field{id: id, Problems: of(b.File.Problems), Warnings: of(b.File.Warnings)}
}
