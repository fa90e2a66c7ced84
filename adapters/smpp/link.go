package smpp

import (
	"bufio"
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp/pdu"
)

const (
	firstSequence = 1                // the bind's
	answerMost    = 60 * time.Second // an answer that has not come by then leaves its place in the window to another
	leaveMost     = 5 * time.Second  // for the answers that are out, at the end
)

// What ends a link, and what keeps a request from it.
var (
	errNotWritten = errors.New("the request did not leave")
	errSilent     = errors.New("the centre does not answer enquire_link")
	errUnbound    = errors.New("the centre ended the session")
	errLeft       = errors.New("the session was ended")
)

// link is one bound connection.
type link struct {
	conn   net.Conn
	in     *inbox
	idle   time.Duration // of silence, before the centre is asked whether it is there
	answer time.Duration // for writing, and for the answer to unbind
	slots  chan struct{} // the window: one for each request without an answer
	held   func() bool   // sending is stopped: nothing more enters the window

	writing sync.Mutex
	written uint64 // frames

	mu       sync.Mutex
	proved   uint64 // the last frame of ours that the centre has read for certain, for it has answered it
	sequence uint32
	waiting  map[uint32]*request
	handing  int       // messages of the centre that have no answer yet
	heard    time.Time // when the centre last sent anything
	leaving  bool      // nothing is asked any more
	landed   chan struct{}

	farewell chan pdu.PDU // the centre's unbind

	ending sync.Once
	ended  chan struct{}
	err    error     // why; there once ended is closed
	at     time.Time // when; likewise
}

// request is one that waits for its answer.
type request struct {
	answered chan pdu.PDU
	note     func(pdu.PDU) // told before anything else is read
	asked    time.Time
	frame    uint64 // which frame of ours it is
	forsaken bool   // nobody waits any more
	windowed bool   // it has a place in the window
}

func newLink(conn net.Conn, window int, idle, answer time.Duration, in *inbox, held func() bool) *link {
	return &link{conn: conn, in: in, idle: idle, answer: answer, slots: make(chan struct{}, window), held: held, sequence: firstSequence,
		waiting: map[uint32]*request{}, heard: time.Now(), landed: make(chan struct{}, 1), farewell: make(chan pdu.PDU, 1), ended: make(chan struct{})}
}

// run keeps the link until it breaks, or until ctx or the centre ends it and what is out has been answered; leaving is called
// then, first. It tells why it ended.
func (l *link) run(ctx context.Context, leaving func()) error {
	var all sync.WaitGroup
	all.Go(func() { l.end(l.read()) })
	all.Go(l.keepAlive)
	select {
	case <-ctx.Done():
		leaving()
		l.leave()
		l.end(errLeft)
	case p := <-l.farewell:
		leaving()
		l.settle()
		_, err := l.write(pdu.PDU{Command: pdu.Unbind.Answer(), Sequence: p.Sequence})
		l.end(errors.Join(errUnbound, err))
	case <-l.ended:
	}
	all.Wait()
	return l.err
}

// end closes the connection. Requests without an answer learn that they will have none.
func (l *link) end(why error) {
	l.ending.Do(func() {
		l.err, l.at = why, time.Now()
		_ = l.conn.Close()
		close(l.ended)
	})
}

// lost reports whether the link has broken shortly after a frame of ours, without a sign that the centre has read that: an
// answer to something that we asked later.
func (l *link) lost(frame uint64, at time.Time, shortly time.Duration) bool {
	select {
	case <-l.ended:
	default:
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.proved <= frame && l.at.Sub(at) <= shortly
}

// ask sends a request and waits for its answer. errNotWritten means that the centre has not got it: a frame that was not
// written whole is none. Any other error leaves open what became of it.
func (l *link) ask(ctx context.Context, c pdu.Command, body []byte, note func(pdu.PDU)) (pdu.PDU, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.ended:
		return pdu.PDU{}, errors.Join(errNotWritten, l.err)
	case <-ctx.Done():
		return pdu.PDU{}, errors.Join(errNotWritten, ctx.Err())
	}
	if l.held() { // it may have waited long for its place
		<-l.slots
		return pdu.PDU{}, errors.Join(errNotWritten, adapters.ErrHeld)
	}
	r := &request{answered: make(chan pdu.PDU, 1), note: note, asked: time.Now(), windowed: true}
	sequence, ok := l.expect(r)
	if !ok {
		<-l.slots
		return pdu.PDU{}, errors.Join(errNotWritten, errLeft)
	}
	if _, err := l.write(pdu.PDU{Command: c, Sequence: sequence, Body: body}); err != nil {
		return pdu.PDU{}, errors.Join(errNotWritten, err)
	}
	return l.await(ctx, r)
}

func (l *link) await(ctx context.Context, r *request) (pdu.PDU, error) {
	var err error
	select {
	case p := <-r.answered:
		return p, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-l.ended:
		err = l.err
	}
	l.mu.Lock()
	r.forsaken = true
	l.mu.Unlock()
	l.ring()
	select {
	case p := <-r.answered: // it came just then
		return p, nil
	default:
		return pdu.PDU{}, err
	}
}

// expect numbers a request; false where nothing is asked any more.
func (l *link) expect(r *request) (sequence uint32, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.leaving && r.windowed {
		return 0, false
	}
	for taken := true; taken; _, taken = l.waiting[l.sequence] {
		if l.sequence++; l.sequence > pdu.SequenceMost {
			l.sequence = 1
		}
	}
	l.waiting[l.sequence] = r
	return l.sequence, true
}

