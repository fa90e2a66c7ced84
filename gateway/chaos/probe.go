package chaos

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// probe is a connection over a link, made before a fault: what becomes of a PING shows whether the fault is felt.
type probe struct {
	conn net.Conn // nil: nobody takes connections
}

const (
	probeSize  = 2000 // bytes of a PING, both ways: enough to be slow where bandwidth is short
	probeMakes = 500 * time.Millisecond
)

func newProbe(address string) probe {
	conn, err := net.DialTimeout("tcp", address, probeMakes)
	if err != nil {
		return probe{}
	}
	p := probe{conn}
	if _, err := p.ping(1, probeMakes); err != nil { // the server behind may be down
		p.close()
		return probe{}
	}
	return p
}

// ping sends so many bytes, and waits until they come back.
func (p probe) ping(size int, within time.Duration) (took time.Duration, err error) {
	begun := time.Now()
	if err := p.conn.SetDeadline(begun.Add(within)); err != nil {
		return 0, err
	}
	payload := fmt.Sprintf("$%d\r\n%s\r\n", size, strings.Repeat("x", size))
	if _, err := io.WriteString(p.conn, "*2\r\n$4\r\nPING\r\n"+payload); err != nil {
		return 0, err
	}
	_, err = io.ReadFull(p.conn, make([]byte, len(payload)))
	return time.Since(begun), err
}

// ask says what becomes of a PING in that time.
func (p probe) ask(within time.Duration) (e Effect) {
	if p.conn == nil {
		return e
	}
	took, err := p.ping(probeSize, within)
	var late net.Error
	switch {
	case err == nil:
		e.Answered, e.Slowest = 1, took
	case errors.As(err, &late) && late.Timeout():
		e.Unanswered = 1
	default:
		e.Broken = 1
	}
	return e
}

func (p probe) close() {
	if p.conn != nil {
		p.conn.Close() //nolint:errcheck // it only asked
	}
}
