// Package fake plays eSMS.vn: its API, its callbacks and the people's phones. It is written from eSMS's documentation
// and knows nothing of the adapter.
package fake

import (
	"crypto/md5" // as documented
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options are the account at eSMS.
type Options struct {
	Webhook               string // with its secret: where callbacks and texts to the short code go
	APIKey, SecretKey     string
	Brandname             string
	ShortCode, Keyword    string // Keyword: the word that people write first; empty: none
	PrivateKey            string // of the short code
	AdsFrom               int    // the least numbers in a request for advertisements; 0: 30
	DuplicatesWithoutName bool   // a repeated RequestId is answered without the SMSID
}

// ESMS plays the API for one account.
type ESMS struct {
	*fakekit.Provider
	o Options

	mu       sync.Mutex
	requests map[string]string // RequestId to SMSID
	calls    []Call
}

// Call is one request that eSMS took.
type Call struct{ Type, RequestID, IsUnicode, Callback string }

// New makes an eSMS.
func New(o Options) *ESMS {
	if o.AdsFrom == 0 {
		o.AdsFrom = 30
	}
	e := &ESMS{o: o, requests: map[string]string{}}
	e.Provider = fakekit.New(o.Webhook, map[adapters.Fault][]fakekit.Play{
		adapters.Throttled:  {refusal("160", "TPS limit")},
		adapters.Stopped:    {refusal("99", "The phone number is blocked in the system")},
		adapters.Recipient:  {refusal("108", "Phone number is not in correct format"), refusal("177", "The network is not registered")},
		adapters.BadMessage: {refusal("146", "Wrong customer care template"), refusal("110", "The requested data is incorrect")},
		adapters.Operator: {
			refusal("101", "Authorize Failed"), refusal("102", "No price list available"), refusal("103", "Not enough balance to send message"),
			refusal("104", "Brandname code is not exist"), refusal("118", "Unsupported message type"), refusal("140", "IP is not whitelisted"),
		},
	}, e.serve)
	return e
}

// refusal is how eSMS says no: HTTP 200, and a code in the body.
func refusal(code, message string) fakekit.Play {
	return fakekit.Play{Status: http.StatusOK, Body: refused(code, message)}
}

func refused(code, message string) string {
	return fmt.Sprintf(`{"CodeResult":%q,"CountRegenerate":0,"ErrorMessage":%q}`, code, message)
}

// Taken are the requests that were taken, the oldest first.
func (e *ESMS) Taken() []Call {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]Call{}, e.calls...)
}

type request struct {
	APIKey      string `json:"ApiKey"`
	SecretKey   string
	Phone       string
	Phones      []string
	Content     string
	Brandname   string
	SmsType     string
	IsUnicode   string
	RequestID   string `json:"RequestId"`
	CallbackURL string `json:"CallbackUrl"`
}

func (e *ESMS) serve(w http.ResponseWriter, r *http.Request) {
	var in request
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = fmt.Fprint(w, e.answer(r.URL.Path, in))
}

func (e *ESMS) answer(path string, in request) string {
	known := in.APIKey == e.o.APIKey && in.SecretKey == e.o.SecretKey
	switch strings.TrimPrefix(path, "/MainService.svc/json/") {
	case "GetBalance_json":
		if !known {
			return `{"Balance":0,"CodeResponse":"101","ErrorMessage":"Authorize Failed"}`
		}
		return `{"Balance":36693,"CodeResponse":"100","UserID":9999}`
	case "SendMultipleMessage_V4_post_json/":
		in.Phones = []string{in.Phone}
		if known && in.SmsType == "2" && in.Brandname == e.o.Brandname {
			return e.take(in)
		}
	case "SendMultipleSMSBrandname_json/":
		in.RequestID, in.IsUnicode = "", "0" // it knows neither
		if known && in.SmsType == "1" && in.Brandname == e.o.Brandname {
			if len(in.Phones) < e.o.AdsFrom {
				return refused("107", "Each request must have at least 30 numbers to be approved")
			}
			return e.take(in)
		}
	default:
		return refused("300", "Missing message type")
	}
	if !known {
		return refused("101", "Authorize Failed")
	}
	return refused("104", "Brandname code is not exist")
}

