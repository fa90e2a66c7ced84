package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
)

// customer is a simulated person with a phone. They answer what they are asked, mostly, and say what people say.
type customer struct {
	n       int
	account int // by which they are reached, and write
	crowd   *crowd
	rng     *rand.Rand
	asked   chan string   // texts that have come
	known   chan struct{} // closed once the shop has told the gateway of them
	last    string        // the last question
	stopped bool          // they have opted out, and not come back

	mu     sync.Mutex
	person Person
}

// crowd is all customers, and the providers that they write through.
type crowd struct {
	providers [accounts]*fake.Twilio
	all       []*customer
	byPhone   map[string]*customer
	receipts  chan struct{} // bounds how many receipts are on their way at once
	seed      uint64
	pace      pace
	acked     *tally
	odd       *oddities

	quiet   chan struct{} // closed: nobody begins anything any more
	writing sync.WaitGroup
	telling atomic.Int64 // messages whose receipts are on their way
}

func newCrowd(n int, seed uint64, p pace, odd *oddities) *crowd {
	c := &crowd{byPhone: map[string]*customer{}, receipts: make(chan struct{}, 16), quiet: make(chan struct{}), seed: seed, pace: p, acked: &tally{}, odd: odd}
	for i := range n {
		x := &customer{n: i, account: accountOf(i % groups), crowd: c, rng: rand.New(rand.NewPCG(seed, uint64(i))), asked: make(chan string, unreadMost), known: make(chan struct{})}
		x.person.Phone, x.person.Group = fmt.Sprintf("+8490%07d", 1000000+i), fmt.Sprint(i%groups)
		x.person.Blind = x.account == blind
		c.all = append(c.all, x)
		c.byPhone[x.person.Phone] = x
	}
	return c
}

// unreadMost is how many unread messages a phone shows.
const unreadMost = 64

// taken shows a message on its phone, and lets the provider tell what became of it.
func (c *crowd) taken(ctx context.Context, account int, m fake.Message) {
	x := c.byPhone[m.To]
	if x == nil {
		c.odd.say("a message went to %s, whom nobody knows", m.To)
		return
	}
	if x.account != account {
		c.odd.say("a message of account %d's came to %s, who is account %d's", account, m.To, x.account)
		return
	}
	x.mu.Lock()
	x.person.Got = append(x.person.Got, Got{SID: m.SID, Message: m.Ours, Text: m.Body, Asked: m.Asked, Taken: m.Created})
	n := len(x.person.Got)
	x.mu.Unlock()
	select {
	case x.asked <- m.Body:
	default: // a phone with so many unread messages is the oracle's business
	}
	c.telling.Add(1)
	go func() {
		defer c.telling.Add(-1)
		x.tell(ctx, m, newDice(c.seed, fmt.Sprintf("receipts of %d.%d", x.n, n)))
	}()
}

// live lets all customers live until hush.
func (c *crowd) live(ctx context.Context) {
	for _, x := range c.all {
		c.writing.Go(func() { x.live(ctx) })
	}
}

