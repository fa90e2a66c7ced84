// Package gateway puts the parts together, in order, and takes them down.
package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/hooks"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options is what a gateway is made of.
type Options struct {
	Listen    string
	PublicURL string // what providers call and sign, without a slash at the end
	Redis     store.Options
	Files     fs.FS           // campaign and offer files, re-read when they change
	World     campaigns.World // brand, market; the rest comes from the files and accounts
	Accounts  []Account
	Tokens    []web.Token
	Log       *slog.Logger

	Now   func() time.Time                       // time.Now where nil
	Mount func(e *echo.Echo, g *Gateway)         // more pages; may be nil
	Tune  func(*engine.Options, *sender.Options) // for tests that want another pace; may be nil
}

// Account is one configured sender.
type Account struct {
	ID       string
	Type     adapters.Type
	Channel  address.Channel
	Settings map[string]string
	Rate     float64 // messages a second; 0: no limit
}

// Gateway is a running gateway.
type Gateway struct {
	Control  *control.Service
	Changes  *Changes
	Registry *prometheus.Registry

	o         Options
	store     *store.Store
	keeper    *store.Keeper
	engine    *engine.Engine
	sender    *sender.Sender
	intake    *hooks.Intake
	catalogue *catalogue
	server    *web.Server
	accounts  []opened
	listening sync.WaitGroup
	cancel    context.CancelFunc
}

type opened struct {
	Account
	adapter adapters.Adapter
	hook    hooks.Account
	client  *http.Client
}

// New checks the options and opens the adapters; nothing runs yet. Its errors name everything that is wrong.
func New(o Options) (*Gateway, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Redis.Log == nil {
		o.Redis.Log = o.Log
	}
	o.PublicURL = strings.TrimSuffix(o.PublicURL, "/")
	g := &Gateway{o: o, Changes: newChanges(), Registry: prometheus.NewRegistry()}
	g.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	var problems []error
	for _, a := range o.Accounts {
		if err := g.open(a); err != nil {
			problems = append(problems, fmt.Errorf("account %s: %w", a.ID, err))
		}
	}
	return g, errors.Join(problems...)
}

func (g *Gateway) open(a Account) error {
	hook := hooks.Account{ID: a.ID, Channel: a.Channel, URL: g.o.PublicURL + "/hooks/" + a.ID}
	client := &http.Client{Timeout: 30 * time.Second, Transport: http.DefaultTransport.(*http.Transport).Clone()}
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 256
	ad, err := a.Type.Open(adapters.Account{ID: a.ID, Channel: a.Channel, Settings: a.Settings, WebhookURL: hook.URL, HTTPClient: client, Vault: vault{g, a.ID}})
	if err != nil {
		return err
	}
	hook.Adapter = ad
	g.accounts = append(g.accounts, opened{a, ad, hook, client})
	return nil
}

// Start connects, begins to work and listens; it returns the address that it listens on.
func (g *Gateway) Start(ctx context.Context) (string, error) {
	var err error
	if g.catalogue, err = newCatalogue(g.o.Files, g.world(), g.o.Log, g.Registry); err != nil {
		return "", err
	}
	if g.store, err = store.Open(ctx, g.o.Redis); err != nil {
		return "", err
	}
	secret, err := g.store.Secret(ctx, rand.Text())
	if err != nil {
		return "", errors.Join(err, g.store.Close())
	}
	if err := g.assemble(secret); err != nil {
		return "", errors.Join(err, g.store.Close())
	}
	g.keeper.Start(ctx)
	g.sender.Start(ctx)
	g.engine.Start(ctx)
	g.listen(ctx)
	addr, err := g.server.Start(ctx)
	if err != nil {
		return "", errors.Join(err, g.Stop(ctx))
	}
	return addr, nil
}

func (g *Gateway) assemble(secret string) error {
	o := g.o
	g.keeper = store.NewKeeper(g.store, rand.Text(), time.Now, o.Log) // leases run on Redis's clock, whatever Now says
	so := sender.Options{Store: g.store, Keeper: g.keeper, World: g.catalogue.World, Now: o.Now, Log: o.Log, Metrics: sender.NewMetrics(g.Registry)}
	for _, a := range g.accounts {
		so.Accounts = append(so.Accounts, sender.NewAccount(a.ID, a.adapter, a.Rate))
	}
	eo := engine.Options{Store: g.store, Keeper: g.keeper, World: g.catalogue.World, Now: o.Now, Log: o.Log,
		Metrics: engine.NewMetrics(g.Registry), Secret: secret, Changed: g.Changes.tell, Accounts: g.accountIDs,
		Queued: func(p int) { g.sender.Queued(p) }}
	if o.Tune != nil {
		o.Tune(&eo, &so)
	}
	g.sender, g.engine = sender.New(so), engine.New(eo)
	g.keeper.Busy = g.sender.Busy
	g.intake = &hooks.Intake{Store: g.store, Now: o.Now, Log: o.Log, Metrics: hooks.NewMetrics(g.Registry)}
	g.Control = &control.Service{Store: g.store, World: g.catalogue.World, Now: o.Now, Log: o.Log}
	return g.serve()
}

