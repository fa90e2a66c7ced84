package gateway_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/preferences/address"
)

// tasteCampaign asks with two, five and two choices. Its gaps: the channel, how answers come back, the templates.
const tasteCampaign = `
campaign: taste
name: Gu của chị
audience: consent.marketing
channels: [%s]
%s
questions:
  - id: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào ạ?"}
    options: [{value: sporty, label: Thể thao}, {value: office, label: Công sở}]
    %s
  - id: fabric
    kind: choice
    text: {vi: "Chất vải nào hợp với chị ạ?"}
    options: [{value: cotton, label: Vải bông}, {value: linen, label: Vải lanh}, {value: silk, label: Lụa tơ tằm}, {value: denim, label: Vải bò}, {value: wool, label: Len mỏng}]
  - id: shop
    kind: choice
    text: {vi: "Chị hay mua ở đâu ạ?"}
    options: [{value: online, label: Qua mạng}, {value: store, label: Tại cửa hàng}]
offers: [gift]
thanks: {vi: "Cảm ơn {{name}}!"}
---
campaign: again
name: Hỏi lại
audience: contact.name != nil
channels: [%[1]s]
%[2]s
questions:
  - {id: colour, kind: text, text: {vi: "Chị thích màu gì ạ?"}}
---
offer: gift
text: {vi: "Tặng {{name}} mã {{code}}."}
code: {pool: gift}
`

// Labels as the phones show them.
var (
	styles  = []string{"Thể thao", "Công sở"}
	fabrics = []string{"Vải bông", "Vải lanh", "Lụa tơ tằm", "Vải bò", "Len mỏng"}
	shops   = []string{"Qua mạng", "Tại cửa hàng"}
)

func (r row) campaigns(replies string) string {
	templates := ""
	if r.templates != "" {
		templates = "templates: " + r.templates
	}
	return fmt.Sprintf(tasteCampaign, r.channel, replies, templates)
}

// talk is a row's gateway, provider and people.
type talk struct {
	*rig
	row     row
	account string // that customers write to
	all     map[string]provider
	caps    adapters.Capabilities
	wrote   int

	mu     sync.Mutex
	theirs map[string][]string // the provider's ids by ours
	by     map[string]string   // the account, likewise
}

// hooked is where an account's webhook is.
func (r row) hooked(account string) string {
	at := publicURL + "/hooks/" + account
	if s := r.settings["path_secret"]; s != "" {
		at += "/" + s
	}
	return at
}

// plugged is the row's account, at its fake.
func (k *talk) plugged(id string, r row) gateway.Account {
	t := k.t
	p := r.provider(r.hooked(id))
	base, err := p.Start()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	settings := r.settingsAt(base)
	k.all[id] = p
	kind := noted(r.kind(t), func(ours string, theirs []string) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.theirs[ours], k.by[ours] = append(k.theirs[ours], theirs...), id
	})
	return gateway.Account{ID: id, Type: kind, Channel: r.channel, Settings: settings, ByHand: true}
}

// settingsAt are the row's settings with where its provider is.
func (r row) settingsAt(base string) map[string]string {
	settings := map[string]string{}
	settings[cmp.Or(r.at, "base_url")] = base
	maps.Copy(settings, r.settings)
	return settings
}

// keptVault is the vault of an account without Redis.
type keptVault struct{ sync.Map }

func (v *keptVault) Get(_ context.Context, name string) (string, error) {
	kept, _ := v.Load(name)
	value, _ := kept.(string)
	return value, nil
}

func (v *keptVault) Swap(_ context.Context, name, old, value string) (bool, error) {
	if old == "" {
		_, kept := v.LoadOrStore(name, value)
		return !kept, nil
	}
	return v.CompareAndSwap(name, old, value), nil
}

// withRow makes the row's accounts those of the rig.
func (k *talk) withRow(r row) change {
	return func(g *rig) {
		k.rig, k.row, k.account = g, r, "main"
		g.accounts = func([]gateway.Account) []gateway.Account {
			accounts := []gateway.Account{k.plugged("main", r)}
			if r.answers != nil {
				accounts, k.account = append(accounts, k.plugged("answers", *r.answers)), "answers"
			}
			return accounts
		}
	}
}

