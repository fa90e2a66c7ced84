package record_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/offers"
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

// talking is state in the middle of a talk: what was asked back, what is not finished, and the conversation before.
func talking() campaigns.State {
	s, likely := state(), budget()
	v := s.Conversation
	v.Answered, v.Maybe, v.Last, v.LastAt, v.Remind = true, &likely, "a", at, at
	v.Tried, s.Heard = []string{"zalo"}, []campaigns.Heard{{Account: "wa", At: at}}
	v.Unfinished = &campaigns.Unfinished{Text: "em thích", Since: at, Until: at.Add(8 * time.Second)}
	s.Ended = &campaigns.Ended{At: at, Expired: true, Conversation: campaigns.Conversation{
		ID: "p:c7-abc", Campaign: "c", Run: "p", Question: "q", Asked: []string{"a"}, Route: "sms", To: s.Contact.Addresses[0], Last: "a", LastAt: at}}
	took := *lan()
	took.ID, took.Updated, took.Preferences = "", time.Time{}, nil
	s.Into = &campaigns.Into{Contact: "c9-old", At: at, Addresses: took.Addresses}
	s.Merges = []campaigns.Merge{{Peer: *proof(), Came: at, Took: took, Taken: []preferences.Preference{budget()}, Replaced: []preferences.Preference{budget()}, Undone: at}}
	return s
}

// proving is talking with a proof under way.
func proving() campaigns.State {
	s := talking()
	s.Merges[0].By = "code"
	s.Proof = underWay()
	s.Proofs = []time.Time{at, at.Add(time.Minute)}
	s.Taken = &campaigns.Taken{By: "Hoa", Since: at, Until: at.Add(campaigns.LeaseLasts)}
	s.Open = []campaigns.Open{{ID: "sms:SM7", Reason: "unclear", Campaign: "c", Question: "q", At: at}}
	return s
}

// retried is proving, after a step that may have claimed something in vain.
func retried() campaigns.State {
	s := proving()
	s.Conversation.Retried = true
	return s
}

// advertised is retried, with ads to a number of theirs and to one that they had.
func advertised() campaigns.State {
	s := retried()
	s.Ads = []campaigns.Ad{{Seq: 7, To: s.Contact.Addresses[0], At: at}, {To: address.Address{Scheme: "tel", ID: "+84907654321"}, At: at.Add(time.Hour)}}
	return s
}

// wrote is an inbox item with where the message came from.
func wrote() campaigns.InboxItem {
	return campaigns.InboxItem{ID: "sms:SM7", Contact: "c7-abc", Reason: "unclear", Text: "đi làm", Channel: "sms", Account: "sms", Message: "SM7", Campaign: "c", Question: "q", At: at}
}

// acts are what one of the brand's people does, and what a customer does on their own page.
func acts() map[string]form {
	item, meant, lease := wrote(), budget(), proving().Taken
	meant.Evidence.By, meant.Evidence.Rule = "Hoa", "person"
	settled := campaigns.Act{By: "Hoa", Item: &item, Earlier: []string{"?"}, Value: budget().Value}
	handled := []preferences.Entry{{At: at, Kind: preferences.EntryInboxClosed, Event: "e", Reason: "done"}, {At: at, Kind: preferences.EntryTakenOver, Event: "f"}, {At: at, Kind: preferences.EntryHandedBack, Event: "g"}}
	own := campaigns.Outbound{ID: "c7-abc.4", Contact: "c7-abc", To: lan().Addresses[0], Account: "sms", Class: "control", Text: "{{page}}", Queued: at, PageUntil: at.Add(time.Hour)}
	refused := campaigns.Result{Contact: "c7-abc", Problem: "Hoa talks to this contact", Refused: campaigns.RefusedTaken, Taken: lease}
	fields := map[string][]byte{}
	for _, f := range record.Changes(nil, proving(), []string{"budget"}) {
		fields[f.Name] = []byte(f.Value)
	}
	return map[string]form{
		"settled":   envelope(record.Envelope{Reply: true, Event: &campaigns.Event{ID: "e", Kind: campaigns.Settled, At: at, Act: &settled}}),
		"said":      envelope(record.Envelope{Reply: true, Event: &campaigns.Event{ID: "e", Kind: campaigns.Said, At: at, Act: &campaigns.Act{By: "Hoa", Text: "Dạ còn ạ"}}}),
		"takenaway": envelope(record.Envelope{Reply: true, Event: &campaigns.Event{ID: "e", Kind: campaigns.TakenAway, At: at, Account: "web", Channel: "web", Attribute: "style"}}),
		"ownpage":   {record.Outbound(own), as(record.ReadOutbound), own},
		"wouldnot":  envelope(record.Envelope{Event: &campaigns.Event{ID: "e", Kind: campaigns.Settled, At: at, Act: &campaigns.Act{By: "Hoa", Declined: true}}}),
		"wrote":     {record.InboxItem(item), as(record.ReadInboxItem), item},
		"meant":     {kept(meant), readKept, meant},
		"inboxdone": {record.Entries(handled), as(record.ReadEntries), handled},
		"refused":   {record.Result(refused), as(record.ReadResult), refused},
		"takenover": {fields["d"], func(b []byte) (any, error) { return readBack(fields, "d", b) }, proving()},
	}
}

