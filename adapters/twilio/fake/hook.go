package fake

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Inbound is what a customer sends. From and Body are enough.
type Inbound struct {
	From, Body string
	SID        string     // chosen where empty
	Extra      url.Values // further fields, such as ButtonPayload
}

// hook is one webhook call.
type hook struct {
	url  string
	form url.Values
}

// Reply is a customer who writes. The answer is the gateway's, its body already read.
func (t *Twilio) Reply(ctx context.Context, from, body string) (*http.Response, error) {
	return t.Deliver(ctx, Inbound{From: from, Body: body})
}

// Deliver is Reply with everything that a customer's message may hold.
func (t *Twilio) Deliver(ctx context.Context, in Inbound) (*http.Response, error) {
	h := t.inbound(in)
	t.mu.Lock()
	t.last = h
	t.mu.Unlock()
	return t.post(ctx, h, t.opts.AuthToken)
}

// Repeat delivers the last customer's message again, with the same SID, as Twilio does when an answer came too late.
func (t *Twilio) Repeat(ctx context.Context) (*http.Response, error) {
	t.mu.Lock()
	h := t.last
	t.mu.Unlock()
	if h == nil {
		return nil, errors.New("no customer wrote yet")
	}
	return t.post(ctx, h, t.opts.AuthToken)
}

// Forge delivers a customer's message signed with a token that is not the account's.
func (t *Twilio) Forge(ctx context.Context, from, body string) (*http.Response, error) {
	return t.post(ctx, t.inbound(Inbound{From: from, Body: body}), "x"+t.opts.AuthToken)
}

// Status tells the message's status callback what became of it: "sent", "delivered", "undelivered" with an error code.
func (t *Twilio) Status(ctx context.Context, sid, status string, code int) (*http.Response, error) {
	t.mu.Lock()
	m := t.bySID[sid]
	if m == nil {
		t.mu.Unlock()
		return nil, errors.New("no such message")
	}
	m.Status, m.ErrorCode = status, code
	if m.Sent.IsZero() {
		m.Sent = t.opts.Now()
	}
	if m.From == "" {
		m.From = t.opts.Number
	}
	h := &hook{m.StatusCallback, t.statusForm(*m, status, code)}
	t.tell()
	t.mu.Unlock()
	if h.url == "" {
		return nil, errors.New("the message has no status callback")
	}
	return t.post(ctx, h, t.opts.AuthToken)
}

// Hook is an event as a signed webhook call, without calling anybody. It is what the conformance kit asks of each fake:
// what it can tell of e must come back from Decode. false where Twilio tells no such thing.
func (t *Twilio) Hook(e adapters.Event) (adapters.Request, bool) {
	t.mu.Lock()
	webhook := t.webhook
	t.mu.Unlock()
	var h *hook
	switch e.Kind {
	case adapters.Inbound, adapters.OptOut, adapters.OptIn:
		extra := url.Values{}
		for name, v := range map[string]string{"ButtonPayload": e.Payload, "ProfileName": e.Name} {
			if v != "" {
				extra.Set(name, v)
			}
		}
		for i, m := range e.Media {
			extra.Set("MediaUrl"+strconv.Itoa(i), m.URL)
			extra.Set("MediaContentType"+strconv.Itoa(i), m.Type)
		}
		extra.Set("NumMedia", strconv.Itoa(len(e.Media)))
		if e.Kind != adapters.Inbound {
			extra.Set("OptOutType", map[adapters.EventKind]string{adapters.OptOut: "STOP", adapters.OptIn: "START"}[e.Kind])
		}
		h = t.inbound(Inbound{From: e.From.ID, Body: e.Text, SID: e.MessageID, Extra: extra})
	case adapters.Report:
		status, ok := map[adapters.Status]string{
			adapters.Queued: "queued", adapters.SentOn: "sent", adapters.Undelivered: "undelivered", adapters.Failed: "failed", adapters.Delivered: "delivered", adapters.Read: "read",
		}[e.Status]
		if !ok {
			return adapters.Request{}, false
		}
		code, _ := strconv.Atoi(e.Code)
		m := Message{SID: e.Theirs, To: e.From.ID, From: t.opts.Number, channel: t.prefix()}
		h = &hook{webhook + "?mid=" + url.QueryEscape(e.Ours), t.statusForm(m, status, code)}
	default:
		return adapters.Request{}, false
	}
	return adapters.Request{
		Method: http.MethodPost,
		URL:    h.url,
		Header: http.Header{"Content-Type": {formType}, "X-Twilio-Signature": {Sign(t.opts.AuthToken, h.url, h.form)}},
		Body:   []byte(h.form.Encode()),
		At:     e.At,
	}, true
}

