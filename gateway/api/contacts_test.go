package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang/mock/gomock"
	"github.com/google/go-cmp/cmp"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

var (
	lan  = address.Address{Scheme: "tel", ID: "+84901234567"}
	noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
)

func view() control.ContactView {
	return control.ContactView{Contact: preferences.Contact{
		ID: "c1", Addresses: []address.Address{lan}, Name: "Lan", Locale: "vi", Timezone: "Asia/Ho_Chi_Minh",
		Consents:   []preferences.Consent{{Purpose: "marketing", Granted: true, Source: "checkout form", At: noon, RecordedAt: noon}},
		Suppressed: &preferences.Suppression{Reason: "keyword", Text: "STOP", At: noon},
		Facts:      map[string]any{"city": "Huế"}, Created: noon, Updated: noon,
	}, Conversation: &campaigns.Conversation{ID: "k", Campaign: "autumn-style", Run: "r", Question: "style", Route: "sms", To: lan, Started: noon, AskedAt: noon, Expires: noon}}
}

func style() preferences.Preference {
	return preferences.Preference{
		Attribute: "style", Kind: preferences.Choice, Value: preferences.Value{Kind: preferences.Choice, Text: "office"},
		Class: preferences.Declared, Confidence: 0.98,
		Evidence: preferences.Evidence{Text: "dạ 2 nha", MessageID: "SM1", Channel: "sms", Account: "sms", Campaign: "autumn-style", Question: "style", At: noon},
	}
}

const putLan = `{"addresses":["tel:+84901234567"],"name":"Lan","locale":"vi","timezone":"Asia/Ho_Chi_Minh",
	"consents":[{"purpose":"marketing","granted":true,"source":"checkout form","at":"2026-11-01T09:00:00+07:00"},
		{"purpose":"marketing","granted":false,"source":"checkout form","at":"2026-11-01T09:00:00+07:00","channels":["viber","line"]}],
	"facts":{"city":"Huế","orders":3,"gone":null,"tags":["a",1.5],"size":{"top":"M"}}}`

func TestPutContact(t *testing.T) {
	t.Parallel()
	name, locale, zone := "Lan", "vi", "Asia/Ho_Chi_Minh"
	want := campaigns.ContactEdit{
		Addresses: []address.Address{lan}, Name: &name, Locale: &locale, Timezone: &zone,
		Consents: []preferences.Consent{{Purpose: "marketing", Granted: true, Source: "checkout form", At: time.Date(2026, 11, 1, 2, 0, 0, 0, time.UTC)},
			{Purpose: "marketing", Source: "checkout form", At: time.Date(2026, 11, 1, 2, 0, 0, 0, time.UTC), Channels: []address.Channel{address.Viber, address.LINE}}},
		Facts: map[string]any{"city": "Huế", "orders": 3.0, "gone": nil, "tags": []any{"a", 1.5}, "size": map[string]any{"top": "M"}},
	}
	for created, status := range map[bool]int{true: http.StatusCreated, false: http.StatusOK} {
		b := setup(t)
		b.control.EXPECT().Upsert(gomock.Any(), gomock.Any()).DoAndReturn(func(_ any, e campaigns.ContactEdit) (control.ContactView, bool, error) {
			if diff := cmp.Diff(want, e); diff != "" {
				t.Error(diff)
			}
			return view(), created, nil
		})
		x := b.call(t, http.MethodPut, "/contacts", putLan)
		var got struct {
			ID        string
			Name      string
			Addresses []string
		}
		x.into(t, &got)
		if x.status != status || got.ID != "c1" || got.Name != "Lan" || len(got.Addresses) != 1 {
			t.Errorf("%d %s", x.status, x.body)
		}
		if at := x.header.Get("Location"); (at == "/api/v1/contacts/c1") != created {
			t.Errorf("Location %q", at)
		}
	}
}