func underWay() *campaigns.Proof {
	return &campaigns.Proof{ID: "7F3K", Also: lan().Addresses[0], By: "code", Account: "sms", Message: "c7-abc.9", Tries: 2, Expires: at}
}

// proof is of a second address.
func proof() *campaigns.Peer {
	return &campaigns.Peer{Contact: "c3-def", Created: at, Full: true, Also: lan().Addresses[0], Account: "bot", At: at, Refused: "address_forgotten"}
}

// form is a stored form, how it is read back, and what is read.
type form struct {
	bytes []byte
	read  func([]byte) (any, error)
	want  any
}

func entry() preferences.Entry {
	return preferences.Entry{At: at, Kind: preferences.EntryOffered, Event: "e", Campaign: "c", Run: "r", Question: "q", Offer: "o", Message: "c7-abc.3", Class: "reply", Text: "Tặng", Reason: "x", Detail: map[string]any{"code": "A"}}
}

// forms is one of each stored form.
func forms() map[string]form {
	s := state()
	fields := map[string][]byte{}
	for _, f := range record.Changes(nil, s, []string{"budget"}) {
		fields[f.Name] = []byte(f.Value)
	}
	talk := map[string][]byte{}
	for _, f := range record.Changes(nil, talking(), []string{"budget"}) {
		talk[f.Name] = []byte(f.Value)
	}
	prove := map[string][]byte{}
	for _, f := range record.Changes(nil, proving(), []string{"budget"}) {
		prove[f.Name] = []byte(f.Value)
	}
	core := lan()
	core.Preferences = nil
	core.ID, core.Updated = "", time.Time{} // known from elsewhere: see TestNothingOfAStateIsForgotten
	entries := []preferences.Entry{entry(), {At: at, Kind: "new.kind", Event: "e", Text: "Tặng"}, {Kind: preferences.EntryInbox}}
	out := campaigns.Outbound{ID: "c7-abc.1", Contact: "c7-abc", To: lan().Addresses[0], Account: "sms", Class: "ad", Purpose: "marketing", Campaign: "c", Run: "r", Question: "q",
		Offer: "o", Text: "Chị thích?", Options: []campaigns.OutOption{{Payload: "1", Label: "Đỏ"}}, Queued: at, NotBefore: at, Expires: at, Attempt: 2, First: true, Held: true, Taken: []string{"SM1"}, Parts: 1, Unsure: true, Once: true}
	approved := out
	approved.Fixed = []string{"Ngọc Lan"}
	approved.Template = &campaigns.Template{ID: "301", Language: "vi", Variables: map[string]string{"name": "Lan", "shop": "Lụa"}}
	code := out
	code.Link, code.Proof = true, "7F3K"
	aside := out
	aside.Aside, aside.Pauses = true, 2
	handled := campaigns.Outbound{ID: "c7-abc.4", Contact: "c7-abc", To: lan().Addresses[0], Account: "line", Class: "reply", Text: "Cảm ơn chị!", Queued: at, Handle: "38ef843b"}
	person := campaigns.Outbound{ID: "c7-abc.5", Contact: "c7-abc", To: lan().Addresses[0], Account: "sms", Class: "reply", Text: "Dạ còn size M ạ", Queued: at, Expires: at, Person: true}
	parts := state()
	parts.Messages[0].Theirs, parts.Messages[0].Awaited = []string{"SM2", "SM3"}, []string{"SM3"}
	parts.Early[0].Part = 2
	inParts := map[string][]byte{}
	for _, f := range record.Changes(nil, parts, []string{"budget"}) {
		inParts[f.Name] = []byte(f.Value)
	}
	waits := state()
	waits.Messages[0].Status, waits.Messages[0].Aside = "held", true
	withRun := map[string][]byte{}
	for _, f := range record.Changes(nil, waits, []string{"budget"}) {
		withRun[f.Name] = []byte(f.Value)
	}
	coded := state()
	coded.Messages[0].About, coded.Messages[0].To = "proof", address.Address{Scheme: "tel", ID: "+84907654321"}
	withCode := map[string][]byte{}
	for _, f := range record.Changes(nil, coded, []string{"budget"}) {
		withCode[f.Name] = []byte(f.Value)
	}
	again := map[string][]byte{}
	for _, f := range record.Changes(nil, retried(), []string{"budget"}) {
		again[f.Name] = []byte(f.Value)
	}
	limited := *core
	limited.Consents = append(slices.Clone(core.Consents), preferences.Consent{Purpose: preferences.Marketing, Source: "form", At: at, Channels: []address.Channel{address.Zalo, address.LINE}})
	spent := state()
	spent.Heard = []campaigns.Heard{{Account: "oa", From: lan().Addresses[0], At: at, Sent: 7}, {Account: "oa", At: at}}
	heard := map[string][]byte{}
	for _, f := range record.Changes(nil, spent, []string{"budget"}) {
		heard[f.Name] = []byte(f.Value)
	}
	tapped := record.Envelope{Event: &campaigns.Event{ID: "line:01", Kind: campaigns.MessageIn, At: at, From: lan().Addresses[0], Account: "line", Channel: address.LINE, Payload: "2", Handle: "38ef843b"}}
	item := campaigns.InboxItem{ID: "e", Contact: "c7-abc", Reason: "unclear", Text: "?", Channel: "sms", Campaign: "c", Question: "q", At: at}
	brought := campaigns.Came{Contact: *core, Preferences: []preferences.Preference{budget()}, Conversation: talking().Conversation,
		Waiting: state().Waiting, Heard: talking().Heard}
	came := campaigns.Event{ID: "e", Kind: campaigns.Merged, At: at, Also: lan().Addresses[0], Peer: proof(), Came: &brought}
	back := campaigns.Event{ID: "e", Kind: campaigns.Unmerged, At: at, Back: &campaigns.Back{Addresses: lan().Addresses, Suppressed: lan().Suppressed, Consents: lan().Consents}}
	named, stayed := *came.Peer, *back.Back
	named.Named, stayed.Stayed = "c4-def", lan().Addresses
	asked := []preferences.Entry{{At: at, Kind: preferences.EntryLinkAsked, Event: "e", Reason: "code"}, {At: at, Kind: preferences.EntryLinkTried, Event: "f", Detail: map[string]any{"left": 4.0}}}
	result := campaigns.Result{Contact: "c7-abc", Created: true, Run: "r", Problem: "p"}
	name := "Lan"
	event := record.Envelope{Reply: true, Event: &campaigns.Event{ID: "e", Kind: campaigns.Edit, At: at, From: lan().Addresses[0], Contact: &campaigns.ContactEdit{
		Addresses: lan().Addresses, Name: &name, Consents: lan().Consents, Facts: map[string]any{"city": "Huế"}, Preferences: []preferences.Preference{budget()}}}}
	ads := map[string][]byte{}
	for _, f := range record.Changes(nil, advertised(), []string{"budget"}) {
		ads[f.Name] = []byte(f.Value)
	}
	bringsAds, hasMany := brought, *proof()
	bringsAds.Ads, hasMany.Has = advertised().Ads, 12
	adSent := campaigns.Event{ID: "e", Kind: campaigns.Dispatched, At: at, Account: "sms", Sent: &campaigns.Dispatch{Message: "c7-abc.7", Status: "sent", Theirs: []string{"SM1"}, Ad: lan().Addresses[0]}}
	all := acts()
	maps.Copy(all, map[string]form{
		"core":       {record.Core(lan()), as(record.ReadCore), core},
		"limited":    {record.Core(&limited), as(record.ReadCore), &limited},
		"heard":      {heard["d"], func(b []byte) (any, error) { return readBack(heard, "d", b) }, spent},
		"preference": {kept(budget()), readKept, budget()},
		"dialogue":   {fields["d"], func(b []byte) (any, error) { return readBack(fields, "d", b) }, s},
		"retried":    {again["d"], func(b []byte) (any, error) { return readBack(again, "d", b) }, retried()},
		"ads":        {ads["d"], func(b []byte) (any, error) { return readBack(ads, "d", b) }, advertised()},
		"adsmerged":  envelope(record.Envelope{Event: &campaigns.Event{ID: "e", Kind: campaigns.Merged, At: at, Peer: &hasMany, Came: &bringsAds}}),
		"adsback":    envelope(record.Envelope{Event: &campaigns.Event{ID: "e", Kind: campaigns.Unmerged, At: at, Back: &campaigns.Back{Addresses: lan().Addresses, Ads: advertised().Ads}}}),
		"adsent":     envelope(record.Envelope{Event: &adSent}),
		"talk":       {talk["d"], func(b []byte) (any, error) { return readBack(talk, "d", b) }, talking()},
		"message":    {fields["m:1"], func(b []byte) (any, error) { return readBack(fields, "m:1", b) }, s},
		"entries":    {record.Entries(entries), as(record.ReadEntries), entries},
		"outbound":   {record.Outbound(out), as(record.ReadOutbound), out},
		"approved":   {record.Outbound(approved), as(record.ReadOutbound), approved},
		"by_person":  {record.Outbound(person), as(record.ReadOutbound), person},
		"aside":      {record.Outbound(aside), as(record.ReadOutbound), aside},
		"waits":      {withRun["m:1"], func(b []byte) (any, error) { return readBack(withRun, "m:1", b) }, waits},
		"handled":    {record.Outbound(handled), as(record.ReadOutbound), handled},
		"tapped":     envelope(tapped),
		"awaited":    {inParts["m:1"], func(b []byte) (any, error) { return readBack(inParts, "m:1", b) }, parts},
		"coded":      {withCode["m:1"], func(b []byte) (any, error) { return readBack(withCode, "m:1", b) }, coded},
		"early":      {inParts["d"], func(b []byte) (any, error) { return readBack(inParts, "d", b) }, parts},
		"inbox":      {record.InboxItem(item), as(record.ReadInboxItem), item},
		"result":     {record.Result(result), as(record.ReadResult), result},
		"event":      {event.Bytes(), as(record.ReadEnvelope), event},
		"start":      envelope(record.Envelope{Start: &record.StartRun{Run: "r", Campaign: "c", Cause: "made_up", At: at, Missed: 2, ListOnly: true, Local: "2026-11-23T10:00"}}),
		"slice":      envelope(record.Envelope{Slice: &record.RunSlice{Run: "r", Campaign: "c", After: "c7-abc", Local: "2026-11-23T10:00", Cancel: true}}),
		"steer":      envelope(record.Envelope{Steer: &record.SteerRun{Run: "r", State: "paused"}}),
		"link":       envelope(record.Envelope{Link: &record.Link{Address: "tel:+84901234567", Contact: "c7-abc"}}),
		"replay":     envelope(record.Envelope{Replay: &record.Replay{Letters: []string{"1795400000000-0"}}}),
		"merged":     envelope(record.Envelope{Event: &came}),
		"unmerged":   envelope(record.Envelope{Event: &back}),
		"named":      envelope(record.Envelope{Event: &campaigns.Event{ID: "e", Kind: campaigns.CameIn, At: at, Peer: &named, Via: "c5-def"}}),
		"stayed":     envelope(record.Envelope{Event: &campaigns.Event{ID: "e", Kind: campaigns.Unmerged, At: at, Back: &stayed}}),
		"identity":   {talk["i"], func(b []byte) (any, error) { return readBack(talk, "i", b) }, talking()},
		"proving":    {prove["i"], func(b []byte) (any, error) { return readBack(prove, "i", b) }, proving()},
		"prove":      envelope(record.Envelope{Reply: true, Event: &campaigns.Event{ID: "e", Kind: campaigns.Prove, At: at, Proof: underWay()}}),
		"code":       {record.Outbound(code), as(record.ReadOutbound), code},
		"begun":      {record.Result(campaigns.Result{Contact: "c7-abc", Proof: underWay()}), as(record.ReadResult), campaigns.Result{Contact: "c7-abc", Proof: underWay()}},
		"linkasked":  {record.Entries(asked), as(record.ReadEntries), asked},
		"forget":     envelope(record.Envelope{Forget: "r"}),
		"replayed":   envelope(record.Envelope{Event: &campaigns.Event{ID: "replay:7.1-0", Kind: campaigns.Replayed, At: at, Account: "sms", Resend: &out}}),
		"suppress":   envelope(record.Envelope{Suppress: "hash"}),
		"tell":       envelope(record.Envelope{Reply: true, Tell: &record.Tell{Endpoint: "crm", Contact: "c7-abc", Notice: "c7-abc.wq"}}),
		"unclaim":    envelope(record.Envelope{Unclaim: &record.Unclaim{Key: "p:c7-abc:office-20", Offer: "office-20", Pool: "office"}}),
		"attempt":    {attempt().Bytes(), as(record.ReadAttempt), attempt()},
		"notice":     {notice().Bytes(), func(b []byte) (any, error) { return record.ReadNotice("c7-abc.wq", b) }, notice()},
		"lift":       envelope(record.Envelope{Lift: "hash"}),
	})
	return all
}

