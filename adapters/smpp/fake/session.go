package fake

import (
	"context"
	"net"
	"sync"
)

// session is one connection.
type session struct {
	conn   net.Conn
	ctx    context.Context
	cancel context.CancelFunc
	gone   chan struct{}
	bound  bool // of the centre's lock
	frail  sync.Once

	mu      sync.Mutex
	next    uint32
	waiting map[uint32]chan uint32
}

func (x *session) cut() {
	x.frail.Do(func() {
		x.cancel()
		_ = x.conn.Close()
	})
}

func (x *session) send(f frame) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, err := x.conn.Write(f.bytes()); err != nil {
		x.cut()
	}
}

// ask sends a request; its answer's status comes by the channel.
func (x *session) ask(command uint32, body []byte) chan uint32 {
	answer := make(chan uint32, 1)
	x.mu.Lock()
	x.next++
	n := x.next
	x.waiting[n] = answer
	x.mu.Unlock()
	x.send(frame{command, 0, n, body})
	return answer
}

// serve reads from a connection until it ends.
func (s *SMSC) serve(conn net.Conn) {
	x := &session{conn: conn, gone: make(chan struct{}), waiting: map[uint32]chan uint32{}}
	x.ctx, x.cancel = context.WithCancel(context.Background())
	s.mu.Lock()
	s.sessions[x] = true
	s.mu.Unlock()
	for {
		f, err := readFrame(conn)
		if err != nil || !s.handle(x, f) {
			break
		}
	}
	x.cut()
	s.mu.Lock()
	delete(s.sessions, x)
	s.announce()
	s.mu.Unlock()
	close(x.gone)
}

// handle does what is asked; false ends the session.
func (s *SMSC) handle(x *session, f frame) bool {
	answer := frame{f.command | answerBit, 0, f.sequence, nil}
	switch f.command {
	case bindTransceiver:
		answer.status = s.bind(x, f.body)
		if answer.status == 0 {
			answer.body = []byte("SMSC\x00")
		}
		x.send(answer)
		if answer.status == 0 { // nothing is delivered before the bind's own answer
			s.mu.Lock()
			x.bound = true
			s.announce()
			s.mu.Unlock()
		}
		return answer.status == 0
	case enquireLink:
		x.send(answer)
	case unbind:
		x.send(answer)
		return false
	case submitSM:
		s.submitted(x, f, answer)
	case deliverSM | answerBit, enquireLink | answerBit, unbind | answerBit, genericNack:
		x.mu.Lock()
		waiting := x.waiting[f.sequence]
		delete(x.waiting, f.sequence)
		x.mu.Unlock()
		if waiting != nil {
			waiting <- f.status
		}
	default:
		x.send(frame{genericNack, 3, f.sequence, nil})
	}
	return true
}

func (s *SMSC) submitted(x *session, f, answer frame) {
	s.working.Go(func() {
		id, status, lost := s.submit(x.ctx, f.body)
		switch {
		case lost:
			x.cut()
			return
		case status == 0:
			answer.body = append([]byte(id), 0)
		}
		answer.status = status
		x.send(answer)
	})
}

// bind is the status that answers a bind.
func (s *SMSC) bind(x *session, body []byte) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.binds++
	texts, _, _, ok := fields(body, "sss111s")
	switch {
	case !ok:
		return 0x02
	case s.refuse != 0:
		return s.refuse
	case texts[0] != s.systemID:
		return 0x0F
	case texts[1] != s.password:
		return 0x0E
	case x.bound:
		return 0x05
	}
	for other := range s.sessions {
		if s.one && other.bound {
			return 0x05
		}
	}
	return 0
}
