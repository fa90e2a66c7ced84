package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by a release build: -ldflags "-X main.version=v1.2.3". Empty: the module's own.
var version string

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version and what it was built from",
		Example: "  hoidap version",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "hoidap "+versionOf().long())
			return err
		},
	}
}

// build is what this program was made from.
type build struct {
	version, revision, time string
	changed                 bool // there were changes beside the revision
}

// versionOf reads what the linker and the go command left in the program.
func versionOf() build {
	b := build{version: version}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		b.version = cmp.Or(b.version, "(devel)")
		return b
	}
	b.version = cmp.Or(b.version, info.Main.Version, "(devel)")
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.revision = s.Value
		case "vcs.time":
			b.time = s.Value
		case "vcs.modified":
			b.changed = s.Value == "true"
		}
	}
	return b
}

func (b build) short() string { return b.version }

func (b build) long() string {
	s := b.version
	if b.revision != "" {
		s += fmt.Sprintf(" (%.12s of %s", b.revision, b.time)
		if b.changed {
			s += ", with changes"
		}
		s += ")"
	}
	return s + fmt.Sprintf(" %s %s/%s", runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
