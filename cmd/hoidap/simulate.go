package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/simulator"
	"github.com/hoidap/hoidap/preferences"
)

func simulateCommand() *cobra.Command {
	var p playing
	c := &cobra.Command{
		Use:   "simulate TALK...",
		Short: "Play talks against campaign files, and see that they go as expected",
		Long: `Plays each talk with somebody who does not exist, against the campaigns of a folder: the same reading, rules and offers as
in earnest, without a gateway, and without anything being sent or written.

A talk is a text file. Its head says who talks about what, and ends with ---:

  campaign: autumn-style
  channel: sms
  name: Lan
  consent: marketing
  at: 2026-12-05 10:00
  ---
  < [QC] Chị Lan thích phong cách nào? ...
  > 2
  < Ngân sách cho một bộ khoảng bao nhiêu ạ?
  = style = Công sở

> is what the customer writes, < what they are told, = what is known by then, and ! what else happens: tap 2, again (the
provider repeats itself), wait 3h, late 10m <text>, event order.returned. \n stands for a new line, and
" ..." at the end of a text for whatever follows. A move with no < and no = behind it is not checked. The console's simulator
saves talks in this form.

Exit codes: 0 everything came as expected, 1 failed, 2 something did not, or a talk cannot be read.`,
		Example:       "  hoidap simulate talks/*.talk\n  hoidap simulate --campaigns ./campaigns --show lan.talk",
		Args:          cobra.MinimumNArgs(1),
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.run(args, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&p.campaigns, "campaigns", "campaigns", "the campaign files: a folder, or one file")
	f.StringVar(&p.market, "market", "vn", "whose rules stand around an ad: vn, us, eu")
	f.StringVar(&p.zone, "timezone", "Asia/Ho_Chi_Minh", "of the talks' clocks")
	f.StringVar(&p.brand, "brand", "", "the brand's name, for texts that say it")
	f.BoolVar(&p.show, "show", false, "print the talks as they went")
	return c
}

// playing is one run of the command.
type playing struct {
	campaigns, market, zone, brand string
	show                           bool
}

func (p *playing) run(talks []string, out, errs io.Writer) error {
	zone, ok := preferences.Zone(p.zone)
	if !ok {
		return exitError{exitUsage, fmt.Errorf("there is no timezone %q; write a name such as Asia/Ho_Chi_Minh", p.zone)}
	}
	pack, ok := compliance.PackFor(p.market)
	if !ok {
		return exitError{exitUsage, fmt.Errorf("there is no market %q; write vn, us or eu", p.market)}
	}
	set, problems, err := loadFiles(p.campaigns, files.Options{Zone: zone, ZoneName: p.zone})
	if err == nil {
		err = problems.Err()
	}
	if err != nil {
		return exitError{exitUsage, err}
	}
	w := &campaigns.World{Brand: campaigns.Brand{Name: p.brand, Locale: defaultLocale, Zone: zone}, Campaigns: set.Campaigns, Offers: set.Offers, Pack: pack}
	failed := 0
	for _, name := range talks {
		if !p.play(w, zone, name, out, errs) {
			failed++
		}
	}
	if failed > 0 {
		return exitError{exitUsage, fmt.Errorf("%d of %s did not go as expected", failed, count(len(talks), "talk"))}
	}
	fmt.Fprintln(out, count(len(talks), "talk"), "went as expected")
	return nil
}

// play plays one talk, and says of each move what came otherwise.
func (p *playing) play(w *campaigns.World, zone *time.Location, name string, out, errs io.Writer) bool {
	raw, err := os.ReadFile(name)
	if err != nil {
		fmt.Fprintln(errs, err)
		return false
	}
	script, err := simulator.Read(string(raw), zone)
	if err == nil && script.At.IsZero() {
		err = fmt.Errorf("a talk says when it begins: at: 2026-12-05 10:00")
	}
	if err != nil {
		fmt.Fprintf(errs, "%s: %v\n", name, err)
		return false
	}
	talk, err := simulator.Stage{World: w}.Play(script)
	if err != nil {
		fmt.Fprintf(errs, "%s: %v\n", name, err)
		return false
	}
	if p.show {
		fmt.Fprintln(out, strings.TrimSuffix(talk.Test(script), "\n"))
	}
	for _, s := range talk.Steps {
		if s.Problem != "" {
			fmt.Fprintf(errs, "%s:%d: %s\n", name, s.Move.Line, s.Problem)
		}
	}
	return !talk.Failed()
}
