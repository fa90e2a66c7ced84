package infobip

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

type destination struct {
	To string `json:"to"`
	ID string `json:"messageId"`
}

type period struct {
	Amount int    `json:"amount"`
	Unit   string `json:"timeUnit"`
}

type outgoing struct {
	Sender       string        `json:"sender"`
	Destinations []destination `json:"destinations"`
	Content      struct {
		Text            string `json:"text"`
		Transliteration string `json:"transliteration"`
	} `json:"content"`
	Options struct {
		Validity *period `json:"validityPeriod,omitempty"`
	} `json:"options"`
	Webhooks *webhooks `json:"webhooks,omitempty"`
}

type webhooks struct {
	Delivery struct {
		URL          string `json:"url"`
		Intermediate bool   `json:"intermediateReport"`
	} `json:"delivery"`
	ContentType string `json:"contentType"`
	Data        string `json:"callbackData"`
}

// taken is Infobip's answer about one message.
type taken struct {
	ID      string `json:"messageId"`
	Status  told   `json:"status"`
	Error   told   `json:"error"` // in logs
	Details struct {
		Count int `json:"messageCount"`
	} `json:"details"`
}

// Send hands m to Infobip once. One whose id Infobip has already was taken before: what became of it is looked up.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.caps.Check(m); err != nil {
		return adapters.Sent{}, err
	}
	out, err := a.message(m)
	if err != nil {
		return adapters.Sent{}, err
	}
	body := map[string]any{"messages": []outgoing{out}, "options": map[string]bool{"includeSmsCountInResponse": true}}
	answer, err := a.api.PostJSON(ctx, "/sms/3/messages", a.authorize(), body)
	if err != nil {
		return adapters.Sent{}, err
	}
	var got struct {
		Messages []taken `json:"messages"`
	}
	if err := a.read(answer, &got); err != nil {
		return adapters.Sent{}, err
	}
	if len(got.Messages) != 1 || got.Messages[0].ID != m.ID {
		return adapters.Sent{}, answer.Odd("does not name the message")
	}
	t := got.Messages[0]
	if t.Status.Group == groupRejected && t.Status.ID == statusDuplicate {
		return a.before(ctx, m.ID)
	}
	return a.outcome(answer, t)
}

// before tells what became of a message that Infobip had before. Where the logs do not have it yet, or not any more, the
// refusal of its id stands: it was taken.
func (a *Adapter) before(ctx context.Context, id string) (adapters.Sent, error) {
	answer, err := a.api.Do(ctx, httpcall.Call{Path: "/sms/3/logs", Query: url.Values{"messageId": {id}}, Header: a.authorize()})
	if err != nil {
		return adapters.Sent{}, lost(err)
	}
	var got struct {
		Results *[]taken `json:"results"`
	}
	if err := a.read(answer, &got); err != nil {
		return adapters.Sent{}, lost(err)
	}
	if got.Results == nil {
		return adapters.Sent{}, answer.Odd("has no results")
	}
	for _, t := range *got.Results {
		if t.ID == id && t.Status.meaning() == adapters.Failed && t.Status.ID != statusDuplicate {
			return a.outcome(answer, t)
		}
	}
	return adapters.Sent{IDs: []string{id}}, nil
}

// outcome is what a status says about a message. What was rejected for a reason that no table has will never be taken.
func (a *Adapter) outcome(answer httpcall.Answer, t taken) (adapters.Sent, error) {
	switch t.Status.meaning() {
	case "":
		return adapters.Sent{}, answer.Odd("has a status that is not in the documents")
	case adapters.Failed, adapters.Undelivered:
		k, code := why(t.Status, t.Error)
		if k.Fault == adapters.Unknown {
			k = httpcall.Known{Fault: adapters.BadMessage, Detail: "refused"}
		}
		return adapters.Sent{}, answer.RefusedAs(code, k, a.acc.Now())
	}
	return adapters.Sent{IDs: []string{t.ID}, Units: t.Details.Count}, nil
}

// read reads an answer. Where the request as a whole was refused, the code is Infobip's word for it, in one of its two
// forms; the status says what it means.
func (a *Adapter) read(answer httpcall.Answer, into any) error {
	var refused struct {
		Code  string `json:"errorCode"`
		Older struct {
			Exception struct {
				ID string `json:"messageId"`
			} `json:"serviceException"`
		} `json:"requestError"`
	}
	_ = json.Unmarshal(answer.Body, &refused) // a proxy's page has neither
	code := cmp.Or(refused.Code, refused.Older.Exception.ID)
	if !codeForm.MatchString(code) {
		code = "" // a sentence, which may quote a number
	}
	if err := answer.RefusedAs(code, httpcall.Known{}, a.acc.Now()); err != nil {
		return err
	}
	return answer.JSON(into)
}

var codeForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,39}$`)

func (a *Adapter) authorize() http.Header {
	return http.Header{"Authorization": {"App " + a.acc.Settings["api_key"]}}
}

// validityMax is how long Infobip may try to deliver: its limit.
const validityMax = 48 * time.Hour

func (a *Adapter) message(m adapters.Message) (out outgoing, err error) {
	if !address.SMS.Carries(m.To) {
		return out, &adapters.Error{Fault: adapters.Recipient, Detail: "the address is no number"}
	}
	out.Sender = strings.TrimPrefix(a.acc.Settings["from"], "+")
	out.Destinations = []destination{{strings.TrimPrefix(m.To.ID, "+"), m.ID}}
	out.Content.Text, out.Content.Transliteration = m.Text, "NONE" // what is asked is not rewritten, whatever the account's default
	if callback := a.acc.Callback(); callback != "" {
		out.Webhooks = &webhooks{ContentType: "application/json", Data: m.ID}
		out.Webhooks.Delivery.URL, out.Webhooks.Delivery.Intermediate = callback, true
	}
	if !m.Expires.IsZero() {
		left := m.Expires.Sub(a.acc.Now())
		if left <= 0 {
			return out, &adapters.Error{Fault: adapters.BadMessage, Detail: "expired before it was sent"}
		}
		out.Options.Validity = &period{max(1, int(min(left, validityMax)/time.Minute)), "MINUTES"}
	}
	return out, nil
}

// lost makes the outcome unknown, whatever kind err is: not having been able to look says nothing of the message.
func lost(err error) error {
	return errors.New("Infobip has the message's id, and its logs were not to be read: " + err.Error())
}
