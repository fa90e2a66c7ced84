package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
)

// sao: POST /v1/sms with a bearer token and {"to": "84...", "from": "...", "text": "...", "unicode": true, "ref": "..."}. The answer is
// {"code": "00", "data": {"id": 1}}; all failures but those of the rate come with HTTP 200 or 503 and another code. A ref is
// taken once: the second request gets code 124 and the first one's id. Webhooks are POSTs of {"results": [...]}, signed in
// X-Signature: sha256= and the hex of the body's HMAC-SHA256; addresses are tried with hub.challenge.
type sao struct{}

func (sao) breaks() map[adapters.Fault][]fakekit.Play {
	code := func(c string) fakekit.Play {
		return play(http.StatusOK, `{"code":"`+c+`","message":"84901234567: no"}`)
	}
	busy := play(http.StatusServiceUnavailable, `{"code":"BUSY"}`)
	much := play(http.StatusTooManyRequests, `{"code":"160"}`)
	much.Header = http.Header{"Retry-After": {"3"}}
	return map[adapters.Fault][]fakekit.Play{
		adapters.Transient:  {busy},
		adapters.Throttled:  {much, code("160")},
		adapters.Later:      {code("203")},
		adapters.Recipient:  {code("108")},
		adapters.Stopped:    {code("99")},
		adapters.Window:     {code("204")},
		adapters.BadMessage: {code("146")},
		adapters.Operator:   {code("103"), play(http.StatusUnauthorized, `{"code":"401"}`), play(http.StatusNotFound, ``)},
	}
}

func (sao) api(p *Provider, w http.ResponseWriter, r *http.Request) {
	var in struct {
		To, From, Text, Ref, Callback string
		Unicode                       *bool
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Header.Get("Authorization") != "Bearer "+p.o.Token:
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method != http.MethodPost || r.URL.Path != "/v1/sms" || d.Decode(&in) != nil || in.Unicode == nil || in.From != p.o.Sender:
		_, _ = fmt.Fprint(w, `{"code":"300"}`)
	default:
		id, again := p.take(in.To, in.Text, in.Ref)
		_, _ = fmt.Fprintf(w, `{"code":%q,"data":{"id":%d}}`, map[bool]string{false: "00", true: "124"}[again], id)
	}
}

func (sao) hook(p *Provider, events []adapters.Event) (adapters.Request, bool) {
	var results []map[string]any
	for _, e := range events {
		told, ok := saoEvent(e)
		if !ok {
			return adapters.Request{}, false
		}
		results = append(results, told)
	}
	body, err := json.Marshal(map[string]any{"results": results})
	if err != nil {
		return adapters.Request{}, false
	}
	return p.saoSigned(body, events[0].At), true
}

// Told is a call of Sao with any body, signed.
func (b *Batching) Told(body string) adapters.Request { return b.saoSigned([]byte(body), time.Time{}) }

func (p *Provider) saoSigned(body []byte, at time.Time) adapters.Request {
	mac := hmac.New(sha256.New, []byte(p.o.HookKey))
	mac.Write(body)
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "X-Signature": {"sha256=" + hex.EncodeToString(mac.Sum(nil))}}
	return adapters.Request{Method: http.MethodPost, URL: p.Webhook(), Header: h, Body: body, At: at}
}

func saoEvent(e adapters.Event) (map[string]any, bool) {
	told := map[string]any{"at": e.At.Format(time.RFC3339)}
	if !e.From.IsZero() {
		told["phone"] = bare(e.From)
	}
	switch e.Kind {
	case adapters.Inbound:
		told["type"], told["content"], told["id"] = "sms", e.Text, e.MessageID
		var media []map[string]string
		for _, m := range e.Media {
			media = append(media, map[string]string{"url": m.URL})
		}
		told["media"] = media
	case adapters.OptOut:
		told["type"], told["content"], told["id"] = "stop", e.Text, e.MessageID
	case adapters.OptIn:
		told["type"], told["id"] = "start", e.MessageID
	case adapters.Report:
		told["type"], told["id"], told["ref"], told["error"] = "report", json.Number(e.Theirs), e.Ours, e.Code
		told["status"] = map[adapters.Status]string{
			adapters.Queued: "QUEUED", adapters.SentOn: "ACCEPTD", adapters.Delivered: "DELIVRD", adapters.Read: "READ",
			adapters.Undelivered: "UNDELIV", adapters.Failed: "REJECTD",
		}[e.Status]
	default:
		return nil, false
	}
	return told, true
}
