package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/gateway/control"
)

// accountsCommand is about how the accounts are.
func accountsCommand() *cobra.Command {
	var a access
	c := &cobra.Command{
		Use:   "accounts",
		Short: "Say how the accounts are; pause, drain, resume and try one",
		Long: `Lists the accounts of a running gateway: how each is and why, what waits, what came of the last hour's attempts, and what
its provider says of it. An account can be paused (nothing is handed to its provider), drained (nothing new is put on it),
and tried with a test message.`,
		Example: "  hoidap accounts\n  hoidap accounts pause sms --reason \"everything arrives twice\"\n  hoidap accounts test sms tel:+84901234567",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := a.client()
			if err != nil {
				return err
			}
			return client.listAccounts(cmd.Context(), cmd.OutOrStdout())
		},
	}
	a.flags(c)
	c.AddCommand(
		haltCommand("pause", "Hand nothing more to an account's provider, on every replica", "  hoidap accounts pause sms --reason \"everything arrives twice\""),
		haltCommand("drain", "Put nothing new on an account; what is queued goes out", "  hoidap accounts drain sms --reason \"leaves on Friday\""),
		accountCommand("resume ACCOUNT", "Let an account go on", "  hoidap accounts resume sms", 1, func(ctx context.Context, c *client, args []string, out io.Writer) error {
			return c.steerAccount(ctx, args[0], "resume", nil, out)
		}),
		accountCommand("test ACCOUNT ADDRESS", "Send one test message by an account", "  hoidap accounts test sms tel:+84901234567", 2, func(ctx context.Context, c *client, args []string, out io.Writer) error {
			return c.tryAccount(ctx, args[0], args[1], out)
		}))
	return c
}

// accountCommand is a subcommand that does something with one account.
func accountCommand(use, short, example string, args int, do func(context.Context, *client, []string, io.Writer) error) *cobra.Command {
	var a access
	c := &cobra.Command{
		Use: use, Short: short, Example: example, Args: cobra.ExactArgs(args),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := a.client()
			if err != nil {
				return err
			}
			return do(cmd.Context(), client, args, cmd.OutOrStdout())
		},
	}
	a.flags(c)
	return c
}

func haltCommand(name, short, example string) *cobra.Command {
	var reason string
	c := accountCommand(name+" ACCOUNT", short, example, 1, func(ctx context.Context, c *client, args []string, out io.Writer) error {
		return c.steerAccount(ctx, args[0], name, map[string]string{"reason": reason}, out)
	})
	c.Flags().StringVar(&reason, "reason", "", "why, for whoever looks later")
	return c
}

func (c *client) listAccounts(ctx context.Context, out io.Writer) error {
	var found struct{ Accounts []control.AccountView }
	if err := c.exchange(ctx, http.MethodGet, "/accounts", nil, &found); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "ACCOUNT\tSTATE\tWAITING\tDUE FOR\tTAKEN\tINBOUND\tRECEIPTS\tLAST HOUR\tFORGED\tBALANCE\tEXPIRES")
	for _, a := range found.Accounts {
		balance, expires := "", time.Time{}
		if p := a.Probe; p != nil {
			balance, expires = strings.Trim(p.Balance+" "+p.Quota, " "), p.Expires
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", a.ID, a.State, a.Waiting, seconds(a.Age), when(a.LastTaken), when(a.LastInbound),
			lagOf(a.ReceiptLag), mixOf(a), a.Forged, dash(balance), when(expires))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, a := range found.Accounts {
		explain(out, a)
	}
	return nil
}

// explain says in sentences what is not well.
func explain(out io.Writer, a control.AccountView) {
	if a.Why != "" {
		fmt.Fprintf(out, "%s is %s: %s %s\n", a.ID, a.State, a.Why, a.Cure)
	}
	if a.Sending == control.SendingStopped {
		fmt.Fprintf(out, "%s sends nothing: all sending is stopped; see hoidap sending status\n", a.ID)
	}
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format(time.DateTime)
}

func seconds(s float64) string {
	if s <= 0 {
		return "-"
	}
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}

func lagOf(l *control.ReceiptLag) string {
	if l == nil {
		return "-"
	}
	return fmt.Sprintf("%.1fs/%.1fs", l.Median, l.Most)
}

// mixShown is how many outcomes of the last hour the table has room for.
const mixShown = 4

func mixOf(a control.AccountView) string {
	var parts []string
	for _, c := range a.LastHour[:min(mixShown, len(a.LastHour))] {
		name := c.Result
		if c.Code != "" {
			name += " " + c.Code
		}
		parts = append(parts, fmt.Sprintf("%d %s", c.N, name))
	}
	if len(a.LastHour) > mixShown {
		parts = append(parts, "…")
	}
	return dash(strings.Join(parts, ", "))
}

// steerAccount pauses, drains or resumes an account, and says how it is then.
func (c *client) steerAccount(ctx context.Context, id, how string, body any, out io.Writer) error {
	var a control.AccountView
	if err := c.exchange(ctx, http.MethodPost, "/accounts/"+url.PathEscape(id)+"/"+how, body, &a); err != nil {
		return err
	}
	if a.Why == "" {
		fmt.Fprintf(out, "%s is %s\n", a.ID, a.State)
	}
	explain(out, a)
	return nil
}

// tryAccount sends a test message. That the provider did not take it is a failure of the command, too.
func (c *client) tryAccount(ctx context.Context, id, to string, out io.Writer) error {
	var t control.Trial
	if err := c.exchange(ctx, http.MethodPost, "/accounts/"+url.PathEscape(id)+"/test", map[string]string{"to": to}, &t); err != nil {
		return err
	}
	if t.Result == "taken" {
		fmt.Fprintf(out, "the provider took the test message to %s: %s\n", t.To, dash(strings.Join(t.IDs, ", ")))
		return nil
	}
	why := t.Result
	if t.Code != "" {
		why += " (code " + t.Code + ")"
	}
	if t.Detail != "" {
		why += ": " + t.Detail
	}
	return fmt.Errorf("the test message to %s was not taken: %s. %s", t.To, strings.TrimSuffix(why, "."), t.Cure)
}
