package main

import (
	"context"
	"strconv"
	"time"
)

// fanOut measures T7: a run over all customers, for half of whom it is, at a provider that answers at once.
func (b *bench) fanOut(ctx context.Context) error {
	t7, first7 := b.row("T7"), b.row("T7b")
	return b.inTurn(ctx, func(ctx context.Context, first bool) error {
		var own, floor float64
		var firstQuestion time.Duration
		err := alternate(first, []func() error{
			func() (err error) { own, firstQuestion, err = b.ownFanOut(ctx); return err },
			func() error {
				redis, err := b.empty(ctx)
				if err != nil {
					return err
				}
				defer redis.Kill()
				took, err := b.floorTook(ctx, redis, fanoutFloor, "-n", strconv.Itoa(b.size.customers))
				floor = took.Rate()
				return err
			},
		})
		if err == nil {
			t7.add(own, floor)
			first7.add(ms(firstQuestion), 0)
		}
		return err
	})
}

// ownFanOut is contacts a second until the questions of all are committed, and how long the first was on its way to the
// provider's door.
func (b *bench) ownFanOut(ctx context.Context) (rate float64, first time.Duration, err error) {
	_, door, err := b.door(ctx, 0)
	if err != nil {
		return 0, 0, err
	}
	defer door.Close()
	o, err := b.onStage(ctx, b.stages.known, account{"sms", "sms", door.URL(), ""})
	if err != nil {
		return 0, 0, err
	}
	defer o.end()
	defer b.profile(ctx, o, "T7", 3*time.Second)()
	began := time.Now()
	run, err := o.start(ctx, "half")
	if err != nil {
		return 0, 0, err
	}
	if _, err = o.until(ctx, run.ID, func(r runView) bool { return r.Counts["asked"] == b.size.customers/2 }); err != nil {
		return 0, 0, err
	}
	rate = float64(b.size.customers) / time.Since(began).Seconds()
	door.Wait(ctx, 1, drainMost)
	return rate, door.At(1).Sub(began), nil
}
