package gateway_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/api/client"
	"github.com/hoidap/hoidap/gateway/control"
)

var ownForm = regexp.MustCompile(`https?://[^\s]+(/me/[0-9a-z-]+)`)

// ownPage is the path of the customer's own page in a text.
func ownPage(t *testing.T, text string) string {
	t.Helper()
	found := ownForm.FindStringSubmatch(text)
	require.NotNil(t, found, text)
	return found[1]
}

// given is the path of a contact's own page, as somebody of the brand is given it.
func (r *rig) given(id string) string {
	r.t.Helper()
	var out struct{ URL string }
	require.Equal(r.t, http.StatusCreated, r.call("POST", "/api/v1/contacts/"+id+"/page", nil, &out))
	return ownPage(r.t, out.URL)
}

// declared makes a contact who has told that her style is office, and what the brand only believes about her budget.
func declared(r *rig) (id string) {
	r.t.Helper()
	id = r.contact(lan, "Lan")
	r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "công sở nha em")
	r.phone(lan, 2)
	require.Equal(r.t, http.StatusOK, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}, "preferences": []m{
		{"attribute": "budget", "kind": "money", "value": m{"amount": 77000, "currency": "VND"}, "class": "inferred", "confidence": 0.6, "evidence": m{"text": "what others like her spend"}}}}, nil))
	return id
}

// log is a log that may be read while it is written.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestTheDataWordLeadsToTheCustomersOwnPage, whose address stands on the phone and nowhere else.
func TestTheDataWordLeadsToTheCustomersOwnPage(t *testing.T) {
	t.Parallel()
	logged := &log{}
	r := newRig(t, func(r *rig) {
		r.opts.Log = slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	id := declared(r)
	r.reply(lan, "cho chị xem thông tin của chị")
	answer := r.phone(lan, 3)[2]
	require.Contains(t, answer, "Mình xem, tải về hoặc xóa tại đây")
	path := ownPage(t, answer)

	status, page := r.page(path, nil)
	require.Equal(t, http.StatusOK, status)
	for _, want := range []string{"<h3>Chị Lan thích phong cách nào?</h3>", "Công sở", "công sở nha em", "SMS · ", "Nhận tin quảng cáo:</strong> có, từ 01/11/2026", "&#43;8490•••567"} {
		require.Contains(t, page, want)
	}
	require.NotContains(t, page, "77.000", "what the brand believes is nothing that she told")
	require.NotContains(t, page, "Ngân sách")
	require.NotContains(t, page, lan)
	r.page(path, url.Values{"stop": {"1"}})

	token := strings.TrimPrefix(path, "/me/")
	require.Contains(t, r.ledgerText(lan), "Mình xem, tải về hoặc xóa tại đây ạ (24 giờ, chỉ dành cho mình): ******")
	seal := token[strings.LastIndexByte(token, '-')+1:]
	for key, content := range r.redis.Everything() {
		require.NotContains(t, key+content, seal, "whoever reads Redis's %s does what the customer may", key)
	}
	require.Contains(t, logged.String(), "/me/:token", "the log has the route")
	require.NotContains(t, logged.String(), seal)

	r.clock.Forward(24*time.Hour - time.Minute)
	status, _ = r.page(path, nil)
	require.Equal(t, http.StatusOK, status)
	r.clock.Forward(2 * time.Minute)
	status, page = r.page(path, url.Values{"forget": {"yes"}})
	require.Equal(t, http.StatusGone, status)
	require.Contains(t, page, "mình nhắn DU LIEU cho bên em")
	require.Equal(t, id, r.person(id).ID)
}

// TestTheDataWordOnAPage is answered there, but the way to the own page is in the message alone.
func TestTheDataWordOnAPage(t *testing.T) {
	t.Parallel()
	r := newRig(t, oneWay, withFiles(byLink))
	r.contact(lan, "Lan")
	r.run("style")
	_, page := r.page(link(t, r.phone(lan, 1)[0]), url.Values{"answer": {"DU LIEU"}})
	require.Contains(t, page, "Tên: Lan")
	require.NotContains(t, page, "***")
	require.NotContains(t, page, "tại đây")
	ownPage(t, r.phone(lan, 2)[1])
}

// TestWhatIsTakenAwayIsGone: no campaign sees it, and none asks for it again; the ledger says that she did it herself.
func TestWhatIsTakenAwayIsGone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := declared(r)
	path := r.given(id)
	for range 2 {
		status, page := r.page(path, url.Values{"away": {"style"}})
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, page, "Đã xóa ạ.")
		require.NotContains(t, page, "Công sở")
	}
	r.page(path, url.Values{"away": {"budget"}})
	require.Equal(t, []string{"budget"}, keysOf(r.likes(id)), "what she never told is not hers to take")
	es := r.ledger(id)
	require.Equal(t, 1, count(es, "preference.changed", "taken_away"))
	for _, e := range es {
		if e.Reason == "taken_away" {
			require.Equal(t, m{"attribute": "style", "account": "web", "channel": "web"}, e.Detail)
			require.True(t, strings.HasPrefix(e.Event, "web:me:"), e.Event)
		}
	}
	r.reply(lan, "bỏ qua") // the question that is still open
	r.settled(id, has("conversation.completed", ""))
	r.run("style")
	r.settled(id, has("conversation.not_asked", "nothing_to_ask"))
}

