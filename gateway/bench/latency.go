package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/gateway/bench/load"
)

// The providers of T10.
const (
	usualLatency = 100 * time.Millisecond
	slowLatency  = 2 * time.Second
	quickRate    = 200 // replies a second on the quick account
)

// thinking measures T10: a provider that takes its time, and a slow account beside a quick one.
func (b *bench) thinking(ctx context.Context) error {
	t10, beside := b.row("T10"), b.row("T10b")
	return b.inTurn(ctx, func(ctx context.Context, _ bool) error {
		rate, inside, err := b.atLatency(ctx)
		if err != nil {
			return err
		}
		t10.add(rate, float64(inside)/usualLatency.Seconds())
		t10.Remark = fmt.Sprintf("%d messages were in the provider's hands at once", inside)
		alone, both, err := b.besideSlow(ctx)
		if err == nil {
			beside.add(ms(both), ms(alone))
		}
		return err
	})
}

// atLatency is messages a second at a provider that thinks, and how many were in its hands at once, after as long as it
// takes the gateway to find out how many it can be given.
func (b *bench) atLatency(ctx context.Context) (rate float64, inside int, err error) {
	_, door, err := b.door(ctx, usualLatency)
	if err != nil {
		return 0, 0, err
	}
	defer door.Close()
	o, err := b.onStage(ctx, b.stages.queued, account{"sms", "sms", door.URL(), ""})
	if err != nil {
		return 0, 0, err
	}
	defer o.end()
	if err := o.sending(ctx, "resume"); err != nil {
		return 0, 0, err
	}
	if err := sleep(ctx, b.size.rampUp); err != nil {
		return 0, 0, err
	}
	door.Reset()
	began := time.Now()
	err = sleep(ctx, b.size.steady)
	return float64(door.Came()) / time.Since(began).Seconds(), door.Peak(), err
}

// besideSlow is the p99 of replies on a quick account alone, and while another account's provider is slow.
func (b *bench) besideSlow(ctx context.Context) (alone, both time.Duration, err error) {
	watch, door, err := b.door(ctx, 0)
	if err != nil {
		return 0, 0, err
	}
	defer door.Close()
	slow := &load.Door{Latency: slowLatency}
	if err := slow.Open(ctx); err != nil {
		return 0, 0, err
	}
	defer slow.Close()
	o, err := b.onStage(ctx, b.stages.mixed, account{"sms", "sms", door.URL(), ""}, account{"slow", "whatsapp", slow.URL(), ""})
	if err != nil {
		return 0, 0, err
	}
	defer o.end()
	first, err := b.steadyFor(o.hook("sms"), 0, quickRate, watch).Fire(ctx)
	if err != nil {
		return 0, 0, err
	}
	run, err := o.start(ctx, "slowly")
	if err != nil {
		return 0, 0, err
	}
	if _, err := o.until(ctx, run.ID, func(r runView) bool { return r.Counts["asked"] == b.size.slow }); err != nil {
		return 0, 0, err
	}
	second, err := b.steadyFor(o.hook("sms"), b.repliers()/2, quickRate, watch).Fire(ctx)
	if err != nil {
		return 0, 0, err
	}
	return first.Took.Quantile(.99), second.Took.Quantile(.99), nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
