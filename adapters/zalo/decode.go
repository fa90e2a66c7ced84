package zalo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

// SignatureHeader carries "mac=" and the signature in hex.
const SignatureHeader = "X-ZEvent-Signature"

// oldest is how long ago an event may have happened: Zalo repeats itself for some two hours. What is older is a copy that
// somebody kept, for the signature holds nothing that is used once.
const oldest = 24 * time.Hour

// id is a number as Zalo sends it, mostly as a text: it is never calculated with, and may be beyond 2^53.
type id string

// UnmarshalJSON reads a text or a number.
func (v *id) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(v))
	}
	var n json.Number
	err := json.Unmarshal(b, &n)
	*v = id(n)
	return err
}

// event is whatever Zalo tells: fields of all kinds of events.
type event struct {
	Name      string `json:"event_name"`
	Time      id     `json:"timestamp"` // milliseconds
	OA        id     `json:"oa_id"`
	MessageID id     `json:"msg_id"`
	Sender    party  `json:"sender"`
	Recipient party  `json:"recipient"`
	Follower  party  `json:"follower"`
	Info      struct {
		Name  string `json:"name"`
		Phone id     `json:"phone"`
	} `json:"info"`
	Message struct {
		ID          id       `json:"msg_id"`
		IDs         []id     `json:"msg_ids"`
		Text        string   `json:"text"`
		Attachments []attach `json:"attachments"`
		Tracking    string   `json:"tracking_id"`
		Submitted   id       `json:"submit_time"`
		Button      string   `json:"data"`
		Rate        id       `json:"rate"`
		Note        string   `json:"note"`
	} `json:"message"`
}

type party struct {
	ID id `json:"id"`
}

type attach struct {
	Type    string `json:"type"`
	Payload struct {
		URL string `json:"url"`
	} `json:"payload"`
}

// Decode reads one event. The signature covers its time, which stands in the body, so that the body is read before it is
// believed.
func (a *Adapter) Decode(r adapters.Request) (d adapters.Decoded, err error) {
	if strings.TrimSpace(string(r.Body)) == "{}" {
		return d, nil // Zalo tries an address so before it saves it, unsigned; it tells nothing
	}
	var e event
	unread := json.Unmarshal(r.Body, &e)
	if err := a.authentic(r, e.Time); err != nil {
		return d, err
	}
	at, err := millis(e.Time)
	if unread != nil || err != nil || e.Name == "" {
		return d, fmt.Errorf("%w: not an event of Zalo's", adapters.ErrMalformed)
	}
	if r.At.Sub(at) > oldest {
		return d, fmt.Errorf("%w: the event is older than a day", adapters.ErrForged)
	}
	if !e.concerns(a.acc.Settings["oa_id"]) {
		d.Ignored = append(d.Ignored, adapters.Ignored{Kind: e.Name + " of another OA", Raw: r.Body})
		return d, nil
	}
	var known bool
	if d.Events, known = e.events(at); !known {
		d.Ignored = append(d.Ignored, adapters.Ignored{Kind: e.Name, Raw: r.Body})
	}
	return d, nil
}

// authentic checks the signature: SHA-256, not an HMAC, of the app's id, the body, the time and the OA's secret. Zalo's
// documents differ about the secret, so that the error tells where the app's would have fitted.
func (a *Adapter) authentic(r adapters.Request, at id) error {
	given := strings.TrimPrefix(r.Header.Get(SignatureHeader), "mac=")
	s := a.acc.Settings
	err := adapters.CheckSame(given, signature(s["app_id"], r.Body, at, s["oa_secret"]))
	if err != nil && adapters.CheckSame(given, signature(s["app_id"], r.Body, at, s["app_secret"])) == nil {
		return fmt.Errorf("%w: it was made with app_secret in place of oa_secret", err)
	}
	return err
}

func signature(app string, body []byte, at id, secret string) string {
	h := sha256.New()
	h.Write([]byte(app))
	h.Write(body)
	h.Write([]byte(at))
	h.Write([]byte(secret))
	return hex.EncodeToString(h.Sum(nil))
}

// concerns reports whether an event is about an OA. An app may serve several by one webhook.
func (e event) concerns(oa string) bool {
	return string(e.OA) == oa || string(e.Sender.ID) == oa || string(e.Recipient.ID) == oa
}
