package smpp

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp/pdu"
)

// Listen keeps a session with the centre until ctx ends: it connects, binds, and connects again where the session breaks,
// later and later as long as that does not help. At the end it waits for the answers that are out, and unbinds.
func (a *Adapter) Listen(ctx context.Context, accept func(context.Context, []adapters.Event) error) error {
	in := newInbox(a, accept)
	working, end := context.WithCancel(context.WithoutCancel(ctx))
	var all sync.WaitGroup
	all.Go(func() { in.run(working) })
	defer all.Wait()
	defer end()
	for wait := a.pace.first; ; {
		began := time.Now() // how long a session held is no matter of what time it is
		why := a.session(ctx, in)
		a.set(nil, why)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Since(began) > 2*wait {
			wait = a.pace.first
		}
		pause := wait/2 + rand.N(wait/2+1)
		if why.Fault == adapters.Operator {
			pause = a.pace.refused // who hammers with a wrong password is locked out
		}
		if !rest(ctx, pause) {
			return ctx.Err()
		}
		wait = min(2*wait, a.pace.most)
	}
}

// rest waits; false where ctx ended first.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// session is one session from its beginning to its end; it tells why there is none any more.
func (a *Adapter) session(ctx context.Context, in *inbox) *adapters.Error {
	conn, err := a.dial(ctx)
	if err != nil {
		return &adapters.Error{Fault: adapters.Transient, Detail: "no connection to the centre", Err: err}
	}
	if why := a.bind(ctx, conn); why != nil {
		_ = conn.Close()
		return why
	}
	l := newLink(conn, a.window, a.idle, a.pace.answer, in, a.held)
	a.set(l, nil)
	return &adapters.Error{Fault: adapters.Transient, Detail: "the session with the centre broke", Err: l.run(ctx, func() { a.set(nil, nil) })}
}

func (a *Adapter) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: a.pace.answer}
	if a.tls == nil {
		return d.DialContext(ctx, "tcp", a.acc.Settings["address"])
	}
	return (&tls.Dialer{NetDialer: &d, Config: a.tls}).DialContext(ctx, "tcp", a.acc.Settings["address"])
}

// bind begins the session. Its request holds the password, and is never told of.
func (a *Adapter) bind(ctx context.Context, conn net.Conn) *adapters.Error {
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(a.pace.answer))
	who := pdu.Bind{SystemID: a.acc.Settings["system_id"], Password: a.acc.Settings["password"], SystemType: a.acc.Settings["system_type"]}
	if _, err := conn.Write(pdu.PDU{Command: pdu.BindTransceiver, Sequence: firstSequence, Body: who.Bytes()}.Bytes()); err != nil {
		return &adapters.Error{Fault: adapters.Transient, Detail: "the centre did not take the bind", Err: err}
	}
	p, err := pdu.Read(conn)
	switch {
	case err != nil:
		return &adapters.Error{Fault: adapters.Transient, Detail: "no answer to the bind", Err: err}
	case p.Status != pdu.OK:
		return a.refusal(p.Status)
	case p.Command != pdu.BindTransceiver.Answer() || p.Sequence != firstSequence:
		return &adapters.Error{Fault: adapters.Transient, Detail: "what answered the bind is no message centre"}
	}
	if !stop() { // the deadline of the end may have been set already
		return &adapters.Error{Fault: adapters.Transient, Detail: "stopped", Err: ctx.Err()}
	}
	_ = conn.SetDeadline(time.Time{})
	return nil
}

// set notes where the session stands.
func (a *Adapter) set(l *link, why *adapters.Error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.link, a.why = l, why
	close(a.changed)
	a.changed = make(chan struct{})
}

// bound waits for a session, though not long: the message is better off in its queue.
func (a *Adapter) bound(ctx context.Context) (*link, error) {
	timer := time.NewTimer(a.pace.patience)
	defer timer.Stop()
	for {
		a.mu.Lock()
		l, why, changed := a.link, a.why, a.changed
		a.mu.Unlock()
		switch {
		case ctx.Err() != nil:
			return nil, &adapters.Error{Fault: adapters.Transient, Detail: "gave up before sending", Err: ctx.Err()}
		case l != nil:
			return l, nil
		case why != nil && why.Fault == adapters.Operator:
			return nil, why
		}
		select {
		case <-changed:
		case <-ctx.Done():
		case <-timer.C:
			if why == nil {
				why = &adapters.Error{}
			}
			return nil, &adapters.Error{Fault: adapters.Transient, Code: why.Code, Detail: "there is no session with the centre", Err: errors.Unwrap(why)}
		}
	}
}
