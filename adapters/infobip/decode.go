package infobip

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// result is one thing that a webhook tells: a receipt, which has a status, or what a customer wrote.
type result struct {
	ID      string `json:"messageId"`
	From    string `json:"from"`
	To      string `json:"to"`
	Text    string `json:"text"` // with the keyword, which the reply's route takes off; cleanText has it no more
	Data    string `json:"callbackData"`
	Status  *told  `json:"status"`
	Error   told   `json:"error"`
	DoneAt  stamp  `json:"doneAt"`
	Arrived stamp  `json:"receivedAt"`
}

// stamp is a time as Infobip writes it; zero where it cannot be read.
type stamp struct{ time.Time }

const stampForm = "2006-01-02T15:04:05.000-0700"

// UnmarshalJSON implements json.Unmarshaler.
func (s *stamp) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		t, err := time.Parse(stampForm, text)
		if err == nil {
			s.Time = t.UTC()
		}
	}
	return nil
}

// Decode reads a batch of receipts and of messages of customers.
func (a *Adapter) Decode(r adapters.Request) (d adapters.Decoded, err error) {
	for _, check := range a.checks {
		if err := check(r); err != nil {
			return d, err
		}
	}
	var in struct {
		Results *[]json.RawMessage `json:"results"`
	}
	if err := json.Unmarshal(r.Body, &in); err != nil || in.Results == nil {
		return d, fmt.Errorf("%w: no results", adapters.ErrMalformed)
	}
	for _, raw := range *in.Results {
		e, ignored := event(raw)
		if ignored != "" {
			d.Ignored = append(d.Ignored, adapters.Ignored{Kind: ignored, Raw: raw})
			continue
		}
		if e.At.IsZero() {
			e.At = r.At
		}
		d.Events = append(d.Events, e)
	}
	return d, nil
}

// event reads one result. One that cannot be read is set aside, so that it does not hold up the others of its batch.
func event(raw json.RawMessage) (e adapters.Event, ignored string) {
	var x result
	if err := json.Unmarshal(raw, &x); err != nil || x.ID == "" {
		return e, "result that cannot be read"
	}
	if x.Status != nil {
		return report(x)
	}
	from, ok := number(x.From)
	switch {
	case !ok:
		return e, "sender that is no number"
	case x.Text == "":
		return e, "message without text"
	}
	return adapters.Event{Kind: adapters.Inbound, ID: x.ID, MessageID: x.ID, From: from, Text: x.Text, At: x.Arrived.Time}, ""
}

func report(x result) (e adapters.Event, ignored string) {
	status := x.Status.meaning()
	switch {
	case status == "":
		return e, fmt.Sprintf("status group %d", x.Status.Group)
	case x.Status.Group == groupRejected && x.Status.ID == statusDuplicate:
		return e, "repeat that was dropped" // it says nothing of the message that the repeat was of
	}
	e = adapters.Event{Kind: adapters.Report, ID: x.ID + "/" + string(status), Ours: x.Data, Theirs: x.ID, Status: status, At: x.DoneAt.Time}
	e.From, _ = number(x.To)
	if status == adapters.Failed || status == adapters.Undelivered {
		k, code := why(*x.Status, x.Error)
		e.Fault, e.Code = k.Fault, code
	}
	return e, ""
}

// number is a number as Infobip writes it, without a plus.
func number(s string) (address.Address, bool) {
	a, err := address.Parse(address.Tel + ":+" + strings.TrimPrefix(s, "+"))
	return a, err == nil
}
