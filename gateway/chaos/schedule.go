package chaos

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"
)

// Kind names a fault.
type Kind string

// The faults.
const (
	KillGateway  Kind = "kill -9 a gateway"
	KillAll      Kind = "kill -9 all gateways"
	KillRedis    Kind = "kill -9 Redis"
	PauseGateway Kind = "SIGSTOP a gateway"
	PauseRedis   Kind = "SIGSTOP Redis"
	Restart      Kind = "SIGTERM a gateway"
	Rolling      Kind = "rolling restart"
	Latency      Kind = "network: latency"
	Reset        Kind = "network: resets"
	HalfOpen     Kind = "network: half-open"
	Bandwidth    Kind = "network: bandwidth"
	Cut          Kind = "network: cut"
	FullDisk     Kind = "Redis: disk full"
	Misconf      Kind = "Redis: MISCONF"
	OutOfMemory  Kind = "Redis: out of memory"
	Throttling   Kind = "provider: 429"
	Failing      Kind = "provider: 5xx"
	LostAnswers  Kind = "provider: lost answers"
	LateTaking   Kind = "provider: takes after hanging up"
	SlowAnswers  Kind = "provider: slow answers"
)

// networks are the faults of the network.
func networks() []Kind { return []Kind{Latency, Reset, HalfOpen, Bandwidth, Cut} }

// Fault is one entry of a schedule.
type Fault struct {
	After  time.Duration // since the entry before
	Kind   Kind
	Target int           // the gateway; where a fault has none, a number for whoever plays it to choose by
	Pick   int           // a number to choose a part of the target by
	For    time.Duration // until it is over: the process runs again, the network is whole
	Share  float64       // how much of the provider's traffic is hit; how hard the network is
}

func (f Fault) String() string {
	return fmt.Sprintf("%s target=%d pick=%d for=%s share=%.2f", f.Kind, f.Target, f.Pick, f.For.Round(time.Millisecond), f.Share)
}

// resource is what a fault keeps busy: another one that needs it must wait.
type resource string

const (
	aGateway    resource = "gateway"
	allGateways resource = "gateways"
	redisItself resource = "redis"
	aNetwork    resource = "network"
	provider    resource = "provider"
)

// rule says how often a fault comes and how long it lasts.
type rule struct {
	kind        Kind
	weight      int
	least, most time.Duration
	needs       resource
}

// rules are all faults. Two thirds of them by weight kill.
func rules() []rule {
	const ms = time.Millisecond
	return []rule{
		{KillGateway, 46, 0, 1500 * ms, aGateway},
		{KillAll, 5, 0, 1000 * ms, allGateways},
		{KillRedis, 14, 0, 1500 * ms, redisItself},
		{PauseGateway, 5, 1200 * ms, 4000 * ms, aGateway},
		{PauseRedis, 2, 300 * ms, 3000 * ms, redisItself},
		{Restart, 4, 0, 500 * ms, aGateway},
		{Rolling, 1, 0, 0, allGateways},
		{Latency, 3, 500 * ms, 3000 * ms, aNetwork},
		{Reset, 3, 200 * ms, 2000 * ms, aNetwork},
		{HalfOpen, 3, 500 * ms, 5000 * ms, aNetwork},
		{Bandwidth, 2, 500 * ms, 3000 * ms, aNetwork},
		{Cut, 2, 200 * ms, 2500 * ms, aNetwork},
		{FullDisk, 2, 500 * ms, 1500 * ms, redisItself},
		{Misconf, 2, 500 * ms, 2500 * ms, redisItself},
		{OutOfMemory, 2, 500 * ms, 2500 * ms, redisItself},
		{Throttling, 3, 500 * ms, 3000 * ms, provider},
		{Failing, 3, 500 * ms, 3000 * ms, provider},
		{LostAnswers, 4, 500 * ms, 3000 * ms, provider},
		{LateTaking, 3, 500 * ms, 3000 * ms, provider},
		{SlowAnswers, 3, 500 * ms, 3000 * ms, provider},
	}
}

// Pauses between faults.
const (
	gapLeast = 100 * time.Millisecond
	gapMost  = 1200 * time.Millisecond
)

// Schedule is the endless list of faults that a seed stands for. It is a pure function of its arguments: nothing that
// happens while it is played changes it. can leaves out what a shape of Redis cannot play.
func Schedule(seed uint64, gateways int, can func(Kind) bool) iter.Seq[Fault] {
	return func(yield func(Fault) bool) {
		p := planner{rng: rand.New(rand.NewPCG(seed, 0x68c3a1)), picks: rand.New(rand.NewPCG(seed, 0x5b2f07)), free: map[string]time.Duration{}, gateways: gateways}
		for _, r := range rules() {
			if can(r.kind) {
				p.rules = append(p.rules, r)
				p.total += r.weight
			}
		}
		for yield(p.next()) {
		}
	}
}

// planner draws faults, on a clock of its own.
type planner struct {
	rng      *rand.Rand
	picks    *rand.Rand
	rules    []rule
	total    int
	gateways int
	now      time.Duration
	free     map[string]time.Duration // when each resource is free again
}

func (p *planner) next() Fault {
	after := p.between(gapLeast, gapMost)
	p.now += after
	for {
		r := p.draw()
		f := Fault{After: after, Kind: r.kind, Target: p.rng.IntN(p.gateways), Pick: p.picks.IntN(picksMost), For: p.between(r.least, r.most), Share: 0.2 + 0.7*p.rng.Float64()}
		if names := p.names(r, f); !slices.ContainsFunc(names, p.busy) {
			for _, n := range names {
				p.free[n] = p.now + f.For + settling
			}
			return f
		}
		p.now += gapLeast // time goes by until something is free
		after += gapLeast
	}
}

// picksMost is many times what there is to choose from.
const picksMost = 1 << 16

// settling is how long what was hit is left alone afterwards, so that there is something to hit again.
const settling = 400 * time.Millisecond

func (p *planner) busy(name string) bool { return p.free[name] > p.now }

func (p *planner) names(r rule, f Fault) []string {
	switch r.needs {
	case aGateway:
		return []string{fmt.Sprint(aGateway, f.Target)}
	case allGateways:
		var all []string
		for i := range p.gateways {
			all = append(all, fmt.Sprint(aGateway, i))
		}
		return all
	case aNetwork:
		return []string{fmt.Sprint(aNetwork, f.Target)}
	}
	return []string{string(r.needs)}
}

func (p *planner) draw() rule {
	n := p.rng.IntN(p.total)
	for _, r := range p.rules {
		if n -= r.weight; n < 0 {
			return r
		}
	}
	return p.rules[len(p.rules)-1]
}

func (p *planner) between(least, most time.Duration) time.Duration {
	if most <= least {
		return least
	}
	return least + time.Duration(p.rng.Int64N(int64(most-least)))
}
