package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// sendingCommand is the emergency stop.
func sendingCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "sending",
		Short: "Stop all sending at once, and resume it",
		Long: `The emergency stop. Once stopped, no replica hands a message to any provider within a second, until sending is resumed.
Replies are received and understood meanwhile, and what there is to say waits.`,
		Example: "  hoidap sending stop --reason \"wrong prices\"\n  hoidap sending status\n  hoidap sending resume",
	}
	onlySubcommands(c)
	var reason string
	stop := sendingCall("stop", "Stop all sending, on every replica", "  hoidap sending stop --reason \"wrong prices\"", http.MethodPost, "/sending/stop",
		func() any { return map[string]string{"reason": reason} })
	stop.Flags().StringVar(&reason, "reason", "", "why, for whoever looks later")
	c.AddCommand(stop,
		sendingCall("resume", "Let messages go again", "  hoidap sending resume", http.MethodPost, "/sending/resume", nil),
		sendingCall("status", "Say whether sending is stopped", "  hoidap sending status", http.MethodGet, "/sending", nil))
	return c
}

// sendingCall is a subcommand that makes one call and prints how sending stands then.
func sendingCall(name, short, example, method, path string, body func() any) *cobra.Command {
	var a access
	c := &cobra.Command{
		Use: name, Short: short, Example: example, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := a.client()
			if err != nil {
				return err
			}
			var in any
			if body != nil {
				in = body()
			}
			return client.sending(cmd.Context(), method, path, in, cmd.OutOrStdout())
		},
	}
	a.flags(c)
	return c
}

func (c *client) sending(ctx context.Context, method, path string, in any, out io.Writer) error {
	var s struct {
		State, By, Reason string
		At                time.Time
	}
	if err := c.exchange(ctx, method, path, in, &s); err != nil {
		return err
	}
	if s.State != "stopped" {
		_, err := fmt.Fprintln(out, "sending runs")
		return err
	}
	line := "sending is STOPPED since " + s.At.Local().Format(time.RFC3339) + " by " + s.By
	if s.Reason != "" {
		line += ": " + s.Reason
	}
	_, err := fmt.Fprintln(out, line)
	return err
}

// exchange sends in, where there is something, and reads the answer to a call that went well into out.
func (c *client) exchange(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	status, answer, err := c.call(ctx, method, path, body)
	if err != nil {
		return err
	}
	switch status {
	case http.StatusOK:
	case http.StatusBadRequest, http.StatusConflict, http.StatusNotFound:
		return refusedError{problemText(answer)}
	default:
		return c.unexpected(status, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fatalError{"the answer cannot be read: is --api the address of a gateway?"}
	}
	return nil
}
