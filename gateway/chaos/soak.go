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
		"log entries":     {0.10, 300}, // waiting to be worked off
		"Redis keys":      {0.05, 200}, // without those that each run has, by design
	}
}

// Growths says how each measured number went. Samples of the warm-up, the first fifth, are left out.
func Growths(samples []Sample) (out []Growth) {
	if len(samples) < soakLeast {
		return nil
	}
	after := samples[len(samples)/5:]
	third := len(after) / 3
	begin, end := after[:third], after[len(after)-third:]
	for _, name := range slices.Sorted(maps.Keys(after[0].Values)) {
		g := Growth{Name: name, Begin: median(begin, name), End: median(end, name)}
		subject, _, _ := strings.Cut(name, ", ")
		if b, ok := bounds()[subject]; ok {
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
}

// Soak runs the system without faults for o.Faults, measures it all the while, and holds it against the oracle at the
// end.
func Soak(ctx context.Context, o Options) (*SoakReport, error) {
	r, err := assemble(ctx, o)
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.shop.open(ctx)
	r.crowd.live(ctx)
	samples, err := r.sampled(ctx)
	if err != nil {
		return nil, err
	}
	ended := time.Now()
	r.shop.hush()
	r.crowd.hush()
	h, err := r.settle(ctx)
	if err != nil {
		return nil, err
	}
	return &SoakReport{Report: r.report(h, ended), Samples: samples, Growths: Growths(samples)}, nil
}

// sampled measures at even distances until the soak is over.
func (r *rig) sampled(ctx context.Context) (samples []Sample, err error) {
	begun := time.Now()
	every := max(r.o.Faults/180, 2*time.Second)
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
		if err := inRedis(ctx, r.redis.clients(), s.Values); err != nil {
			return nil, err
		}
		samples = append(samples, s)
		r.say("%s", s)
	}
	return samples, nil
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

// inRedis counts what is in Redis: keys, the entries of logs that wait to be worked off, and memory. Ledgers and the
// records of runs grow with what customers and the shop do: that is what they are for.
func inRedis(ctx context.Context, servers []*redis.Client, into map[string]float64) error {
	for _, c := range servers {
		for it := c.Scan(ctx, 0, "*", 1000).Iterator(); ; {
			if !it.Next(ctx) {
				if err := it.Err(); err != nil {
					return fmt.Errorf("counting keys: %w", err)
				}
				break
			}
			name := it.Val()
			if strings.Contains(name, ":ledger:") || strings.Contains(name, ":run:") {
				continue
			}
			into["Redis keys"]++
			if !strings.HasSuffix(name, ":log") && !strings.HasSuffix(name, ":bulk") {
				continue
			}
			n, err := c.XLen(ctx, name).Result()
			if err != nil {
				return fmt.Errorf("counting the entries of %s: %w", name, err)
			}
			into["log entries"] += float64(n)
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
	rep.Report.Print(w)
}
