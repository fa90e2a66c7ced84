package demo

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// says posts a reply to the phone's webhook.
func says(t *testing.T, s *shop, contact, text string) {
	t.Helper()
	b, _ := json.Marshal(map[string]string{"from": s.find(contact).Addresses[0].String(), "text": text, "id": "id-" + text})
	if w := call(t, s, http.MethodPost, "/hooks/phone", string(b), map[string]string{"X-Phone-Token": "t0ken"}); w.Code != http.StatusOK {
		t.Fatalf("webhook: %d", w.Code)
	}
}

func starts(t *testing.T, s *shop) {
	t.Helper()
	if w := call(t, s, http.MethodPost, "/demo/api/campaigns/autumn-style/start", `{"key":"k"}`, nil); w.Code != http.StatusAccepted {
		t.Fatalf("start: %d %s", w.Code, w.Body)
	}
}

func shown(t *testing.T, s *shop, contact, lang string) state {
	t.Helper()
	w := call(t, s, http.MethodGet, "/demo/api/state?contact="+contact+"&lang="+lang, "", nil)
	var st state
	if err := json.Unmarshal(w.Body.Bytes(), &st); err != nil || w.Code != http.StatusOK {
		t.Fatalf("state: %d %v %s", w.Code, err, w.Body)
	}
	return st
}

func TestStateBeforeAnythingHappened(t *testing.T) {
	st := shown(t, newShop(), "c000", "vi")
	if st.Understood != nil || len(st.Preferences) != 0 || st.Offers.Decided || len(st.Campaigns) != 3 {
		t.Errorf("%+v", st)
	}
	if !strings.Contains(st.Story.Text, "Bắt đầu") {
		t.Errorf("story: %q", st.Story.Text)
	}
	if got := st.Campaigns[0].Audience; got != "đồng ý nhận tin ưu đãi và chưa biết phong cách" {
		t.Errorf("audience: %q", got)
	}
	if got := st.Fits["autumn-style"]; !got.OK {
		t.Errorf("fit: %+v", got)
	}
	if got := st.Campaigns[2].When; got != "thứ Bảy hằng tuần, 10:00" {
		t.Errorf("schedule: %q", got)
	}
	if o := st.Offers.List[0]; o.ID != "office-20" || len(o.Terms) != 2 || o.Terms[0].Held != nil || o.Stock != "đã tặng 0/500" {
		t.Errorf("candidates: %+v", st.Offers)
	}
}

// Whom no campaign asks is not promised a question.
func TestTheOpeningOfWhoRefused(t *testing.T) {
	s := newShop()
	if got := shown(t, s, "c004", "vi").Story; !strings.Contains(got.Text, "không đồng ý") || got.Tone != "why" {
		t.Errorf("%+v", got)
	}
	if got := shown(t, s, "c004", "en").Story.Text; strings.Contains(got, "gets the question") {
		t.Errorf("%q", got)
	}
}