func attempt() record.Attempt {
	return record.Attempt{Notice: "c7-abc.wq", Type: "offer.given", At: at, Number: 2, Result: "failed", Status: 503, Millis: 41, Error: "answered 503"}
}

func notice() record.Notice {
	return record.Notice{ID: "c7-abc.wq", Type: "offer.given", Queued: at, Attempts: 3, Body: []byte(`{"type":"offer.given"}`)}
}

func envelope(e record.Envelope) form { return form{e.Bytes(), as(record.ReadEnvelope), e} }

func as[T any](read func([]byte) (T, error)) func([]byte) (any, error) {
	return func(b []byte) (any, error) {
		x, err := read(b)
		if v := reflect.ValueOf(x); err == nil && v.Kind() == reflect.Pointer {
			return x, nil
		}
		return x, err
	}
}

// kept is the field that holds a preference of the contact's budget, and readKept reads it back.
func kept(p preferences.Preference) []byte {
	of := &preferences.Contact{Preferences: map[string]preferences.Preference{"budget": p}}
	for _, f := range record.Changes(nil, campaigns.State{ID: "c7-abc", Contact: of}, []string{"budget"}) {
		if f.Name == "p:budget" {
			return []byte(f.Value)
		}
	}
	return nil
}

func readKept(b []byte) (any, error) {
	s, err := readBack(map[string][]byte{"c": record.Core(&preferences.Contact{})}, "p:budget", b)
	if st, ok := s.(campaigns.State); ok && st.Contact != nil {
		return st.Contact.Preferences["budget"], err
	}
	return s, err
}

