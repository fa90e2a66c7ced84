package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that is never printed: whatever prints, marshals or logs it gets dots. string(s) is the text itself.
type Secret string

// hidden says nothing of the secret, not even how long it is.
const hidden = "•••"

func (s Secret) shown() string {
	if s == "" {
		return ""
	}
	return hidden
}

// String is dots.
func (s Secret) String() string { return s.shown() }

// GoString is dots.
func (s Secret) GoString() string { return `config.Secret("` + s.shown() + `")` }

// Format writes dots for every verb. Without it a wrong verb, such as %d, would print the text within its complaint.
func (s Secret) Format(f fmt.State, verb rune) {
	out := s.shown()
	if verb == 'v' && f.Flag('#') {
		out = s.GoString()
	}
	_, _ = io.WriteString(f, out)
}

// MarshalText gives dots, to JSON too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.shown()), nil }

// MarshalYAML gives dots.
func (s Secret) MarshalYAML() (any, error) { return s.shown(), nil }

// LogValue gives dots.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.shown()) }