func TestPutPreferences(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().Upsert(gomock.Any(), gomock.Any()).DoAndReturn(func(_ any, e campaigns.ContactEdit) (control.ContactView, bool, error) {
		if len(e.Preferences) != 3 || e.Preferences[2].Confidence != 1 || e.Preferences[0].Class != preferences.Imported || *e.Preferences[0].Value.Max != 500000 ||
			e.Preferences[1].Class != preferences.Inferred || e.Preferences[1].Confidence != 0.5 {
			t.Errorf("%+v", e.Preferences)
		}
		return view(), false, nil
	})
	x := b.call(t, http.MethodPut, "/contacts", `{"addresses":["tel:+84901234567"],"preferences":[
		{"attribute":"budget","kind":"money","value":{"max":500000,"currency":"VND"},"evidence":{"text":"loyalty survey","at":"2026-01-01T00:00:00Z"}},
		{"attribute":"style","kind":"choice","value":"office","class":"inferred","confidence":0.5,"evidence":{"text":"purchases"}},
		{"attribute":"vip","kind":"yes_no","value":true,"confidence":1,"evidence":{"text":"since 1970","at":"1970-01-01T00:00:00Z"}}]}`)
	if x.status != http.StatusOK {
		t.Errorf("%d %s", x.status, x.body)
	}
}

// What is wrong with a contact is said with its place; nothing reaches control.
func TestPutContactRefuses(t *testing.T) {
	t.Parallel()
	with := func(s string) string { return `{"addresses":["tel:+84901234567"],` + s + `}` }
	agreed := func(s string) string { return with(`"consents":[{` + s + `}]`) }
	liked := func(s string) string { return with(`"preferences":[{` + s + `}]`) }
	for body, pointer := range map[string]string{
		`{}`:                                         "#/addresses",
		`{"addresses":[]}`:                           "#/addresses",
		`{"addresses":null}`:                         "#/addresses",
		`{"addresses":"tel:+84901234567"}`:           "#/addresses",
		`{"addresses":["0901234567"]}`:               "#/addresses/0",
		`{"addresses":["tel:+84901234567",7]}`:       "#/addresses/1",
		`{"addresses":["zalo:1","zalo:1"]}`:          "#/addresses/1",
		with(`"nmae":"Lan"`):                         "#/nmae",
		with(`"Name":"Lan"`):                         "#/Name",
		with(`"name":"Lan","name":"Mai"`):            "#/name",
		with(`"name":7`):                             "#/name",
		with(`"name":null`):                          "#/name",
		with(`"name":"a\u0000b"`):                    "#/name",
		with(`"name":"` + long(201) + `"`):           "#/name",
		with(`"locale":"tiếng Việt"`):                "#/locale",
		with(`"timezone":"Asia/Saigon2"`):            "#/timezone",
		with(`"timezone":"Local"`):                   "#/timezone",
		with(`"facts":["city"]`):                     "#/facts",
		with(`"facts":{"":1}`):                       "#/facts/",
		with(`"facts":{"card":9704123456789012345}`): "#/facts/card",
		with(`"facts":{"a/b~":{"x":1e999}}`):         "#/facts/a~1b~0/x",
		agreed(`"purpose":"marketing","granted":true,"at":"2026-11-01T09:00:00+07:00"`):                                                      "#/consents/0/source",
		agreed(`"purpose":"marketing","granted":true,"source":" ","at":"2026-11-01T09:00:00+07:00"`):                                         "#/consents/0/source",
		agreed(`"purpose":"marketing","granted":true,"source":"form"`):                                                                       "#/consents/0/at",
		agreed(`"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01"`):                                                     "#/consents/0/at",
		agreed(`"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T09:00:00"`):                                            "#/consents/0/at",
		agreed(`"purpose":"marketing","source":"form","at":"2026-11-01T09:00:00+07:00"`):                                                     "#/consents/0/granted",
		agreed(`"purpose":"marketing","granted":"yes","source":"form","at":"2026-11-01T09:00:00+07:00"`):                                     "#/consents/0/granted",
		agreed(`"granted":true,"source":"form","at":"2026-11-01T09:00:00+07:00"`):                                                            "#/consents/0/purpose",
		agreed(`"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T09:00:00+07:00","recorded_at":"2026-11-01T09:00:00Z"`): "#/consents/0/recorded_at",
		with(`"consents":[true]`): "#/consents/0",
		agreed(`"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T09:00:00+07:00","channels":[]`):            "#/consents/0/channels",
		agreed(`"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T09:00:00+07:00","channels":"sms"`):         "#/consents/0/channels",
		agreed(`"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T09:00:00+07:00","channels":["fax"]`):       "#/consents/0/channels/0",
		agreed(`"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T09:00:00+07:00","channels":[1]`):           "#/consents/0/channels/0",
		agreed(`"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T09:00:00+07:00","channels":["sms","sms"]`): "#/consents/0/channels/1",
		liked(`"attribute":"style","kind":"choice","value":"office","class":"declared","evidence":{"text":"x"}`):                 "#/preferences/0/class",
		liked(`"attribute":"style","kind":"choice","value":"office","class":"guessed","evidence":{"text":"x"}`):                  "#/preferences/0/class",
		liked(`"attribute":"style","kind":"choice","value":"office"`):                                                            "#/preferences/0/evidence",
		liked(`"attribute":"style","kind":"choice","value":"office","evidence":{}`):                                              "#/preferences/0/evidence/text",
		liked(`"attribute":"style","kind":"choice","value":7,"evidence":{"text":"x"}`):                                           "#/preferences/0/value",
		liked(`"attribute":"style","kind":"choice","value":"","evidence":{"text":"x"}`):                                          "#/preferences/0/value",
		liked(`"attribute":"style","kind":"choice","value":null,"evidence":{"text":"x"}`):                                        "#/preferences/0/value",
		liked(`"attribute":"style","kind":"choice","evidence":{"text":"x"}`):                                                     "#/preferences/0/value",
		liked(`"attribute":"style","kind":"colour","value":"red","evidence":{"text":"x"}`):                                       "#/preferences/0/kind",
		liked(`"attribute":"b","kind":"money","value":{"amount":1,"tax":2},"evidence":{"text":"x"}`):                             "#/preferences/0/value/tax",
		liked(`"attribute":"b","kind":"number","value":1,"confidence":1.5,"evidence":{"text":"x"}`):                              "#/preferences/0/confidence",
		`[]`: "#",
	} {
		x := setup(t).call(t, http.MethodPut, "/contacts", body)
		p := x.problem(t)
		if x.status != http.StatusBadRequest || len(p.Errors) == 0 || p.Errors[0].Pointer != pointer {
			t.Errorf("%s\n\tgot %d %s\n\twant %s", body, x.status, x.body, pointer)
		}
		if strings.Contains(string(x.body), "0901234567") {
			t.Errorf("the answer repeats an address: %s", x.body)
		}
	}
}

