package main

import "github.com/spf13/cobra"

// adapterCommand is about the code of adapters, for their authors.
func adapterCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "adapter",
		Short:   "Begin an adapter for another provider",
		Long:    "For authors of adapters, in a checkout of hoidap. docs/adapters.md walks from here to an adapter that is whole.",
		Example: "  hoidap adapter new acme --channel sms --signed header",
	}
	c.AddCommand(adapterNewCommand())
	onlySubcommands(c)
	return c
}
