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
				require.Equal(t, want, r.heard(id))
			})
		}
	}
}

// Two halves of the partitions take turns, the one being committed while the other is prepared.
func TestTheHalvesOfABacklogAreHandledOnceAndInOrder(t *testing.T) {
	t.Parallel()
	s := &turnstile{}
	var commits atomic.Int64
	var armed atomic.Bool
	r := newRig(t, withBatch(3), withIntercept(func(done bool, command string) error {
		if armed.Load() && strings.Contains(command, "evalsha") {
			if n := commits.Add(1); n%14 == 3 || n%14 == 10 {
				return errors.New("the answer is lost, or nobody has heard")
			}
		}
		return s.intercept(done, command)
	}))
	var people []string
	for i := range 16 {
		people = append(people, r.contact(fmt.Sprintf("+849012345%02d", i), fmt.Sprint("Khách ", i)))
	}
	s.close()
	want := map[string][]string{}
	for n := range 8 {
		for i, id := range people {
			text := fmt.Sprint("alo lan thu ", n, " co ai khong")
			r.reply(fmt.Sprintf("+849012345%02d", i), text)
			want[id] = append(want[id], text)
		}
	}
	armed.Store(true)
	s.open()
	r.until("everything is handled", func() bool {
		for key, value := range r.redis.Everything() {
			if strings.HasSuffix(key, ":log") && strings.Contains(value, "map[") {
				return false
			}
		}
		return true
	})
	armed.Store(false)
	for id, texts := range want {
		require.Equal(t, texts, r.heard(id))
	}
}

// heard is what a contact's ledger says that they wrote.
func (r *rig) heard(id string) (texts []string) {
	for _, e := range r.ledger(id) {
		if e.Kind == "message.received" {
			texts = append(texts, e.Text)
		}
	}
	return texts
}