// take shows the message on each phone, once for a RequestId.
func (e *ESMS) take(in request) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if id, again := e.requests[in.RequestID]; again && in.RequestID != "" {
		if e.o.DuplicatesWithoutName {
			return refused("124", "RequestId is duplicated")
		}
		return fmt.Sprintf(`{"CodeResult":"124","CountRegenerate":0,"ErrorMessage":"RequestId is duplicated","SMSID":%q}`, id)
	}
	id := fmt.Sprintf("ebe101db-4c01-4a4d-bd3f-%d", e.Next())
	e.requests[in.RequestID] = id
	e.calls = append(e.calls, Call{Type: in.SmsType, RequestID: in.RequestID, IsUnicode: in.IsUnicode, Callback: in.CallbackURL})
	text := in.Content
	if in.IsUnicode != "1" {
		text = bytesOnly(text)
	}
	for _, phone := range in.Phones {
		e.Show(adapters.Message{To: address.Address{Scheme: address.Tel, ID: "+84" + strings.TrimPrefix(strings.TrimPrefix(phone, "84"), "0")}, Text: text})
	}
	return fmt.Sprintf(`{"CodeResult":"100","CountRegenerate":0,"SMSID":%q}`, id)
}

// bytesOnly is what becomes of a text that is not sent as Unicode: letters with marks are lost.
func bytesOnly(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xff && r != '€' {
			return '?'
		}
		return r
	}, text)
}

// Hook is an event as eSMS tells it; false where it tells no such thing. Both calls are GETs.
func (e *ESMS) Hook(ev adapters.Event) (adapters.Request, bool) {
	q := url.Values{}
	switch ev.Kind {
	case adapters.Inbound:
		if e.o.ShortCode == "" {
			return adapters.Request{}, false
		}
		e.text(q, ev)
	case adapters.Report:
		if !receipt(q, ev) {
			return adapters.Request{}, false
		}
	default:
		return adapters.Request{}, false
	}
	return adapters.Request{Method: http.MethodGet, URL: e.Webhook() + "?" + q.Encode(), Header: http.Header{}, At: ev.At}, true
}

// text fills in a text to the short code.
func (e *ESMS) text(q url.Values, ev adapters.Event) {
	content, keyword := ev.Text, "DK"
	if e.o.Keyword != "" {
		content, keyword = e.o.Keyword+" "+content, e.o.Keyword
	}
	clock := ev.At.In(time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)).Format("20060102150405")
	for name, v := range map[string]string{
		"sender": strings.TrimPrefix(ev.From.ID, "+"), "content": content, "serviceNumber": e.o.ShortCode, "keyword": keyword,
		"cpid": "CP01", "smsid": ev.MessageID, "receiverTime": clock,
	} {
		q.Set(name, v)
	}
	hash := md5.Sum([]byte("CP01" + ev.MessageID + content + clock + e.o.PrivateKey))
	q.Set("sign", base64.StdEncoding.EncodeToString(hash[:]))
}

// receipt fills in what became of a message to one number.
func receipt(q url.Values, ev adapters.Event) bool {
	var status string
	failed, succeeded := "0", "0"
	switch ev.Status {
	case adapters.Queued:
		status = "2"
	case adapters.SentOn:
		status = "7"
	case adapters.Delivered:
		status, succeeded = "5", "1"
	case adapters.Undelivered:
		status, failed = "5", "1"
	case adapters.Failed:
		status = "4"
	default:
		return false
	}
	for name, v := range map[string]string{
		"SMSID": ev.Theirs, "SendFailed": failed, "SendStatus": status, "SendSuccess": succeeded, "TotalPrice": "850.0000", "TotalReceiver": "1",
		"TotalSent": "1", "RequestId": ev.Ours, "TypeId": "2", "telcoid": "1", "phonenumber": "0" + strings.TrimPrefix(ev.From.ID, "+84"), "switchsmsid": "",
	} {
		q.Set(name, v)
	}
	return true
}
