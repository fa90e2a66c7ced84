package smpp

import (
	"context"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp/pdu"
)

// Hurry lets an adapter hold parts for as long as is said, and everything else happen soon.
func Hurry(a adapters.Adapter, hold, parts time.Duration) {
	a.(*Adapter).pace = pace{first: 10 * time.Millisecond, most: 50 * time.Millisecond, refused: 100 * time.Millisecond,
		patience: 5 * time.Second, answer: 5 * time.Second, hold: hold, parts: parts}
}

// The codec, for its own tests.
var (
	Encode    = encode
	Decode    = decode
	Reference = reference
	Validity  = validity
)

// Deliver is what one deliver_sm means, and how it is answered.
func Deliver(body []byte) (events []adapters.Event, answers []pdu.Status) {
	acc := adapters.Account{Settings: map[string]string{}, Now: time.Now}
	in := newInbox(&Adapter{acc: acc, pace: usualPace(), book: newBook()}, func(_ context.Context, e []adapters.Event) error {
		events = append(events, e...)
		return nil
	})
	in.handle(context.Background(), []delivery{{body: body, answer: func(s pdu.Status) uint64 { answers = append(answers, s); return 0 }}})
	return events, answers
}
