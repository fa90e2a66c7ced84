package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

func teachCommand() *cobra.Command {
	var l lesson
	c := &cobra.Command{
		Use:   "teach CAMPAIGN QUESTION VALUE WORDS",
		Short: "Add a synonym to an option, and see first what it changes",
		Long: `Adds words that customers use for an option to its synonyms, in the campaign's file. What else stands there, comments and
layout too, stays as it is. Give the words that mean the option, not the whole sentence.

Refused is what the reader would mishear: words of another option, a command such as "stop" or "hủy", the number of another
option, words that are too short or too long. What the synonym changes in replies from history is shown where there is
history: --history, or --from-gateway. Nothing is written without --write, nor where an answer would get another value or
become unclear.

Exit codes: 0 it can be taught (or was, or is understood already), 1 failed, 2 refused.`,
		Example: `  hoidap teach autumn-style style office "đi làm"
  hoidap teach autumn-style style office "đi làm" --from-gateway --write
  hoidap teach autumn-style style office "nine to five" --locale en --history replies.jsonl`,
		Args:          cobra.ExactArgs(4),
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			l.Lesson = files.Lesson{Campaign: args[0], Question: args[1], Value: args[2], Locale: l.Locale, Synonym: norm.NFC.String(strings.Join(strings.Fields(args[3]), " "))}
			return l.run(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&l.path, "campaigns", "campaigns", "the campaign's file, or the folder of all")
	f.StringVar(&l.Locale, "locale", "vi", "the language of the words: vi or en")
	f.BoolVar(&l.write, "write", false, "write the file")
	f.StringVar(&l.history, "history", "", "replies to read again, as JSON lines; - is standard input")
	f.BoolVar(&l.compare.gateway, "from-gateway", false, "read the replies in a running gateway's ledgers again")
	f.BoolVar(&l.compare.all, "all", false, "show replies that do not change, too")
	l.compare.access.flags(c)
	return c
}

// defaultLocale is the language of a text in a campaign file that names none.
const defaultLocale = "vi"

// lesson is one run of the command.
type lesson struct {
	files.Lesson
	path, history string
	write         bool
	compare       comparison
}

// taught is a file before and after.
type taught struct {
	file          string
	before, after []byte
	old, changed  questionSet
}

var errRefused = errors.New("it was not taught")

func (l *lesson) run(ctx context.Context, in io.Reader, out, errs io.Writer) error {
	if err := l.wording(); err != nil {
		return exitError{exitUsage, err}
	}
	file, err := l.find()
	if err != nil {
		return exitError{exitUsage, err}
	}
	t, err := l.prepare(file, out)
	if err != nil {
		return exitError{exitUsage, err}
	}
	if t == nil {
		return nil
	}
	if err := l.doubts(t, errs); err != nil {
		return exitError{exitUsage, err}
	}
	t.show(out)
	if err := l.consequences(ctx, t, in, out, errs); err != nil {
		return err
	}
	if !l.write {
		_, err := fmt.Fprintln(out, "nothing was written: say --write to add it")
		return err
	}
	if err := replaceFile(t.file, t.after); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "written")
	return err
}

// How long a synonym may be. One letter means too much, and a sentence is never typed twice.
const (
	synonymLetters = 2
	synonymWords   = 5
)

// wording looks at the words alone.
func (l *lesson) wording() error {
	letters := 0
	for _, r := range l.Synonym {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || r > 0x2000 { // an emoji may mean an option
			letters++
		}
		if unicode.IsControl(r) {
			return errors.New("the words hold a control character")
		}
	}
	words := len(strings.Fields(l.Synonym))
	switch {
	case letters < synonymLetters:
		return fmt.Errorf("%q is too short: one letter means too much", l.Synonym)
	case words > synonymWords:
		return fmt.Errorf("%q has %d words; give only those that mean the option, %d at most", l.Synonym, words, synonymWords)
	case l.Locale != "vi" && l.Locale != "en":
		return errors.New("--locale is vi or en")
	}
	return nil
}

