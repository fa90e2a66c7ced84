package chaos

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Sample is what was measured at one moment: a number for each name.
type Sample struct {
	At     time.Duration // since the beginning
	Values map[string]float64
}

// Growth is how a measured number went, from the first third after the warm-up to the last.
type Growth struct {
	Name        string
	Begin, End  float64 // medians
	Most, Slack float64 // it may grow by this share, and by so much whatever the share; Most 0: it is only shown
	Grows       bool    // it grew more than it may
}

// bound says how much of what is measured may grow during a soak. What is not here is only shown.
type bound struct{ most, slack float64 }

func bounds() map[string]bound {
	const mb = 1 << 20
	return map[string]bound{
		"resident memory": {0.15, 24 * mb}, // Go gives memory back late
		"heap in use":     {0.15, 12 * mb},
		"goroutines":      {0.10, 30},
		"open files":      {0.10, 30},
		"Redis keys":      {0.05, 200}, // without those that each run has, by design
	}
}

// ofStreams is what any stream of the store may grow by, one that does not exist yet too: what it holds waits to be worked off.
func ofStreams() bound { return bound{0.10, 300} }

// audited is the one stream that waits for nobody: the record of who changed what, which the store cuts at its own length.
const audited = "audit"

// boundOf is the bound of a measured number, and whether it has one.
func boundOf(name string) (b bound, ok bool) {
	subject, which, _ := strings.Cut(name, ", ")
	if subject == streamed {
		return ofStreams(), which != audited
	}
	b, ok = bounds()[subject]
	return b, ok
}

// streamed is what is measured of each kind of stream: "stream entries, log".
const streamed = "stream entries"

// Growths says how each measured number went. Samples of the warm-up, the first fifth, are left out.
func Growths(samples []Sample) (out []Growth) {
	if len(samples) < soakLeast {
		return nil
	}
	after := samples[len(samples)/5:]
	third := len(after) / 3
	begin, end := after[:third], after[len(after)-third:]
	names := map[string]bool{} // a stream may be there later only
	for _, s := range after {
		for name := range s.Values {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		g := Growth{Name: name, Begin: median(begin, name), End: median(end, name)}
		if b, ok := boundOf(name); ok {
			g.Most, g.Slack = b.most, b.slack
			g.Grows = g.End > g.Begin*(1+b.most)+b.slack
		}
		out = append(out, g)
	}
	return out
}

// soakLeast is how many samples there must be to say anything.
const soakLeast = 15

func median(samples []Sample, name string) float64 {
	var vs []float64
	for _, s := range samples {
		vs = append(vs, s.Values[name])
	}
	slices.Sort(vs)
	return vs[len(vs)/2]
}

// SoakReport is what came of a soak.
type SoakReport struct {
	*Report
	Samples []Sample
	Growths []Growth
	Load    float64 // acknowledgements a second after the warm-up
}

// Soak runs the system without faults for o.Faults from when it knows all customers, measures it all the while, and holds it against the oracle at the
// end.
func Soak(ctx context.Context, o Options) (*SoakReport, error) {
	r, err := assemble(ctx, o)
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.shop.open(ctx)
	r.crowd.live(ctx)
	if err := r.crowd.met(ctx); err != nil {
		return nil, err
	}
	r.say("all %d customers are known", o.People)
	samples, err := r.sampled(ctx)
	if err != nil {
		return nil, err
	}
	ended := time.Now()
	r.shop.hush()
	r.crowd.hush()
	h, v, err := r.settle(ctx)
	if err != nil {
		return nil, err
	}
	return &SoakReport{Report: r.report(h, v, ended), Samples: samples, Growths: Growths(samples), Load: loadOf(samples)}, nil
}

// sampled measures at even distances until the soak is over.
func (r *rig) sampled(ctx context.Context) (samples []Sample, err error) {
	begun, before := time.Now(), r.crowd.acked.n.Load()
	every := max(r.o.Faults/180, 2*time.Second)
	watching := patient(r.redis.clients())
	defer func() {
		for _, c := range watching {
			c.Close() //nolint:errcheck // it was only looked through
		}
	}()
	for time.Since(begun) < r.o.Faults {
		if !wait(ctx, every) {
			return nil, ctx.Err()
		}
		s := Sample{At: time.Since(begun), Values: map[string]float64{}}
		for i, host := range r.fleet.hosts {
			if err := scrape(ctx, host, fmt.Sprintf(", gateway %d", i), s.Values); err != nil {
				return nil, err
			}
		}
		if err := inRedis(ctx, watching, s.Values); err != nil {
			return nil, err
		}
		now := r.crowd.acked.n.Load()
		s.Values[acknowledged] = float64(now-before) / (s.At - lastOf(samples).At).Seconds()
		before = now
		samples = append(samples, s)
		r.say("%s", s)
	}
	return samples, nil
}

// patient gives clients of the same servers that wait for an answer as long as a busy machine may take.
func patient(clients []*redis.Client) (out []*redis.Client) {
	for _, c := range clients {
		o := *c.Options()
		o.ReadTimeout = time.Minute
		out = append(out, redis.NewClient(&o))
	}
	return out
}

// acknowledged is what is measured of the load: calls a second.
const acknowledged = "acknowledged a second"

func lastOf(samples []Sample) (s Sample) {
	if len(samples) > 0 {
		s = samples[len(samples)-1]
	}
	return s
}

// loadOf is the mean load after the warm-up.
func loadOf(samples []Sample) float64 {
	after := samples[len(samples)/5:]
	sum := 0.0
	for _, s := range after {
		sum += s.Values[acknowledged]
	}
	return sum / float64(max(1, len(after)))
}

func (s Sample) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(s.Values)) {
		parts = append(parts, name+"="+amount(name, s.Values[name]))
	}
	return strings.Join(parts, " ")
}

