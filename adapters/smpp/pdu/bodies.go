package pdu

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// version is SMPP 3.4.
const version = 0x34

// Bind is the body of a bind request (SMPP 3.4, 4.1.5).
type Bind struct {
	SystemID, Password, SystemType string
}

// Bytes is the body. Longer fields than the protocol has room for are cut.
func (x Bind) Bytes() []byte {
	b := put(nil, x.SystemID, systemIDMax)
	b = put(b, x.Password, passwordMax)
	b = put(b, x.SystemType, systemTypeMax)
	return append(b, version, 0, 0, 0) // type and plan of number and the range of addresses: the centre's choice
}

// Address is a number or name with its type and plan of numbering.
type Address struct {
	TON, NPI byte
	Addr     string
}

// SM is the body of submit_sm and deliver_sm, which are the same (SMPP 3.4, 4.4.1 and 4.6.1).
type SM struct {
	ServiceType string
	From, To    Address
	Class       byte // esm_class
	Protocol    byte
	Priority    byte
	Schedule    string
	Validity    string
	Registered  byte // registered_delivery
	Replace     byte
	Coding      byte // data_coding
	Default     byte // sm_default_msg_id
	Message     []byte
	TLVs        []TLV
}

// Bits of SM.Class.
const (
	ClassHeader  byte = 0x40 // the message begins with a user data header
	classType    byte = 0x3C
	classReceipt byte = 0x04
	classInterim byte = 0x20
)

// Receipt reports whether the message is a delivery receipt, final or intermediate.
func (x SM) Receipt() bool {
	t := x.Class & classType
	return t == classReceipt || t == classInterim
}

// errTooLong: a message that a PDU cannot carry.
var errTooLong = fmt.Errorf("a message of more than %d octets in one PDU", shortMost)

// Bytes is the body.
func (x SM) Bytes() ([]byte, error) {
	if len(x.Message) > shortMost {
		return nil, errTooLong
	}
	for _, a := range []Address{x.From, x.To} {
		if len(a.Addr) >= addressMax {
			return nil, errors.New("an address of more than 20 octets")
		}
	}
	b := put(nil, x.ServiceType, serviceMax)
	b = put(append(b, x.From.TON, x.From.NPI), x.From.Addr, addressMax)
	b = put(append(b, x.To.TON, x.To.NPI), x.To.Addr, addressMax)
	b = append(b, x.Class, x.Protocol, x.Priority)
	b = put(b, x.Schedule, timeMax)
	b = put(b, x.Validity, timeMax)
	b = append(b, x.Registered, x.Replace, x.Coding, x.Default, byte(len(x.Message)))
	return putTLVs(append(b, x.Message...), x.TLVs), nil
}

// ReadSM reads the body. A message_payload stands in Message, in place of an empty short_message.
func ReadSM(body []byte) (x SM, err error) {
	c := &cursor{b: body}
	x.ServiceType = c.text("service_type", serviceMax)
	x.From = Address{c.octet("source_addr_ton"), c.octet("source_addr_npi"), c.text("source_addr", addressMax)}
	x.To = Address{c.octet("dest_addr_ton"), c.octet("dest_addr_npi"), c.text("destination_addr", addressMax)}
	x.Class, x.Protocol, x.Priority = c.octet("esm_class"), c.octet("protocol_id"), c.octet("priority_flag")
	x.Schedule, x.Validity = c.text("schedule_delivery_time", timeMax), c.text("validity_period", timeMax)
	x.Registered, x.Replace, x.Coding, x.Default = c.octet("registered_delivery"), c.octet("replace_if_present_flag"), c.octet("data_coding"), c.octet("sm_default_msg_id")
	x.Message = c.octets("short_message", int(c.octet("sm_length")))
	x.TLVs = c.tlvs()
	if payload, ok := x.TLV(TagPayload); ok && len(x.Message) == 0 {
		x.Message = payload
	}
	return x, c.err
}

// TLV is the value of an optional parameter.
func (x SM) TLV(tag uint16) ([]byte, bool) {
	for _, t := range x.TLVs {
		if t.Tag == tag {
			return t.Value, true
		}
	}
	return nil, false
}

// MessageIDBody is the body of an answer that names a message; deliver_sm's names none.
func MessageIDBody(id string) []byte { return put(nil, id, messageIDMax) }

// ReadMessageID reads the id of a submit_sm_resp. Centres leave the body out where they refuse: then it is empty.
func ReadMessageID(body []byte) (string, error) {
	if len(body) == 0 {
		return "", nil
	}
	c := &cursor{b: body}
	return c.text("message_id", messageIDMax), c.err
}

// Part says which part of a longer message a message is.
type Part struct {
	Ref           uint16
	Total, Number byte // Number from 1
}

// Information elements of a user data header (3GPP TS 23.040, 9.2.3.24).
const (
	partsRef8  = 0x00
	partsRef16 = 0x08
)

// Header is the user data header of a part; only the low octet of Ref goes, which leaves most room for text.
func (p Part) Header() []byte { return []byte{5, partsRef8, 3, byte(p.Ref), p.Total, p.Number} }

// Text is the message without its user data header, and which part of a longer one it is: by the header or by optional
// parameters. A Total below 2 means that it is whole.
func (x SM) Text() (text []byte, p Part, err error) {
	text = x.Message
	if x.Class&ClassHeader != 0 {
		if text, p, err = header(text); err != nil {
			return nil, Part{}, err
		}
	}
	if p.Total == 0 {
		p = x.partOfTLVs()
	}
	if p.Number < 1 || p.Number > p.Total {
		p = Part{}
	}
	return text, p, nil
}

func header(b []byte) (text []byte, p Part, err error) {
	if len(b) == 0 || int(b[0])+1 > len(b) {
		return nil, p, fmt.Errorf("%w: user data header", ErrMalformed)
	}
	elements, text := b[1:1+int(b[0])], b[1+int(b[0]):]
	for len(elements) >= 2 {
		n := int(elements[1])
		if len(elements) < 2+n {
			return nil, p, fmt.Errorf("%w: user data header", ErrMalformed)
		}
		switch v := elements[2 : 2+n]; {
		case elements[0] == partsRef8 && n == 3:
			p = Part{uint16(v[0]), v[1], v[2]}
		case elements[0] == partsRef16 && n == 4:
			p = Part{binary.BigEndian.Uint16(v), v[2], v[3]}
		}
		elements = elements[2+n:]
	}
	return text, p, nil
}

func (x SM) partOfTLVs() Part {
	ref, _ := x.TLV(TagPartsRef)
	total, _ := x.TLV(TagPartsTotal)
	number, _ := x.TLV(TagPartNumber)
	if len(ref) != 2 || len(total) != 1 || len(number) != 1 {
		return Part{}
	}
	return Part{binary.BigEndian.Uint16(ref), total[0], number[0]}
}
