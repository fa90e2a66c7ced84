package smpp

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp/pdu"
	"github.com/hoidap/hoidap/preferences/address"
)

// receiptWanted asks for a receipt of the final outcome, good or bad.
const receiptWanted = 1

// Send hands m to the centre, part by part. Where it is interrupted between two parts, the next Send of the same message
// goes on with the parts that were not taken.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	if !address.SMS.Carries(m.To) {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Recipient, Detail: "the address is no telephone number"}
	}
	sms, err := a.messages(m)
	if err != nil {
		return adapters.Sent{}, err
	}
	l, err := a.bound(ctx)
	if err != nil {
		return adapters.Sent{}, err
	}
	if len(sms) == 1 {
		id, err := a.submit(ctx, l, sms[0], func(string) {})
		return sent(err, id)
	}
	return a.sendLong(ctx, l, m.ID, sms)
}

func sent(err error, ids ...string) (adapters.Sent, error) {
	if err != nil {
		return adapters.Sent{}, err
	}
	return adapters.Sent{IDs: ids, Units: len(ids)}, nil
}

// sendLong sends the parts that the centre has not taken yet.
func (a *Adapter) sendLong(ctx context.Context, l *link, id string, sms []pdu.SM) (adapters.Sent, error) {
	content, ids := fnv.New64a(), make([]string, len(sms))
	for _, x := range sms {
		content.Write(append([]byte(x.To.Addr), x.Message...)) //nolint:errcheck // a hash never fails
	}
	text := a.book.open(id, content.Sum64(), len(sms))
	for i := range sms {
		if ids[i] = a.book.taken(text, i); ids[i] != "" {
			continue
		}
		var err error
		if ids[i], err = a.submit(ctx, l, sms[i], func(id string) { a.book.take(text, i, id) }); err != nil {
			return adapters.Sent{}, err
		}
	}
	return sent(nil, ids...)
}

// messages are m as the centre gets it: one, or the parts of a longer one.
func (a *Adapter) messages(m adapters.Message) ([]pdu.SM, error) {
	valid, err := validity(a.acc.Now(), m.Expires)
	if err != nil {
		return nil, err
	}
	coding, pieces := encode(m.Text, a.setting("alphabet"))
	out := make([]pdu.SM, len(pieces))
	for i, piece := range pieces {
		out[i] = pdu.SM{From: a.from, To: pdu.Address{TON: tonInternational, NPI: npiISDN, Addr: strings.TrimPrefix(m.To.ID, "+")},
			Validity: valid, Registered: receiptWanted, Coding: coding, Message: piece}
		if len(pieces) > 1 {
			p := pdu.Part{Ref: reference(m.ID), Total: byte(len(pieces)), Number: byte(i + 1)}
			out[i].Class, out[i].Message = pdu.ClassHeader, append(p.Header(), piece...)
		}
	}
	return out, nil
}

// validMost is the longest time that a message is kept; relative times of the protocol have two digits for days.
const validMost = 30 * 24 * time.Hour

// validity is until when delivery is tried, as the protocol writes a time from now; "": the centre's default.
func validity(now, expires time.Time) (string, error) {
	if expires.IsZero() {
		return "", nil
	}
	d := min(expires.Sub(now), validMost).Truncate(time.Second)
	if d <= 0 {
		return "", &adapters.Error{Fault: adapters.BadMessage, Detail: "it is not worth delivering any more"}
	}
	s := int(d / time.Second)
	return fmt.Sprintf("0000%02d%02d%02d%02d000R", s/86400, s/3600%24, s/60%60, s%60), nil
}

// held reports whether sending is stopped.
func (a *Adapter) held() bool { return a.acc.Held != nil && a.acc.Held() }

// submit hands one part over and reads what became of it. took is told the id before anything else from the centre is read,
// so that a receipt that follows at once finds it.
func (a *Adapter) submit(ctx context.Context, l *link, sm pdu.SM, took func(id string)) (string, error) {
	body, err := sm.Bytes()
	if err != nil {
		return "", &adapters.Error{Fault: adapters.BadMessage, Detail: err.Error()}
	}
	answer, err := l.ask(ctx, pdu.SubmitSM, body, func(p pdu.PDU) {
		if id, err := a.taken(p); err == nil {
			took(id)
		}
	})
	switch {
	case errors.Is(err, errNotWritten):
		return "", &adapters.Error{Fault: adapters.Transient, Detail: "the centre did not get it", Err: err}
	case err != nil:
		return "", fmt.Errorf("no answer from the centre: %w", err)
	}
	return a.taken(answer)
}

// taken is the id of a message that the centre took; the errors say what else became of it.
func (a *Adapter) taken(p pdu.PDU) (string, error) {
	if p.Status != pdu.OK {
		return "", a.refusal(p.Status)
	}
	id, err := pdu.ReadMessageID(p.Body)
	if err != nil || strings.TrimSpace(id) == "" || p.Command != pdu.SubmitSM.Answer() {
		return "", &adapters.Error{Detail: "the centre's answer names no message"}
	}
	return a.idOf(id, false), nil
}
