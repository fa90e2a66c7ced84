// Package fake is a message centre as SMPP 3.4 describes one: it takes binds and messages, shows texts on phones once all
// of their parts are there, tells receipts and replies, and does not believe anything that was not acknowledged.
package fake

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// shortCode is what customers write to.
const shortCode = "8041"

// answerWithin is how long the centre waits for an acknowledgement.
const answerWithin = 20 * time.Second

// SMSC is the centre. Its methods may be called concurrently.
type SMSC struct {
	*fakekit.Provider
	systemID, password string

	mu       sync.Mutex
	at       string // where it listens, once it has
	listener net.Listener
	sessions map[*session]bool
	refuse   uint32 // what binds are refused with; 0: they are not
	one      bool   // a second bind is refused
	binds    int
	changed  chan struct{} // closed and replaced with each bind and its end
	texts    map[string]*text
	submits  []Submit
	ref      byte
	working  sync.WaitGroup
}

// text is one text in parts, as a phone puts it together.
type text struct {
	parts map[byte][]byte
	total byte
	shown bool
}

// New makes a centre that knows one account.
func New(systemID, password string) *SMSC {
	status := func(codes ...int) (plays []fakekit.Play) {
		for _, c := range codes {
			plays = append(plays, fakekit.Play{Status: c})
		}
		return plays
	}
	return &SMSC{systemID: systemID, password: password, sessions: map[*session]bool{}, texts: map[string]*text{}, changed: make(chan struct{}),
		Provider: fakekit.New("", map[adapters.Fault][]fakekit.Play{
			adapters.Throttled:  status(0x58, 0x14),
			adapters.Transient:  status(0x08, 0x45),
			adapters.Recipient:  status(0x0B),
			adapters.BadMessage: status(0x01, 0x62, 0xC4),
			adapters.Operator:   status(0x0A, 0x48, 0x15),
		}, nil)}
}

// ServeHTTP hides the provider's handler: there is no HTTP here.
func (s *SMSC) ServeHTTP() {}

// Hook gives false: nothing comes by webhooks.
func (s *SMSC) Hook(adapters.Event) (adapters.Request, bool) { return adapters.Request{}, false }

// Start listens: on a free port at first, later where it listened before.
func (s *SMSC) Start() (string, error) {
	s.mu.Lock()
	at := s.at
	s.mu.Unlock()
	if at == "" {
		at = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", at)
	if err != nil {
		return "", err
	}
	return s.Serve(l), nil
}

// Serve takes sessions from l, and gives its address.
func (s *SMSC) Serve(l net.Listener) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener, s.at = l, l.Addr().String()
	s.working.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.working.Go(func() { s.serve(conn) })
		}
	})
	return s.at
}

// Stop ends the listening and cuts all sessions, with what is in flight; phones and texts stay. Start goes on.
func (s *SMSC) Stop() {
	s.mu.Lock()
	if s.listener != nil {
		_ = s.listener.Close()
	}
	for x := range s.sessions {
		x.cut()
	}
	s.mu.Unlock()
	s.working.Wait()
}

// Restart is what its operators do: the centre says goodbye to each session, answers what was asked until that is
// acknowledged, and listens anew.
func (s *SMSC) Restart(ctx context.Context) error {
	s.mu.Lock()
	_ = s.listener.Close()
	var leaving []*session
	for x := range s.sessions {
		leaving = append(leaving, x)
	}
	s.mu.Unlock()
	for _, x := range leaving {
		select {
		case <-x.ask(unbind, nil):
		case <-x.gone:
		case <-ctx.Done():
		}
	}
	s.Stop()
	_, err := s.Start()
	return errors.Join(ctx.Err(), err)
}

// Close ends the centre.
func (s *SMSC) Close() error {
	err := s.Provider.Close() // who is slow hurries up
	s.Stop()
	return err
}

// Cut cuts the sessions; the centre goes on listening.
func (s *SMSC) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for x := range s.sessions {
		x.cut()
	}
}

// Refuse lets all binds fail with a status from now on; 0 ends it.
func (s *SMSC) Refuse(status uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = status
}

// OneBind lets a second bind fail while there is a first.
func (s *SMSC) OneBind() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.one = true
}

// Binds counts the binds, those that were refused too; Bound the sessions that there are.
func (s *SMSC) Binds() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.binds
}

// Bound see Binds.
func (s *SMSC) Bound() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for x := range s.sessions {
		if x.bound {
			n++
		}
	}
	return n
}

// Submits are the messages that were taken.
func (s *SMSC) Submits() []Submit {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Submit(nil), s.submits...)
}

// Ready returns once there is a session.
func (s *SMSC) Ready(ctx context.Context) error {
	_, err := s.session(ctx)
	return err
}

func (s *SMSC) session(ctx context.Context) (*session, error) {
	for {
		s.mu.Lock()
		changed := s.changed
		for x := range s.sessions {
			if x.bound {
				s.mu.Unlock()
				return x, nil
			}
		}
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("nobody is bound: %w", ctx.Err())
		}
	}
}