func keysOf(list map[string]string) (keys []string) {
	for k := range list {
		keys = append(keys, k)
	}
	return keys
}

// TestStoppingAndStartingOnAnOwnPage is what the words do, each time.
func TestStoppingAndStartingOnAnOwnPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := declared(r)
	path := r.given(id)
	status, page := r.page(path, url.Values{"stop": {"1"}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "Bên em đã ngừng gửi tin quảng cáo cho mình.")
	require.NotNil(t, r.person(id).Suppressed)
	require.Contains(t, r.phone(lan, 3)[2], "Đã nhận yêu cầu từ chối")
	_, page = r.page(path, url.Values{"start": {"1"}})
	require.Contains(t, page, "Mình lại nhận tin quảng cáo")
	require.Nil(t, r.person(id).Suppressed)
	require.Contains(t, r.phone(lan, 4)[3], "đã đồng ý nhận tin")
	r.page(path, url.Values{"stop": {"1"}})
	es := r.ledger(id)
	require.Equal(t, 2, count(es, "contact.suppressed", ""))
	for _, e := range es {
		if e.Kind == "contact.suppressed" || e.Kind == "contact.unsuppressed" {
			require.True(t, strings.HasPrefix(e.Event, "web:me:"), e.Event)
		}
	}
}

// TestACopyOfEverything has what the brand has, but for the names of its people.
func TestACopyOfEverything(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := declared(r)
	ctx := as(t, "Hoa Marketing")
	_, err := r.g.Control.OptOut(ctx, id, "called us")
	require.NoError(t, err)
	status, raw := r.page(r.given(id)+"/copy", nil)
	require.Equal(t, http.StatusOK, status)
	var x struct {
		Contact     struct{ ID, Name string }
		Preferences []struct{ Attribute, Class string }
		Ledger      []entryView
	}
	require.NoError(t, json.Unmarshal([]byte(raw), &x))
	require.Equal(t, id, x.Contact.ID)
	require.Len(t, x.Preferences, 2, "also what others say of her")
	require.Equal(t, len(r.ledger(id)), len(x.Ledger))
	require.Contains(t, raw, "công sở nha em")
	require.Contains(t, raw, `"console"`)
	require.Equal(t, 1, count(x.Ledger, "contact.copied", ""), "it says of itself that it was taken")
	r.page(r.given(id)+"/copy", nil)
	for _, e := range r.ledger(id) {
		require.True(t, e.Kind != "contact.copied" || strings.HasPrefix(e.Event, "web:me:"), e.Event)
	}
	require.Equal(t, 2, count(r.ledger(id), "contact.copied", ""), "each is noted")
	require.NotContains(t, raw, "Hoa")
}

// TestForgettingOnAnOwnPage leaves nothing personal in any key, and the page says so from then on.
func TestForgettingOnAnOwnPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := declared(r)
	path := r.given(id)
	status, page := r.page(path+"?forget", nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "Xóa mọi dữ liệu Lụa đang lưu về mình?")
	require.NotEmpty(t, r.likes(id), "asking whether she is sure forgets nothing")
	status, page = r.page(path, url.Values{"forget": {"yes"}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "Đã xóa tất cả.")
	for _, form := range []url.Values{nil, {"away": {"style"}}, {"start": {"1"}}, {"forget": {"yes"}}} {
		status, page = r.page(path, form)
		require.Equal(t, http.StatusGone, status)
		require.Contains(t, page, "Lụa")
		require.Contains(t, page, "không còn dữ liệu nào về mình")
	}
	status, _ = r.try("GET", "/api/v1/contacts/"+id, nil)
	require.Equal(t, http.StatusNotFound, status)
	for key, content := range r.redis.Everything() {
		for _, personal := range []string{strings.TrimPrefix(lan, "+"), "công sở nha em"} {
			require.NotContains(t, key+content, personal, key)
		}
	}
}

