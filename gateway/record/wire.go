package record

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// coder writes or reads one form in the wire format of protocol buffers: numbered fields, of which empty ones are left
// out. A form is described once, by a function that names its fields in ascending order; the same function writes and
// reads it. A reader passes over numbers that it does not know, so a form may get new fields under new numbers; a number
// is never used for something else.
//
// Two things are particular. Parts of a form are groups, not length-delimited messages, so that nothing that is written
// ever moves. And a text that the same form has already is written as the place of the first one (a varint in the place
// of bytes), since ids and texts stand in several parts.
type coder struct {
	writing bool
	depth   int // how many parts are open

	out    []byte  // writing: the form so far
	shared *shared // writing: the texts in it
	pairs  []pair  // writing: those of the maps that are open
	json   *jsonWriter

	text   string // reading: the form
	raw    []byte // the same
	at     int    // how far it has been read
	num    field  // the next field, where tagged
	typ    protowire.Type
	tagged bool
	err    error
}

// writer is a coder that writes, with room for the places of its texts: one that reads needs none.
type writer struct {
	coder
	texts shared
}

// write begins a form in the buffer of the one before.
func (w *writer) write() {
	w.writing, w.out, w.shared, w.depth = true, append(w.out[:0], version2), &w.texts, 0
	w.texts.n, w.texts.first = 0, [chains]uint8{}
}

// shared is where the texts of a form begin that may be referred to. Those of which length and two bytes are alike are in one chain, so
// that few have to be looked at. Texts are counted from 1 on; 0 is none.
type shared struct {
	n     int
	at    [sharedMax]uint32
	next  [sharedMax]uint8 // in the chain
	first [chains]uint8    // of each chain
}

const chains = 64

func chainOf(s string) int { return (len(s) ^ int(s[len(s)-1])<<2 ^ int(s[len(s)/2])) % chains }

// add remembers that s begins at a place.
func (x *shared) add(s string, at int) {
	if x.n == sharedMax {
		return
	}
	chain := &x.first[chainOf(s)]
	x.at[x.n], x.next[x.n] = uint32(at), *chain
	x.n++
	*chain = uint8(x.n)
}

// find is where s begins in a form.
func (x *shared) find(form []byte, s string) (at uint32, ok bool) {
	for i := x.first[chainOf(s)]; i > 0; i = x.next[i-1] {
		at = x.at[i-1]
		size, k := protowire.ConsumeVarint(form[at:])
		from := int(at) + k
		if size == uint64(len(s)) && string(form[from:from+len(s)]) == s {
			return at, true
		}
	}
	return 0, false
}

// field is the number of a field in its form or part.
type field = protowire.Number

const (
	sharedMin = 4  // bytes of a text that is worth a reference
	sharedMax = 64 // texts of a form that are remembered for references: a bound on the work of very large forms
	listMax   = 1 << 17
	depthMax  = 25_000 // parts within parts: JSON from outside goes 10,000 deep, with two parts a level
)

// fail makes everything that is still to be read absent.
func (c *coder) fail(n int) {
	if c.err == nil {
		c.err = protowire.ParseError(n)
	}
	c.tagged, c.at = false, len(c.raw)
}

func (c *coder) wrong(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
	c.tagged, c.at = false, len(c.raw)
}

// peek reads the next tag. It reports false at the end of the form.
func (c *coder) peek() bool {
	if c.tagged {
		return true
	}
	if c.at >= len(c.raw) {
		return false
	}
	if b := c.raw[c.at]; b >= 1<<3 && b < 0x80 { // nearly all
		c.num, c.typ, c.tagged = field(b>>3), protowire.Type(b&7), true
		c.at++
		return true
	}
	num, typ, n := protowire.ConsumeTag(c.raw[c.at:])
	if n < 0 {
		c.fail(n)
		return false
	}
	c.num, c.typ, c.tagged = num, typ, true
	c.at += n
	return true
}

// skip passes over the value of the field whose tag was read.
func (c *coder) skip() {
	n := protowire.ConsumeFieldValue(c.num, c.typ, c.raw[c.at:])
	if n < 0 {
		c.fail(n)
		return
	}
	c.at, c.tagged = c.at+n, false
}

// has goes to field n, and reports whether it is there.
func (c *coder) has(n field) bool {
	for c.peek() && c.typ != protowire.EndGroupType {
		if c.num == n {
			c.tagged = false
			return true
		}
		if c.num > n {
			return false
		}
		c.skip()
	}
	return false
}