// write sends one frame, and numbers it. One that was not written whole ends the link, for nothing can follow it.
func (l *link) write(p pdu.PDU) (frame uint64, err error) {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.written++
	if !p.Command.Answers() {
		l.mu.Lock()
		if r := l.waiting[p.Sequence]; r != nil {
			r.frame = l.written
		}
		l.mu.Unlock()
	}
	_ = l.conn.SetWriteDeadline(time.Now().Add(l.answer))
	if _, err := l.conn.Write(p.Bytes()); err != nil {
		l.end(err)
		return l.written, err
	}
	return l.written, nil
}

// read reads until the link breaks.
func (l *link) read() error {
	r := bufio.NewReader(l.conn)
	for {
		p, err := pdu.Read(r)
		if err != nil {
			return err
		}
		l.mu.Lock()
		l.heard = time.Now()
		l.mu.Unlock()
		if err := l.handle(p); err != nil {
			return err
		}
	}
}

func (l *link) handle(p pdu.PDU) error {
	answer := pdu.PDU{Command: p.Command.Answer(), Sequence: p.Sequence}
	switch {
	case p.Command.Answers():
		l.land(p)
		return nil
	case p.Command == pdu.DeliverSM:
		return l.deliver(p)
	case p.Command == pdu.EnquireLink:
		_, err := l.write(answer)
		return err
	case p.Command == pdu.Unbind: // answered once the centre has answered what we had asked
		select {
		case l.farewell <- p:
		default: // it says so again
		}
		return nil
	case p.Command == alertNotification: // has no answer, and tells nothing that we asked for
		return nil
	}
	_, err := l.write(pdu.PDU{Command: pdu.GenericNack, Status: pdu.InvalidID, Sequence: p.Sequence})
	return err
}

const alertNotification pdu.Command = 0x102

// land gives an answer to who waits for it. One that nobody waits for any more makes room in the window all the same.
func (l *link) land(p pdu.PDU) {
	l.mu.Lock()
	r := l.waiting[p.Sequence]
	delete(l.waiting, p.Sequence)
	if r != nil {
		l.proved = max(l.proved, r.frame)
	}
	l.mu.Unlock()
	if r == nil {
		return
	}
	r.note(p)
	r.answered <- p
	l.free(r)
}

func (l *link) free(r *request) {
	if r.windowed {
		<-l.slots
	}
	l.ring()
}

func (l *link) ring() {
	select {
	case l.landed <- struct{}{}:
	default:
	}
}

// deliver hands a message of the centre's over. Where too many wait already, the centre is asked for patience.
func (l *link) deliver(p pdu.PDU) error {
	l.mu.Lock()
	l.handing++
	l.mu.Unlock()
	d := delivery{body: p.Body, link: l, answer: func(s pdu.Status) uint64 {
		answer := pdu.PDU{Command: pdu.DeliverSM.Answer(), Status: s, Sequence: p.Sequence}
		if s == pdu.OK {
			answer.Body = pdu.MessageIDBody("")
		}
		frame, _ := l.write(answer) // where it gets lost, the centre delivers again
		l.mu.Lock()
		l.handing--
		l.mu.Unlock()
		l.ring()
		return frame
	}}
	if !l.in.put(d) {
		d.answer(pdu.QueueFull)
	}
	return nil
}

// keepAlive asks after the centre in silence, and ends the link where there is no answer.
func (l *link) keepAlive() {
	tick := time.NewTicker(l.idle / 4)
	defer tick.Stop()
	asked := false
	for {
		select {
		case <-l.ended:
			return
		case <-tick.C:
		}
		switch silent := l.silence(); {
		case silent >= 2*l.idle:
			l.end(errSilent)
			return
		case silent < l.idle:
			asked = false
		case !asked:
			asked = true
			if sequence, ok := l.expect(&request{answered: make(chan pdu.PDU, 1), note: func(pdu.PDU) {}, asked: time.Now(), forsaken: true}); ok {
				_, _ = l.write(pdu.PDU{Command: pdu.EnquireLink, Sequence: sequence}) // ends the link where it fails
			}
		}
		l.expire()
	}
}

func (l *link) silence() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.heard)
}

// expire gives up on answers that nobody waits for and that do not come.
func (l *link) expire() {
	l.mu.Lock()
	var old []*request
	for sequence, r := range l.waiting {
		if r.forsaken && time.Since(r.asked) > answerMost {
			old = append(old, r)
			delete(l.waiting, sequence)
		}
	}
	l.mu.Unlock()
	for _, r := range old {
		l.free(r)
	}
}

// leave waits for the answers that are out, and unbinds.
func (l *link) leave() {
	l.settle()
	r := &request{answered: make(chan pdu.PDU, 1), note: func(pdu.PDU) {}, asked: time.Now()}
	sequence, _ := l.expect(r)
	if _, err := l.write(pdu.PDU{Command: pdu.Unbind, Sequence: sequence}); err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), min(l.answer, leaveMost/2))
	defer cancel()
	_, _ = l.await(ctx, r)
}

// settle waits for the answers that are out, on both sides; nothing is asked any more.
func (l *link) settle() {
	l.mu.Lock()
	l.leaving = true
	l.mu.Unlock()
	timer := time.NewTimer(leaveMost)
	defer timer.Stop()
	for waits := true; waits && l.busy(); {
		select {
		case <-l.landed:
		case <-l.ended:
			return
		case <-timer.C:
			waits = false
		}
	}
}

// busy reports whether answers are out that somebody waits for.
func (l *link) busy() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.waiting {
		if !r.forsaken {
			return true
		}
	}
	return l.handing > 0
}