func newTalk(t *testing.T, r row) *talk {
	t.Helper()
	k := &talk{all: map[string]provider{}, theirs: map[string][]string{}, by: map[string]string{}}
	newRig(t, k.withRow(r), withFiles(r.campaigns(r.replies)), heldFirmly)
	a, err := r.kind(t).Open(adapters.Account{ID: "main", Channel: r.channel, Settings: k.opts.Accounts[0].Settings, WebhookURL: publicURL + "/hooks/main", HTTPClient: http.DefaultClient, Vault: &keptVault{}, Now: k.clock.Now})
	require.NoError(t, err)
	k.caps = a.Capabilities()
	k.addCodes("gift", "GIFT-1", "GIFT-2", "GIFT-3")
	return k
}

// heldFirmly is for tests in which nobody dies: no lease ends while a busy machine lets the gateway wait. Whoever takes over
// what another one is sending asks the provider, who has not heard of it yet.
func heldFirmly(r *rig) { r.opts.Redis.LeaseTTL = 10 * time.Second }

// tell posts an event as the account's provider does; false where it tells no such thing.
func (k *talk) tell(account string, e adapters.Event) bool {
	k.t.Helper()
	e.At = k.clock.Now()
	if s, ok := k.all[account].(interface {
		Tell(context.Context, adapters.Event) error
	}); ok { // by the session, once there is one
		if e.Kind != adapters.Inbound && e.Kind != adapters.Report {
			return false
		}
		require.NoError(k.t, s.Tell(k.t.Context(), e))
		return true
	}
	call, ok := k.all[account].Hook(e)
	if !ok {
		return false
	}
	call.URL = strings.Replace(call.URL, publicURL, k.base, 1)
	postman := fakekit.New("", nil, nil)
	resp, err := postman.Post(k.t.Context(), call)
	require.NoError(k.t, err)
	require.Equal(k.t, http.StatusOK, resp.StatusCode, "%s %+v", account, e)
	return true
}

// shown waits until a phone shows n messages, whichever account they came by, and gives the last one.
func (k *talk) shown(who address.Address, n int) adapters.Message {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.t.Context(), patience)
	defer cancel()
	var others []adapters.Message
	for id, p := range k.all {
		if id != k.account {
			others = append(others, p.Shown(who)...)
		}
	}
	main := k.all[k.account]
	if len(k.all) > 1 && n == 1 { // the question comes by the account that is not written to
		for id, p := range k.all {
			if id != k.account {
				main, others = p, nil
			}
		}
	}
	got, err := main.Wait(ctx, who, n-len(others))
	require.NoError(k.t, err, "%v\n%s", got, k.story(who))
	require.Len(k.t, got, n-len(others), "%v", got)
	return got[len(got)-1]
}

func (k *talk) story(who address.Address) string {
	id, ok := k.idOf(who)
	if !ok {
		return "(no such contact)"
	}
	var lines []string
	for _, e := range k.ledger(id) {
		lines = append(lines, strings.Join([]string{e.Kind, e.Reason, e.Text, fmt.Sprint(e.Detail)}, " | "))
	}
	return strings.Join(lines, "\n")
}

func (k *talk) idOf(who address.Address) (id string, ok bool) {
	k.t.Helper()
	var out struct{ ID string }
	status := k.call("GET", "/api/v1/contacts?address="+url.QueryEscape(who.String()), nil, &out)
	return out.ID, status == http.StatusOK
}

// known makes a contact with consent; those whom nobody may write to first write.
func (k *talk) known(who address.Address, name string) (id string, messages int) {
	k.t.Helper()
	var out struct{ ID string }
	require.Equal(k.t, http.StatusCreated, k.call("PUT", "/api/v1/contacts", m{"addresses": []string{who.String()}, "name": name, "locale": "vi", "timezone": "Asia/Ho_Chi_Minh",
		"consents": []m{{"purpose": "marketing", "granted": true, "source": "checkout form", "at": "2026-11-01T09:00:00+07:00"}}}, &out))
	if !k.row.invited {
		return out.ID, 0
	}
	k.says(who, "chào shop")
	k.shown(who, 1)
	return out.ID, 1
}

