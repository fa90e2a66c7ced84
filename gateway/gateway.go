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
	"github.com/hoidap/hoidap/gateway/console"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/health"
	"github.com/hoidap/hoidap/gateway/hooks"
	"github.com/hoidap/hoidap/gateway/oauth"
	"github.com/hoidap/hoidap/gateway/portal"
	"github.com/hoidap/hoidap/gateway/replylink"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/gateway/simulator"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/gateway/webhooks"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options is what a gateway is made of.
type Options struct {
	Listen    string
	PublicURL string // what providers call and sign, without a slash at the end
	Local     bool   // nobody said what PublicURL is: customers, who could not follow it, are told of no page of their own
	Redis     store.Options
	Files     fs.FS           // campaign and offer files, re-read when they change
	LeaveOut  []string        // files kept in Redis that are not in force, whatever stands there
	Care      control.Care    // from how many people on a launch wants more than a click
	World     campaigns.World // brand, market; the rest comes from the files and accounts
	Keep      engine.Keep     // how long things are kept
	Accounts  []Account
	Tokens    []web.Token
	Console   Console
	Webhooks  []webhooks.Endpoint // who is told what happens
	Debug     string              // host:port of this machine where profiles are served; empty: nowhere
	Log       *slog.Logger

	HealthEvery time.Duration // how often is told how the accounts are; 5 s where 0

	WebhookPace webhooks.Pace // how webhooks are delivered; the defaults where zero

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
	Rate     float64         // messages a second; 0: no limit
	Quota    campaigns.Quota // how much may go to somebody after each of their messages
	Lighten  bool            // write Vietnamese without marks where that takes fewer SMS segments
	ByHand   bool            // the provider is told by hand where webhooks go, even if its adapter could
}

// Gateway is a running gateway.
type Gateway struct {
	Control  *control.Service
	Changes  *Changes
	Registry *prometheus.Registry
	Brake    *Brake // there from Start on
	Halts    *Halts // likewise

	o         Options
	store     *store.Store
	secret    string // of this Redis: keys hashes and reply links
	keeper    *store.Keeper
	engine    *engine.Engine
	sender    *sender.Sender
	intake    *hooks.Intake
	catalogue *catalogue
	monitor   *monitor
	deliverer *webhooks.Deliverer
	server    *web.Server
	debug     *web.Debug // nil: none
	accounts  []opened
	listening sync.WaitGroup
	cancel    context.CancelFunc
}

type opened struct {
	Account
	opening adapters.Account // what the adapter was opened with
	adapter adapters.Adapter
	watch   *health.Watch
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
	watch, client := health.NewWatch(), newClient()
	hook := hooks.Account{ID: a.ID, Channel: a.Channel, URL: g.o.PublicURL + "/hooks/" + a.ID, Watch: watch}
	opening := adapters.Account{ID: a.ID, Channel: a.Channel, Settings: a.Settings, WebhookURL: hook.URL, HTTPClient: client, Vault: vault{g, a.vault()}, Now: g.o.Now,
		Held: func() bool { return g.Brake.Frozen() || g.Halts.Paused(a.ID) }} // nobody sends before Start
	ad, err := a.Type.Open(opening)
	if err != nil {
		return err
	}
	if _, listens := ad.(adapters.Listener); listens && a.Type.Exclusive {
		ad = shared(ad, a.ID, opening.Held, g.o.Log)
	}
	hook.Adapter = ad
	g.accounts = append(g.accounts, opened{a, opening, ad, watch, hook, client})
	return nil
}

// connectionsKept is how many connections to a provider stay open for the next message: no fewer than sends that any
// adapter has in flight, for a new one costs more than the message.
const connectionsKept = 1024

// newClient makes the client of one account's adapter. Sends are bounded by their contexts; the client's own limit is for
// the rest. Answers are short, so that unpacking them would cost more than it saves.
func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost, t.DisableCompression = 0, connectionsKept, true
	return &http.Client{Timeout: 30 * time.Second, Transport: t}
}

// Start connects, begins to work and listens; it returns the address that it listens on.
func (g *Gateway) Start(ctx context.Context) (string, error) {
	var err error
	if g.store, err = store.Open(ctx, g.o.Redis); err != nil {
		return "", err
	}
	shelf := control.Shelf{Folder: g.o.Files, Store: g.store, Leave: g.o.LeaveOut}
	if g.catalogue, err = newCatalogue(ctx, shelf, g.world(), g.o.Now, g.o.Log, g.Registry); err != nil {
		return "", errors.Join(err, g.store.Close())
	}
	secret, err := g.store.Secret(ctx, rand.Text())
	if err != nil {
		return "", errors.Join(err, g.store.Close())
	}
	gone, err := g.store.Gone(ctx, g.accountIDs())
	if err != nil {
		return "", errors.Join(err, g.store.Close())
	}
	if err := g.assemble(secret, gone); err != nil {
		return "", errors.Join(err, g.store.Close())
	}
	if err := g.Brake.Start(ctx); err != nil {
		return "", errors.Join(err, g.store.Close())
	}
	if err := g.Halts.Start(ctx); err != nil {
		g.Brake.Stop()
		return "", errors.Join(err, g.store.Close())
	}
	g.keeper.Start(ctx)
	g.sender.Start(ctx)
	g.engine.Start(ctx)
	g.deliverer.Start(ctx)
	g.listen(ctx)
	addr, err := g.server.Start(ctx)
	if err == nil {
		err = g.profile(ctx)
	}
	if err != nil {
		return "", errors.Join(err, g.Stop(ctx))
	}
	g.monitor.Start(ctx)
	return addr, nil
}

