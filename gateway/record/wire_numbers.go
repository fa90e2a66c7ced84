package record

import (
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

func (c *coder) uint() uint64 {
	if c.typ != protowire.VarintType {
		c.wrong("field %d is no whole number", c.num)
		return 0
	}
	v, n := protowire.ConsumeVarint(c.raw[c.at:])
	if n < 0 {
		c.fail(n)
		return 0
	}
	c.at += n
	return v
}

// flag is a bool.
func (c *coder) flag(n field, v *bool) {
	if c.writing {
		if *v {
			c.tag(n, protowire.VarintType)
			c.out = append(c.out, 1)
		}
		return
	}
	if c.has(n) {
		*v = c.uint() != 0
	}
}

// whole is a whole number.
func whole[T ~int | ~int64](c *coder, n field, v *T) {
	if c.writing {
		if *v != 0 {
			c.tag(n, protowire.VarintType)
			c.out = protowire.AppendVarint(c.out, protowire.EncodeZigZag(int64(*v)))
		}
		return
	}
	if c.has(n) {
		*v = T(protowire.DecodeZigZag(c.uint()))
	}
}

// number is a float64; whole ones are short.
func (c *coder) number(n field, v *float64) {
	if c.writing {
		if *v != 0 {
			c.putNumber(n, *v)
		}
		return
	}
	if c.has(n) {
		*v = c.getNumber()
	}
}

// bound is a float64 that may be absent.
func (c *coder) bound(n field, v **float64) {
	if c.writing {
		if *v != nil {
			c.putNumber(n, **v)
		}
		return
	}
	if c.has(n) {
		x := c.getNumber()
		*v = &x
	}
}

const exactMax = 1 << 53 // beyond it a float64 does not tell whole numbers apart

func (c *coder) putNumber(n field, x float64) {
	if x == math.Trunc(x) && math.Abs(x) < exactMax && !(x == 0 && math.Signbit(x)) {
		c.tag(n, protowire.VarintType)
		c.out = protowire.AppendVarint(c.out, protowire.EncodeZigZag(int64(x)))
		return
	}
	c.tag(n, protowire.Fixed64Type)
	c.out = protowire.AppendFixed64(c.out, math.Float64bits(x))
}

func (c *coder) getNumber() float64 {
	if c.typ == protowire.VarintType {
		return float64(protowire.DecodeZigZag(c.uint()))
	}
	return math.Float64frombits(c.fixed())
}

func (c *coder) fixed() uint64 {
	if c.typ != protowire.Fixed64Type {
		c.wrong("field %d is no number", c.num)
		return 0
	}
	v, n := protowire.ConsumeFixed64(c.raw[c.at:])
	if n < 0 {
		c.fail(n)
		return 0
	}
	c.at += n
	return v
}

// The units of a time that is a varint; one of nanoseconds is fixed64.
const (
	inSeconds = iota
	inMillis
	inMicros
)

// Between these years nanoseconds fit.
const (
	nanosFrom = 1678
	nanosTo   = 2261
)

// moment is a time, exact to the nanosecond in the years in which int64 can tell them, and else to the microsecond. It
// is read as UTC.
func (c *coder) moment(n field, v *time.Time) {
	if c.writing {
		if !v.IsZero() {
			c.putMoment(n, *v)
		}
		return
	}
	if c.has(n) {
		*v = c.getMoment()
	}
}

func (c *coder) putMoment(n field, t time.Time) {
	ns, year := t.Nanosecond(), t.Year()
	var v int64
	var unit uint64
	switch {
	case ns == 0:
		v, unit = t.Unix(), inSeconds
	case ns%1e6 == 0:
		v, unit = t.UnixMilli(), inMillis
	case ns%1e3 == 0, year < nanosFrom, year > nanosTo:
		v, unit = t.UnixMicro(), inMicros
	default:
		c.tag(n, protowire.Fixed64Type)
		c.out = protowire.AppendFixed64(c.out, uint64(t.UnixNano()))
		return
	}
	c.tag(n, protowire.VarintType)
	c.out = protowire.AppendVarint(c.out, protowire.EncodeZigZag(v)<<2|unit)
}

func (c *coder) getMoment() time.Time {
	if c.typ == protowire.Fixed64Type {
		return time.Unix(0, int64(c.fixed())).UTC()
	}
	x := c.uint()
	v := protowire.DecodeZigZag(x >> 2)
	switch x & 3 {
	case inSeconds:
		return time.Unix(v, 0).UTC()
	case inMillis:
		return time.UnixMilli(v).UTC()
	default:
		return time.UnixMicro(v).UTC()
	}
}

// dated is a time whose offset from UTC counts: what somebody else's clock showed.
func (c *coder) dated(n field, v *time.Time) {
	c.moment(n, v)
	_, offset := v.Zone()
	whole(c, n+1, &offset)
	if !c.writing && offset != 0 {
		*v = v.In(time.FixedZone("", offset))
	}
}
