package load

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Watch pairs what customers wrote with what came back to them.
type Watch struct {
	open     []atomic.Int64 // by customer: when their open message was due, Unix nanoseconds; 0: none
	answered atomic.Int64
	last     atomic.Int64 // when the last answer came
	warm     atomic.Int64 // messages due before this are not timed
	took     atomic.Pointer[Times]
}

// NewWatch watches the first n customers.
func NewWatch(n int) *Watch {
	w := &Watch{open: make([]atomic.Int64, n)}
	w.took.Store(&Times{})
	return w
}

func (w *Watch) wrote(i int, at time.Time) { w.open[i].Store(at.UnixNano()) }

func (w *Watch) arrived(phone string, at time.Time) {
	i, ok := customer(phone)
	if !ok || i >= len(w.open) {
		return
	}
	began := w.open[i].Swap(0)
	if began == 0 {
		return
	}
	w.last.Store(at.UnixNano())
	if began >= w.warm.Load() {
		w.took.Load().Add(time.Duration(at.UnixNano() - began))
	}
	w.answered.Add(1)
}

// Volley is what customers write: each of them once.
type Volley struct {
	To    Webhook
	First int      // the first customer who writes
	N     int      // how many do
	Texts []string // what, in turn
	Conns int      // connections: how many wait for an answer at once
	Rate  float64  // messages a second, whether or not the earlier ones are answered; 0: as fast as they are
	Warm  time.Duration
	Watch *Watch        // waits for what comes back; may be nil
	Drain time.Duration // how long the last may take to come back
}

// Result is what came of a volley.
type Result struct {
	Acked    int           // webhooks answered with 2xx
	Refused  int           // with anything else
	Broken   int           // not answered
	Sending  time.Duration // until the last webhook was answered
	Ack      *Times
	Answered int           // messages that came back
	Took     *Times        // from when the message was due until the answer was at the provider's door; nil where nobody watched
	Whole    time.Duration // until the last of them was at the door
}

// AckRate is how many webhooks were acknowledged a second.
func (r Result) AckRate() float64 { return float64(r.Acked) / r.Sending.Seconds() }

// AnswerRate is how many replies were handled a second, to the provider's door, draining included.
func (r Result) AnswerRate() float64 { return float64(r.Answered) / r.Whole.Seconds() }

// Lost is how many acknowledged messages nothing came back for.
func (r Result) Lost() int { return max(0, r.Acked-r.Answered) }

// shooting is a volley under way.
type shooting struct {
	Volley
	salt                   uint64
	began                  time.Time
	next                   atomic.Int64
	acked, refused, broken atomic.Int64
	ack                    Times
}

// Fire posts the volley and waits for what comes back.
func (v Volley) Fire(ctx context.Context) (Result, error) {
	if err := v.To.prepare(); err != nil {
		return Result{}, err
	}
	s := &shooting{Volley: v, salt: rand.Uint64(), began: time.Now()}
	before := int64(0)
	if v.Watch != nil {
		v.Watch.took.Store(&Times{})
		v.Watch.warm.Store(s.began.Add(v.Warm).UnixNano())
		before = v.Watch.answered.Load()
	}
	var due chan time.Time
	if v.Rate > 0 {
		due = make(chan time.Time, v.N)
		go s.pace(ctx, due)
	}
	var conns sync.WaitGroup
	for range v.Conns {
		conns.Go(func() { s.connection(ctx, due) })
	}
	conns.Wait()
	r := Result{Acked: int(s.acked.Load()), Refused: int(s.refused.Load()), Broken: int(s.broken.Load()), Sending: time.Since(s.began), Ack: &s.ack}
	if v.Watch != nil {
		r.Took = v.Watch.took.Load()
		r.Answered = s.drain(ctx, before, r.Acked)
		r.Whole = time.Duration(v.Watch.last.Load() - s.began.UnixNano())
	}
	if r.Acked == 0 {
		return r, fmt.Errorf("no webhook at %s was acknowledged: %d refused, %d broken", v.To.URL, r.Refused, r.Broken)
	}
	return r, ctx.Err()
}

// pace says when each message is due.
func (s *shooting) pace(ctx context.Context, due chan<- time.Time) {
	defer close(due)
	for i := range s.N {
		at := s.began.Add(time.Duration(float64(i) / s.Rate * float64(time.Second)))
		if wait := time.Until(at); wait > 200*time.Microsecond {
			time.Sleep(wait)
		}
		if ctx.Err() != nil {
			return
		}
		due <- at
	}
}

// connection posts what is next, one after the other, on a connection of its own.
func (s *shooting) connection(ctx context.Context, due <-chan time.Time) {
	var c net.Conn
	var r *bufio.Reader
	defer func() {
		if c != nil {
			c.Close()
		}
	}()
	request, line := make([]byte, 0, 1500), make([]byte, 0, 128)
	for ctx.Err() == nil {
		at, ok := s.wait(due)
		if !ok {
			return
		}
		i := int(s.next.Add(1)) - 1
		if i >= s.N {
			return
		}
		if c == nil {
			var err error
			if c, err = net.Dial("tcp", s.To.host); err != nil {
				s.broken.Add(1)
				continue
			}
			r = bufio.NewReaderSize(c, 4096)
		}
		who := s.First + i
		request = s.To.request(request[:0], message{customer: who, id: s.salt + uint64(i), text: s.Texts[i%len(s.Texts)]})
		if s.Watch != nil {
			s.Watch.wrote(who, at)
		}
		status, closes, err := exchange(c, r, request, line)
		s.count(at, status, err)
		if closes {
			c.Close()
			c = nil
		}
	}
}

// wait is when the next message is due: now, unless somebody paces.
func (s *shooting) wait(due <-chan time.Time) (time.Time, bool) {
	if due == nil {
		return time.Now(), true
	}
	at, ok := <-due
	return at, ok
}

func (s *shooting) count(at time.Time, status int, err error) {
	switch {
	case err != nil:
		s.broken.Add(1)
	case status/100 != 2:
		s.refused.Add(1)
	default:
		s.acked.Add(1)
		if at.Sub(s.began) >= s.Warm {
			s.ack.Add(time.Since(at))
		}
	}
}

// drain waits for what is still on its way back.
func (s *shooting) drain(ctx context.Context, before int64, acked int) int {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(s.Drain)
	for {
		answered := int(s.Watch.answered.Load() - before)
		if answered >= acked {
			return answered
		}
		select {
		case <-tick.C:
		case <-limit:
			return answered
		case <-ctx.Done():
			return answered
		}
	}
}