func TestStateAfterAConversation(t *testing.T) {
	s := newShop()
	starts(t, s)
	says(t, s, "c000", "dạ 2 nha")
	st := shown(t, s, "c000", "en")
	if u := st.Understood; u.Value != "Office" || u.About != "style" || u.Percent != 98 || u.RuleWhy != "They typed the number of an option" ||
		!slices.Equal(u.Reply, []piece{{Text: "dạ "}, {Text: "2", Hit: true}, {Text: " nha"}}) || len(u.Trace) != 3 {
		t.Errorf("understood: %+v", u)
	}
	if p := st.Preferences[0]; p.Value != "Office" || p.ClassLabel != "said by the customer" || p.Channel != "SMS" || p.Question == "" || p.At.IsZero() {
		t.Errorf("preference: %+v", p)
	}
	if len(st.Suggestions) == 0 || st.Suggestions[0].Text != "500k tới 1tr" {
		t.Errorf("the open question is about money, suggested: %+v", st.Suggestions)
	}
	if n := len(st.Phone); n != 3 || !st.Phone[1].Mine || st.Phone[1].Text != "dạ 2 nha" || len(st.Phone[0].Options) != 3 || st.Phone[0].Channel != "SMS" {
		t.Errorf("phone: %+v", st.Phone)
	}
	says(t, s, "c000", "500k tới 1tr")
	st = shown(t, s, "c000", "vi")
	if got := st.Understood.Value; got != "500.000\u00a0₫ – 1.000.000\u00a0₫" {
		t.Errorf("amount: %q", got)
	}
	if o := st.Offers; !o.Decided || !o.List[0].Chosen || o.List[0].Code != "LUA-7K2M" || !strings.Contains(o.List[0].Text, "LUA-7K2M") || *o.List[0].Terms[1].Held != true {
		t.Errorf("offers: %+v", o)
	}
	if got := st.Fits["autumn-style"]; got.OK || !strings.HasSuffix(got.Text, "cần: chưa biết phong cách") {
		t.Errorf("fit: %+v", got)
	}
	last := st.Offers.List[2]
	if *last.Terms[0].Held || last.Terms[0].Saw != "Công sở" || last.Terms[0].Plain != "phong cách là Thể thao" {
		t.Errorf("why not: %+v", last)
	}
	if !strings.Contains(st.Story.Text, "“500k tới 1tr”") || !strings.Contains(st.Story.Text, "office-20") || st.Story.Tone != "good" {
		t.Errorf("story: %+v", st.Story)
	}
	if st.Campaigns[0].Run == nil || st.Campaigns[0].Run.Counts[0].N != 200 {
		t.Errorf("run: %+v", st.Campaigns[0].Run)
	}
	keys := map[string]bool{}
	for _, l := range st.Ledger {
		if keys[l.Key] || strings.Contains(l.Sentence, "{") || strings.Contains(l.Sentence, "ledger.") {
			t.Errorf("ledger line: %+v", l)
		}
		keys[l.Key] = true
	}
}

