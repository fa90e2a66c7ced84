package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/bench/load"
)

// fanRate is how many replies a second come while a run fans out.
const fanRate = 500

// steadyFor is a volley of the first customers of a stage where the first ones have an open question.
func (b *bench) steadyFor(to load.Webhook, first int, rate float64, watch *load.Watch) load.Volley {
	v := b.volley(to, first, int(b.size.steady.Seconds()*rate), watch)
	v.Conns, v.Rate, v.Warm = openConns, rate, b.size.warm
	return v
}

// repliers is how many customers of a stage have an open question, for two volleys.
func (b *bench) repliers() int { return 2 * int(b.size.steady.Seconds()*fanRate) }

// grouped is the i-th customer of a stage whose first ones are asked and whose others are of group rest.
func (b *bench) grouped(rest string) func(int) campaigns.ContactEdit {
	return func(i int) campaigns.ContactEdit {
		e := customer(i)
		if e.Facts["group"] = rest; i < b.repliers() {
			e.Facts["group"] = "few"
		}
		return e
	}
}

// askFew makes a stage of n customers, whose first have an open question.
func (b *bench) askFew(ctx context.Context, name string, n int, rest string) (string, error) {
	_, door, err := b.door(ctx, 0)
	if err != nil {
		return "", err
	}
	defer door.Close()
	return b.stage(ctx, name, "", account{"sms", "sms", door.URL(), ""}, func(o *ours) error {
		if err := o.seed(ctx, n, b.grouped(rest)); err != nil {
			return err
		}
		r, err := o.start(ctx, "few")
		if err != nil {
			return err
		}
		_, err = o.until(ctx, r.ID, func(r runView) bool { return r.State == "done" && r.Counts["sent"] == b.repliers() })
		return err
	})
}

// besideRun measures T8: how long replies take while a run fans out, against the same without.
func (b *bench) besideRun(ctx context.Context) error {
	t8 := b.row("T8")
	return b.inTurn(ctx, func(ctx context.Context, _ bool) error {
		watch, door, err := b.door(ctx, 0)
		if err != nil {
			return err
		}
		defer door.Close()
		o, err := b.onStage(ctx, b.stages.large, account{"sms", "sms", door.URL(), ""})
		if err != nil {
			return err
		}
		defer o.end()
		without, err := b.steadyFor(o.hook("sms"), 0, fanRate, watch).Fire(ctx)
		if err != nil {
			return err
		}
		run, err := o.start(ctx, "many")
		if err != nil {
			return err
		}
		with, err := b.steadyFor(o.hook("sms"), b.repliers()/2, fanRate, watch).Fire(ctx)
		if err != nil {
			return err
		}
		t8.add(ms(with.Took.Quantile(.99)), ms(without.Took.Quantile(.99)))
		if lost := without.Lost() + with.Lost(); lost > 0 {
			t8.Broken, t8.Remark = true, fmt.Sprintf("%d replies were lost", lost)
		}
		after, err := o.until(ctx, run.ID, func(runView) bool { return true })
		if asked, all := after.Counts["asked"], b.size.large-b.repliers(); err == nil && asked == all {
			t8.Void, t8.Remark = true, "the run was over before the replies were: measure with a larger -large"
		}
		return err
	})
}

// restart measures T13: Redis and the gateway are killed and started together; how long after Redis has its data is the
// gateway ready?
func (b *bench) restart(ctx context.Context) error {
	t13 := b.row("T13")
	return b.inTurn(ctx, func(ctx context.Context, _ bool) error {
		watch, door, err := b.door(ctx, 0)
		if err != nil {
			return err
		}
		defer door.Close()
		o, err := b.onStage(ctx, b.stages.large, account{"sms", "sms", door.URL(), ""})
		if err != nil {
			return err
		}
		o.end()
		if err := o.redis.Again(); err != nil {
			return err
		}
		defer o.redis.Kill()
		began := time.Now()
		ready := make(chan error, 1)
		go func() { ready <- b.revive(ctx, o) }()
		if err := o.redis.Await(ctx); err != nil {
			return err
		}
		redis := time.Since(began)
		if err := <-ready; err != nil {
			return err
		}
		whole := time.Since(began)
		defer o.program.kill()
		t13.add(max(0, (whole-redis).Seconds()), 0)
		v := b.volley(o.hook("sms"), 0, 1, watch)
		v.Texts = replyTexts()
		reply, err := v.Fire(ctx)
		t13.Remark = fmt.Sprintf("Redis's own load took %.1f s; the first offer was at the door %.1f s after the gateway was ready", redis.Seconds(), reply.Whole.Seconds())
		return err
	})
}

// revive starts the program again and again until it stays, as whoever supervises it does: before Redis answers it may
// refuse to start.
func (b *bench) revive(ctx context.Context, o *ours) error {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if err := o.run(b.binary); err != nil {
			return err
		}
		err := o.program.ready(ctx, o.base)
		if err == nil {
			return nil
		}
		o.program.kill()
		select {
		case <-ctx.Done():
			return err
		case <-again.C:
		}
	}
}
