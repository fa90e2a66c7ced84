package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// lease is how long a gateway that died keeps its partitions from the others.
const lease = "1s"

const (
	publicURL = "https://msg.example.com"
	apiToken  = "chaos-token-0123456789"
	authToken = "12345678901234567890123456789012"

	// blind has a path that only the provider knows: its calls are not signed.
	pathSecret  = "0192f3c2a7b87c1e9d0a4b5c6d7e8f90"
	blindNumber = "+15005550007"
)

// The accounts by which customers are reached, each with a provider of its own. Both speak Twilio's language; of the second
// one the gateway knows no more than what anybody's HTTP API tells: whether it took a message whose answer was lost cannot
// be found out.
const (
	finding = iota
	blind
	accounts // how many there are
)

// hooks is where an account's provider calls.
func hooks(account int) string {
	return publicURL + [accounts]string{"/hooks/sms", "/hooks/blind/" + pathSecret}[account]
}

// build builds the program under test.
func build(ctx context.Context, binary string) error {
	out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/hoidap/hoidap/cmd/hoidap").CombinedOutput()
	if err != nil {
		return fmt.Errorf("building hoidap: %w\n%s", err, out)
	}
	return nil
}

// fleet is the gateways: the same program and configuration, but for where each listens and how it gets to Redis.
type fleet struct {
	gateways []*process
	hosts    []string

	mu     sync.Mutex
	pauses []Span
}

func startFleet(dir, binary string, providers [accounts]string, rate, n int, redis deployment) (*fleet, error) {
	f := &fleet{}
	for i := range n {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		host := fmt.Sprintf("127.0.0.1:%d", port)
		config := filepath.Join(dir, fmt.Sprintf("hoidap-%d.yaml", i))
		if err := os.WriteFile(config, []byte(configuration(host, redis.section(i), providers, rate)), 0o600); err != nil {
			return nil, err
		}
		p, err := newProcess(fmt.Sprintf("gateway %d", i), filepath.Join(dir, fmt.Sprintf("gateway-%d.log", i)), "serves on", nil, binary, "serve", "--config", config)
		if err != nil {
			return nil, err
		}
		f.gateways, f.hosts = append(f.gateways, p), append(f.hosts, host)
		p.keep()
	}
	return f, nil
}

func configuration(listen, redis string, providers [accounts]string, rate int) string {
	return fmt.Sprintf(`brand: Lụa
http: {listen: %q, public_url: %q}
redis: %s
campaigns: ./campaigns
timezone: %s
ads_per_day: 0
partitions: 16
accounts:
  sms: {adapter: twilio, channel: sms, from: "+15005550006", account_sid: AC00000000000000000000000000000001, auth_token: %q, base_url: %q, rate: %d/s}
  blind:
    adapter: http
    channel: whatsapp
    base_url: %q
    rate: %d/s
    from: %q
    user: AC00000000000000000000000000000001
    password: %q
    auth: basic
    send_path: /2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json
    send_type: form
    send_body: |
      From={{from}}
      To={{to}}
      Body={{text}}
      StatusCallback={{callback}}?mid={{id}}
    carries: qc
    sent_when: $.sid matches ^SM
    sent_id: $.sid
    path_secret: %s
    receive_when: $.SmsStatus = received
    receive_from: $.From
    receive_text: $.Body
    receive_id: $.MessageSid
    status_id: $.MessageSid
    status_to: $.To
    states: |
      $.MessageStatus = sent -> sent
      $.MessageStatus = delivered -> delivered
api:
  tokens: [{name: chaos, token: %q, role: admin}]
`, listen, publicURL, redis, daytime(), authToken, providers[finding], rate, providers[blind], rate, blindNumber, authToken, pathSecret, apiToken)
}

// daytime is a zone in which it is about noon, so that quiet hours never hold anything up.
func daytime() string {
	switch offset := 12 - time.Now().UTC().Hour(); { // hours east of Greenwich; Etc/GMT counts the other way round
	case offset > 0:
		return fmt.Sprintf("Etc/GMT-%d", offset)
	case offset < 0:
		return fmt.Sprintf("Etc/GMT+%d", -offset)
	}
	return "Etc/GMT"
}

// play plays a fault of the gateways.
func (f *fleet) play(ctx context.Context, x Fault) (killed int, hit bool) {
	one := f.gateways[x.Target]
	switch x.Kind {
	case KillGateway:
		if hit = one.end(ctx, syscall.SIGKILL, x.For); hit {
			killed = 1
		}
	case KillAll:
		killed = f.killAll(ctx, x.For)
		hit = killed > 0
	case PauseGateway:
		from := time.Now()
		hit = one.signal(syscall.SIGSTOP)
		wait(ctx, x.For)
		one.signal(syscall.SIGCONT)
		f.mu.Lock()
		f.pauses = append(f.pauses, Span{From: from, To: time.Now()})
		f.mu.Unlock()
	case Restart:
		hit = one.end(ctx, syscall.SIGTERM, x.For)
	case Rolling:
		hit = true
		for _, g := range f.gateways {
			g.end(ctx, syscall.SIGTERM, 0)
			g.await(ctx) //nolint:errcheck // the rest of the run goes on without it
		}
	}
	return killed, hit
}

func (f *fleet) killAll(ctx context.Context, down time.Duration) (killed int) {
	hits := make([]bool, len(f.gateways))
	var all sync.WaitGroup
	for i, g := range f.gateways {
		all.Go(func() { hits[i] = g.end(ctx, syscall.SIGKILL, down) })
	}
	all.Wait()
	for _, hit := range hits {
		if hit {
			killed++
		}
	}
	return killed
}

func (f *fleet) await(ctx context.Context) error {
	var err error
	for _, g := range f.gateways {
		err = errors.Join(err, g.await(ctx))
	}
	return err
}

// close ends the gateways; it returns the first stack trace of a panic in their logs.
func (f *fleet) close() (panicked string) {
	for _, g := range f.gateways {
		g.close()
		raw, err := os.ReadFile(g.log.Name())
		if err != nil {
			continue
		}
		for _, sign := range []string{"\npanic: ", "fatal error: ", "panicked"} {
			if i := bytes.Index(raw, []byte(sign)); i >= 0 && panicked == "" {
				panicked = g.name + ": " + string(raw[i:min(len(raw), i+4000)])
			}
		}
	}
	return panicked
}

// balancer stands before the gateways, as a load balancer does: each call goes to one of them, and to another where
// nobody listens.
type balancer struct {
	hosts []string
	dice  *dice
	via   http.RoundTripper
}

func newBalancer(d *dice) *balancer {
	return &balancer{dice: d, via: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 10 * time.Second, DialContext: (&net.Dialer{Timeout: time.Second}).DialContext}}
}

// RoundTrip implements http.RoundTripper.
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	var last error
	for _, i := range b.dice.order(len(b.hosts)) {
		c := r.Clone(r.Context())
		c.URL.Scheme, c.URL.Host = "http", b.hosts[i]
		if r.GetBody != nil {
			body, err := r.GetBody()
			if err != nil {
				return nil, err
			}
			c.Body = body
		}
		res, err := b.via.RoundTrip(c)
		var dial *net.OpError
		if err == nil || !errors.As(err, &dial) || dial.Op != "dial" {
			return res, err
		}
		last = err
	}
	return nil, last
}

// client calls the gateways through the balancer.
func (b *balancer) client() *http.Client {
	return &http.Client{Transport: b, Timeout: callMost}
}

// callMost is how long a provider or the shop waits for an answer before it calls again: less than providers do, so that
// a gateway that stands still costs the run less time.
const callMost = 3 * time.Second
