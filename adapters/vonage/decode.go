package vonage

import (
	"fmt"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// Decode reads what a customer wrote, and what became of a part of a message. An empty call is how Vonage looks whether
// somebody is at home; it says nothing, and so does the answer.
//
// The parts of a long text are handed on one by one, as they come: joining them needs a memory, and an adapter has none.
func (a *Adapter) Decode(r adapters.Request) (d adapters.Decoded, err error) {
	ps, err := a.authentic(r)
	if err != nil {
		return d, err
	}
	if len(ps) == 0 {
		return d, nil
	}
	if ps["messageId"] == "" {
		return d, fmt.Errorf("%w: no messageId", adapters.ErrMalformed)
	}
	read := inbound
	if ps["status"] != "" {
		read = report
	}
	e, ignored := read(ps)
	if ignored != "" {
		d.Ignored = []adapters.Ignored{{Kind: ignored, Raw: piece(r)}}
		return d, nil
	}
	if e.At = at(ps["message-timestamp"]); e.At.IsZero() {
		e.At = r.At
	}
	d.Events = []adapters.Event{e}
	return d, nil
}

// authentic reads the parameters of a call that shows what the account's settings ask for: the path's secret, the
// signature, or both. An empty call of the webhook's address shows no signature.
func (a *Adapter) authentic(r adapters.Request) (params, error) {
	if a.acc.Settings["path_secret"] != "" {
		if err := adapters.CheckPath(r, a.acc); err != nil {
			return nil, err
		}
	}
	ps, ok := read(r)
	switch {
	case !ok && a.sum == nil:
		return nil, fmt.Errorf("%w: the parameters", adapters.ErrMalformed)
	case !ok:
		return nil, adapters.ErrForged // what cannot be read has no signature
	case a.sum == nil, len(ps) == 0 && strings.TrimSuffix(r.URL, "?") == a.acc.Callback():
		return ps, nil
	}
	return ps, adapters.CheckSame(strings.ToLower(ps["sig"]), a.sum(signed(ps)))
}

// piece is where a call has its parameters, as it came.
func piece(r adapters.Request) []byte {
	if len(r.Body) > 0 {
		return r.Body
	}
	_, query, _ := strings.Cut(r.URL, "?")
	return []byte(query)
}

// inbound reads what a customer wrote. Names and short codes are nobody who could be answered.
func inbound(ps params) (e adapters.Event, ignored string) {
	from, ok := number(ps["msisdn"])
	switch kind := ps["type"]; {
	case !ok:
		return e, "sender that is no number"
	case kind != "" && kind != "text" && kind != "unicode":
		return e, kind
	}
	return adapters.Event{
		Kind: adapters.Inbound, ID: ps["messageId"], MessageID: ps["messageId"], From: from, Text: strings.ToValidUTF8(ps["text"], "\ufffd"),
	}, ""
}

// report reads a receipt. Each part of a message has its own.
func report(ps params) (e adapters.Event, ignored string) {
	status, known := statuses()[ps["status"]]
	if !known {
		return e, ps["status"]
	}
	e = adapters.Event{
		Kind: adapters.Report, ID: ps["messageId"] + "/" + ps["status"], Ours: ps["client-ref"], Theirs: ps["messageId"], Status: status,
	}
	e.From, _ = number(ps["msisdn"])
	if code := ps["err-code"]; code != "0" {
		e.Code = code
	}
	if status == adapters.Failed || status == adapters.Undelivered {
		e.Fault = receiptFaults()[e.Code].Fault
	}
	return e, ""
}

// number is a number as Vonage writes it, without a plus.
func number(msisdn string) (address.Address, bool) {
	a, err := address.Parse(address.Tel + ":+" + strings.TrimPrefix(msisdn, "+"))
	return a, err == nil
}

// at reads message-timestamp, which is in UTC; zero where it is none.
func at(stamp string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", stamp)
	if err != nil {
		return time.Time{}
	}
	return t
}
