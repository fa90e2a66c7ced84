package smpp_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp/fake"
	"github.com/hoidap/hoidap/adapters/smpp/pdu"
)

// A wrong password is told of at once, and is not tried again and again.
func TestBindsThatAreRefused(t *testing.T) {
	t.Parallel()
	for status, want := range map[uint32]adapters.Fault{0x0E: adapters.Operator, 0x0F: adapters.Operator, 0x0D: adapters.Operator, 0x05: adapters.Transient, 0x08: adapters.Transient} {
		r := newRig(t, nil, time.Second, time.Minute)
		r.fake.Refuse(status)
		r.fake.Cut()
		wait(t, "refused", func() bool { return r.fake.Binds() >= 3 })
		limit := 200 * time.Millisecond // a session may come yet: that is waited for
		if want == adapters.Operator {
			limit = 30 * time.Second
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		_, err := r.Send(ctx, adapters.Message{ID: "c1.1", To: lan, Text: "a"})
		cancel()
		if fault(err) != want {
			t.Errorf("%#x: %v, want %s", status, err, want)
		}
		if h, err := r.Adapter.(adapters.Prober).Probe(t.Context()); err != nil || h.OK || h.Detail == "" {
			t.Errorf("%#x: the account is well: %+v, %v", status, h, err)
		}
		r.fake.Refuse(0)
		if _, err := r.send("c1.1", "a"); err != nil && want != adapters.Operator {
			t.Errorf("%#x: %v", status, err)
		}
		wait(t, "bound again", func() bool { h, _ := r.Adapter.(adapters.Prober).Probe(t.Context()); return h.OK })
		r.stop()
	}
}

func TestWithoutASession(t *testing.T) {
	t.Parallel()
	r := &rig{t: t}
	r.open("127.0.0.1:1", nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.Send(ctx, adapters.Message{ID: "c1.1", To: lan, Text: "a"}); fault(err) != adapters.Transient {
		t.Errorf("surely not sent: %v", err)
	}
}

// centre is one that a test plays by hand.
type centre struct {
	t    *testing.T
	conn net.Conn
}

// byHand opens an account at a centre that is played by hand, and binds it.
func byHand(t *testing.T, settings map[string]string) (*rig, *centre) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	r := &rig{t: t}
	r.open(l.Addr().String(), settings)
	r.listen(time.Second, time.Minute)
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	c := &centre{t, conn}
	c.answer(c.read(pdu.BindTransceiver), pdu.OK, "SMSC\x00")
	return r, c
}

func (c *centre) read(want pdu.Command) pdu.PDU {
	c.t.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	p, err := pdu.Read(c.conn)
	if err != nil || p.Command != want {
		c.t.Fatalf("%+v, %v; want %#x", p, err, want)
	}
	return p
}

func (c *centre) answer(p pdu.PDU, s pdu.Status, body string) {
	c.write(pdu.PDU{Command: p.Command.Answer(), Status: s, Sequence: p.Sequence, Body: []byte(body)})
}

func (c *centre) write(p pdu.PDU) {
	c.t.Helper()
	if _, err := c.conn.Write(p.Bytes()); err != nil {
		c.t.Fatal(err)
	}
}

// Both ask whether the other is there; who does not answer is left.
func TestEnquireLink(t *testing.T) {
	t.Parallel()
	r, c := byHand(t, map[string]string{"enquire_link": "1s"})
	c.write(pdu.PDU{Command: pdu.EnquireLink, Sequence: 41})
	if p := c.read(pdu.EnquireLink.Answer()); p.Sequence != 41 {
		t.Errorf("%+v", p)
	}
	c.answer(c.read(pdu.EnquireLink), pdu.OK, "")
	c.read(pdu.EnquireLink) // in silence
	if _, err := pdu.Read(c.conn); err == nil {
		t.Error("the session goes on without an answer")
	}
	wait(t, "the account is not well", func() bool { h, _ := r.Adapter.(adapters.Prober).Probe(t.Context()); return !h.OK })
}

func TestWhatACentreMaySay(t *testing.T) {
	t.Parallel()
	_, c := byHand(t, nil)
	c.write(pdu.PDU{Command: 0x103, Sequence: 7}) // data_sm
	if p := c.read(pdu.GenericNack); p.Sequence != 7 || p.Status != pdu.InvalidID {
		t.Errorf("%+v", p)
	}
	c.write(pdu.PDU{Command: 0x102, Sequence: 8})                                       // alert_notification has no answer
	c.write(pdu.PDU{Command: pdu.SubmitSM.Answer(), Sequence: 99})                      // answers to nothing
	c.write(pdu.PDU{Command: pdu.DeliverSM, Sequence: 9, Body: []byte("what is this")}) // cannot be read, ever
	if p := c.read(pdu.DeliverSM.Answer()); p.Sequence != 9 || p.Status != 0x65 {
		t.Errorf("%+v", p)
	}
	c.write(pdu.PDU{Command: pdu.Unbind, Sequence: 10})
	if p := c.read(pdu.Unbind.Answer()); p.Sequence != 10 {
		t.Errorf("%+v", p)
	}
	if _, err := pdu.Read(c.conn); err == nil {
		t.Error("the session goes on")
	}
}

// A centre that ends the session answers first what was asked, and is asked nothing more.
func TestACentreThatSaysGoodbye(t *testing.T) {
	t.Parallel()
	r, c := byHand(t, nil)
	sent := make(chan error, 1)
	go func() {
		_, err := r.Send(t.Context(), adapters.Message{ID: "c1.1", To: lan, Text: "a"})
		sent <- err
	}()
	asked := c.read(pdu.SubmitSM)
	c.write(pdu.PDU{Command: pdu.Unbind, Sequence: 10})
	wait(t, "the account knows", func() bool { h, _ := r.Adapter.(adapters.Prober).Probe(t.Context()); return !h.OK })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.Send(ctx, adapters.Message{ID: "c1.2", To: lan, Text: "b"}); fault(err) != adapters.Transient {
		t.Errorf("surely not sent: %v", err)
	}
	c.answer(asked, pdu.OK, "101\x00")
	if err := <-sent; err != nil {
		t.Errorf("it was taken: %v", err)
	}
	if p := c.read(pdu.Unbind.Answer()); p.Sequence != 10 {
		t.Errorf("%+v", p)
	}
	if _, err := pdu.Read(c.conn); err == nil {
		t.Error("the session goes on")
	}
}

// An answer that is not as the protocol has it never means that the message was taken.
func TestOddAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		command pdu.Command
		status  pdu.Status
		body    string
		want    adapters.Fault
	}{
		"no id":           {pdu.SubmitSM.Answer(), 0, "\x00", adapters.Unknown},
		"no body":         {pdu.SubmitSM.Answer(), 0, "", adapters.Unknown},
		"an endless id":   {pdu.SubmitSM.Answer(), 0, "abc", adapters.Unknown},
		"another command": {pdu.EnquireLink.Answer(), 0, "1\x00", adapters.Unknown},
		"an empty nack":   {pdu.GenericNack, 0, "", adapters.Unknown},
		"a nack":          {pdu.GenericNack, 3, "", adapters.Operator},
		"a long refusal":  {pdu.SubmitSM.Answer(), 0x58, "\x00", adapters.Throttled},
	} {
		r, centre := byHand(t, nil)
		sent := make(chan error, 1)
		go func() {
			_, err := r.Send(t.Context(), adapters.Message{ID: "c1.1", To: lan, Text: "a"})
			sent <- err
		}()
		p := centre.read(pdu.SubmitSM)
		centre.write(pdu.PDU{Command: c.command, Status: c.status, Sequence: p.Sequence, Body: []byte(c.body)})
		if err := <-sent; err == nil || fault(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A receipt may come right behind the answer, before Send has told the part's id.
func TestAReceiptAtOnce(t *testing.T) {
	t.Parallel()
	r, c := byHand(t, nil)
	sent := make(chan adapters.Sent, 1)
	go func() {
		s, _ := r.Send(context.WithoutCancel(t.Context()), adapters.Message{ID: "c1.1", To: lan, Text: long})
		sent <- s
	}()
	for parts, acknowledged := 0, 0; acknowledged < 3; {
		_ = c.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		p, err := pdu.Read(c.conn)
		if err != nil {
			t.Fatal(err)
		}
		if p.Command == pdu.DeliverSM.Answer() {
			acknowledged++
			continue
		}
		parts++
		id := strconv.Itoa(parts + 100)
		body, _ := pdu.SM{From: pdu.Address{TON: 1, Addr: number}, Class: 4, Message: []byte("id:" + id + " stat:DELIVRD")}.Bytes()
		both := pdu.PDU{Command: pdu.SubmitSM.Answer(), Sequence: p.Sequence, Body: []byte(id + "\x00")}.Bytes()
		if _, err := c.conn.Write(append(both, pdu.PDU{Command: pdu.DeliverSM, Sequence: uint32(parts), Body: body}.Bytes()...)); err != nil {
			t.Fatal(err)
		}
		if e := r.next(); e.Theirs != id || e.Status != adapters.Delivered {
			t.Errorf("part %d: %+v", parts, e)
		}
	}
	if s := <-sent; len(s.IDs) != 3 {
		t.Errorf("%+v", s)
	}
}

// At the end nothing new leaves, what is out is waited for, and the centre is told.
func TestStoppingUnbinds(t *testing.T) {
	t.Parallel()
	r, c := byHand(t, nil)
	sent := make(chan error, 1)
	go func() {
		_, err := r.Send(context.WithoutCancel(t.Context()), adapters.Message{ID: "c1.1", To: lan, Text: "a"})
		sent <- err
	}()
	p := c.read(pdu.SubmitSM)
	stopped := make(chan struct{})
	go func() { r.stop(); close(stopped) }()
	wait(t, "the session closes for others", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		h, _ := r.Adapter.(adapters.Prober).Probe(ctx)
		return !h.OK
	})
	c.answer(p, pdu.OK, "77\x00")
	if err := <-sent; err != nil {
		t.Errorf("what was out was answered: %v", err)
	}
	c.answer(c.read(pdu.Unbind), pdu.OK, "")
	<-stopped
}

func TestTLS(t *testing.T) {
	t.Parallel()
	cert, ca := selfSigned(t)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		t.Fatal(err)
	}
	f := fake.New(systemID, password)
	at := f.Serve(l)
	defer f.Close() //nolint:errcheck // the test is over
	stranger := &rig{t: t, fake: f}
	stranger.open(at, map[string]string{"tls": "yes"})
	stranger.listen(time.Second, time.Minute)
	if h, _ := stranger.Adapter.(adapters.Prober).Probe(t.Context()); h.OK {
		t.Error("bound to a centre that nobody vouches for")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := stranger.Send(ctx, adapters.Message{ID: "c1.1", To: lan, Text: "a"}); fault(err) != adapters.Transient || f.Binds() != 0 {
		t.Errorf("the password was told to a stranger: %v", err)
	}
	stranger.stop()
	r := &rig{t: t, fake: f}
	r.open(at, map[string]string{"tls": "yes", "tls_ca": ca})
	r.listen(time.Second, time.Minute)
	if s, err := r.send("c1.1", "a"); err != nil || len(s.IDs) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if err := r.deliver(f.Typed(number, "2")...); err != nil || r.next().Text != "2" {
		t.Error(err)
	}
	r.stop()
}

func selfSigned(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// The centre goes away and comes back under load, twice. What is known to be taken is shown once, what is known not to be
// taken is sent again, and what nobody knows is counted apart and shown once at the most. Nothing that customers write
// meanwhile is lost.
func TestACentreThatRestartsUnderLoad(t *testing.T) {
	t.Parallel()
	r := newRig(t, map[string]string{"window": "20"}, time.Second, time.Minute)
	r.fake.Slow(2 * time.Millisecond)
	const messages, answers = 2000, 200
	var unknown, again atomic.Int64
	var doubtful sync.Map
	jobs := make(chan int)
	var working sync.WaitGroup
	for range 40 {
		working.Go(func() {
			for i := range jobs {
				id := "c1." + strconv.Itoa(i)
				for done := false; !done; {
					_, err := r.send(id, "tin "+id)
					switch fault(err) {
					case adapters.Transient:
						again.Add(1)
						continue
					case adapters.Unknown:
						if err != nil {
							unknown.Add(1)
							doubtful.Store(id, true)
						}
					default:
						t.Errorf("%s: %v", id, err)
					}
					done = true
				}
			}
		})
	}
	working.Go(func() {
		for i := range answers {
			for { // a centre delivers until it is acknowledged
				err := r.fake.Tell(t.Context(), adapters.Event{Kind: adapters.Inbound, From: lan, Text: "dạ " + strconv.Itoa(i)})
				if err == nil {
					break
				}
				if t.Context().Err() != nil {
					return
				}
			}
		}
	})
	for i := range messages {
		if i == messages/3 || i == 2*messages/3 {
			r.fake.Stop()
			if _, err := r.fake.Start(); err != nil {
				t.Fatal(err)
			}
		}
		jobs <- i
	}
	close(jobs)
	working.Wait()
	shown := map[string]int{}
	for _, m := range r.fake.Shown(lan) {
		shown[m.Text]++
	}
	for i := range messages {
		id := "c1." + strconv.Itoa(i)
		_, open := doubtful.Load(id)
		if n := shown["tin "+id]; n > 1 || n == 0 && !open {
			t.Errorf("%s is shown %d times", id, n)
		}
	}
	if unknown.Load() == 0 || unknown.Load() > 2*20 {
		t.Errorf("%d outcomes are unknown: a window's worth may be each time", unknown.Load())
	}
	heard := map[string]map[string]bool{}
	for len(r.heard) > 0 {
		e := <-r.heard
		if heard[e.Text] == nil {
			heard[e.Text] = map[string]bool{}
		}
		heard[e.Text][e.ID] = true
	}
	for text, ids := range heard {
		if len(ids) != 1 {
			t.Errorf("%q counts %d times", text, len(ids))
		}
	}
	if len(heard) != answers {
		t.Errorf("%d of %d answers were heard", len(heard), answers)
	}
	t.Logf("%d messages, %d tried again, %d unknown, %d binds", messages, again.Load(), unknown.Load(), r.fake.Binds())
}
