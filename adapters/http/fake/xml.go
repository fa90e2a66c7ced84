package fake

import (
	"bytes"
	"crypto/md5"  // as documented
	"crypto/sha1" // as documented
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
)

// thu: POST /gateway with basic authentication and <request ref=""><phone>84...</phone><text>...</text></request>, and in X-Sum the
// SHA-1 of user|ref|body|key in hex. The answer is <response><result code="0"/><message id="1"/></response>, or another code.
// Callbacks are POSTs of <event type="mo|dlr|bye">, with X-Sum: the MD5 of THU, the body and the key, in base64; they want
// <ok id=""/> back. Times are milliseconds since 1970.
type thu struct{}

func (thu) breaks() map[adapters.Fault][]fakekit.Play {
	code := func(c string) fakekit.Play {
		return play(http.StatusOK, `<?xml version="1.0"?><response><result code="`+c+`"/></response>`)
	}
	return map[adapters.Fault][]fakekit.Play{
		adapters.Later:     {code("20")},
		adapters.Recipient: {code("11"), code("12")},
		adapters.Stopped:   {code("13")},
		adapters.Operator:  {code("1"), play(http.StatusUnauthorized, "")},
	}
}

func (thu) api(p *Provider, w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	var in struct {
		XMLName xml.Name `xml:"request"`
		Ref     string   `xml:"ref,attr"`
		Phone   string   `xml:"phone"`
		Text    string   `xml:"text"`
	}
	bad := xml.Unmarshal(body.Bytes(), &in) != nil
	user, password, _ := r.BasicAuth()
	sum := sha1.Sum([]byte(user + "|" + in.Ref + "|" + body.String() + p.o.SignKey))
	w.Header().Set("Content-Type", "text/xml")
	switch {
	case user != p.o.User || password != p.o.Password || r.Header.Get("X-Sum") != hex.EncodeToString(sum[:]):
		w.WriteHeader(http.StatusUnauthorized)
	case bad || r.Method != http.MethodPost || r.URL.Path != "/gateway":
		_, _ = fmt.Fprint(w, `<response><result code="2"/></response>`)
	default:
		id, _ := p.take(in.Phone, in.Text, strconv.FormatInt(p.Next(), 10))
		_, _ = fmt.Fprintf(w, `<response><result code="0"/><message id="%d"/></response>`, id)
	}
}

func (thu) hook(p *Provider, events []adapters.Event) (adapters.Request, bool) {
	type told struct {
		XMLName xml.Name `xml:"event"`
		Type    string   `xml:"type,attr"`
		ID      string   `xml:"id,omitempty"`
		Ref     string   `xml:"ref,omitempty"`
		Phone   string   `xml:"phone"`
		Text    string   `xml:"text,omitempty"`
		State   string   `xml:"state,omitempty"`
		Time    int64    `xml:"time"`
	}
	e := events[0]
	out := told{Phone: bare(e.From), Time: e.At.UnixMilli(), ID: e.MessageID, Text: e.Text}
	switch e.Kind {
	case adapters.Inbound:
		out.Type = "mo"
	case adapters.OptOut:
		out.Type = "bye"
	case adapters.Report:
		out.Type, out.ID, out.Ref = "dlr", e.Theirs, e.Ours
		if out.State = map[adapters.Status]string{adapters.Delivered: "D", adapters.Failed: "F"}[e.Status]; out.State == "" {
			return adapters.Request{}, false
		}
	default:
		return adapters.Request{}, false
	}
	body, err := xml.Marshal(out)
	return p.thuSigned(body, e.At), err == nil
}

// ToldXML is a call of Thu with any body, with its sum.
func (p *Provider) ToldXML(body string) adapters.Request {
	return p.thuSigned([]byte(body), time.Time{})
}

func (p *Provider) thuSigned(body []byte, at time.Time) adapters.Request {
	sum := md5.Sum([]byte("THU" + string(body) + p.o.HookKey))
	h := http.Header{"Content-Type": {"application/xml"}, "X-Sum": {base64.StdEncoding.EncodeToString(sum[:])}}
	return adapters.Request{Method: http.MethodPost, URL: p.Webhook(), Header: h, Body: body, At: at}
}
