// Package chaos runs the whole system, breaks it in every way that a schedule knows, and holds what came of it against
// the invariants.
//
// It is a black box: gateways are processes of the built program, spoken to by HTTP; Redis is a process; the provider is a
// fake that stands outside and never dies. What is judged is what was acknowledged and what the phones show. Which faults
// come, when, and for how long follows from the seed alone.
package chaos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
)

// Options say what is run. All fields must be set, but Load, and Kills or Faults: whichever comes first ends the faults.
type Options struct {
	Dir      string        // for the program, logs and data
	Seed     uint64        // what the schedule is drawn from
	Kills    int           // end after so many kills; 0: only by time
	Faults   time.Duration // end after so long; 0: only by kills
	People   int           // customers
	Gateways int
	Redis    string        // the shape: single, cluster, sentinel
	Cycle    time.Duration // between two runs of the same campaign; with a load it follows from that
	Load     float64       // acknowledgements a second that the shop keeps up; 0: as many as there happen to be
	Settle   time.Duration // how long the system may take to come to rest
	Log      io.Writer     // what happens, as it happens
}

// rig is a system under test with all that is around it.
type rig struct {
	o        Options
	redis    deployment
	fleet    *fleet
	crowd    *crowd
	shop     *shop
	odd      *oddities
	balancer *balancer
	dice     *dice // the providers' weather

	mu     sync.Mutex
	played map[Kind]int
	missed int
	kills  int
	began  time.Time
}

// Run runs everything once. An error says that the run itself could not be made; broken promises are in the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	r, err := assemble(ctx, o)
	if err != nil {
		return nil, err
	}
	closed := false
	shut := func() string { closed = true; return r.close() }
	defer func() {
		if !closed {
			shut()
		}
	}()
	r.shop.open(ctx)
	r.crowd.live(ctx)
	r.storm(ctx)
	ended := time.Now()
	r.say("the faults are over: %d kills", r.kills)
	wait(ctx, calm)
	r.shop.hush()
	r.crowd.hush()
	h, v, err := r.settle(ctx)
	if err != nil {
		return nil, err
	}
	rep := r.report(h, v, ended)
	if panicked := shut(); panicked != "" {
		rep.Findings = append(rep.Findings, Finding{Law: "panic", What: panicked})
	}
	return rep, nil
}

// calm is how long life goes on after the last fault: what comes back does so under load.
const calm = 3 * time.Second

// assemble starts everything that a run needs.
func assemble(ctx context.Context, o Options) (r *rig, err error) {
	r = &rig{o: o, odd: &oddities{}, dice: newDice(o.Seed, "weather"), played: map[Kind]int{}, began: time.Now()}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	if err := writeCampaigns(o.Dir); err != nil {
		return r, err
	}
	r.say("building the program")
	binary := filepath.Join(o.Dir, "hoidap")
	if err := build(ctx, binary); err != nil {
		return r, err
	}
	if r.redis, err = startRedis(ctx, o); err != nil {
		return r, err
	}
	starting, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	if err := r.redis.await(starting); err != nil {
		return r, err
	}
	p := paceOf(o)
	r.crowd = newCrowd(o.People, o.Seed, p, r.odd)
	// The balancer learns of the gateways once they have ports; the providers must have theirs before them.
	r.balancer = newBalancer(newDice(o.Seed, "balancer"))
	urls, err := r.provide(ctx, p)
	if err != nil {
		return r, err
	}
	if r.fleet, err = startFleet(o.Dir, binary, urls, p.rate, o.Gateways, r.redis); err != nil {
		return r, err
	}
	r.balancer.hosts = r.fleet.hosts
	r.shop = newShop(r.balancer.client(), r.crowd, p, o.Seed, r.odd)
	return r, r.fleet.await(starting)
}

// provide starts the provider of each account, and gives their addresses.
func (r *rig) provide(ctx context.Context, p pace) (urls [accounts]string, err error) {
	for a, number := range [accounts]string{"", blindNumber} {
		provider := fake.New(fake.Options{AuthToken: authToken, Number: number, Client: r.balancer.client(), Keep: p.kept,
			Taken: func(m fake.Message) { r.crowd.taken(ctx, a, m) }})
		provider.Point(hooks(a), "")
		r.crowd.providers[a] = provider
		if urls[a], err = provider.Start(); err != nil {
			return urls, err
		}
	}
	return urls, nil
}

// toProviders does something with each provider that there is.
func (r *rig) toProviders(do func(*fake.Twilio)) {
	if r.crowd == nil {
		return
	}
	for _, p := range r.crowd.providers {
		if p != nil {
			do(p)
		}
	}
}

