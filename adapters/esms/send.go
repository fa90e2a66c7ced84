package esms

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

const (
	service     = "/MainService.svc/json/"
	carePath    = service + "SendMultipleMessage_V4_post_json/"
	adPath      = service + "SendMultipleSMSBrandname_json/"
	balancePath = service + "GetBalance_json"
)

// outgoing is the body of both calls: customer care has Phone, IsUnicode and RequestId, advertising Phones.
type outgoing struct {
	APIKey      string   `json:"ApiKey"`
	SecretKey   string   `json:"SecretKey"`
	Brandname   string   `json:"Brandname"`
	Content     string   `json:"Content"`
	SmsType     string   `json:"SmsType"`
	IsUnicode   string   `json:"IsUnicode,omitempty"`
	Phone       string   `json:"Phone,omitempty"`
	Phones      []string `json:"Phones,omitempty"`
	RequestID   string   `json:"RequestId,omitempty"`
	CallbackURL string   `json:"CallbackUrl,omitempty"`
}

// Send hands m to eSMS once.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.caps.Check(m); err != nil {
		return adapters.Sent{}, err
	}
	path, out, err := a.write(m)
	if err != nil {
		return adapters.Sent{}, err
	}
	answer, err := a.api.PostJSON(ctx, path, nil, out)
	if err != nil {
		return adapters.Sent{}, err
	}
	id, err := a.taken(answer, out.RequestID)
	if err != nil {
		return adapters.Sent{}, err
	}
	return adapters.Sent{IDs: []string{id}}, nil
}

// write makes the call for m.
func (a *Adapter) write(m adapters.Message) (path string, out outgoing, err error) {
	set := a.acc.Settings
	out = outgoing{APIKey: set["api_key"], SecretKey: set["secret_key"], Brandname: set["brandname"], Content: m.Text}
	to, ok := strings.CutPrefix(m.To.ID, "+")
	if !ok || !address.SMS.Carries(m.To) || !strings.HasPrefix(to, "84") {
		return "", out, &adapters.Error{Fault: adapters.Recipient, Detail: "eSMS sends to numbers of Vietnam only"}
	}
	if set["unicode"] == no || m.Class == adapters.Ad { // the call for advertisements has no IsUnicode
		if out.Content, err = adapters.Plain(m.Text); err != nil {
			return "", out, err
		}
	}
	if a.acc.WebhookURL != "" {
		out.CallbackURL = a.acc.Callback()
	}
	if m.Class == adapters.Ad {
		out.SmsType, out.Phones = "1", []string{to}
		return adPath, out, nil
	}
	out.SmsType, out.Phone, out.RequestID, out.IsUnicode = "2", to, requestID(m.ID), "0"
	if adapters.Segments(out.Content).Encoding == adapters.UCS2 {
		out.IsUnicode = "1"
	}
	return carePath, out, nil
}

// requestMax is the length of a RequestId, in characters.
const requestMax = 50

// requestID is ours for m: its own id, or, for one that is too long, a sum of it, which is told from ids by its length.
func requestID(id string) string {
	if len(id) < requestMax {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])[:requestMax]
}

// messageID is the id that a RequestId was made of; empty where it is a sum.
func messageID(request string) string {
	if len(request) >= requestMax {
		return ""
	}
	return request
}

// taken reads what eSMS says about a message, and gives the id by which it speaks of it.
func (a *Adapter) taken(answer httpcall.Answer, request string) (id string, err error) {
	var told struct {
		Code  json.Number `json:"CodeResult"` // in quotation marks or not
		SMSID string      `json:"SMSID"`
	}
	_ = json.Unmarshal(answer.Body, &told) // a proxy's page has no code
	code := told.Code.String()
	if err := answer.RefusedAs(code, faults[code], a.acc.Now()); err != nil {
		return "", err
	}
	switch {
	case code == done && told.SMSID != "":
		return told.SMSID, nil
	case repeated[code] && told.SMSID != "":
		return told.SMSID, nil
	case repeated[code] && request != "":
		return request, nil // taken before; receipts have both ids
	case code == done:
		return "", answer.Odd("names no message")
	}
	return "", answer.Odd("has no code that the documents explain")
}

// Probe asks for the balance, which checks the keys. Keys that are refused are a finding, not an error.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	keys := map[string]string{"ApiKey": a.acc.Settings["api_key"], "SecretKey": a.acc.Settings["secret_key"]}
	answer, err := a.api.PostJSON(ctx, balancePath, nil, keys)
	if err != nil {
		return adapters.Health{}, err
	}
	var told struct {
		Code    json.Number `json:"CodeResponse"`
		Balance json.Number `json:"Balance"`
	}
	_ = json.Unmarshal(answer.Body, &told)
	code := told.Code.String()
	if known := faults[code]; known.Fault == adapters.Operator {
		return adapters.Health{Detail: (&adapters.Error{Fault: known.Fault, Code: code, Detail: known.Detail}).Error()}, nil
	}
	if err := answer.RefusedAs(code, faults[code], a.acc.Now()); err != nil {
		return adapters.Health{}, err
	}
	if code != done || told.Balance == "" {
		return adapters.Health{}, answer.Odd("tells no balance")
	}
	return adapters.Health{OK: true, Balance: told.Balance.String() + " VND"}, nil
}