func readBack(fields map[string][]byte, name string, b []byte) (any, error) {
	all := map[string]string{}
	for k, v := range fields {
		all[k] = string(v)
	}
	all[name] = string(b)
	return record.ReadState("c7-abc", all)
}

// TestStoredFormsStayReadable reads the golden files of each form, as they were written when the version was new.
func TestStoredFormsStayReadable(t *testing.T) {
	for name, f := range forms() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name+".v2.golden")
			stored, err := os.ReadFile(path)
			if os.IsNotExist(err) && *update {
				require.NoError(t, os.WriteFile(path, f.bytes, 0o644))
				stored = f.bytes
			} else {
				require.NoError(t, err, "run with -update to write the golden file of a new form")
			}
			require.True(t, strings.HasPrefix(string(f.bytes), "2"), "the form says its version")
			same(t, f.read, stored, f.want)
			same(t, f.read, f.bytes, f.want)
		})
	}
}

func TestVersion1StaysReadable(t *testing.T) {
	all := forms()
	all["core"] = form{read: as(record.ReadCore), want: func() *preferences.Contact { c := lan(); c.Preferences = nil; return c }()}
	all["dialogue"] = form{want: state(), read: func(b []byte) (any, error) {
		return record.ReadState("c7-abc", map[string]string{"c": golden(t, "core.v1"), "d": string(b), "p:budget": golden(t, "preference.v1")})
	}}
	all["entry"] = form{read: as(record.ReadEntries), want: []preferences.Entry{entry()}}
	files, err := filepath.Glob("testdata/*.v1.golden")
	require.NoError(t, err)
	require.Len(t, files, 13)
	for _, path := range files {
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		t.Run(name, func(t *testing.T) {
			stored, err := os.ReadFile(path)
			require.NoError(t, err)
			same(t, all[name].read, stored, all[name].want)
		})
	}
}

