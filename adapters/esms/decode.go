package esms

import (
	"crypto/md5" // eSMS's choice; the path's secret is what keeps others out
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
)

// Decode reads a receipt or a text to the short code; both are GETs to the same address and are told apart by how they
// write the message's id.
func (a *Adapter) Decode(r adapters.Request) (adapters.Decoded, error) {
	if err := adapters.CheckPath(r, a.acc); err != nil {
		return adapters.Decoded{}, err
	}
	_, raw, _ := strings.Cut(r.URL, "?")
	q, err := url.ParseQuery(raw)
	switch {
	case err != nil || len(q) == 0:
		return adapters.Decoded{}, fmt.Errorf("%w: no parameters", adapters.ErrMalformed)
	case q.Has("smsid") || q.Has("sign"):
		return a.written(q, raw, r.At)
	case q.Has("SMSID") || q.Has("SendStatus"):
		return report(q, raw, r.At)
	}
	return ignored("unknown", raw), nil
}

func ignored(kind, raw string) adapters.Decoded {
	return adapters.Decoded{Ignored: []adapters.Ignored{{Kind: kind, Raw: []byte(raw)}}}
}

// report reads a receipt. RequestId is ours, and eSMS may leave either id out.
func report(q url.Values, raw string, at time.Time) (adapters.Decoded, error) {
	e := adapters.Event{Kind: adapters.Report, At: at, Ours: messageID(q.Get("RequestId")), Theirs: q.Get("SMSID")}
	if e.Ours == "" && e.Theirs == "" {
		return adapters.Decoded{}, fmt.Errorf("%w: a receipt for no message", adapters.ErrMalformed)
	}
	told := q.Get("SendStatus")
	result, known := outcomes[told]
	if !known {
		return ignored("SendStatus", raw), nil
	}
	if told == "5" {
		result = finished(q)
	}
	e.Status, e.Fault = result.status, result.fault
	if e.Status == adapters.Failed || e.Status == adapters.Undelivered {
		e.Code = told
	}
	e.From, _ = adapters.VietnamesePhone(q.Get("phonenumber"))
	e.ID = "report/" + e.Theirs + "/" + e.Ours + "/" + string(e.Status)
	return adapters.Decoded{Events: []adapters.Event{e}}, nil
}

// finished reads the counts of a message to one number that is done with. Without any it has left, and no more is known.
func finished(q url.Values) outcome {
	switch {
	case counts(q.Get("SendFailed")):
		return outcome{status: adapters.Undelivered}
	case counts(q.Get("SendSuccess")):
		return outcome{status: adapters.Delivered}
	}
	return outcomes["5"]
}

func counts(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n > 0
}

// written reads a text to the short code. The sum is checked beside the path's secret.
func (a *Adapter) written(q url.Values, raw string, at time.Time) (adapters.Decoded, error) {
	set := a.acc.Settings
	if set["short_code"] == "" {
		return ignored("short code", raw), nil // no key to check it with: kept for somebody to see, and no answer of anybody's
	}
	given := strings.ReplaceAll(q.Get("sign"), " ", "+") // a plus that was not escaped
	if err := adapters.CheckSame(given, sum(q, set["mo_private_key"])); err != nil {
		return adapters.Decoded{}, err
	}
	id := q.Get("smsid")
	if id == "" {
		return adapters.Decoded{}, fmt.Errorf("%w: a text without smsid", adapters.ErrMalformed)
	}
	answer, err := nothingToSay(id, q.Get("sender"))
	if err != nil {
		return adapters.Decoded{}, err
	}
	from, number := adapters.VietnamesePhone(q.Get("sender"))
	d := adapters.Decoded{Answer: answer}
	switch {
	case !number:
		d.Ignored = ignored("no number", raw).Ignored
	case q.Get("serviceNumber") != set["short_code"]:
		d.Ignored = ignored("another short code", raw).Ignored
	default:
		d.Events = []adapters.Event{{
			Kind: adapters.Inbound, ID: "mo/" + id, MessageID: id, From: from, At: vietnamTime(q.Get("receiverTime"), at),
			Text: withoutKeyword(strings.ToValidUTF8(q.Get("content"), "\ufffd"), set["keyword"]),
		}}
	}
	return d, nil
}

// sum is what eSMS makes of a text to the short code: the MD5 of five values behind one another, in base64.
func sum(q url.Values, key string) string {
	if key == "" {
		return ""
	}
	h := md5.Sum([]byte(q.Get("cpid") + q.Get("smsid") + q.Get("content") + q.Get("receiverTime") + key))
	return base64.StdEncoding.EncodeToString(h[:])
}

// withoutKeyword is a text without the word that people have to write first, in whatever case; digits may stand right
// behind it ("SHOP2"), letters not: "SHOPPING" is another word. The keyword alone stays, since it says that somebody
// wanted to answer.
func withoutKeyword(text, keyword string) string {
	said := strings.TrimLeftFunc(text, unicode.IsSpace)
	if keyword == "" || len(said) < len(keyword) || !strings.EqualFold(said[:len(keyword)], keyword) {
		return text
	}
	rest := said[len(keyword):]
	if next, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(next) || unicode.IsMark(next) {
		return text
	}
	if rest = strings.TrimLeftFunc(rest, unicode.IsSpace); rest == "" {
		return text
	}
	return rest
}

// vietnamTime reads yyyyMMddhhmmss of Vietnam's clock, which knows no summer time.
func vietnamTime(s string, otherwise time.Time) time.Time {
	t, err := time.ParseInLocation("20060102150405", s, time.FixedZone("ICT", 7*60*60))
	if err != nil {
		return otherwise
	}
	return t.UTC()
}

// nothingToSay is the answer that eSMS wants to a text: what the person gets at once, which is nothing, since what we have
// to say is sent as a message of its own.
func nothingToSay(id, sender string) (adapters.Answer, error) {
	body, err := xml.Marshal(struct {
		XMLName  xml.Name `xml:"ClientResponse"`
		Message  string   `xml:"Message"`
		ID       string   `xml:"Smsid"`
		Receiver string   `xml:"Receiver"`
	}{ID: id, Receiver: sender})
	return adapters.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml; charset=utf-8"}}, Body: body}, err
}
