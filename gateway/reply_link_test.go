package gateway_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway"
)

// brandname is an account that cannot be answered.
type brandname struct{ adapters.Adapter }

func (b brandname) Capabilities() adapters.Capabilities {
	c := b.Adapter.Capabilities()
	c.Inbound = false
	return c
}

func oneWay(r *rig) {
	r.twist = func(t adapters.Type) adapters.Type {
		open := t.Open
		t.Open = func(acc adapters.Account) (adapters.Adapter, error) {
			a, err := open(acc)
			return brandname{a}, err
		}
		return t
	}
}

var byLink = strings.Replace(styleCampaign, "campaign: style\n", "campaign: style\nreplies: link\n", 1)

var linkForm = regexp.MustCompile(`https?://[^\s]+(/l/[0-9a-z-]+)`)

// link is the path of the reply link in a text.
func link(t *testing.T, text string) string {
	t.Helper()
	found := linkForm.FindStringSubmatch(text)
	require.NotNil(t, found, text)
	return found[1]
}

// page loads or posts to a page of the portal, following to the next one.
func (r *rig) page(path string, form url.Values) (int, string) {
	r.t.Helper()
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, strings.NewReader(body))
	require.NoError(r.t, err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	require.Equal(r.t, "no-store", resp.Header.Get("Cache-Control"))
	return resp.StatusCode, string(text)
}

func TestAOneWaySenderIsAnsweredByLink(t *testing.T) {
	t.Parallel()
	r := newRig(t, oneWay, withFiles(byLink))
	r.addCodes("office-20", "OFF1", "OFF2")
	id := r.contact(lan, "Lan")
	r.contact("+84909000002", "Mai")
	run := r.run("style")
	asked := r.phone(lan, 1)[0]
	require.NotContains(t, asked, "1. Thể thao", "the page shows the choices")
	first := link(t, asked)

	status, page := r.page(first, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "Chị Lan thích phong cách nào?")
	require.Contains(t, page, `value="Công sở"`)
	require.Equal(t, 0, count(r.ledger(id), "message.received", ""), "looking answers nothing: link previews look")

	status, page = r.page(first, url.Values{"answer": {"Công sở"}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "Ngân sách cho một bộ", "the next question is on the next page")
	second := link(t, r.phone(lan, 2)[1])
	require.NotEqual(t, first, second)

	// The first link has had its day, whatever it is used for.
	_, page = r.page(first, url.Values{"answer": {"Thể thao"}})
	require.Contains(t, page, "Ngân sách cho một bộ")

	status, page = r.page(second, url.Values{"answer": {"tầm 600k"}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "OFF1", "the gift is shown at once")
	require.Contains(t, r.phone(lan, 3)[2], "OFF1")

	var prefs struct {
		Preferences []struct {
			Attribute string
			Value     any
			Evidence  struct{ Text, Channel, Account string }
		}
	}
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id+"/preferences", nil, &prefs))
	style := prefs.Preferences[1]
	require.Equal(t, []any{"style", "office", "Công sở", "web"}, []any{style.Attribute, style.Value, style.Evidence.Text, style.Evidence.Channel})
	require.Equal(t, 2, count(r.ledger(id), "message.received", ""))
	require.Equal(t, int64(1), r.runOf(run).Counts["completed"], "the other customer's question is still open")

	status, page = r.page(second, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "OFF1")
}

func TestAnAnswerByLinkThatIsNotUnderstood(t *testing.T) {
	t.Parallel()
	r := newRig(t, oneWay, withFiles(byLink))
	r.contact(lan, "Lan")
	r.run("style")
	_, page := r.page(link(t, r.phone(lan, 1)[0]), url.Values{"answer": {"màu gì cũng được mà shop ơi cái này hôm trước hỏi rồi"}})
	require.Contains(t, page, "Chị Lan thích phong cách nào?")
	require.Contains(t, page, `role="status"`)
}

func TestStopOnThePage(t *testing.T) {
	t.Parallel()
	r := newRig(t, oneWay, withFiles(byLink))
	id := r.contact(lan, "Lan")
	r.run("style")
	first := link(t, r.phone(lan, 1)[0])
	status, page := r.page(first, url.Values{"stop": {"1"}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "đã ngừng gửi tin quảng cáo cho mình")
	require.Equal(t, 1, count(r.ledger(id), "contact.suppressed", ""))
	_, page = r.page(first, nil)
	require.NotContains(t, page, `value="Công sở"`)
}

// TestStartOnThePage is the way back after a stop, each time; it starts nothing for who has not stopped, nor where a provider keeps
// our messages from them.
func TestStartOnThePage(t *testing.T) {
	t.Parallel()
	r := newRig(t, oneWay, withFiles(byLink))
	id := r.contact(lan, "Lan")
	r.run("style")
	at := link(t, r.phone(lan, 1)[0])
	stop, start := url.Values{"stop": {"1"}}, url.Values{"start": {"1"}}
	for n := 1; n <= 2; n++ {
		_, page := r.page(at, stop)
		require.Contains(t, page, `name="start"`)
		status, page := r.page(at, start)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, page, "Mình lại nhận tin quảng cáo")
		require.NotContains(t, page, `name="start"`)
		require.Nil(t, r.person(id).Suppressed)
		require.Equal(t, n, count(r.ledger(id), "contact.unsuppressed", ""))
	}
	was := count(r.ledger(id), "message.received", "")
	r.page(at, start)
	require.NoError(t, r.g.Intake().Accept(t.Context(), "sms", []adapters.Event{{Kind: adapters.OptOut, ID: "out", At: r.clock.Now(), From: tel(lan)}}))
	r.settled(id, has("contact.suppressed", "provider"))
	_, page := r.page(at, start)
	require.Contains(t, page, "bỏ chặn")
	require.NotContains(t, page, `name="start"`)
	require.Equal(t, "provider", r.person(id).Suppressed.Reason)
	require.Equal(t, was, count(r.ledger(id), "message.received", ""))
}

