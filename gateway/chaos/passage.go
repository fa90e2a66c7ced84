package chaos

import (
	"bytes"

	"github.com/Shopify/toxiproxy/v2/toxics"
)

const passageType = "passage"

// passage is what each connection's replies pass on their way to a gateway: it counts connections, and has replies that tell
// where a server is tell the gateway's own number for home. Nothing that hoidap keeps in Redis says home.
type passage struct {
	link   *link
	number []byte
}

// unended is the end of what has come, where that is the beginning of home: a reply ends with a line, so that more follows.
type unended struct{ bytes []byte }

// NewState implements toxics.StatefulToxic: a connection is there.
func (p *passage) NewState() any {
	p.link.made.Add(1)
	p.link.carries.Add(1)
	return &unended{}
}

// Pipe implements toxics.Toxic.
func (p *passage) Pipe(stub *toxics.ToxicStub) {
	rest := stub.State.(*unended)
	for {
		select {
		case <-stub.Interrupt:
			return
		case c := <-stub.Input:
			if c == nil {
				p.link.carries.Add(-1)
				stub.Close()
				return
			}
			if c.Data = rest.renumber(c.Data, p.number); len(c.Data) > 0 {
				stub.Output <- c
			}
		}
	}
}

// renumber puts number in the place of home, which is as long, in what was kept back and what has come.
func (u *unended) renumber(data, number []byte) []byte {
	if len(u.bytes) > 0 {
		data = append(u.bytes, data...)
		u.bytes = nil
	}
	for from := data; ; {
		i := bytes.Index(from, []byte(home))
		if i < 0 {
			break
		}
		copy(from[i:], number)
		from = from[i+len(home):]
	}
	for n := min(len(home)-1, len(data)); n > 0; n-- {
		if end := data[len(data)-n:]; bytes.HasPrefix([]byte(home), end) {
			u.bytes = bytes.Clone(end)
			return data[:len(data)-n]
		}
	}
	return data
}
