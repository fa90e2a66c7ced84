package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // slim containers have no zones

	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/all"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/config"
	"github.com/hoidap/hoidap/gateway"
	roles "github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/console"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sso"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/gateway/webhooks"
	"github.com/hoidap/hoidap/preferences/address"
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
			ctx, cancel := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer cancel()
			return serve(ctx, file, leave, newLog(cmd.ErrOrStderr(), verbose), cmd.OutOrStdout())
		},
	}
	c.Flags().StringVar(&file, "config", "hoidap.yaml", "the configuration")
	c.Flags().StringSliceVar(&leave, "leave-out", nil, "campaign files made in the console that are not in force, so that they can be mended there")
	c.Flags().BoolVar(&verbose, "verbose", false, "log more")
	return c
}

func serve(ctx context.Context, file string, leave []string, log *slog.Logger, out io.Writer) error {
	o, err := optionsOf(file)
	if err != nil {
		return exitError{code: 2, err: err}
	}
	o.Log, o.LeaveOut = log, leave
	spendMemory(os.Getenv)
	g, err := gateway.New(o)
	if err != nil {
		return exitError{code: 2, err: err}
	}
	addr, err := g.Start(ctx)
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

// optionsOf reads the configuration; its error has a line for each mistake.
func optionsOf(file string) (gateway.Options, error) {
	c, problems := config.Load(file, os.Getenv, os.ReadFile)
	if len(problems) > 0 {
		return gateway.Options{}, errors.New(problems.Error())
	}
	pack, ok := compliance.PackFor(c.Market)
	if !ok {
		return gateway.Options{}, fmt.Errorf("%s: there are no rules for market %q", file, c.Market)
	}
	pack.Zone = c.Zone
	files, err := campaignFiles(c)
	if err != nil {
		return gateway.Options{}, err
	}
	accounts, err := accountsOf(c)
	if err != nil {
		return gateway.Options{}, err
	}
	tokens, err := tokensOf(c)
	if err != nil {
		return gateway.Options{}, err
	}
	signOn, err := ssoOf(c)
	if err != nil {
		return gateway.Options{}, err
	}
	return gateway.Options{
		Console: gateway.Console{SSO: signOn},
		Listen:  c.HTTP.Listen, PublicURL: c.HTTP.PublicURL, Accounts: accounts, Tokens: tokens, Debug: c.Debug,
		Webhooks: webhooksOf(c),
		Redis:    redisOf(c),
		Files:    files,
		Care:     control.Care{TypeFrom: c.TypeFrom, ApproveFrom: c.ApproveFrom},
		Keep:     engine.Keep{Inbox: c.Keep.Inbox, Dead: c.Keep.DeadLetters, Runs: c.Keep.Runs, Ledger: c.Keep.Ledger},
		World:    campaigns.World{Brand: campaigns.Brand{Name: c.Brand, Locale: c.Locale, Zone: c.Zone, Help: c.Help}, Pack: pack},
	}, nil
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
func campaignFiles(c *config.Config) (fs.FS, error) {
	if info, err := os.Stat(c.Campaigns); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s: campaigns: there is no folder %s; make it (it may be empty), or write where the campaign files are", c.File, c.Campaigns)
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

// accountsOf checks each account's settings against what its adapter declares.
func accountsOf(c *config.Config) ([]gateway.Account, error) {
	var out []gateway.Account
	var problems []string
	for _, a := range c.Accounts {
		t, ok := all.Find(a.Adapter)
		if !ok {
			problems = append(problems, fmt.Sprintf("%s: there is no adapter %q; there are: %s", a.AdapterAt, a.Adapter, strings.Join(adapterNames(), ", ")))
			continue
		}
		account, found := accountOf(a, t)
		problems = append(problems, found...)
		out = append(out, account)
	}
	if len(problems) > 0 {
		return nil, errors.New(strings.Join(problems, "\n"))
	}
	return out, nil
}

func adapterNames() []string {
	var names []string
	for _, t := range all.Types() {
		names = append(names, t.Name)
	}
	return names
}

func accountOf(a config.Account, t adapters.Type) (out gateway.Account, problems []string) {
	out = gateway.Account{ID: a.ID, Type: t, Channel: address.Channel(a.Channel), Rate: a.Rate, Quota: campaigns.Quota(a.Quota), Lighten: a.Lighten, ByHand: a.ByHand, Settings: map[string]string{}}
	if out.Channel == "" && len(t.Channels) == 1 {
		out.Channel = t.Channels[0]
	}
	switch {
	case out.Channel == "":
		problems = append(problems, fmt.Sprintf("%s: account %s needs channel, as adapter %s has several: %s", a.At, a.ID, t.Name, channelNames(t)))
	case !carries(t, out.Channel):
		problems = append(problems, fmt.Sprintf("%s: adapter %s has no channel %q; it has: %s", a.ChannelAt, t.Name, a.Channel, channelNames(t)))
	}
	declared := map[string]bool{}
	for _, s := range t.Settings {
		declared[s.Name] = true
		given, ok := a.Settings[s.Name]
		switch {
		case !ok && s.Required:
			problems = append(problems, fmt.Sprintf("%s: account %s needs %s: %s", a.At, a.ID, s.Name, s.Doc))
		case !ok && s.Default != "":
			out.Settings[s.Name] = s.Default
		case ok:
			out.Settings[s.Name] = string(given.Value)
			if s.Check == nil {
				continue
			}
			if err := s.Check(string(given.Value)); err != nil {
				problems = append(problems, fmt.Sprintf("%s: %s: %s", given.Pos, s.Name, err))
			}
		}
	}
	for name, given := range a.Settings {
		if !declared[name] {
			problems = append(problems, fmt.Sprintf("%s: adapter %s has no setting %q; it has: %s", given.Key, t.Name, name, settingNames(t)))
		}
	}
	return out, problems
}

func carries(t adapters.Type, c address.Channel) bool {
	for _, x := range t.Channels {
		if x == c {
			return true
		}
	}
	return false
}

func channelNames(t adapters.Type) string {
	var names []string
	for _, c := range t.Channels {
		names = append(names, string(c))
	}
	return strings.Join(names, ", ")
}

func settingNames(t adapters.Type) string {
	var names []string
	for _, s := range t.Settings {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

func newLog(w io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}
