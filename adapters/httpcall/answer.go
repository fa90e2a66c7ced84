package httpcall

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

// Answer is what a provider answered, read whole.
type Answer struct {
	Status   int
	Header   http.Header
	Body     []byte
	provider string
}

// JSON reads the body into v, with numbers in any as json.Number, for ids of 64 bits do not survive as floats. Its error
// means that the outcome is unknown: the provider says something that is not in its documents. It quotes nothing.
func (a Answer) JSON(v any) error {
	d := json.NewDecoder(bytes.NewReader(a.Body))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return a.Odd("cannot be read")
	}
	return nil
}

// Odd is the error for an answer that is not what the documents say: the outcome is unknown. why is in the words of the
// adapter, such as "names no message".
func (a Answer) Odd(why string) error {
	return fmt.Errorf("the answer of %s (HTTP %d, %d bytes) %s: outcome unknown", a.provider, a.Status, len(a.Body), why)
}

// Known is what is known of one of a provider's codes: its kind, and words of ours for operators, since the provider's
// sentences quote numbers. Adapters have a table of them by code.
type Known struct {
	Fault  adapters.Fault
	Detail string
}

// Refused says what an answer means by its status alone: nil for 2xx. It is for answers that hold no code that the
// adapter knows.
//
// A 5xx means that the outcome is unknown, even 503: whatever stands between may answer for a message that was taken.
func (a Answer) Refused(now time.Time) error { return a.RefusedAs("", Known{}, now) }

// RefusedAs is Refused with the provider's own code and, where that is known, its meaning, which counts for more than
// the status: providers report failures with HTTP 200, too. The zero Known leaves it to the status.
func (a Answer) RefusedAs(code string, k Known, now time.Time) error {
	if k.Fault == adapters.Unknown {
		var known bool
		if k, known = byStatus(a.Status); !known {
			return nil
		}
	}
	if k.Fault == adapters.Unknown {
		return fmt.Errorf("%s answered HTTP %d (code %q): outcome unknown", a.provider, a.Status, code)
	}
	e := &adapters.Error{Fault: k.Fault, Code: code, Detail: k.Detail}
	if k.Fault == adapters.Throttled || k.Fault == adapters.Later {
		e.After = RetryAfter(a.Header, now)
	}
	if k.Fault == adapters.Later && e.After.IsZero() {
		e.After = now.Add(laterFor)
	}
	return e
}

// laterFor is how long a message waits that is to come later, where the provider does not tell when.
const laterFor = time.Hour

// byStatus is what a status means; known is false where nothing is wrong.
func byStatus(status int) (k Known, known bool) {
	detail := fmt.Sprintf("HTTP %d", status)
	switch {
	case status >= 200 && status <= 299:
		return Known{}, false
	case status == http.StatusTooManyRequests:
		return Known{adapters.Throttled, "too many requests"}, true
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusConflict, status < 200:
		return Known{}, true
	case status <= 399:
		return Known{adapters.Operator, settingBase + " answers with a redirect"}, true
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge, status == http.StatusUnprocessableEntity:
		return Known{adapters.BadMessage, detail}, true
	}
	return Known{adapters.Operator, detail}, true // 401, 403, 404: credentials or base_url
}

// RetryAfter reads the header of that name: seconds or a date; zero where there is neither.
func RetryAfter(h http.Header, now time.Time) time.Time {
	v := h.Get("Retry-After")
	if v == "" {
		return time.Time{}
	}
	if s, err := time.ParseDuration(v + "s"); err == nil && s >= 0 && s < 24*time.Hour {
		return now.Add(s)
	}
	at, _ := http.ParseTime(v)
	return at
}
