package files

import (
	"fmt"

	"github.com/hoidap/hoidap/preferences/understand"
)

// Explain says what is doubtful about the name of an option, and what to write instead.
func Explain(d understand.Doubt, ask *understand.Question) (cause, cure string) {
	own := ask.Options[d.Name.Option].Value
	what, typed := "the synonym", ""
	if d.Name.Synonym < 0 {
		what = "the label"
	}
	what += fmt.Sprintf(" %q of %s", d.Name.Text, own)
	if d.Typed != d.Name.Text {
		typed = fmt.Sprintf(", typed as %q,", d.Typed)
	}
	rename := "call it something else"
	if d.Name.Synonym >= 0 {
		rename = "leave it out"
	}
	switch d.Kind {
	case understand.MeansOther:
		return fmt.Sprintf("%s%s is read as the option %s", what, typed, d.Other), rename + ", or rename " + d.Other
	case understand.SlipMeans:
		return fmt.Sprintf("%s%s is read as the option %s: they are one slip of the finger apart", what, typed, d.Other), "give one of them a name that looks different"
	case understand.MeansCommand:
		return fmt.Sprintf("%s%s is read as the command %s: %s", what, typed, d.Command, effect(d.Command)), rename
	case understand.CommandLater:
		return fmt.Sprintf("%s%s is the command %s as soon as the question is closed: %s", what, typed, d.Command, effect(d.Command)), rename
	case understand.CommandWithin:
		return fmt.Sprintf("%s has %q in it, which alone is the command %s: %s", what, d.Typed, d.Command, effect(d.Command)), rename
	case understand.MeansPosition:
		return fmt.Sprintf("%s is also how customers pick %s, by its place in the list; it is read as %s", what, d.Other, own),
			"write beside it what is counted, change the order, or ask for a number"
	case understand.EitherOption:
		return fmt.Sprintf("%s%s could also mean the option %s, so the customer is asked again", what, typed, d.Other), rename + ", or rename " + d.Other
	default:
		return fmt.Sprintf("%s is not understood as an answer (%s)", what, d.Rule), "shorten it" + orSynonym(d)
	}
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
