package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/labstack/echo/v4"
	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/adapters/phone"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/cmd/hoidap/sample"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/demo"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences/address"
)

// stopWithin bounds how long an orderly stop may take.
const stopWithin = 20 * time.Second

func demoCommand() *cobra.Command {
	var listen string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Try hoidap in the browser: no Redis, no account, no file",
		Long: "A sample brand with campaigns, offers and 200 customers, and a phone in the browser that plays any of them, beside a live view of\n" +
			"what the gateway makes of each reply. Everything is in memory: nothing is kept when it ends.",
		Example: "  hoidap demo\n  hoidap demo --listen 127.0.0.1:9000",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDemo(cmd.Context(), listen, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "where to serve the page; keep it on this machine: the demo has no password")
	return c
}

func runDemo(ctx context.Context, listen string, out, errs io.Writer) error {
	redis := miniredis.NewMiniRedis()
	if err := redis.Start(); err != nil {
		return fmt.Errorf("starting the embedded Redis: %w", err)
	}
	defer redis.Close()
	aging, stopAging := context.WithCancel(ctx)
	defer stopAging()
	go age(aging, redis)

	hub, token := phone.New(), rand.Text()
	done := make(chan struct{})
	g, err := gateway.New(gateway.Options{
		Listen: listen, PublicURL: "http://" + listen, Log: newLog(errs, false), Files: sample.FS,
		Redis:    store.Options{URL: "redis://" + redis.Addr(), Partitions: 8, Log: slog.New(slog.DiscardHandler)}, // it keeps nothing, and need not
		World:    demoWorld(),
		Console:  gateway.Console{Open: true},
		Accounts: []gateway.Account{{ID: "phone", Type: phone.Type(hub), Channel: address.SMS, Settings: map[string]string{"token": token}}},
		Mount: func(e *echo.Echo, g *gateway.Gateway) {
			demo.Mount(e, demo.Options{API: g.Control, Phone: hub, HookURL: "/hooks/phone", HookToken: token,
				Changes: g.Changes.Subscribe, World: g.World, Listen: listen, Done: done})
		},
	})
	if err != nil {
		return err
	}
	addr, err := g.Start(ctx)
	if err != nil {
		return fmt.Errorf("the demo could not start: %w", err)
	}
	defer stop(g, done)
	if err := seedDemo(ctx, g.Control); err != nil {
		return fmt.Errorf("filling the demo: %w", err)
	}
	fmt.Fprintf(out, "hoidap demo: open http://%s/ in a browser; Ctrl-C ends it.\n", addr)
	fmt.Fprintln(out, "Nothing is kept: all data are in memory and gone when the demo ends. Quiet hours and the cap on ads are off, so that it asks at night and as often as you like.")
	<-ctx.Done()
	return nil
}

// age has the embedded Redis forget what expires, or leases would never end. It can do so by itself, but then goes through
// all keys at each command.
func age(ctx context.Context, redis *miniredis.Miniredis) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for last := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			now := time.Now()
			redis.FastForward(now.Sub(last))
			last = now
		}
	}
}

// demoWorld is the sample brand. Quiet hours and the frequency cap are off: whoever tries the demo at night, or tries a fourth
// campaign, wants to see something.
func demoWorld() campaigns.World {
	pack, _ := compliance.PackFor("vn")
	pack.QuietFrom, pack.QuietTo, pack.Cap = 0, 0, compliance.Cap{}
	return campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: pack.Zone, Help: "1900 0000"}, Pack: pack}
}

func stop(g *gateway.Gateway, done chan struct{}) {
	close(done)
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	g.Stop(ctx) //nolint:errcheck // the demo keeps nothing that could be lost
}
