package pdu

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// TLV is an optional parameter.
type TLV struct {
	Tag   uint16
	Value []byte
}

// The optional parameters that mean something to us (SMPP 3.4, 5.3.2).
const (
	TagReceiptedMessageID uint16 = 0x001E
	TagPayload            uint16 = 0x0424 // message_payload
	TagMessageState       uint16 = 0x0427
	TagNetworkError       uint16 = 0x0423
	TagPartsRef           uint16 = 0x020C // sar_msg_ref_num
	TagPartsTotal         uint16 = 0x020E // sar_total_segments
	TagPartNumber         uint16 = 0x020F // sar_segment_seqnum
)

// The lengths of fields, in octets with the closing NUL.
const (
	systemIDMax   = 16
	passwordMax   = 64 // 9 by the book; many centres take longer ones
	systemTypeMax = 13
	addressMax    = 21
	serviceMax    = 6
	timeMax       = 17
	messageIDMax  = 65
)

// shortMost is the most that short_message holds.
const shortMost = 254

// cursor reads a body; after the first error everything is empty.
type cursor struct {
	b   []byte
	err error
}

func (c *cursor) fail(field string) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: %s", ErrMalformed, field)
	}
	c.b = nil
}

func (c *cursor) octet(field string) byte {
	if len(c.b) == 0 {
		c.fail(field)
		return 0
	}
	v := c.b[0]
	c.b = c.b[1:]
	return v
}

func (c *cursor) octets(field string, n int) []byte {
	if len(c.b) < n {
		c.fail(field)
		return nil
	}
	v := c.b[:n:n]
	c.b = c.b[n:]
	return v
}

// text reads a C-octet string of at most n octets, its NUL among them.
func (c *cursor) text(field string, n int) string {
	end := bytes.IndexByte(c.b[:min(n, len(c.b))], 0)
	if end < 0 {
		c.fail(field)
		return ""
	}
	v := string(c.b[:end])
	c.b = c.b[end+1:]
	return v
}

func (c *cursor) tlvs() (all []TLV) {
	for len(c.b) > 0 {
		head := c.octets("optional parameter", 4)
		if head == nil {
			return nil
		}
		v := c.octets("optional parameter", int(binary.BigEndian.Uint16(head[2:])))
		if c.err != nil {
			return nil
		}
		all = append(all, TLV{binary.BigEndian.Uint16(head), v})
	}
	return all
}

// put appends a C-octet string, cut to n octets with its NUL and before a NUL of its own, which would move all that
// follows.
func put(b []byte, s string, n int) []byte {
	if i := bytes.IndexByte([]byte(s), 0); i >= 0 {
		s = s[:i]
	}
	return append(append(b, s[:min(len(s), n-1)]...), 0)
}

func putTLVs(b []byte, all []TLV) []byte {
	for _, t := range all {
		b = binary.BigEndian.AppendUint16(b, t.Tag)
		b = binary.BigEndian.AppendUint16(b, uint16(len(t.Value)))
		b = append(b, t.Value...)
	}
	return b
}
