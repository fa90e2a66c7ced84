package gateway_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// claims has the brand say that a contact has a phone as well.
func (r *rig) claims(id, phone, by string) int {
	r.t.Helper()
	body := m{"address": "tel:" + phone}
	if by != "" {
		body["by"] = by
	}
	status, raw := r.try("POST", "/api/v1/contacts/"+id+"/links", body)
	if status == http.StatusAccepted {
		require.Contains(r.t, string(raw), `"address":"tel:`+phone+`"`)
	}
	return status
}

var codeForm = regexp.MustCompile(`\b[0-9]{6}\b`)

// codeIn is the one-time code of a text.
func codeIn(t *testing.T, text string) string {
	t.Helper()
	code := codeForm.FindString(text)
	require.NotEmpty(t, code, text)
	return code
}

// keeps reports where a code stands by itself in what Redis keeps.
func (r *rig) keeps(code string) string {
	alone := regexp.MustCompile(`(^|[^0-9])` + code + `([^0-9]|$)`)
	for key, content := range r.redis.Everything() {
		if alone.MatchString(key) || alone.MatchString(content) {
			return key
		}
	}
	return ""
}

// eavesdropper keeps what is logged.
type eavesdropper struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *eavesdropper) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *eavesdropper) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// A code that was sent to one number and is typed at another proves that both are one person's, over two partitions; and it
// stands in nothing that is kept or logged.
func TestACodeMakesTwoContactsOne(t *testing.T) {
	t.Parallel()
	var logged eavesdropper
	r := newRig(t, func(r *rig) {
		r.opts.Log = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	require.Equal(t, http.StatusAccepted, r.claims(younger, lan, ""))
	text := r.phone(lan, 1)[0]
	require.Contains(t, text, "Lụa")
	require.Contains(t, text, "Không yêu cầu thì mình bỏ qua")
	code := codeIn(t, text)
	r.settled(younger, has("message.sent", ""))
	require.Empty(t, r.keeps(code), "while it is waited for")

	r.reply(phone, "000 00")
	r.reply(phone, wrong(code))
	r.settled(younger, has("contact.link_tried", "wrong_code"))
	require.Empty(t, r.person(older).Merged)
	r.reply(phone, code[:3]+" "+code[3:])
	es := r.settled(older, has("contact.merged", ""))
	for _, e := range es {
		if e.Kind == "contact.merged" {
			require.Equal(t, "code", e.Detail["by"])
		}
	}
	r.settled(younger, has("contact.merged_into", ""))
	r.until("the phone leads to the older one", func() bool { id, _ := r.byPhone(phone); return id == older })
	require.ElementsMatch(t, []string{"tel:" + lan, "tel:" + phone}, r.person(older).Addresses)
	r.until("the customer is told", func() bool {
		for _, text := range texts(r.fake.Messages()) {
			if strings.Contains(text, "đã xác nhận +8490***567 cũng là của mình") {
				return true
			}
		}
		return false
	})
	r.until("the code is nowhere", func() bool { return r.keeps(code) == "" && r.keeps(code[:3]+" "+code[3:]) == "" })
	for _, id := range []string{older, younger} {
		for _, e := range r.ledger(id) {
			require.NotContains(t, e.Text, code)
			require.NotContains(t, e.Text, code[:3]+" "+code[3:])
		}
	}
	require.NotRegexp(t, `\b`+code+`\b`, logged.String())
	require.NotContains(t, logged.String(), code[:3]+" "+code[3:])
}

func wrong(code string) string {
	last := code[5]
	return code[:5] + string('0'+(last-'0'+1)%10)
}

// A number that is nobody's is given to whoever proved it.
func TestACodeGivesANumberOfNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	require.Equal(t, http.StatusAccepted, r.claims(id, minh, "code"))
	require.Equal(t, http.StatusTooManyRequests, r.claims(id, minh, ""), "one at a time")
	r.reply(lan, codeIn(t, r.phone(minh, 1)[0]))
	r.settled(id, has("contact.linked", "added"))
	require.ElementsMatch(t, []string{"tel:" + lan, "tel:" + minh}, r.person(id).Addresses)
	require.Equal(t, http.StatusConflict, r.claims(id, minh, ""), "it is theirs already")
	require.Equal(t, http.StatusNotFound, r.claims("c1-nobody", minh, ""))
}

// A code is over after ten minutes, which somebody notes.
func TestACodeExpires(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	require.Equal(t, http.StatusAccepted, r.claims(id, minh, ""))
	code := codeIn(t, r.phone(minh, 1)[0])
	r.clock.Forward(10 * time.Minute)
	r.settled(id, has("contact.not_linked", "expired"))
	r.reply(lan, code)
	r.settled(id, has("message.received", ""))
	require.Equal(t, []string{"tel:" + lan}, r.person(id).Addresses)
}

// Nothing is sent to somebody who said stop, was erased, or says stop while the code waits.
func TestACodeIsNotSentToWhoHasOptedOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	older, phone := two(r)
	other, _ := r.byPhone(phone)
	r.reply(phone, "STOP")
	r.until("the stop counts", func() bool { return r.person(other).Suppressed != nil })
	require.Equal(t, http.StatusConflict, r.claims(older, phone, ""))
	require.Equal(t, http.StatusConflict, r.claims(other, minh, ""), "for whoever has opted out, either")
	erased := r.contact(minh, "Minh")
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+erased, nil, nil))
	r.until("it leads to nobody", func() bool { _, ok := r.byPhone(minh); return !ok })
	require.Equal(t, http.StatusConflict, r.claims(older, minh, ""))

	const mai = "+84987654321"
	late := r.contact(mai, "Mai")
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/accounts/sms/pause", m{"reason": "test"}, nil))
	r.until("the replica knows", func() bool { return r.g.Halts.Paused("sms") })
	require.Equal(t, http.StatusAccepted, r.claims(older, mai, ""))
	r.reply(mai, "STOP")
	r.until("the stop counts", func() bool { return r.person(late).Suppressed != nil })
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/accounts/sms/resume", nil, nil))
	r.settled(older, has("contact.not_linked", "not_delivered"))
	require.Equal(t, 1, count(r.ledger(older), "message.not_sent", "opted_out"))
	require.NotRegexp(t, codeForm, strings.Join(r.phone(mai, 1), " "), "but for the stop's confirmation")
	require.Len(t, r.phone(mai, 1), 1)
}

