package chim

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// notification is one call: of a text (mo), or of what became of a message (dlr).
type notification struct {
	Type     string      `json:"type"`
	ID       json.Number `json:"id"`
	Number   string      `json:"number"` // the customer's, without +
	Text     string      `json:"text"`
	ClientID string      `json:"client_id"`
	Status   string      `json:"status"`
	Code     json.Number `json:"code"`
	Time     int64       `json:"time"` // milliseconds
}

// Decode implements adapters.Adapter.
func (a *Adapter) Decode(r adapters.Request) (adapters.Decoded, error) {
	if err := adapters.CheckHMAC(r.Header.Get("X-Chim-Signature"), "", hex.EncodeToString, a.acc.Settings["webhook_secret"], r.Body); err != nil {
		return adapters.Decoded{}, err
	}
	var n notification
	if err := json.Unmarshal(r.Body, &n); err != nil {
		return adapters.Decoded{}, fmt.Errorf("%w: no notification", adapters.ErrMalformed)
	}
	if n.Type != "mo" && n.Type != "dlr" {
		return adapters.Decoded{Ignored: []adapters.Ignored{{Kind: n.Type, Raw: r.Body}}}, nil
	}
	from, err := address.Parse("tel:+" + n.Number)
	if err != nil || n.ID == "" {
		return adapters.Decoded{}, fmt.Errorf("%w: no number or no id", adapters.ErrMalformed)
	}
	id := string(n.ID)
	e := adapters.Event{From: from, At: time.UnixMilli(n.Time).UTC()}
	if n.Type == "mo" {
		e.Kind, e.ID, e.MessageID, e.Text = adapters.Inbound, "mo."+id, id, n.Text
		return adapters.Decoded{Events: []adapters.Event{e}}, nil
	}
	e.Kind, e.ID, e.Ours, e.Theirs, e.Status, e.Code = adapters.Report, "dlr."+id+"."+n.Status, n.ClientID, id, statuses()[n.Status], string(n.Code)
	if e.Status == adapters.Failed {
		e.Fault = faults()[n.Code].Fault
	}
	if e.Status == "" {
		return adapters.Decoded{Ignored: []adapters.Ignored{{Kind: "status " + n.Status, Raw: r.Body}}}, nil
	}
	return adapters.Decoded{Events: []adapters.Event{e}}, nil
}

func statuses() map[string]adapters.Status {
	return map[string]adapters.Status{"SENT": adapters.SentOn, "DELIVRD": adapters.Delivered, "UNDELIV": adapters.Failed}
}
