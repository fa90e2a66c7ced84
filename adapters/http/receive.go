package http

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/hoidap/hoidap/adapters"
)

// receiving is how customers' messages are read.
type receiving struct {
	when, optOut, optIn         all
	from, text, id, time, media *source
}

// is reports whether an event is a customer's message.
func (r receiving) is(in scene) bool {
	if r.from == nil {
		return false
	}
	if r.when != nil {
		return r.when.hold(in)
	}
	_, from := r.from.text(in)
	_, text := r.text.text(in)
	return from && (text || len(r.media.all(in)) > 0)
}

// repeatWithin is how long the same text by the same person counts once, where nothing tells two of them apart.
const repeatWithin = 2 * time.Minute

// written reads what a customer did; why says what is missing.
func (a *Adapter) written(kind adapters.EventKind, in scene, c *call) (e adapters.Event, why string) {
	r := a.in.receive
	told, ok := r.from.text(in)
	if !ok {
		return e, "no receive_from"
	}
	e = adapters.Event{Kind: kind, At: a.in.clock.at(r.time, in, c.At), MessageID: r.id.value(in)}
	if e.From, ok = a.customer(told); !ok {
		return e, "no number"
	}
	if kind != adapters.OptIn {
		if e.Text, ok = decoded(r.text.value(in), a.acc.Settings["receive_encoding"]); !ok {
			return e, "receive_encoding"
		}
	}
	for _, v := range r.media.all(in) {
		if address, ok := scalar(v); ok && strings.HasPrefix(address, "https://") {
			e.Media = append(e.Media, adapters.Media{URL: address})
		}
	}
	if kind == adapters.Inbound && e.Text == "" && len(e.Media) == 0 {
		return e, "no receive_text"
	}
	if e.ID = string(kind) + "/" + e.MessageID; e.MessageID == "" {
		e.ID = string(kind) + "/" + adapters.ContentID(e.At, repeatWithin, e.From.String(), e.Text)
	}
	return e, ""
}

// decoded is a text as it was typed.
func decoded(text, encoding string) (string, bool) {
	var b []byte
	var err error
	switch encoding {
	case encBase64:
		b, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(text, " ", "+"))
	case encHexUCS2:
		if b, err = hex.DecodeString(text); err == nil && len(b)%2 == 0 {
			return ucs2(b), true
		}
		return "", false
	default:
		return text, true
	}
	return strings.ToValidUTF8(string(b), "\ufffd"), err == nil
}

func ucs2(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}