func (g *Gateway) serve() error {
	tokens, err := web.NewTokens(g.o.Tokens...)
	if err != nil {
		return err
	}
	g.server = web.New(web.Options{Listen: g.o.Listen, PublicURL: g.o.PublicURL, Log: g.o.Log, Registry: g.Registry, Ready: g.Control.Ready, MapError: api.MapError})
	e := g.server.Echo()
	var hs []hooks.Account
	for _, a := range g.accounts {
		hs = append(hs, a.hook)
	}
	hooks.Mount(e, g.intake, hs)
	api.Mount(e.Group(api.Prefix), g.Control, tokens)
	if g.o.Mount != nil {
		g.o.Mount(e, g)
	}
	return nil
}

// listen lets the adapters that keep a session run.
func (g *Gateway) listen(ctx context.Context) {
	ctx, g.cancel = context.WithCancel(context.WithoutCancel(ctx))
	for _, a := range g.accounts {
		l, ok := a.adapter.(adapters.Listener)
		if !ok {
			continue
		}
		g.listening.Go(func() {
			err := l.Listen(ctx, func(ctx context.Context, events []adapters.Event) error { return g.intake.Accept(ctx, a.hook, events) })
			if err != nil && ctx.Err() == nil {
				g.o.Log.Error("the account stopped listening", "account", a.ID, "error", err)
			}
		})
	}
	g.listening.Go(func() { g.catalogue.watch(ctx) })
}

// Stop finishes what is under way, or hands it back: webhooks first, then the engine, then the sends, at last the
// partitions. It takes no longer than ctx allows.
func (g *Gateway) Stop(ctx context.Context) error {
	err := g.server.Stop(ctx)
	g.cancel()
	g.listening.Wait()
	g.engine.Stop()
	g.sender.Stop(ctx)
	g.hangUp()
	err = errors.Join(err, g.keeper.Stop(context.WithoutCancel(ctx)))
	return errors.Join(err, g.store.Close())
}

// Crash stops everything at once and hands nothing back, as a killed process would. It is for tests.
func (g *Gateway) Crash() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g.server.Stop(ctx) //nolint:errcheck // a crash has no errors
	g.cancel()
	g.keeper.Abandon()
	g.listening.Wait()
	g.engine.Stop()
	g.sender.Stop(ctx)
	g.hangUp()
	g.store.Close() //nolint:errcheck // as above
}

// hangUp ends the connections to the providers that are kept for the next message.
func (g *Gateway) hangUp() {
	for _, a := range g.accounts {
		a.client.CloseIdleConnections()
	}
}

func (g *Gateway) accountIDs() []string {
	ids := make([]string, len(g.accounts))
	for i, a := range g.accounts {
		ids[i] = a.ID
	}
	return ids
}

// world is the part of the world that does not come from files.
func (g *Gateway) world() campaigns.World {
	w := g.o.World
	for _, a := range g.accounts {
		c := a.adapter.Capabilities()
		r := campaigns.Route{Account: a.ID, Channel: a.Channel, Inbound: c.Inbound, Options: c.Options.Max, Window: c.Window}
		for _, class := range c.Carries {
			r.Carries = append(r.Carries, string(class))
		}
		w.Routes = append(w.Routes, r)
	}
	return w
}

// vault keeps an account's tokens in Redis.
type vault struct {
	g       *Gateway
	account string
}

// Get implements adapters.Vault.
func (v vault) Get(ctx context.Context, name string) (string, error) {
	return v.g.store.Token(ctx, v.account, name)
}

// Swap implements adapters.Vault.
func (v vault) Swap(ctx context.Context, name, old, fresh string) (bool, error) {
	return v.g.store.SwapToken(ctx, v.account, name, old, fresh)
}

// World is what is in force: campaigns, offers, brand, routes.
func (g *Gateway) World() *campaigns.World { return g.catalogue.World() }
