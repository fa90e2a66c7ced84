package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/gateway"
)

// fleet is several gateways on one Redis behind a proxy, as they run where one is not enough.
type fleet struct {
	*rig
	mu      sync.Mutex
	members []*gateway.Gateway // nil where one is down
	bases   []string
	next    int
}

// newFleet starts n gateways; the rig's own is the first.
func newFleet(t *testing.T, n int, changes ...change) *fleet {
	t.Helper()
	f := &fleet{rig: newRig(t, changes...)}
	f.members, f.bases = []*gateway.Gateway{f.g}, []string{f.base}
	f.g = nil // the fleet stops it
	for i := 1; i < n; i++ {
		f.members, f.bases = append(f.members, nil), append(f.bases, "")
		f.startMember(i)
	}
	t.Cleanup(func() {
		for i := range f.members {
			f.stopMember(i)
		}
	})
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: f.route, ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}})
	t.Cleanup(proxy.Close)
	f.base = proxy.URL
	f.fake.Point(publicURL+"/hooks/sms", f.base)
	return f
}

// route sends each call to the next gateway that runs.
func (f *fleet) route(r *httputil.ProxyRequest) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range f.members {
		f.next = (f.next + 1) % len(f.members)
		if f.members[f.next] != nil {
			break
		}
	}
	to, err := url.Parse(f.bases[f.next])
	require.NoError(f.t, err)
	r.SetURL(to)
	r.Out.Host = r.In.Host
}

func (f *fleet) startMember(i int) {
	f.t.Helper()
	g, err := gateway.New(f.opts)
	require.NoError(f.t, err)
	addr, err := g.Start(context.Background())
	require.NoError(f.t, err)
	f.mu.Lock()
	f.members[i], f.bases[i] = g, "http://"+addr
	f.mu.Unlock()
}

// stopMember is what a deployment does: no calls any more, then an orderly stop.
func (f *fleet) stopMember(i int) {
	f.t.Helper()
	f.mu.Lock()
	g := f.members[i]
	f.members[i] = nil
	f.mu.Unlock()
	if g == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(f.t, g.Stop(ctx))
}

// metricOf reads one number from a gateway's own /metrics; 0 where it is not there.
func (f *fleet) metricOf(i int, name string) float64 {
	f.t.Helper()
	resp, err := http.Get(f.bases[i] + "/metrics")
	require.NoError(f.t, err)
	defer resp.Body.Close()
	return metricIn(f.t, resp, name)
}

func metricIn(t *testing.T, resp *http.Response, name string) (v float64) {
	t.Helper()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	for line := range strings.Lines(string(raw)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			_, err = fmt.Sscan(value, &v)
			require.NoError(t, err)
		}
	}
	return v
}

// owned is how many partitions each gateway works on.
func (f *fleet) owned() (ns []float64) {
	for i := range f.members {
		ns = append(ns, f.metricOf(i, "hoidap_partitions_owned"))
	}
	return ns
}

// TestARollingRestartLosesAndDoublesNothing: three gateways are restarted one after another while a run goes out and
// customers answer.
func TestARollingRestartLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	const people = 40
	f := newFleet(t, 3, withFake(fake.Options{Callbacks: true}))
	f.until("the partitions are shared out", func() bool { return evenly(f.owned(), 8) })
	codes := make([]string, people+5)
	for i := range codes {
		codes[i] = fmt.Sprintf("OFF%03d", i)
	}
	f.addCodes("office-20", codes...)
	numbers := make([]string, people)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("+8490%07d", 1000000+i)
		f.contact(numbers[i], "Lan")
	}
	run := f.run("style")

	var customers sync.WaitGroup
	var heard atomic.Int64
	for i, number := range numbers {
		customers.Go(func() { f.customer(i, number, &heard) })
	}
	for i := range f.members {
		at := heard.Load()
		f.stopMember(i)
		f.startMember(i)
		f.until("customers go on being heard", func() bool { return heard.Load() >= min(at+int64(people)/3, 2*people) })
	}
	customers.Wait()

	f.until("the run is done and counted", func() bool {
		var v runView
		status, raw := f.try("GET", "/api/v1/runs/"+url.PathEscape(run), nil)
		return status == http.StatusOK && decode(raw, &v) && v.State == "done" && v.Counts["completed"] == people
	})
	v := f.runOf(run)
	require.Equal(t, int64(people), v.Counts["audience"])
	require.Equal(t, int64(people), v.Counts["sent"])
	require.Equal(t, int64(people), v.Counts["offered"])
	given := map[string]bool{}
	for _, number := range numbers {
		got := texts(f.fake.Phone(number))
		require.Len(t, got, 3, "question, question, offer; nothing lost, nothing twice: %v", got)
		require.Contains(t, got[0], "phong cách")
		require.Contains(t, got[1], "Ngân sách")
		code := regexp.MustCompile(`OFF\d{3}`).FindString(got[2])
		require.NotEmpty(t, code, got[2])
		require.False(t, given[code], "code %s went to two", code)
		given[code] = true
	}
}

