package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/gateway/bench/load"
	"github.com/hoidap/hoidap/gateway/store"
)

// visitor is somebody who is signed in to the console and turns its pages.
type visitor struct {
	town   town
	ours   *ours
	client *http.Client
	assets map[string]int // bytes, by address
}

// visitorName and visitorPassword are the administrator's who looks at the pages.
const (
	visitorName     = "visitor@shop.example"
	visitorPassword = "một câu thật dài dễ nhớ"
	patience        = 2 * time.Minute // with one page
)

// visitor signs in.
func (b *bench) visitor(ctx context.Context, o *ours) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	v := &visitor{town: b.town, ours: o, assets: map[string]int{}, client: &http.Client{Jar: jar, Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}}
	welcome, err := o.user(ctx, b.binary, visitorName, "admin")
	if err != nil {
		return nil, err
	}
	form := url.Values{"password": {visitorPassword}, "again": {visitorPassword}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.base+welcome, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := v.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if !strings.HasSuffix(resp.Request.URL.Path, "/overview") || resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("signing in led to %s: %d", resp.Request.URL, resp.StatusCode)
	}
	return v, nil
}

// settle waits until the gateway has done what it does after it was started: its logs are empty, and its index of audiences is
// whole, which is built where the data set was made by a version that knew of none.
func (v *visitor) settle(ctx context.Context) error {
	st, err := v.ours.store(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := quiet(ctx, st); err != nil {
		return err
	}
	all := make([]int, st.Partitions())
	for p := range all {
		all[p] = p
	}
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		found, err := st.Indexes(ctx, all)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(found, func(x store.Index) bool { return !x.Whole || x.Kept != x.Owner }) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
}

// visit asks for a page some times. The first visit warms what the program keeps, and does not count.
func (v *visitor) visit(ctx context.Context, w *view, times int) error {
	var took, whole load.Times
	if w.Slow {
		times = min(times, slowVisits)
	}
	if w.Deep {
		if err := v.deepen(ctx, w); err != nil {
			return err
		}
	}
	began := time.Now()
	for i := range times + 1 {
		if i > 1 && time.Since(began) > visitsFor {
			break
		}
		n, first, all, err := v.ask(ctx, w)
		if refused := (*refusal)(nil); errors.As(err, &refused) {
			w.Visits, w.Verdict = i+1, missed+": "+refused.Error() // the others are measured all the same
			return nil
		}
		if err != nil {
			return err
		}
		if w.Bytes = max(w.Bytes, n); i > 0 || w.Slow {
			took.Add(first)
			whole.Add(all)
		}
	}
	w.Visits = took.Len()
	w.Median, w.P99, w.Whole = ms(took.Quantile(.5)), ms(took.Quantile(.99)), ms(whole.Quantile(.5))
	w.judge()
	return nil
}

// refusal is an answer that is no page.
type refusal struct {
	status int
	from   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d from %s", r.status, r.from) }

// ask asks once: how many bytes came, when the first part of it was whole, and when all of it. A page has one part; a stream
// has many, and is followed to its end where it has one.
func (v *visitor) ask(ctx context.Context, w *view) (n int, first, all time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := w.request(ctx, v.ours.base)
	if err != nil {
		return 0, 0, 0, err
	}
	began := time.Now()
	resp, err := v.client.Do(req)
	if err != nil {
		return 0, 0, 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Request.URL.Path != req.URL.Path {
		return 0, 0, 0, &refusal{resp.StatusCode, resp.Request.URL.Path}
	}
	if w.Stream {
		n, first, err = follow(resp.Body, w, began)
		return n, first, time.Since(began), err
	}
	raw, err := io.ReadAll(resp.Body)
	first = time.Since(began)
	if err == nil && !w.API && w.Assets == 0 {
		w.Assets, w.Charts, err = v.loads(ctx, raw)
	}
	return len(raw), first, first, err
}

// request is what asks for it.
func (w *view) request(ctx context.Context, base string) (*http.Request, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if w.Body != "" {
		method, body = http.MethodPost, strings.NewReader(w.Body)
	}
	req, err := http.NewRequestWithContext(ctx, method, base+w.Path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "gzip") // as browsers do; what comes is counted as it comes
	if w.API {
		req.Header.Set("Authorization", "Bearer "+apiToken)
	}
	if w.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// follow reads a stream until its first part has come, or until its end where that is wanted; it ends before where a
// part has what is waited for.
func follow(body io.Reader, w *view, began time.Time) (n int, first time.Duration, err error) {
	r, part := bufio.NewReaderSize(body, 64<<10), 0
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return n, first, errors.Join(err, fmt.Errorf("the stream of %s ended", w.Path))
		}
		part += len(line)
		if w.Until != "" && bytes.Contains(line, []byte(w.Until)) && first == 0 {
			first = time.Since(began)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if bytes.HasPrefix(line, []byte("event: done")) {
				if first == 0 { // what was waited for is known at the end alone
					first = time.Since(began)
				}
				return n, first, nil
			}
			continue
		}
		n, part = max(n, part), 0
		if w.Until == "" && first == 0 {
			first = time.Since(began)
		}
		if !w.Slow && first > 0 {
			return n, first, nil
		}
	}
}

// loaded are the addresses of what a page loads.
var loaded = regexp.MustCompile(`(?:src|href)="(/console/assets/[^"#]+)|url\("?([^)"]+)"?\)`)

// chartLibrary is how the address of what draws charts ends.
const chartLibrary = "/vendor/echarts.js"

// loads is the bytes of all that a page loads, each counted once, and those of the library of charts apart.
func (v *visitor) loads(ctx context.Context, html []byte) (sum, charts int, err error) {
	todo, seen := []string{}, map[string]bool{}
	for _, m := range loaded.FindAllSubmatch(html, -1) {
		if len(m[1]) > 0 {
			todo = append(todo, string(m[1]))
		}
	}
	for len(todo) > 0 {
		at := todo[0]
		if todo = todo[1:]; seen[at] {
			continue
		}
		seen[at] = true
		n, more, err := v.asset(ctx, at)
		if err != nil {
			return 0, 0, err
		}
		if todo = append(todo, more...); strings.HasSuffix(at, chartLibrary) {
			charts += n
			continue
		}
		sum += n
	}
	return sum, charts, nil
}

// asset is the bytes of one, and the addresses of what it loads.
func (v *visitor) asset(ctx context.Context, at string) (n int, more []string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, v.ours.base+at, nil)
	if err != nil {
		return 0, nil, err
	}
	resp, err := v.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return 0, nil, fmt.Errorf("%s: %d %w", at, resp.StatusCode, err)
	}
	if strings.HasSuffix(at, ".css") {
		for _, m := range loaded.FindAllSubmatch(raw, -1) {
			if to, err := req.URL.Parse(string(m[2])); err == nil && len(m[2]) > 0 && to.Scheme == "http" {
				more = append(more, to.Path)
			}
		}
	}
	return len(raw), more, nil
}