// says is a customer who types, and gives the provider's id of what they wrote.
func (k *talk) says(who address.Address, text string) (id string) {
	k.t.Helper()
	k.wrote++
	e := adapters.Event{Kind: adapters.Inbound, From: who, Text: text}
	if k.row.said != nil {
		e.MessageID = k.row.said(k.wrote, who)
	}
	if k.row.token {
		e.Handle = "token-" + strconv.Itoa(k.wrote)
	}
	require.True(k.t, k.tell(k.account, e), "the provider tells what people write")
	return e.MessageID
}

// answers taps the n-th option where the message shows any that can be tapped, and else types its number.
func (k *talk) answers(who address.Address, seen adapters.Message, n int) (id, text string) {
	k.t.Helper()
	options := seen.Options
	if seen.Template != nil { // its buttons
		for i := 1; seen.Template.Variables["button."+strconv.Itoa(i)] != ""; i++ {
			options = append(options, adapters.Option{Payload: seen.Template.Variables["button."+strconv.Itoa(i)], Label: styles[i-1]})
		}
	}
	switch {
	case len(options) == 0:
		text = fmt.Sprintf("dạ %d nha shop", n)
		return k.says(who, text), text
	case k.row.tapped == nil: // a tap says its payload
		text = options[n-1].Payload
		return k.says(who, text), text
	}
	k.wrote++
	e := adapters.Event{Kind: adapters.Inbound, From: who, Payload: options[n-1].Payload}
	e.MessageID, e.Text, e.Handle = k.row.tapped(k.wrote, options[n-1], len(options) > 3)
	if seen.Template != nil {
		e.MessageID = strings.Replace(e.MessageID, "button", "template", 1)
	}
	if k.row.token {
		e.Handle = "token-" + strconv.Itoa(k.wrote)
	}
	require.True(k.t, k.tell(k.account, e))
	if text = e.Text; text == "" {
		text = e.Payload
	}
	return e.MessageID, text
}

// shows holds that a message shows its labels as the account does best: as buttons that bring their numbers, or numbered.
func (k *talk) shows(seen adapters.Message, labels []string) {
	k.t.Helper()
	if seen.Template != nil {
		return
	}
	if k.caps.Options.Max >= len(labels) {
		require.Len(k.t, seen.Options, len(labels), seen.Text)
		for i, o := range seen.Options {
			require.Equal(k.t, adapters.Option{Payload: strconv.Itoa(i + 1), Label: labels[i]}, o)
		}
		require.NotContains(k.t, seen.Text, labels[0], "what is on buttons is not in the text as well")
		return
	}
	require.Empty(k.t, seen.Options)
	for i, l := range labels {
		require.Contains(k.t, "\n"+plain(seen.Text)+"\n", fmt.Sprintf("\n%d. %s\n", i+1, plain(l)))
	}
}

// plain is a text as accounts write it that carry no marks.
func plain(text string) string { return adapters.WithoutMarks(text) }

type preferenceView struct {
	Attribute, Class string
	Value            any
	Evidence         struct {
		Text, Channel, Account string
		MessageID              string `json:"message_id"`
	}
}

func (k *talk) preferences(id string) map[string]preferenceView {
	k.t.Helper()
	var out struct{ Preferences []preferenceView }
	require.Equal(k.t, http.StatusOK, k.call("GET", "/api/v1/contacts/"+id+"/preferences", nil, &out))
	all := map[string]preferenceView{}
	for _, p := range out.Preferences {
		all[p.Attribute] = p
	}
	return all
}

