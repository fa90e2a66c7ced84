package gateway

import (
	"context"
	"errors"
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
	"github.com/hoidap/hoidap/gateway/control"
)

// lookEvery is how often the campaign files are looked at for changes.
const lookEvery = 2 * time.Second

// catalogue keeps the campaigns and offers in force: those of the last set of files, in the folder and in the console, that
// had no mistakes.
type catalogue struct {
	shelf   control.Shelf
	reading sync.Mutex // held while files are read, so that an older set never follows a newer one
	mu      sync.Mutex // held by who changes the world
	base    campaigns.World
	now     func() time.Time
	log     *slog.Logger
	world   atomic.Pointer[campaigns.World]
	stamp   uint64 // of the folder, as it was read last
	number  int64  // of the console's files, likewise
	failure string // why the files could not be read, as it was logged last
	broken  prometheus.Gauge
}

// ErrCampaignFiles is why a gateway does not start whose campaign files have mistakes; the error's text has a line for each.
var ErrCampaignFiles = errors.New("campaign files")

// newCatalogue reads the files; at the start a mistake in them is an error.
func newCatalogue(ctx context.Context, shelf control.Shelf, base campaigns.World, now func() time.Time, log *slog.Logger, r prometheus.Registerer) (*catalogue, error) {
	c := &catalogue{shelf: shelf, base: base, now: now, log: log, broken: prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "hoidap_campaign_files_problems", Help: "Mistakes in the campaign files; while there are any, the last good version stays in force."})}
	r.MustRegister(c.broken)
	problems, err := c.read(ctx)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%w:\n%s", ErrCampaignFiles, strings.Join(problems, "\n"))
	}
	return c, nil
}

// World is what is in force.
func (c *catalogue) World() *campaigns.World { return c.world.Load() }

// read puts what the files say in force, if that has no mistakes. An error says that it is not known what they say.
func (c *catalogue) read(ctx context.Context) (problems []string, err error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	stamp := stampOf(c.shelf.Folder)
	sources, number, err := c.shelf.InForce(ctx)
	if err != nil {
		return nil, err // it is read again at the next look, whatever the set's number was
	}
	c.stamp, c.number, c.failure = stamp, number, "" // of what has mistakes, too: they are said once
	set, found, warnings := files.LoadSources(sources, c.options())
	for _, p := range found {
		problems = append(problems, p.String())
	}
	c.broken.Set(float64(len(problems)))
	if set == nil {
		return problems, nil
	}
	_, overdue := set.Overdue(c.now(), nil) // a file is not broken because time goes by
	for _, p := range append(warnings, overdue...) {
		c.log.Warn("campaign files: " + p.String())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.base
	w.Campaigns, w.Offers = set.Campaigns, set.Offers
	c.world.Store(&w)
	return nil, nil
}

// reread is read for whom the log has to do.
func (c *catalogue) reread(ctx context.Context) {
	switch problems, err := c.read(ctx); {
	case err != nil && !c.isNews(err):
	case err != nil:
		c.log.Error("the campaign files cannot be read; the last good version stays in force", "error", err)
	case len(problems) > 0:
		c.log.Error("the campaign files have mistakes; the last good version stays in force", "problems", problems)
	default:
		c.log.Info("campaign files read", "campaigns", len(c.World().Campaigns), "offers", len(c.World().Offers))
	}
}

// isNews reports whether a failure to read is another than the last: it is met at every look until it is over.
func (c *catalogue) isNews(err error) bool {
	c.reading.Lock()
	defer c.reading.Unlock()
	before := c.failure
	c.failure = err.Error()
	return before != c.failure
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

// watch re-reads the files when they change, in the folder or in the console. A broken file changes nothing but is said.
func (c *catalogue) watch(ctx context.Context) {
	c.shelf.Store.WatchFiles(ctx, lookEvery, func(number int64, err error) {
		if err == nil && c.changed(number) {
			c.reread(ctx)
		}
	})
}

func (c *catalogue) changed(number int64) bool {
	stamp := stampOf(c.shelf.Folder)
	c.reading.Lock()
	defer c.reading.Unlock()
	return number != c.number || stamp != c.stamp
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