func startRedis(ctx context.Context, o Options) (deployment, error) {
	data := filepath.Join(o.Dir, "redis")
	if err := os.RemoveAll(data); err != nil { // of the run before
		return nil, err
	}
	if err := os.MkdirAll(data, 0o755); err != nil {
		return nil, err
	}
	switch o.Redis {
	case "single":
		return startSingle(o.Dir, data, o.Gateways)
	case "cluster":
		return clustered(ctx, data, o.Gateways)
	case "sentinel":
		return watched(ctx, data, o.Gateways)
	}
	return nil, fmt.Errorf("there is no shape %q of Redis", o.Redis)
}

func (r *rig) close() (panicked string) {
	if r.fleet != nil {
		panicked = r.fleet.close()
	}
	r.toProviders(func(p *fake.Twilio) {
		p.Close() //nolint:errcheck // nobody listens any more
	})
	if r.redis != nil {
		r.redis.close()
	}
	return panicked
}

func (r *rig) say(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(r.o.Log, "%8.2fs  %s\n", time.Since(r.began).Seconds(), fmt.Sprintf(format, args...))
}

// storm plays the schedule until it has killed enough or long enough, and waits until every fault is over.
func (r *rig) storm(ctx context.Context) {
	r.say("seed %d: %d gateways on %s, %d customers", r.o.Seed, r.o.Gateways, r.o.Redis, r.o.People)
	next, stop := iter.Pull(Schedule(r.o.Seed, r.o.Gateways, r.redis.can))
	defer stop()
	var under sync.WaitGroup
	defer under.Wait()
	begun := time.Now()
	for !r.enough(begun) {
		f, _ := next()
		if !wait(ctx, f.After) {
			return
		}
		r.say("%s", f)
		under.Go(func() { r.play(ctx, f) })
	}
}

func (r *rig) enough(begun time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.o.Kills > 0 && r.kills >= r.o.Kills || r.o.Faults > 0 && time.Since(begun) >= r.o.Faults
}

func (r *rig) play(ctx context.Context, f Fault) {
	var killed int
	hit := true
	switch f.Kind {
	case KillGateway, KillAll, PauseGateway, Restart, Rolling:
		killed, hit = r.fleet.play(ctx, f)
	case Throttling, Failing, LostAnswers, LateTaking, SlowAnswers:
		r.weather(ctx, f)
	default:
		killed, hit = r.redis.play(ctx, f)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kills += killed
	r.played[f.Kind]++
	if !hit {
		r.missed++
	}
}

// weather lets the providers behave badly for a while.
func (r *rig) weather(ctx context.Context, f Fault) {
	w := fake.Weather{RetryAfter: time.Second, LateBy: 2 * time.Second, Chance: r.dice.chance}
	switch f.Kind {
	case Throttling:
		w.Throttled = f.Share
	case Failing:
		w.Failing = f.Share
	case LostAnswers:
		w.Lost = f.Share
	case LateTaking:
		w.Late = f.Share / 2
	case SlowAnswers:
		w.Slow = time.Duration(2 * f.Share * float64(time.Second))
	}
	r.toProviders(func(p *fake.Twilio) { p.SetWeather(w) })
	wait(ctx, f.For)
	r.toProviders(func(p *fake.Twilio) { p.SetWeather(fake.Weather{}) })
}

// settle waits until everything is at rest, and reads what the system says of itself.
func (r *rig) settle(ctx context.Context) (*History, Verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, r.o.Settle)
	defer cancel()
	if err := errors.Join(r.redis.await(ctx), r.fleet.await(ctx)); err != nil {
		return nil, Verdict{}, err
	}
	restless := map[string]string{} // whose story is not told yet, and why
	for _, x := range r.crowd.all {
		restless[x.person.Phone] = "not looked at"
	}
	still := stillness{}
	for {
		r.calmed(ctx, restless)
		moving := r.moving(ctx, &still)
		if len(restless) == 0 && moving == "" && r.crowd.telling.Load() == 0 {
			break
		}
		if !wait(ctx, 300*time.Millisecond) {
			r.unsettled(restless, moving)
			break
		}
	}
	return r.collect(context.WithoutCancel(ctx))
}

// calmed takes those out whose story is told.
func (r *rig) calmed(ctx context.Context, restless map[string]string) {
	phones := slices.Collect(maps.Keys(restless))
	why := make([]string, len(phones))
	share(len(phones), func(i int) { why[i] = r.restless(ctx, r.crowd.byPhone[phones[i]]) })
	for i, phone := range phones {
		if restless[phone] = why[i]; why[i] == "" {
			delete(restless, phone)
		}
	}
}

