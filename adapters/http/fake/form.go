package fake

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
)

// nhanh: GET /api/send?user=&pass=&sender=&phone=09...&text=&uni=0|1&dlr=. The answer is a form: status=0&msgid=1, or another
// status. Nothing is known of repeats. Callbacks are GETs without a signature: event=mo with from, text, mid and time
// (yyyyMMddhhmmss in Vietnam), event=dlr with msgid, state (1 on its way, 2 there, 3 not there, 4 refused) and err. An address
// is tried with an empty call.
type nhanh struct{}

func (nhanh) breaks() map[adapters.Fault][]fakekit.Play {
	status := func(s string) fakekit.Play { return play(http.StatusOK, "status="+s+"&error=0901234567+refused") }
	return map[adapters.Fault][]fakekit.Play{
		adapters.Throttled:  {status("9")},
		adapters.Recipient:  {status("4")},
		adapters.Stopped:    {status("5")},
		adapters.BadMessage: {status("6"), play(http.StatusBadRequest, "status=x")},
		adapters.Operator:   {status("1"), status("2"), play(http.StatusForbidden, "")},
	}
}

func (nhanh) api(p *Provider, w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	text := q.Get("text")
	switch {
	case r.Method != http.MethodGet || r.URL.Path != "/api/send" || !strings.HasPrefix(q.Get("phone"), "0"):
		_, _ = fmt.Fprint(w, "status=3")
	case q.Get("user") != p.o.User || q.Get("pass") != p.o.Password || q.Get("sender") != p.o.Sender || q.Get("dlr") != p.Webhook():
		_, _ = fmt.Fprint(w, "status=1")
	default:
		if q.Get("uni") != "1" {
			text = strings.Map(func(r rune) rune { return map[bool]rune{true: r, false: '?'}[r <= 0xff || r == '€'] }, text)
		}
		id, _ := p.take(q.Get("phone"), text, fmt.Sprint(p.Next()))
		_, _ = fmt.Fprintf(w, "status=0&msgid=%d\r\n", id)
	}
}

func (nhanh) hook(p *Provider, events []adapters.Event) (adapters.Request, bool) {
	var q url.Values
	e := events[0]
	switch e.Kind {
	case adapters.Inbound:
		q = url.Values{"event": {"mo"}, "from": {bare(e.From)}, "text": {e.Text}, "mid": {e.MessageID}}
	case adapters.Report:
		state := map[adapters.Status]string{adapters.SentOn: "1", adapters.Delivered: "2", adapters.Undelivered: "3", adapters.Failed: "4"}[e.Status]
		q = url.Values{"event": {"dlr"}, "msgid": {e.Theirs}, "state": {state}, "err": {e.Code}}
		if state == "" {
			return adapters.Request{}, false
		}
	default:
		return adapters.Request{}, false
	}
	q.Set("time", e.At.In(time.FixedZone("ICT", 7*3600)).Format("20060102150405"))
	return adapters.Request{Method: http.MethodGet, URL: p.Webhook() + "?" + q.Encode(), Header: http.Header{}, At: e.At}, true
}
