package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// exportFilesCommand writes what is in force into a folder.
func exportFilesCommand() *cobra.Command {
	var a access
	var force bool
	c := &cobra.Command{
		Use:   "export DIR",
		Short: "Write the campaign files in force into a folder",
		Long: `Writes every campaign and offer file in force, those of the gateway's folder and those published in the console, byte for
byte. What was exported before and is not in force any more is removed. ` + originName + ` beside them says what they were made
of: keep it with them, so that "hoidap apply" can tell an edit of yours from somebody else's.

A file that was edited here since is not written over, unless with --force. Exit codes: 0 done, 1 failed or refused, 2 wrong usage.`,
		Example: "  hoidap export ./campaigns",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := a.client()
			if err != nil {
				return err
			}
			return exportFiles(cmd.Context(), client, args[0], force, cmd.OutOrStdout())
		},
	}
	a.flags(c)
	c.Flags().BoolVar(&force, "force", false, "write over what was edited here")
	return c
}

func exportFiles(ctx context.Context, c *client, dir string, force bool, out io.Writer) error {
	theirs, err := c.shelf(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, known, mine, err := openFolder(dir)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // nothing is written through it itself
	if edited := editedHere(mine, theirs, known); len(edited) > 0 && !force {
		return fmt.Errorf("edited here and not applied: %s; apply that first, or lose it with --force", strings.Join(edited, ", "))
	}
	return writeShelf(root, mine, theirs, known, out)
}

// editedHere are the files that an export would write over or remove, and that are not as an export has left them.
func editedHere(mine map[string]string, theirs shelf, known origin) (edited []string) {
	for name, text := range mine {
		there, inForce := theirs.inForce[name]
		o, ours := known.Files[name]
		if (inForce && text != there || !inForce && ours) && textHash(text) != o.Hash {
			edited = append(edited, name)
		}
	}
	slices.Sort(edited)
	return edited
}

// writeShelf makes the folder as the shelf is, and says what that changed.
func writeShelf(root *os.Root, mine map[string]string, theirs shelf, known origin, out io.Writer) error {
	now := origin{Files: map[string]originFile{}, Drafts: known.Drafts}
	written, removed := 0, 0
	for _, name := range slices.Sorted(maps.Keys(theirs.inForce)) {
		if ext := path.Ext(name); ext != ".yaml" && ext != ".yml" {
			return fmt.Errorf("the gateway has a file of the strange name %q", name)
		}
		now.note(theirs, name)
		if text, there := mine[name]; there && text == theirs.inForce[name] {
			continue
		}
		if err := writeFile(root, name, theirs.inForce[name]); err != nil {
			return err
		}
		written++
		fmt.Fprintln(out, "wrote", name)
	}
	for _, name := range slices.Sorted(maps.Keys(known.Files)) {
		_, there := mine[name]
		if _, inForce := theirs.inForce[name]; inForce || !there {
			continue
		}
		if err := root.Remove(name); err != nil {
			return err
		}
		removed++
		fmt.Fprintln(out, "removed", name+", which is not in force any more")
	}
	if err := now.save(root); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s in force; %d written, %d removed\n", count(len(theirs.inForce), "file"), written, removed)
	return err
}
