package chaos

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
)

// Report is what came of a run.
type Report struct {
	Verdict
	Options  Options
	Played   map[Kind]int
	Network  map[Kind]Effect // what became of it where it was played on
	Missed   int             // faults that found nothing to hit: it was down already
	Kills    int
	Took     time.Duration
	Settling time.Duration // from the last fault until everything was at rest
	Calls    int           // API calls that were acknowledged
	Messages int           // customers' messages that were acknowledged
	Sends    int           // requests that the providers had
	Strays   int           // gateways that ended by themselves: they may, where Redis is away when they start
	History  *History
}

func (r *rig) report(h *History, v Verdict, ended time.Time) *Report {
	rep := &Report{Verdict: v, Options: r.o, Played: r.played, Network: r.redis.effects(), Missed: r.missed, Kills: r.kills, History: h,
		Took: time.Since(r.began), Settling: time.Since(ended), Calls: r.shop.calls}
	r.toProviders(func(p *fake.Twilio) { rep.Sends += p.Calls() })
	for _, g := range r.fleet.gateways {
		rep.Strays += g.strayed()
	}
	for _, x := range r.crowd.all {
		for _, w := range x.seen().Wrote {
			if !w.Acked.IsZero() {
				rep.Messages++
			}
		}
	}
	for _, s := range r.odd.list() {
		rep.Findings = append(rep.Findings, Finding{Law: "odd", What: s})
	}
	return rep
}

// Print writes the report, and the whole story of the first customers with whom something went wrong.
func (rep *Report) Print(w io.Writer) {
	fmt.Fprintf(w, "\nseed %d, Redis %s, %d gateways, %d customers: %s, of which %s until everything was at rest\n", rep.Options.Seed, rep.Options.Redis,
		rep.Options.Gateways, rep.Options.People, rep.Took.Round(time.Second), rep.Settling.Round(time.Second))
	for _, k := range slices.Sorted(maps.Keys(rep.Played)) {
		fmt.Fprintf(w, "  %-32s %5d", k, rep.Played[k])
		if e, ok := rep.Network[k]; ok {
			fmt.Fprintf(w, "   %s", e)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "  %-32s %5d\n\n", "(found nothing to hit)", rep.Missed)
	for _, line := range []struct {
		name string
		n    int
	}{
		{"kills survived", rep.Kills}, {"acknowledged", rep.Acknowledged + rep.Calls}, {"  customers' messages", rep.Messages}, {"  API calls", rep.Calls},
		{"messages on phones", rep.Shown}, {"sends asked of the providers", rep.Sends}, {"lost", rep.Lost}, {"doubled", rep.Doubled}, {"met with silence", rep.Silent},
		{"customers judged wholly", rep.Judged}, {"customers unread and unjudged", rep.Unjudged},
		{"repeated, as their class allows", rep.Repeated}, {"gateways that ended by themselves", rep.Strays}, {"findings", len(rep.Findings)},
	} {
		fmt.Fprintf(w, "  %-33s %6d\n", line.name, line.n)
	}
	for i, f := range rep.Findings {
		if i == findingsMost {
			fmt.Fprintf(w, "... and %d more\n", len(rep.Findings)-i)
			break
		}
		fmt.Fprintf(w, "%s %s: %s\n", f.Law, f.Phone, f.What)
	}
}

// findingsMost bounds how many findings are printed: who sees that many has seen enough.
const findingsMost = 60

// Stories tells the whole stories of the first most customers with whom something went wrong; one of each law first.
func (rep *Report) Stories(w io.Writer, most int) {
	var phones []string
	laws := map[string]bool{}
	for _, again := range []bool{false, true} {
		for _, f := range rep.Findings {
			if f.Phone != "" && !slices.Contains(phones, f.Phone) && (again || !laws[f.Law]) {
				phones, laws[f.Law] = append(phones, f.Phone), true
			}
		}
	}
	for _, p := range rep.History.People {
		if i := slices.Index(phones, p.Phone); i >= 0 && i < most {
			story(w, p)
		}
	}
}

// Save writes the report beside the logs.
func (rep *Report) Save() (file string, err error) {
	file = filepath.Join(rep.Options.Dir, fmt.Sprintf("chaos-%s-%d.txt", rep.Options.Redis, rep.Options.Seed))
	f, err := os.Create(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	rep.Print(f)
	rep.Stories(f, len(rep.History.People))
	return file, nil
}
