package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// The black box: the built program, one or several of it, a Redis that syncs each write, and Twilio's side of the wire.
// Nothing else is known of the inside.
type box struct {
	t        *testing.T
	binary   string
	dir      string
	base     string // of the front, which passes each call to some replica that lives
	replicas []*replica
	crashes  int
	also     func(after string) // what else dies at each crash
	fake     *fake.Twilio
}

// replica is one running program.
type replica struct {
	config, listen string
	cmd            *exec.Cmd
	log            bytes.Buffer
}

const (
	boxToken = "black-box-token-0123456789"
	boxPhone = "+84901234567"
)

// built builds the program once for all tests, where make smoke does: what is up to date there is not linked again.
var built = sync.OnceValues(func() (binary string, err error) {
	if binary, err = filepath.Abs(filepath.Join("..", "..", "build", "hoidap")); err != nil {
		return "", err
	}
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})

// buildProgram gives the program as it is shipped.
func buildProgram(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	binary, err := built()
	require.NoError(t, err)
	return binary
}

// newBox prepares replicas of the program on the Redis that the configuration's redis part, a line of YAML, names.
func newBox(t *testing.T, binary, redis string, replicas int) *box {
	t.Helper()
	b := &box{t: t, dir: t.TempDir(), binary: binary, fake: fake.New(fake.Options{Callbacks: true}), also: func(string) {}}
	provider, err := b.fake.Start()
	require.NoError(t, err)
	t.Cleanup(func() { b.fake.Close() })
	for i := range replicas {
		r := &replica{config: filepath.Join(b.dir, fmt.Sprintf("hoidap%d.yaml", i)), listen: freeAddress(t)}
		b.replicas = append(b.replicas, r)
		b.write(filepath.Base(r.config), fmt.Sprintf(`brand: Lụa
http: {listen: %q, public_url: https://msg.example.com}
redis: %s
partitions: 16
accounts:
  sms: {adapter: twilio, channel: sms, from: "+15005550006", account_sid: AC00000000000000000000000000000001, auth_token: "${TWILIO_AUTH_TOKEN}", base_url: %q, rate: 100/s}
api:
  tokens: [{name: test, token: "${HOIDAP_TOKEN}", role: admin}]
`, r.listen, redis, provider))
	}
	front := httptest.NewServer(&front{b: b})
	t.Cleanup(front.Close)
	b.base = front.URL
	b.fake.Point("https://msg.example.com/hooks/sms", b.base)
	return b
}

// front is the proxy before the replicas: each call goes to the next one, or to whoever takes it.
type front struct {
	b    *box
	turn atomic.Int64
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	first := int(f.turn.Add(1))
	for i := range f.b.replicas {
		to := f.b.replicas[(first+i)%len(f.b.replicas)]
		req := r.Clone(r.Context())
		req.URL.Scheme, req.URL.Host, req.RequestURI = "http", to.listen, ""
		req.Body = io.NopCloser(bytes.NewReader(body))
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			continue // it is dead; what it was told will be told again, as any proxy may do
		}
		defer resp.Body.Close()
		maps.Copy(w.Header(), resp.Header)
		w.WriteHeader(resp.StatusCode)
		io.Copy(w, resp.Body) //nolint:errcheck // the caller is gone then
		return
	}
	http.Error(w, "no replica lives", http.StatusBadGateway)
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

func (b *box) write(name, text string) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	require.NoError(b.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(b.t, os.WriteFile(path, []byte(text), 0o600))
}

// start runs `hoidap serve` in all replicas that do not run.
func (b *box) start() {
	b.t.Helper()
	for _, r := range b.replicas {
		if r.cmd == nil || r.cmd.ProcessState != nil {
			b.run(r)
		}
	}
}

// run starts a replica and waits until it says that it serves.
func (b *box) run(r *replica) {
	b.t.Helper()
	r.cmd = exec.Command(b.binary, "serve", "--config", r.config)
	r.cmd.Env = append(os.Environ(), "TWILIO_AUTH_TOKEN=12345678901234567890123456789012", "HOIDAP_TOKEN="+boxToken)
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	r.log.Reset()
	r.cmd.Stderr = &r.log
	out, err := r.cmd.StdoutPipe()
	require.NoError(b.t, err)
	require.NoError(b.t, r.cmd.Start())
	b.t.Cleanup(r.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		r.cmd.Wait() //nolint:errcheck // the log says more
		b.t.Fatalf("serve ended: %s", r.log.String())
	}
	require.Contains(b.t, line, "serves on")
}