// remembers holds that an answer is known with what proves it.
func (k *talk) remembers(id, attribute, value, text, message string) {
	k.t.Helper()
	p := k.preferences(id)[attribute]
	want := preferenceView{Attribute: attribute, Class: "declared", Value: value}
	want.Evidence.Text, want.Evidence.Channel, want.Evidence.Account, want.Evidence.MessageID = text, string(k.row.channel), k.account, message
	require.Equal(k.t, want, p)
}

// TestTheConversationOverEveryChannel: asked, answered by tap, number and label, repaid, reported, stopped.
func TestTheConversationOverEveryChannel(t *testing.T) {
	t.Parallel()
	for _, r := range channels() {
		t.Run(r.name(), func(t *testing.T) {
			t.Parallel()
			k := newTalk(t, r)
			switch {
			case r.replies == byPage:
				k.byPage()
			case r.byTap:
				k.byTap()
			default:
				k.face()
			}
		})
	}
}

func (k *talk) face() {
	t, lan, mai := k.t, k.row.person(1), k.row.person(2)
	lanID, n := k.known(lan, "Lan")
	maiID, _ := k.known(mai, "Mai")
	run := k.run("taste")

	asked := k.shown(lan, n+1)
	k.shows(asked, styles)
	if k.row.templates == "" {
		require.Contains(t, plain(asked.Text), "Chi Lan thich phong cach nao a?")
	} else {
		require.NotNil(t, asked.Template)
		require.Equal(t, "Lan", asked.Template.Variables["1"])
	}
	message, text := k.answers(lan, asked, 2)
	asked = k.shown(lan, n+2)
	k.remembers(lanID, "style", "office", text, message)
	k.shows(asked, fabrics)

	message = k.says(lan, "3 nha shop")
	asked = k.shown(lan, n+3)
	k.remembers(lanID, "fabric", "silk", "3 nha shop", message)
	k.shows(asked, shops)

	message = k.says(lan, "tại cửa hàng ạ")
	gift := k.shown(lan, n+4)
	k.remembers(lanID, "shop", "store", "tại cửa hàng ạ", message)
	require.Contains(t, plain(gift.Text), "Cam on Lan!")
	require.Contains(t, gift.Text, "GIFT-")

	// The other one: the same in another order, with a tap on five choices.
	k.shown(mai, n+1)
	message = k.says(mai, "cong so")
	asked = k.shown(mai, n+2)
	k.remembers(maiID, "style", "office", "cong so", message)
	message, text = k.answers(mai, asked, 5)
	k.shown(mai, n+3)
	k.remembers(maiID, "fabric", "wool", text, message)
	message = k.says(mai, "2")
	gift = k.shown(mai, n+4)
	k.remembers(maiID, "shop", "store", "2", message)
	require.Contains(t, gift.Text, "GIFT-")

	k.reported(lanID, lan, n+4)
	require.Equal(t, int64(2), k.settledRun(run, "done").Counts["offered"])
	k.stopped(lanID, lan, n+4, func() { k.says(lan, "STOP") }, false)
	byProvider := func() {
		require.True(t, k.tell(k.account, adapters.Event{Kind: adapters.OptOut, From: mai, Text: "STOP"}))
	}
	if !k.row.stops {
		require.False(t, k.tell(k.account, adapters.Event{Kind: adapters.OptOut, From: mai, Text: "STOP"}), "the provider tells of opt-outs: the row does not")
		byProvider = func() { k.says(mai, "TC") }
	}
	k.stopped(maiID, mai, n+4, byProvider, k.row.stops)
	k.silent(map[address.Address]int{lan: n + 5, mai: n + 4 + map[bool]int{true: 0, false: 1}[k.row.stops]})
	if l, ok := k.all[k.account].(interface{ Replies() int }); ok {
		require.Equal(t, k.wrote, l.Replies(), "each answer went by the reply token of the message that it answers")
	}
}

