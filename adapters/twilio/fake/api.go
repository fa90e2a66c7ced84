package fake

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/hoidap/hoidap/adapters"
)

const bodyMax = 1 << 20

var numberForm = regexp.MustCompile(`^(\+[1-9][0-9]{6,14}|[A-Z]{2}\.[0-9A-Za-z]+)$`)

// ServeHTTP is Twilio's API, as far as the gateway needs it: messages and the balance.
func (t *Twilio) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, bodyMax)
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, 20001, "")
		return
	}
	if !t.wait(r.Context()) {
		return
	}
	f := t.fate()
	if f.refused != nil {
		t.count(r)
		f.refused.answer(w, r.PostForm.Get("To"))
		return
	}
	account := "/2010-04-01/Accounts/" + t.opts.AccountSID
	switch {
	case !t.authorized(r):
		refuse(w, http.StatusUnauthorized, 20003, "")
	case r.URL.Path == account+"/Messages.json" && r.Method == http.MethodPost:
		t.create(w, r, f)
	case r.URL.Path == account+"/Messages.json" && r.Method == http.MethodGet:
		t.list(w, r)
	case r.URL.Path == account+"/Balance.json" && r.Method == http.MethodGet:
		reply(w, http.StatusOK, map[string]any{"account_sid": t.opts.AccountSID, "balance": "12.50", "currency": "USD"})
	default:
		refuse(w, http.StatusNotFound, 20404, "")
	}
}

// wait plays a slow Twilio; false where nobody waits for the answer any more. The request has been read before, without
// which a server does not notice that.
func (t *Twilio) wait(ctx context.Context) bool {
	t.mu.Lock()
	slow := t.slow
	t.mu.Unlock()
	if slow == 0 {
		return true
	}
	timer := time.NewTimer(slow)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-t.ctx.Done():
	}
	return false
}

func (t *Twilio) create(w http.ResponseWriter, r *http.Request, f fate) {
	asked := t.opts.Now()
	t.count(r)
	if f.late > 0 {
		t.later(f.late, r.PostForm, asked)
		panic(http.ErrAbortHandler) // cuts the connection
	}
	m, lost, refused := t.take(r.PostForm, asked)
	if refused != nil {
		refused.answer(w, r.PostForm.Get("To"))
		return
	}
	t.told(m)
	if lost || f.lost {
		panic(http.ErrAbortHandler)
	}
	f.linger(r.Context(), t.ctx)
	reply(w, http.StatusCreated, resource(t.opts.AccountSID, m))
}

// count counts a send that was asked for.
func (t *Twilio) count(r *http.Request) {
	if r.Method != http.MethodPost {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls++
}

// told tells whoever asked to be that a message was taken.
func (t *Twilio) told(m Message) {
	if t.opts.Taken != nil {
		t.opts.Taken(m)
	}
}

// take stores a message, unless something speaks against it.
func (t *Twilio) take(form url.Values, asked time.Time) (m Message, lost bool, refused *play) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var p play
	if len(t.plays) > 0 {
		p, t.plays = t.plays[0], t.plays[1:]
	}
	if p.status != 0 {
		return m, false, &p
	}
	if code := t.mistake(form); code != 0 {
		return m, false, &play{status: http.StatusBadRequest, code: code}
	}
	return t.store(form, asked), p.lost, nil
}

// mistake is the code of what is wrong with a request; 0 for nothing.
func (t *Twilio) mistake(form url.Values) int {
	to, body := form.Get("To"), form.Get("Body")
	switch {
	case to == "":
		return 21604
	case !numberForm.MatchString(bareNumber(to)):
		return 21211
	case form.Get("From") == "" && form.Get("MessagingServiceSid") == "":
		return 21603
	case body == "" && len(form["MediaUrl"]) == 0 && form.Get("ContentSid") == "":
		return 21602
	case len(utf16.Encode([]rune(body))) > 1600:
		return 21617
	case t.blocked[bareNumber(to)]:
		return 21610
	}
	if cb := form.Get("StatusCallback"); cb != "" {
		if u, err := url.Parse(cb); err != nil || u.Host == "" || strings.Contains(u.Hostname(), "_") {
			return 21609
		}
	}
	return 0
}

