// Package record is how contacts, events and messages are written as bytes. Each form begins with its version; older
// versions stay readable (testdata has one of each, and tests that read them).
package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// The first byte of every form.
const (
	version1 = '1' // JSON of the types by their names: read, and no longer written
	version2 = '2' // the wire format of protocol buffers: see coder
)

// ErrUnreadable is what decoding errors wrap: the bytes are of no version that is known, or damaged.
var ErrUnreadable = errors.New("stored form cannot be read")

// written is the form of x, which mostly fits into room bytes.
func written[T any](x *T, room int, form func(*coder, *T)) []byte {
	w := writer{coder: coder{out: make([]byte, 0, room)}}
	w.write()
	form(&w.coder, x)
	return w.out
}

// Writer writes forms one after the other in the same memory, where the functions of the same names use new memory each time: a
// form in bytes is to be copied before the next one is written. The zero Writer is ready. It is for one goroutine.
type Writer struct {
	writer     writer
	dialogue   Dialogue
	preference preferences.Preference
	entries    []preferences.Entry
	changes    []Field
	name       []byte // of the message at hand
}

// formed is the form of x, until the next one is written.
func formed[T any](w *Writer, x *T, form func(*coder, *T)) []byte {
	w.writer.write()
	form(&w.writer.coder, x)
	return w.writer.out
}

// Reader reads forms one after the other in the same memory, where the functions that begin with Read use new memory each time. The
// zero Reader is ready. It is for one goroutine.
type Reader struct{ reading reading }

// read reads what written has written, and older versions.
func read[T any](raw []byte, what string, form func(*coder, *T)) (x T, err error) {
	if len(raw) > 0 && raw[0] == version1 {
		return decodeJSON[T](raw, what)
	}
	c := coder{text: string(raw), raw: raw}
	return x, readInto(&c, &x, what, form)
}

// readField reads a field of a contact; c is there to be used again.
func readField[T any](c *coder, x *T, raw, what string, form func(*coder, *T)) (err error) {
	if strings.HasPrefix(raw, string(version1)) {
		*x, err = decodeJSON[T]([]byte(raw), what)
		return err
	}
	c.text, c.raw, c.tagged, c.depth, c.err = raw, append(c.raw[:0], raw...), false, 0, nil
	return readInto(c, x, what, form)
}

func readInto[T any](c *coder, x *T, what string, form func(*coder, *T)) error {
	if len(c.raw) == 0 || c.raw[0] != version2 {
		return fmt.Errorf("%s: %w: unknown version", what, ErrUnreadable)
	}
	c.at = 1
	form(c, x)
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

// jsonWriter writes in JSON what has no form of its own, each time in the same memory.
type jsonWriter struct {
	buffer  bytes.Buffer
	encoder *json.Encoder
}

func newJSONWriter() *jsonWriter {
	w := new(jsonWriter)
	w.encoder = json.NewEncoder(&w.buffer)
	w.encoder.SetEscapeHTML(false)
	return w
}

func (w *jsonWriter) write(x any) []byte {
	w.buffer.Reset()
	if err := w.encoder.Encode(x); err != nil {
		// Only values that JSON has no form for can fail (NaN, channels); what steps put into a ledger has none.
		panic(fmt.Sprintf("record: %T: %v", x, err))
	}
	return w.buffer.Bytes()[:w.buffer.Len()-1]
}