// reported lets the provider tell of each message what it tells.
func (k *talk) reported(id string, who address.Address, n int) {
	k.t.Helper()
	sent := k.settled(id, func(es []entryView) bool { return count(es, "message.sent", "") == n })
	kinds := map[adapters.Status]string{adapters.Delivered: "message.delivered", adapters.Read: "message.read"}
	for _, s := range []adapters.Status{adapters.Delivered, adapters.Read} {
		if k.caps.Reports != s && k.caps.Reports != adapters.Read {
			continue
		}
		for _, e := range sent {
			if e.Kind == "message.sent" {
				k.receipts(e.Message, who, s)
			}
		}
		k.settled(id, func(es []entryView) bool { return count(es, kinds[s], "") == n })
	}
}

func (k *talk) receipts(ours string, who address.Address, s adapters.Status) {
	k.t.Helper()
	k.mu.Lock()
	theirs, account := k.theirs[ours], k.by[ours]
	k.mu.Unlock()
	require.NotEmpty(k.t, theirs)
	if k.row.theirs {
		ours = ""
	}
	for _, x := range theirs {
		require.True(k.t, k.tell(account, adapters.Event{Kind: adapters.Report, From: who, Ours: ours, Theirs: x, Status: s}))
	}
}

// stopped: who stops is told so once, unless the provider has done it.
func (k *talk) stopped(id string, who address.Address, n int, stop func(), confirmed bool) {
	k.t.Helper()
	stop()
	k.settled(id, has("contact.suppressed", ""))
	if !confirmed {
		n++
	}
	k.shown(who, n)
}

// silent: a new run reaches nobody of those who have stopped.
func (k *talk) silent(people map[address.Address]int) {
	k.t.Helper()
	v := k.settledRun(k.run("again"), "done")
	require.Equal(k.t, int64(len(people)), v.Counts["excluded"])
	for who, n := range people {
		k.shown(who, n)
	}
}

// byPage is the conversation of a sender that cannot be answered: each question brings a link, unless it goes by an
// account that can.
func (k *talk) byPage() {
	t, lan := k.t, k.row.person(1)
	require.False(t, k.caps.Inbound)
	id, _ := k.known(lan, "Lan")
	run, at := k.run("taste"), ""
	for i, x := range []struct {
		attribute, value, label string
		all                     []string
	}{{"style", "office", "Công sở", styles}, {"fabric", "silk", "Lụa tơ tằm", fabrics}, {"shop", "store", "Tại cửa hàng", shops}} {
		asked := k.shown(lan, i+1)
		if k.account != "main" && i > 0 {
			k.shows(asked, x.all)
			k.remembersNext(id, lan, x.attribute, x.value, x.label)
			continue
		}
		require.Empty(t, asked.Options)
		require.NotContains(t, plain(asked.Text), "1. ", "the page shows the choices")
		at = link(t, asked.Text)
		page := k.onPage(at, x.label)
		require.Equal(t, i == 2, strings.Contains(page, "GIFT-1"), "the gift is shown at once")
		p := k.preferences(id)[x.attribute]
		require.Equal(t, []any{x.value, x.label, "web"}, []any{p.Value, p.Evidence.Text, p.Evidence.Channel})
	}
	require.Contains(t, k.shown(lan, 4).Text, "GIFT-1")
	k.reported(id, lan, 4)
	require.Equal(t, int64(1), k.settledRun(run, "done").Counts["offered"])
	k.stopped(id, lan, 4, func() {
		status, page := k.page(at, url.Values{"stop": {"1"}})
		require.Equal(t, http.StatusOK, status, page)
	}, false)
	k.silent(map[address.Address]int{lan: 5})
}

