package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitFailed = 1 // it was tried and did not work
	exitUsage  = 2 // wrong usage, or input that is not valid
)

// run carries out one command line and gives its exit code. An error is printed once, on errs.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	// What a command returned carries its code; what comes from before it ran is a mistake in the command line.
	if x := (exitError{}); errors.As(err, &x) {
		fmt.Fprintln(errs, "hoidap: "+err.Error())
		return x.code
	}
	fmt.Fprintln(errs, "hoidap: "+strings.TrimSpace(err.Error()))
	fmt.Fprintf(errs, "Run \"%s --help\" for how to use it.\n", cmd.CommandPath())
	return exitUsage
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "hoidap",
		Short: "Ask customers what they like, in the chat apps they use",
		Long: `hoidap asks a brand's customers what they like over SMS and chat apps, understands what they answer in their own words,
keeps each answer as a preference that they can see and take back, and repays it with an offer chosen from it.

Exit codes: 0 done, 1 failed, 2 wrong usage or invalid input.`,
		Example: `  hoidap demo
  hoidap check ./campaigns
  hoidap serve --config hoidap.yaml`,
		SilenceUsage: true, SilenceErrors: true,
		Version: versionOf().short(),
	}
	root.SetVersionTemplate("hoidap {{.Version}}\n")
	for _, c := range []*cobra.Command{
		demoCommand(), serveCommand(), parseCommand(), checkCommand(time.Now), teachCommand(), simulateCommand(), contactsCommand(), accountsCommand(), sendingCommand(), deadCommand(), userCommand(), exportFilesCommand(), applyCommand(), adapterCommand(), versionCommand(),
	} {
		root.AddCommand(c)
	}
	withCodes(root)
	return root
}

// withCodes gives the errors of every command a code: those without one mean that it failed.
func withCodes(c *cobra.Command) {
	if inner := c.RunE; inner != nil {
		c.RunE = func(cmd *cobra.Command, args []string) error {
			err := inner(cmd, args)
			if x := (exitError{}); err == nil || errors.As(err, &x) {
				return err
			}
			return exitError{exitFailed, err}
		}
	}
	for _, sub := range c.Commands() {
		withCodes(sub)
	}
}

// onlySubcommands is the Args and RunE of a command that does nothing by itself: cobra would print its help and call
// a misspelt subcommand a success.
func onlySubcommands(c *cobra.Command) {
	c.SuggestionsMinimumDistance = 2
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return exitError{exitUsage, fmt.Errorf("%s needs one of: %s", cmd.CommandPath(), strings.Join(names(cmd), ", "))}
		}
		text := fmt.Sprintf("unknown command %q for %q; there are: %s", args[0], cmd.CommandPath(), strings.Join(names(cmd), ", "))
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			text = fmt.Sprintf("unknown command %q for %q; did you mean %s?", args[0], cmd.CommandPath(), near[0])
		}
		return exitError{exitUsage, errors.New(text)}
	}
}

func names(c *cobra.Command) (out []string) {
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			out = append(out, sub.Name())
		}
	}
	return out
}
