package fake

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Weather is how requests fare from now on. Each share is of all requests, between 0 and 1. The zero value is fine.
type Weather struct {
	Throttled  float64       // answered with 429 and RetryAfter
	Failing    float64       // answered with 503, by something before the API
	Lost       float64       // taken, and the connection cut instead of an answer
	Late       float64       // the connection cut, and taken only after LateBy
	RetryAfter time.Duration // a second or more
	LateBy     time.Duration
	Slow       time.Duration  // answers take up to so long after the message was taken
	Chance     func() float64 // from 0 up to 1; may be called concurrently
}

// SetWeather changes how requests fare.
func (t *Twilio) SetWeather(w Weather) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.weather = w
}

// fate is what the weather means for one request.
type fate struct {
	refused *play
	lost    bool
	late    time.Duration
	slow    time.Duration
}

func (t *Twilio) fate() (f fate) {
	t.mu.Lock()
	w := t.weather
	t.mu.Unlock()
	if w.Chance == nil {
		return f
	}
	f.slow = time.Duration(w.Chance() * float64(w.Slow))
	switch c := w.Chance(); {
	case c < w.Throttled:
		f.refused = &play{status: http.StatusTooManyRequests, code: 20429, after: w.RetryAfter}
	case c < w.Throttled+w.Failing:
		f.refused = &play{status: http.StatusServiceUnavailable, page: true}
	case c < w.Throttled+w.Failing+w.Lost:
		f.lost = true
	case c < w.Throttled+w.Failing+w.Lost+w.Late:
		f.late = w.LateBy
	}
	return f
}

// linger keeps the answer back, until nobody waits for it any more.
func (f fate) linger(asked, open context.Context) {
	if f.slow == 0 {
		return
	}
	timer := time.NewTimer(f.slow)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-asked.Done():
	case <-open.Done():
	}
}

// later takes a message after the one who sent it was cut off.
func (t *Twilio) later(after time.Duration, form url.Values, asked time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx.Err() != nil {
		return
	}
	t.posts.Go(func() {
		timer := time.NewTimer(after)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-t.ctx.Done():
			return
		}
		if m, _, refused := t.take(form, asked); refused == nil {
			t.told(m)
		}
	})
}