// customer answers both questions, each until somebody has taken the answer, and waits for the offer.
func (f *fleet) customer(i int, number string, heard *atomic.Int64) {
	for n, text := range []string{"2", "tầm 600k"} {
		if !f.waited(number, n+1) {
			return
		}
		sid := fmt.Sprintf("SM%016d%016d", i, n)
		f.until("a reply is taken", func() bool {
			resp, err := f.fake.Deliver(f.t.Context(), fake.Inbound{From: number, Body: text, SID: sid})
			return err == nil && resp.StatusCode == http.StatusOK
		})
		heard.Add(1)
	}
	f.waited(number, 3)
}

func (f *fleet) waited(number string, n int) bool {
	ctx, cancel := context.WithTimeout(f.t.Context(), 60*time.Second)
	defer cancel()
	ms, err := f.fake.Wait(ctx, number, n)
	if err != nil {
		f.t.Errorf("%s has %v and waits for message %d", number, texts(ms), n)
	}
	return err == nil
}

func evenly(ns []float64, partitions int) bool {
	sum, least, most := 0.0, float64(partitions), 0.0
	for _, n := range ns {
		sum, least, most = sum+n, min(least, n), max(most, n)
	}
	return sum == float64(partitions) && most-least <= 1
}

const scheduled = `
campaign: style
schedule: %s
audience: consent.marketing
channels: [sms]
questions:
  - id: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào?", en: "Which style is you, {{name}}?"}
    options:
      - {value: sporty, label: {vi: Thể thao, en: Sporty}}
      - {value: office, label: {vi: Công sở, en: Office}}
`

// A schedule fires once, however many gateways there are, and also where the one that sees to it is stopped at that
// very moment.
func TestAScheduleFiresOnceAcrossReplicas(t *testing.T) {
	t.Parallel()
	for name, schedule := range map[string]string{"cron": `{cron: "5 10 * * *"}`, "at": "at"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, 3, func(r *rig) {
				if schedule == "at" {
					schedule = fmt.Sprintf("{at: %q}", r.clock.Now().In(hanoi).Format("2006-01-02")+"T10:05:00+07:00")
				}
				withFiles(fmt.Sprintf(scheduled, schedule))(r)
			})
			f.contact(lan, "Lan")
			f.until("the partitions are shared out", func() bool { return evenly(f.owned(), 8) })
			f.until("the schedule has been looked at", func() bool { return f.redis.Everything()["{p00}:schedules"] != "" })
			f.clock.Forward(10 * time.Minute)
			for i := range f.members { // one of them is the one
				f.stopMember(i)
				f.startMember(i)
			}
			f.phone(lan, 1)
			f.until("the run is done", func() bool { return len(f.runs()) == 1 && f.runs()[0] == "done" })
			fired := 0.0
			for i := range f.members {
				fired += f.metricOf(i, `hoidap_schedules_total{result="schedule"}`)
			}
			require.LessOrEqual(t, fired, 1.0)
			require.Len(t, f.fake.Phone(lan), 1)
			require.Len(t, f.runs(), 1)
		})
	}
}

// runs are the states of the runs there are.
func (f *fleet) runs() (states []string) {
	var out struct {
		Runs []runView `json:"runs"`
	}
	if status, raw := f.try("GET", "/api/v1/runs", nil); status == http.StatusOK && decode(raw, &out) {
		for _, r := range out.Runs {
			states = append(states, r.State)
		}
	}
	return states
}

// asleep stops a gateway at its calls to Redis, as if its process got no time any more: at the first commit that takes
// an event off a log, once it is armed, and at everything from then on.
type asleep struct {
	armed atomic.Bool
	fell  chan struct{}
	once  sync.Once
	woken chan struct{}
}

func newAsleep() *asleep { return &asleep{fell: make(chan struct{}), woken: make(chan struct{})} }

func (a *asleep) command(args []any) {
	if a.armed.Load() && strings.EqualFold(fmt.Sprint(args[0]), "evalsha") && strings.Contains(fmt.Sprint(args...), "MINID") {
		a.once.Do(func() { close(a.fell) })
	}
	select {
	case <-a.fell:
		<-a.woken
	default:
	}
}

