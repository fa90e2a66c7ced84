// Package record is how contacts, events and messages are written as bytes. Each form begins with its version; older
// versions stay readable (testdata has one of each, and tests that read them).
package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// version is the first byte of every form: '1' is JSON of the types as they are named in this package.
const version = '1'

// ErrUnreadable is what decoding errors wrap: the bytes are of no version that is known, or damaged.
var ErrUnreadable = errors.New("stored form cannot be read")

func encode(x any) []byte {
	var b bytes.Buffer
	b.WriteByte(version)
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(x); err != nil {
		// Only values that JSON has no form for can fail (NaN, channels); the types of this package have none.
		panic(fmt.Sprintf("record: %T: %v", x, err))
	}
	return b.Bytes()[:b.Len()-1]
}

func decode[T any](raw []byte, what string) (x T, err error) {
	if len(raw) == 0 || raw[0] != version {
		return x, fmt.Errorf("%s: %w: unknown version", what, ErrUnreadable)
	}
	d := json.NewDecoder(bytes.NewReader(raw[1:]))
	if err := d.Decode(&x); err != nil {
		return x, fmt.Errorf("%s: %w: %w", what, ErrUnreadable, err)
	}
	return x, nil
}

// Core is a contact's stored form without its preferences, which are stored one by one.
func Core(c *preferences.Contact) []byte { return encode(c) }

// ReadCore reads it back.
func ReadCore(raw []byte) (*preferences.Contact, error) {
	c, err := decode[preferences.Contact](raw, "contact")
	return &c, err
}

// Preference is a preference's stored form.
func Preference(p preferences.Preference) []byte { return encode(p) }

// ReadPreference reads it back.
func ReadPreference(raw []byte) (preferences.Preference, error) {
	return decode[preferences.Preference](raw, "preference")
}

// Entry is a ledger entry's stored form.
func Entry(e preferences.Entry) []byte { return encode(e) }

// ReadEntry reads it back.
func ReadEntry(raw []byte) (preferences.Entry, error) {
	return decode[preferences.Entry](raw, "ledger entry")
}

// Dialogue is what is kept of a contact beside who they are: the stored form of the rest of campaigns.State.
type Dialogue struct {
	Conversation *campaigns.Conversation `json:"conversation,omitempty"`
	Waiting      []campaigns.Waiting     `json:"waiting,omitempty"`
	Messages     []campaigns.Message     `json:"messages,omitempty"`
	Early        []campaigns.Report      `json:"early,omitempty"`
	Seq          int64                   `json:"seq,omitempty"`
	Greeted      time.Time               `json:"greeted,omitzero"`
}

// Outbound is a queued message's stored form.
func Outbound(o campaigns.Outbound) []byte { return encode(o) }

// ReadOutbound reads it back.
func ReadOutbound(raw []byte) (campaigns.Outbound, error) {
	return decode[campaigns.Outbound](raw, "outbound message")
}

// InboxItem is an inbox item's stored form.
func InboxItem(i campaigns.InboxItem) []byte { return encode(i) }

// ReadInboxItem reads it back.
func ReadInboxItem(raw []byte) (campaigns.InboxItem, error) {
	return decode[campaigns.InboxItem](raw, "inbox item")
}

// Result is the stored form of what became of an edit.
func Result(r campaigns.Result) []byte { return encode(r) }

// ReadResult reads it back.
func ReadResult(raw []byte) (campaigns.Result, error) {
	return decode[campaigns.Result](raw, "result")
}
