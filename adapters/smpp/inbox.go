package smpp

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp/pdu"
	"github.com/hoidap/hoidap/preferences/address"
)

const (
	inboxMost  = 256                    // messages of the centre that wait to be stored; more are asked to come later
	batchMost  = 64                     // stored at once
	storeMost  = 20 * time.Second       // for a batch
	inboxTicks = 250 * time.Millisecond // between two looks at parts that wait
)

// permanent tells the centre that a message will never be read: it need not deliver it again.
const permanent pdu.Status = 0x65

// delivery is one deliver_sm with its answer, which is given once.
type delivery struct {
	body   []byte
	link   *link
	answer func(pdu.Status) (frame uint64) // which frame of ours the answer is
}

// inbox makes what the centre delivers durable, and answers only then. One goroutine, from run to its end.
type inbox struct {
	a      *Adapter
	accept func(context.Context, []adapters.Event) error
	queue  chan delivery
	joins  *joins
	seen   *seen
}

func newInbox(a *Adapter, accept func(context.Context, []adapters.Event) error) *inbox {
	return &inbox{a: a, accept: accept, queue: make(chan delivery, inboxMost), joins: newJoins(a.pace.hold, a.pace.parts), seen: newSeen()}
}

// put is false where too many wait.
func (in *inbox) put(d delivery) bool {
	select {
	case in.queue <- d:
		return true
	default:
		return false
	}
}

