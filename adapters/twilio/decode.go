package twilio

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// mediaMax is how many attachments Twilio passes on.
const mediaMax = 10

// Decode reads what a customer wrote, and what became of a message.
func (a *Adapter) Decode(r adapters.Request) (adapters.Decoded, error) {
	_, rawQuery, _ := strings.Cut(r.URL, "?")
	query := parse(rawQuery)
	fields, err := a.authentic(r, query)
	if err != nil {
		return adapters.Decoded{}, err
	}
	id := first(fields, "MessageSid", "SmsSid", "SmsMessageSid")
	if id == "" {
		return adapters.Decoded{}, malformed("no MessageSid")
	}
	var e adapters.Event
	var known bool
	switch status := first(fields, "MessageStatus", "SmsStatus"); status {
	case "", "received", "receiving":
		e, known, err = inbound(fields)
	default:
		e, err = report(fields, id, status, query.get(midParam))
		known = true
	}
	if err != nil {
		return adapters.Decoded{}, err
	}
	d := adapters.Decoded{Answer: adapters.Answer{
		Status: http.StatusOK,
		Header: http.Header{"Content-Type": {"text/xml"}},
		Body:   []byte("<Response/>"), // any text in it would be sent to the customer
	}}
	if known {
		if e.ID == "" {
			e.ID, e.MessageID = id, id
		}
		e.At = r.At // Twilio's receipts tell minutes without a time zone, and messages nothing
		d.Events = []adapters.Event{e}
	}
	return d, nil
}

// inbound reads what a customer wrote or tapped. known is false for senders that are nobody's address: short codes and
// names, which send codes and advertisements and cannot be answered.
func inbound(fields params) (e adapters.Event, known bool, err error) {
	from := fields.get("From")
	if from == "" {
		return e, false, malformed("no From")
	}
	if e.From, known = customer(from); !known {
		if sender(from) == nil {
			return e, false, nil
		}
		return e, false, malformed("From is no address")
	}
	e.Kind = adapters.Inbound
	e.Text = strings.ToValidUTF8(first(fields, "Body", "ButtonText", "ListTitle"), "\ufffd")
	e.Payload = first(fields, "ButtonPayload", "ListId")
	e.Name = strings.ToValidUTF8(fields.get("ProfileName"), "\ufffd")
	e.Media = media(fields)
	switch fields.get("OptOutType") { // Advanced Opt-Out: Twilio answers the keyword, and blocks or lifts the block itself
	case "STOP":
		e.Kind, e.Confirmed = adapters.OptOut, true
	case "START":
		e.Kind, e.Confirmed = adapters.OptIn, true
	case "HELP":
		e.Confirmed = true // still a message, but its answer has been sent
	}
	return e, true, nil
}

// report reads what became of one of our messages. Ours comes back in the query of the callback that Send gave.
func report(fields params, id, status, ours string) (adapters.Event, error) {
	s, ok := statuses[status]
	if !ok {
		return adapters.Event{}, malformed("unknown MessageStatus")
	}
	e := adapters.Event{Kind: adapters.Report, ID: id + "/" + status, Ours: ours, Theirs: id, Status: s, Code: fields.get("ErrorCode")}
	e.From, _ = customer(fields.get("To"))
	if s == adapters.Failed || s == adapters.Undelivered {
		if code, err := strconv.Atoi(e.Code); err == nil {
			e.Fault = faults[code].fault
		}
	}
	return e, nil
}

// customer reads From or To: a number, with or without the channel's prefix, or the id of a WhatsApp user who hides it.
func customer(s string) (address.Address, bool) {
	id, whatsapp := strings.CutPrefix(s, whatsappPrefix)
	scheme := address.Tel
	if whatsapp && !strings.HasPrefix(id, "+") {
		scheme = string(address.WhatsApp)
	}
	a, err := address.Parse(scheme + ":" + id)
	return a, err == nil
}

func media(fields params) []adapters.Media {
	n, _ := strconv.Atoi(fields.get("NumMedia"))
	var out []adapters.Media
	for i := range min(n, mediaMax) {
		if u := fields.get("MediaUrl" + strconv.Itoa(i)); u != "" {
			out = append(out, adapters.Media{URL: u, Type: fields.get("MediaContentType" + strconv.Itoa(i))})
		}
	}
	return out
}

// first is the first of the fields that holds something.
func first(fields params, names ...string) string {
	for _, name := range names {
		if v := fields.get(name); v != "" {
			return v
		}
	}
	return ""
}

func malformed(why string) error { return fmt.Errorf("%w: %s", adapters.ErrMalformed, why) }
