package record_test

import (
	"fmt"
	"testing"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// customer is somebody as they typically are: ten facts, a consent, six preferences with evidence, an open conversation
// and four messages.
func customer() campaigns.State {
	phone := address.Address{Scheme: "tel", ID: "+84901234567"}
	c := &preferences.Contact{
		ID: "c17-ygpnr6wq2hsh5wjs", Addresses: []address.Address{phone}, Name: "Nguyễn Thị Lan", Locale: "vi", Timezone: "Asia/Ho_Chi_Minh",
		Consents: []preferences.Consent{{Purpose: "marketing", Granted: true, Source: "checkout form", Wording: "Tôi đồng ý nhận tin ưu đãi", At: at, RecordedAt: at}},
		Facts: map[string]any{"city": "Huế", "orders": 3.0, "spent": 1250000.0, "tier": "silver", "store": "Hue-02", "first_order": "2025-03-08",
			"last_order": "2026-10-19", "size": "M", "vip": false, "points": 420.0},
		Created: at, Updated: at, Preferences: map[string]preferences.Preference{},
	}
	for _, a := range []string{"style", "colour", "budget", "evening", "size", "brand"} {
		c.Preferences[a] = answer(a)
	}
	s := campaigns.State{ID: c.ID, Contact: c, Seq: 4, Conversation: &campaigns.Conversation{
		ID: "style@2026-11-23T10:00:" + c.ID, Campaign: "style", Run: "style@2026-11-23T10:00", Question: "colour", Asked: []string{"style", "colour"},
		Answered: true, Route: "sms-vn", To: phone, Started: at, AskedAt: at, Expires: at}}
	for i := range 4 {
		s.Messages = append(s.Messages, campaigns.Message{ID: fmt.Sprintf("%s.%d", c.ID, i+1), Class: "ad", Run: "style@2026-11-23T10:00", Campaign: "style",
			Question: "style", First: i == 0, Theirs: []string{fmt.Sprintf("SM%032x", 1000+i)}, Status: "sent", At: at})
	}
	return s
}

func answer(attribute string) preferences.Preference {
	return preferences.Preference{Attribute: attribute, Kind: preferences.Choice, Value: preferences.Value{Kind: preferences.Choice, Text: "office"}, Class: preferences.Declared,
		Purpose: "marketing", Confidence: 0.95, FreshUntil: at, Evidence: preferences.Evidence{Text: "Chị thích đồ công sở em ơi", Words: "đồ công sở", Rule: "option-label",
			MessageID: "SM0123456789abcdef0123456789abcdef", Channel: "sms", Account: "sms-vn", Campaign: "style", Run: "style@2026-11-23T10:00", Question: attribute, At: at}}
}

func storedOf(s campaigns.State) map[string]string {
	var attributes []string
	for a := range s.Contact.Preferences {
		attributes = append(attributes, a)
	}
	fields := map[string]string{}
	for _, f := range record.Changes(nil, s, attributes) {
		fields[f.Name] = f.Value
	}
	return fields
}

func size(fields map[string]string) (n int) {
	for k, v := range fields {
		n += len(k) + len(v)
	}
	return n
}

func BenchmarkReadState(b *testing.B) {
	fields := storedOf(customer())
	b.ReportAllocs()
	for b.Loop() {
		if s, err := record.ReadState("c17-ygpnr6wq2hsh5wjs", fields); err != nil || s.Unreadable > 0 {
			b.Fatal(s, err)
		}
	}
	b.ReportMetric(float64(size(fields)), "bytes")
}

func BenchmarkReadCore(b *testing.B) {
	raw := record.Core(customer().Contact)
	b.ReportAllocs()
	for b.Loop() {
		record.ReadCore(raw) //nolint:errcheck // measured only
	}
	b.ReportMetric(float64(len(raw)), "bytes")
}

// BenchmarkChanges is an answer: a preference, the conversation and a message more.
func BenchmarkChanges(b *testing.B) {
	s := customer()
	fields := storedOf(s)
	s.Contact.Preferences["style"] = preferences.Preference{Kind: preferences.Choice}
	s.Conversation.Question = "budget"
	s.Messages = append(s.Messages, s.Messages[0])
	s.Messages[4].ID = s.ID + ".5"
	b.ReportAllocs()
	written := 0
	for b.Loop() {
		written = 0
		for _, f := range record.Changes(fields, s, []string{"style"}) {
			written += len(f.Name) + len(f.Value)
		}
	}
	b.ReportMetric(float64(written), "bytes")
}

func reply() record.Envelope {
	return record.Envelope{Event: &campaigns.Event{ID: "sms-vn:SM0123456789abcdef0123456789abcdef", Kind: campaigns.MessageIn, At: at, From: address.Address{Scheme: "tel", ID: "+84901234567"},
		Account: "sms-vn", Channel: address.SMS, MessageID: "SM0123456789abcdef0123456789abcdef", Text: "Chị thích đồ công sở em ơi"}}
}

func BenchmarkEnvelope(b *testing.B) {
	e := reply()
	b.ReportAllocs()
	for b.Loop() {
		e.Bytes()
	}
	b.ReportMetric(float64(len(e.Bytes())), "bytes")
}

func BenchmarkReadEnvelope(b *testing.B) {
	raw := reply().Bytes()
	b.ReportAllocs()
	for b.Loop() {
		record.ReadEnvelope(raw) //nolint:errcheck // measured only
	}
}

func offer() campaigns.Outbound {
	return campaigns.Outbound{ID: "c17-ygpnr6wq2hsh5wjs.5", Contact: "c17-ygpnr6wq2hsh5wjs", To: address.Address{Scheme: "tel", ID: "+84901234567"}, Account: "sms-vn", Class: "reply",
		Campaign: "style", Run: "style@2026-11-23T10:00", Offer: "office-10", Text: "Dạ cảm ơn chị Lan, em tặng chị mã OFFICE10 giảm 10% cho đồ công sở tới hết tháng ạ.", Queued: at, Expires: at}
}

func BenchmarkOutbound(b *testing.B) {
	o := offer()
	b.ReportAllocs()
	for b.Loop() {
		record.Outbound(o)
	}
	b.ReportMetric(float64(len(record.Outbound(o))), "bytes")
}

func BenchmarkReadOutbound(b *testing.B) {
	raw := record.Outbound(offer())
	b.ReportAllocs()
	for b.Loop() {
		record.ReadOutbound(raw) //nolint:errcheck // measured only
	}
}

// step is what an answer that completes a conversation adds to the ledger.
func step() []preferences.Entry {
	e, p := preferences.Entry{At: at, Event: reply().Event.ID, Campaign: "style", Run: "style@2026-11-23T10:00", Question: "style", Text: reply().Event.Text}, answer("style")
	list := []preferences.Entry{e, e, e, e, e}
	list[0].Kind, list[0].Detail = preferences.EntryReceived, map[string]any{"account": "sms-vn", "channel": "sms", "message_id": reply().Event.MessageID}
	list[1].Kind, list[1].Detail = preferences.EntryUnderstood, map[string]any{"rule": "option-label", "confidence": 0.95, "value": p.Value, "words": "đồ công sở"}
	list[2].Kind, list[2].Detail = preferences.EntryPreference, map[string]any{"attribute": "style", "new": p}
	list[3].Kind, list[3].Offer, list[3].Detail = preferences.EntryOffered, "office-10", map[string]any{"code": "OFFICE10"}
	list[4].Kind, list[4].Text, list[4].Detail = preferences.EntryQueued, offer().Text, map[string]any{"account": "sms-vn"}
	return list
}

func BenchmarkEntries(b *testing.B) {
	list := step()
	b.ReportAllocs()
	for b.Loop() {
		record.Entries(list)
	}
	b.ReportMetric(float64(len(record.Entries(list))), "bytes")
}

func BenchmarkReadEntries(b *testing.B) {
	raw := record.Entries(step())
	b.ReportAllocs()
	for b.Loop() {
		record.ReadEntries(raw) //nolint:errcheck // measured only
	}
}