func long(n int) string { return strings.Repeat("x", n) }

// Bodies that are no JSON, or not only one, have no place to name.
func TestBrokenBodies(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "  ", "{", "not json", `{"addresses":["zalo:1"]}{}`, `{"addresses":["zalo:1"]} x`, "{\"addresses\":[\"zalo:\xff\"]}", strings.Repeat("[", 5000)} {
		x := setup(t).call(t, http.MethodPut, "/contacts", body)
		if p := x.problem(t); x.status != http.StatusBadRequest || p.Detail == "" {
			t.Errorf("%q: %d %s", body, x.status, x.body)
		}
	}
}

// All mistakes are told at once.
func TestAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	x := setup(t).call(t, http.MethodPut, "/contacts", `{"addresses":["x"],"locale":"?","timezone":"?","nope":1}`)
	if p := x.problem(t); len(p.Errors) != 4 {
		t.Errorf("%s", x.body)
	}
}

func TestControlErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
		detail string
	}{
		{control.ErrNotFound, 404, "Not found."},
		{fmt.Errorf("%w: no contact has this address", control.ErrNotFound), 404, "No contact has this address."},
		{fmt.Errorf("%w: the addresses belong to two contacts", control.ErrConflict), 409, "The addresses belong to two contacts."},
		{fmt.Errorf("%w: the consent to marketing is dated in the future", control.ErrInvalid), 400, "The consent to marketing is dated in the future."},
		{fmt.Errorf("%w: dial tcp 10.0.0.1:6379: refused", control.ErrUnavailable), 503, "try again"},
		{errors.New("a bug"), 500, "inside the gateway"},
	} {
		b := setup(t)
		b.control.EXPECT().Upsert(gomock.Any(), gomock.Any()).Return(control.ContactView{}, false, c.err)
		x := b.call(t, http.MethodPut, "/contacts", putLan)
		p := x.problem(t)
		if x.status != c.status || !strings.Contains(p.Detail, c.detail) || strings.Contains(string(x.body), "6379") {
			t.Errorf("%v: %d %s", c.err, x.status, x.body)
		}
		if (x.header.Get("Retry-After") == "1") != (c.status == http.StatusServiceUnavailable) {
			t.Errorf("%v: Retry-After %q", c.err, x.header.Get("Retry-After"))
		}
	}
}

