package config

import (
	"errors"
	"io/fs"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/config/strict"
)

// What is meant where the file says nothing.
const (
	defaultListen     = "127.0.0.1:8080"
	defaultCampaigns  = "campaigns"
	defaultPartitions = 64
	defaultLocale     = "vi"
	defaultMarket     = "vn"
	adsPerDayMax      = 24 // each is remembered for a day
)

// partitionsMax bounds the partitions: each costs its owner a connection's worth of work.
const partitionsMax = 1024

// reader is one call of Load.
type reader struct {
	file     string
	getenv   func(string) string
	readFile func(string) ([]byte, error)
	report   strict.Report
}

// Load reads the file at path. getenv and readFile are os.Getenv and os.ReadFile, or a test's. Where there is any problem
// there is no configuration. checks find what the file alone does not tell, also in what could be read of a file with problems, so
// that all are said at once.
func Load(path string, getenv func(string) string, readFile func(string) ([]byte, error), checks ...func(*Config) Problems) (*Config, Problems) {
	r := &reader{file: path, getenv: getenv, readFile: readFile}
	c := r.load()
	problems := r.report.Problems()
	for _, check := range checks {
		if c != nil {
			problems = strict.InOrder(problems, check(c))
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return c, nil
}

func (r *reader) load() *Config {
	whole := strict.Place{File: r.file}
	b, err := r.readFile(r.file)
	if err != nil {
		r.report.Add(whole, "say with --config where the configuration is", "the file cannot be read: %v", cause(err))
		return nil
	}
	docs := strict.Parse(&r.report, r.file, b)
	switch {
	case !r.report.Clean():
		return nil
	case len(docs) == 0:
		r.report.Add(whole, "begin with brand: and the name that customers see", "the file says nothing")
		return nil
	case len(docs) > 1:
		docs[1].Fail("put everything into one", "there are several documents in the file")
	}
	return r.config(docs[0])
}

// cause is an error without the path: the problem names it already.
func cause(err error) error {
	var e *fs.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

func (r *reader) config(doc strict.Value) *Config {
	g := doc.Group("brand", "http", "redis", "campaigns", "market", "accounts", "api", "partitions", "locale", "timezone", "help", "keep", "debug", "console", "webhooks", "blast_guard", "approvals", "ads_per_day")
	c := &Config{File: r.file, Campaigns: defaultCampaigns, Partitions: defaultPartitions, Locale: defaultLocale, Market: defaultMarket}
	c.Brand = r.text(g.Need("brand", "the name that customers see"))
	c.HTTP = r.http(g.Get("http"))
	c.Redis = r.redis(g.Need("redis", "{url: redis://127.0.0.1:6379/0}"))
	if v := g.Get("campaigns"); v.Present() {
		c.Campaigns = r.text(v)
	}
	c.Campaigns = r.beside(c.Campaigns)
	if v := g.Get("market"); v.Present() {
		c.Market = v.OneOf("vn", "us", "eu")
	}
	c.Accounts = r.accounts(g.Need("accounts", "a group with the name of each account"))
	c.Tokens = r.api(g.Get("api"))
	if v := g.Get("partitions"); v.Present() {
		c.Partitions = v.Int(1, partitionsMax)
	}
	if v := g.Get("locale"); v.Present() {
		c.Locale = v.OneOf("vi", "en")
	}
	c.Zone, c.Timezone = r.zone(g.Get("timezone"), c.Market)
	c.Help = r.text(g.Get("help"))
	c.Keep = r.keep(g.Get("keep"))
	c.TypeFrom, c.ApproveFrom = peopleFrom(g.Get("blast_guard")), peopleFrom(g.Get("approvals"))
	if v := g.Get("ads_per_day"); v.Present() {
		most := v.Int(0, adsPerDayMax)
		c.AdsPerDay = &most
	}
	c.Debug = r.debug(g.Get("debug"))
	c.Console = r.console(g.Get("console"))
	c.Webhooks = r.webhooks(g.Get("webhooks"))
	return c
}

func (r *reader) http(v strict.Value) HTTP {
	h := HTTP{Listen: defaultListen}
	g := v.Group("listen", "public_url")
	if l := g.Get("listen"); l.Present() {
		h.Listen = r.text(l)
		address(l, h.Listen)
	}
	h.PublicURL, h.Local = "http://"+h.Listen, true
	if p := g.Get("public_url"); p.Present() {
		h.PublicURL, h.Local = strings.TrimRight(r.text(p), "/"), false
		publicURL(p, h.PublicURL)
	}
	return h
}

// debug is where profiles are served: they show the inside of the program, so on this machine only.
func (r *reader) debug(v strict.Value) string {
	if !v.Present() {
		return ""
	}
	at := v.Group("listen").Need("listen", "127.0.0.1:6060")
	s := r.text(at)
	address(at, s)
	host, _, err := net.SplitHostPort(s)
	if ip := net.ParseIP(host); err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		at.Fail("write 127.0.0.1:6060, and reach it from elsewhere by an SSH tunnel", "profiles are for this machine only, not for %q", host)
	}
	return s
}

// address checks host:port.
func address(v strict.Value, s string) {
	if s == "" {
		return // said already
	}
	_, port, err := net.SplitHostPort(s)
	n, perr := strconv.Atoi(port)
	if err != nil || perr != nil || n < 0 || n > 65535 {
		v.Fail("write it like 127.0.0.1:8080", "%s must be a host and a port, not %q", v.Name(), s)
	}
}

func publicURL(v strict.Value, s string) {
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		v.Fail("write it whole: https://msg.example.com", "%s must be an address of the web, not %q", v.Name(), s)
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		v.Fail("end it after the host or the path", "%s may have no user, ? or #", v.Name())
	}
}

// zone is the timezone, or the market's.
func (r *reader) zone(v strict.Value, market string) (*time.Location, string) {
	name := map[string]string{"us": "America/New_York", "eu": "Europe/Berlin"}[market]
	if name == "" {
		name = "Asia/Ho_Chi_Minh"
	}
	if v.Present() {
		name = r.text(v)
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		v.Fail("write a name such as Asia/Ho_Chi_Minh", "there is no timezone %q", name)
		return time.UTC, "UTC"
	}
	return zone, name
}