// find is the file that holds the campaign.
func (l *lesson) find() (string, error) {
	set, problems, err := loadSet(l.path)
	if err == nil {
		err = problems.Err()
	}
	if err != nil {
		return "", err
	}
	c := set.Campaigns[l.Campaign]
	if c == nil {
		return "", fmt.Errorf("%s: there is no campaign %s", l.path, l.Campaign)
	}
	name := c.Source[:strings.LastIndexByte(c.Source, ':')]
	if info, err := os.Stat(l.path); err == nil && info.IsDir() {
		name = filepath.Join(l.path, name)
	}
	return name, nil
}

// prepare makes the changed file, in memory. It is nil where the words are understood already.
func (l *lesson) prepare(file string, out io.Writer) (*taught, error) {
	before, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	after, err := files.Teach(before, l.Lesson, defaultLocale)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	t := &taught{file: file, before: before, after: after}
	if t.old, err = questionsOf(file, before); err != nil {
		return nil, err
	}
	known, err := l.known(t.old[l.Campaign+"/"+l.Question])
	if err != nil {
		return nil, err
	}
	if known {
		_, err := fmt.Fprintf(out, "%q is read as %s already: there is nothing to teach\n", l.Synonym, l.Value)
		return nil, err
	}
	if t.changed, err = questionsOf(file, after); err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	if !l.nothingElse(t) {
		return nil, fmt.Errorf("%s: %w", file, files.ErrByHand)
	}
	return t, nil
}

// known reports whether the words are read as the option already. It is an error where they mean something else.
func (l *lesson) known(q *askedQuestion) (bool, error) {
	r := q.reader.Read(understand.Ask{Locale: l.Locale}, l.Synonym)
	is := outcomeOf(r)
	switch {
	case is.status == understand.Answered && (is.value == sameJSON(l.Value) || is.value == sameJSON([]string{l.Value})):
		return true, nil
	case is.status == understand.Answered:
		return false, fmt.Errorf("%q is read as %s, so it cannot mean %s", l.Synonym, strings.TrimPrefix(is.String(), "answered "), l.Value)
	case is.status == understand.IsCommand:
		return false, fmt.Errorf("%q is the %s, so it cannot mean %s", l.Synonym, is, l.Value)
	case is.status == understand.Declined:
		return false, fmt.Errorf("who writes %q would rather not answer, so it cannot mean %s", l.Synonym, l.Value)
	case slices.Contains(undecidedRules, r.Rule):
		return false, fmt.Errorf("%q chooses nothing (%s), so it cannot mean %s", l.Synonym, r.Rule, l.Value)
	}
	return false, l.yesOrNo(q)
}

// undecidedRules are why a reply is not understood that no synonym should change: more than one option is named, none is
// chosen, or something is asked.
var undecidedRules = []string{"undecided", "no-preference", "counter-question", "only-ruled-out", "several-options", "contradiction", "doubted-option"}

// yesOrNo: a plain yes or no names an option only where its label says the same.
func (l *lesson) yesOrNo(q *askedQuestion) error {
	plain := understand.Compile(&understand.Question{Kind: preferences.YesNo})
	said := outcomeOf(plain.Read(understand.Ask{Locale: l.Locale}, l.Synonym))
	if said.status != understand.Answered {
		return nil
	}
	for _, o := range q.ask.Options {
		for locale, label := range o.Label {
			if o.Value == l.Value && outcomeOf(plain.Read(understand.Ask{Locale: locale}, label)) == said {
				return nil
			}
		}
	}
	return fmt.Errorf("%q is a yes or a no, and the label of %s is not", l.Synonym, l.Value)
}