func TestGetContact(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().ContactByAddress(gomock.Any(), lan).Return(view(), nil)
	b.control.EXPECT().Contact(gomock.Any(), "c1").Return(view(), nil).Times(2)
	b.control.EXPECT().Preferences(gomock.Any(), "c1").Return([]preferences.Preference{style()}, nil)
	for _, target := range []string{"/contacts?address=tel:%2B84901234567", "/contacts/c1", "/contacts/c1?with=preferences"} {
		var got struct {
			ID          string
			Preferences []preferences.Preference
		}
		x := b.call(t, http.MethodGet, target, "")
		x.into(t, &got)
		if x.status != http.StatusOK || got.ID != "c1" || (len(got.Preferences) == 1) != strings.Contains(target, "with") {
			t.Errorf("%s: %d %s", target, x.status, x.body)
		}
	}
}

func TestListContacts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	known := view()
	known.Contact.Preferences = map[string]preferences.Preference{"style": style(), "budget": {Attribute: "budget", Kind: preferences.Number, Value: preferences.Exact(preferences.Number, 3, ""), Class: preferences.Imported}}
	b.control.EXPECT().List(gomock.Any(), "", 50).Return([]control.ContactView{view()}, "0.c1", nil)
	b.control.EXPECT().List(gomock.Any(), "0.c1", 2).Return([]control.ContactView{known}, "", nil)
	b.control.EXPECT().List(gomock.Any(), "end", 50).Return(nil, "", nil)
	type page struct {
		Contacts []struct {
			ID          string
			Preferences []struct{ Attribute string }
		}
		Next string `json:"next_cursor"`
	}
	var first, second, last page
	b.call(t, http.MethodGet, "/contacts", "").into(t, &first)
	b.call(t, http.MethodGet, "/contacts?cursor="+first.Next+"&limit=2&with=preferences", "").into(t, &second)
	b.call(t, http.MethodGet, "/contacts?cursor=end", "").into(t, &last)
	if len(first.Contacts) != 1 || first.Contacts[0].Preferences != nil || first.Next != "0.c1" {
		t.Errorf("%+v", first)
	}
	if len(second.Contacts) != 1 || len(second.Contacts[0].Preferences) != 2 || second.Contacts[0].Preferences[0].Attribute != "budget" || second.Next != "" {
		t.Errorf("%+v", second)
	}
	if last.Contacts == nil || len(last.Contacts) != 0 {
		t.Errorf("%+v", last)
	}
}

func TestQueriesAreStrict(t *testing.T) {
	t.Parallel()
	for target, parameter := range map[string]string{
		"/contacts?adress=tel:%2B84901234567": "adress", "/contacts?address=0901234567": "address", "/contacts?limit=0": "limit",
		"/contacts?limit=201": "limit", "/contacts?limit=1&limit=2": "limit", "/contacts?with=all": "with", "/contacts?address=zalo:1&cursor=x": "address",
		"/runs?limit=x": "limit", "/contacts/c1/ledger?limit=1001": "limit", "/inbox?limit=-1": "limit", "/dead-letters?page=2": "page", "/contacts/c1?with=": "with",
	} {
		x := setup(t).call(t, http.MethodGet, target, "")
		if p := x.problem(t); x.status != http.StatusBadRequest || len(p.Errors) != 1 || p.Errors[0].Parameter != parameter {
			t.Errorf("%s: %d %s", target, x.status, x.body)
		}
	}
}