// kill is kill -9.
func (r *replica) kill() {
	if r.cmd != nil && r.cmd.ProcessState == nil {
		r.cmd.Process.Kill() //nolint:errcheck // it may be gone
		r.cmd.Wait()         //nolint:errcheck // killed: that is the point
	}
}

// crash kills a replica after a step of the story, the next one each time, and starts it again.
func (b *box) crash(after string) {
	b.t.Helper()
	b.replicas[b.crashes%len(b.replicas)].kill()
	b.crashes++
	b.also(after)
	b.start()
}

// failOver kills a master of the cluster, lets its replica take over, and brings it back as the replica.
func (b *box) failOver(c *redistest.Cluster) {
	b.t.Helper()
	ctx := b.t.Context()
	require.NoError(b.t, c.Settled(ctx))
	dead, err := c.MasterOf(ctx, "{hoidap}:meta")
	require.NoError(b.t, err)
	dead.Kill()
	b.until("a replica takes over", func() bool {
		now, err := c.MasterOf(ctx, "{hoidap}:meta")
		return err == nil && now != dead
	})
	require.NoError(b.t, dead.Run())
}

func (b *box) call(method, path string, body any) (int, []byte) {
	b.t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(b.t, err)
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, bytes.NewReader(raw))
	require.NoError(b.t, err)
	if body == nil {
		req.Body = nil
		req.ContentLength = 0
	}
	req.Header.Set("Authorization", "Bearer "+boxToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil
	}
	return resp.StatusCode, answer
}

// until tries again until ok: providers and clients do, while the gateway is away.
func (b *box) until(what string, ok func() bool) {
	b.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(60 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			b.t.Fatalf("never: %s; the phone has %v", what, b.phone())
		}
	}
}

func (b *box) phone() (texts []string) {
	for _, m := range b.fake.Phone(boxPhone) {
		texts = append(texts, m.Body)
	}
	return texts
}

func (b *box) wait(n int) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 60*time.Second)
	defer cancel()
	ms, err := b.fake.Wait(ctx, boxPhone, n)
	require.NoError(b.t, err, "phone: %v", b.phone())
	return ms[n-1].Body
}

// reply delivers a customer's message as Twilio does: again and again until it is taken.
func (b *box) reply(n int, text string) {
	b.t.Helper()
	b.until("a reply is taken", func() bool {
		resp, err := b.fake.Deliver(b.t.Context(), fake.Inbound{From: boxPhone, Body: text, SID: fmt.Sprintf("SM%032d", n)})
		return err == nil && resp.StatusCode == http.StatusOK
	})
}

// daytime is a zone in which it is about noon, so that quiet hours never hold the test up.
func daytime() string {
	offset := 12 - time.Now().UTC().Hour() // hours east of Greenwich; Etc/GMT counts the other way round
	switch {
	case offset > 0:
		return fmt.Sprintf("Etc/GMT-%d", offset)
	case offset < 0:
		return fmt.Sprintf("Etc/GMT+%d", -offset)
	}
	return "Etc/GMT"
}

// replyTaken is the step after which the cluster's master dies, too.
const replyTaken = "the first reply is taken"

const boxCampaign = `
campaign: style
schedule: {at: %s}
audience: consent.marketing && prefs.style == nil
channels: [sms]
questions:
  - id: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào?", en: "Which style is you, {{name}}?"}
    options:
      - {value: sporty, label: {vi: Thể thao, en: Sporty}}
      - {value: office, label: {vi: Công sở, en: Office}}
  - id: budget
    kind: money
    currency: VND
    when: prefs.style == "office"
    text: {vi: "Ngân sách cho một bộ khoảng bao nhiêu ạ?", en: "What would you spend on an outfit?"}
offers: [office-20]
thanks: {vi: "Cảm ơn {{name}}!", en: "Thank you, {{name}}!"}
---
offer: office-20
when: prefs.style == "office" && prefs.budget.max >= 500000
text: {vi: "Tặng {{name}} mã {{code}} giảm 20%%.", en: "Code {{code}}: 20%% off."}
code: {pool: office}
budget: 1
`

