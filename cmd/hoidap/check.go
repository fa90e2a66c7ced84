package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/preferences"
)

func checkCommand(now func() time.Time) *cobra.Command {
	var zone, market, brand string
	var segments bool
	c := &cobra.Command{
		Use:   "check PATH...",
		Short: "Check campaign and offer files",
		Long: `Reads campaign and offer files as the gateway does, and says of each mistake where it is (file:line:column) and what to
write instead. A folder is one set, with the folders in it; files named together are one set, too: a campaign and the
offers that it names belong into one.

Questions that may go by SMS are measured with what the market wants around an ad: more segments than carriers take is
a warning, and --segments lists them all. So is a start that has passed, or an offer that is over: what ran already is known to the
gateway alone, which refuses to put in force what never can start.

Mistakes and warnings go to standard error, a summary to standard output. The exit code is 2 where there is any mistake;
warnings change nothing.`,
		Example:       "  hoidap check ./campaigns\n  hoidap check autumn.yaml offers.yaml",
		Args:          cobra.MinimumNArgs(1),
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, paths []string) error {
			location, ok := preferences.Zone(zone)
			if !ok {
				return exitError{2, fmt.Errorf("there is no timezone %q; write a name such as Asia/Ho_Chi_Minh", zone)}
			}
			pack, ok := compliance.PackFor(market)
			if !ok {
				return exitError{2, fmt.Errorf("there is no market %q; write vn, us or eu", market)}
			}
			k := &checking{opts: files.Options{Zone: location, ZoneName: zone}, pack: pack, brand: brand, now: now()}
			k.paths(paths)
			if segments {
				list(cmd.OutOrStdout(), k.measured)
			}
			return k.report(cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&market, "market", "vn", "whose rules stand around an ad: vn, us, eu")
	c.Flags().StringVar(&brand, "brand", "", "the brand's name, which some markets want in an ad")
	c.Flags().BoolVar(&segments, "segments", false, "list what each question costs as SMS, and because of which characters")
	c.Flags().StringVar(&zone, "timezone", "Asia/Ho_Chi_Minh", "of dates and schedules that name none: the gateway's own")
	return c
}

// checking is one run of the command.
type checking struct {
	opts      files.Options
	problems  files.Problems
	warnings  files.Problems
	campaigns int
	offers    int
	pack      compliance.Pack
	brand     string
	now       time.Time
	measured  []measured
}

// paths checks each folder as a set, and all files together as one.
func (k *checking) paths(paths []string) {
	var single []string
	seen := map[string]bool{}
	for _, path := range paths {
		path = filepath.Clean(path)
		if seen[path] {
			continue
		}
		seen[path] = true
		info, err := os.Stat(path)
		switch {
		case err != nil:
			k.problems = append(k.problems, files.Problem{File: path, Message: "there is no such file or folder"})
		case info.IsDir():
			k.folder(path)
		default:
			single = append(single, path)
		}
	}
	if len(single) > 0 {
		set, problems := files.LoadFiles(single, os.ReadFile, k.opts)
		k.weigh(set)
		k.add(set, problems)
	}
}

func (k *checking) folder(path string) {
	set, problems := files.Load(os.DirFS(path), k.opts)
	k.weigh(set)
	for i := range problems {
		problems[i].File = filepath.Join(path, problems[i].File)
	}
	if set != nil {
		for i := range set.Warnings {
			set.Warnings[i].File = filepath.Join(path, set.Warnings[i].File)
		}
		if len(set.Campaigns)+len(set.Offers) == 0 {
			problems = files.Problems{{File: path, Message: "there is no campaign and no offer here", Hint: "name a folder with *.yaml files"}}
		}
	}
	k.add(set, problems)
}

// weigh measures a set's questions as SMS, and warns of what carriers would refuse and of times that have passed.
func (k *checking) weigh(set *files.Set) {
	if set == nil {
		return
	}
	_, overdue := set.Overdue(k.now, nil)
	set.Warnings = append(set.Warnings, overdue...)
	ms := measure(set, k.pack, k.brand, k.now)
	k.measured = append(k.measured, ms...)
	set.Warnings = append(set.Warnings, tooLong(ms)...)
}

func (k *checking) add(set *files.Set, problems files.Problems) {
	k.problems = append(k.problems, problems...)
	if set != nil {
		k.warnings = append(k.warnings, set.Warnings...)
		k.campaigns += len(set.Campaigns)
		k.offers += len(set.Offers)
	}
}

func (k *checking) report(out, errs io.Writer) error {
	for _, p := range k.problems {
		fmt.Fprintln(errs, p)
	}
	warn(errs, k.warnings)
	if n := len(k.problems); n > 0 {
		err := fmt.Errorf("%s in %s", count(n, "mistake"), count(filesOf(k.problems), "file"))
		fmt.Fprintln(out, err)
		return exitError{2, err}
	}
	fmt.Fprintf(out, "%s and %s: no mistake", count(k.campaigns, "campaign"), count(k.offers, "offer"))
	if n := len(k.warnings); n > 0 {
		fmt.Fprintf(out, ", %s", count(n, "warning"))
	}
	fmt.Fprintln(out)
	return nil
}

// warn says what is allowed and probably not meant.
func warn(out io.Writer, of files.Problems) {
	for _, p := range of {
		p.Message = "warning: " + p.Message
		fmt.Fprintln(out, p)
	}
}

func filesOf(problems files.Problems) int {
	names := map[string]bool{}
	for _, p := range problems {
		names[p.File] = true
	}
	return len(names)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if stem, found := strings.CutSuffix(what, "ply"); found {
		return fmt.Sprintf("%d %splies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
