package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/gateway/bench/load"
	"github.com/hoidap/hoidap/gateway/store/scratch"
)

// The load.
const (
	closedConns = 64
	openConns   = 256
	steadyRate  = 1000 // replies a second, open loop
	drainMost   = 60 * time.Second
)

// volleys is what one side of a round did.
type volleys struct {
	closed, steady, always load.Result
	goCPU, redisCPU        time.Duration // for the closed loop
	aof                    float64       // bytes, for the closed loop
}

// replies measures T1 to T5 and T12: customers answer, their answers are acknowledged, understood, kept, and repaid.
func (b *bench) replies(ctx context.Context) error {
	t1, t1always := b.row("T1"), b.row("T1a")
	t2, t3, t50, t99 := b.row("T2"), b.row("T3"), b.row("T4"), b.row("T4b")
	tr, tg, t12 := b.row("T5"), b.row("T5b"), b.row("T12")
	lost := 0
	err := b.inTurn(ctx, func(ctx context.Context, first bool) error {
		var bare, whole, own volleys
		sides := []func() error{
			func() (err error) { bare, err = b.bareSide(ctx); return err },
			func() (err error) { whole, err = b.wholeSide(ctx); return err },
			func() (err error) { own, err = b.ownSide(ctx); return err },
		}
		if err := alternate(first, sides); err != nil {
			return err
		}
		t1.add(own.closed.AckRate(), bare.closed.AckRate())
		t1always.add(own.always.AckRate(), bare.always.AckRate())
		t2.add(ms(own.steady.Ack.Quantile(.99)), ms(whole.steady.Ack.Quantile(.99)))
		t3.add(own.closed.AnswerRate(), whole.closed.AnswerRate())
		lost += own.closed.Lost() + own.steady.Lost() + own.closed.Refused + own.closed.Broken
		t50.add(ms(own.took(.5)), ms(whole.took(.5)))
		t99.add(ms(own.took(.99)), ms(whole.took(.99)))
		tr.add(each(own.redisCPU, own), each(whole.redisCPU, whole))
		tg.add(each(own.goCPU, own), each(whole.goCPU, whole))
		t12.add(own.aof/float64(own.closed.Answered), whole.aof/float64(whole.closed.Answered))
		return nil
	})
	t3.Remark = fmt.Sprintf("of all replies %d were lost or refused", lost)
	t3.Broken = lost > 0
	return err
}

// took is how long replies took at a steady rate, from when they were due until the offer was at the provider's door.
func (v volleys) took(q float64) time.Duration { return v.steady.Took.Quantile(q) }