func (in *inbox) run(ctx context.Context) {
	tick := time.NewTicker(inboxTicks)
	defer tick.Stop()
	for {
		var some []delivery
		select {
		case d := <-in.queue:
			some = in.more(d)
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		in.handle(ctx, some)
	}
}

// more is a delivery with those that wait behind it.
func (in *inbox) more(d delivery) []delivery {
	some := []delivery{d}
	for len(some) < batchMost {
		select {
		case d := <-in.queue:
			some = append(some, d)
		default:
			return some
		}
	}
	return some
}

// news is an event that waits to be stored, with what is to be done when it is.
type news struct {
	event  adapters.Event
	answer func(stored bool)
}

// handle stores what was delivered, and answers it.
func (in *inbox) handle(ctx context.Context, some []delivery) {
	now := in.a.acc.Now()
	var all []news
	for _, d := range some {
		all = append(all, in.read(d, now)...)
	}
	for _, j := range in.joins.due(now) {
		all = append(all, in.joined(j, now)...)
	}
	if len(all) == 0 {
		return
	}
	events := make([]adapters.Event, len(all))
	for i, n := range all {
		events[i] = n.event
	}
	ctx, cancel := context.WithTimeout(ctx, storeMost)
	defer cancel()
	err := in.accept(ctx, events)
	for _, n := range all {
		n.answer(err == nil)
	}
}

// read is what a delivery means. What is answered at once, or waits for more, gives no news.
func (in *inbox) read(d delivery, now time.Time) []news {
	sm, err := pdu.ReadSM(d.body)
	if err != nil {
		d.answer(permanent)
		return nil
	}
	if sm.Receipt() {
		return in.receipt(d, sm, now)
	}
	text, part, err := sm.Text()
	if err != nil {
		d.answer(permanent)
		return nil
	}
	var all []news
	for _, j := range in.joins.add(d, sm, text, part, now) {
		all = append(all, in.joined(j, now)...)
	}
	return all
}

// joined is a customer's text that is whole, or as whole as it will be.
func (in *inbox) joined(j *join, now time.Time) []news {
	from, known := in.a.customer(j.from)
	text, readable := j.text(in.a.setting("alphabet"))
	if !known || !readable {
		in.joins.answer(j, permanent, now)
		return nil
	}
	x := in.seen.note(j, now)
	e := adapters.Event{Kind: adapters.Inbound, ID: x.id, From: from, At: now, Text: text}
	return []news{{e, func(stored bool) {
		if stored {
			x.stored(in.joins.answer(j, pdu.OK, now))
		} else {
			x.failed = true
			in.joins.answer(j, pdu.TryAgain, now)
		}
	}}}
}

func (in *inbox) receipt(d delivery, sm pdu.SM, now time.Time) []news {
	r, ok := readReceipt(sm)
	if !ok {
		d.answer(permanent)
		return nil
	}
	s, known := states[r.state]
	if !known {
		d.answer(pdu.OK) // a state that the protocol does not have tells nothing
		return nil
	}
	e := adapters.Event{Kind: adapters.Report, At: now, Theirs: in.a.idOf(r.id, true), Status: s.status, Fault: s.fault, Code: r.code}
	e.ID = e.Theirs + ":" + r.state
	e.From, _ = in.a.customer(sm.From)
	return []news{{e, func(stored bool) {
		if stored {
			d.answer(pdu.OK)
		} else {
			d.answer(pdu.TryAgain)
		}
	}}}
}

// receipt is what became of one message, or of one part.
type receipt struct {
	id, state, code string
}

// readReceipt reads the optional parameters, and the text where there are none (SMPP 3.4, appendix B); false where no
// message is named.
func readReceipt(sm pdu.SM) (r receipt, ok bool) {
	text := plain(sm.Message)
	r.id, r.state, r.code = field(text, "id:"), strings.ToUpper(field(text, "stat:")), field(text, "err:")
	if v, ok := sm.TLV(pdu.TagReceiptedMessageID); ok {
		if id := strings.TrimSpace(strings.TrimRight(plain(v), "\x00")); id != "" {
			r.id = id
		}
	}
	if v, ok := sm.TLV(pdu.TagMessageState); ok && len(v) == 1 && stateNumbers[v[0]] != "" {
		r.state = stateNumbers[v[0]]
	}
	if v, ok := sm.TLV(pdu.TagNetworkError); ok && len(v) == 3 && r.code == "" {
		r.code = strconv.Itoa(int(v[1])<<8 | int(v[2]))
	}
	if strings.Trim(r.code, "0") == "" {
		r.code = ""
	}
	return r, r.id != "" && len(r.id) <= 64
}

// plain is a receipt's text in ASCII, which all that we read in it is: octet for octet, with ? for what else there may be.
func plain(b []byte) string {
	out := make([]byte, len(b))
	for i, c := range b {
		if out[i] = c; c > '~' {
			out[i] = '?'
		}
	}
	return string(out)
}

// field is a word of a receipt's text.
func field(text, name string) string {
	lower := strings.ToLower(text)
	for from := 0; ; {
		i := strings.Index(lower[from:], name)
		if i < 0 {
			return ""
		}
		at := from + i
		from = at + len(name)
		if at == 0 || lower[at-1] == ' ' {
			word, _, _ := strings.Cut(text[from:], " ")
			return word
		}
	}
}

// idOf writes a message's id in the form of receipts.
func (a *Adapter) idOf(id string, receipt bool) string {
	id = strings.TrimSpace(id)
	form, base, to := a.setting("receipt_ids"), 10, 10
	switch {
	case form == "same":
		return id
	case form == "decimal" && !receipt:
		base = 16
	case form == "hex" && receipt:
		base, to = 16, 16
	case form == "hex":
		to = 16
	}
	n, err := strconv.ParseUint(id, base, 64)
	if err != nil {
		return id
	}
	return strconv.FormatUint(n, to)
}

// customer is the address of a number that the centre tells.
func (a *Adapter) customer(n pdu.Address) (address.Address, bool) {
	number := strings.TrimPrefix(n.Addr, "+")
	if !digits(number) {
		return address.Address{}, false
	}
	if n.TON == tonNational || number[0] == '0' {
		at, err := address.Phone(strings.TrimPrefix(n.Addr, "+"), a.setting("country"))
		return at, err == nil
	}
	at, err := address.Parse(address.Tel + ":+" + number)
	return at, err == nil
}
