package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/hoidap/hoidap/adapters/twilio"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// The sizes of the benchmark.
const (
	benchContacts = 8000
	benchWebhooks = 8000
	benchRounds   = 3
	benchInFlight = 64
)

const benchCampaign = `
campaign: style
channels: [sms]
questions:
  - id: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào?"}
    options:
      - {value: sporty, label: {vi: Thể thao}, synonyms: {vi: [năng động]}}
      - {value: office, label: {vi: Công sở}}
offers: [office-20, thanks-5]
thanks: {vi: "Cảm ơn {{name}}!"}
---
offer: office-20
when: prefs.style == "office"
priority: 10
text: {vi: "Tặng {{name}} mã {{code}} giảm 20% đồ công sở."}
code: {shared: OFFICE20}
---
offer: thanks-5
text: {vi: "Mã {{code}} giảm 5%."}
code: {shared: CAMON5}
`

var benchReplies = []string{"dạ 2 nha shop", "công sở ạ", "thể thao", "1", "cong so nha", "em thích năng động"}

// sink is the provider's door: it takes messages and tells when they came.
type sink struct {
	came atomic.Int64
	mu   sync.Mutex
	wait map[string]chan time.Time
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return
	}
	n := s.came.Add(1)
	to := form.Get("To")
	s.mu.Lock()
	if c := s.wait[to]; c != nil {
		c <- now
		delete(s.wait, to)
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"sid":"SM%032d","status":"queued","num_segments":"1"}`, n)
}

// expect gives a channel that tells when the next message to a number comes.
func (s *sink) expect(to string) <-chan time.Time {
	c := make(chan time.Time, 1)
	s.mu.Lock()
	s.wait[to] = c
	s.mu.Unlock()
	return c
}

type bench struct {
	b      *testing.B
	g      *gateway.Gateway
	sink   *sink
	base   string
	client *http.Client
}

func newBench(b *testing.B, url string) *bench {
	x := &bench{b: b, sink: &sink{wait: map[string]chan time.Time{}}, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4 * benchInFlight}}}
	provider := serveOn(b, x.sink)
	pack, _ := compliance.PackFor("vn")
	pack.QuietFrom, pack.QuietTo = 0, 0 // at whatever hour it is run
	g, err := gateway.New(gateway.Options{
		Listen: "127.0.0.1:0", PublicURL: publicURL, Log: quietLog(), Redis: store.Options{URL: url, Partitions: 64},
		Files: fstest.MapFS{"campaigns.yaml": {Data: []byte(benchCampaign)}},
		World: campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: hanoi}, Pack: pack},
		Accounts: []gateway.Account{{ID: "sms", Type: twilio.Type(), Channel: address.SMS, Settings: map[string]string{
			"account_sid": "AC00000000000000000000000000000001", "auth_token": authToken, "from": "+15005550006", "base_url": provider}}},
	})
	require.NoError(b, err)
	addr, err := g.Start(context.Background())
	require.NoError(b, err)
	x.g, x.base = g, "http://"+addr
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		g.Stop(ctx) //nolint:errcheck // nothing is measured any more
	})
	return x
}

func serveOn(b *testing.B, h http.Handler) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go s.Serve(l) //nolint:errcheck // it ends with the benchmark
	b.Cleanup(func() { s.Close() })
	return "http://" + l.Addr().String()
}

func benchPhone(i int) string { return fmt.Sprintf("+8490%07d", i) }

// webhook posts a signed message of a customer.
func (x *bench) webhook(base, from, text, sid string) error {
	form := url.Values{"MessageSid": {sid}, "SmsSid": {sid}, "AccountSid": {"AC00000000000000000000000000000001"}, "From": {from}, "To": {"+15005550006"},
		"Body": {text}, "NumMedia": {"0"}, "NumSegments": {"1"}, "SmsStatus": {"received"}, "ToCountry": {"US"}, "FromCountry": {"VN"}, "ApiVersion": {"2010-04-01"}}
	req, err := http.NewRequest(http.MethodPost, base+"/hooks/sms", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set(twilio.SignatureHeader, fake.Sign(authToken, publicURL+"/hooks/sms", form))
	resp, err := x.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %d", resp.StatusCode)
	}
	return nil
}

// volley posts n webhooks, benchInFlight at once, and returns how many a second were answered.
func (x *bench) volley(base, mark string, n int) float64 {
	began := time.Now()
	var work errgroup.Group
	var next atomic.Int64
	for range benchInFlight {
		work.Go(func() error {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				if err := x.webhook(base, benchPhone(int(5_000_000+i)), "alo", fmt.Sprintf("SM%s%d", mark, i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(x.b, work.Wait())
	return float64(n) / time.Since(began).Seconds()
}

// floor is the least that makes a webhook durable: a bare echo handler with one XADD, unsigned, with nothing behind it.
func floor(b *testing.B, redisURL string) string {
	opt, err := redis.ParseURL(redisURL)
	require.NoError(b, err)
	opt.PoolSize = 128
	rdb := redis.NewClient(opt)
	b.Cleanup(func() { rdb.Close() })
	e := echo.New()
	e.POST("/hooks/:account", func(c echo.Context) error {
		body, err := io.ReadAll(c.Request().Body)
		if err != nil {
			return err
		}
		if err := rdb.XAdd(c.Request().Context(), &redis.XAddArgs{Stream: "floor", Values: []any{"b", body}}).Err(); err != nil {
			return err
		}
		return c.NoContent(http.StatusOK)
	})
	return serveOn(b, e)
}

// BenchmarkGateway measures the gateway on a Redis of its own that syncs every second, everything switched on, and the
// floor beside it in the same run. Ratios are what counts: the machine is noisy.
func BenchmarkGateway(b *testing.B) {
	server := redistest.StartEverySecond(b)
	x := newBench(b, server.URL)
	bare := floor(b, server.URL)
	for b.Loop() {
		var ratios, floors, ours []float64
		for round := range benchRounds {
			f := x.volley(bare, fmt.Sprint("f", round, "-"), benchWebhooks)
			g := x.volley(x.base, fmt.Sprint("g", round, "-"), benchWebhooks)
			floors, ours, ratios = append(floors, f), append(ours, g), append(ratios, g/f)
		}
		b.ReportMetric(median(floors), "floor-webhooks/s")
		b.ReportMetric(median(ours), "webhooks/s")
		b.ReportMetric(median(ratios), "webhooks-vs-floor")
		x.drain()
		x.fanOut()
		x.replies()
	}
	b.ReportMetric(0, "ns/op") // one pass says nothing
}

func median(xs []float64) float64 {
	slices.Sort(xs)
	return xs[len(xs)/2]
}

// drain waits until the engine has handled what was posted.
func (x *bench) drain() {
	from := benchPhone(9_999_999)
	came := x.sink.expect(from)
	require.NoError(x.b, x.webhook(x.base, from, "alo", "SMdrain"))
	select {
	case <-came:
	case <-time.After(2 * time.Minute):
		x.b.Fatal("the backlog is never done")
	}
}

// fanOut measures how fast a run asks its audience.
func (x *bench) fanOut() {
	ctx := context.Background()
	var work errgroup.Group
	work.SetLimit(benchInFlight)
	for i := range benchContacts {
		work.Go(func() error {
			name := "Lan"
			_, _, err := x.g.Control.Upsert(ctx, campaigns.ContactEdit{Addresses: []address.Address{{Scheme: "tel", ID: benchPhone(i)}}, Name: &name,
				Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: true, Source: "bench", At: time.Now().Add(-time.Hour)}}})
			return err
		})
	}
	require.NoError(x.b, work.Wait())
	began, before := time.Now(), x.sink.came.Load()
	run, err := x.g.Control.StartRun(ctx, "style", "")
	require.NoError(x.b, err)
	var queued time.Duration
	for limit := time.Now().Add(2 * time.Minute); ; {
		r, err := x.g.Control.Run(ctx, run.ID)
		require.NoError(x.b, err)
		if queued == 0 && r.Counts[campaigns.CountAsked] == benchContacts {
			queued = time.Since(began)
		}
		if r.State == "done" {
			break
		}
		require.True(x.b, time.Now().Before(limit), "the run is never done: %v", r.Counts)
		time.Sleep(5 * time.Millisecond)
	}
	all := x.sink.came.Load() - before
	x.b.ReportMetric(float64(benchContacts)/queued.Seconds(), "fanout-contacts/s")
	x.b.ReportMetric(float64(all)/time.Since(began).Seconds(), "fanout-sends/s")
}

// replies measures how fast answers become offers: first as many as it takes, then the wait of each at half of that.
func (x *bench) replies() {
	half := benchContacts / 2
	began := time.Now()
	var work errgroup.Group
	var next atomic.Int64
	next.Store(-1)
	for range benchInFlight {
		work.Go(func() error {
			for i := next.Add(1); i < int64(half); i = next.Add(1) {
				if _, err := x.answer(int(i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(x.b, work.Wait())
	rate := float64(half) / time.Since(began).Seconds()
	x.b.ReportMetric(rate, "replies/s")

	waits := make([]time.Duration, half)
	work = errgroup.Group{}
	began = time.Now()
	for i := range half {
		time.Sleep(time.Until(began.Add(time.Duration(float64(i) / (rate / 2) * float64(time.Second)))))
		work.Go(func() (err error) {
			waits[i], err = x.answer(half + i)
			return err
		})
	}
	require.NoError(x.b, work.Wait())
	slices.Sort(waits)
	x.b.ReportMetric(float64(waits[half/2].Microseconds())/1000, "reply-p50-ms")
	x.b.ReportMetric(float64(waits[half*99/100].Microseconds())/1000, "reply-p99-ms")
}

// answer is one customer's reply, until the offer is at the provider's door.
func (x *bench) answer(i int) (time.Duration, error) {
	from := benchPhone(i)
	came, began := x.sink.expect(from), time.Now()
	if err := x.webhook(x.base, from, benchReplies[i%len(benchReplies)], fmt.Sprint("SMa", i)); err != nil {
		return 0, err
	}
	select {
	case at := <-came:
		return at.Sub(began), nil
	case <-time.After(time.Minute):
		raw, _ := json.Marshal(from)
		return 0, fmt.Errorf("no offer for %s", raw)
	}
}
