package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/gateway/bench/load"
)

// sending measures T9: the queue is full when the gateway starts, and the provider answers at once.
func (b *bench) sending(ctx context.Context) error {
	t9, long := b.row("T9"), b.row("T9b")
	return b.inTurn(ctx, func(ctx context.Context, first bool) error {
		var floor, own, many, few float64
		err := alternate(first, []func() error{
			func() (err error) { own, many, few, err = b.ownSending(ctx); return err },
			func() (err error) { floor, err = b.floorSending(ctx); return err },
		})
		if err == nil {
			t9.add(own, floor)
			long.add(many, few)
		}
		return err
	})
}

func (b *bench) floorSending(ctx context.Context) (float64, error) {
	_, door, err := b.door(ctx, 0)
	if err != nil {
		return 0, err
	}
	defer door.Close()
	redis, err := b.empty(ctx)
	if err != nil {
		return 0, err
	}
	defer redis.Kill()
	took, err := b.floorTook(ctx, redis, sendFloor, "-n", strconv.Itoa(b.size.floorSends), "-provider", door.URL()+"/2010-04-01/Accounts/AC1/Messages.json")
	return took.Rate(), err
}

// ownSending is messages a second: all, while most still wait (and the gateway has found its pace), and while few do.
func (b *bench) ownSending(ctx context.Context) (all, many, few float64, err error) {
	_, door, err := b.door(ctx, 0)
	if err != nil {
		return 0, 0, 0, err
	}
	defer door.Close()
	o, err := b.onStage(ctx, b.stages.queued, account{"sms", "sms", door.URL(), ""})
	if err != nil {
		return 0, 0, 0, err
	}
	defer o.end()
	if err := o.sending(ctx, "resume"); err != nil {
		return 0, 0, 0, err
	}
	defer b.profile(ctx, o, "T9", 3*time.Second)()
	const quiet = 10 * time.Second
	n := b.size.customers
	if came := door.Wait(ctx, n, quiet); came < n {
		return 0, 0, 0, fmt.Errorf("of %d queued messages only %d were sent", n, came)
	}
	warm, last := n/10000*100+100, n/100*100-100 // what is marked are hundreds
	return between(door, warm, last), between(door, n/1000*100, n/1000*300), between(door, last-b.size.few, last), nil
}

// between is messages a second from the a-th to the b-th.
func between(d *load.Door, a, b int) float64 {
	return float64(b-a) / d.At(b).Sub(d.At(a)).Seconds()
}
