// Package address is where a contact is reached: parse, normalise, mask. It is the one word shared with adapters.
package address

import (
	"errors"
	"fmt"
	"strings"
)

// Channel is a kind of transport.
type Channel string

// The channels.
const (
	SMS       Channel = "sms"
	Zalo      Channel = "zalo"
	WhatsApp  Channel = "whatsapp"
	Viber     Channel = "viber"
	Messenger Channel = "messenger"
	Telegram  Channel = "telegram"
	LINE      Channel = "line"
	Web       Channel = "web"
)

// Address is where a contact is reached: "tel:+84901234567", "zalo:<user id>". SMS and WhatsApp share tel.
type Address struct {
	Scheme string
	ID     string
}

// ErrInvalid is what Parse's errors wrap.
var ErrInvalid = errors.New("invalid address")

// Parse reads scheme:id. A tel address must be in E.164 form; see Phone for what people type.
func Parse(s string) (Address, error) {
	scheme, id, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || id == "" {
		return Address{}, fmt.Errorf("%w: %q must be scheme:id, such as tel:+84901234567", ErrInvalid, clip(s))
	}
	return Address{}, nil
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}

// String is the address in its one written form.
func (a Address) String() string { return a.Scheme + ":" + a.ID }

// IsZero reports whether there is no address.
func (a Address) IsZero() bool { return a.Scheme == "" }

// MarshalText writes scheme:id.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads scheme:id.
func (a *Address) UnmarshalText(b []byte) error {
	x, err := Parse(string(b))
	if err != nil {
		return err
	}
	*a = x
	return nil
}