func TestEraseLedgerPreferences(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().Erase(gomock.Any(), "c1", time.Time{}).Return(nil)
	b.control.EXPECT().LedgerPage(gomock.Any(), "c1", "", 100).Return([]preferences.Entry{{At: noon, Kind: preferences.EntryNotSent, Reason: "quiet_hours", Detail: map[string]any{"until": "08:00"}}}, "", nil)
	b.control.EXPECT().LedgerPage(gomock.Any(), "c2", "", 5).Return(nil, "", nil)
	b.control.EXPECT().LedgerPage(gomock.Any(), "c3", "2.1.aaaaaaaaaa", 1).Return([]preferences.Entry{{At: noon, Kind: preferences.EntryInbox}}, "3.1.bbbbbbbbbb", nil)
	b.control.EXPECT().Preferences(gomock.Any(), "c1").Return([]preferences.Preference{style()}, nil)
	b.control.EXPECT().Preferences(gomock.Any(), "c2").Return(nil, nil)
	if x := b.call(t, http.MethodDelete, "/contacts/c1", ""); x.status != http.StatusNoContent || len(x.body) != 0 {
		t.Errorf("%d %s", x.status, x.body)
	}
	for target, want := range map[string]string{
		"/contacts/c1/ledger":                               `{"ledger":[{"at":"2026-11-01T12:00:00Z","kind":"message.not_sent","reason":"quiet_hours","detail":{"until":"08:00"}}]}`,
		"/contacts/c2/ledger?limit=5":                       `{"ledger":[]}`,
		"/contacts/c3/ledger?limit=1&cursor=2.1.aaaaaaaaaa": `{"ledger":[{"at":"2026-11-01T12:00:00Z","kind":"inbox.added"}],"next_cursor":"3.1.bbbbbbbbbb"}`,
		"/contacts/c1/preferences": `{"preferences":[{"attribute":"style","kind":"choice","value":"office","class":"declared","confidence":0.98,"evidence":` +
			`{"text":"dạ 2 nha","message_id":"SM1","channel":"sms","account":"sms","campaign":"autumn-style","question":"style","at":"2026-11-01T12:00:00Z"}}]}`,
		"/contacts/c2/preferences": `{"preferences":[]}`,
	} {
		if x := b.call(t, http.MethodGet, target, ""); x.status != http.StatusOK || strings.TrimSpace(string(x.body)) != want {
			t.Errorf("%s: %d %s", target, x.status, x.body)
		}
	}
}

func TestUnmerge(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().Unmerge(gomock.Any(), "c1", "c2").Return(view(), nil)
	if x := b.call(t, "POST", "/contacts/c1/unmerge", `{"from":"c2"}`); x.status != http.StatusOK || !strings.Contains(string(x.body), `"id":"c1"`) {
		t.Errorf("%d %s", x.status, x.body)
	}
	b.control.EXPECT().Unmerge(gomock.Any(), "c1", "c3").Return(control.ContactView{}, fmt.Errorf("%w: no contact of the id in from is merged into it", control.ErrConflict))
	if x := b.call(t, "POST", "/contacts/c1/unmerge", `{"from":"c3"}`); x.status != http.StatusConflict {
		t.Errorf("%d %s", x.status, x.body)
	}
	for _, body := range []string{``, `{}`, `{"from":""}`, `{"from":7}`, `{"from":"c2","x":1}`} {
		if x := b.call(t, "POST", "/contacts/c1/unmerge", body); x.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", body, x.status, x.body)
		}
	}
}

