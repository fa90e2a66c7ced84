package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/phone"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
	"github.com/labstack/echo/v4"
)

// shop is a gateway that plays its part from a script: it knows one campaign by heart and reads five replies. It lets
// the page be tested, and looked at, without an engine.
type shop struct {
	control.API // methods that the page never calls

	mu       sync.Mutex
	people   []control.ContactView
	ledgers  map[string][]preferences.Entry
	prefs    map[string][]preferences.Preference
	phones   *phone.Phone
	sms      adapters.Adapter
	runs     []control.Run
	watchers map[int]chan struct{}
	next     int
	occurred []control.Occurrence
	events   int
}

var names200 = []string{"Lan", "Hương", "Minh", "Đức", "Thảo", "Ngọc", "Tuấn", "Mai", "Phương", "Quỳnh"}
var families = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Vũ",
	"Phan", "Trương", "Huỳnh", "Hoàng", "Mạc", "Cao", "Đinh"}

func newShop() *shop {
	s := &shop{ledgers: map[string][]preferences.Entry{}, prefs: map[string][]preferences.Preference{},
		phones: phone.New(), watchers: map[int]chan struct{}{}}
	s.sms, _ = phone.Type(s.phones).Open(adapters.Account{ID: "phone", Channel: address.SMS, Settings: map[string]string{"token": "t0ken"}})
	for i := range 200 {
		v := control.ContactView{Contact: preferences.Contact{
			ID: fmt.Sprintf("c%03d", i), Name: families[i/10] + " Thị " + names200[i%10], Locale: "vi",
			Addresses: []address.Address{{Scheme: "tel", ID: fmt.Sprintf("+8490%07d", 1234567+i*7919)}},
			Facts:     map[string]any{"city": []string{"Huế", "Hà Nội", "Đà Nẵng"}[i%3], "orders": i%7 + 1, "tier": "Bạc"},
			Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: i%9 != 4, Source: "phiếu đăng ký tại quầy",
				At: time.Now().Add(-40 * 24 * time.Hour)}},
		}}
		s.people = append(s.people, v)
		s.ledgers[v.ID] = []preferences.Entry{{At: time.Now().Add(-40 * 24 * time.Hour), Kind: preferences.EntryCreated, Event: "e0"}}
	}
	return s
}

// options is the mount of a page over this shop.
func (s *shop) options() Options {
	return Options{API: s, Phone: s.phones, HookURL: "/hooks/phone", HookToken: "t0ken", Listen: "127.0.0.1:8080",
		Changes: func(string) (<-chan struct{}, func()) { return s.watch() }, World: world}
}

// server is the page and the webhook.
func (s *shop) server(change func(*Options)) *echo.Echo {
	e := echo.New()
	o := s.options()
	if change != nil {
		change(&o)
	}
	Mount(e, o)
	e.POST("/hooks/phone", s.hook)
	return e
}

func (s *shop) watch() (<-chan struct{}, func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	id, ch := s.next, make(chan struct{}, 1)
	s.watchers[id] = ch
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, id)
	}
}

// changed signals everybody; the caller holds the lock.
func (s *shop) changed() {
	for _, ch := range s.watchers {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

func (s *shop) find(id string) *control.ContactView {
	for i := range s.people {
		if s.people[i].ID == id {
			return &s.people[i]
		}
	}
	return nil
}

func (s *shop) Contact(_ context.Context, id string) (control.ContactView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.find(id)
	if v == nil {
		return control.ContactView{}, fmt.Errorf("%w: there is no contact %q", control.ErrNotFound, id)
	}
	return *v, nil
}

func (s *shop) Ledger(_ context.Context, id string, n int) ([]preferences.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.ledgers[id])
	return all[max(0, len(all)-n):], nil
}

func (s *shop) Preferences(_ context.Context, id string) ([]preferences.Preference, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.prefs[id]), nil
}

func (s *shop) List(_ context.Context, cursor string, n int) ([]control.ContactView, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := 0
	if cursor != "" {
		_, _ = fmt.Sscan(cursor, &from)
	}
	to := min(from+min(n, 90), len(s.people)) // short pages: the page must follow the cursor
	next := ""
	if to < len(s.people) {
		next = fmt.Sprint(to)
	}
	return slices.Clone(s.people[from:to]), next, nil
}

func (s *shop) Runs(_ context.Context, n int) ([]control.Run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.runs)
	for i := range out {
		counts := map[campaigns.CountName]int64{}
		for k, v := range out[i].Counts {
			counts[k] = v
		}
		out[i].Counts = counts
	}
	slices.Reverse(out)
	return out[:min(n, len(out))], nil
}

