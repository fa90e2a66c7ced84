package vonage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// told is Vonage's answer: one entry a part, each with a status of its own.
type told struct {
	Count    string `json:"message-count"`
	Messages []struct {
		ID     string `json:"message-id"`
		Status string `json:"status"`
		Error  string `json:"error-text"` // quotes numbers; only the wait is taken from it
	} `json:"messages"`
}

// Send hands m to Vonage once.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.caps.Check(m); err != nil {
		return adapters.Sent{}, err
	}
	fields, err := a.form(m)
	if err != nil {
		return adapters.Sent{}, err
	}
	answer, err := a.api.Do(ctx, httpcall.Form("/sms/json", httpcall.Basic(a.acc.Settings["api_key"], a.acc.Settings["api_secret"]), fields))
	if err != nil {
		return adapters.Sent{}, err
	}
	var t told
	odd := json.Unmarshal(answer.Body, &t)
	refused := answer.Refused(a.acc.Now())
	switch {
	case len(t.Messages) == 0 && refused != nil:
		return adapters.Sent{}, refused
	case odd != nil:
		return adapters.Sent{}, answer.Odd("cannot be read")
	}
	sent, err := a.taken(answer, t)
	if err == nil && refused != nil {
		return adapters.Sent{}, refused
	}
	return sent, err
}

// taken is what the parts' statuses mean together. Where some were taken and some not, the customer gets a part of the
// text: sending all of it again would be wrong, and so would calling it sent.
func (a *Adapter) taken(answer httpcall.Answer, t told) (s adapters.Sent, err error) {
	var refused error
	for _, part := range t.Messages {
		switch {
		case part.Status == "0" && part.ID != "":
			s.IDs = append(s.IDs, part.ID)
		case part.Status == "0":
			return adapters.Sent{}, answer.Odd("names no message")
		case refused == nil:
			refused = a.refused(answer, part.Status, part.Error)
		}
	}
	switch {
	case refused != nil && len(s.IDs) > 0:
		return adapters.Sent{}, fmt.Errorf("Vonage took %d of %d parts: outcome unknown", len(s.IDs), len(t.Messages))
	case refused != nil:
		return adapters.Sent{}, refused
	case len(s.IDs) == 0 || t.Count != "" && t.Count != strconv.Itoa(len(s.IDs)):
		return adapters.Sent{}, answer.Odd("does not name all parts of a message")
	}
	s.Units = len(s.IDs)
	return s, nil
}

// refused is the error for a part with another status than 0; unknown where no table has it.
func (a *Adapter) refused(answer httpcall.Answer, status, text string) error {
	now := a.acc.Now()
	err := answer.RefusedAs(status, faults()[status], now)
	if err == nil {
		return answer.Odd("has a status that is not in the documents")
	}
	var e *adapters.Error
	if errors.As(err, &e) && e.Fault == adapters.Throttled {
		e.After = now.Add(wait(text))
	}
	return err
}

var waitForm = regexp.MustCompile(`\[ *(\d{1,6}) *\]`)

// wait is how long Vonage wants us to: milliseconds in brackets, or a second where it does not say.
func wait(text string) time.Duration {
	found := waitForm.FindStringSubmatch(text)
	if found == nil {
		return time.Second
	}
	ms, _ := strconv.Atoi(found[1])
	return time.Duration(ms) * time.Millisecond
}

// How long Vonage may try to deliver: its limits.
const shortest, longest = 20 * time.Second, 7 * 24 * time.Hour

func (a *Adapter) form(m adapters.Message) (url.Values, error) {
	if !address.SMS.Carries(m.To) {
		return nil, &adapters.Error{Fault: adapters.Recipient, Detail: "the address is no number"}
	}
	f := url.Values{
		"from": {strings.TrimPrefix(a.acc.Settings["from"], "+")}, "to": {strings.TrimPrefix(m.To.ID, "+")}, "text": {m.Text}, "type": {"text"},
		"client-ref": {m.ID}, "status-report-req": {"1"},
	}
	if adapters.Segments(m.Text).Encoding == adapters.UCS2 {
		f.Set("type", "unicode") // Vonage does not look: as text, what is not in the GSM alphabet becomes ?
	}
	if callback := a.acc.Callback(); callback != "" {
		f.Set("callback", callback)
	}
	if !m.Expires.IsZero() {
		left := m.Expires.Sub(a.acc.Now())
		if left <= 0 {
			return nil, &adapters.Error{Fault: adapters.BadMessage, Detail: "expired before it was sent"}
		}
		f.Set("ttl", strconv.FormatInt(min(max(left, shortest), longest).Milliseconds(), 10))
	}
	return f, nil
}

// Probe asks for the balance, which checks the credentials. Credentials that are refused are a finding, not an error.
// Vonage takes them in the query here; httpcall's errors hold no query.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	answer, err := a.api.Do(ctx, httpcall.Call{Path: "/account/get-balance", Query: url.Values{"api_key": {a.acc.Settings["api_key"]}, "api_secret": {a.acc.Settings["api_secret"]}}})
	if err != nil {
		return adapters.Health{}, err
	}
	var e *adapters.Error
	err = answer.Refused(a.acc.Now())
	if errors.As(err, &e) && e.Fault == adapters.Operator {
		return adapters.Health{Detail: e.Error()}, nil
	}
	var balance struct {
		Value json.Number `json:"value"`
	}
	if err == nil {
		err = answer.JSON(&balance)
	}
	if err == nil && balance.Value == "" {
		err = answer.Odd("names no balance")
	}
	if err != nil {
		return adapters.Health{}, err
	}
	return adapters.Health{OK: true, Balance: balance.Value.String() + " EUR"}, nil
}
