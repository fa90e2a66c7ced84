package load

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"strconv"
)

// Webhook is where inbound messages are posted, and how they are signed.
type Webhook struct {
	URL   string // the one that is signed, too
	Token string // Twilio's auth token, or the phone's
	From  string // the number that the customers write to
	Phone bool   // the call is that of the demo's phone, not Twilio's

	host, path string
}

// message is one thing that a customer wrote.
type message struct {
	customer int
	id       uint64 // the provider's
	text     string
}

// prepare takes the URL apart, once.
func (w *Webhook) prepare() error {
	u, err := url.Parse(w.URL)
	if err != nil {
		return fmt.Errorf("the webhook's address: %w", err)
	}
	w.host, w.path = u.Host, u.RequestURI()
	return nil
}

// request appends the whole request for m to b.
func (w *Webhook) request(b []byte, m message) []byte {
	if w.Phone {
		return w.typed(b, m)
	}
	return w.signed(b, m)
}

// typed is what the demo's page posts.
func (w *Webhook) typed(b []byte, m message) []byte {
	body := fmt.Sprintf(`{"from":"tel:%s","text":%q,"id":"t%x"}`, Phone(m.customer), m.text, m.id)
	return fmt.Appendf(b, "POST %s HTTP/1.1\r\nHost: %s\r\nX-Phone-Token: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		w.path, w.host, w.Token, len(body), body)
}

// signed is what Twilio posts.
func (w *Webhook) signed(b []byte, m message) []byte {
	sid := fmt.Sprintf("SM%032x", m.id)
	fields := [...][2]string{ // in the order in which they are signed
		{"AccountSid", "AC00000000000000000000000000000001"}, {"ApiVersion", "2010-04-01"}, {"Body", m.text}, {"From", Phone(m.customer)},
		{"FromCity", ""}, {"FromCountry", "VN"}, {"FromState", ""}, {"FromZip", ""}, {"MessageSid", sid}, {"NumMedia", "0"},
		{"NumSegments", "1"}, {"SmsMessageSid", sid}, {"SmsSid", sid}, {"SmsStatus", "received"}, {"To", w.From}, {"ToCity", ""},
		{"ToCountry", "US"}, {"ToState", ""}, {"ToZip", ""},
	}
	mac := hmac.New(sha1.New, []byte(w.Token))
	io.WriteString(mac, w.URL) //nolint:errcheck // a hash never fails
	body := make([]byte, 0, 640)
	for i, f := range fields {
		io.WriteString(mac, f[0]) //nolint:errcheck // as above
		io.WriteString(mac, f[1]) //nolint:errcheck // as above
		if i > 0 {
			body = append(body, '&')
		}
		body = append(append(append(body, f[0]...), '='), url.QueryEscape(f[1])...)
	}
	b = append(b, "POST "+w.path+" HTTP/1.1\r\nHost: "+w.host+"\r\nUser-Agent: TwilioProxy/1.1\r\n"+
		"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nX-Twilio-Signature: "...)
	b = base64.StdEncoding.AppendEncode(b, mac.Sum(nil))
	b = strconv.AppendInt(append(b, "\r\nContent-Length: "...), int64(len(body)), 10)
	return append(append(b, "\r\n\r\n"...), body...)
}
