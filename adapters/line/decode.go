package line

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// SignatureHeader carries the proof of each webhook call.
const SignatureHeader = "X-Line-Signature"

// happened is one event of a call.
type happened struct {
	Type   string `json:"type"`
	Mode   string `json:"mode"`
	ID     string `json:"webhookEventId"`
	At     int64  `json:"timestamp"` // milliseconds
	Token  string `json:"replyToken"`
	Source struct {
		Type string `json:"type"`
		User string `json:"userId"`
	} `json:"source"`
	Message struct {
		ID   string `json:"id"`
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"message"`
	Postback struct {
		Data string `json:"data"`
	} `json:"postback"`
}

// Decode reads the events of a call, of which there may be none: that is how LINE's console verifies the address.
func (a *Adapter) Decode(r adapters.Request) (d adapters.Decoded, err error) {
	if err := adapters.CheckHMAC(r.Header.Get(SignatureHeader), "", base64.StdEncoding.EncodeToString, a.acc.Settings["channel_secret"], r.Body); err != nil {
		return d, err
	}
	var call struct {
		Events []json.RawMessage `json:"events"`
	}
	if err := json.Unmarshal(r.Body, &call); err != nil || call.Events == nil {
		return d, fmt.Errorf("%w: no list of events", adapters.ErrMalformed)
	}
	for _, raw := range call.Events {
		read(raw, r.At, &d)
	}
	return d, nil
}

// read adds one event to d. One that cannot be read does not cost the others of its call.
func read(raw json.RawMessage, at time.Time, d *adapters.Decoded) {
	var h happened
	if err := json.Unmarshal(raw, &h); err != nil {
		d.Ignored = append(d.Ignored, adapters.Ignored{Kind: "unreadable", Raw: raw})
		return
	}
	if h.elsewhere() {
		return
	}
	e, known := h.event()
	from, err := address.Parse(address.LINE.Scheme() + ":" + h.Source.User)
	if !known || err != nil {
		d.Ignored = append(d.Ignored, adapters.Ignored{Kind: h.kind(), Raw: raw})
		return
	}
	e.From, e.At, e.Handle = from, at, h.Token
	if h.At > 0 {
		e.At = time.UnixMilli(h.At).UTC()
	}
	e.ID = cmp.Or(h.ID, adapters.ContentID(e.At, 2*time.Minute, from.ID, string(raw)))
	d.Events = append(d.Events, e)
}

// elsewhere reports whether the event is none of ours: what people do in groups is nobody's answer, and in standby another
// program has the chat. That somebody blocked the account counts in any mode.
func (h happened) elsewhere() bool {
	if h.Source.Type == "group" || h.Source.Type == "room" {
		return true
	}
	return h.Mode == "standby" && h.Type != "unfollow"
}

// wordless are the kinds of messages that have no text. Who sends one waits for an answer as well.
func wordless() []string { return []string{"image", "video", "audio", "file", "location", "sticker"} }

func (h happened) event() (e adapters.Event, known bool) {
	switch {
	case h.Type == "message" && h.Message.Type == "text":
		return adapters.Event{Kind: adapters.Inbound, MessageID: h.Message.ID, Text: h.Message.Text}, true
	case h.Type == "message" && slices.Contains(wordless(), h.Message.Type):
		return adapters.Event{Kind: adapters.Inbound, MessageID: h.Message.ID}, true
	case h.Type == "postback":
		return adapters.Event{Kind: adapters.Inbound, Payload: h.Postback.Data}, true
	case h.Type == "follow":
		return adapters.Event{Kind: adapters.OptIn}, true
	case h.Type == "unfollow":
		return adapters.Event{Kind: adapters.OptOut, Confirmed: true}, true
	}
	return e, false
}

// kind is what LINE calls the event, and the message where it is one.
func (h happened) kind() string {
	if h.Type == "message" && h.Message.Type != "" {
		return "message/" + h.Message.Type
	}
	return cmp.Or(h.Type, "untyped")
}