// byTap is the conversation that begins with a template whose buttons tell which message is answered, and goes on by the
// account that carries what a person is answered with.
func (k *talk) byTap() {
	t, lan := k.t, k.row.person(1)
	id, _ := k.known(lan, "Lan")
	run := k.run("taste")
	asked := k.shown(lan, 1)
	require.Equal(t, &adapters.Template{ID: "322307", Variables: map[string]string{"customer_name": "Lan"}}, asked.Template)
	require.True(t, k.tell("main", adapters.Event{Kind: adapters.Inbound, Ours: asked.ID, Text: "Công sở"}))

	asked = k.shown(lan, 2)
	require.Contains(t, asked.Text, "\n3. Lụa tơ tằm\n", "numbered, on the SMS number")
	p := k.preferences(id)["style"]
	require.Equal(t, []any{"office", "declared", "Công sở", "sms", "main"}, []any{p.Value, p.Class, p.Evidence.Text, p.Evidence.Channel, p.Evidence.Account})

	message := k.says(lan, "3 nha shop")
	k.shown(lan, 3)
	k.remembers(id, "fabric", "silk", "3 nha shop", message)
	message = k.says(lan, "tại cửa hàng ạ")
	gift := k.shown(lan, 4)
	k.remembers(id, "shop", "store", "tại cửa hàng ạ", message)
	require.Contains(t, gift.Text, "GIFT-")
	k.reported(id, lan, 4)
	require.Equal(t, int64(1), k.settledRun(run, "done").Counts["offered"])
	k.stopped(id, lan, 4, func() { k.says(lan, "STOP") }, false)
	k.silent(map[address.Address]int{lan: 5})
}

func (k *talk) remembersNext(id string, who address.Address, attribute, value, text string) {
	k.t.Helper()
	n := len(k.preferences(id))
	message := k.says(who, text)
	k.until("the answer is known", func() bool { return len(k.preferences(id)) > n })
	k.remembers(id, attribute, value, text, message)
}

// onPage answers by the page behind a link.
func (k *talk) onPage(at, label string) string {
	k.t.Helper()
	status, page := k.page(at, nil)
	require.Equal(k.t, http.StatusOK, status)
	require.Contains(k.t, page, label)
	status, page = k.page(at, url.Values{"answer": {label}})
	require.Equal(k.t, http.StatusOK, status, page)
	return page
}

// TestAOneWaySenderNeedsAWayBack: questions that nobody could answer are refused at the start.
func TestAOneWaySenderNeedsAWayBack(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, r := range channels() {
		if r.replies == "" {
			continue
		}
		seen++
		t.Run(r.name(), func(t *testing.T) {
			t.Parallel()
			k := &talk{all: map[string]provider{}, theirs: map[string][]string{}, by: map[string]string{}}
			newRig(t, k.withRow(r), withFiles(r.campaigns(byPage)))
			o := k.opts
			o.Accounts = o.Accounts[:1] // without the one that answers could come back by
			r.answers = nil
			withFiles(r.campaigns(""))(k.rig)
			o.Files = k.opts.Files
			g, err := gateway.New(o)
			require.NoError(t, err)
			_, err = g.Start(t.Context())
			require.ErrorContains(t, err, "answers cannot come back by sms")
		})
	}
	require.NotZero(t, seen)
}

// TestAccountsWithoutAdvertisementsAskNobody: an account that may carry customer care only begins no conversation, and the
// ledger says why.
func TestAccountsWithoutAdvertisementsAskNobody(t *testing.T) {
	t.Parallel()
	care := []row{esmsRows()[0].with("customer care", map[string]string{"carries": "care"}, nil)}
	for _, kind := range []string{"2", "3", "4", "5"} {
		sender := map[string]string{"2": "", "3": "MYSHOP", "4": "Notify", "5": "device-1"}[kind]
		care = append(care, speedsmsRows()[0].with("customer care, sms_type "+kind, map[string]string{"sms_type": kind, "sender": sender, "carries": "care"}, nil))
	}
	for _, r := range care {
		t.Run(r.name(), func(t *testing.T) {
			t.Parallel()
			k := newTalk(t, r)
			id, _ := k.known(r.person(1), "Lan")
			v := k.settledRun(k.run("taste"), "done")
			require.Equal(t, []int64{1, 1, 0}, []int64{v.Counts["audience"], v.Counts["excluded"], v.Counts["sent"]})
			es := k.ledger(id)
			last := es[len(es)-1]
			require.Equal(t, "no_route", last.Reason)
			require.Equal(t, m{"main": "class_not_carried"}, last.Detail)
		})
	}
}