// Shown is what a customer's phone shows, for the conformance kit.
func (t *Twilio) Shown(to address.Address) []adapters.Message {
	var out []adapters.Message
	for _, m := range t.Phone(to.ID) {
		x := adapters.Message{To: to, Text: m.Body}
		if m.ContentSID != "" {
			x.Template = &adapters.Template{ID: m.ContentSID}
			_ = json.Unmarshal([]byte(m.ContentVariable), &x.Template.Variables) // what is no JSON has no variables
		}
		for _, u := range m.Media {
			x.Media = append(x.Media, adapters.Media{URL: u})
		}
		out = append(out, x)
	}
	return out
}

// Sign is X-Twilio-Signature for a form: base64(HMAC-SHA1(token, URL and the sorted fields)).
func Sign(token, rawURL string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	io.WriteString(mac, rawURL) //nolint:errcheck // a hash takes everything
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := slices.Clone(form[name])
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			io.WriteString(mac, name+v) //nolint:errcheck // a hash takes everything
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

const formType = "application/x-www-form-urlencoded"

func (t *Twilio) prefix() string {
	if t.opts.WhatsApp {
		return whatsapp
	}
	return ""
}

func (t *Twilio) inbound(in Inbound) *hook {
	t.mu.Lock()
	defer t.mu.Unlock()
	if in.SID == "" {
		in.SID = t.sid("SM")
	}
	from := bareNumber(in.From)
	form := url.Values{
		"ToCountry": {"US"}, "MessageSid": {in.SID}, "SmsSid": {in.SID}, "SmsMessageSid": {in.SID}, "AccountSid": {t.opts.AccountSID},
		"From": {t.prefix() + from}, "To": {t.prefix() + t.opts.Number}, "Body": {in.Body}, "NumMedia": {"0"}, "NumSegments": {strconv.Itoa(max(1, adapters.SegmentCount(in.Body)))},
		"SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
	}
	if t.opts.WhatsApp {
		form.Set("WaId", strings.TrimPrefix(from, "+"))
	}
	if word := strings.ToUpper(strings.TrimSpace(in.Body)); t.opts.OptOut && (word == "STOP" || word == "START" || word == "HELP") {
		form.Set("OptOutType", word)
		t.blocked[from] = word == "STOP" || word == "HELP" && t.blocked[from]
	}
	maps.Copy(form, in.Extra)
	return &hook{t.webhook, form}
}

func (t *Twilio) statusForm(m Message, status string, code int) url.Values {
	form := url.Values{
		"MessageSid": {m.SID}, "MessageStatus": {status}, "SmsSid": {m.SID}, "SmsStatus": {status}, "To": {m.channel + m.To}, "From": {m.From},
		"AccountSid": {t.opts.AccountSID}, "ApiVersion": {"2010-04-01"},
	}
	if m.ServiceSID != "" {
		form.Set("MessagingServiceSid", m.ServiceSID)
	}
	if code != 0 {
		form.Set("ErrorCode", strconv.Itoa(code))
	}
	if status == "delivered" || status == "undelivered" {
		form.Set("RawDlrDoneDate", t.opts.Now().UTC().Format("0601021504"))
	}
	return form
}

// post signs the public URL and calls the place where it really is.
func (t *Twilio) post(ctx context.Context, h *hook, token string) (*http.Response, error) {
	target, err := t.place(h.url)
	if err != nil {
		return nil, err
	}
	body := h.form.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", formType+"; charset=utf-8")
	req.Header.Set("X-Twilio-Signature", Sign(token, h.url, h.form))
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	return fakekit.Do(t.opts.Client, req)
}

func (t *Twilio) place(public string) (string, error) {
	u, err := url.Parse(public)
	if err != nil || u.Host == "" {
		return "", errors.New("no webhook to call: see Point")
	}
	t.mu.Lock()
	gateway := t.gateway
	t.mu.Unlock()
	if gateway == "" {
		return public, nil
	}
	return gateway + u.RequestURI(), nil
}