// nothingElse reports whether the questions of the changed file are those of the file as it was, and the synonym.
func (l *lesson) nothingElse(t *taught) bool {
	added := 0
	for name, q := range t.changed {
		plain := *q.ask
		plain.Options = slices.Clone(plain.Options)
		for i, o := range plain.Options {
			if ss := o.Synonyms[l.Locale]; name == l.Campaign+"/"+l.Question && o.Value == l.Value && slices.Contains(ss, l.Synonym) {
				added++
				rest := maps.Clone(o.Synonyms)
				rest[l.Locale] = slices.DeleteFunc(slices.Clone(ss), func(s string) bool { return s == l.Synonym })
				if len(rest[l.Locale]) == 0 {
					delete(rest, l.Locale)
				}
				plain.Options[i].Synonyms = rest
			}
		}
		if old := t.old[name]; old == nil || sameJSON(old.ask) != sameJSON(plain) {
			return false
		}
	}
	return added == 1 && len(t.changed) == len(t.old)
}

func questionsOf(file string, text []byte) (questionSet, error) {
	set, problems := files.LoadFiles([]string{file}, func(string) ([]byte, error) { return text, nil }, files.Options{QuestionsOnly: true})
	if err := problems.Err(); err != nil {
		return nil, err
	}
	out := questionSet{}
	for _, c := range set.Campaigns {
		out.add(c)
	}
	return out, nil
}

// doubts asks the reader about the synonym, and about the names that it may have made doubtful. What could be misheard
// is refused; what a slip could do is only said.
func (l *lesson) doubts(t *taught, errs io.Writer) error {
	name := l.Campaign + "/" + l.Question
	known := understand.Doubts(t.old[name].ask)
	ask := t.changed[name].ask
	refused := false
	for _, d := range understand.Doubts(ask) {
		if slices.ContainsFunc(known, func(k understand.Doubt) bool { return k.Name.Text == d.Name.Text && k.Kind == d.Kind }) {
			continue
		}
		cause, cure := files.Explain(d, ask)
		if d.Kind == understand.SlipMeans || d.Kind == understand.CommandWithin {
			cause = "warning: " + cause
		} else {
			refused = true
		}
		fmt.Fprintf(errs, "%s; %s\n", cause, cure)
	}
	if refused {
		return errRefused
	}
	return nil
}

// show prints the lines that change.
func (t *taught) show(out io.Writer) {
	before, after := strings.Split(string(t.before), "\n"), strings.Split(string(t.after), "\n")
	from := 0
	for from < len(before) && from < len(after) && before[from] == after[from] {
		from++
	}
	end := 0
	for end < len(before)-from && end < len(after)-from && before[len(before)-1-end] == after[len(after)-1-end] {
		end++
	}
	fmt.Fprintf(out, "%s:%d\n", t.file, from+1)
	printLines(out, "-", before[from:len(before)-end])
	printLines(out, "+", after[from:len(after)-end])
}

func printLines(out io.Writer, sign string, lines []string) {
	for _, l := range lines {
		fmt.Fprintln(out, sign+strings.TrimSuffix(l, "\r"))
	}
}

// consequences reads history again with the synonym.
func (l *lesson) consequences(ctx context.Context, t *taught, in io.Reader, out, errs io.Writer) error {
	if l.history == "" && !l.compare.gateway {
		fmt.Fprintln(out, "no history was looked at: say --history or --from-gateway to see what it changes")
		return nil
	}
	if l.history != "" && l.history != "-" && !l.compare.gateway {
		f, err := os.Open(l.history)
		if err != nil {
			return exitError{exitUsage, err}
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	}
	k := &comparing{changed: t.changed, inForce: t.old, all: l.compare.all, out: out, tally: map[change]int{}}
	bad, err := l.compare.replay(ctx, k, []string{l.Campaign}, l.Question, in, errs)
	if err != nil {
		return err
	}
	k.summary()
	return k.verdict(bad)
}

// replaceFile writes a file all or nothing: a gateway that re-reads it meanwhile sees the old one or the new one.
func replaceFile(name string, text []byte) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".hoidap-teach-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