// amount writes a number, memory in MB.
func amount(name string, v float64) string {
	if strings.Contains(name, "memory") || strings.Contains(name, "heap") {
		return fmt.Sprintf("%.1fMB", v/(1<<20))
	}
	return fmt.Sprintf("%.0f", v)
}

// scraped are the metrics that are looked at, and what they are called here.
func scraped() map[string]string {
	return map[string]string{
		"process_resident_memory_bytes": "resident memory", "go_memstats_heap_inuse_bytes": "heap in use",
		"go_goroutines": "goroutines", "process_open_fds": "open files",
	}
}

func scrape(ctx context.Context, host, whose string, into map[string]float64) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/metrics", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("reading metrics: %w", err)
	}
	defer res.Body.Close()
	names := scraped()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if called, ok := names[name]; ok {
			if into[called+whose], err = strconv.ParseFloat(value, 64); err != nil {
				return fmt.Errorf("the metric %s: %w", name, err)
			}
		}
	}
	return lines.Err()
}

// inRedis counts what is in Redis: keys, the entries of streams, and memory. Ledgers and the records of runs grow with what
// customers and the shop do: that is what they are for.
func inRedis(ctx context.Context, servers []*redis.Client, into map[string]float64) error {
	for _, c := range servers {
		if err := keysOf(ctx, c, into); err != nil {
			return fmt.Errorf("counting keys: %w", err)
		}
		if err := streamsOf(ctx, c, into); err != nil {
			return fmt.Errorf("counting the entries of streams: %w", err)
		}
		info, err := c.Info(ctx, "memory").Result()
		if err != nil {
			return fmt.Errorf("reading Redis's memory: %w", err)
		}
		for line := range strings.Lines(info) {
			if v, ok := strings.CutPrefix(strings.TrimSpace(line), "used_memory:"); ok {
				n, _ := strconv.ParseFloat(v, 64)
				into["Redis memory"] += n
			}
		}
	}
	return nil
}

// scanned is how many keys Redis looks at for one answer.
const scanned = 1000

func keysOf(ctx context.Context, c *redis.Client, into map[string]float64) error {
	it := c.Scan(ctx, 0, "*", scanned).Iterator()
	for it.Next(ctx) {
		if name := it.Val(); !strings.Contains(name, ":ledger:") && !strings.Contains(name, ":run:") {
			into["Redis keys"]++
		}
	}
	return it.Err()
}

// streamsOf counts the entries of all streams that there are, by the last part of their names: whoever adds a stream to the
// store need not think of it here.
func streamsOf(ctx context.Context, c *redis.Client, into map[string]float64) error {
	it := c.ScanType(ctx, 0, "*", scanned, "stream").Iterator()
	for it.Next(ctx) {
		name := it.Val()
		n, err := c.XLen(ctx, name).Result()
		if err != nil {
			return err
		}
		into[streamed+", "+name[strings.LastIndexByte(name, ':')+1:]] += float64(n)
	}
	return it.Err()
}

// Print writes the table of growths and the oracle's report.
func (rep *SoakReport) Print(w io.Writer) {
	fmt.Fprintf(w, "\n%-28s %12s %12s %8s\n", "", "begin", "end", "")
	for _, g := range rep.Growths {
		word := ""
		switch {
		case g.Grows:
			word = "GROWS"
		case g.Most > 0:
			word = "flat"
		}
		fmt.Fprintf(w, "%-28s %12s %12s %8s\n", g.Name, amount(g.Name, g.Begin), amount(g.Name, g.End), word)
	}
	fmt.Fprintf(w, "\n%.0f calls a second were acknowledged, of %.0f wanted\n", rep.Load, rep.Options.Load)
	rep.Report.Print(w)
}