func golden(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".golden"))
	require.NoError(t, err)
	return string(b)
}

func same(t *testing.T, read func([]byte) (any, error), stored []byte, want any) {
	t.Helper()
	got, err := read(stored)
	require.NoError(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the stored form is read differently (-want +got):\n%s", diff)
	}
}

// TestAContactOfVersion1IsWrittenAnew: what is read from JSON is written in the present forms, with the messages apart,
// and read back the same.
func TestAContactOfVersion1IsWrittenAnew(t *testing.T) {
	fields := map[string]string{"c": golden(t, "core.v1"), "d": golden(t, "dialogue.v1"), "p:budget": golden(t, "preference.v1")}
	s, err := record.ReadState("c7-abc", fields)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(state(), s))
	var names []string
	for _, f := range record.Changes(fields, s, []string{"budget"}) {
		names = append(names, f.Name)
		fields[f.Name] = f.Value
	}
	require.Equal(t, []string{"c", "d", "m:1", "p:budget"}, names)
	s, err = record.ReadState("c7-abc", fields)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(state(), s))
}

// TestNothingOfAStateIsForgotten: a field that is added to campaigns.State must be stored too, or be named here.
func TestNothingOfAStateIsForgotten(t *testing.T) {
	derived := map[string]bool{"ID": true, "Listed": true, "Unreadable": true}
	for _, s := range []reflect.Value{reflect.ValueOf(advertised()), reflect.ValueOf(*advertised().Conversation)} {
		for i := range s.NumField() {
			f := s.Type().Field(i)
			if !derived[f.Name] && s.Field(i).IsZero() {
				t.Errorf("%s.%s is not part of the test's state: add it there and to Dialogue", s.Type().Name(), f.Name)
			}
		}
	}
}

func TestDamagedPartsAreLeftOutAndCounted(t *testing.T) {
	fields := map[string]string{}
	for _, f := range record.Changes(nil, state(), []string{"budget"}) {
		fields[f.Name] = f.Value
	}
	fields["p:budget"], fields["d"], fields["m:1"] = "3{}", "1{", "2\x0a"
	s, err := record.ReadState("c7-abc", fields)
	require.NoError(t, err)
	require.Equal(t, 3, s.Unreadable)
	require.Equal(t, "Lan", s.Contact.Name)
	fields["c"] = "?"
	_, err = record.ReadState("c7-abc", fields)
	require.ErrorIs(t, err, record.ErrUnreadable)
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	s, fields := state(), map[string]string{}
	for _, f := range record.Changes(nil, s, []string{"budget"}) {
		fields[f.Name] = f.Value
	}
	require.Empty(t, record.Changes(fields, s, []string{"budget"}))
	delete(s.Contact.Preferences, "budget")
	require.Equal(t, []record.Field{{Name: "p:budget"}}, record.Changes(fields, s, []string{"budget"}))
}