func (c *coder) tag(n field, typ protowire.Type) {
	if n < 1<<4 { // nearly all
		c.out = append(c.out, byte(n)<<3|byte(typ))
		return
	}
	c.out = protowire.AppendTag(c.out, n, typ)
}

// begin opens part n. In writing it does so where present; in reading it reports whether the part is there.
func (c *coder) begin(n field, present bool) bool {
	switch {
	case c.writing && !present, !c.writing && !c.has(n):
		return false
	case c.writing:
		c.tag(n, protowire.StartGroupType)
	case c.typ != protowire.StartGroupType:
		c.wrong("field %d is no part", n)
		return false
	case c.depth >= depthMax:
		c.wrong("parts within parts without end")
		return false
	}
	c.depth++
	return true
}

// finish closes part n, which begin has opened.
func (c *coder) finish(n field) {
	c.depth--
	if c.writing {
		c.tag(n, protowire.EndGroupType)
		return
	}
	for c.peek() {
		if c.typ != protowire.EndGroupType {
			c.skip()
			continue
		}
		if c.num != n {
			c.wrong("part %d ends as %d", n, c.num)
		}
		c.tagged = false
		return
	}
	c.wrong("part %d has no end", n)
}

// rest passes over what is left of the form.
func (c *coder) rest() {
	for c.peek() {
		c.skip()
	}
}

// words is a text that is left out where it is empty.
func words[T ~string](c *coder, n field, v *T) {
	if c.writing {
		if *v != "" {
			c.putText(n, string(*v))
		}
		return
	}
	if c.has(n) {
		*v = T(c.getText())
	}
}

// texts is a list of texts.
func (c *coder) texts(n field, v *[]string) {
	if c.writing {
		for _, s := range *v {
			c.putText(n, s)
		}
		return
	}
	for c.has(n) {
		*v = append(*v, c.getText())
	}
}

// putText writes valid UTF-8, as JSON would.
func (c *coder) putText(n field, s string) {
	if len(s) >= sharedMin && c.refer(n, s) {
		return // it was looked at then
	}
	if !utf8.ValidString(s) {
		c.putText(n, strings.ToValidUTF8(s, "\uFFFD"))
		return
	}
	c.tag(n, protowire.BytesType)
	at := len(c.out)
	c.out = protowire.AppendString(c.out, s)
	if len(s) >= sharedMin {
		c.shared.add(s, at)
	}
}

// refer writes the place of a text that stands in the form already. It reports false where there is none.
func (c *coder) refer(n field, s string) bool {
	at, ok := c.shared.find(c.out, s)
	if ok {
		c.tag(n, protowire.VarintType)
		c.out = protowire.AppendVarint(c.out, uint64(at))
	}
	return ok
}

func (c *coder) getText() string {
	if c.typ == protowire.VarintType {
		from := c.at
		at := c.uint()
		if at >= uint64(from) {
			c.wrong("a text refers to what comes after it")
			return ""
		}
		s, _ := c.textAt(int(at))
		return s
	}
	if c.typ != protowire.BytesType {
		c.wrong("field %d is no text", c.num)
		return ""
	}
	s, n := c.textAt(c.at)
	c.at += n
	return s
}

// textAt is the text that begins at a place, and how long it is with its length.
func (c *coder) textAt(at int) (string, int) {
	b, n := protowire.ConsumeBytes(c.raw[at:])
	if n < 0 {
		c.fail(n)
		return "", 0
	}
	return c.text[at+n-len(b) : at+n], n
}

// each is a list of parts.
func each[T any](c *coder, n field, list *[]T, form func(*coder, *T)) {
	for i := 0; c.begin(n, i < len(*list)); i++ {
		if !c.writing {
			if i >= listMax {
				c.wrong("field %d has more than %d parts", n, listMax)
				return
			}
			var x T
			*list = append(*list, x)
		}
		form(c, &(*list)[i])
		c.finish(n)
	}
}

// maybe is a part that a pointer leads to. It is read to where the pointer leads, if anywhere; nil: there is none.
func maybe[T any](c *coder, n field, v **T, form func(*coder, *T)) {
	if !c.begin(n, *v != nil) {
		if !c.writing { // what is written may be looked at elsewhere at the same time
			*v = nil
		}
		return
	}
	if *v == nil {
		*v = new(T)
	}
	form(c, *v)
	c.finish(n)
}