// profile serves profiles of the program, where that is wanted.
func (g *Gateway) profile(ctx context.Context) error {
	if g.o.Debug == "" {
		return nil
	}
	debug, addr, err := web.StartDebug(ctx, g.o.Debug)
	if err != nil {
		return err
	}
	g.debug = debug
	g.o.Log.Info("profiles are served on this machine", "url", "http://"+addr+"/debug/pprof/")
	return nil
}

func (g *Gateway) assemble(secret string, gone []string) error {
	o := g.o
	g.secret = secret
	g.keeper = store.NewKeeper(g.store, rand.Text(), time.Now, o.Log) // leases run by monotonic clocks, whatever Now says
	g.Brake = newBrake(g.store, o.Log, g.Registry)
	g.Halts = newHalts(g.store, g.accountIDs(), g.catalogue.drain, o.Log, g.Registry)
	so := sender.Options{Store: g.store, Frozen: g.Brake.Frozen, Halted: g.Halts.Paused, Keeper: g.keeper, World: g.catalogue.World, Now: o.Now, Log: o.Log, Metrics: sender.NewMetrics(g.Registry), Gone: gone,
		FansOut: func() bool { return g.engine.FansOut() },
		Stopped: func(ctx context.Context, a address.Address) (bool, error) { return g.Control.OptedOut(ctx, a) },
		Report:  func(r sender.Report) { g.engine.Report(engine.Report(r)) }}
	for _, a := range g.accounts {
		if x, ok := a.adapter.(*exclusive); ok {
			x.store = g.store
		}
		sending := sender.NewAccount(a.ID, a.adapter, a.Rate)
		sending.Lighten = a.Lighten
		sending.Watch = a.watch
		so.Accounts = append(so.Accounts, sending)
	}
	eo := engine.Options{Store: g.store, Keeper: g.keeper, World: g.catalogue.World, Now: o.Now, Log: o.Log,
		Metrics: engine.NewMetrics(g.Registry), Keep: o.Keep, Secret: secret, Changed: g.Changes.tell,
		Accounts: func() []string { return append(g.accountIDs(), gone...) }, Rate: g.rateOf, Receipt: g.receipt,
		Wanted: webhooks.Wanted(o.Webhooks), Told: func(endpoint string, _ int) { g.deliverer.Ring(endpoint) }}
	if o.Tune != nil {
		o.Tune(&eo, &so)
	}
	g.sender = sender.New(so)
	eo.Out = g.sender
	g.engine = engine.New(eo)
	g.keeper.Busy = g.sender.Busy
	g.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "hoidap_partitions_owned", Help: "Partitions that this replica works on."},
		func() float64 { return float64(len(g.keeper.Owned())) }))
	g.measurePressure()
	g.measureDamage()
	hs := make([]hooks.Account, len(g.accounts))
	for i, a := range g.accounts {
		hs[i] = a.hook
	}
	g.intake = hooks.New(hooks.Options{Store: g.store, Now: o.Now, Log: o.Log, Metrics: hooks.NewMetrics(g.Registry)}, hs...)
	var err error
	g.deliverer, err = webhooks.New(webhooks.Options{Store: g.store, Owned: g.keeper.Owned, Lost: g.keeper.Lost, Endpoints: o.Webhooks, Pace: o.WebhookPace, Now: o.Now, Log: o.Log, Metrics: webhooks.NewMetrics(g.Registry)})
	if err != nil {
		return err
	}
	g.monitor = newMonitor(g.store, rand.Text(), g.watched(so.Accounts, secret), g.keeper.Owned, o.HealthEvery, o.Now, o.Log, g.Registry)
	g.Control = &control.Service{Store: g.store, World: g.catalogue.World, Now: o.Now, Log: o.Log, Secret: secret, Configured: g.configured(), Try: g.try, Carriers: g.carriers(), Busy: g.engine.Busy,
		Receivers: g.receivers(), Post: g.deliverer.Try,
		Shelf: g.catalogue.shelf, Care: o.Care, Reread: g.catalogue.reread, FileOptions: g.catalogue.options, Show: g.show, Hashing: o.Console.Hashing}
	return g.serve(secret)
}

