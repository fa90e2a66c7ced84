// Package fake plays Vonage's SMS API: sending, webhooks in each of their forms, and the people's phones. It is written
// from Vonage's documentation and knows nothing of the adapter.
package fake

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"hash"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options say how the account is set up in the dashboard.
type Options struct {
	Key, Secret     string
	From            string // the sender
	SignatureSecret string // empty: webhooks are not signed
	Method          string // of signing: md5hash, md5hmac, sha1hmac, sha256hmac or sha512hmac
	Form            string // of webhooks: GET, POST or POST-JSON
}

// Vonage plays one account.
type Vonage struct {
	*fakekit.Provider
	opts Options
}

// New makes a Vonage that calls webhook.
func New(webhook string, o Options) *Vonage {
	v := &Vonage{opts: o}
	v.Provider = fakekit.New(webhook, map[adapters.Fault][]fakekit.Play{
		adapters.Transient:  {refusal(5, "Internal Error")},
		adapters.Throttled:  {refusal(1, "Throughput Rate Exceeded - please wait [ 250 ] and retry"), {Status: http.StatusTooManyRequests}},
		adapters.Recipient:  {refusal(7, "The number 84901234567 you are submitting to is blacklisted for this account"), refusal(33, "Number Deactivated")},
		adapters.BadMessage: {refusal(3, "Invalid value for parameter: to"), refusal(12, "Message too long")},
		adapters.Operator:   {refusal(4, "Bad Credentials"), refusal(9, "Partner quota exceeded"), refusal(15, "Illegal Sender Address - rejected"), {Status: http.StatusUnauthorized, Body: `{"error-code":"401"}`}},
	}, v.serve)
	return v
}

func refusal(status int, text string) fakekit.Play {
	return fakekit.Play{Status: http.StatusOK, Body: fmt.Sprintf(`{"message-count":"1","messages":[{"status":"%d","error-text":%q}]}`, status, text)}
}

func (v *Vonage) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = r.ParseForm()
	key, secret, _ := r.BasicAuth()
	switch {
	case r.URL.Path == "/account/get-balance" && r.Form.Get("api_key") == v.opts.Key && r.Form.Get("api_secret") == v.opts.Secret:
		_, _ = fmt.Fprint(w, `{"value":3.1416,"autoReload":false}`)
	case r.URL.Path == "/account/get-balance":
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path != "/sms/json":
		w.WriteHeader(http.StatusNotFound)
	case key != v.opts.Key || secret != v.opts.Secret:
		_, _ = fmt.Fprint(w, refusal(4, "Bad Credentials").Body)
	default:
		v.send(w, r.PostForm)
	}
}

func (v *Vonage) send(w http.ResponseWriter, f url.Values) {
	text := f.Get("text")
	if strings.HasPrefix(f.Get("to"), "+") || f.Get("to") == "" || text == "" || f.Get("from") == "" || len(f.Get("client-ref")) > 100 {
		_, _ = fmt.Fprint(w, refusal(3, "Invalid value for parameter").Body)
		return
	}
	if f.Get("type") != "unicode" {
		text = gsm(text)
	}
	v.Show(adapters.Message{ID: f.Get("client-ref"), To: address.Address{Scheme: address.Tel, ID: "+" + f.Get("to")}, Text: text})
	type part map[string]string
	var parts []part
	for range adapters.SegmentCount(text) {
		parts = append(parts, part{
			"to": f.Get("to"), "message-id": fmt.Sprintf("0A%014X", v.Next()), "status": "0", "remaining-balance": "3.14", "message-price": "0.03",
			"network": "45201", "client-ref": f.Get("client-ref"),
		})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"message-count": strconv.Itoa(len(parts)), "messages": parts})
}

// gsm is what becomes of a text that is sent as one of the GSM alphabet.
func gsm(text string) string {
	return strings.Map(func(r rune) rune {
		if adapters.Segments(string(r)).Encoding != adapters.GSM7 {
			return '?'
		}
		return r
	}, text)
}

// Hook is an event as Vonage tells it; false where it tells no such thing.
func (v *Vonage) Hook(e adapters.Event) (adapters.Request, bool) {
	p := map[string]string{
		"msisdn": strings.TrimPrefix(e.From.ID, "+"), "to": v.opts.From, "api-key": v.opts.Key,
		"message-timestamp": e.At.UTC().Format("2006-01-02 15:04:05"), "timestamp": strconv.FormatInt(e.At.Unix(), 10), "nonce": "a1b2c3d4",
	}
	switch e.Kind {
	case adapters.Inbound:
		p["messageId"], p["text"], p["type"] = e.MessageID, e.Text, "text"
		if adapters.Segments(e.Text).Encoding != adapters.GSM7 {
			p["type"] = "unicode"
		}
		word, _, _ := strings.Cut(e.Text, " ")
		p["keyword"] = strings.ToUpper(word)
	case adapters.Report:
		words := map[adapters.Status]string{adapters.SentOn: "buffered", adapters.Delivered: "delivered", adapters.Undelivered: "failed", adapters.Failed: "rejected"}
		p["messageId"], p["client-ref"], p["network-code"], p["price"], p["scts"] = e.Theirs, e.Ours, "45201", "0.03", e.At.Format("0601021504")
		p["status"], p["err-code"] = words[e.Status], "0"
		if e.Code != "" {
			p["err-code"] = e.Code
		}
		if p["status"] == "" {
			return adapters.Request{}, false
		}
	default:
		return adapters.Request{}, false
	}
	r := v.Call(p)
	r.At = e.At
	return r, true
}

// Call is a webhook call with these parameters, signed where the account says so.
func (v *Vonage) Call(p map[string]string) adapters.Request {
	if v.opts.SignatureSecret != "" {
		p["sig"] = Sign(v.opts.Method, v.opts.SignatureSecret, p)
	}
	fields := url.Values{}
	for name, value := range p {
		fields.Set(name, value)
	}
	switch v.opts.Form {
	case "GET":
		return adapters.Request{Method: http.MethodGet, URL: v.Webhook() + "?" + fields.Encode()}
	case "POST-JSON":
		body, _ := json.Marshal(p)
		return adapters.Request{Method: http.MethodPost, URL: v.Webhook(), Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
	}
	return adapters.Request{Method: http.MethodPost, URL: v.Webhook(), Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte(fields.Encode())}
}

// Sign is the signature of parameters, by Vonage's recipe: sorted, each as &name=value, with _ in place of & and = in
// values.
func Sign(method, secret string, p map[string]string) string {
	var pairs []string
	for name, value := range p {
		if name != "sig" {
			pairs = append(pairs, name+"="+strings.ReplaceAll(strings.ReplaceAll(value, "&", "_"), "=", "_"))
		}
	}
	sort.Slice(pairs, func(i, j int) bool { return name(pairs[i]) < name(pairs[j]) })
	base := "&" + strings.Join(pairs, "&")
	if method == "md5hash" {
		return fmt.Sprintf("%x", md5.Sum([]byte(base+secret)))
	}
	mac := hmac.New(map[string]func() hash.Hash{"md5hmac": md5.New, "sha1hmac": sha1.New, "sha256hmac": sha256.New, "sha512hmac": sha512.New}[method], []byte(secret))
	mac.Write([]byte(base))
	return fmt.Sprintf("%X", mac.Sum(nil))
}

func name(pair string) string {
	n, _, _ := strings.Cut(pair, "=")
	return n
}