// store keeps a message and starts its callbacks. The lock is held.
func (t *Twilio) store(form url.Values, asked time.Time) Message {
	to := form.Get("To")
	m := &Message{
		SID: t.sid("SM"), From: form.Get("From"), To: bareNumber(to), Body: form.Get("Body"), ServiceSID: form.Get("MessagingServiceSid"),
		ContentSID: form.Get("ContentSid"), ContentVariable: form.Get("ContentVariables"), StatusCallback: form.Get("StatusCallback"),
		ValidityPeriod: form.Get("ValidityPeriod"), Media: form["MediaUrl"], Segments: adapters.SegmentCount(form.Get("Body")),
		Status: "queued", Asked: asked, Created: t.opts.Now(), Ours: ours(form.Get("StatusCallback")), channel: strings.TrimSuffix(to, bareNumber(to)),
	}
	if m.ServiceSID != "" {
		m.Status = "accepted"
	}
	t.messages = append(t.messages, m)
	t.phones[m.To] = append(t.phones[m.To], m)
	t.bySID[m.SID] = m
	if t.opts.Keep > 0 && len(t.messages) > t.opts.Keep {
		t.forget()
	}
	t.tell()
	if t.opts.Callbacks && m.StatusCallback != "" && t.ctx.Err() == nil {
		t.posts.Add(1)
		go func() {
			defer t.posts.Done()
			t.posting <- struct{}{}
			defer func() { <-t.posting }()
			for _, status := range []string{"sent", "delivered"} {
				_, _ = t.Status(t.ctx, m.SID, status, 0) // like Twilio, which nobody tells either
			}
		}()
	}
	return *m
}

// ours is what the sender calls the message: the status callback's parameter for it.
func ours(callback string) string {
	u, err := url.Parse(callback)
	if err != nil {
		return ""
	}
	return u.Query().Get("mid")
}

// forget drops the oldest message. The lock is held.
func (t *Twilio) forget() {
	m := t.messages[0]
	t.messages = t.messages[1:]
	delete(t.bySID, m.SID)
	if t.phones[m.To] = t.phones[m.To][1:]; len(t.phones[m.To]) == 0 {
		delete(t.phones, m.To)
	}
}

// list gives the newest messages first. Messages that still wait have no sending date, and no filter on it finds them.
func (t *Twilio) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	size, _ := strconv.Atoi(q.Get("PageSize"))
	if size <= 0 || size > 1000 {
		size = 50
	}
	since, until := date(q.Get("DateSent>")), date(q.Get("DateSent<"))
	t.mu.Lock()
	from := t.messages
	if to := q.Get("To"); to != "" {
		from = t.phones[bareNumber(to)]
	}
	found := []any{}
	for i := len(from) - 1; i >= 0 && len(found) < size; i-- {
		m := from[i]
		if to := q.Get("To"); to != "" && to != m.channel+m.To || q.Get("From") != "" && q.Get("From") != m.From ||
			!since.IsZero() && (m.Sent.IsZero() || m.Sent.Before(since)) || !until.IsZero() && (m.Sent.IsZero() || m.Sent.After(until)) {
			continue
		}
		found = append(found, resource(t.opts.AccountSID, *m))
	}
	t.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"messages": found, "page": 0, "page_size": size, "next_page_uri": nil, "uri": r.URL.RequestURI()})
}

func date(s string) time.Time {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at
	}
	at, _ := time.Parse(time.DateOnly, s)
	return at
}

// resource is a message in Twilio's form.
func resource(account string, m Message) map[string]any {
	orNull := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	when := func(at time.Time) any {
		if at.IsZero() {
			return nil
		}
		return at.UTC().Format(time.RFC1123Z)
	}
	segments := strconv.Itoa(m.Segments)
	if m.Status == "accepted" {
		segments = "0" // until a sender is chosen
	}
	var code any
	if m.ErrorCode != 0 {
		code = m.ErrorCode
	}
	return map[string]any{
		"sid": m.SID, "account_sid": account, "messaging_service_sid": orNull(m.ServiceSID), "status": m.Status, "to": m.channel + m.To, "from": orNull(m.From),
		"body": m.Body, "num_segments": segments, "num_media": strconv.Itoa(len(m.Media)), "direction": "outbound-api", "api_version": "2010-04-01",
		"error_code": code, "error_message": nil, "price": nil, "price_unit": "USD",
		"date_created": when(m.Created), "date_updated": when(m.Created), "date_sent": when(m.Sent),
		"uri": "/2010-04-01/Accounts/" + account + "/Messages/" + m.SID + ".json", "subresource_uris": map[string]any{},
	}
}

// refuse answers in Twilio's form, with the recipient's number in the sentence: Twilio does that, and it must not get
// into our logs.
func refuse(w http.ResponseWriter, status, code int, to string) {
	reply(w, status, map[string]any{
		"code": code, "status": status, "message": "The request for '" + to + "' was refused", "more_info": "https://www.twilio.com/docs/errors/" + strconv.Itoa(code),
	})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
