// Command bench measures the gateway against floors of its own: the least programs that do the same work, in the same
// run, round by round in turn. Ratios are what counts: the machine may be slow or busy, the floor is so too.
//
//	go run ./gateway/bench                    all of it, about a quarter of an hour
//	go run ./gateway/bench -quick             smaller, about three minutes
//	go run ./gateway/bench -only T3,T9        some of it
//	go run ./gateway/bench -pages             the console's pages and the API's lists, with a million contacts
//
// It prints a table and writes the same, with every round, to build/bench.json. docs/performance.md tells how to read it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/hoidap/hoidap/gateway/store/scratch"
)

// size is how much is measured.
type size struct {
	customers  int           // of the small stages
	closed     int           // replies, closed loop
	always     int           // replies while each write is synced
	steady     time.Duration // how long replies come at a steady rate
	warm       time.Duration // of it, how long they are not timed
	backlog    int
	few        int // messages that wait at the most where few are meant
	floorSends int
	large      int           // customers of the large stage
	slow       int           // messages for the slow account
	rampUp     time.Duration // until as many messages are in a provider's hands as can be
	kept       int           // contacts whose memory is measured
	demo       int           // messages to the demo
}

var (
	whole = size{customers: 100_000, closed: 15_000, always: 10_000, steady: 5 * time.Second, warm: time.Second, backlog: 60_000, few: 2000, floorSends: 30_000,
		large: 1_000_000, slow: 5000, rampUp: 5 * time.Second, kept: 50_000, demo: 5000}
	quick = size{customers: 20_000, closed: 6000, always: 3000, steady: 3 * time.Second, warm: time.Second, backlog: 15_000, few: 2000, floorSends: 15_000,
		large: 100_000, slow: 2000, rampUp: 3 * time.Second, kept: 20_000, demo: 2000}
	tiny = size{customers: 2000, closed: 300, always: 200, steady: 200 * time.Millisecond, backlog: 400, few: 500, floorSends: 500,
		large: 1000, slow: 100, rampUp: 200 * time.Millisecond, kept: 500, demo: 100} // for its own test
)

// bench is one run of the program.
type bench struct {
	dir    string // everything that is written, gone at the end
	binary string // the built hoidap
	self   string // this program, for the floors
	rounds int
	only   []string
	size   size
	stages stages
	rows   []*row

	town  town              // of the pages
	data  string            // the folder where its data set is kept; empty: it is made anew, and gone at the end
	told  string            // the address of an endpoint for webhooks, while pages are measured; empty: there is none
	files map[string]string // the campaign files of what is served; nil: the bench's own

	profiles  string // the folder for CPU profiles; empty: none are taken
	profiling bool   // this round is played for them
}

// stages are the Redis folders that rounds start from.
type stages struct {
	known  string // customers whom nobody asked anything
	asked  string // all of them have an open question, by run
	queued string // all of their questions wait to be sent
	large  string // many customers, of whom the first have an open question
	mixed  string // some customers have an open question, the others are for the slow account
	run    string
}

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "floor" {
		return runFloor(ctx, args[1:])
	}
	b, out, err := options(args)
	if err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	if err := b.build(ctx); err != nil {
		return err
	}
	if b.town != (town{}) {
		return b.runPages(ctx, out)
	}
	failed := b.measure(ctx)
	for _, r := range b.rows {
		r.judge()
	}
	b.rows = b.measured()
	print(os.Stdout, b.rows)
	fmt.Printf("%d cores; load (1, 5, 15 minutes) at the end: %s\n", runtime.NumCPU(), strings.Join(strings.Fields(read("/proc/loadavg") + " ? ? ?")[:3], " "))
	return errors.Join(failed, b.write(out))
}

