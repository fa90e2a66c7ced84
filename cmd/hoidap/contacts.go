package main

import (
	"os"
	"time"

	"github.com/spf13/cobra"
)

// contactsCommand groups what is done with many contacts at once.
func contactsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "contacts",
		Short:   "Import and export contacts",
		Long:    "Imports and exports contacts through the API of a running gateway, so that contacts are written in one way only.",
		Example: "  hoidap contacts import customers.csv\n  hoidap contacts export > contacts.jsonl",
	}
	onlySubcommands(c)
	c.AddCommand(importCommand(), exportCommand())
	return c
}

// access is how to reach the gateway's API.
type access struct {
	api, token string
	patience   time.Duration
	command    *cobra.Command // whose options they are
}

// flags adds the options that say it. The token is better given in the environment, where other users of the machine
// do not see it in the list of processes.
func (a *access) flags(c *cobra.Command) {
	a.command = c
	api := os.Getenv("HOIDAP_API")
	if api == "" {
		api = "http://127.0.0.1:8080"
	}
	c.Flags().StringVar(&a.api, "api", api, "where the gateway is; also from HOIDAP_API")
	c.Flags().StringVar(&a.token, "token", "", "one of its API tokens; better from the environment, as HOIDAP_TOKEN")
	c.Flags().DurationVar(&a.patience, "retry-for", time.Minute, "how long to try again where the gateway is busy or away")
}

// client makes the client, with the token of the environment where no flag gave one.
func (a *access) client() (*client, error) {
	token := a.token
	if token == "" {
		token = os.Getenv("HOIDAP_TOKEN")
	}
	return newClient(a.api, token, a.patience, a.command.ErrOrStderr())
}
