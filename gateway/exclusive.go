package gateway

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/store"
)

const (
	askFor       = time.Second      // how long one look at Redis waits for questions and for answers
	askMost      = 90 * time.Second // no question takes longer, whatever the adapter says
	withdrawMost = 2 * time.Second  // for taking a question back when its time is over
	sayMost      = 5 * time.Second  // for telling an answer
)

// exclusive is an adapter whose provider allows one session for all replicas. One of them owns it, by a lease, and listens;
// the others hand their messages to it through Redis, and wait for what became of them. A message that the owner has
// taken and does not answer for (it died, or its answer was lost) is unknown; one that it never took surely did not leave. While
// sending is stopped the owner hands on nothing, whenever it was asked: see adapters.ErrHeld.
//
// Of the adapter's optional powers only Listener and Prober are passed on.
type exclusive struct {
	adapters.Adapter
	account string
	replica string // this one's name
	held    func() bool
	log     *slog.Logger
	store   *store.Store // there from Start on

	mu        sync.Mutex
	owner     bool
	abandoned bool // nothing is given back, as after a crash
	waiting   map[string]chan told
}

// question is a message for the session's owner.
type question struct {
	ID      string           `json:"id"`
	Replica string           `json:"replica"`
	Within  time.Duration    `json:"within"` // from when it is taken
	Message adapters.Message `json:"message"`
}

// told is what became of it.
type told struct {
	ID     string         `json:"id"`
	Sent   adapters.Sent  `json:"sent"`
	Failed bool           `json:"failed,omitempty"`
	Fault  adapters.Fault `json:"fault,omitempty"`
	After  time.Time      `json:"after,omitzero"`
	Code   string         `json:"code,omitempty"`
	Detail string         `json:"detail,omitempty"`
	Held   bool           `json:"held,omitempty"` // sending is stopped: nothing was tried
}

// shared wraps the adapter of an account with one session for all replicas; held says whether sending is stopped.
func shared(a adapters.Adapter, account string, held func() bool, log *slog.Logger) *exclusive {
	return &exclusive{Adapter: a, account: account, replica: rand.Text(), held: held, log: log, waiting: map[string]chan told{}}
}

// Send sends by the session where it is ours, else through its owner.
func (x *exclusive) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if x.owns() {
		return x.Adapter.Send(ctx, m)
	}
	return x.relay(ctx, m)
}

// Probe asks the adapter where the session is ours; elsewhere it is another replica that knows.
func (x *exclusive) Probe(ctx context.Context) (adapters.Health, error) {
	p, ok := x.Adapter.(adapters.Prober)
	if !ok || !x.owns() {
		return adapters.Health{OK: true, Detail: "another replica keeps the session"}, nil
	}
	return p.Probe(ctx)
}

func (x *exclusive) owns() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.owner
}

func (x *exclusive) own(is bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.owner = is
}

// abandon has the session's lease run out, as a crash would.
func (x *exclusive) abandon() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.abandoned = true
}

// relay hands a message to the session's owner and waits for what became of it.
func (x *exclusive) relay(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	ctx, cancel := context.WithTimeout(ctx, askMost)
	defer cancel()
	end, _ := ctx.Deadline()
	q := question{ID: rand.Text(), Replica: x.replica, Within: time.Until(end), Message: m}
	body, err := json.Marshal(q)
	if err != nil {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.BadMessage, Detail: "the message cannot be handed on"}
	}
	if q.Within < time.Millisecond {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Transient, Detail: "gave up before sending", Err: ctx.Err()}
	}
	answer := x.expect(q.ID)
	defer x.forget(q.ID)
	if err := x.store.Ask(ctx, x.account, q.ID, body, q.Within); err != nil {
		return x.withdraw(ctx, q.ID, answer, err)
	}
	select {
	case t := <-answer:
		return t.result()
	case <-ctx.Done():
		return x.withdraw(ctx, q.ID, answer, ctx.Err())
	}
}

// withdraw takes a question back whose time is over: where the owner has not taken it, it surely did not leave.
func (x *exclusive) withdraw(ctx context.Context, id string, answer chan told, why error) (adapters.Sent, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), withdrawMost)
	defer cancel()
	back, err := x.store.Withdraw(ctx, x.account, id)
	switch {
	case err == nil && back:
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Transient, Detail: "no replica with the session took it", Err: why}
	case len(answer) > 0: // it came just then
		return (<-answer).result()
	}
	return adapters.Sent{}, errors.Join(errors.New("the replica with the session has not said what became of it"), why, err)
}

func (x *exclusive) expect(id string) chan told {
	answer := make(chan told, 1)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.waiting[id] = answer
	return answer
}

func (x *exclusive) forget(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.waiting, id)
}

// result is what Send says.
func (t told) result() (adapters.Sent, error) {
	if !t.Failed {
		return t.Sent, nil
	}
	e := &adapters.Error{Fault: t.Fault, After: t.After, Code: t.Code, Detail: t.Detail}
	if t.Held {
		e.Err = adapters.ErrHeld
	}
	return adapters.Sent{}, e
}

// tell is what becomes of Send's words on their way to another replica.
func tell(id string, s adapters.Sent, err error) told {
	t := told{ID: id, Sent: s, Failed: err != nil, Held: errors.Is(err, adapters.ErrHeld)}
	var e *adapters.Error
	switch {
	case errors.As(err, &e):
		t.Fault, t.After, t.Code, t.Detail = e.Fault, e.After, e.Code, e.Detail
	case err != nil:
		t.Detail = "no answer from the provider"
	}
	return t
}

