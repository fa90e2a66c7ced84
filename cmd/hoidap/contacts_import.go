package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

// maxParallel bounds how many contacts are sent at a time.
const maxParallel = 64

// importFlags is what the command line of an import says.
type importFlags struct {
	access   access
	rows     rowOptions
	zone     string
	rejects  string
	dryRun   bool
	parallel int
}

func importCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Import contacts from CSV or JSON lines",
		Long: `Reads contacts and sends them to a running gateway, a few at a time. FILE may be - for standard input. Importing the same
file again changes nothing, so an import that was interrupted is simply started again.

CSV has a header row; commas, semicolons and tabs are told apart by themselves. Its columns:
  phone                as people type it: 0901 234 567, +84 90 123 45 67 (see --region); or
  address              such as tel:+84901234567 or zalo:2512523625412515, several parted by spaces
  name, locale, timezone
  consent_<purpose>    yes or no, such as consent_marketing; empty: nothing is known
  consent_source       where the person said so;  consent_at: when;  consent_wording: what they were shown
  fact.<name>          what the shop knows: fact.city; fact.spent:number; fact.member:bool

JSON lines have one object a line, each as PUT /api/v1/contacts takes it.

Each row that cannot be imported is reported with its line and the reason; the others go in. Exit code 1: something could
not be sent; 2: some rows were not valid.`,
		Example: `  hoidap contacts import customers.csv
  hoidap contacts import customers.csv --dry-run
  hoidap contacts import old-shop.csv --consent-source "checkout form of 2025" --consent-at 2025-12-31 --rejects bad.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.access.flags(c)
	fl := c.Flags()
	fl.StringVar(&f.rows.region, "region", "VN", "country of telephone numbers without a country code")
	fl.StringVar(&f.zone, "timezone", "Asia/Ho_Chi_Minh", "of dates without an offset")
	fl.StringVar(&f.rows.source, "consent-source", "", "where consents were given, for rows that do not say so")
	fl.StringVar(&f.rows.at, "consent-at", "", "when consents were given, for rows that do not say so")
	fl.BoolVar(&f.rows.withoutConsent, "without-consent", false, "take a table without a consent column; these people are sent no ads")
	fl.StringArrayVar(&f.rows.skip, "skip", nil, "leave a column out")
	fl.StringVar(&f.rejects, "rejects", "", "write the rows that did not go in to this CSV file, with the reasons")
	fl.BoolVar(&f.dryRun, "dry-run", false, "check the file and send nothing")
	fl.IntVar(&f.parallel, "parallel", 16, "how many contacts to send at a time")
	return c
}

func (f *importFlags) run(ctx context.Context, path string, in io.Reader, out, errs io.Writer) error {
	if f.parallel < 1 || f.parallel > maxParallel {
		return invalid("--parallel must be between 1 and %d", maxParallel)
	}
	if err := f.rows.check(f.zone); err != nil {
		return err
	}
	im := &importing{parallel: f.parallel, seen: map[[16]byte]int{}}
	if !f.dryRun {
		c, err := f.access.client()
		if err != nil {
			return err
		}
		if c.exposed() {
			fmt.Fprintln(errs, "warning: the token and the contacts cross the network in the clear; use https")
		}
		im.client = c
	}
	file, size, err := openInput(path, in)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	im.bar = newProgress(errs, "importing", size)
	src, err := openSource(im.bar.reader(file), f.rows)
	if err != nil {
		im.bar.stop()
		return err
	}
	im.report, err = newReport(im.bar, f.rejects, src.columns())
	if err != nil {
		im.bar.stop()
		return err
	}
	err = errors.Join(im.run(ctx, src), im.report.close())
	im.bar.stop()
	fmt.Fprintln(out, im.report.summary(f.dryRun))
	return im.report.verdict(err)
}

// openInput opens the file, or standard input; size is 0 where it is not known.
func openInput(path string, in io.Reader) (r io.ReadCloser, size int64, err error) {
	if path == "-" {
		return io.NopCloser(in), 0, nil
	}
	f, err := os.Open(path) //nolint:gosec // the user names it
	if err != nil {
		return nil, 0, exitError{exitUsage, err}
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, 0, errors.Join(err, f.Close())
	case info.IsDir():
		return nil, 0, errors.Join(invalid("%s is a folder", path), f.Close())
	case info.Mode().IsRegular():
		size = info.Size()
	}
	return f, size, nil
}

// importing is one import under way.
type importing struct {
	client   *client // nil: a dry run
	parallel int
	report   *report
	bar      *progress
	seen     map[[16]byte]int // hash of an address -> line
}

// run sends every good row. It ends early where there is no use in going on.
func (im *importing) run(ctx context.Context, src source) error {
	work, going := errgroup.WithContext(ctx)
	work.SetLimit(im.parallel)
	var reading error
	for going.Err() == nil {
		r, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			reading = err
			break
		}
		im.bar.row()
		if !im.refuse(r) {
			work.Go(func() error { return im.send(going, r) })
		}
	}
	return errors.Join(reading, work.Wait(), ctx.Err())
}

// refuse reports a row that is not to be sent. Of rows with the same address the first goes in: two of them under way
// at once could arrive in either order.
func (im *importing) refuse(r row) bool {
	if r.bad != "" {
		im.report.invalid(r, r.bad)
		return true
	}
	for _, k := range r.keys {
		if line, ok := im.seen[hashOf(k)]; ok {
			im.report.duplicate(r, fmt.Sprintf("has an address that line %d has", line))
			return true
		}
	}
	for _, k := range r.keys {
		im.seen[hashOf(k)] = r.line
	}
	return false
}

func hashOf(s string) [16]byte {
	h := sha256.Sum256([]byte(s))
	return [16]byte(h[:16])
}

// send sends one row; its error ends the import.
func (im *importing) send(ctx context.Context, r row) error {
	if im.client == nil {
		im.report.done(false)
		return nil
	}
	created, err := im.client.put(ctx, r.body)
	refused, fatal := refusedError{}, fatalError{}
	switch {
	case err == nil:
		im.report.done(created)
	case errors.As(err, &refused):
		im.report.invalid(r, refused.reason)
	case errors.As(err, &fatal):
		im.report.unsent(r, "was not sent")
		return err
	case ctx.Err() != nil:
		im.report.unsent(r, "was not sent")
	default:
		im.report.unsent(r, err.Error())
	}
	return nil
}