// announce tells that sessions have changed; s.mu is held.
func (s *SMSC) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// submit takes a message: the id, or the status with which it is refused. lost says that nobody shall hear of it.
func (s *SMSC) submit(ctx context.Context, body []byte) (id string, status uint32, lost bool) {
	play, waited := s.Meet(ctx)
	if !waited {
		return "", 0, true
	}
	if play.Status != 0 {
		return "", uint32(play.Status), false
	}
	m, ok := readSubmit(body)
	if !ok {
		return "", 0x02, false
	}
	s.take(m)
	return strconv.FormatInt(s.Next(), 10), 0, play.Lost
}

func (s *SMSC) take(m Submit) {
	s.mu.Lock()
	s.submits = append(s.submits, m)
	octets, whole := m.Octets, true
	if m.Class&0x40 != 0 {
		octets, whole = s.part(m)
	}
	s.mu.Unlock()
	if whole {
		s.Show(adapters.Message{To: address.Address{Scheme: address.Tel, ID: "+" + m.To}, Text: shows(m.Coding, octets)})
	}
}

// part puts a part to its text, and gives that once it is whole. s.mu is held.
func (s *SMSC) part(m Submit) (octets []byte, whole bool) {
	if len(m.Octets) < 6 || string(m.Octets[:3]) != "\x05\x00\x03" {
		return m.Octets, true
	}
	key := m.To + "/" + strconv.Itoa(int(m.Octets[3])) + "/" + strconv.Itoa(int(m.Octets[4]))
	t := s.texts[key]
	if t == nil || t.shown && string(t.parts[m.Octets[5]]) != string(m.Octets[6:]) {
		t = &text{parts: map[byte][]byte{}, total: m.Octets[4]}
		s.texts[key] = t
	}
	t.parts[m.Octets[5]] = m.Octets[6:]
	if len(t.parts) < int(t.total) || t.shown {
		return nil, false
	}
	t.shown = true
	for n := byte(1); n <= t.total; n++ {
		octets = append(octets, t.parts[n]...)
	}
	return octets, true
}

// Tell tells an event in the session there is, and waits for the acknowledgement.
func (s *SMSC) Tell(ctx context.Context, e adapters.Event) error {
	number := strings.TrimPrefix(e.From.ID, "+")
	if e.Kind == adapters.Report {
		return s.Deliver(ctx, Receipt(number, e))
	}
	return s.Deliver(ctx, s.Typed(number, e.Text)...)
}

// Typed is a customer's text as the centre delivers it, in parts where it is long.
func (s *SMSC) Typed(number, typed string) []Deliver {
	coding, pieces := types(typed)
	d := Deliver{From: number, FromTON: 1, To: shortCode, Coding: coding}
	if len(pieces) == 1 {
		d.Octets = pieces[0]
		return []Deliver{d}
	}
	s.mu.Lock()
	s.ref++
	ref := s.ref
	s.mu.Unlock()
	var all []Deliver
	for i, p := range pieces {
		d.Class, d.Octets = 0x40, append([]byte{5, 0, 3, ref, byte(len(pieces)), byte(i + 1)}, p...)
		all = append(all, d)
	}
	return all
}

// Receipt is a receipt as the centre delivers it, in words and in parameters.
func Receipt(number string, e adapters.Event) Deliver {
	type outcome struct {
		status adapters.Status
		fault  adapters.Fault
	}
	words := map[outcome]struct {
		stat  string
		state string
	}{
		{adapters.SentOn, ""}: {"ENROUTE", "\x01"}, {adapters.Delivered, ""}: {"DELIVRD", "\x02"}, {adapters.Undelivered, adapters.Transient}: {"EXPIRED", "\x03"},
		{adapters.Failed, adapters.Operator}: {"DELETED", "\x04"}, {adapters.Undelivered, adapters.Recipient}: {"UNDELIV", "\x05"},
		{adapters.Undelivered, ""}: {"UNKNOWN", "\x07"}, {adapters.Failed, adapters.BadMessage}: {"REJECTD", "\x08"},
	}
	w, code := words[outcome{e.Status, e.Fault}], e.Code
	if code == "" {
		code = "000"
	}
	when := e.At.Format("0601021504")
	return Deliver{From: number, FromTON: 1, To: shortCode, Class: 4, Octets: []byte("id:" + e.Theirs + " sub:001 dlvrd:001 submit date:" + when + " done date:" + when +
		" stat:" + w.stat + " err:" + code + " text:Chi thich"), Params: append(Param(0x1E, e.Theirs+"\x00"), Param(0x427, w.state)...)}
}

// ErrRefused is what Deliver's error wraps where a message was answered, though not acknowledged.
var ErrRefused = errors.New("not acknowledged")

// Deliver sends messages one behind the other, without waiting in between, and then waits until all are acknowledged.
func (s *SMSC) Deliver(ctx context.Context, all ...Deliver) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	x, err := s.session(ctx)
	if err != nil {
		return err
	}
	var answers []chan uint32
	for _, d := range all {
		answers = append(answers, x.ask(deliverSM, d.bytes()))
	}
	for _, answer := range answers {
		select {
		case status := <-answer:
			if status != 0 {
				err = errors.Join(err, fmt.Errorf("%w: 0x%02X", ErrRefused, status))
			}
		case <-x.gone:
			return errors.New("the session broke")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}