func (s *shop) Campaigns(context.Context) ([]control.CampaignView, error) {
	w := world()
	style, why := w.Campaigns["autumn-style"], w.Campaigns["return-reason"]
	return []control.CampaignView{
		{ID: style.ID, Name: style.Name, Audience: "consent.marketing && prefs.style == nil", Questions: []string{"style", "budget"},
			Texts: []map[string]string{style.Questions[0].Ask.Text, style.Questions[1].Ask.Text}, Offers: style.Offers},
		{ID: why.ID, Name: why.Name, Event: "order.returned", Questions: []string{"return_reason"},
			Texts: []map[string]string{why.Questions[0].Ask.Text}},
		{ID: "birthday", Name: "Quà sinh nhật", Schedule: "0 10 * * SAT", Next: time.Now().Add(50 * time.Hour), Questions: []string{"birthday"},
			Audience: "consent.marketing && prefs.birthday == nil && facts.orders >= 3",
			Texts:    []map[string]string{{"vi": "{{name}} sinh ngày nào ạ? Lụa muốn gửi quà.", "en": "When is your birthday, {{name}}?"}}},
	}, nil
}

func (s *shop) Offers(context.Context) ([]control.OfferView, error) {
	var out []control.OfferView
	for _, id := range []string{"office-20", "office-early", "sporty-early"} {
		o := world().Offers[id]
		v := control.OfferView{ID: o.ID, Priority: o.Priority, When: o.When.Source, Text: o.Text, Pool: o.Pool, Budget: o.Budget}
		if o.Pool != "" {
			left := int64(300)
			v.CodesLeft = &left
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *shop) StartRun(_ context.Context, campaign, _ string, _ int) (control.Run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if campaign != "autumn-style" && campaign != "birthday" {
		return control.Run{}, fmt.Errorf("%w: there is no campaign %q", control.ErrNotFound, campaign)
	}
	r := control.Run{ID: fmt.Sprintf("r%d", len(s.runs)+1), Campaign: campaign, State: control.Done, Started: time.Now(), Counts: map[campaigns.CountName]int64{
		campaigns.CountAudience: 200, campaigns.CountAsked: 171, campaigns.CountSent: 158, campaigns.CountHeld: 13, campaigns.CountDelivered: 155,
		campaigns.CountExcluded: 29, campaigns.CountAnswered: 41, campaigns.CountCompleted: 30, campaigns.CountOffered: 28}}
	s.runs = append(s.runs, r)
	if campaign == "autumn-style" {
		for i := range s.people {
			s.ask(&s.people[i], r.ID, "style")
		}
	}
	s.changed()
	return r, nil
}

func (s *shop) Occur(_ context.Context, o control.Occurrence) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.occurred = append(s.occurred, o)
	return nil
}

// ask lets the campaign ask one contact.
func (s *shop) ask(v *control.ContactView, run, question string) {
	s.events++
	event := fmt.Sprintf("ask-%d", s.events)
	s.askIn(v, run, question, event)
}

func (s *shop) askIn(v *control.ContactView, run, question, event string) {
	base := preferences.Entry{At: time.Now(), Event: event, Campaign: "autumn-style", Run: run, Question: question}
	if !v.Consented(preferences.Marketing) {
		base.Kind, base.Reason = preferences.EntryNotAsked, "no_consent"
		s.add(v, base)
		return
	}
	q := world().Campaigns["autumn-style"].Questions[map[string]int{"style": 0, "budget": 1}[question]]
	text := names{lang: "vi", world: world(), customer: strings.Fields(v.Name)[2]}.filled(q.Ask.Text, noCode)
	v.Conversation = &campaigns.Conversation{Campaign: "autumn-style", Run: run, Question: question, Started: time.Now()}
	asked := base
	asked.Kind = preferences.EntryAsked
	s.add(v, asked)
	s.send(v, base, "ad", text, q.Ask.Options)
}

// send puts a message on the contact's phone, with its entries.
func (s *shop) send(v *control.ContactView, base preferences.Entry, class, text string, options []understand.Option) {
	s.events++
	base.Message, base.Class, base.Text = fmt.Sprintf("%s.%d", v.ID, s.events), class, text
	base.Kind = preferences.EntryQueued
	s.add(v, base)
	base.Event += "-sent"
	base.Kind, base.Text = preferences.EntrySent, ""
	s.add(v, base)
	base.Kind = preferences.EntryDelivered
	s.add(v, base)
	m := adapters.Message{ID: base.Message, To: v.Addresses[0], Class: adapters.Class(class), Text: text}
	for i, o := range options {
		m.Options = append(m.Options, adapters.Option{Payload: fmt.Sprint(i + 1), Label: o.Label["vi"]})
	}
	_, _ = s.sms.Send(context.Background(), m) // the phone takes everything
}

func (s *shop) add(v *control.ContactView, e preferences.Entry) {
	if e.At.IsZero() {
		e.At = time.Now()
	}
	s.ledgers[v.ID] = append(s.ledgers[v.ID], e)
}

// hook is the phone's webhook.
func (s *shop) hook(c echo.Context) error {
	var in struct{ From, Text, Payload, ID string }
	if err := json.NewDecoder(c.Request().Body).Decode(&in); err != nil || c.Request().Header.Get("X-Phone-Token") != "t0ken" {
		return c.NoContent(http.StatusForbidden)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.people {
		if s.people[i].Addresses[0].String() == in.From {
			s.hear(&s.people[i], in.Text, in.ID)
		}
	}
	s.changed()
	return c.NoContent(http.StatusOK)
}

// scripted is what the script says about a reply.
type scripted struct {
	question, words, rule string
	value                 preferences.Value
	sure                  float64
}

func script() map[string]scripted {
	lo, hi := 500000.0, 1000000.0
	office := preferences.Value{Kind: preferences.Choice, Text: "office"}
	return map[string]scripted{
		"dạ 2 nha":     {"style", "2", "menu-number", office, .98},
		"Công sở":      {"style", "Công sở", "payload", office, 1},
		"thể thao":     {"style", "thể thao", "option-label", preferences.Value{Kind: preferences.Choice, Text: "sporty"}, .99},
		"500k tới 1tr": {"budget", "500k tới 1tr", "range", preferences.Between(preferences.Money, &lo, &hi, "VND"), .95},
	}
}

// hear plays the part of the engine for one reply.
func (s *shop) hear(v *control.ContactView, said, id string) {
	e := preferences.Entry{At: time.Now(), Event: "in-" + id, Kind: preferences.EntryReceived, Text: said,
		Detail: map[string]any{"message_id": id}}
	if v.Conversation != nil {
		e.Campaign, e.Question, e.Run = v.Conversation.Campaign, v.Conversation.Question, v.Conversation.Run
	}
	s.add(v, e)
	r, ok := script()[said]
	switch {
	case said == "TC":
		e.Kind, e.Detail = preferences.EntryCommand, map[string]any{"command": "stop", "words": "TC", "rule": "stop", "confidence": 1}
		s.add(v, e)
		s.add(v, preferences.Entry{Event: e.Event, Kind: preferences.EntrySuppressed, Reason: "keyword"})
		v.Suppressed, v.Conversation = &preferences.Suppression{Reason: "keyword"}, nil
		s.send(v, e, "control", "Lụa đã ngừng gửi tin ưu đãi cho mình. Nhắn NHAN nếu muốn nhận lại ạ.", nil)
	case !ok || v.Conversation == nil || v.Conversation.Question != r.question:
		e.Kind, e.Detail = preferences.EntryUnclear, map[string]any{"words": "", "rule": "undecided", "confidence": .2,
			"trace": []map[string]string{{"rule": "commands", "text": "none"}, {"rule": "undecided", "text": "chưa biết"}}}
		s.add(v, e)
		s.send(v, e, "reply", "Dạ không sao ạ, mình cứ chọn một số trong danh sách khi tiện nhé.", nil)
	default:
		s.learn(v, e, r)
	}
}

func (s *shop) learn(v *control.ContactView, e preferences.Entry, r scripted) {
	e.Kind = preferences.EntryUnderstood
	e.Detail = map[string]any{"value": r.value, "confidence": r.sure, "words": r.words, "rule": r.rule,
		"trace": []understand.Note{{Rule: "commands", Text: "không có"}, {Rule: "politeness", Text: "dạ … nha"}, {Rule: r.rule, Text: r.words}}}
	s.add(v, e)
	s.add(v, preferences.Entry{Event: e.Event, Kind: preferences.EntryPreference, Question: r.question, Campaign: e.Campaign,
		Detail: map[string]any{"attribute": r.question, "new": preferences.Preference{Attribute: r.question, Kind: r.value.Kind, Value: r.value}}})
	s.prefs[v.ID] = append(s.prefs[v.ID], preferences.Preference{Attribute: r.question, Kind: r.value.Kind, Value: r.value, Class: preferences.Declared,
		Confidence: r.sure, FreshUntil: time.Now().Add(180 * 24 * time.Hour), Evidence: preferences.Evidence{Text: e.Text, Words: r.words,
			Rule: r.rule, Channel: "sms", Campaign: e.Campaign, Question: r.question, At: time.Now()}})
	if r.question == "style" && r.value.Text == "office" {
		s.askIn(v, e.Run, "budget", e.Event)
		return
	}
	v.Conversation = nil
	s.give(v, e, r)
}

// give plays the choice of an offer.
func (s *shop) give(v *control.ContactView, e preferences.Entry, r scripted) {
	office := r.question == "budget"
	given := map[bool]string{true: "office-20", false: "sporty-early"}[office]
	e.Kind, e.Offer, e.Text = preferences.EntryOffered, given, ""
	e.Detail = map[string]any{"code": "LUA-7K2M", "considered": []map[string]any{
		{"offer": "office-20", "eligible": office, "terms": []expr.Term{
			{Source: `prefs.style == "office"`, Held: office, Saw: `prefs.style = "office"`},
			{Source: `prefs.budget.max >= 500000`, Held: office, Saw: `prefs.budget = 500000..1000000 VND`}}},
		{"offer": "office-early", "eligible": office, "reason": map[bool]string{true: "lower_ranking", false: "when_false"}[office], "terms": []expr.Term{{Source: `prefs.style == "office"`, Held: office}}},
		{"offer": "sporty-early", "eligible": !office, "terms": []expr.Term{{Source: `prefs.style == "sporty"`, Held: !office, Saw: `prefs.style = "office"`}}},
	}}
	s.add(v, e)
	done := e
	done.Kind, done.Detail, done.Offer = preferences.EntryCompleted, nil, ""
	s.add(v, done)
	e.Detail = nil
	s.send(v, e, "reply", "Cảm ơn Lan! Tặng Lan mã LUA-7K2M giảm 20% đồ công sở: https://shop.example.com/office", nil)
}

func label(vi, en string) map[string]string { return map[string]string{"vi": vi, "en": en} }

// world is the sample brand's campaigns and offers.
func world() *campaigns.World {
	style := campaigns.Question{ID: "style", Attribute: "style", Ask: understand.Question{Kind: preferences.Choice,
		Text: label("Chào {{name}}, Lụa đây ạ! Bạn thích phong cách nào để Lụa chọn quà cho đúng gu?", "Hi {{name}}, Lụa here! Which style is you?"),
		Options: []understand.Option{{Value: "sporty", Label: label("Thể thao", "Sporty")}, {Value: "office", Label: label("Công sở", "Office")},
			{Value: "vintage", Label: label("Cổ điển", "Vintage")}}}}
	budget := campaigns.Question{ID: "budget", Attribute: "budget", Ask: understand.Question{Kind: preferences.Money, Currency: "VND",
		Text: label("Dạ hay quá! Ngân sách cho một bộ khoảng bao nhiêu ạ?", "Lovely! About how much for one outfit?")}}
	why := campaigns.Question{ID: "return_reason", Attribute: "return_reason", Ask: understand.Question{Kind: preferences.Choice,
		Text: label("{{name}} ơi, món vừa trả chưa ưng ở điểm nào ạ?", "What was not right with it, {{name}}?")}}
	audience, err := expr.Compile("consent.marketing && prefs.style == nil", expr.Schema{Attributes: map[string]preferences.Kind{"style": preferences.Choice}})
	if err != nil {
		panic(err) // it is written the line above
	}
	return &campaigns.World{
		Brand: campaigns.Brand{Name: "Lụa", Locale: "vi"},
		Campaigns: map[string]*campaigns.Campaign{
			"autumn-style":  {ID: "autumn-style", Audience: audience, Name: "Gu thời trang mùa thu", Questions: []campaigns.Question{style, budget}, Offers: []string{"office-20", "office-early", "sporty-early"}},
			"return-reason": {ID: "return-reason", Name: "Vì sao trả hàng", Questions: []campaigns.Question{why}},
		},
		Offers: map[string]*offers.Offer{
			"office-20": {ID: "office-20", Priority: 10, Pool: "office-20", Budget: 500, When: &expr.Rule{Source: `prefs.style == "office" && prefs.budget.max >= 500000`},
				Text: label("Tặng {{name}} mã {{code}} giảm 20% đồ công sở: {{link}}", "{{name}}, {{code}} takes 20% off office wear: {{link}}")},
			"office-early": {ID: "office-early", Priority: 5, When: &expr.Rule{Source: `prefs.style == "office"`},
				Text: label("{{name}} được xem trước bộ sưu tập công sở mới: {{link}}", "{{name}}, see the new office collection first: {{link}}")},
			"sporty-early": {ID: "sporty-early", Priority: 5, Budget: 200, When: &expr.Rule{Source: `prefs.style == "sporty"`},
				Text: label("{{name}} được mua sớm dòng thể thao: {{link}}", "{{name}}, early access to sportswear: {{link}}")},
		},
	}
}