// each is microseconds a reply.
func each(cpu time.Duration, v volleys) float64 {
	return float64(cpu.Microseconds()) / float64(v.closed.Answered)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// bareSide: webhooks that are only made durable.
func (b *bench) bareSide(ctx context.Context) (v volleys, err error) {
	f, err := b.onRedis(ctx, bareFloor, nil)
	if err != nil {
		return v, err
	}
	defer f.end()
	if v.closed, err = b.volley(f.hook(), 0, b.size.closed, nil).Fire(ctx); err != nil {
		return v, err
	}
	if err := f.redis.Sync(ctx, true); err != nil {
		return v, err
	}
	v.always, err = b.volley(f.hook(), b.size.closed, b.size.always, nil).Fire(ctx)
	return v, err
}

// wholeSide: the least that does the whole job.
func (b *bench) wholeSide(ctx context.Context) (v volleys, err error) {
	watch, door, err := b.door(ctx, 0)
	if err != nil {
		return v, err
	}
	defer door.Close()
	f, err := b.onRedis(ctx, wholeFloor, door)
	if err != nil {
		return v, err
	}
	defer f.end()
	return v, b.both(ctx, &v, f.redis, f.program, f.hook(), watch, func() error { return nil })
}

// ownSide: the gateway.
func (b *bench) ownSide(ctx context.Context) (v volleys, err error) {
	watch, door, err := b.door(ctx, 0)
	if err != nil {
		return v, err
	}
	defer door.Close()
	o, err := b.onStage(ctx, b.stages.asked, account{"sms", "sms", door.URL(), ""})
	if err != nil {
		return v, err
	}
	defer o.end()
	defer b.profile(ctx, o, "T3", 2*time.Second)()
	st, err := o.store(ctx)
	if err != nil {
		return v, err
	}
	defer st.Close()
	if err := b.both(ctx, &v, o.redis, o.program, o.hook("sms"), watch, func() error { return quiet(ctx, st) }); err != nil {
		return v, err
	}
	if err := o.redis.Sync(ctx, true); err != nil {
		return v, err
	}
	v.always, err = b.volley(o.hook("sms"), b.size.closed+b.steadyCount(), b.size.always, watch).Fire(ctx)
	return v, err
}

// both fires the closed loop, with what it costs until all that came of it is done, and then the steady rate.
func (b *bench) both(ctx context.Context, v *volleys, redis *scratch.Server, program *process, hook load.Webhook, watch *load.Watch, done func() error) error {
	before, err := spent(ctx, redis, program)
	if err != nil {
		return err
	}
	if v.closed, err = b.volley(hook, 0, b.size.closed, watch).Fire(ctx); err != nil {
		return err
	}
	if err := done(); err != nil {
		return err
	}
	after, err := spent(ctx, redis, program)
	if err != nil {
		return err
	}
	v.goCPU, v.redisCPU, v.aof = after.program-before.program, after.redis-before.redis, after.aof-before.aof
	steady := b.volley(hook, b.size.closed, b.steadyCount(), watch)
	steady.Conns, steady.Rate, steady.Warm = openConns, steadyRate, b.size.warm
	v.steady, err = steady.Fire(ctx)
	return err
}

// bill is what was used so far.
type bill struct {
	program, redis time.Duration
	aof            float64
}

func spent(ctx context.Context, redis *scratch.Server, program *process) (s bill, err error) {
	if s.program, err = program.cpu(); err != nil {
		return s, err
	}
	if s.redis, err = redis.CPU(ctx); err != nil {
		return s, err
	}
	s.aof, err = redis.AOF(ctx)
	return s, err
}

// volley is n customers from first on who answer, as fast as they are acknowledged.
func (b *bench) volley(to load.Webhook, first, n int, watch *load.Watch) load.Volley {
	return load.Volley{To: to, First: first, N: n, Texts: replyTexts(), Conns: closedConns, Watch: watch, Drain: drainMost}
}

// steadyCount is how many replies the steady rate takes.
func (b *bench) steadyCount() int { return int(b.size.steady.Seconds() * steadyRate) }

// door is a provider's, with somebody who watches what comes.
func (b *bench) door(ctx context.Context, latency time.Duration) (*load.Watch, *load.Door, error) {
	watch := load.NewWatch(b.size.customers)
	door := &load.Door{Knock: watch, Latency: latency}
	return watch, door, door.Open(ctx)
}

// onRedis starts a floor on an empty Redis of its own.
func (b *bench) onRedis(ctx context.Context, name string, door *load.Door) (*bottom, error) {
	redis, err := b.empty(ctx)
	if err != nil {
		return nil, err
	}
	f, err := b.floorServer(ctx, name, redis.Addr, door)
	if err != nil {
		redis.Kill()
		return nil, err
	}
	f.redis = redis
	return f, nil
}

// onStage starts the gateway on a copy of a stage.
func (b *bench) onStage(ctx context.Context, stage string, accounts ...account) (*ours, error) {
	redis, err := b.copied(ctx, stage)
	if err != nil {
		return nil, err
	}
	o, err := b.serve(ctx, redis, accounts...)
	if err != nil {
		redis.Kill()
		return nil, err
	}
	return o, nil
}

func (f *bottom) end() {
	f.program.kill()
	if f.redis != nil {
		f.redis.Kill()
	}
}