func options(args []string) (*bench, string, error) {
	b := &bench{size: whole}
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := set.String("only", "", "what to measure: T1,T3; all where empty")
	small := set.Bool("quick", false, "measure less of everything")
	pages := set.Bool("pages", false, "measure the console's pages and the API's lists instead, with a million contacts; -only picks some by name")
	set.StringVar(&b.data, "data", "", "with -pages: a folder where the data set is kept, and used again; it is made anew where empty")
	out := set.String("json", "", "where the results go; build/bench.json, or build/pages.json, where empty")
	set.StringVar(&b.binary, "hoidap", "", "the program to measure; built from ./cmd/hoidap where empty")
	set.StringVar(&b.profiles, "profile", "", "a folder for CPU profiles of the gateway, of one more round each; none where empty")
	set.IntVar(&b.rounds, "rounds", 0, "how often each is measured; 5 where 0, 3 with -quick")
	customers := set.Int("customers", 0, "how many customers there are, but for T8 and T13")
	large := set.Int("large", 0, "how many customers there are for T8 and T13; a million where 0, a tenth with -quick")
	if err := set.Parse(args); err != nil {
		return nil, "", err
	}
	if *small {
		b.size = quick
	}
	if *customers > 0 {
		b.size.customers = *customers
	}
	if *large > 0 {
		b.size.large = *large
	}
	if *pages {
		b.paging(*small, out)
	}
	if b.rounds == 0 {
		b.rounds = 5
		if *small {
			b.rounds = 3
		}
	}
	if *only != "" {
		b.only = strings.Split(strings.ToUpper(*only), ",")
	}
	if b.profiles != "" {
		if err := os.MkdirAll(b.profiles, 0o755); err != nil {
			return nil, "", err
		}
	}
	if *out == "" {
		*out = filepath.Join("build", "bench.json")
	}
	var err error
	if b.self, err = os.Executable(); err != nil {
		return nil, "", err
	}
	b.dir, err = os.MkdirTemp("", "hoidap-bench-")
	return b, *out, err
}

// paging is what is measured with -pages.
func (b *bench) paging(small bool, out *string) {
	if b.town = wholeTown; small {
		b.town = quickTown
	}
	if *out == "" {
		*out = filepath.Join("build", "pages.json")
	}
}

// build builds the program that is measured.
func (b *bench) build(ctx context.Context) error {
	b.rows = rows()
	if b.binary != "" {
		return nil
	}
	b.binary = filepath.Join(b.dir, "hoidap")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", b.binary, "github.com/hoidap/hoidap/cmd/hoidap").CombinedOutput(); err != nil {
		return fmt.Errorf("building hoidap: %w\n%s", err, out)
	}
	return nil
}

// measurement is a part of the program that fills some rows, on some stages.
type measurement struct {
	rows   string // the ids that it fills
	stages []stage
	run    func(context.Context) error
}

