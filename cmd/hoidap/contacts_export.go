package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// exportPage is how many contacts are asked for at a time.
const exportPage = 200

func exportCommand() *cobra.Command {
	var a access
	var path string
	c := &cobra.Command{
		Use:   "export",
		Short: "Export all contacts with their preferences as JSON lines",
		Long: `Writes every contact with its consents, facts and preferences, each with its evidence: one JSON object a line, to standard
output or to a file that only its owner may read. Contacts that change meanwhile appear as they were when their page was
read. A contact that was merged into another one is left out: that one has its addresses and what was known of it. It takes the token of
an agent or above: viewers see numbers masked.`,
		Example: "  hoidap contacts export > contacts.jsonl\n  hoidap contacts export --output contacts.jsonl",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := a.client()
			if err != nil {
				return err
			}
			bar := newProgress(cmd.ErrOrStderr(), "exporting", 0)
			n, err := exportTo(cmd.Context(), client, path, cmd.OutOrStdout(), bar)
			bar.stop()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.ErrOrStderr(), count(n, "contact"))
			return err
		},
	}
	a.flags(c)
	c.Flags().StringVar(&path, "output", "", "write to this file, all or nothing")
	return c
}

// exportTo writes to a file or, where path is empty, to out. The file appears only when it is whole.
func exportTo(ctx context.Context, c *client, path string, out io.Writer, bar *progress) (n int, err error) {
	if path == "" {
		return export(ctx, c, out, bar)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".hoidap-export-*") // readable by its owner only
	if err != nil {
		return 0, err
	}
	n, err = export(ctx, c, f, bar)
	if err = errors.Join(err, f.Close()); err != nil {
		return n, errors.Join(err, os.Remove(f.Name()))
	}
	return n, os.Rename(f.Name(), path)
}

// export writes all contacts, page by page.
func export(ctx context.Context, c *client, out io.Writer, bar *progress) (n int, err error) {
	w := bufio.NewWriterSize(out, 64<<10)
	for cursor := ""; ; {
		page, next, err := c.page(ctx, cursor, exportPage)
		if err != nil {
			return n, errors.Join(err, w.Flush())
		}
		for _, contact := range page {
			if merged(contact) {
				continue
			}
			if masked(contact) {
				return n, errors.Join(fatalError{"the token is a viewer's, who sees numbers masked, and nobody could import that; use one of an agent or above"}, w.Flush())
			}
			if err := writeLine(w, contact); err != nil {
				return n, err
			}
			n++
		}
		bar.add(len(page))
		if next == "" {
			return n, w.Flush()
		}
		cursor = next
	}
}

// merged reports whether a contact has turned out to be another one. It has no addresses, so that nobody could import it.
func merged(contact json.RawMessage) bool {
	var c struct {
		Into string `json:"merged_into"`
	}
	return json.Unmarshal(contact, &c) == nil && c.Into != ""
}

// masked reports whether the gateway hides where a contact is reached.
func masked(contact json.RawMessage) bool {
	var c struct {
		Addresses []string `json:"addresses"`
	}
	return json.Unmarshal(contact, &c) == nil && slices.ContainsFunc(c.Addresses, func(a string) bool { return strings.Contains(a, "•") })
}

func writeLine(w *bufio.Writer, contact json.RawMessage) error {
	var b bytes.Buffer
	if err := json.Compact(&b, contact); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}