func (g *Gateway) serve(secret string) error {
	tokens, err := web.NewTokens(g.o.Tokens...)
	if err != nil {
		return err
	}
	g.server = web.New(web.Options{Listen: g.o.Listen, PublicURL: g.o.PublicURL, Log: g.o.Log, Registry: g.Registry, Ready: g.Control.Ready, Notices: g.notices, MapError: api.MapError,
		MaxBodyBelow: map[string]int64{hooks.Prefix: hooks.BodyMax}})
	e := g.server.Echo()
	e.Use(g.attended)
	g.intake.Mount(e)
	api.Mount(e.Group(api.Prefix), g.Control, tokens)
	api.MountReference(e)
	portal.Mount(e, g.Control)
	consent := oauth.Options{Store: g.store, Secret: secret, Accounts: g.consenters(), URL: g.o.PublicURL, Log: g.o.Log}
	g.Control.Consent = consent.Link
	oauth.Mount(e, consent, tokens)
	if err := console.Mount(e, g.consoleOptions()); err != nil {
		return err
	}
	if g.o.Mount != nil {
		g.o.Mount(e, g)
	}
	return nil
}

// receivers are the webhooks' endpoints, as control shows them.
func (g *Gateway) receivers() []control.Receiver {
	out := make([]control.Receiver, len(g.o.Webhooks))
	for i, e := range g.o.Webhooks {
		out[i] = control.Receiver{Name: e.Name, URL: e.Shown(), Events: e.Events}
	}
	return out
}

// consenters are the accounts whose provider wants an administrator's consent.
func (g *Gateway) consenters() map[string]adapters.Consenter {
	found := map[string]adapters.Consenter{}
	for _, a := range g.accounts {
		if c, ok := a.adapter.(adapters.Consenter); ok {
			found[a.ID] = c
		}
	}
	return found
}

// listen lets the adapters that keep a session run; of exclusive ones, one replica's at a time: see exclusive.
func (g *Gateway) listen(ctx context.Context) {
	ctx, g.cancel = context.WithCancel(context.WithoutCancel(ctx))
	for _, a := range g.accounts {
		l, ok := a.adapter.(adapters.Listener)
		if !ok {
			continue
		}
		g.listening.Go(func() {
			err := l.Listen(ctx, func(ctx context.Context, events []adapters.Event) error { return g.intake.Accept(ctx, a.ID, events) })
			if err != nil && ctx.Err() == nil {
				g.o.Log.Error("the account stopped listening", "account", a.ID, "error", err)
			}
		})
	}
	g.listening.Go(func() { g.catalogue.watch(ctx) })
}

func (g *Gateway) accountIDs() []string {
	ids := make([]string, len(g.accounts))
	for i, a := range g.accounts {
		ids[i] = a.ID
	}
	return ids
}

// rateOf is how many messages may leave by an account in a second; 0: no limit.
func (g *Gateway) rateOf(account string) float64 {
	for _, a := range g.accounts {
		if a.ID == account {
			return a.Rate
		}
	}
	return 0
}

// world is the part of the world that does not come from files.
func (g *Gateway) world() campaigns.World {
	w := g.o.World
	for _, a := range g.accounts {
		c := a.adapter.Capabilities()
		r := campaigns.Route{Account: a.ID, Channel: a.Channel, Inbound: c.Inbound, Options: c.Options.Max, Window: c.Window, Quota: a.Quota, Templates: campaigns.TemplateUse(c.Templates),
			Receipts: c.Reports == adapters.Delivered || c.Reports == adapters.Read}
		for _, class := range c.Carries {
			r.Carries = append(r.Carries, string(class))
		}
		w.Routes = append(w.Routes, r)
	}
	w.Code = func(proof string) string { return replylink.OneTime(g.secret, proof) }
	if g.o.PublicURL != "" {
		w.ReplyLink = g.replyLink
	}
	if g.o.PublicURL != "" && !g.o.Local {
		w.OwnPage = g.ownPage
	}
	return w
}

// carriers is what each account can carry.
func (g *Gateway) carriers() map[string]simulator.Carrier {
	all := map[string]simulator.Carrier{}
	for _, a := range g.accounts {
		all[a.ID] = simulator.Carrier{Capabilities: a.adapter.Capabilities(), Lighten: a.Lighten}
	}
	return all
}

// replyLink is the address of the page by which a message is answered.
func (g *Gateway) replyLink(message string) string {
	p, _ := g.store.PartitionOfContact(message)
	return strings.TrimRight(g.o.PublicURL, "/") + replylink.Path + replylink.Code(g.secret, p, message)
}

// ownPage is the address of a customer's own page, which opens until then.
func (g *Gateway) ownPage(contact string, until time.Time) string {
	return g.o.PublicURL + replylink.OwnPath + replylink.OwnPage(g.secret, contact, until)
}

// vault is the name of the account's vault: its own name, or, where accounts share a token, one that no account can have.
func (a Account) vault() string {
	if a.Type.SharedVault == nil {
		return a.ID
	}
	if shared := a.Type.SharedVault(a.Settings); shared != "" {
		return a.Type.Name + ":" + shared
	}
	return a.ID
}

// World is what is in force: campaigns, offers, brand, routes.
func (g *Gateway) World() *campaigns.World { return g.catalogue.World() }
