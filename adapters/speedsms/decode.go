package speedsms

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

// sameWithin is how long the same text of the same person counts as one that SpeedSMS has told twice.
const sameWithin = 2 * time.Minute

type hook struct {
	Type    said `json:"type"`
	Phone   said `json:"phone"`
	Content said `json:"content"`
	Batch   said `json:"tranId"`
	Status  said `json:"status"`
}

// Decode reads an incoming text or a receipt.
func (a *Adapter) Decode(r adapters.Request) (adapters.Decoded, error) {
	if err := adapters.CheckPath(r, a.acc); err != nil {
		return adapters.Decoded{}, err
	}
	var h hook
	if err := json.Unmarshal(r.Body, &h); err != nil || h.Type == "" {
		return adapters.Decoded{}, fmt.Errorf("%w: not SpeedSMS's JSON", adapters.ErrMalformed)
	}
	e := adapters.Event{At: r.At} // neither kind tells a time
	from, number := adapters.VietnamesePhone(string(h.Phone))
	e.From = from
	switch h.Type {
	case "sms", "incoming":
		if !number {
			return ignored("no number", r), nil // what the telephone gets from its network, and advertisements
		}
		e.Kind, e.Text = adapters.Inbound, strings.ToValidUTF8(string(h.Content), "\ufffd")
		e.ID = adapters.ContentID(r.At, sameWithin, from.ID, e.Text)
	case "report":
		return report(h, e, r)
	default:
		return ignored(kind(h.Type), r), nil
	}
	return adapters.Decoded{Events: []adapters.Event{e}}, nil
}

// report reads a receipt, which is for one number of a batch.
func report(h hook, e adapters.Event, r adapters.Request) (adapters.Decoded, error) {
	if h.Batch == "" || h.Status == "" { // no status is not the status 0
		return adapters.Decoded{}, fmt.Errorf("%w: a receipt without batch or status", adapters.ErrMalformed)
	}
	status, known := outcome(h.Status)
	if !known {
		return ignored("status", r), nil
	}
	e.Kind, e.Theirs, e.Status = adapters.Report, string(h.Batch), status
	if status != adapters.Delivered {
		e.Code = string(h.Status)
	}
	e.ID = "report/" + e.Theirs + "/" + string(h.Phone) + "/" + string(h.Status)
	return adapters.Decoded{Events: []adapters.Event{e}}, nil
}

func ignored(kind string, r adapters.Request) adapters.Decoded {
	return adapters.Decoded{Ignored: []adapters.Ignored{{Kind: kind, Raw: r.Body}}}
}

// kind is SpeedSMS's word for what it tells, where it is a word.
func kind(t said) string {
	if len(t) > 32 || strings.ContainsFunc(string(t), func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' }) {
		return "unknown"
	}
	return string(t)
}
