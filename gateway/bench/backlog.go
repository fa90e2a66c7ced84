package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/bench/load"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences/address"
)

// backlog measures T6: the logs fill while no gateway runs, and then one works them off. Like the floor it queues what
// is to be sent and sends nothing yet: the account's rate allows none.
func (b *bench) backlog(ctx context.Context) error {
	t6 := b.row("T6")
	return b.inTurn(ctx, func(ctx context.Context, first bool) error {
		var own, floor float64
		err := alternate(first, []func() error{
			func() (err error) { own, err = b.ownBacklog(ctx); return err },
			func() error {
				redis, err := b.empty(ctx)
				if err != nil {
					return err
				}
				defer redis.Kill()
				took, err := b.floorTook(ctx, redis, backlogFloor, "-n", strconv.Itoa(b.size.backlog))
				floor = took.Rate()
				return err
			},
		})
		if err == nil {
			t6.add(own, floor)
		}
		return err
	})
}

// ownBacklog is replies a second, from the first that the run counts as answered to the last.
func (b *bench) ownBacklog(ctx context.Context) (float64, error) {
	redis, err := b.copied(ctx, b.stages.asked)
	if err != nil {
		return 0, err
	}
	o := &ours{redis: redis}
	defer redis.Kill()
	if err := o.replyUnheard(ctx, b.size.backlog); err != nil {
		return 0, err
	}
	o, err = b.serve(ctx, redis, account{"sms", "sms", "http://127.0.0.1:9", never})
	if err != nil {
		return 0, err
	}
	defer o.program.kill()
	defer b.profile(ctx, o, "T6", 2*time.Second)()
	var from time.Time
	already := 0
	_, err = o.until(ctx, b.stages.run, func(r runView) bool {
		n := r.Counts["answered"]
		if from.IsZero() && n > 0 {
			from, already = time.Now(), n
		}
		return n >= b.size.backlog
	})
	return float64(b.size.backlog-already) / time.Since(from).Seconds(), err
}

// replyUnheard puts replies on the logs, as the webhooks do.
func (o *ours) replyUnheard(ctx context.Context, n int) error {
	st, err := o.store(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	now, texts := time.Now(), replyTexts()
	var failed error
	err = o.append(ctx, st, n, func(i int) (string, record.Envelope) {
		sid := fmt.Sprintf("SM%032x", i)
		p, err := record.FromProvider("sms", address.SMS, adapters.Event{Kind: adapters.Inbound, ID: sid, MessageID: sid, At: now,
			From: address.Address{Scheme: address.Tel, ID: load.Phone(i)}, Text: texts[i%len(texts)]}, now)
		if err != nil {
			failed = err
		}
		return p.ID, p.Envelope
	})
	if err == nil {
		err = failed
	}
	return err
}
