package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/preferences/understand"
)

// comparison says what replies are read again with, and where they come from.
type comparison struct {
	changed, inForce string // files or folders
	question         string // "campaign/question": of lines that hold the question itself
	gateway, all     bool
	access           access
}

func (c *comparison) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.changed, "compare", "", "read replies from history again under these changed campaign files, and say what would change")
	f.StringVar(&c.inForce, "in-force", "", "the campaign files in force: how replies are read now, instead of how they were recorded")
	f.StringVar(&c.question, "question", "", "CAMPAIGN/QUESTION that the replies answer, where their lines do not say it")
	f.BoolVar(&c.gateway, "from-gateway", false, "take the replies from a running gateway's ledgers, not from standard input")
	f.BoolVar(&c.all, "all", false, "show replies that do not change, too")
	c.access.flags(cmd)
}

// run compares and reports. What gets worse is an error, so that a change can be held back by a script.
func (c *comparison) run(ctx context.Context, in io.Reader, out, errs io.Writer) error {
	k, err := c.prepare(out)
	if err != nil {
		return exitError{exitUsage, err}
	}
	ids, question := k.changed.campaigns(), ""
	if k.forced != nil {
		ids, question = []string{k.forced.campaign}, k.forced.id
	}
	bad, err := c.replay(ctx, k, ids, question, in, errs)
	if err != nil {
		return err
	}
	k.summary()
	return k.verdict(bad)
}

// replay reads history again, with the campaigns and the question that a gateway is asked for. bad counts the replies
// that could not be read.
func (c *comparison) replay(ctx context.Context, k *comparing, ids []string, question string, in io.Reader, errs io.Writer) (bad int, err error) {
	tell := func(err error) {
		bad++
		fmt.Fprintln(errs, err)
	}
	take := func(p pastReply) {
		if err := k.reply(p); err != nil {
			tell(fmt.Errorf("reply %s: %w", p.ID, err))
		}
	}
	if c.gateway {
		err = c.fromGateway(ctx, ids, question, take, errs)
	} else {
		err = readHistory(in, take, tell)
	}
	return bad, err
}
func (c *comparison) prepare(out io.Writer) (*comparing, error) {
	changed, err := loadQuestions(c.changed)
	if err != nil {
		return nil, err
	}
	k := &comparing{changed: changed, all: c.all, out: out, tally: map[change]int{}}
	if c.inForce != "" {
		if k.inForce, err = loadQuestions(c.inForce); err != nil {
			return nil, err
		}
	}
	if c.question != "" {
		if k.forced = changed[c.question]; k.forced == nil {
			return nil, fmt.Errorf("there is no question %s in %s; there are: %s", c.question, c.changed, strings.Join(changed.names(), ", "))
		}
	}
	return k, nil
}

// fromGateway asks for the replies to campaigns. One that the gateway does not know has none.
func (c *comparison) fromGateway(ctx context.Context, ids []string, question string, take func(pastReply), errs io.Writer) error {
	client, err := c.access.client()
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := client.history(ctx, id, question, take)
		if refused := (refusedError{}); errors.As(err, &refused) {
			fmt.Fprintf(errs, "%s: no history: %s\n", id, refused.reason)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// comparing reads replies again.
type comparing struct {
	changed, inForce questionSet // inForce nil: what was recorded counts
	forced           *askedQuestion
	all              bool
	out              io.Writer
	tally            map[change]int
	elsewhere        int // replies to questions that the changed files do not have
}

var errNoStatus = errors.New(`nothing says how it was understood: give "status" and "value", the question itself, or --in-force`)

// reply reads one reply again, and shows what becomes of it.
func (k *comparing) reply(p pastReply) error {
	q := k.find(k.changed, p)
	if q == nil {
		k.elsewhere++
		return nil
	}
	if err := readable(q.ask, p); err != nil {
		return err
	}
	before, err := k.before(q, p)
	if err != nil {
		return err
	}
	after := q.read(p.ask(), *p.Text)
	what := changeOf(before, after)
	k.tally[what]++
	if what != unchanged || k.all {
		fmt.Fprintf(k.out, "%s: %s -> %s: %q (%s)\n", what, before, after, *p.Text, q.name())
	}
	return nil
}

// find is the question of a set that a reply answers.
func (k *comparing) find(set questionSet, p pastReply) *askedQuestion {
	switch {
	case p.questionID != "" && p.Campaign != "":
		return set[p.Campaign+"/"+p.questionID]
	case k.forced != nil:
		return set[k.forced.name()]
	case p.questionID != "":
		return set.called(p.questionID)
	}
	return set.alike(p.question)
}

// before is how the reply is understood without the change: by the files in force, as it was recorded, or by the
// question that came with it.
func (k *comparing) before(q *askedQuestion, p pastReply) (outcome, error) {
	if old := k.inForce[q.name()]; old != nil {
		return old.read(p.ask(), *p.Text), nil
	}
	if p.Status != "" {
		return recorded(p.Status, p.Value), nil
	}
	if p.question == nil {
		return outcome{}, errNoStatus
	}
	return outcomeOf(understand.Read(understand.Ask{Question: p.question, Locale: p.Locale, Now: p.Now}, *p.Text)), nil
}

func (k *comparing) summary() {
	total := 0
	var parts []string
	for _, c := range []change{unchanged, newlyAnswered, changedValue, newlyUnclear} {
		total += k.tally[c]
		parts = append(parts, fmt.Sprintf("%d %s", k.tally[c], c))
	}
	line := count(total, "reply") + ": " + strings.Join(parts, ", ")
	if k.elsewhere > 0 {
		line += fmt.Sprintf("; %d to other questions", k.elsewhere)
	}
	fmt.Fprintln(k.out, line)
}

// verdict is an error where something gets worse, or could not be read.
func (k *comparing) verdict(bad int) error {
	switch worse := k.tally[changedValue] + k.tally[newlyUnclear]; {
	case worse > 0:
		return exitError{exitUsage, fmt.Errorf("%s would be understood differently or not any more", count(worse, "reply"))}
	case bad > 0:
		return exitError{exitUsage, fmt.Errorf("%s could not be read again", count(bad, "reply"))}
	}
	return nil
}
