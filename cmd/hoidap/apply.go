package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// applying is how a folder is put in force.
type applying struct {
	dry, force, prune, adopt bool
	people                   int
}

// applyCommand puts the campaign files of a folder in force.
func applyCommand() *cobra.Command {
	var a access
	var how applying
	c := &cobra.Command{
		Use:   "apply DIR",
		Short: "Put the campaign files of a folder in force",
		Long: `Compares the folder with what is in force, says what differs, and puts it in force by the same rules as the console: each changed
file gets a new version, which is then published. Nothing is begun where the files together have a mistake.

What somebody else has changed since the folder was exported is a conflict, and nothing is done, unless with --force: then
their version stays among the file's versions. A file of the gateway's own folder is changed there, or adopted with --adopt. A file
that is missing here stays in force, unless with --prune: then it goes to the archive.

Where a file reaches so many people that a second person must agree, the run asks for that and ends with 1; once they have, running
it again goes on. Running it again before asks nobody twice.

Exit codes: 0 done, 1 failed, refused, or waiting for a second person, 2 wrong usage or mistakes in the files.`,
		Example: "  hoidap apply ./campaigns --dry-run\n  hoidap apply ./campaigns",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := a.client()
			if err != nil {
				return err
			}
			return how.folder(cmd.Context(), client, args[0], cmd.OutOrStdout())
		},
	}
	a.flags(c)
	c.Flags().BoolVar(&how.dry, "dry-run", false, "only say what would change, line by line")
	c.Flags().BoolVar(&how.force, "force", false, "also where somebody else has changed a file since it was exported")
	c.Flags().BoolVar(&how.prune, "prune", false, "take out of force what was exported and is not here any more")
	c.Flags().BoolVar(&how.adopt, "adopt", false, "move files of the gateway's folder into the console where they differ")
	c.Flags().IntVar(&how.people, "people", 0, "how many people a schedule reaches, where blast_guard asks for it")
	return c
}

func (a applying) folder(ctx context.Context, c *client, dir string, out io.Writer) error {
	root, known, mine, err := openFolder(dir)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // nothing is written through it itself
	theirs, err := c.shelf(ctx)
	if err != nil {
		return err
	}
	if err := c.drafts(ctx, theirs, mine); err != nil {
		return err
	}
	plan := a.plan(mine, theirs, known)
	plan.show(out, a.dry)
	if len(plan.refusals) > 0 {
		return errors.New("nothing was done: " + count(len(plan.refusals), "file") + " cannot be changed here")
	}
	if len(plan.conflicts) > 0 && !a.force {
		return fmt.Errorf("%s; nothing was done: export, and make the change to that, or say --force", count(len(plan.conflicts), "conflict"))
	}
	channels, err := c.channels(ctx)
	if err != nil {
		return err
	}
	if err := plan.check(theirs, channels); err != nil {
		return err
	}
	if err := plan.ask(ctx, c, theirs, channels, out); err != nil || a.dry {
		return err
	}
	saved := map[string]int{}
	err = a.carryOut(ctx, c, plan, saved, out)
	// What was put in force before it ended is ours all the same: else the next run would take it for somebody else's.
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteMost)
	defer cancel()
	if noted := noteApplied(after, c, root, mine, known, saved); err == nil {
		err = noted
	}
	return err
}

// noteMost is how long a run that was broken off still asks what is in force.
const noteMost = 10 * time.Second

// carryOut saves all drafts, then publishes them. A file may speak of what another one brings: those that cannot be in force
// yet are tried again once others are. While a second person is to agree to one, nothing is archived. saved is told which versions it made.
func (a applying) carryOut(ctx context.Context, c *client, p plan, saved map[string]int, out io.Writer) error {
	tags := map[string]string{}
	var waiting []step
	for _, x := range p.steps {
		if x.what == removes {
			continue
		}
		tag, version, err := x.save(ctx, c)
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		tags[x.name], saved[x.name] = tag, version
		waiting = append(waiting, x)
	}
	asked := 0
	for len(waiting) > 0 {
		left, n, err := a.publish(ctx, c, waiting, tags, out)
		asked += n
		if len(left) == len(waiting) {
			return err
		}
		if waiting = left; err != nil && len(left) == 0 {
			return err
		}
	}
	if asked > 0 {
		return fmt.Errorf("%s not in force before a second person has agreed; apply again then", countAre(asked))
	}
	return p.archive(ctx, c, out)
}

func countAre(n int) string {
	if n == 1 {
		return "1 file is"
	}
	return count(n, "file") + " are"
}

// publish tries each once, and gives those that were refused with the first reason, and for how many a second person was asked.
func (a applying) publish(ctx context.Context, c *client, waiting []step, tags map[string]string, out io.Writer) (left []step, asked int, first error) {
	for _, x := range waiting {
		p, err := c.publishFile(ctx, x.name, tags[x.name], a.people)
		switch refused := (refusedError{}); {
		case errors.As(err, &refused):
			left = append(left, x)
			if first == nil {
				first = fmt.Errorf("%s is saved as a draft, and not in force: %w", x.name, err)
			}
		case err != nil:
			return waiting, asked, fmt.Errorf("%s is saved as a draft, and not in force: %w", x.name, err)
		case p.Request != nil:
			asked++
			fmt.Fprintf(out, "%s reaches %d people: a second person must agree to request %s\n", x.name, p.Request.People, p.Request.ID)
		default:
			fmt.Fprintf(out, "%s is in force, version %d\n", x.name, p.File.Version)
		}
	}
	return left, asked, first
}

// save makes the file a draft, over the version that the plan has seen, and says which version that is.
func (x step) save(ctx context.Context, c *client) (tag string, version int, err error) {
	var f shelfFile
	if x.what == adopts {
		if _, err := c.fileCall(ctx, http.MethodPost, filePath(x.name, "/adopt"), "", map[string]string{}, &f); err != nil {
			return "", 0, err
		}
	}
	if x.there {
		if tag, err = c.fileCall(ctx, http.MethodGet, filePath(x.name, ""), "", nil, &f); err != nil {
			return "", 0, err
		}
		if x.what != adopts && f.Version != x.version {
			return "", 0, changedError{}
		}
		if f.Text == x.text {
			return tag, f.Version, nil // the draft is there already
		}
	}
	return c.saveFile(ctx, x.name, x.text, tag)
}

// archive takes out of force what is not in the folder any more.
func (p plan) archive(ctx context.Context, c *client, out io.Writer) error {
	for _, x := range p.steps {
		if x.what != removes {
			continue
		}
		var f shelfFile
		tag, err := c.fileCall(ctx, http.MethodGet, filePath(x.name, ""), "", nil, &f)
		if err == nil && f.Version != x.version {
			err = changedError{}
		}
		if err == nil {
			_, err = c.fileCall(ctx, http.MethodPost, filePath(x.name, "/archive"), tag, nil, &f)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		fmt.Fprintln(out, x.name, "is in the archive")
	}
	return nil
}

// noteApplied writes down which of the folder's files are in force, and which are drafts of ours.
func noteApplied(ctx context.Context, c *client, root *os.Root, mine map[string]string, known origin, saved map[string]int) error {
	now, err := c.shelf(ctx)
	if err != nil {
		return err
	}
	for name := range known.Files {
		if _, inForce := now.inForce[name]; !inForce {
			delete(known.Files, name)
		}
	}
	for name, text := range mine {
		if now.inForce[name] == text {
			known.note(now, name)
			delete(known.Drafts, name)
		} else if version := saved[name]; version > 0 {
			known.Drafts[name] = version
		}
	}
	return known.save(root)
}