// Whatever a customer types is stored whole.
func TestAnyTextComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String().Draw(rt, "text")
		e, err := record.ReadEntries(record.Entries([]preferences.Entry{{Text: text, Reason: text}}))
		require.NoError(rt, err)
		require.Equal(rt, []preferences.Entry{{Text: text, Reason: text}}, e)
	})
}

func TestFromProvider(t *testing.T) {
	phone := address.Address{Scheme: "tel", ID: "+84901234567"}
	for name, c := range map[string]struct {
		in   adapters.Event
		key  string
		kind campaigns.EventKind
	}{
		"a message goes to its sender":          {adapters.Event{Kind: adapters.Inbound, ID: "SM1", From: phone}, phone.String(), campaigns.MessageIn},
		"a report goes to the message's owner":  {adapters.Event{Kind: adapters.Report, ID: "SM1+sent", From: phone, Ours: "c7-abc.17.2", Status: adapters.Queued}, "c7-abc", campaigns.Reported},
		"an answer goes to the message's owner": {adapters.Event{Kind: adapters.Inbound, ID: "b1", Ours: "c7-abc.17.2", Text: "Sáng"}, "c7-abc", campaigns.MessageIn},
		"to nobody where it is not our message": {adapters.Event{Kind: adapters.Inbound, ID: "b2", Ours: "order.17"}, "", campaigns.MessageIn},
		"without it, to who got it":             {adapters.Event{Kind: adapters.Report, ID: "SM1+sent", From: phone, Theirs: "SM1"}, phone.String(), campaigns.Reported},
		"without either, to nobody":             {adapters.Event{Kind: adapters.Report, ID: "SM1+sent"}, "", campaigns.Reported},
		"an opt-out":                            {adapters.Event{Kind: adapters.OptOut, ID: "x", From: phone}, phone.String(), campaigns.ProviderOptOut},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := record.FromProvider("sms", address.SMS, c.in, at)
			require.NoError(t, err)
			require.Equal(t, c.key, p.Key)
			require.Equal(t, c.kind, p.Event.Kind)
			require.Equal(t, "sms:"+c.in.ID, p.ID)
			require.Equal(t, at, p.Event.At)
			if p.Event.Report != nil && c.in.Ours != "" {
				require.Equal(t, "c7-abc.17", p.Event.Report.Ours, "without the part")
				require.Equal(t, 2, p.Event.Report.Part)
				require.Equal(t, "sent", p.Event.Report.Status)
			}
		})
	}
	p, err := record.FromProvider("line", address.LINE, adapters.Event{Kind: adapters.Inbound, ID: "01", From: address.Address{Scheme: "line", ID: "U1"}, Handle: "38ef843b"}, at)
	require.NoError(t, err)
	require.Equal(t, "38ef843b", p.Event.Handle)
	_, err = record.FromProvider("sms", address.SMS, adapters.Event{Kind: "odd"}, at)
	require.Error(t, err)
}

// FuzzRead: whatever lies in Redis is read or refused; what was read can be written, and is then read the same.
func FuzzRead(f *testing.F) {
	for _, x := range forms() {
		f.Add(x.bytes)
	}
	for _, path := range must(filepath.Glob("testdata/*.golden")) {
		f.Add(must(os.ReadFile(path)))
	}
	f.Fuzz(func(t *testing.T, b []byte) { readAll(t, b) })
}

// TestDamagedFormsAreReadOrRefused is the same with damage near to what is really stored.
func TestDamagedFormsAreReadOrRefused(t *testing.T) {
	all := forms()
	names := slices.Sorted(maps.Keys(all))
	rapid.Check(t, func(rt *rapid.T) {
		b := slices.Clone(all[rapid.SampledFrom(names).Draw(rt, "form")].bytes)
		for range rapid.IntRange(1, 4).Draw(rt, "changes") {
			i := rapid.IntRange(1, len(b)-1).Draw(rt, "place")
			switch rapid.IntRange(0, 2).Draw(rt, "damage") {
			case 0:
				b[i] = rapid.Byte().Draw(rt, "byte")
			case 1:
				b = slices.Insert(b, i, rapid.Byte().Draw(rt, "byte"))
			default:
				b = append(b[:i:i], b[min(len(b), i+rapid.IntRange(1, 40).Draw(rt, "cut")):]...)
			}
			if len(b) < 2 {
				return
			}
		}
		readAll(t, b)
	})
}

func readAll(t *testing.T, b []byte) {
	again(t, b, record.ReadEnvelope, record.Envelope.Bytes)
	again(t, b, record.ReadEntries, record.Entries)
	again(t, b, record.ReadOutbound, record.Outbound)
	again(t, b, record.ReadInboxItem, record.InboxItem)
	again(t, b, record.ReadResult, record.Result)
	for _, field := range []string{"c", "d", "i", "p:budget", "m:1"} {
		fields := storedOf(state())
		fields[field] = string(b)
		if s, err := record.ReadState("c7-abc", fields); err == nil {
			record.ReadState("c7-abc", storedOf(s)) //nolint:errcheck // it must not panic
		}
	}
}