func TestStateOfThoseWhoAreNotAskedSaysWhy(t *testing.T) {
	s := newShop()
	starts(t, s)
	st := shown(t, s, "c004", "vi")
	if got := st.Ledger[0]; got.Kind != "conversation.not_asked" || got.Why != "khách chưa đồng ý nhận tin ưu đãi" || got.Tone != "why" {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(st.Story.Text, "không hỏi") {
		t.Errorf("story: %q", st.Story.Text)
	}
}

func TestStateAfterRefusals(t *testing.T) {
	s := newShop()
	starts(t, s)
	says(t, s, "c000", "chưa biết")
	if u := shown(t, s, "c000", "vi").Understood; u.Status != "unclear" || u.Value != "" || u.RuleWhy != "Khách còn phân vân" {
		t.Errorf("%+v", u)
	}
	says(t, s, "c000", "TC")
	st := shown(t, s, "c000", "vi")
	if st.Understood.Status != "command" || st.Understood.Value != "ngừng nhận tin" || st.Contact.Stopped == "" || !strings.Contains(st.Story.Text, "không tin quảng cáo nào") {
		t.Errorf("%+v %+v", st.Understood, st.Story)
	}
}

// Entries without details, or with details of another form, still make a page.
func TestStateToleratesPoorDetails(t *testing.T) {
	s := newShop()
	at := time.Now()
	for i, kind := range []preferences.EntryKind{preferences.EntryUnderstood, preferences.EntryPreference, preferences.EntryConsent,
		preferences.EntryOffered, preferences.EntryNoOffer, preferences.EntryCommand, preferences.EntryEvent, "something.new"} {
		s.ledgers["c000"] = append(s.ledgers["c000"],
			preferences.Entry{At: at.Add(time.Duration(i)), Kind: kind},
			preferences.Entry{At: at.Add(time.Duration(i)), Kind: kind, Reason: "brand_new_reason", Detail: map[string]any{
				"value": map[string]any{"odd": 1}, "confidence": "high", "trace": "none", "words": 7, "considered": "x", "new": []any{3}, "granted": "yes", "bad": func() {}}})
	}
	st := shown(t, s, "c000", "en")
	if len(st.Ledger) != 17 || st.Ledger[0].Why != "brand new reason" || st.Ledger[0].Sentence != "something.new" {
		t.Errorf("%+v", st.Ledger[0])
	}
}

// What customers take away on their own page is told as gone, with who did it.
func TestWhatIsTakenAwayIsTold(t *testing.T) {
	s := newShop()
	s.ledgers["c000"] = append(s.ledgers["c000"], preferences.Entry{At: time.Now(), Kind: preferences.EntryPreference, Reason: "taken_away", Detail: map[string]any{"attribute": "style"}})
	st := shown(t, s, "c000", "en")
	if l := st.Ledger[0]; !strings.HasSuffix(l.Sentence, ": not kept any more") || l.Why != "the customer removed it on their own page" || !strings.Contains(st.Story.Text, "taken away") {
		t.Errorf("%+v %+v", l, st.Story)
	}
}

func TestStateWithoutAWorldShowsWhatIsStored(t *testing.T) {
	s := newShop()
	starts(t, s)
	says(t, s, "c000", "dạ 2 nha")
	d := &demo{o: s.options()}
	d.o.World = nil
	st, err := d.look(t.Context(), "vi", "c000")
	if err != nil || st.Understood.Value != "công sở" || len(st.Suggestions) == 0 {
		t.Errorf("%v %+v", err, st.Understood)
	}
}

func TestUnknownContactsAreNotFound(t *testing.T) {
	for _, path := range []string{"/demo/api/state?contact=nobody", "/demo/api/stream?contact=nobody"} {
		if w := call(t, newShop(), http.MethodGet, path, "", nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestAnAddressFromAnEarlierDemoShowsSomebodyElse(t *testing.T) {
	w := call(t, newShop(), http.MethodGet, "/demo?contact=c1-goneforever", "", nil)
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "goneforever") || !strings.Contains(w.Body.String(), `data-contact="c`) {
		t.Errorf("%d %.600s", w.Code, w.Body.String())
	}
}

func TestContactsAreAllListedAndSearchable(t *testing.T) {
	w := call(t, newShop(), http.MethodGet, "/demo/api/contacts", "", nil)
	var out struct{ Contacts []person }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || len(out.Contacts) != 200 {
		t.Fatalf("%v: %d contacts", err, len(out.Contacts))
	}
	i := slices.IndexFunc(out.Contacts, func(p person) bool { return p.Full == "Đặng Thị Hương" })
	if i < 0 || !strings.HasPrefix(out.Contacts[i].Search, "dang thi huong +84") {
		t.Errorf("%+v", out.Contacts[max(i, 0)])
	}
}

func TestEventsCarryWhatAShopWouldTell(t *testing.T) {
	s := newShop()
	w := call(t, s, http.MethodPost, "/demo/api/event", `{"contact":"c003","type":"order.returned"}`, nil)
	if w.Code != http.StatusAccepted || len(s.occurred) != 1 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	o := s.occurred[0]
	if o.Type != "order.returned" || o.Address != s.find("c003").Addresses[0] || o.Data["product"] == nil || !strings.HasPrefix(o.ID, "demo-") {
		t.Errorf("%+v", o)
	}
	for body, want := range map[string]int{`{"contact":"nobody","type":"x"}`: 404, `{"contact":"c000"}`: 422, `{`: 400} {
		if w := call(t, s, http.MethodPost, "/demo/api/event", body, nil); w.Code != want {
			t.Errorf("%s: %d, want %d", body, w.Code, want)
		}
	}
	if w := call(t, s, http.MethodPost, "/demo/api/campaigns/none/start", `{}`, nil); w.Code != http.StatusNotFound {
		t.Errorf("an unknown campaign: %d", w.Code)
	}
}

func TestPhoneOfPrefersANumber(t *testing.T) {
	if got := phoneOf(control.ContactView{}); !got.IsZero() {
		t.Errorf("nobody has %v", got)
	}
}