// TestStopOnThePageAlwaysCounts: also for who has come back since they pressed it first.
func TestStopOnThePageAlwaysCounts(t *testing.T) {
	t.Parallel()
	r := newRig(t, oneWay, withFiles(byLink))
	id := r.contact(lan, "Lan")
	r.run("style")
	first := link(t, r.phone(lan, 1)[0])
	stop := url.Values{"stop": {"1"}}
	for n := 1; n <= 2; n++ {
		status, _ := r.page(first, stop)
		require.Equal(t, http.StatusOK, status)
		require.NotNil(t, r.person(id).Suppressed)
		require.Equal(t, n, count(r.ledger(id), "contact.suppressed", ""))
		if n == 1 {
			r.reply(lan, "START")
			r.until("they are back", func() bool { return r.person(id).Suppressed == nil })
		}
	}
}

// TestLinksOfWhoTurnedOutToBeAnother go on: the question may still be answered, and the button for leaving still works.
func TestLinksOfWhoTurnedOutToBeAnother(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]url.Values{"answer": {"answer": {"Công sở"}}, "stop": {"stop": {"1"}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, oneWay, withFiles(byLink))
			older, phone := two(r)
			younger, _ := r.byPhone(phone)
			r.run("style")
			theirs := link(t, r.phone(phone, 1)[0])
			own := link(t, r.phone(lan, 1)[0])
			r.settled(younger, has("message.sent", ""))
			r.settled(older, has("message.sent", ""))
			_, page := r.page(own, url.Values{"answer": {"bỏ qua"}}) // the older one has nothing open
			require.NotContains(t, page, "/l/")
			require.NoError(t, r.proves("p1", phone, tel(lan)))
			r.settled(older, has("contact.merged", ""))
			r.settled(younger, has("contact.merged_into", ""))

			_, page = r.page(theirs, nil)
			require.Contains(t, page, `value="Công sở"`)
			status, page := r.page(theirs, form)
			require.Equal(t, http.StatusOK, status)
			if name == "stop" {
				require.NotNil(t, r.person(older).Suppressed)
				return
			}
			require.Contains(t, page, "Ngân sách")
			require.Equal(t, "office", r.likes(older)["style"])
			_, page = r.page(theirs, url.Values{"answer": {"Thể thao"}})
			require.Contains(t, page, "Ngân sách", "its one answer is given")
			require.Equal(t, "office", r.likes(older)["style"])
		})
	}
}

// TestAPageNeverAsksWhatItCannotShow: an answer that is likely is not asked back, and one that is short not waited with,
// since the page has its question and nothing else; its next link is one that was sent.
func TestAPageNeverAsksWhatItCannotShow(t *testing.T) {
	t.Parallel()
	for _, said := range []string{"cong xo", "em thích"} {
		r := newRig(t, oneWay, withFiles(byLink))
		r.contact(lan, "Lan")
		r.run("style")
		first := link(t, r.phone(lan, 1)[0])
		status, page := r.page(first, url.Values{"answer": {said}})
		require.Equal(t, http.StatusOK, status, said)
		require.Contains(t, page, `value="Công sở"`, said)
		again := link(t, r.phone(lan, 2)[1])
		require.NotEqual(t, first, again)
		_, page = r.page(again, url.Values{"answer": {"Công sở"}})
		require.Contains(t, page, "Ngân sách", said)
	}
}

func TestLinksThatLeadNowhere(t *testing.T) {
	t.Parallel()
	r := newRig(t, oneWay, withFiles(byLink))
	id := r.contact(lan, "Lan")
	r.run("style")
	first := link(t, r.phone(lan, 1)[0])
	for _, path := range []string{"/l/1-000000000000", "/l/zzzz-000000000000", "/l/x", first[:len(first)-1] + "~"} {
		status, page := r.page(path, nil)
		require.Equal(t, http.StatusNotFound, status, path)
		require.Contains(t, page, "không còn dùng được")
		status, _ = r.page(path, url.Values{"answer": {"1"}})
		require.Equal(t, http.StatusNotFound, status, path)
	}
	status, _ := r.page(first, url.Values{"answer": {strings.Repeat("a", 3000)}})
	require.Equal(t, http.StatusRequestEntityTooLarge, status)
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+id, nil, nil))
	status, _ = r.page(first, nil)
	require.Equal(t, http.StatusNotFound, status, "somebody who was erased is nobody's customer")
}

// TestAQuestionThatNobodyCouldAnswerIsRefused when the files are read, with the cure.
func TestAQuestionThatNobodyCouldAnswerIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	opts := r.opts
	rig := &rig{}
	oneWay(rig)
	opts.Accounts[0].Type = rig.twist(opts.Accounts[0].Type)
	g, err := gateway.New(opts)
	require.NoError(t, err)
	_, err = g.Start(t.Context())
	require.ErrorContains(t, err, "answers cannot come back by sms; add replies: link")
}
