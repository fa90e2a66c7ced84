package meta

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

// Authentic gives ErrForged unless r's body is signed with the account's app_secret. It is the bytes that are signed: Meta
// writes letters beyond ASCII as \u escapes, so that JSON which was read and written again has another sum.
func Authentic(r adapters.Request, acc adapters.Account) error {
	return adapters.CheckHMAC(r.Header.Get(SignatureHeader), "sha256=", hex.EncodeToString, acc.Settings[settingSecret], r.Body)
}

// Decode reads a call about objects of a kind ("page"). One call may tell of many messages and receipts: what happened to each
// object is read by entry, which adds to d.
func Decode(r adapters.Request, acc adapters.Account, object string, entry func(d *adapters.Decoded, e Entry)) (d adapters.Decoded, err error) {
	if d, ours, err := Handshake(r, acc); ours {
		return d, err
	}
	if err := Authentic(r, acc); err != nil {
		return d, err
	}
	n, err := read(r)
	if err != nil {
		return d, err
	}
	if n.Object != object {
		Ignore(&d, "object "+n.Object, r.Body)
		return d, nil
	}
	for _, e := range n.Entries {
		entry(&d, e)
	}
	return d, nil
}

// notification is a webhook call: what happened to some objects, with pieces that each channel reads for itself.
type notification struct {
	Object  string  `json:"object"`
	Entries []Entry `json:"entry"`
}

// Entry is what happened to one object. Pieces of WhatsApp are Changes, those of Messenger Messaging.
type Entry struct {
	ID        ID                `json:"id"`
	Changes   []json.RawMessage `json:"changes"`
	Messaging []json.RawMessage `json:"messaging"`
	Standby   []json.RawMessage `json:"standby"` // of talks that another app of the page has in hand
}

// read reads an authentic call.
func read(r adapters.Request) (n notification, err error) {
	if err := json.Unmarshal(r.Body, &n); err != nil || n.Object == "" {
		return n, fmt.Errorf("%w: not a notification", adapters.ErrMalformed)
	}
	return n, nil
}

// Ignore sets a piece aside under the name kind.
func Ignore(d *adapters.Decoded, kind string, raw []byte) {
	d.Ignored = append(d.Ignored, adapters.Ignored{Kind: kind, Raw: raw})
}

// ID is an id, which Meta writes as a string and, in some examples and old versions, as a number: its digits are kept.
type ID string

// UnmarshalJSON reads a string or a number.
func (id *ID) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte(`"`)) {
		return json.Unmarshal(b, (*string)(id))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*id = ID(n)
	return nil
}

// Instant is a time, which Meta writes in seconds or milliseconds, as a number or a string.
type Instant struct{ time.Time }

// millis is where numbers are too large for seconds of this age.
const millis = 1e11

// UnmarshalJSON reads what is a time; anything else is the zero Instant, because a strange time is no reason to lose
// what somebody wrote.
func (i *Instant) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(string(bytes.Trim(b, `"`)), 10, 64)
	switch {
	case err != nil, n <= 0, n > math.MaxInt64/1000:
		*i = Instant{}
	case n > millis:
		*i = Instant{time.UnixMilli(n).UTC()}
	default:
		*i = Instant{time.Unix(n, 0).UTC()}
	}
	return nil
}

// Or is the instant, or at where it is not told.
func (i Instant) Or(at time.Time) time.Time {
	if i.IsZero() {
		return at
	}
	return i.Time
}
