package gateway

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/files"
)

// lookEvery is how often the campaign files are looked at for changes.
const lookEvery = 2 * time.Second

// catalogue keeps the campaigns and offers in force: the last version of the files that had no mistakes.
type catalogue struct {
	files  fs.FS
	mu     sync.Mutex // held by who changes the world
	base   campaigns.World
	log    *slog.Logger
	world  atomic.Pointer[campaigns.World]
	stamp  uint64
	broken prometheus.Gauge
}

// newCatalogue reads the files; at the start a mistake in them is an error.
func newCatalogue(fsys fs.FS, base campaigns.World, log *slog.Logger, r prometheus.Registerer) (*catalogue, error) {
	c := &catalogue{files: fsys, base: base, log: log, broken: prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "hoidap_campaign_files_problems", Help: "Mistakes in the campaign files; while there are any, the last good version stays in force."})}
	r.MustRegister(c.broken)
	c.stamp = stampOf(fsys)
	if problems := c.read(); len(problems) > 0 {
		return nil, fmt.Errorf("campaign files:\n%s", strings.Join(problems, "\n"))
	}
	return c, nil
}

// World is what is in force.
func (c *catalogue) World() *campaigns.World { return c.world.Load() }

func (c *catalogue) read() (problems []string) {
	set, found := files.Load(c.files, c.options())
	for _, p := range found {
		problems = append(problems, p.String())
	}
	c.broken.Set(float64(len(problems)))
	if set == nil {
		return problems
	}
	for _, p := range set.Warnings {
		c.log.Warn("campaign files: " + p.String())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.base
	w.Campaigns, w.Offers = set.Campaigns, set.Offers
	c.world.Store(&w)
	return nil
}

// drain passes accounts over from now on, and no others.
func (c *catalogue) drain(accounts map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base.Routes = slices.Clone(c.base.Routes)
	for i, r := range c.base.Routes {
		c.base.Routes[i].Draining = accounts[r.Account]
	}
	w := *c.World()
	w.Routes = c.base.Routes
	c.world.Store(&w)
}

func (c *catalogue) options() files.Options {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := files.Options{Zone: c.base.Brand.Zone, Routes: c.base.Routes}
	for _, l := range []string{"vi", "en"} {
		if l != c.base.Brand.Locale {
			o.Locales = append(o.Locales, l)
		}
	}
	o.Locales = append([]string{c.base.Brand.Locale}, o.Locales...)
	for _, r := range c.base.Routes {
		o.Channels = append(o.Channels, r.Channel)
	}
	return o
}

// watch re-reads the files when they change. A broken file changes nothing but is said.
func (c *catalogue) watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		stamp := stampOf(c.files)
		if stamp == c.stamp {
			continue
		}
		c.stamp = stamp
		if problems := c.read(); len(problems) > 0 {
			c.log.Error("the campaign files have mistakes; the last good version stays in force", "problems", problems)
			continue
		}
		c.log.Info("campaign files read", "campaigns", len(c.World().Campaigns), "offers", len(c.World().Offers))
	}
}

// stampOf changes when a file is added, removed, or written.
func stampOf(fsys fs.FS) uint64 {
	h := fnv.New64a()
	fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error { //nolint:errcheck // what cannot be read is in no stamp
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			fmt.Fprint(h, path, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return h.Sum64()
}
