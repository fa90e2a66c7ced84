package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// deadCommand is about what was given up.
func deadCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "dead",
		Short: "List and replay dead letters: messages and events that were given up",
		Long: `Messages that no provider took, and events that could not be handled, are kept for thirty days. Once the cause has been
seen to, they can be had again.`,
		Example: "  hoidap dead list --what message\n  hoidap dead replay --reason gave_up --account sms\n  hoidap dead replay 7.1795400000000-0",
	}
	onlySubcommands(c)
	c.AddCommand(deadListCommand(), deadReplayCommand())
	return c
}

// letters says which dead letters are meant.
type letters struct {
	What     string    `json:"what,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Account  string    `json:"account,omitempty"`
	Campaign string    `json:"campaign,omitempty"`
	Run      string    `json:"run,omitempty"`
	Before   time.Time `json:"before,omitzero"`
	Limit    int       `json:"limit,omitempty"`
}

func (l *letters) flags(c *cobra.Command) {
	c.Flags().StringVar(&l.What, "what", "", "message, event or webhook")
	c.Flags().StringVar(&l.Reason, "reason", "", "how the reason begins")
	c.Flags().StringVar(&l.Account, "account", "", "of this account only")
	c.Flags().StringVar(&l.Campaign, "campaign", "", "of this campaign only")
	c.Flags().StringVar(&l.Run, "run", "", "of this run only")
}

// query is the filter as the list takes it.
func (l *letters) query(limit int) string {
	q := url.Values{"limit": {strconv.Itoa(limit)}}
	for name, v := range map[string]string{"what": l.What, "reason": l.Reason, "account": l.Account, "campaign": l.Campaign, "run": l.Run} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return q.Encode()
}

func deadListCommand() *cobra.Command {
	var a access
	var l letters
	limit := 50
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the newest dead letters",
		Example: "  hoidap dead list\n  hoidap dead list --what event --limit 500",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := a.client()
			if err != nil {
				return err
			}
			return client.listDead(cmd.Context(), l.query(limit), cmd.OutOrStdout())
		},
	}
	a.flags(c)
	l.flags(c)
	c.Flags().IntVar(&limit, "limit", limit, "how many, up to 500")
	return c
}

func (c *client) listDead(ctx context.Context, query string, out io.Writer) error {
	var found struct {
		Letters []struct {
			ID, What, Of, Kind, Contact, Account, Reason string
			At                                           time.Time
		} `json:"dead_letters"`
	}
	if err := c.exchange(ctx, http.MethodGet, "/dead-letters?"+query, nil, &found); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "LETTER\tAT\tWHAT\tKIND\tACCOUNT\tOF\tREASON")
	for _, l := range found.Letters {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.ID, l.At.Local().Format(time.DateTime), l.What, dash(l.Kind), dash(l.Account), l.Of, l.Reason)
	}
	return w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func deadReplayCommand() *cobra.Command {
	var a access
	var l letters
	var all bool
	c := &cobra.Command{
		Use:   "replay [LETTER...]",
		Short: "Have dead letters again: those named, or all that fit the filters",
		Long: `Puts dead letters back on their way. A message is sent after all, unless it may not be any more: then its contact's
ledger says why. An event is handled after all. Each letter comes back once, however often it is asked for.`,
		Example: "  hoidap dead replay 7.1795400000000-0\n  hoidap dead replay --what message --reason gave_up --account sms\n  hoidap dead replay --all",
		RunE: func(cmd *cobra.Command, ids []string) error {
			if (len(ids) > 0) == (all || l != letters{}) {
				return exitError{exitUsage, fmt.Errorf("say which letters: name them, or give filters, or --all")}
			}
			client, err := a.client()
			if err != nil {
				return err
			}
			bar := newProgress(cmd.ErrOrStderr(), "replaying", 0)
			n, err := client.replayDead(cmd.Context(), ids, l, bar)
			bar.stop()
			fmt.Fprintln(cmd.OutOrStdout(), "put back on their way: "+count(n, "letter"))
			return err
		},
	}
	a.flags(c)
	l.flags(c)
	c.Flags().BoolVar(&all, "all", false, "all there are")
	return c
}

// replayDead replays the letters named, or where none are, those that fit; n have been put back, also where there is an
// error.
func (c *client) replayDead(ctx context.Context, ids []string, l letters, bar *progress) (n int, err error) {
	for _, id := range ids {
		var r struct{ Replayed int }
		if err := c.exchange(ctx, http.MethodPost, "/dead-letters/"+url.PathEscape(id)+"/replay", nil, &r); err != nil {
			return n, fmt.Errorf("letter %s: %w", id, err)
		}
		n += r.Replayed
		bar.add(r.Replayed)
	}
	for more := len(ids) == 0; more; {
		var r struct {
			Replayed int
			More     bool
			Before   time.Time
		}
		if err := c.exchange(ctx, http.MethodPost, "/dead-letters/replay", l, &r); err != nil {
			return n, err
		}
		n, more, l.Before = n+r.Replayed, r.More && r.Replayed > 0, r.Before
		bar.add(r.Replayed)
	}
	return n, nil
}
