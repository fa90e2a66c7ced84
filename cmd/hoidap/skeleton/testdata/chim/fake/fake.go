// Package fake plays Chim, which does not exist.
package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// Fake is Chim.
type Fake struct {
	*fakekit.Provider
	secret string

	mu    sync.Mutex
	taken map[string]int64 // ids by client_id
}

// New makes a Chim that calls webhook and signs with secret.
func New(webhook, secret string) *Fake {
	f := &Fake{secret: secret, taken: map[string]int64{}}
	f.Provider = fakekit.New(webhook, breaks(), f.api)
	return f
}

// breaks are the failures that Chim has: HTTP 200 with a code.
func breaks() map[adapters.Fault][]fakekit.Play {
	code := func(code string) fakekit.Play { return fakekit.Play{Status: 200, Body: `{"code":` + code + `}`} }
	return map[adapters.Fault][]fakekit.Play{
		adapters.Operator: {code("101"), code("102")}, adapters.Recipient: {code("201")}, adapters.Stopped: {code("202")},
		adapters.BadMessage: {code("301")}, adapters.Throttled: {code("429")}, adapters.Transient: {code("900")},
	}
}

// api is POST /v2/sms. A client_id that was there before gets the same id, and nothing is shown again.
func (f *Fake) api(w http.ResponseWriter, r *http.Request) {
	var o struct {
		To       string `json:"to"`
		Text     string `json:"text"`
		ClientID string `json:"client_id"`
	}
	if r.URL.Path != "/v2/sms" || json.NewDecoder(r.Body).Decode(&o) != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.taken[o.ClientID] == 0 {
		f.taken[o.ClientID] = f.Next()
		f.Show(adapters.Message{ID: o.ClientID, To: address.Address{Scheme: "tel", ID: "+" + o.To}, Text: o.Text})
	}
	fmt.Fprintf(w, `{"code":0,"id":%d}`, f.taken[o.ClientID])
}

// Hook is e as Chim tells it; false where it tells no such thing.
func (f *Fake) Hook(e adapters.Event) (adapters.Request, bool) {
	told := map[string]any{"number": strings.TrimPrefix(e.From.ID, "+"), "time": e.At.UnixMilli()}
	switch e.Kind {
	case adapters.Inbound:
		told["type"], told["id"], told["text"] = "mo", json.Number(e.MessageID), e.Text
	case adapters.Report:
		status := map[adapters.Status]string{adapters.SentOn: "SENT", adapters.Delivered: "DELIVRD", adapters.Failed: "UNDELIV"}[e.Status]
		told["type"], told["id"], told["client_id"], told["status"] = "dlr", json.Number(e.Theirs), e.Ours, status
		if e.Code != "" {
			told["code"] = json.Number(e.Code)
		}
	default:
		return adapters.Request{}, false
	}
	body, err := json.Marshal(told)
	return f.Call(body, e.At), err == nil
}

// Call is a call of the webhook, with the proof that it is Chim's.
func (f *Fake) Call(body []byte, at time.Time) adapters.Request {
	header := http.Header{"Content-Type": {"application/json"}}
	mac := hmac.New(sha256.New, []byte(f.secret))
	mac.Write(body)
	header.Set("X-Chim-Signature", hex.EncodeToString(mac.Sum(nil)))
	return adapters.Request{Method: http.MethodPost, URL: f.Webhook(), Header: header, Body: body, At: at}
}