// Listen keeps the session for as long as it is ours, tries to get it while it is not, and reads what owners answer.
func (x *exclusive) Listen(ctx context.Context, accept func(context.Context, []adapters.Event) error) error {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { x.hear(ctx) })
	for ctx.Err() == nil {
		ours, ok, free, err := x.store.AcquireSession(ctx, x.account, x.replica)
		if err == nil && ok {
			x.keep(ctx, ours, accept)
			free = x.store.LeaseTTL() // where it was lost, others go first
		}
		if err != nil {
			free = x.store.LeaseTTL()
		}
		rest(ctx, min(free, x.store.LeaseTTL()/4))
	}
	return ctx.Err()
}

func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// keep lets the adapter listen and sends for the others, until ctx ends or the lease is lost.
func (x *exclusive) keep(ctx context.Context, ours store.Session, accept func(context.Context, []adapters.Event) error) {
	mine, lost := context.WithCancel(ctx)
	defer lost()
	x.log.Info("this replica keeps the account's session", "account", x.account)
	x.own(true)
	var all sync.WaitGroup
	all.Go(func() {
		err := x.Adapter.(adapters.Listener).Listen(mine, accept)
		if mine.Err() == nil {
			x.log.Error("the account stopped listening", "account", x.account, "error", err)
			lost()
		}
	})
	all.Go(func() { x.serve(mine) })
	x.renew(mine, ours)
	lost()
	x.own(false)
	all.Wait()
	x.giveBack(ctx, ours)
}

// renew keeps the lease alive; it returns when that is lost, or may be.
func (x *exclusive) renew(ctx context.Context, ours store.Session) {
	ttl, good := x.store.LeaseTTL(), time.Now() // leases run by monotonic clocks
	for time.Since(good) < ttl*3/4 {
		rest(ctx, ttl/4)
		if ctx.Err() != nil {
			return
		}
		asked := time.Now()
		call, cancel := context.WithTimeout(ctx, ttl/2)
		kept, err := x.store.RenewSession(call, ours)
		cancel()
		switch {
		case err == nil && !kept:
			x.log.Warn("another replica has taken the account's session", "account", x.account)
			return
		case err == nil:
			good = asked
		}
	}
	x.log.Warn("the account's session is given up: its lease could not be renewed", "account", x.account)
}

func (x *exclusive) giveBack(ctx context.Context, ours store.Session) {
	x.mu.Lock()
	abandoned := x.abandoned
	x.mu.Unlock()
	if abandoned {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), withdrawMost)
	defer cancel()
	if err := x.store.ReleaseSession(ctx, ours); err != nil {
		x.log.Warn("the account's session could not be given back, and runs out", "account", x.account, "error", err)
	}
}

// serve sends what other replicas ask for. No more is taken than the session takes at once: the rest waits where it can be
// withdrawn.
func (x *exclusive) serve(ctx context.Context) {
	room := make(chan struct{}, max(1, x.Capabilities().InFlight))
	var all sync.WaitGroup
	defer all.Wait()
	for {
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
			return
		}
		q, ok := x.asked(ctx)
		if !ok {
			<-room
			continue
		}
		all.Go(func() {
			defer func() { <-room }()
			x.send(ctx, q)
		})
	}
}

// asked waits a while for a question.
func (x *exclusive) asked(ctx context.Context) (q question, ok bool) {
	body, err := x.store.Asked(ctx, x.account, askFor)
	if err != nil && ctx.Err() == nil {
		rest(ctx, askFor)
	}
	if err != nil || body == nil {
		return q, false
	}
	if err := json.Unmarshal(body, &q); err != nil {
		x.log.Error("a replica asks for something that cannot be read: are all of the same version?", "account", x.account)
		return q, false
	}
	return q, true
}

func (x *exclusive) send(ctx context.Context, q question) {
	ctx = context.WithoutCancel(ctx) // what is under way is waited for
	sending, cancel := context.WithTimeout(ctx, min(q.Within, askMost))
	sent, err := x.handOn(sending, q.Message)
	cancel()
	body, err := json.Marshal(tell(q.ID, sent, err))
	if err == nil {
		telling, cancel := context.WithTimeout(ctx, sayMost)
		defer cancel()
		err = x.store.Answer(telling, x.account, q.Replica, body)
	}
	if err != nil {
		x.log.Warn("a replica does not learn what became of its message", "account", x.account, "message", q.Message.ID, "error", err)
	}
}

// handOn sends another replica's message, unless sending was stopped while it waited here.
func (x *exclusive) handOn(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if x.held() {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Transient, Detail: "sending is stopped", Err: adapters.ErrHeld}
	}
	return x.Adapter.Send(ctx, m)
}

// hear reads what owners answer, until ctx ends.
func (x *exclusive) hear(ctx context.Context) {
	for ctx.Err() == nil {
		body, err := x.store.Answers(ctx, x.account, x.replica, askFor)
		if err != nil {
			rest(ctx, askFor)
			continue
		}
		var t told
		if body == nil || json.Unmarshal(body, &t) != nil {
			continue
		}
		x.mu.Lock()
		answer := x.waiting[t.ID]
		delete(x.waiting, t.ID)
		x.mu.Unlock()
		if answer != nil {
			answer <- t
		}
	}
}
