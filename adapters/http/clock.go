package http

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// The time formats that are not layouts.
const (
	timeRFC3339 = "rfc3339"
	timeUnix    = "unix"
	timeUnixMS  = "unix_ms"
)

// clock reads a provider's times.
type clock struct {
	format string
	zone   *time.Location
}

func parseTimeFormat(v string) (string, error) {
	if v == timeRFC3339 || v == timeUnix || v == timeUnixMS {
		return v, nil
	}
	noon := time.Date(2031, 11, 23, 12, 34, 56, 0, time.UTC)
	if got, err := time.Parse(v, noon.Format(v)); err != nil || got.Truncate(time.Minute) != noon.Truncate(time.Minute) {
		return "", errors.New("must be rfc3339, unix, unix_ms, or 2 January 2006, 15:04:05 as the provider writes it, such as 20060102150405")
	}
	return v, nil
}

func newClock(set map[string]string) clock {
	z, _ := time.LoadLocation(set["time_zone"]) // checked before
	if z == nil {
		z = time.UTC
	}
	return clock{set["time_format"], z}
}

// read gives the time that v tells; false where it tells none.
func (c clock) read(v string) (time.Time, bool) {
	switch c.format {
	case timeUnix, timeUnixMS:
		whole, _, _ := strings.Cut(v, ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil || n <= 0 || n > 1<<46 {
			return time.Time{}, false
		}
		if c.format == timeUnixMS {
			return time.UnixMilli(n).UTC(), true
		}
		return time.Unix(n, 0).UTC(), n < 1<<36
	case timeRFC3339:
		t, err := time.Parse(time.RFC3339, v)
		return t.UTC(), err == nil
	}
	t, err := time.ParseInLocation(c.format, v, c.zone)
	return t.UTC(), err == nil
}

// at is the time that stands there, or otherwise.
func (c clock) at(s *source, in scene, otherwise time.Time) time.Time {
	v, ok := s.text(in)
	if !ok {
		return otherwise
	}
	if t, ok := c.read(v); ok {
		return t
	}
	return otherwise
}