// Where the new number cannot answer, it gets a link: a page that names the brand, and asks for one tap. Looking at it
// proves nothing, it works once, and nothing else can be said there in the customer's name.
func TestALinkMakesTwoContactsOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, oneWay, withFiles(byLink))
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	require.Equal(t, http.StatusAccepted, r.claims(younger, lan, ""))
	path := link(t, r.phone(lan, 1)[0])
	for _, e := range r.ledger(younger) {
		require.NotContains(t, e.Text, path)
	}
	status, page := r.page(path, nil)
	require.Equal(t, http.StatusOK, status)
	for _, want := range []string{"Lụa", "Đúng, là mình", "không mua", phone[1:5] + "•••" + phone[len(phone)-3:]} {
		require.Contains(t, page, want)
	}
	require.NotContains(t, page, phone)
	require.NotContains(t, page, `name="stop"`)
	for _, form := range []url.Values{{"answer": {"1"}}, {"stop": {"1"}}, {}} {
		_, page = r.page(path, form)
		require.Contains(t, page, "Đúng, là mình")
	}
	require.Zero(t, count(r.ledger(younger), "contact.linked", ""))
	require.Nil(t, r.person(younger).Suppressed)

	for range 2 {
		status, page = r.page(path, url.Values{"yes": {"1"}})
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, page, "Bên em đã ghi nhận")
	}
	r.settled(older, has("contact.merged", ""))
	r.settled(younger, has("contact.merged_into", ""))
	require.Equal(t, 1, count(r.ledger(younger), "contact.linked", "proved"))
	require.Equal(t, 1, count(r.ledger(older), "contact.merged", ""))
	_, page = r.page(path, nil)
	require.NotContains(t, page, `name="yes"`)
	r.phone(phone, 1) // they are told where we know them
}

// A link is over after ten minutes, and its page says so.
func TestALinkExpires(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	require.Equal(t, http.StatusAccepted, r.claims(id, minh, "link"))
	path := link(t, r.phone(minh, 1)[0])
	r.clock.Forward(10 * time.Minute)
	_, page := r.page(path, url.Values{"yes": {"1"}})
	require.Contains(t, page, "trong 10 phút")
	require.NotContains(t, page, `name="yes"`)
	require.Equal(t, []string{"tel:" + lan}, r.person(id).Addresses)
}
