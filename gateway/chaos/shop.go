package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// shop is the brand: it tells the gateway of its customers, starts runs, posts events and fills up codes, all by the API.
// Like any careful client it tries again until it is answered.
type shop struct {
	http  *http.Client
	base  string
	crowd *crowd
	odd   *oddities
	pace  pace
	acked *tally
	posts *dice // whose order comes back, and when
	edits *dice // whose facts change, and when
	turns *dice // how long to wait before trying again

	quiet chan struct{} // closed: nothing new is begun
	work  sync.WaitGroup

	mu    sync.Mutex
	runs  []Firing       // acknowledged
	codes map[string]int // by offer: acknowledged
	calls int
}

func newShop(c *http.Client, crowd *crowd, p pace, seed uint64, odd *oddities) *shop {
	return &shop{http: c, base: publicURL, crowd: crowd, odd: odd, pace: p, acked: crowd.acked, quiet: make(chan struct{}), codes: map[string]int{},
		posts: newDice(seed, "events"), edits: newDice(seed, "edits"), turns: newDice(seed, "trying again")}
}

// open begins the day: the first codes, then contacts, runs and events, until hush.
func (s *shop) open(ctx context.Context) {
	s.work.Go(func() { s.fill(ctx) })
	greeters := max(6, min(64, len(s.crowd.all)/100)) // how many are met at once
	for w := range greeters {
		s.work.Go(func() {
			for i := w; i < len(s.crowd.all); i += greeters {
				s.meet(ctx, s.crowd.all[i])
			}
		})
	}
	for g := range groups {
		s.work.Go(func() { s.campaign(ctx, g) })
	}
	if s.pace.load > 0 {
		s.work.Go(func() { s.keepUp(ctx) })
	} else {
		s.work.Go(func() { s.post(ctx) })
	}
	s.work.Go(func() { s.edit(ctx) })
}

// hush ends the day: what is under way is finished.
func (s *shop) hush() {
	close(s.quiet)
	s.work.Wait()
}

// rest waits between two things; false: the day is over.
func (s *shop) rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.quiet:
	case <-ctx.Done():
	}
	return false
}

// meet tells the gateway of a customer.
func (s *shop) meet(ctx context.Context, x *customer) {
	locale := "vi"
	if x.n%4 == 3 {
		locale = "en"
	}
	var out struct{ ID string }
	ok := s.until(ctx, http.MethodPut, "/contacts", "", map[string]any{
		"addresses": []string{"tel:" + x.person.Phone}, "name": "Lan", "locale": locale, "timezone": daytime(),
		"consents": []map[string]any{{"purpose": "marketing", "granted": true, "source": "checkout form", "at": "2026-11-01T09:00:00+07:00"}},
		"facts":    map[string]any{"group": x.n % groups, "edit": 0},
	}, &out)
	if !ok {
		return
	}
	x.mu.Lock()
	x.person.ID, x.person.Known = out.ID, time.Now()
	x.mu.Unlock()
	close(x.known)
}

// campaign starts the runs of one group, again and again.
func (s *shop) campaign(ctx context.Context, group int) {
	if !s.rest(ctx, 2*time.Second+s.pace.cycle*time.Duration(group)/groups/2) {
		return
	}
	for n := 0; ; n++ {
		for _, name := range []string{"style", "size"} {
			id := fmt.Sprintf("%s-%d", name, group)
			var out struct{ ID string }
			asked := time.Now()
			if s.until(ctx, http.MethodPost, "/campaigns/"+id+"/runs", fmt.Sprintf("n%d", n), map[string]any{}, &out) {
				s.mu.Lock()
				s.runs = append(s.runs, Firing{ID: out.ID, Group: fmt.Sprint(group), Asked: asked})
				s.mu.Unlock()
			}
			if !s.rest(ctx, s.pace.cycle/2) {
				return
			}
		}
	}
}

// post tells of returned orders now and then.
func (s *shop) post(ctx context.Context) {
	for n := 0; s.rest(ctx, s.posts.within(2*s.pace.cycle/time.Duration(len(s.crowd.all)+1))); n++ {
		s.tellOf(ctx, n, s.crowd.all[s.posts.below(len(s.crowd.all))])
	}
}

// edit changes facts of customers, one edit of each after the other.
func (s *shop) edit(ctx context.Context) {
	for s.rest(ctx, s.edits.within(time.Second)) {
		x := s.crowd.all[s.edits.below(len(s.crowd.all))]
		select {
		case <-x.known:
		default:
			continue
		}
		x.mu.Lock()
		x.person.Editing++
		n := x.person.Editing
		x.mu.Unlock()
		if !s.until(ctx, http.MethodPut, "/contacts", "", map[string]any{"addresses": []string{"tel:" + x.person.Phone}, "facts": map[string]any{"edit": n}}, nil) {
			return
		}
		x.mu.Lock()
		x.person.Edited = n
		x.mu.Unlock()
	}
}

// fill adds codes, too few at first.
func (s *shop) fill(ctx context.Context) {
	const batch = 15
	for n := 0; ; n += batch {
		for offer, prefix := range pools() {
			codes := make([]string, batch)
			for i := range codes {
				codes[i] = fmt.Sprintf("%s-%05d", prefix, n+i)
			}
			if s.until(ctx, http.MethodPost, "/offers/"+offer+"/codes", "", map[string]any{"codes": codes}, nil) {
				s.mu.Lock()
				s.codes[offer] += batch
				s.mu.Unlock()
			}
		}
		if !s.rest(ctx, 10*time.Second) {
			return
		}
	}
}

// until makes a call again and again until it is answered with success.
func (s *shop) until(ctx context.Context, method, path, key string, body, out any) bool {
	for {
		if status := s.call(ctx, method, path, key, body, out); status/100 == 2 {
			s.acked.count()
			s.mu.Lock()
			s.calls++
			s.mu.Unlock()
			return true
		}
		if !wait(ctx, 50*time.Millisecond+s.turns.within(200*time.Millisecond)) {
			return false
		}
	}
}

// call makes one call; 0: it was not answered.
func (s *shop) call(ctx context.Context, method, path, key string, body, out any) int {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			s.odd.say("a call cannot be written: %v", err)
			return 0
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.base+"/api/v1"+path, reader)
	if err != nil {
		s.odd.say("a call cannot be made: %v", err)
		return 0
	}
	req.Header.Set("Authorization", "Bearer "+apiToken)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := s.http.Do(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return 0
	}
	switch {
	case res.StatusCode/100 == 2 && out != nil:
		if err := json.Unmarshal(raw, out); err != nil {
			s.odd.say("%s %s: %v", method, path, err)
			return 0
		}
	case res.StatusCode/100 != 2 && res.StatusCode != http.StatusServiceUnavailable && res.StatusCode != http.StatusNotFound:
		s.odd.say("%s was answered with HTTP %d: %.200s", method, res.StatusCode, raw)
	}
	return res.StatusCode
}