// measure runs what is wanted. What fails does not keep the rest from being measured.
func (b *bench) measure(ctx context.Context) error {
	var failed []error
	for _, m := range []measurement{
		{"T1 T2 T3 T4 T5 T12", []stage{known, asked}, b.replies},
		{"T6", []stage{known, asked}, b.backlog},
		{"T7", []stage{known}, b.fanOut},
		{"T9", []stage{known, queued}, b.sending},
		{"T10", []stage{known, queued, mixed}, b.thinking},
		{"T11", nil, b.memory},
		{"T14", nil, b.demo},
		{"U1", nil, b.understanding},
		{"T8", []stage{large}, b.besideRun},
		{"T13", []stage{large}, b.restart},
	} {
		if !b.wanted(m.rows) {
			continue
		}
		err := b.prepare(ctx, m.stages)
		if err == nil {
			b.say("measuring %s", m.rows)
			err = m.run(ctx)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", m.rows, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

// measured is what was to be measured, or was along with it.
func (b *bench) measured() (rows []*row) {
	for _, r := range b.rows {
		if len(r.Rounds) > 0 || b.wanted(strings.TrimRight(r.ID, "ab")) {
			rows = append(rows, r)
		}
	}
	return rows
}

func (b *bench) wanted(rows string) bool {
	if len(b.only) == 0 {
		return true
	}
	for _, id := range strings.Fields(rows) {
		if slices.Contains(b.only, id) {
			return true
		}
	}
	return false
}

// stage names a Redis folder that rounds start from.
type stage int

const (
	known stage = iota
	asked
	queued
	mixed
	large
)

// prepare makes the stages that are needed and not there yet.
func (b *bench) prepare(ctx context.Context, need []stage) (err error) {
	for _, s := range need {
		switch {
		case s == known && b.stages.known == "":
			b.stages.known, err = b.known(ctx, "known", b.size.customers, customer)
		case s == asked && b.stages.asked == "":
			err = b.askAll(ctx)
		case s == queued && b.stages.queued == "":
			err = b.queueAll(ctx)
		case s == mixed && b.stages.mixed == "":
			b.stages.mixed, err = b.askFew(ctx, "mixed", b.repliers()+b.size.slow, "slow")
		case s == large && b.stages.large == "":
			b.stages.large, err = b.askFew(ctx, "large", b.size.large, "many")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// askAll makes the stage where everybody has an open question.
func (b *bench) askAll(ctx context.Context) error {
	_, door, err := b.door(ctx, 0)
	if err != nil {
		return err
	}
	defer door.Close()
	b.stages.asked, err = b.stage(ctx, "asked", b.stages.known, account{"sms", "sms", door.URL(), ""}, func(o *ours) error {
		r, err := o.start(ctx, "style")
		if err != nil {
			return err
		}
		b.stages.run = r.ID
		_, err = o.until(ctx, r.ID, func(r runView) bool { return r.State == "done" && r.Counts["sent"] == b.size.customers })
		return err
	})
	return err
}

// queueAll makes the stage where everybody's question waits to be sent: sending is stopped. (With a slow account a run
// would go no further ahead than that can follow.)
func (b *bench) queueAll(ctx context.Context) (err error) {
	b.stages.queued, err = b.stage(ctx, "queued", b.stages.known, account{"sms", "sms", "http://127.0.0.1:9", ""}, func(o *ours) error {
		if err := o.sending(ctx, "stop"); err != nil {
			return err
		}
		r, err := o.start(ctx, "style")
		if err != nil {
			return err
		}
		_, err = o.until(ctx, r.ID, func(r runView) bool { return r.Counts["asked"] == b.size.customers })
		return err
	})
	return err
}

// inTurn plays the rounds; first changes from round to round, so that no side is always the first.
func (b *bench) inTurn(ctx context.Context, round func(ctx context.Context, first bool) error) error {
	for i := range b.rounds {
		began := time.Now()
		if err := round(ctx, i%2 == 0); err != nil {
			return err
		}
		b.tidy()
		b.say("  round %d of %d: %s", i+1, b.rounds, time.Since(began).Round(100*time.Millisecond))
	}
	return b.profiled(ctx, round)
}

// tidy removes what a round has written, which may be gigabytes.
func (b *bench) tidy() {
	for _, pattern := range []string{"redis-*", "serve-*"} {
		dirs, _ := filepath.Glob(filepath.Join(b.dir, pattern)) // the pattern is a good one
		for _, d := range dirs {
			os.RemoveAll(d) //nolint:errcheck // all of it goes at the end
		}
	}
}

// alternate runs the sides of a round, forwards or backwards.
func alternate(forwards bool, sides []func() error) error {
	if !forwards {
		slices.Reverse(sides)
	}
	for _, side := range sides {
		if err := side(); err != nil {
			return err
		}
	}
	return nil
}

// empty is a Redis with nothing in it.
func (b *bench) empty(ctx context.Context) (*scratch.Server, error) {
	dir, err := os.MkdirTemp(b.dir, "redis-")
	if err != nil {
		return nil, err
	}
	return scratch.Start(ctx, dir)
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func (b *bench) row(id string) *row {
	i := slices.IndexFunc(b.rows, func(r *row) bool { return r.ID == id })
	return b.rows[i]
}

// write keeps the results for machines.
func (b *bench) write(path string) error {
	raw, err := json.MarshalIndent(map[string]any{"rows": b.rows, "rounds": b.rounds, "at": time.Now().UTC(), "machine": machine()}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(raw, '\n'), 0o644)
}
