package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/cmd/hoidap/skeleton"
	"github.com/hoidap/hoidap/preferences/address"
)

func adapterNewCommand() *cobra.Command {
	var n newAdapter
	c := &cobra.Command{
		Use:   "new NAME",
		Short: "Write the files that an adapter begins with",
		Long: `Writes the skeleton of an adapter into the checkout of hoidap that it is called in: the adapter, a fake of the provider, the
test that holds both to the contract, recorded calls, and the page for operators. It compiles at once. Its test fails, law
by law, and each failure says what to write: "go test ./adapters/NAME".

Files that exist are left alone. Exit codes: 0 written, 1 failed, 2 refused.`,
		Example: "  hoidap adapter new acme\n  hoidap adapter new acme --channel viber --signed header --register",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			n.adapter.Name = args[0]
			n.adapter.Channel = address.Channel(n.channel)
			return n.run(cmd.OutOrStdout())
		},
	}
	f := c.Flags()
	f.StringVar(&n.channel, "channel", string(address.SMS), "what an account is: "+strings.Join(skeleton.Channels(), ", "))
	f.StringVar(&n.adapter.Signed, "signed", skeleton.SignedPath, "how webhook calls show whose they are: header (a signature), path (nothing is signed)")
	f.BoolVar(&n.register, "register", false, "add it to adapters/all/all.go, too")
	f.BoolVar(&n.force, "force", false, "write over the skeleton's files where they exist; what was written into them is lost")
	return c
}

// newAdapter is one run of the command.
type newAdapter struct {
	adapter         skeleton.Adapter
	channel         string
	register, force bool
}

func (n *newAdapter) run(out io.Writer) error {
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	root, err := checkout(here)
	if err != nil {
		return exitError{exitUsage, err}
	}
	if err := n.adapter.Check(root); err != nil {
		return exitError{exitUsage, err}
	}
	written, err := n.adapter.Write(root, n.force)
	if errors.Is(err, skeleton.ErrExists) {
		return exitError{exitUsage, err}
	}
	if err != nil {
		return err
	}
	for _, name := range written {
		fmt.Fprintln(out, name)
	}
	if n.register {
		if err := n.adapter.Register(root); err != nil {
			return err
		}
	}
	n.next(out)
	return nil
}

// next says what to do now.
func (n *newAdapter) next(out io.Writer) {
	name := n.adapter.Name
	fmt.Fprintf(out, "\ngo test ./adapters/%s says, law by law, what is to be written; docs/adapters.md walks through it.\n", name)
	if n.register {
		fmt.Fprintln(out, "It stands in adapters/all/all.go. make docs fills in the tables of its page.")
		return
	}
	imported, listed := n.adapter.Lines()
	fmt.Fprintf(out, "Then add it to adapters/all/all.go (--register does it at once, next time):\n%s\n%s\nmake docs then fills in the tables of its page.\n", imported, listed)
}

var moduleForm = regexp.MustCompile(`(?m)^module github\.com/hoidap/hoidap\s*$`)

// checkout is the root of hoidap's repository around a folder.
func checkout(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		mod, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && moduleForm.Match(bytes.ReplaceAll(mod, []byte("\r"), nil)) {
			return at, nil
		}
		if err == nil || at == filepath.Dir(at) {
			return "", errors.New("this is not a checkout of hoidap, into which an adapter is built: run it where hoidap's go.mod is, or below")
		}
	}
}
