// Package address is where a contact is reached: parse, normalise, mask. It is the one word shared with adapters.
package address

import (
	"errors"
	"fmt"
	"log/slog"
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

// Channels lists all channels, in the order in which pages and documents show them.
func Channels() []Channel {
	return []Channel{SMS, Zalo, WhatsApp, Viber, Messenger, Telegram, LINE, Web}
}

// Title is the channel's name as its makers write it.
func (c Channel) Title() string {
	switch c {
	case SMS, LINE:
		return strings.ToUpper(string(c))
	case WhatsApp:
		return "WhatsApp"
	case "":
		return ""
	}
	return strings.ToUpper(string(c[:1])) + string(c[1:])
}

// Tel is the scheme of telephone numbers, which SMS and WhatsApp share.
const Tel = "tel"

// Scheme is how an address on the channel begins. SMS and WhatsApp reach the same telephone number, so that a contact
// known by one is known by the other. (WhatsApp users who hide their number have an id under the scheme whatsapp.)
func (c Channel) Scheme() string {
	if c == SMS || c == WhatsApp {
		return Tel
	}
	return string(c)
}

// Carries reports whether the channel can reach a: whether the scheme is the channel's own, or, on WhatsApp, the id of
// a user who hides the number.
func (c Channel) Carries(a Address) bool {
	return a.Scheme == c.Scheme() || a.Scheme == string(c) && a.Scheme != ""
}

// Address is where a contact is reached: "tel:+84901234567", "zalo:<user id>". SMS and WhatsApp share tel.
type Address struct {
	Scheme string
	ID     string
}

// ErrInvalid is what the errors of Parse and Phone wrap. Their texts say what is wrong and never repeat the address,
// because such errors end up in logs.
var ErrInvalid = errors.New("invalid address")

const (
	idMax     = 128 // bytes; the longest ids that providers give out are Viber's and LINE's, well below
	digitsMin = 7   // Niue and Saint Helena
	digitsMax = 15  // E.164
)

// Parse reads scheme:id. A tel address must be in E.164 form; see Phone for what people type. Parse is called for every
// message: it checks the form only, looks nothing up, and allocates nothing.
func Parse(s string) (Address, error) {
	scheme, id, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || id == "" {
		return Address{}, fmt.Errorf("%w: must be scheme:id, such as tel:+84901234567", ErrInvalid)
	}
	scheme, ok = known(scheme)
	switch {
	case !ok:
		return Address{}, fmt.Errorf("%w: unknown scheme; must be one of tel, zalo, whatsapp, viber, messenger, telegram, line, web", ErrInvalid)
	case scheme == Tel:
		if !e164(id) {
			return Address{}, fmt.Errorf("%w: tel must be + and %d to %d digits, country code first, such as tel:+84901234567", ErrInvalid, digitsMin, digitsMax)
		}
	case len(id) > idMax:
		return Address{}, fmt.Errorf("%w: the %s id is longer than %d bytes", ErrInvalid, scheme, idMax)
	case !printable(id):
		return Address{}, fmt.Errorf("%w: the %s id may hold no spaces, control characters or letters beyond ASCII", ErrInvalid, scheme)
	case scheme == string(WhatsApp) && id[0] == '+':
		// One person must not get two addresses.
		return Address{}, fmt.Errorf("%w: a WhatsApp number is written tel:+...", ErrInvalid)
	}
	return Address{Scheme: scheme, ID: id}, nil
}

// known gives the constant for a scheme, so that an address does not keep a whole request alive by a substring of it.
func known(scheme string) (string, bool) {
	if scheme == Tel {
		return Tel, true
	}
	switch c := Channel(scheme); c {
	case Zalo, WhatsApp, Viber, Messenger, Telegram, LINE, Web:
		return string(c), true
	}
	return "", false
}

func e164(s string) bool {
	if len(s) < 1+digitsMin || len(s) > 1+digitsMax || s[0] != '+' || s[1] == '0' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// String is the address in its one written form; the zero address is the empty string.
func (a Address) String() string {
	if a.IsZero() {
		return ""
	}
	return a.Scheme + ":" + a.ID
}

// IsZero reports whether there is no address.
func (a Address) IsZero() bool { return a.Scheme == "" && a.ID == "" }

// Mask is the address for logs and lists: enough to tell two customers apart, not enough to write to one. At least four
// characters are hidden and at most three trailing ones shown: "tel:+8490•••567".
func (a Address) Mask() string {
	if a.IsZero() {
		return ""
	}
	const dots = "•••"
	id, plus, head := a.ID, "", 2
	if a.Scheme == Tel {
		id, plus, head = strings.TrimPrefix(id, "+"), "+", 4
	}
	shown := max(0, len(id)-4)
	tail := min(3, shown/2)
	head = min(head, shown-tail)
	return a.Scheme + ":" + plus + id[:head] + dots + id[len(id)-tail:]
}

// LogValue masks an address that is logged by mistake.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.Mask()) }

// MarshalText writes scheme:id, and nothing for the zero address.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (a *Address) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*a = Address{}
		return nil
	}
	x, err := Parse(string(b))
	if err != nil {
		return err
	}
	*a = x
	return nil
}