func again[T any](t *testing.T, b []byte, read func([]byte) (T, error), write func(T) []byte) {
	x, err := read(b)
	if err != nil {
		require.ErrorIs(t, err, record.ErrUnreadable)
		return
	}
	first := write(x)
	y, err := read(first)
	require.NoError(t, err)
	require.Equal(t, first, write(y))
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// Every state comes back as it was, whatever its contact wrote, and a second writing finds nothing to write.
func TestAnyStateComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyState(rt)
		fields := storedOf(s)
		got, err := record.ReadState(s.ID, fields)
		require.NoError(rt, err)
		if diff := cmp.Diff(s, got, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("read differently (-want +got):\n%s", diff)
		}
		require.Empty(rt, record.Changes(fields, got, []string{"a", "b"}))
	})
}

func TestAnyStepOfALedgerComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.SliceOf(rapid.Custom(anyEntry)).Draw(rt, "entries")
		got, err := record.ReadEntries(record.Entries(want))
		require.NoError(rt, err)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("read differently (-want +got):\n%s", diff)
		}
	})
}

func anyText(t *rapid.T) string {
	return rapid.OneOf(rapid.SampledFrom([]string{"", "sms", "style", "style@2026-11-23T10:00", strings.Repeat("dài ", 100)}), rapid.String()).Draw(t, "text")
}

func anyTime(t *rapid.T) time.Time {
	ns := rapid.Int64Range(-5e18, 5e18).Draw(t, "ns")
	return time.Unix(0, ns-ns%rapid.SampledFrom([]int64{1, 1e3, 1e6, 1e9}).Draw(t, "unit")).UTC()
}

func anyThing(t *rapid.T) any {
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Float64().Draw(t, "number")
	case 3:
		return float64(rapid.Int32().Draw(t, "whole number"))
	case 4:
		return []any{anyThing(t), anyText(t)}
	case 5:
		return map[string]any{anyText(t): anyThing(t)}
	}
	return anyText(t)
}

func anyObject(t *rapid.T) map[string]any {
	m := map[string]any{}
	for range rapid.IntRange(0, 3).Draw(t, "pairs") {
		m[anyText(t)] = anyThing(t)
	}
	return m
}

func anyEntry(t *rapid.T) preferences.Entry {
	return preferences.Entry{At: rapid.SampledFrom([]time.Time{{}, at, anyTime(t)}).Draw(t, "at"), Kind: preferences.EntryKind(rapid.SampledFrom([]string{"inbox.added", anyText(t)}).Draw(t, "kind")),
		Event: anyText(t), Campaign: anyText(t), Run: anyText(t), Message: anyText(t), Text: anyText(t), Detail: anyObject(t)}
}

func anyState(t *rapid.T) campaigns.State {
	s := proving()
	s.Proof.ID, s.Proof.Tries, s.Proof.Expires = anyText(t), rapid.IntRange(0, 5).Draw(t, "tries"), anyTime(t)
	c := s.Contact
	c.Name, c.Facts, c.Created, c.Updated = anyText(t), anyObject(t), anyTime(t), anyTime(t)
	c.Consents = append(c.Consents, preferences.Consent{Purpose: anyText(t), Wording: anyText(t), At: anyTime(t).In(time.FixedZone("", 7*3600))})
	for _, a := range []string{"a", "b"} {
		p := budget()
		p.Attribute, p.Confidence, p.Evidence.Text, p.Evidence.Run, p.Evidence.At = a, rapid.Float64().Draw(t, "confidence"), anyText(t), anyText(t), anyTime(t)
		c.Preferences[a] = p
	}
	s.Seq, s.Conversation.ID, s.Conversation.Run = rapid.Int64().Draw(t, "seq"), anyText(t), anyText(t)
	s.Conversation.To = rapid.SampledFrom([]address.Address{{}, c.Addresses[0], {Scheme: "zalo", ID: "7"}}).Draw(t, "to")
	for i := range rapid.IntRange(0, 5).Draw(t, "messages") {
		s.Messages = append(s.Messages, campaigns.Message{ID: fmt.Sprintf("c7-abc.%d", 7*i+5), Run: anyText(t), Status: anyText(t), At: anyTime(t), Theirs: []string{anyText(t)}})
	}
	return s
}

