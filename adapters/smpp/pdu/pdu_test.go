package pdu_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/adapters/smpp/pdu"
)

func raw(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The frames were made by another hand's library, and read by a third's.
const (
	bindFrame    = "00000021 00000009 00000000 00000001 6777303100 73656372657400 00 34 00 00 00"
	bindAnswer   = "00000015 80000009 00000000 00000001 534d534300"
	enquireFrame = "00000010 00000015 00000000 00000009"
	unbindFrame  = "00000010 00000006 00000000 0000000a"
	submitFrame  = "00000047 00000004 00000000 00000002 00 05 00 4d594252414e4400 01 01 383439303132333435363700 00 00 00 00 3030303030313030303030303030305200 01 00 08 00 04 004300f3"
	partFrame    = "00000041 00000004 00000000 00000004 00 05 00 4d594252414e4400 01 01 383439303132333435363700 40 00 00 00 00 01 00 00 00 0e 0500032a0201 58696e206368616f"
	submitAnswer = "00000019 80000004 00000000 00000002 354633413943303100"
	throttled    = "00000010 80000004 00000058 00000003"
	inboundFrame = "00000031 00000005 00000000 00000007 00 01 01 383439303132333435363700 00 01 3830343100 00 00 00 00 00 00 00 00 00 01 32"
)

func TestVectors(t *testing.T) {
	customer, brand := pdu.Address{TON: 1, NPI: 1, Addr: "84901234567"}, pdu.Address{TON: 5, Addr: "MYBRAND"}
	for name, c := range map[string]struct {
		frame string
		p     pdu.PDU
		sm    *pdu.SM
	}{
		"bind":    {bindFrame, pdu.PDU{Command: pdu.BindTransceiver, Sequence: 1, Body: pdu.Bind{SystemID: "gw01", Password: "secret"}.Bytes()}, nil},
		"enquire": {enquireFrame, pdu.PDU{Command: pdu.EnquireLink, Sequence: 9}, nil},
		"unbind":  {unbindFrame, pdu.PDU{Command: pdu.Unbind, Sequence: 10}, nil},
		"submit": {submitFrame, pdu.PDU{Command: pdu.SubmitSM, Sequence: 2}, &pdu.SM{
			From: brand, To: customer, Validity: "000001000000000R", Registered: 1, Coding: 8, Message: []byte{0, 'C', 0, 0xf3}}},
		"part": {partFrame, pdu.PDU{Command: pdu.SubmitSM, Sequence: 4}, &pdu.SM{
			From: brand, To: customer, Class: pdu.ClassHeader, Registered: 1, Message: append(pdu.Part{Ref: 0x2a, Total: 2, Number: 1}.Header(), "Xin chao"...)}},
		"inbound": {inboundFrame, pdu.PDU{Command: pdu.DeliverSM, Sequence: 7}, &pdu.SM{From: customer, To: pdu.Address{NPI: 1, Addr: "8041"}, Message: []byte("2")}},
		"answer":  {submitAnswer, pdu.PDU{Command: pdu.SubmitSM.Answer(), Sequence: 2, Body: pdu.MessageIDBody("5F3A9C01")}, nil},
		"refusal": {throttled, pdu.PDU{Command: pdu.SubmitSM.Answer(), Status: 0x58, Sequence: 3}, nil},
		"bound":   {bindAnswer, pdu.PDU{Command: pdu.BindTransceiver.Answer(), Sequence: 1, Body: pdu.MessageIDBody("SMSC")}, nil},
	} {
		if c.sm != nil {
			body, err := c.sm.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			c.p.Body = body
			read, err := pdu.ReadSM(body)
			if err != nil || !reflect.DeepEqual(read, *c.sm) {
				t.Errorf("%s: %+v became %+v, %v", name, *c.sm, read, err)
			}
		}
		if got := c.p.Bytes(); !bytes.Equal(got, raw(t, c.frame)) {
			t.Errorf("%s is\n%x, want\n%s", name, got, c.frame)
		}
		if got, err := pdu.Read(bytes.NewReader(raw(t, c.frame))); err != nil || !reflect.DeepEqual(got, c.p) {
			t.Errorf("%s is read as %+v, %v", name, got, err)
		}
	}
}

func TestMessageIDs(t *testing.T) {
	for in, want := range map[string]string{"": "", "\x00": "", "5F3A9C01\x00": "5F3A9C01"} {
		if got, err := pdu.ReadMessageID([]byte(in)); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"no end", strings.Repeat("1", 65) + "\x00"} {
		if _, err := pdu.ReadMessageID([]byte(in)); !errors.Is(err, pdu.ErrMalformed) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestFramesAreBounded(t *testing.T) {
	for _, in := range []string{"0000000f 00000015 00000000 00000009", "7fffffff 00000015 00000000 00000009", "00012001 00000015 00000000 00000009"} {
		if _, err := pdu.Read(bytes.NewReader(raw(t, in))); !errors.Is(err, pdu.ErrMalformed) {
			t.Errorf("%s: %v", in, err)
		}
	}
	cut := raw(t, submitFrame)
	for n := 1; n < len(cut); n++ {
		if _, err := pdu.Read(bytes.NewReader(cut[:n])); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d octets: %v", n, err)
		}
	}
	if _, err := pdu.Read(bytes.NewReader(nil)); !errors.Is(err, io.EOF) {
		t.Errorf("nothing: %v", err)
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	for name, x := range map[string]pdu.SM{
		"message": {Message: make([]byte, 255)}, "address": {To: pdu.Address{Addr: strings.Repeat("1", 21)}},
	} {
		if _, err := x.Bytes(); err == nil {
			t.Errorf("%s: encoded", name)
		}
	}
}

func TestParts(t *testing.T) {
	tlv := func(ref []byte, total, number byte) []pdu.TLV {
		return []pdu.TLV{{Tag: pdu.TagPartsRef, Value: ref}, {Tag: pdu.TagPartsTotal, Value: []byte{total}}, {Tag: pdu.TagPartNumber, Value: []byte{number}}}
	}
	for name, c := range map[string]struct {
		sm   pdu.SM
		text string
		part pdu.Part
		bad  bool
	}{
		"whole":              {sm: pdu.SM{Message: []byte("hi")}, text: "hi"},
		"8 bits":             {sm: pdu.SM{Class: 0x40, Message: []byte("\x05\x00\x03\x2a\x02\x01hi")}, text: "hi", part: pdu.Part{Ref: 0x2a, Total: 2, Number: 1}},
		"16 bits":            {sm: pdu.SM{Class: 0x40, Message: []byte("\x06\x08\x04\x12\x34\x03\x03hi")}, text: "hi", part: pdu.Part{Ref: 0x1234, Total: 3, Number: 3}},
		"behind ports":       {sm: pdu.SM{Class: 0x40, Message: []byte("\x0b\x05\x04\x15\x81\x00\x00\x00\x03\x2a\x02\x02hi")}, text: "hi", part: pdu.Part{Ref: 0x2a, Total: 2, Number: 2}},
		"parameters":         {sm: pdu.SM{Message: []byte("hi"), TLVs: tlv([]byte{1, 2}, 2, 1)}, text: "hi", part: pdu.Part{Ref: 0x102, Total: 2, Number: 1}},
		"odd parameters":     {sm: pdu.SM{Message: []byte("hi"), TLVs: tlv([]byte{1}, 2, 1)}, text: "hi"},
		"number beyond":      {sm: pdu.SM{Class: 0x40, Message: []byte("\x05\x00\x03\x2a\x02\x03hi")}, text: "hi"},
		"number 0":           {sm: pdu.SM{Class: 0x40, Message: []byte("\x05\x00\x03\x2a\x02\x00hi")}, text: "hi"},
		"no header at all":   {sm: pdu.SM{Class: 0x40}, bad: true},
		"header is cut":      {sm: pdu.SM{Class: 0x40, Message: []byte("\x05\x00\x03\x2a")}, bad: true},
		"element is cut":     {sm: pdu.SM{Class: 0x40, Message: []byte("\x03\x00\x03\x2ahi")}, bad: true},
		"header and no text": {sm: pdu.SM{Class: 0x40, Message: []byte("\x05\x00\x03\x2a\x02\x01")}, part: pdu.Part{Ref: 0x2a, Total: 2, Number: 1}},
	} {
		text, part, err := c.sm.Text()
		if c.bad != errors.Is(err, pdu.ErrMalformed) || string(text) != c.text || part != c.part {
			t.Errorf("%s: %q, %+v, %v", name, text, part, err)
		}
	}
}

func TestAPayloadStandsForTheMessage(t *testing.T) {
	body, err := pdu.SM{TLVs: []pdu.TLV{{Tag: pdu.TagPayload, Value: bytes.Repeat([]byte("x"), 300)}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if x, err := pdu.ReadSM(body); err != nil || len(x.Message) != 300 {
		t.Errorf("%d octets, %v", len(x.Message), err)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	text := func(n int) *rapid.Generator[string] { return rapid.StringMatching(fmt.Sprintf(`[ -~]{0,%d}`, n)) }
	octet := rapid.Byte()
	rapid.Check(t, func(t *rapid.T) {
		a := func(name string) pdu.Address {
			return pdu.Address{TON: octet.Draw(t, name), NPI: octet.Draw(t, name), Addr: text(20).Draw(t, name)}
		}
		x := pdu.SM{ServiceType: text(5).Draw(t, "service"), From: a("from"), To: a("to"), Class: octet.Draw(t, "class"), Protocol: octet.Draw(t, "protocol"),
			Priority: octet.Draw(t, "priority"), Schedule: text(16).Draw(t, "schedule"), Validity: text(16).Draw(t, "validity"), Registered: octet.Draw(t, "registered"),
			Replace: octet.Draw(t, "replace"), Coding: octet.Draw(t, "coding"), Default: octet.Draw(t, "default"), Message: rapid.SliceOfN(octet, 1, 254).Draw(t, "message")}
		for range rapid.IntRange(0, 3).Draw(t, "parameters") {
			x.TLVs = append(x.TLVs, pdu.TLV{Tag: rapid.Uint16().Draw(t, "tag"), Value: rapid.SliceOfN(octet, 1, 70).Draw(t, "value")})
		}
		body, err := x.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		got, err := pdu.ReadSM(body)
		if err != nil || !reflect.DeepEqual(got, x) {
			t.Fatalf("%+v became %+v, %v", x, got, err)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{bindFrame, enquireFrame, submitFrame, partFrame, submitAnswer, throttled, inboundFrame} {
		f.Add(raw(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := pdu.Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		if !bytes.HasPrefix(b, p.Bytes()) {
			t.Fatalf("%x is written as %x", b, p.Bytes())
		}
		_, _ = pdu.ReadMessageID(p.Body)
		x, err := pdu.ReadSM(p.Body)
		if err != nil {
			return
		}
		if _, part, err := x.Text(); err == nil && part.Number > part.Total {
			t.Fatalf("part %d of %d", part.Number, part.Total)
		}
		if again, err := x.Bytes(); err == nil {
			if y, err := pdu.ReadSM(again); err != nil || !reflect.DeepEqual(x, y) {
				t.Fatalf("%+v became %+v, %v", x, y, err)
			}
		}
	})
}
