package record_test

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// update writes golden files for forms that have none. A file that exists is never rewritten: it is what somebody's
// Redis holds, and must stay readable for ever.
var update = flag.Bool("update", false, "write missing golden files")

var at = time.Date(2026, 11, 23, 3, 4, 5, 600_000_000, time.UTC)

func lan() *preferences.Contact {
	return &preferences.Contact{
		ID: "c7-abc", Addresses: []address.Address{{Scheme: "tel", ID: "+84901234567"}}, Name: "Lan", Locale: "vi", Timezone: "Asia/Ho_Chi_Minh",
		Consents:   []preferences.Consent{{Purpose: "marketing", Granted: true, Source: "checkout form", Wording: "Tôi đồng ý", At: at, RecordedAt: at}},
		Suppressed: &preferences.Suppression{Reason: "keyword", Text: "TC", MessageID: "SM1", Confirmed: true, At: at},
		Facts:      map[string]any{"city": "Huế", "orders": 3.0}, Declined: map[string]time.Time{"age": at}, Created: at, Updated: at,
		Preferences: map[string]preferences.Preference{},
	}
}

func budget() preferences.Preference {
	lo, hi := 200000.0, 500000.0
	return preferences.Preference{Attribute: "budget", Kind: preferences.Money, Value: preferences.Between(preferences.Money, &lo, &hi, "VND"),
		Class: preferences.Declared, Purpose: "marketing", Confidence: .97, FreshUntil: at, Evidence: preferences.Evidence{
			Text: "200-500k <nha> & \"vậy\"", Words: "200-500k", Rule: "money-range", MessageID: "SM1", Channel: "sms", Account: "sms", Campaign: "c", Run: "r", Question: "q", At: at}}
}

func state() campaigns.State {
	c := lan()
	c.Preferences["budget"] = budget()
	return campaigns.State{
		ID: c.ID, Contact: c, Seq: 1795400000000, Greeted: at,
		Conversation: &campaigns.Conversation{ID: "r/c7-abc", Campaign: "c", Run: "r", Question: "q", Asked: []string{"a"}, Skipped: []string{"b"}, Tries: 1,
			Reminded: true, HandedOver: true, Route: "sms", To: c.Addresses[0], Started: at, AskedAt: at, Expires: at, Event: map[string]any{"sku": "A1"}},
		Waiting:  []campaigns.Waiting{{Campaign: "d", Run: "s", Since: at, NotBefore: at, Event: map[string]any{"sku": "A2"}}},
		Messages: []campaigns.Message{{ID: "c7-abc.1", Class: "ad", Run: "r", Campaign: "c", Question: "q", First: true, Theirs: []string{"SM2"}, Status: "sent", At: at}},
		Early:    []campaigns.Report{{Ours: "c7-abc.2", Theirs: "SM3", Status: "delivered", Code: "0", At: at}},
	}
}

