// Package record is how contacts, events and messages are written as bytes. Each form begins with its version; older
// versions stay readable (testdata has one of each, and tests that read them).
package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// The first byte of every form.
const (
	version1 = '1' // JSON of the types by their names: read, and no longer written
	version2 = '2' // the wire format of protocol buffers: see coder
)

// ErrUnreadable is what decoding errors wrap: the bytes are of no version that is known, or damaged.
var ErrUnreadable = errors.New("stored form cannot be read")

// written is the form of x.
func written[T any](x *T, form func(*coder, *T)) []byte {
	c := writer(make([]byte, 0, 256))
	form(&c, x)
	return c.out
}

func writer(buffer []byte) coder {
	return coder{writing: true, out: append(buffer, version2)}
}

// read reads what written has written, and older versions.
func read[T any](raw, what string, form func(*coder, *T)) (x T, err error) {
	switch {
	case raw != "" && raw[0] == version1:
		return decodeJSON[T]([]byte(raw), what)
	case raw == "" || raw[0] != version2:
		return x, fmt.Errorf("%s: %w: unknown version", what, ErrUnreadable)
	}
	return x, readInto(&x, raw, what, form)
}

// readInto reads version 2.
func readInto[T any](x *T, raw, what string, form func(*coder, *T)) error {
	c := coder{text: raw, raw: []byte(raw), at: 1}
	form(&c, x)
	c.rest()
	if c.err != nil {
		return fmt.Errorf("%s: %w: %w", what, ErrUnreadable, c.err)
	}
	return nil
}

func decodeJSON[T any](raw []byte, what string) (x T, err error) {
	d := json.NewDecoder(bytes.NewReader(raw[1:]))
	if err := d.Decode(&x); err != nil {
		return x, fmt.Errorf("%s: %w: %w", what, ErrUnreadable, err)
	}
	return x, nil
}

// encodeJSON writes what has no form of its own.
func encodeJSON(x any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(x); err != nil {
		// Only values that JSON has no form for can fail (NaN, channels); what steps put into a ledger has none.
		panic(fmt.Sprintf("record: %T: %v", x, err))
	}
	return b.Bytes()[:b.Len()-1]
}