// unsettled says why the system never came to rest. What it is judged by is read all the same.
func (r *rig) unsettled(restless map[string]string, moving string) {
	r.odd.say("after %s the system is not at rest: %d customers, %d receipts, runs: %s", r.o.Settle, len(restless), r.crowd.telling.Load(), moving)
	for i, phone := range slices.Sorted(maps.Keys(restless)) {
		if i == 5 {
			break
		}
		r.odd.say("not at rest: %s: %s", phone, restless[phone])
	}
}

// restless says what a customer's story still waits for; empty: nothing.
func (r *rig) restless(ctx context.Context, x *customer) string {
	p := x.seen()
	if !r.shop.person(ctx, p) {
		return "the API does not answer"
	}
	if p.unfinished(time.Now()) {
		return "the rest of a message is waited for"
	}
	heard, ended := map[string]bool{}, p.ended()
	for _, e := range p.entries(kindReceived) {
		heard[e.messageID()] = true
	}
	for _, w := range p.Wrote {
		if !w.Acked.IsZero() && !heard[w.SID] {
			return fmt.Sprintf("%s (%q) was not heard", w.SID, w.Text)
		}
	}
	happened := map[string]bool{}
	for _, e := range p.entries(kindEvent) {
		happened[e.Event] = true
	}
	for _, id := range p.Posted {
		if !happened["event:"+id] {
			return id + " did not happen"
		}
	}
	for id, e := range p.queued() {
		if !ended[id] {
			return fmt.Sprintf("nobody says what became of %s (%s)", id, e.Class)
		}
	}
	return ""
}

// stillness is since when the counts of the runs are what they are.
type stillness struct {
	counts string
	since  time.Time
}

// unmoved is for how long the runs' counts must have been the same. A run may stay unfinished: it waits for customers who
// leave another question open.
const unmoved = 3 * time.Second

// moving says which runs are under way; empty: none.
func (r *rig) moving(ctx context.Context, still *stillness) string {
	var h History
	if !r.shop.state(ctx, &h) {
		return "the API does not answer"
	}
	queued, counts := "", ""
	for _, x := range h.Runs {
		counts += fmt.Sprintln(x.ID, x.Counts)
		if x.Counts["queued"] > 0 && queued == "" {
			queued = fmt.Sprint(x.ID, " has messages queued: ", x.Counts)
		}
	}
	if counts != still.counts {
		*still = stillness{counts, time.Now()}
	}
	if queued == "" && time.Since(still.since) < unmoved {
		return "their counts are changing"
	}
	return queued
}

// quietly is how long is listened for what comes too late.
const quietly = 2 * time.Second

// readingMost is how long reading everybody's ledger may take.
const readingMost = 20 * time.Minute

// readers is how many ledgers are read at once.
const readers = 4

// share does n things, some at once.
func share(n int, do func(i int)) {
	var all sync.WaitGroup
	for w := range readers {
		all.Go(func() {
			for i := w; i < n; i += readers {
				do(i)
			}
		})
	}
	all.Wait()
}

// collect reads everything, once nothing more is expected, and has the oracle judge it. Whoever cannot be read in time is
// told to be unread.
func (r *rig) collect(ctx context.Context) (*History, Verdict, error) {
	wait(ctx, quietly)
	ctx, cancel := context.WithTimeout(ctx, readingMost)
	defer cancel()
	h := &History{Pauses: r.fleet.pauses}
	slices.SortFunc(h.Pauses, func(a, b Span) int { return a.From.Compare(b.From) })
	o, kept := NewOracle(h.Pauses), 0
	var hearing sync.Mutex
	share(len(r.crowd.all), func(i int) {
		p := r.read(ctx, r.crowd.all[i])
		hearing.Lock()
		defer hearing.Unlock()
		if good := o.Hear(p); good && kept > storiesMost {
			return // there is nothing more to tell of them
		}
		kept += len(p.Ledger)
		h.People = append(h.People, p)
	})
	for !r.shop.state(ctx, h) {
		if !wait(ctx, 100*time.Millisecond) {
			return nil, Verdict{}, fmt.Errorf("the runs cannot be read")
		}
	}
	v := o.End(h)
	slices.SortStableFunc(v.Findings, func(a, b Finding) int { return strings.Compare(a.Phone, b.Phone) })
	return h, v, nil
}

// storiesMost is how many entries of ledgers are kept for telling whole stories, beside those of whoever a promise was
// broken to: a soak's would fill the memory.
const storiesMost = 200_000

// read reads what the gateway says of a customer, as often as it must be tried.
func (r *rig) read(ctx context.Context, x *customer) *Person {
	p := x.seen()
	for !r.shop.person(ctx, p) {
		if !wait(ctx, 100*time.Millisecond) {
			p.Unread = true
			break
		}
	}
	return p
}