// forms is one of each stored form, and how it is read back.
func forms() map[string]struct {
	bytes []byte
	read  func([]byte) (any, error)
	want  any
} {
	type form = struct {
		bytes []byte
		read  func([]byte) (any, error)
		want  any
	}
	s := state()
	fields := map[string][]byte{}
	for _, f := range record.Changes(nil, s, []string{"budget"}) {
		fields[f.Name] = f.Value
	}
	core := lan()
	core.Preferences = nil
	entry := preferences.Entry{At: at, Kind: preferences.EntryOffered, Event: "e", Campaign: "c", Run: "r", Question: "q", Offer: "o", Message: "c7-abc.3", Class: "reply", Text: "Tặng", Reason: "x", Detail: map[string]any{"code": "A"}}
	out := campaigns.Outbound{ID: "c7-abc.1", Contact: "c7-abc", To: lan().Addresses[0], Account: "sms", Class: "ad", Purpose: "marketing", Campaign: "c", Run: "r", Question: "q",
		Offer: "o", Text: "Chị thích?", Options: []campaigns.OutOption{{Payload: "1", Label: "Đỏ"}}, Queued: at, NotBefore: at, Expires: at, Attempt: 2, First: true, Held: true, Taken: []string{"SM1"}, Parts: 1, Unsure: true, Once: true}
	item := campaigns.InboxItem{ID: "e", Contact: "c7-abc", Reason: "unclear", Text: "?", Channel: "sms", Campaign: "c", Question: "q", At: at}
	result := campaigns.Result{Contact: "c7-abc", Created: true, Run: "r", Problem: "p"}
	name := "Lan"
	event := record.Envelope{Reply: true, Event: &campaigns.Event{ID: "e", Kind: campaigns.Edit, At: at, From: lan().Addresses[0], Contact: &campaigns.ContactEdit{
		Addresses: lan().Addresses, Name: &name, Consents: lan().Consents, Facts: map[string]any{"city": "Huế"}, Preferences: []preferences.Preference{budget()}}}}
	return map[string]form{
		"core":       {record.Core(lan()), as(record.ReadCore), core},
		"preference": {record.Preference(budget()), as(record.ReadPreference), budget()},
		"dialogue":   {fields["d"], func(b []byte) (any, error) { return readBack(fields, "d", b) }, s},
		"entry":      {record.Entry(entry), as(record.ReadEntry), entry},
		"outbound":   {record.Outbound(out), as(record.ReadOutbound), out},
		"inbox":      {record.InboxItem(item), as(record.ReadInboxItem), item},
		"result":     {record.Result(result), as(record.ReadResult), result},
		"event":      {event.Bytes(), as(record.ReadEnvelope), event},
		"start":      envelope(record.Envelope{Start: &record.StartRun{Run: "r", Campaign: "c", Cause: "made_up", At: at, Missed: 2, ListOnly: true, Local: "2026-11-23T10:00"}}),
		"slice":      envelope(record.Envelope{Slice: &record.RunSlice{Run: "r", Campaign: "c", After: "c7-abc", Local: "2026-11-23T10:00", Cancel: true}}),
		"steer":      envelope(record.Envelope{Steer: &record.SteerRun{Run: "r", State: "paused"}}),
		"link":       envelope(record.Envelope{Link: &record.Link{Address: "tel:+84901234567", Contact: "c7-abc"}}),
		"replay":     envelope(record.Envelope{Replay: &record.Replay{Letters: []string{"1795400000000-0"}}}),
		"forget":     envelope(record.Envelope{Forget: "r"}),
		"replayed":   envelope(record.Envelope{Event: &campaigns.Event{ID: "replay:7.1-0", Kind: campaigns.Replayed, At: at, Account: "sms", Resend: &out}}),
		"suppress":   envelope(record.Envelope{Suppress: "hash"}),
	}
}

func envelope(e record.Envelope) struct {
	bytes []byte
	read  func([]byte) (any, error)
	want  any
} {
	return struct {
		bytes []byte
		read  func([]byte) (any, error)
		want  any
	}{e.Bytes(), as(record.ReadEnvelope), e}
}

func as[T any](read func([]byte) (T, error)) func([]byte) (any, error) {
	return func(b []byte) (any, error) {
		x, err := read(b)
		if v := reflect.ValueOf(x); err == nil && v.Kind() == reflect.Pointer {
			return x, nil
		}
		return x, err
	}
}

func readBack(fields map[string][]byte, name string, b []byte) (any, error) {
	all := map[string]string{}
	for k, v := range fields {
		all[k] = string(v)
	}
	all[name] = string(b)
	return record.ReadState("c7-abc", all)
}

