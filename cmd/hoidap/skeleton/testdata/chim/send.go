package chim

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

// order is what Chim wants to know of a message.
type order struct {
	To       string `json:"to"`
	Text     string `json:"text"`
	ClientID string `json:"client_id"` // Chim drops repeats for a day
}

// receipt is what it answers. Code is 0 where it took the message.
type receipt struct {
	Code json.Number `json:"code"`
	ID   json.Number `json:"id"`
}

// Send implements adapters.Adapter.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	key := http.Header{"X-Api-Key": {a.acc.Settings["token"]}}
	answer, err := a.http.PostJSON(ctx, "/v2/sms", key, order{To: strings.TrimPrefix(m.To.ID, "+"), Text: m.Text, ClientID: m.ID})
	if err != nil {
		return adapters.Sent{}, err
	}
	var told receipt
	_ = json.Unmarshal(answer.Body, &told) // a proxy's page has no code
	if err := answer.RefusedAs(string(told.Code), faults()[told.Code], a.acc.Now()); err != nil {
		return adapters.Sent{}, err
	}
	if told.Code != "0" || told.ID == "" {
		return adapters.Sent{}, answer.Odd("has no code 0 and id")
	}
	return adapters.Sent{IDs: []string{string(told.ID)}}, nil
}