// TestTheProgramFromOutside: a schedule fires, the question goes out, signed replies come in, the conversation branches,
// preferences are there with their proof, one offer goes out; and the program is killed after each of these. One
// program on one Redis, and three of them on a Redis Cluster, must tell the same story.
func TestTheProgramFromOutside(t *testing.T) {
	t.Parallel()
	binary := buildProgram(t)
	t.Run("one on a single Redis", func(t *testing.T) {
		t.Parallel()
		redis := redistest.StartDurable(t)
		tellStory(t, newBox(t, binary, fmt.Sprintf("{url: %q, lease: 1s}", redis.URL), 1))
	})
	t.Run("three on a cluster", func(t *testing.T) {
		t.Parallel()
		redis := redistest.StartCluster(t, redistest.Always)
		b := newBox(t, binary, fmt.Sprintf("{url: %q, cluster: [%q], lease: 1s}", redis.URL(), redis.Addrs()[4]), 3)
		b.also = func(after string) {
			if after == replyTaken { // the reply that was just taken lies on the log of some partition
				b.failOver(redis)
			}
		}
		tellStory(t, b)
	})
}

func tellStory(t *testing.T, b *box) {
	zone := daytime()
	loc, err := time.LoadLocation(zone)
	require.NoError(t, err)
	// The contact must be there before the run starts: on a busy machine that takes a while.
	b.write("campaigns/style.yaml", fmt.Sprintf(boxCampaign, `"`+time.Now().Add(20*time.Second).In(loc).Format(time.RFC3339)+`"`))
	b.start()

	var contact struct{ ID string }
	b.until("the contact is made", func() bool {
		status, raw := b.call("PUT", "/api/v1/contacts", map[string]any{"addresses": []string{"tel:" + boxPhone}, "name": "Lan", "locale": "vi", "timezone": zone,
			"consents": []map[string]any{{"purpose": "marketing", "granted": true, "source": "checkout form", "at": "2026-11-01T09:00:00+07:00"}}})
		return status == http.StatusCreated && json.Unmarshal(raw, &contact) == nil
	})
	b.crash("the contact is made")
	b.until("the codes are in", func() bool {
		status, _ := b.call("POST", "/api/v1/offers/office-20/codes", map[string]any{"codes": []string{"OFF1", "OFF2"}})
		return status == http.StatusOK
	})
	b.crash("the codes are in")
	require.Contains(t, b.wait(1), "Chị Lan thích phong cách nào?")
	b.crash("the question is out")
	b.reply(1, "dạ 2 nha shop")
	b.crash(replyTaken)
	require.Contains(t, b.wait(2), "Ngân sách")
	b.crash("the second question is out")
	b.reply(2, "tầm 600k")
	b.crash("the second reply is taken")
	b.reply(2, "tầm 600k") // Twilio repeats itself
	require.Contains(t, b.wait(3), "OFF1")
	b.crash("the offer is out")

	b.until("the program is back", func() bool { status, _ := b.call("GET", "/readyz", nil); return status == http.StatusOK })
	b.knowsBudget(contact.ID)
	b.comparesHistory()

	b.reply(3, "TC")
	b.crash("the opt-out is taken")
	require.Contains(t, b.wait(4), "Lụa")
	b.crash("the confirmation is out")
	b.reply(4, "TC")
	b.crash("the opt-out is taken once more")
	b.until("the run is counted", b.runIsCounted)
	status, _ := b.call("POST", "/api/v1/campaigns/style/runs", map[string]any{})
	require.Equal(t, http.StatusAccepted, status)
	b.until("the second message was heard", func() bool {
		_, raw := b.call("GET", "/api/v1/contacts/"+url.PathEscape(contact.ID)+"/ledger", nil)
		return strings.Count(string(raw), `"kind":"message.received"`) == 4
	})
	require.Len(t, b.phone(), 4, "question, question, offer, confirmation; nothing twice, and silence after: %v", b.phone())

	for _, r := range b.replicas {
		require.NoError(t, r.cmd.Process.Signal(syscall.SIGTERM))
	}
	for _, r := range b.replicas {
		require.NoError(t, r.cmd.Wait(), "an orderly stop: %s", &r.log)
	}
}

// knowsBudget asserts that both answers are there, the budget with its proof.
func (b *box) knowsBudget(contact string) {
	b.t.Helper()
	var prefs struct {
		Preferences []struct {
			Attribute, Class string
			Value            any
			Evidence         struct{ Text string }
		}
	}
	_, raw := b.call("GET", "/api/v1/contacts/"+contact+"/preferences", nil)
	require.NoError(b.t, json.Unmarshal(raw, &prefs), string(raw))
	require.Len(b.t, prefs.Preferences, 2)
	require.Equal(b.t, "tầm 600k", prefs.Preferences[0].Evidence.Text)
	require.Equal(b.t, map[string]any{"amount": 600000.0, "currency": "VND"}, prefs.Preferences[0].Value)
}