// TestStoredFormsStayReadable reads the golden file of each form, as it was written when the form was new.
func TestStoredFormsStayReadable(t *testing.T) {
	for name, f := range forms() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name+".v1.golden")
			stored, err := os.ReadFile(path)
			if os.IsNotExist(err) && *update {
				require.NoError(t, os.WriteFile(path, f.bytes, 0o644))
				stored = f.bytes
			} else {
				require.NoError(t, err, "run with -update to write the golden file of a new form")
			}
			require.True(t, strings.HasPrefix(string(f.bytes), "1"), "the form says its version")
			got, err := f.read(stored)
			require.NoError(t, err)
			if diff := cmp.Diff(f.want, got); diff != "" {
				t.Errorf("the stored form is read differently (-want +got):\n%s", diff)
			}
			again, err := f.read(f.bytes)
			require.NoError(t, err)
			if diff := cmp.Diff(f.want, again); diff != "" {
				t.Errorf("what is written now is read differently (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNothingOfAStateIsForgotten: a field that is added to campaigns.State must be stored too, or be named here.
func TestNothingOfAStateIsForgotten(t *testing.T) {
	derived := map[string]bool{"ID": true, "Listed": true, "Unreadable": true}
	s := reflect.ValueOf(state())
	for i := range s.NumField() {
		f := s.Type().Field(i)
		if !derived[f.Name] && s.Field(i).IsZero() {
			t.Errorf("State.%s is not part of the test's state: add it there and to Dialogue", f.Name)
		}
	}
}

func TestDamagedPartsAreLeftOutAndCounted(t *testing.T) {
	fields := map[string]string{}
	for _, f := range record.Changes(nil, state(), []string{"budget"}) {
		fields[f.Name] = string(f.Value)
	}
	fields["p:budget"], fields["d"] = "2{}", "1{"
	s, err := record.ReadState("c7-abc", fields)
	require.NoError(t, err)
	require.Equal(t, 2, s.Unreadable)
	require.Equal(t, "Lan", s.Contact.Name)
	fields["c"] = "?"
	_, err = record.ReadState("c7-abc", fields)
	require.ErrorIs(t, err, record.ErrUnreadable)
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	s, fields := state(), map[string]string{}
	for _, f := range record.Changes(nil, s, []string{"budget"}) {
		fields[f.Name] = string(f.Value)
	}
	require.Empty(t, record.Changes(fields, s, []string{"budget"}))
	delete(s.Contact.Preferences, "budget")
	require.Equal(t, []record.Field{{Name: "p:budget"}}, record.Changes(fields, s, []string{"budget"}))
}

// Whatever a customer types is stored whole.
func TestAnyTextComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String().Draw(rt, "text")
		e, err := record.ReadEntry(record.Entry(preferences.Entry{Text: text}))
		require.NoError(rt, err)
		require.Equal(rt, text, e.Text)
	})
}

func TestFromProvider(t *testing.T) {
	phone := address.Address{Scheme: "tel", ID: "+84901234567"}
	for name, c := range map[string]struct {
		in   adapters.Event
		key  string
		kind campaigns.EventKind
	}{
		"a message goes to its sender":         {adapters.Event{Kind: adapters.Inbound, ID: "SM1", From: phone}, phone.String(), campaigns.MessageIn},
		"a report goes to the message's owner": {adapters.Event{Kind: adapters.Report, ID: "SM1+sent", From: phone, Ours: "c7-abc.17.2", Status: adapters.Queued}, "c7-abc", campaigns.Reported},
		"without it, to who got it":            {adapters.Event{Kind: adapters.Report, ID: "SM1+sent", From: phone, Theirs: "SM1"}, phone.String(), campaigns.Reported},
		"without either, to nobody":            {adapters.Event{Kind: adapters.Report, ID: "SM1+sent"}, "", campaigns.Reported},
		"an opt-out":                           {adapters.Event{Kind: adapters.OptOut, ID: "x", From: phone}, phone.String(), campaigns.ProviderOptOut},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := record.FromProvider("sms", address.SMS, c.in, at)
			require.NoError(t, err)
			require.Equal(t, c.key, p.Key)
			require.Equal(t, c.kind, p.Event.Kind)
			require.Equal(t, "sms:"+c.in.ID, p.ID)
			require.Equal(t, at, p.Event.At)
			if c.in.Ours != "" {
				require.Equal(t, "c7-abc.17", p.Event.Report.Ours, "without the part")
				require.Equal(t, "sent", p.Event.Report.Status)
			}
		})
	}
	_, err := record.FromProvider("sms", address.SMS, adapters.Event{Kind: "odd"}, at)
	require.Error(t, err)
}

// FuzzReadEnvelope: whatever lies on a log is read or refused.
func FuzzReadEnvelope(f *testing.F) {
	for _, x := range forms() {
		f.Add(x.bytes)
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		record.ReadEnvelope(b)                                      //nolint:errcheck // it must not panic
		record.ReadState("c1-a", map[string]string{"c": string(b)}) //nolint:errcheck // as above
	})
}
