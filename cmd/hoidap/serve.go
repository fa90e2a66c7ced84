package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"
	_ "time/tzdata" // slim containers have no zones

	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/config"
	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/gateway"
	roles "github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/console"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sso"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/gateway/webhooks"
)

func serveCommand() *cobra.Command {
	var file string
	var leave []string
	var verbose bool
	c := &cobra.Command{
		Use:     "serve",
		Short:   "Run the gateway",
		Long:    "Runs the gateway with the accounts, campaigns and Redis that the configuration names, until it is told to stop. Whatever is wrong with\nthe configuration is said at the start, a line each, and nothing runs.",
		Example: "  hoidap serve --config hoidap.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), file, leave, newLog(cmd.ErrOrStderr(), verbose), cmd.OutOrStdout())
		},
	}
	c.Flags().StringVar(&file, "config", "hoidap.yaml", "the configuration")
	c.Flags().StringSliceVar(&leave, "leave-out", nil, "campaign files made in the console that are not in force, so that they can be mended there")
	c.Flags().BoolVar(&verbose, "verbose", false, "log more")
	return c
}

func serve(ctx context.Context, file string, leave []string, log *slog.Logger, out io.Writer) error {
	o, guessable, err := optionsOf(file)
	if err != nil {
		return exitError{code: 2, err: err}
	}
	o.Log, o.LeaveOut = log, leave
	for _, t := range guessable {
		log.Warn("a token of the API can be found by trying; make a longer one: openssl rand -hex 16", "token", t)
	}
	spendMemory(os.Getenv)
	g, err := gateway.New(o)
	if err != nil {
		return exitError{code: 2, err: err}
	}
	warmHeap()
	addr, err := g.Start(ctx)
	if errors.Is(err, gateway.ErrCampaignFiles) {
		return exitError{code: exitUsage, err: err}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "hoidap serves on http://%s\n", addr)
	if err := tellFirstUser(ctx, g, addr, out); err != nil {
		log.Warn("whether anybody can sign in at the console is not known", "error", err)
	}
	<-ctx.Done()
	log.Info("stopping: finishing what is under way")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	return g.Stop(stopping)
}

// tellFirstUser says where the first administrator chooses a password, as long as there is none.
func tellFirstUser(ctx context.Context, g *gateway.Gateway, addr string, out io.Writer) error {
	path, err := g.FirstUser(ctx)
	if path != "" {
		fmt.Fprintf(out, "Nobody can sign in at the console yet. For the next hour the first administrator begins here, once:\n  http://%s%s\n", addr, path)
	}
	return err
}

// packOf is the market's rules with what the configuration says instead.
func packOf(c *config.Config) (pack compliance.Pack, ok bool) {
	pack, ok = compliance.PackFor(c.Market)
	pack.Zone = c.Zone
	if c.AdsPerDay != nil {
		pack.Cap = compliance.Cap{Most: *c.AdsPerDay, Within: 24 * time.Hour}
	}
	return pack, ok
}

// optionsOf reads the configuration; its error has a line for each mistake. guessable are the names of tokens that are too short.
func optionsOf(file string) (o gateway.Options, guessable []string, err error) {
	var accounts []gateway.Account
	var files fs.FS
	c, problems := config.Load(file, os.Getenv, os.ReadFile,
		func(c *config.Config) (found strict.Problems) { accounts, found = accountsOf(c); return found },
		func(c *config.Config) (found strict.Problems) { files, found = campaignFiles(c); return found })
	if len(problems) > 0 {
		return o, nil, problems
	}
	pack, ok := packOf(c)
	if !ok {
		return o, nil, fmt.Errorf("%s: there are no rules for market %q", file, c.Market)
	}
	tokens, err := tokensOf(c)
	if err != nil {
		return o, nil, err
	}
	signOn, err := ssoOf(c)
	if err != nil {
		return o, nil, err
	}
	for _, t := range c.Tokens {
		if t.Guessable() {
			guessable = append(guessable, t.Name)
		}
	}
	return gateway.Options{
		Console: gateway.Console{SSO: signOn},
		Listen:  c.HTTP.Listen, PublicURL: c.HTTP.PublicURL, Local: c.HTTP.Local, Accounts: accounts, Tokens: tokens, Debug: c.Debug,
		Webhooks: webhooksOf(c),
		Redis:    redisOf(c),
		Files:    files,
		Care:     control.Care{TypeFrom: c.TypeFrom, ApproveFrom: c.ApproveFrom},
		Keep:     engine.Keep{Inbox: c.Keep.Inbox, Dead: c.Keep.DeadLetters, Runs: c.Keep.Runs, Ledger: c.Keep.Ledger},
		World:    campaigns.World{Brand: campaigns.Brand{Name: c.Brand, Locale: c.Locale, Zone: c.Zone, Help: c.Help}, Pack: pack},
	}, guessable, nil
}

// ssoOf is the identity provider that people sign in with at the console; nil where there is none.
func ssoOf(c *config.Config) (console.SSO, error) {
	o := c.Console.OIDC
	if o == nil {
		return nil, nil
	}
	out := sso.Options{Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: string(o.ClientSecret), Callback: c.HTTP.PublicURL + console.Prefix + "/sso/callback",
		Claim: o.Claim, Roles: map[string]roles.Role{}}
	for value, name := range o.Roles {
		role, err := roles.ParseRole(name)
		if err != nil {
			return nil, fmt.Errorf("%s: console.oidc.roles: %w", c.File, err)
		}
		out.Roles[value] = role
	}
	if o.Default != "" {
		role, err := roles.ParseRole(o.Default)
		if err != nil {
			return nil, fmt.Errorf("%s: console.oidc.default: %w", c.File, err)
		}
		out.Default = role
	}
	return sso.New(out), nil
}

func redisOf(c *config.Config) store.Options {
	o := store.Options{URL: string(c.Redis.URL), Cluster: c.Redis.Cluster, TLS: c.Redis.TLS, Confirm: c.Redis.Confirm, Partitions: c.Partitions, LeaseTTL: c.Redis.Lease}
	if s := c.Redis.Sentinel; s != nil {
		o.Sentinel = &store.Sentinel{Master: s.Master, Addrs: s.Addrs, User: s.User, Password: string(s.Password)}
	}
	return o
}

// campaignFiles is the folder of campaigns. Where it is missing the gateway would say so without its name, as it sees no more
// than what is inside.
func campaignFiles(c *config.Config) (fs.FS, strict.Problems) {
	if info, err := os.Stat(c.Campaigns); err != nil || !info.IsDir() {
		var r strict.Report
		r.Add(strict.Place{File: c.File}, "make it (it may be empty), or write where the campaign files are", "campaigns: there is no folder %s", c.Campaigns)
		return nil, r.Problems()
	}
	return os.DirFS(c.Campaigns), nil
}

func tokensOf(c *config.Config) ([]web.Token, error) {
	var out []web.Token
	for _, t := range c.Tokens {
		role, err := web.ParseRole(t.Role)
		if err != nil {
			return nil, fmt.Errorf("%s: token %s: %w", c.File, t.Name, err)
		}
		out = append(out, web.Token{Name: t.Name, Secret: string(t.Token), Role: role})
	}
	return out, nil
}

func webhooksOf(c *config.Config) []webhooks.Endpoint {
	var out []webhooks.Endpoint
	for _, w := range c.Webhooks {
		e := webhooks.Endpoint{Name: w.Name, URL: string(w.URL), Events: w.Events, Private: w.Private}
		for _, s := range w.Secrets {
			e.Secrets = append(e.Secrets, string(s))
		}
		out = append(out, e)
	}
	return out
}

func newLog(w io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}
