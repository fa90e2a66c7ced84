package gateway_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sender"
)

// withBatch has turns take no more than n events of a partition, so that few are a backlog.
func withBatch(n int) change {
	return func(r *rig) {
		tune := r.opts.Tune
		r.opts.Tune = func(e *engine.Options, s *sender.Options) { tune(e, s); e.Batch = n }
	}
}

// A backlog is read ahead of the turns that handle it. Whatever becomes of a turn, each event is handled once, and each
// contact's in their order: commits fail before and after they took effect, and an erasure wants a turn of its own.
func TestWhatIsReadAheadIsHandledOnceAndInOrder(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for _, batch := range []int{1, 3} {
			t.Run(fmt.Sprintf("a commit fails %s it took effect, turns of %d", map[bool]string{false: "before", true: "after"}[after], batch), func(t *testing.T) {
				t.Parallel()
				s := &turnstile{}
				var commits atomic.Int64
				var armed atomic.Bool
				r := newRig(t, func(r *rig) { r.opts.Redis.Partitions = 1 }, withBatch(batch), withIntercept(func(done bool, command string) error {
					if armed.Load() && done == after && strings.Contains(command, "evalsha") && commits.Add(1)%4 == 2 {
						return errors.New("the answer is lost")
					}
					return s.intercept(done, command)
				}))
				id := r.contact(lan, "Lan")
				r.contact(minh, "Minh")
				s.close()
				var want []string
				for i := range 20 {
					if i == 5 || i == 10 { // one asks, the other confirms
						r.reply(minh, "XOA DU LIEU")
					}
					text := fmt.Sprint("alo lan thu ", i, " co ai khong")
					r.reply(lan, text)
					want = append(want, text)
				}
				r.onTheLog(22)
				armed.Store(true)
				s.open()
				r.onTheLog(0)
				armed.Store(false)
				r.until("Minh is forgotten", func() bool { _, ok := r.byPhone(minh); return !ok })
				var got []string
				for _, e := range r.ledger(id) {
					if e.Kind == "message.received" {
						got = append(got, e.Text)
					}
				}
				require.Equal(t, want, got)
			})
		}
	}
}
