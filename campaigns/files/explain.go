package files

import (
	"fmt"

	"github.com/hoidap/hoidap/preferences/understand"
)

// Explain says what is doubtful about the name of an option, and what to write instead.
func Explain(d understand.Doubt, ask *understand.Question) (cause, cure string) {
	format, args, cure := explained(d, ask)
	return fmt.Sprintf(format, args...), cure
}

func explained(d understand.Doubt, ask *understand.Question) (format string, args []any, cure string) {
	own := ask.Options[d.Name.Option].Value
	what, typed, rename := "the synonym", "", "leave it out"
	if d.Name.Synonym < 0 {
		what, rename = "the label", "call it something else"
	}
	if d.Typed != d.Name.Text {
		typed = fmt.Sprintf(", typed as %q,", d.Typed)
	}
	args = []any{what, d.Name.Text, own}
	with := func(more ...any) []any { return append(args, more...) }
	switch d.Kind {
	case understand.MeansOther:
		return "%s %q of %s%s is read as the option %s", with(typed, d.Other), rename + ", or rename " + d.Other
	case understand.SlipMeans:
		return "%s %q of %s%s is read as the option %s: they are one slip of the finger apart", with(typed, d.Other), "give one of them a name that looks different"
	case understand.MeansCommand:
		return "%s %q of %s%s is read as the command %s: %s", with(typed, d.Command, effect(d.Command)), rename
	case understand.CommandLater:
		return "%s %q of %s%s is the command %s as soon as the question is closed: %s", with(typed, d.Command, effect(d.Command)), rename
	case understand.CommandWithin:
		return "%s %q of %s has %q in it, which alone is the command %s: %s", with(d.Typed, d.Command, effect(d.Command)), rename
	case understand.MeansPosition:
		return "%s %q of %s is also how customers pick %s, by its place in the list; it is read as %s", with(d.Other, own),
			"write beside it what is counted, change the order, or ask for a number"
	case understand.EitherOption:
		return "%s %q of %s%s could also mean the option %s, so the customer is asked again", with(typed, d.Other), rename + ", or rename " + d.Other
	}
	return "%s %q of %s is not understood as an answer (%s)", with(d.Rule), "shorten it" + orSynonym(d)
}

func orSynonym(d understand.Doubt) string {
	if d.Name.Synonym < 0 {
		return ", or add what customers would type as a synonym"
	}
	return ", or leave it out"
}

// effect is what a command does to whoever meant an answer.
func effect(c understand.Command) string {
	switch c {
	case understand.Stop:
		return "who answers with it gets no message any more"
	case understand.Forget:
		return "who answers with it is erased"
	case understand.Agent:
		return "who answers with it waits for a person"
	}
	return "who answers with it gets something else than the next question"
}