// A contact that was merged says into which, and that one which.
func TestMergedIsShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	gone, stays := view(), view()
	gone.Addresses, gone.MergedInto = nil, "c1"
	stays.Merged = []control.Merged{{Contact: "c2", At: noon, Also: lan, Account: "bot"}}
	b.control.EXPECT().Contact(gomock.Any(), "c2").Return(gone, nil)
	b.control.EXPECT().Contact(gomock.Any(), "c1").Return(stays, nil)
	if x := b.call(t, "GET", "/contacts/c2", ""); x.status != http.StatusOK || !strings.Contains(string(x.body), `"merged_into":"c1"`) || !strings.Contains(string(x.body), `"addresses":[]`) {
		t.Errorf("%d %s", x.status, x.body)
	}
	if x := b.call(t, "GET", "/contacts/c1", ""); x.status != http.StatusOK || !strings.Contains(string(x.body), `"merged":[{"contact":"c2"`) {
		t.Errorf("%d %s", x.status, x.body)
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	b := setup(t)
	also := address.Address{Scheme: address.Tel, ID: "+84912345678"}
	answers := func(by string, err error) {
		b.control.EXPECT().Link(gomock.Any(), "c1", also, by).Return(control.ProofView{Address: also, By: "link", Account: "sms", Expires: noon}, err)
	}
	answers("", nil)
	answers("link", nil)
	answers("code", fmt.Errorf("%w: whoever has this address has opted out", control.ErrConflict))
	answers("", &control.SoonError{Why: "another proof is under way for this contact", Wait: 90 * time.Second})
	answers("", fmt.Errorf("%w: there is no contact", control.ErrNotFound))
	for _, c := range []struct {
		body   string
		status int
		want   string
	}{
		{`{"address":"tel:+84912345678"}`, 202, `{"address":"tel:+84912345678","by":"link","account":"sms","expires":"2026-11-01T12:00:00Z"}`},
		{`{"address":"tel:+84912345678","by":"link"}`, 202, `"by":"link"`},
		{`{"address":"tel:+84912345678","by":"code"}`, 409, "Whoever has this address has opted out."},
		{`{"address":"tel:+84912345678"}`, 429, "Another proof is under way for this contact."},
		{`{"address":"tel:+84912345678"}`, 404, "There is no contact."},
		{``, 400, "empty"},
		{`{}`, 400, "#/address"},
		{`{"address":""}`, 400, "#/address"},
		{`{"address":"0912345678"}`, 400, "#/address"},
		{`{"address":["tel:+84912345678"]}`, 400, "#/address"},
		{`{"address":"tel:+84912345678","by":"fax"}`, 400, "#/by"},
		{`{"address":"tel:+84912345678","code":"123456"}`, 400, "#/code"},
	} {
		x := b.call(t, http.MethodPost, "/contacts/c1/links", c.body)
		if x.status != c.status || !strings.Contains(string(x.body), c.want) {
			t.Errorf("%s: %d %s", c.body, x.status, x.body)
		}
		if got := x.header.Get("Retry-After"); (got == "90") != (c.status == 429) {
			t.Errorf("%s: Retry-After %q", c.body, got)
		}
	}
}

func TestAContactsOwnPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for hours, err := range map[int]error{24: nil, 720: nil, 1: fmt.Errorf("%w: a page of their own needs http.public_url", control.ErrConflict), 2: fmt.Errorf("%w: there is no contact", control.ErrNotFound)} {
		b.control.EXPECT().OwnPage(gomock.Any(), "c1", hours).Return(control.OwnLink{URL: "https://msg.example.com/me/x", Expires: noon}, err).AnyTimes()
	}
	for _, c := range []struct {
		body   string
		status int
		want   string
	}{
		{``, 201, `{"url":"https://msg.example.com/me/x","expires":"2026-11-01T12:00:00Z"}`},
		{`{}`, 201, `"url"`},
		{`{"hours":720}`, 201, `"url"`},
		{`{"hours":1}`, 409, "needs http.public_url"},
		{`{"hours":2}`, 404, "There is no contact."},
		{`{"hours":0}`, 400, "#/hours"},
		{`{"hours":721}`, 400, "#/hours"},
		{`{"hours":"24"}`, 400, "#/hours"},
		{`{"days":1}`, 400, "#/days"},
	} {
		x := b.call(t, http.MethodPost, "/contacts/c1/page", c.body)
		if x.status != c.status || !strings.Contains(string(x.body), c.want) {
			t.Errorf("%s: %d %s", c.body, x.status, x.body)
		}
	}
}
