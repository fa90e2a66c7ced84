package chaos

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// pace is how much life there is in a run. All follows from the customers' number and, where one is wanted, the load.
type pace struct {
	load   float64       // acknowledgements a second that are kept up; 0: as many as there happen to be
	cycle  time.Duration // between two runs of the same campaign
	writes time.Duration // about how often each customer writes unasked
	rate   int           // messages a second that the account may send
	kept   int           // messages that the provider remembers; 0: all
}

// What a load is made of. The rest of it are conversations that events begin, as many as are missing.
const (
	ofRuns       = 0.3 // the share that campaigns' runs bring about
	ofUnasked    = 0.1 // and what customers write on their own
	conversation = 6.5 // about how many acknowledgements a question leads to: the answer, and receipts of both messages
	remembers    = 50_000
)

// paceOf is the pace of a run. With a load the customers' lives are as quiet as their number allows.
func paceOf(o Options) pace {
	p := pace{cycle: o.Cycle, writes: 25 * time.Second, rate: 200}
	if o.Load == 0 {
		return p
	}
	each := float64(o.People) / o.Load // seconds between two acknowledgements of the same customer
	p.load, p.kept = o.Load, remembers
	p.cycle = time.Duration(2 * conversation * each / ofRuns * float64(time.Second)) // two campaigns ask everybody once a cycle
	p.writes = time.Duration(each / ofUnasked * float64(time.Second))
	p.rate = max(p.rate, int(o.Load/2)) // a conversation has two messages: a run is spread over some while, and answers overtake it
	return p
}

// tally counts the calls that were acknowledged. It is safe for concurrent use.
type tally struct{ n atomic.Int64 }

func (t *tally) count() { t.n.Add(1) }

// governor keeps a load up: it says how many conversations a second are to be begun.
type governor struct {
	wanted float64 // acknowledgements a second
	begun  float64 // conversations a second
}

// steer takes what was acknowledged per second of late. It makes up for a part of what is missing: a conversation takes
// some seconds, and more at once would swing.
func (g *governor) steer(measured float64) {
	g.begun = min(max(0, g.begun+0.3*(g.wanted-measured)/conversation), g.wanted)
}

// steerEvery is longer than most conversations take.
const steerEvery = 5 * time.Second

// posters is how many events are told of at once.
const posters = 16

// keepUp begins conversations at even distances, with one customer after the other, so that the load is kept up.
func (s *shop) keepUp(ctx context.Context) {
	turns := make(chan int)
	defer close(turns)
	for range posters {
		s.work.Go(func() {
			for n := range turns {
				s.tellOf(ctx, n, s.crowd.all[n%len(s.crowd.all)])
			}
		})
	}
	g := governor{wanted: s.pace.load, begun: s.pace.load * (1 - ofRuns - ofUnasked) / conversation}
	since, before := time.Now(), s.acked.n.Load()
	owed, last := 0.0, since
	for n := 0; s.rest(ctx, 10*time.Millisecond); {
		now := time.Now()
		if d := now.Sub(since); d >= steerEvery {
			after := s.acked.n.Load()
			g.steer(float64(after-before) / d.Seconds())
			since, before = now, after
		}
		owed = min(owed+g.begun*now.Sub(last).Seconds(), max(1, g.begun)) // what could not be begun for a second is let go
		last = now
		for ; owed >= 1; owed-- {
			select {
			case turns <- n:
				n++
			case <-s.quiet:
				return
			}
		}
	}
}

// tellOf tells of a customer's returned order, once at least.
func (s *shop) tellOf(ctx context.Context, n int, x *customer) {
	select {
	case <-x.known:
	default:
		return
	}
	id := fmt.Sprint("ev-", n)
	body := map[string]any{"id": id, "type": returnedBy(x.account), "address": "tel:" + x.person.Phone, "data": map[string]any{"sku": "A1"}}
	if !s.until(ctx, http.MethodPost, "/events", "", body, nil) {
		return
	}
	x.mu.Lock()
	x.person.Posted = append(x.person.Posted, id)
	x.mu.Unlock()
	if n%7 == 0 {
		s.call(ctx, http.MethodPost, "/events", "", body, nil) // whoever posts it is not sure either
	}
}
