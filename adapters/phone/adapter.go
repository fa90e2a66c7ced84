package phone

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// TokenHeader carries the account's token in calls of the webhook.
const TokenHeader = "X-Phone-Token"

// reportsMax bounds the reports that wait for Listen; the oldest go first.
const reportsMax = 10_000

// textMax is the longest text that one Send shows, in UTF-16 units: that of the channels it plays.
const textMax = 1600

// again is how long Listen waits after the gateway could not keep the reports.
const again = time.Second

// Type describes the phone as an adapter whose accounts are shown by hub.
func Type(hub *Phone) adapters.Type {
	return adapters.Type{
		Name:     "phone",
		Doc:      "A phone in the browser that plays the customer, for demos and tests. Nothing leaves the machine.",
		Channels: address.Channels(),
		Settings: []adapters.Setting{
			{Name: "token", Doc: "What calls of the webhook must carry in the header " + TokenHeader + ". Left out: a random one, so that nobody can call.", Example: "${PHONE_TOKEN}", Secret: true, Check: adapters.OneWord},
		},
		Open: func(acc adapters.Account) (adapters.Adapter, error) { return open(hub, acc) },
	}
}

// account is one sender that shows its messages on the hub's phones.
type account struct {
	hub     *Phone
	id      string
	channel address.Channel
	token   string

	mu      sync.Mutex
	reports []adapters.Event
	waiting chan struct{} // holds a token while there are reports
}

var (
	_ adapters.Adapter  = (*account)(nil)
	_ adapters.Listener = (*account)(nil)
)

func open(hub *Phone, acc adapters.Account) (adapters.Adapter, error) {
	if hub == nil {
		return nil, errors.New("there is no phone to show messages on")
	}
	if acc.Channel.Scheme() == "" {
		return nil, errors.New("channel is missing")
	}
	token := acc.Settings["token"]
	if err := adapters.OneWord(token); err != nil {
		return nil, fmt.Errorf("token %w", err)
	}
	if token == "" {
		token = rand.Text()
	}
	return &account{hub: hub, id: acc.ID, channel: acc.Channel, token: token, waiting: make(chan struct{}, 1)}, nil
}

// Capabilities says what the phone shows: everything that any channel has, so that the demo shows what answers look like
// at their best. Reports reach Read, by Listen.
func (a *account) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{
		Inbound:  true,
		Carries:  []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax:  textMax,
		Options:  adapters.OptionLimits{Max: 10, LabelMax: 40, PayloadMax: 64},
		MediaMax: 10,
		Reports:  adapters.Read,
		Repeat:   adapters.Keyed,
		InFlight: 32,
	}
}

// Send shows m on the phone of its recipient. The same Message.ID is shown once, as long as the phone remembers it.
func (a *account) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := ctx.Err(); err != nil {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Transient, Detail: "gave up before sending", Err: err}
	}
	if !a.channel.Carries(m.To) {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Recipient, Detail: "the address does not belong to this channel"}
	}
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	return adapters.Sent{IDs: []string{a.hub.deliver(a, m)}, Units: 1}, nil
}

// tell keeps a report until Listen hands it over. It never blocks, because the hub is locked.
func (a *account) tell(e adapters.Event) {
	a.mu.Lock()
	if len(a.reports) >= reportsMax {
		a.reports = a.reports[1:]
	}
	a.reports = append(a.reports, e)
	a.mu.Unlock()
	a.wake()
}

func (a *account) wake() {
	select {
	case a.waiting <- struct{}{}:
	default:
	}
}

// Listen hands over what became of the messages until ctx ends. Reports that could not be kept are handed over again.
func (a *account) Listen(ctx context.Context, accept func(context.Context, []adapters.Event) error) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-a.waiting:
		}
		a.mu.Lock()
		events := a.reports
		a.reports = nil
		a.mu.Unlock()
		if len(events) == 0 || accept(ctx, events) == nil {
			continue
		}
		a.mu.Lock()
		a.reports = append(events, a.reports...)
		a.mu.Unlock()
		if err := pause(ctx, again); err != nil {
			return err
		}
		a.wake()
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// typed is what the browser posts.
type typed struct {
	From    address.Address `json:"from"`
	Text    string          `json:"text"`
	Payload string          `json:"payload"`
	ID      string          `json:"id"` // repeats of the same one count once; left out: made of the request's time and words
	Name    string          `json:"name"`
}

// idMax is the length of an id from outside, in bytes.
const idMax = 64

// Decode reads what the customer typed or tapped.
func (a *account) Decode(r adapters.Request) (adapters.Decoded, error) {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(TokenHeader)), []byte(a.token)) != 1 {
		return adapters.Decoded{}, adapters.ErrForged
	}
	if r.Method != http.MethodPost {
		return adapters.Decoded{}, malformed("not a POST")
	}
	var in typed
	d := json.NewDecoder(bytes.NewReader(r.Body))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return adapters.Decoded{}, malformed("not the phone's JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return adapters.Decoded{}, malformed("more than one value")
	}
	switch {
	case in.From.IsZero():
		return adapters.Decoded{}, malformed("no from")
	case !a.channel.Carries(in.From):
		return adapters.Decoded{}, malformed("from does not belong to this channel")
	case in.Text == "" && in.Payload == "":
		return adapters.Decoded{}, malformed("no text")
	case len(in.ID) > idMax:
		return adapters.Decoded{}, malformed("the id is too long")
	case in.ID == "":
		sum := sha256.Sum256(append(r.At.AppendFormat(nil, time.RFC3339Nano), r.Body...))
		in.ID = "typed-" + hex.EncodeToString(sum[:8])
	}
	return adapters.Decoded{Events: []adapters.Event{{
		Kind: adapters.Inbound, ID: in.ID, MessageID: in.ID, From: in.From, At: r.At, Text: in.Text, Payload: in.Payload, Name: in.Name,
	}}}, nil
}

func malformed(why string) error { return fmt.Errorf("%w: %s", adapters.ErrMalformed, why) }