// TestOddIdsComeBackAsTheyWere: ids are stored short where they have the usual form, and whole where not.
func TestOddIdsComeBackAsTheyWere(t *testing.T) {
	for _, id := range []string{"", "c7-abc", "c7-abc.", "c7-abc.0", "c7-abc.07", "c7-abc.+7", "c7-abc.7.2", "c8-x.7", "7"} {
		o, err := record.ReadOutbound(record.Outbound(campaigns.Outbound{ID: id, Contact: "c7-abc"}))
		require.NoError(t, err)
		require.Equal(t, id, o.ID)
		for _, ev := range []campaigns.Event{{ID: id, Account: "c7-abc", MessageID: "7"}, {ID: "sms:SM1", Account: "sms", MessageID: "SM1"}, {ID: ":"}} {
			e, err := record.ReadEnvelope(record.Envelope{Event: &ev}.Bytes())
			require.NoError(t, err)
			require.Equal(t, ev, *e.Event)
		}
	}
}

// TestWhatStepsPutIntoALedgerIsReadAsJSON: details hold values of Go types, and are read as what JSON makes of them.
func TestWhatStepsPutIntoALedgerIsReadAsJSON(t *testing.T) {
	detail := map[string]any{"preference": budget(), "value": budget().Value, "at": at, "count": 7, "considered": []offers.Considered{{Offer: "o", Reason: "when", Terms: []expr.Term{{Source: "a", Held: true}, {Source: "b", Saw: "b = 1"}}},
		{Offer: "p", Eligible: true, Detail: "d"}}, "none": []offers.Considered(nil), "empty": []offers.Considered{},
		"list": []string{"a"}, "channel": address.SMS, "address": lan().Addresses[0], "nil": nil, "nothing": map[string]any(nil)}
	e, err := record.ReadEntries(record.Entries([]preferences.Entry{{Detail: detail}}))
	require.NoError(t, err)
	b, err := json.Marshal(detail)
	require.NoError(t, err)
	var want map[string]any
	require.NoError(t, json.Unmarshal(b, &want))
	require.Empty(t, cmp.Diff(want, e[0].Detail))
}

// What a provider sends may be no UTF-8; what is stored is.
func TestBytesThatAreNoTextAreReplaced(t *testing.T) {
	e, err := record.ReadEnvelope(record.Envelope{Event: &campaigns.Event{Text: "a\xffb"}}.Bytes())
	require.NoError(t, err)
	require.Equal(t, "a\uFFFDb", e.Event.Text)
}

// TestMessagesThatAreForgottenLeaveRedis: a message that the state has no more loses its field.
func TestMessagesThatAreForgottenLeaveRedis(t *testing.T) {
	s := customer()
	fields := storedOf(s)
	s.Messages = slices.Delete(s.Messages, 1, 2)
	s.Messages[0].Status = "delivered"
	var names []string
	for _, f := range record.Changes(fields, s, nil) {
		names = append(names, f.Name)
		require.Equal(t, f.Name == "m:2", f.Value == "")
		require.Less(t, len(f.Value), 130, "a receipt is cheap to write")
	}
	require.ElementsMatch(t, []string{"m:1", "m:2"}, names)
}

// TestWritingLeavesWhatIsWrittenAlone: two may write the form of one event at a time, which the race detector looks at.
func TestWritingLeavesWhatIsWrittenAlone(t *testing.T) {
	ev := campaigns.Event{ID: "e", Kind: campaigns.MessageIn}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { record.Envelope{Event: &ev}.Bytes() })
	}
	all.Wait()
}

// Parts within parts are read as deep as JSON from outside can go, and no deeper.
func TestDepthIsBounded(t *testing.T) {
	nested := func(depth int) map[string]any {
		m := map[string]any{"end": true}
		for range depth {
			m = map[string]any{"m": m}
		}
		return m
	}
	_, err := record.ReadCore(record.Core(&preferences.Contact{Facts: nested(10_000)}))
	require.NoError(t, err)
	_, err = record.ReadCore(record.Core(&preferences.Contact{Facts: nested(20_000)}))
	require.ErrorIs(t, err, record.ErrUnreadable)
	_, err = record.ReadEnvelope([]byte("2" + strings.Repeat("\x0b", 1_000_000)))
	require.ErrorIs(t, err, record.ErrUnreadable)
}

// What the gate asks of a talk is read from the dialogue alone, and a damaged one says nobody and no ads, like the step.
func TestTheGateReadsTheDialogue(t *testing.T) {
	t.Parallel()
	s := advertised()
	for _, f := range record.Changes(nil, s, nil) {
		if f.Name == "d" {
			taken, ads := record.Gate([]byte(f.Value), s.Contact)
			require.Equal(t, s.Taken, taken)
			require.Equal(t, s.Ads, ads)
			taken, ads = record.Gate([]byte(f.Value[:len(f.Value)/2]), s.Contact)
			require.Nil(t, taken)
			require.Nil(t, ads)
		}
	}
	for _, none := range [][]byte{nil, {}, []byte("2"), []byte("7x"), []byte(golden(t, "dialogue.v1"))} {
		taken, ads := record.Gate(none, s.Contact)
		require.Nil(t, taken)
		require.Nil(t, ads)
	}
}