// A gateway that falls asleep with a reply in its hands, on the point of committing, and wakes when another has taken its
// partitions over and answered, commits nothing: the reply is handled once, and the metric says that it was refused.
func TestAGatewayThatWakesUpLateCommitsNothing(t *testing.T) {
	t.Parallel()
	sleepy := newAsleep()
	f := newFleet(t, 1, func(r *rig) { r.opts.Redis.Commands = sleepy.command })
	wake := sync.OnceFunc(func() { close(sleepy.woken) })
	defer wake()
	id := f.contact(lan, "Lan")
	f.run("style")
	f.phone(lan, 1)
	f.until("all is quiet", func() bool { return strings.Contains(f.ledgerRaw(id), "message.sent") })
	sleepy.armed.Store(true)
	f.reply(lan, "2")
	<-sleepy.fell

	f.opts.Redis.Commands = nil
	f.members, f.bases = append(f.members, nil), append(f.bases, "")
	f.startMember(1)
	f.mu.Lock()
	first := f.members[0]
	f.members[0] = nil // the proxy has noticed
	f.mu.Unlock()
	require.Contains(t, f.phone(lan, 2)[1], "Ngân sách")
	var before string
	f.until("the other has written down everything", func() bool {
		before = f.ledgerRaw(id)
		return strings.Count(before, "message.sent") == 2
	})

	wake()
	f.mu.Lock()
	f.members[0] = first
	f.mu.Unlock()
	f.until("its commit was refused", func() bool { return f.metricOf(0, `hoidap_commits_total{result="fenced"}`) > 0 })
	f.until("it works again on its share", func() bool { return evenly(f.owned(), 8) })
	require.Equal(t, before, f.ledgerRaw(id))
	require.Len(t, f.fake.Phone(lan), 2)
}

// ledgerRaw is a contact's ledger as the API gives it; empty where nobody answers.
func (f *fleet) ledgerRaw(id string) string {
	status, raw := f.try("GET", "/api/v1/contacts/"+id+"/ledger", nil)
	if status != http.StatusOK {
		return ""
	}
	return string(raw)
}

// Whatever a replica's clock does, nothing changes hands.
func TestAReplicasClockJumps(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, func(r *rig) { r.opts.Redis.LeaseTTL = 10 * time.Second })
	f.until("the partitions are shared out", func() bool { return evenly(f.owned(), 8) })
	leases := f.leases()
	require.Len(t, leases, 8)
	for _, d := range []time.Duration{time.Hour, -2 * time.Hour, 400 * 24 * time.Hour, -400*24*time.Hour + time.Hour} {
		f.clock.Forward(d)
		f.reply(lan, "alo") // somebody has to commit
		require.True(t, evenly(f.owned(), 8), "after a jump of %s", d)
	}
	require.Equal(t, leases, f.leases())
}

// leases are the leases in Redis, with their owners.
func (f *fleet) leases() map[string]string {
	out := map[string]string{}
	for k, v := range f.redis.Everything() {
		if strings.HasSuffix(k, ":lease") {
			out[k] = v
		}
	}
	return out
}

// Redis hangs, a webhook waits for it, a message is in the provider's hands: an orderly stop keeps its time.
func TestAStopKeepsItsTimeWhateverRedisDoes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.contact(lan, "Lan")
	r.fake.Slow(10 * time.Second)
	r.run("style")
	r.until("the message is under way", func() bool { return r.flying() == 1 })
	r.redis.Signal(syscall.SIGSTOP)
	hook := make(chan struct{})
	go func() {
		defer close(hook)
		resp, err := r.fake.Reply(context.Background(), minh, "alo") // no answer, or that Redis is away
		require.True(t, err != nil || resp.StatusCode != http.StatusOK)
	}()
	const limit = time.Second
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	began := time.Now()
	require.Error(t, r.g.Stop(ctx), "what could not be written down is said")
	require.Less(t, time.Since(began), limit+7*time.Second, "it does not wait for the provider, who answers after ten; the rest is for a busy machine")
	t.Logf("stopped in %s of %s", time.Since(began), limit)
	<-hook
	r.g = nil
	r.redis.Signal(syscall.SIGCONT)
}

func decode(raw []byte, out any) bool { return json.Unmarshal(raw, out) == nil }

func (r *rig) flying() float64 {
	resp, err := http.Get(r.base + "/metrics")
	require.NoError(r.t, err)
	defer resp.Body.Close()
	return metricIn(r.t, resp, `hoidap_sends_in_flight{account="sms"}`)
}