// met waits until the gateway knows everybody.
func (c *crowd) met(ctx context.Context) error {
	for _, x := range c.all {
		select {
		case <-x.known:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// hush ends the crowd: what is under way is finished.
func (c *crowd) hush() {
	close(c.quiet)
	c.writing.Wait()
}

// moods of customers, between what they are told and what they say.
const (
	answersWithin = 400 * time.Millisecond
	thinksMost    = 12 * time.Second // who puts an answer off
	comesBack     = 6 * time.Second  // at the latest, who comes back at all
)

func (x *customer) live(ctx context.Context) {
	select {
	case <-x.known:
	case <-x.crowd.quiet:
		return
	}
	for {
		unasked := time.NewTimer(time.Duration(x.rng.ExpFloat64() * float64(x.crowd.pace.writes)))
		select {
		case <-x.crowd.quiet:
			unasked.Stop()
			return
		case <-ctx.Done():
			unasked.Stop()
			return
		case text := <-x.asked:
			unasked.Stop()
			x.react(ctx, text)
		case <-unasked.C:
			x.write(ctx, x.unasked())
		}
	}
}

// react is what they do about a text.
func (x *customer) react(ctx context.Context, text string) {
	q := questionIn(text)
	if q == "" {
		if x.stopped && x.rng.Float64() < 0.8 && x.pause(time.Duration(x.rng.Float64()*float64(comesBack))) {
			x.stopped = false
			x.write(ctx, "DK")
		}
		return
	}
	x.last = q
	most := answersWithin
	if x.rng.Float64() < 0.1 {
		most = thinksMost
	}
	if x.pause(time.Duration(x.rng.Float64() * float64(most))) {
		x.write(ctx, x.answer(q))
	}
}

// pause waits; false: the crowd is quiet.
func (x *customer) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-x.crowd.quiet:
		return false
	}
}

// questions are told by a part of their text, in either language.
func questions() map[string][]string {
	return map[string][]string{
		"style":  {"phong cách", "Which style"},
		"budget": {"Ngân sách", "would you spend"},
		"size":   {"mặc cỡ", "your size"},
		"why":    {"đổi trả", "How was the return"},
	}
}

func questionIn(text string) string {
	for q, signs := range questions() {
		for _, s := range signs {
			if strings.Contains(text, s) {
				return q
			}
		}
	}
	return ""
}

func (x *customer) one(of ...string) string { return of[x.rng.IntN(len(of))] }

func (x *customer) answer(q string) string {
	switch c := x.rng.Float64(); {
	case c < 0.05:
		x.stopped = true
		return x.one("STOP", "TC", "tu choi", "đừng nhắn nữa", "thôi không nhận tin nữa nhé", "unsubscribe")
	case c < 0.12:
		return x.one("hả?", "là sao ạ", "ai đó?", "what?", "😀", "hmm để coi")
	case c < 0.15:
		return x.one("không nói đâu", "bỏ qua", "skip")
	}
	switch q {
	case "style":
		return x.one("1", "2", "dạ 2 nha", "công sở", "thể thao ạ", "Office", "năng động nha shop", "cong so", "số 2")
	case "budget":
		return x.one("tầm 600k", "500k", "1 triệu", "khoảng 300k thôi", "800 ngàn", "1tr5")
	case "size":
		return x.one("S", "m", "L", "cỡ M ạ", "1", "3", "size s")
	}
	return x.one("5", "4", "3 điểm", "5 nha", "1")
}

// unasked is what they write on their own: a late answer, a question, something for nobody.
func (x *customer) unasked() string {
	if x.last != "" && x.rng.Float64() < 0.5 {
		return x.answer(x.last)
	}
	return x.one("shop ơi mấy giờ mở cửa?", "help", "còn hàng không ạ", "cảm ơn shop", "ok", "cho gặp nhân viên")
}

// write sends a message and does not give up before it is acknowledged: a provider does not either. Now and then the
// provider says things twice, at once or later.
func (x *customer) write(ctx context.Context, text string) {
	x.mu.Lock()
	i := len(x.person.Wrote)
	in := fake.Inbound{From: x.person.Phone, Body: text, SID: fmt.Sprintf("SM%016x%016x", x.n, i)}
	x.person.Wrote = append(x.person.Wrote, Wrote{SID: in.SID, Text: text})
	x.mu.Unlock()
	if x.rng.Float64() < 0.05 { // twice at the same time
		x.crowd.writing.Go(func() { x.deliver(ctx, in, i) })
	}
	for !x.deliver(ctx, in, i) {
		if !wait(ctx, 50*time.Millisecond+time.Duration(x.rng.Int64N(int64(150*time.Millisecond)))) {
			return
		}
	}
	switch c := x.rng.Float64(); {
	case c < 0.10:
		x.deliver(ctx, in, i) // the answer came too late for the provider
	case c < 0.15 && i > 0: // an old one comes again, behind what was written since
		x.mu.Lock()
		old := x.person.Wrote[x.rng.IntN(i)]
		x.mu.Unlock()
		x.deliver(ctx, fake.Inbound{From: in.From, Body: old.Text, SID: old.SID}, -1)
	}
}

// deliver makes one webhook call and reports whether it was acknowledged.
func (x *customer) deliver(ctx context.Context, in fake.Inbound, i int) bool {
	res, err := x.crowd.providers[x.account].Deliver(ctx, in)
	acked := err == nil && res.StatusCode/100 == 2
	if acked {
		x.crowd.acked.count()
	}
	if err == nil && !acked && res.StatusCode != http.StatusServiceUnavailable {
		x.crowd.odd.say("a message was answered with HTTP %d", res.StatusCode)
	}
	if i < 0 {
		return acked
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	w := &x.person.Wrote[i]
	w.Calls++
	if acked && w.Acked.IsZero() {
		w.Acked = time.Now()
	}
	return acked
}

// tell tells the gateway what became of a message: in order, out of order, more than once.
func (x *customer) tell(ctx context.Context, m fake.Message, d *dice) {
	orders := [][]string{{"sent", "delivered"}, {"sent", "delivered"}, {"delivered", "sent"}, {"sent", "sent", "delivered"}, {"delivered", "sent", "delivered"}, {"delivered"}}
	for _, status := range orders[d.below(len(orders))] {
		for !x.tellOnce(ctx, m, status) {
			if !wait(ctx, 100*time.Millisecond+d.within(300*time.Millisecond)) {
				return
			}
		}
		x.mu.Lock()
		x.person.Told = append(x.person.Told, Receipt{Message: m.Ours, Status: status, Acked: time.Now()})
		x.mu.Unlock()
	}
}

func (x *customer) tellOnce(ctx context.Context, m fake.Message, status string) bool {
	select {
	case x.crowd.receipts <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	defer func() { <-x.crowd.receipts }()
	res, err := x.crowd.providers[x.account].Status(ctx, m.SID, status, 0)
	if err == nil && res.StatusCode/100 != 2 && res.StatusCode != http.StatusServiceUnavailable {
		x.crowd.odd.say("a receipt was answered with HTTP %d", res.StatusCode)
	}
	if err != nil || res.StatusCode/100 != 2 {
		return false
	}
	x.crowd.acked.count()
	return true
}

// seen is what is known of the customer by now.
func (x *customer) seen() *Person {
	x.mu.Lock()
	defer x.mu.Unlock()
	p := x.person
	p.Wrote, p.Got = append([]Wrote(nil), p.Wrote...), append([]Got(nil), p.Got...)
	p.Posted, p.Told = append([]string(nil), p.Posted...), append([]Receipt(nil), p.Told...)
	return &p
}

// oddities are answers that nobody should ever get.
type oddities struct {
	mu   sync.Mutex
	said map[string]int
}

func (o *oddities) say(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.said == nil {
		o.said = map[string]int{}
	}
	o.said[fmt.Sprintf(format, args...)]++
}

func (o *oddities) list() (out []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for s, n := range o.said {
		out = append(out, fmt.Sprintf("%s (%d times)", s, n))
	}
	return out
}
