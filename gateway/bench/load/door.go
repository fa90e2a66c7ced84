package load

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Door is where a provider takes messages in. It answers each send as Twilio does and tells when it came.
type Door struct {
	Latency time.Duration // how long the provider thinks before it answers
	Knock   *Watch        // who waits for messages; may be nil

	listener net.Listener
	came     atomic.Int64
	inside   atomic.Int64 // requests that are being answered
	peak     atomic.Int64
	marks    marks
	mu       sync.Mutex
	conns    map[net.Conn]bool
	serving  sync.WaitGroup
}

// Open begins to listen on a free port of the loopback address.
func (d *Door) Open(ctx context.Context) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("opening the provider's door: %w", err)
	}
	d.listener, d.conns = l, map[net.Conn]bool{}
	d.serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			d.mu.Lock()
			d.conns[c] = true
			d.mu.Unlock()
			d.serving.Go(func() { d.serve(c) })
		}
	})
	return nil
}

// Close ends all connections.
func (d *Door) Close() {
	d.listener.Close()
	d.mu.Lock()
	for c := range d.conns {
		c.Close()
	}
	d.mu.Unlock()
	d.serving.Wait()
}

// URL is the provider's address.
func (d *Door) URL() string { return "http://" + d.listener.Addr().String() }

// Came is how many messages have come since the last Reset.
func (d *Door) Came() int { return int(d.came.Load()) }

// Peak is the most messages that were inside at once since the last Reset.
func (d *Door) Peak() int { return int(d.peak.Load()) }

// Reset forgets what came.
func (d *Door) Reset() {
	d.came.Store(0)
	d.peak.Store(0)
	d.marks.reset()
}

// At is when the n-th message came (from 1), to the nearest of every hundredth; zero where it has not.
func (d *Door) At(n int) time.Time { return d.marks.at(n) }

// Wait waits until n messages have come, or nothing has come for a while; it returns how many did.
func (d *Door) Wait(ctx context.Context, n int, quiet time.Duration) int {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	last, since := d.Came(), time.Now()
	for last < n && time.Since(since) < quiet {
		select {
		case <-ctx.Done():
			return last
		case <-tick.C:
		}
		if now := d.Came(); now != last {
			last, since = now, time.Now()
		}
	}
	return last
}

func (d *Door) serve(c net.Conn) {
	defer func() {
		c.Close()
		d.mu.Lock()
		delete(d.conns, c)
		d.mu.Unlock()
	}()
	r, buf, body := bufio.NewReaderSize(c, 4096), make([]byte, 0, 256), make([]byte, 0, 1024)
	for {
		h, err := readHead(r, buf)
		if err != nil {
			return
		}
		if cap(body) < h.length {
			body = make([]byte, 0, h.length)
		}
		body = body[:h.length]
		if _, err := io.ReadFull(r, body); err != nil {
			return
		}
		answer := wellAnswer
		if h.length > 0 { // who asks how the account is sends no body
			answer = d.take(body, time.Now())
		}
		if _, err := c.Write(answer); err != nil || h.closes {
			return
		}
	}
}

// wellAnswer is what is said to who asks how the account is.
var wellAnswer = []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n" + `{"balance":"1","currency":"VND"}`)

// take notes a message and returns the answer.
func (d *Door) take(body []byte, at time.Time) []byte {
	n := d.came.Add(1)
	d.marks.note(n, at)
	if d.Knock != nil {
		d.Knock.arrived(recipient(body), at)
	}
	if d.Latency > 0 {
		d.raise(d.inside.Add(1))
		time.Sleep(d.Latency)
		d.inside.Add(-1)
	}
	answer := fmt.Sprintf(`{"sid":"SM%032x","status":"queued","num_segments":"1"}`, n)
	return fmt.Appendf(nil, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
}

func (d *Door) raise(n int64) {
	for {
		old := d.peak.Load()
		if n <= old || d.peak.CompareAndSwap(old, n) {
			return
		}
	}
}

// recipient is the field To of a form.
func recipient(form []byte) string {
	for field := range bytes.SplitSeq(form, []byte("&")) {
		if value, ok := bytes.CutPrefix(field, []byte("To=")); ok {
			to, err := url.QueryUnescape(string(value))
			if err != nil {
				return ""
			}
			return to
		}
	}
	return ""
}

// every is how many messages share a mark.
const every = 100

// marks keeps when every hundredth message came, and the first.
type marks struct {
	mu sync.Mutex
	t  []time.Time
}

func (m *marks) reset() {
	m.mu.Lock()
	m.t = nil
	m.mu.Unlock()
}

func (m *marks) note(n int64, at time.Time) {
	if n != 1 && n%every != 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	i := int(n / every)
	for len(m.t) <= i {
		m.t = append(m.t, time.Time{})
	}
	m.t[i] = at
}

func (m *marks) at(n int) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := n / every; i < len(m.t) {
		return m.t[i]
	}
	return time.Time{}
}
