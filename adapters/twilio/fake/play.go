package fake

import (
	"net/http"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

// play is what one send meets instead of being taken.
type play struct {
	status int
	code   int
	after  time.Duration // Retry-After
	page   bool          // a proxy's page instead of Twilio's JSON
	lost   bool          // taken, and then no answer
}

// Throttle answers the next n sends with 429 and Retry-After.
func (t *Twilio) Throttle(n int, after time.Duration) {
	t.play(n, play{status: http.StatusTooManyRequests, code: 20429, after: after})
}

// Fail refuses the next n sends with an HTTP status and one of Twilio's codes.
func (t *Twilio) Fail(n, status, code int) { t.play(n, play{status: status, code: code}) }

// Lose takes the next n messages and cuts the connection instead of answering.
func (t *Twilio) Lose(n int) { t.play(n, play{lost: true}) }

// Down answers the next n sends with a page that is no JSON, as whatever stands before the API does.
func (t *Twilio) Down(n, status int) { t.play(n, play{status: status, page: true}) }

// Slow delays all answers from now on; 0 ends it.
func (t *Twilio) Slow(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.slow = d
}

func (t *Twilio) play(n int, p play) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for range n {
		t.plays = append(t.plays, p)
	}
}

// Break lets the next send fail with the given fault; false where Twilio has no such failure. It is what the conformance
// kit asks of each fake.
func (t *Twilio) Break(f adapters.Fault) bool {
	p, ok := map[adapters.Fault]play{
		adapters.Unknown:    {lost: true},
		adapters.Transient:  {status: 400, code: 30017},
		adapters.Throttled:  {status: 429, code: 20429, after: 7 * time.Second},
		adapters.Later:      {status: 400, code: 63049},
		adapters.Recipient:  {status: 400, code: 21211},
		adapters.Stopped:    {status: 400, code: 21610},
		adapters.Window:     {status: 400, code: 63016},
		adapters.BadMessage: {status: 400, code: 21617},
		adapters.Operator:   {status: 401, code: 20003},
	}[f]
	if ok {
		t.play(1, p)
	}
	return ok
}

func (p play) answer(w http.ResponseWriter, to string) {
	if p.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(p.after/time.Second)))
	}
	if p.page {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(p.status)
		_, _ = w.Write([]byte("<html><body>upstream is away</body></html>"))
		return
	}
	refuse(w, p.status, p.code, to)
}
