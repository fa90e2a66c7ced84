// Package pdu is the codec of SMPP 3.4's protocol data units, as far as a client needs them: the frame, binds, messages and
// their answers, optional parameters, and the headers of messages in parts. It reads what an untrusted peer sends: every
// length is checked against what there is, and a frame is bounded.
package pdu

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Command is what a PDU is (SMPP 3.4, 5.1.2.1).
type Command uint32

// The commands. An answer is its request's with the highest bit set.
const (
	SubmitSM        Command = 0x00000004
	DeliverSM       Command = 0x00000005
	Unbind          Command = 0x00000006
	BindTransceiver Command = 0x00000009
	EnquireLink     Command = 0x00000015
	GenericNack     Command = 0x80000000
)

const answer Command = 0x80000000

// Answer is the command that answers c.
func (c Command) Answer() Command { return c | answer }

// Answers reports whether c is an answer.
func (c Command) Answers() bool { return c&answer != 0 }

// Status is what became of a request (SMPP 3.4, 5.1.3).
type Status uint32

// The statuses that the session itself gives or acts on; the adapter has the table of all.
const (
	OK           Status = 0x00
	InvalidLen   Status = 0x02 // command length
	InvalidID    Status = 0x03 // command id
	AlreadyBound Status = 0x05
	QueueFull    Status = 0x14
	TryAgain     Status = 0x64 // a receiver's temporary error: the centre delivers it again
)

// Bounds of a frame, in octets. The longest thing that is useful is a message_payload of 64 KiB.
const (
	headerLen = 16
	Most      = 72 << 10
)

// SequenceMost is the last sequence number; the next one is 1.
const SequenceMost = 0x7FFFFFFF

// PDU is one frame with its body as it came.
type PDU struct {
	Command  Command
	Status   Status
	Sequence uint32
	Body     []byte
}

// ErrMalformed is what errors about a peer's bytes wrap. They never repeat the bytes, which may be a customer's words.
var ErrMalformed = errors.New("malformed PDU")

// Read reads one frame. An error other than io.EOF means that the stream cannot be read on.
func Read(r io.Reader) (PDU, error) {
	var head [headerLen]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return PDU{}, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n < headerLen || n > Most {
		return PDU{}, fmt.Errorf("%w: its length is %d", ErrMalformed, n)
	}
	p := PDU{Command: Command(binary.BigEndian.Uint32(head[4:])), Status: Status(binary.BigEndian.Uint32(head[8:])), Sequence: binary.BigEndian.Uint32(head[12:])}
	if n > headerLen {
		p.Body = make([]byte, n-headerLen)
		if _, err := io.ReadFull(r, p.Body); err != nil {
			return PDU{}, io.ErrUnexpectedEOF
		}
	}
	return p, nil
}

// Bytes is the frame as it goes over the wire.
func (p PDU) Bytes() []byte {
	b := make([]byte, 0, headerLen+len(p.Body))
	b = binary.BigEndian.AppendUint32(b, uint32(headerLen+len(p.Body)))
	b = binary.BigEndian.AppendUint32(b, uint32(p.Command))
	b = binary.BigEndian.AppendUint32(b, uint32(p.Status))
	b = binary.BigEndian.AppendUint32(b, p.Sequence)
	return append(b, p.Body...)
}
