package speedsms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// said is a string or a number of SpeedSMS's, which writes the same field either way, as it was written: numbers are
// never made floats of. Anything else is empty.
type said string

// UnmarshalJSON implements json.Unmarshaler.
func (s *said) UnmarshalJSON(b []byte) error {
	var text string
	var number json.Number
	*s = ""
	if bytes.HasPrefix(b, []byte(`"`)) {
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
		*s = said(text)
	} else if json.Unmarshal(b, &number) == nil {
		*s = said(number)
	}
	return nil
}

// told is the form of all of SpeedSMS's answers. Too many requests have another, in which status is a number.
type told[T any] struct {
	Status said `json:"status"`
	Code   said `json:"code"`
	Data   T    `json:"data"`
}

type batch struct {
	ID      said              `json:"tranId"`
	Count   int               `json:"totalSMS"`
	Invalid []json.RawMessage `json:"invalidPhone"`
}

// Send hands m to SpeedSMS once, as a batch of one.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.caps.Check(m); err != nil {
		return adapters.Sent{}, err
	}
	out, err := a.write(m)
	if err != nil {
		return adapters.Sent{}, err
	}
	answer, err := a.api.PostJSON(ctx, "/sms/send", a.authorization(), out)
	if err != nil {
		return adapters.Sent{}, err
	}
	b, err := read[batch](a, answer)
	switch {
	case err != nil:
		return adapters.Sent{}, err
	case len(b.Invalid) > 0:
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Recipient, Code: "invalidPhone", Detail: "no telephone number"}
	case b.ID == "" || b.ID == "0":
		return adapters.Sent{}, answer.Odd("names no batch")
	}
	return adapters.Sent{IDs: []string{string(b.ID)}, Units: b.Count}, nil
}

type outgoing struct {
	To      []string `json:"to"`
	Content string   `json:"content"`
	Type    int      `json:"sms_type"`
	Sender  string   `json:"sender"`
}

func (a *Adapter) write(m adapters.Message) (out outgoing, err error) {
	to, ok := strings.CutPrefix(m.To.ID, "+")
	if !ok || !address.SMS.Carries(m.To) || !strings.HasPrefix(to, "84") {
		return out, &adapters.Error{Fault: adapters.Recipient, Detail: "SpeedSMS sends to numbers of Vietnam only"}
	}
	text := m.Text
	if a.acc.Settings["unicode"] == no {
		if text, err = adapters.Plain(text); err != nil {
			return out, err
		}
	}
	kind, err := strconv.Atoi(a.acc.Settings["sms_type"])
	return outgoing{To: []string{to}, Content: text, Type: kind, Sender: a.acc.Settings["sender"]}, err
}

func (a *Adapter) authorization() map[string][]string {
	return httpcall.Basic(a.acc.Settings["access_token"], "x")
}

// read gives what an answer holds. It is a success only where it says so twice, as the documents do.
func read[T any](a *Adapter, answer httpcall.Answer) (data T, err error) {
	var t told[T]
	odd := json.Unmarshal(answer.Body, &t) // a proxy's page says nothing beside its status
	code := string(t.Code)
	if err := answer.RefusedAs(code, faults[code], a.acc.Now()); err != nil {
		return data, patient(err, answer, a.acc.Now())
	}
	if odd != nil || t.Status != "success" || code != done {
		return data, answer.Odd("says neither success nor a code that the documents explain")
	}
	return t.Data, nil
}

// patient adds to "too many requests" how long SpeedSMS wants to be left alone, in seconds.
func patient(err error, answer httpcall.Answer, now time.Time) error {
	var e *adapters.Error
	if !errors.As(err, &e) || e.Fault != adapters.Throttled || !e.After.IsZero() {
		return err
	}
	if s, bad := strconv.Atoi(answer.Header.Get("X-Rate-Limit-Reset")); bad == nil && s >= 0 && s <= 3600 {
		e.After = now.Add(time.Duration(s) * time.Second)
	}
	return err
}

// Probe asks for the balance, which checks the token. A token that is refused is a finding, not an error.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	answer, err := a.api.Do(ctx, httpcall.Call{Path: "/user/info", Header: a.authorization()})
	if err != nil {
		return adapters.Health{}, err
	}
	info, err := read[struct {
		Balance  said `json:"balance"`
		Currency said `json:"currency"`
	}](a, answer)
	var e *adapters.Error
	switch {
	case errors.As(err, &e) && e.Fault == adapters.Operator:
		return adapters.Health{Detail: e.Error()}, nil
	case err != nil:
		return adapters.Health{}, err
	case info.Balance == "":
		return adapters.Health{}, answer.Odd("tells no balance")
	}
	return adapters.Health{OK: true, Balance: strings.TrimSpace(string(info.Balance + " " + info.Currency))}, nil
}