// TestWhoChangesWhileForgottenIsLookedAtAgain: they may have come in to somebody just then, and would be forgotten alone.
func TestWhoChangesWhileForgottenIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := declared(r)
	token := strings.TrimPrefix(r.given(id), "/me/")
	of, asked := r.g.Control, 0
	s := &control.Service{Store: of.Store, World: of.World, Log: of.Log, Secret: of.Secret, Now: func() time.Time {
		if asked++; asked == 2 { // what was read is out of date by the time that it is acted on
			require.Equal(t, http.StatusOK, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}, "name": "Lan Anh"}, nil))
		}
		return r.clock.Now()
	}}
	require.NoError(t, s.ForgetBy(t.Context(), token))
	require.Equal(t, 4, asked, "once more, and no more than that")
	status, _ := r.try("GET", "/api/v1/contacts/"+id, nil)
	require.Equal(t, http.StatusNotFound, status)
	require.ErrorIs(t, s.ForgetBy(t.Context(), token), control.ErrPageErased)
}

// TestTheOwnPageOfWhoTurnedOutToBeAnother shows the one that they are by now, and forgets both.
func TestTheOwnPageOfWhoTurnedOutToBeAnother(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	path := r.given(younger)
	r.reply(phone, "em tên Lan nhé")
	r.settled(younger, has("message.received", ""))
	r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "công sở nha em")
	r.settled(older, has("preference.changed", ""))
	require.NoError(t, r.proves("p1", phone, tel(lan)))
	r.settled(older, has("contact.merged", ""))
	r.settled(younger, has("contact.merged_into", ""))

	_, page := r.page(path, nil)
	require.Contains(t, page, "công sở nha em")
	_, copied := r.page(path+"/copy", nil)
	require.Contains(t, copied, "công sở nha em")
	require.Contains(t, copied, "em tên Lan nhé", "the younger's ledger is theirs as well, and is forgotten with them")
	_, page = r.page(path, url.Values{"away": {"style"}})
	require.NotContains(t, page, "công sở nha em")
	require.Empty(t, r.likes(older))
	status, _ := r.page(path, url.Values{"forget": {"yes"}})
	require.Equal(t, http.StatusOK, status)
	for _, id := range []string{older, younger} {
		r.until("both are gone", func() bool {
			status, _ := r.try("GET", "/api/v1/contacts/"+id, nil)
			return status == http.StatusNotFound
		})
	}
}

// TestOwnPagesThatLeadNowhere.
func TestOwnPagesThatLeadNowhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := declared(r)
	path := r.given(id)
	for _, at := range []string{"/me/x", "/me/" + id, path[:len(path)-1] + "~", path + "0", strings.Replace(path, "c", "d", 1), "/me/" + strings.Repeat("a", 4000)} {
		for _, form := range []url.Values{nil, {"forget": {"yes"}}} {
			status, page := r.page(at, form)
			require.Equal(t, http.StatusNotFound, status, at)
			require.Contains(t, page, "mình nhắn DU LIEU cho bên em")
		}
	}
	require.NotEmpty(t, r.likes(id))
}

// TestWhoGivesOwnPagesAway: administrators, as who has one may erase; the record of changes has it. Where nobody said where
// the gateway is reached, nobody is led to a page.
func TestWhoGivesOwnPagesAway(t *testing.T) {
	t.Parallel()
	r := newRig(t, withTokens)
	id := declared(r)
	c := newCaller(r, apiToken)
	c.is(http.StatusForbidden)(c.as(r.base, "the-token-of-a-marketer").GiveContactPage(c.ctx, id, nil, client.GiveContactPageJSONRequestBody{}))
	c.is(http.StatusNotFound)(c.GiveContactPage(c.ctx, "c1-nobody", nil, client.GiveContactPageJSONRequestBody{}))
	c.is(http.StatusCreated)(c.GiveContactPage(c.ctx, id, nil, client.GiveContactPageJSONRequestBody{}))
	var log struct {
		Changes []struct{ Action, Of, By string } `json:"changes"`
	}
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/audit", nil, &log))
	require.Equal(t, []string{"gave_page", id, "test"}, []string{log.Changes[0].Action, log.Changes[0].Of, log.Changes[0].By})

	local := newRig(t, func(r *rig) { r.opts.Local = true })
	id = declared(local)
	local.reply(lan, "DU LIEU")
	require.NotRegexp(t, ownForm, local.phone(lan, 3)[2])
	status, raw := local.try("POST", "/api/v1/contacts/"+id+"/page", nil)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, string(raw), "http.public_url")
}