// comparesHistory: what people wrote is read again by a campaign that was changed, and what that changes is told.
func (b *box) comparesHistory() {
	b.t.Helper()
	changed, _, _ := strings.Cut(fmt.Sprintf(boxCampaign, `"2030-01-01T09:00:00+07:00"`), "offers: [")
	b.write("changed.yaml", strings.Replace(changed, "currency: VND", "currency: VND\n    min: 1000000", 1))
	cmd := exec.Command(b.binary, "parse", "--compare", filepath.Join(b.dir, "changed.yaml"), "--from-gateway", "--api", b.base, "--token", boxToken)
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	require.ErrorAs(b.t, err, &failed, string(out))
	require.Equal(b.t, 2, failed.ExitCode(), "a value is lost: %s", out)
	require.Contains(b.t, string(out), "2 replies: 1 unchanged")
	require.Contains(b.t, string(out), "tầm 600k")
}

// runIsCounted: the one run is done, and its only question was sent and its conversation completed.
func (b *box) runIsCounted() bool {
	var runs struct {
		Runs []struct {
			ID, State string
			Counts    map[string]int64
		}
	}
	_, raw := b.call("GET", "/api/v1/runs", nil)
	if json.Unmarshal(raw, &runs) != nil || len(runs.Runs) != 1 {
		return false
	}
	r := runs.Runs[0]
	return r.State == "done" && r.Counts["sent"] == 1 && r.Counts["completed"] == 1 && r.Counts["opted_out"] == 0
}

// TestServeRefusesToStart with one clear line for each mistake.
func TestServeRefusesToStart(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	require.NoError(t, os.WriteFile(broken, []byte("brand: Lụa\nhttp: {listn: 127.0.0.1:1}\nredis: {url: 'redis://127.0.0.1:1/0'}\naccounts:\n  sms: {adapter: twilo}\n  phone: {adapter: twilio, channel: sms, form: x, account_sid: AC1, auth_token: '${HOIDAP_TEST_NOWHERE}'}\n"), 0o600))
	cmd := exec.Command(buildProgram(t), "serve", "--config", broken)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 2, exit.ExitCode(), string(out))
	require.Contains(t, string(out), "broken.yaml:2:")
	require.Contains(t, string(out), "listen")
	require.Contains(t, string(out), "broken.yaml:5:18: there is no adapter \"twilo\"; did you mean twilio?")
	require.Contains(t, string(out), "broken.yaml:6:42: adapter twilio has no setting \"form\"; did you mean from?")
	require.Contains(t, string(out), "HOIDAP_TEST_NOWHERE is not set")
}

// Campaign files with mistakes are invalid input, as they are to `hoidap check`.
func TestServeRefusesCampaignFilesWithMistakes(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "hoidap.yaml")
	require.NoError(t, os.Mkdir(filepath.Join(folder, "campaigns"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "campaigns", "a.yaml"), []byte("campaign: a\nquestons: []\n"), 0o600))
	require.NoError(t, os.WriteFile(file, []byte(fmt.Sprintf("brand: Lụa\nhttp: {listen: %q}\nredis: {url: %q}\naccounts: {sms: {adapter: twilio, channel: sms, from: '+15005550006', account_sid: AC1, auth_token: t}}\n",
		freeAddress(t), redistest.Start(t).URL)), 0o600))
	out, err := exec.Command(buildProgram(t), "serve", "--config", file).CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, string(out))
	require.Equal(t, 2, exit.ExitCode(), string(out))
	require.Contains(t, string(out), "a.yaml:2:1: unknown key questons; did you mean questions?")
}

// What the configuration alone cannot know is said with its cure before Redis is asked for.
func TestServeNamesCauseAndCure(t *testing.T) {
	t.Parallel()
	program := buildProgram(t)
	const account = "accounts:\n  sms: {adapter: twilio, from: '+15005550006', account_sid: AC1, auth_token: t"
	for name, c := range map[string]struct{ text, want string }{
		"no folder of campaigns": {"campaigns: ./campaign\n" + account + ", channel: sms}\n", "campaigns: there is no folder "},
		"no channel":             {account + "}\n", "account sms needs channel, as adapter twilio has several: sms, whatsapp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(folder, "campaigns"), 0o700))
			file := filepath.Join(folder, "hoidap.yaml")
			require.NoError(t, os.WriteFile(file, []byte("brand: Lụa\nredis: {url: 'redis://127.0.0.1:1/0'}\n"+c.text), 0o600))
			out, err := exec.Command(program, "serve", "--config", file).CombinedOutput()
			require.Error(t, err)
			require.Contains(t, string(out), c.want)
		})
	}
}
