package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hoidap/hoidap/gateway/bench/load"
	"github.com/hoidap/hoidap/gateway/store/scratch"
)

const (
	authToken = "bench-auth-token"
	apiToken  = "bench-api-token-0123456789"
	sender    = "+15005550006"
)

//go:embed campaigns/*.yaml
var campaignFiles embed.FS

// account is one sender of the gateway under test.
type account struct {
	id, channel, provider string
	rate                  string // empty: no limit
}

// ours is the gateway under test: the built program with a Redis of its own.
type ours struct {
	redis   *scratch.Server
	program *process
	base    string
	debug   string // where its profiles are; empty: nowhere
	dir     string
	files   map[string]string // campaign files in the place of the bench's own; nil: its own
}

// serve starts the program on a Redis. Everything is switched on.
func (b *bench) serve(ctx context.Context, redis *scratch.Server, accounts ...account) (*ours, error) {
	dir, err := os.MkdirTemp(b.dir, "serve-")
	if err != nil {
		return nil, err
	}
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	o := &ours{redis: redis, base: "http://" + listen, dir: dir, files: b.files}
	if b.profiling {
		if o.debug, err = freeAddress(); err != nil {
			return nil, err
		}
	}
	if err := o.configure(listen, b.told, accounts); err != nil {
		return nil, err
	}
	if err := o.run(b.binary); err != nil {
		return nil, err
	}
	if err := o.program.ready(ctx, o.base); err != nil {
		o.program.kill()
		return nil, err
	}
	return o, nil
}

// configure writes the files of the program; told is the address of an endpoint for webhooks, or empty.
func (o *ours) configure(listen, told string, accounts []account) error {
	var c strings.Builder
	fmt.Fprintf(&c, "brand: Lụa\nhttp: {listen: %q}\nredis: {url: %q}\ntimezone: %s\nads_per_day: 0\naccounts:\n", listen, o.redis.URL(), daytime(time.Now()))
	for _, a := range accounts {
		fmt.Fprintf(&c, "  %s: {adapter: twilio, channel: %s, from: %q, account_sid: AC00000000000000000000000000000001, auth_token: %q, base_url: %q",
			a.id, a.channel, sender, authToken, a.provider)
		if a.rate != "" {
			fmt.Fprintf(&c, ", rate: %s", a.rate)
		}
		c.WriteString("}\n")
	}
	if o.debug != "" {
		fmt.Fprintf(&c, "debug: {listen: %q}\n", o.debug)
	}
	if told != "" {
		fmt.Fprintf(&c, "webhooks:\n  - {name: shop, url: %q, private: true, secret: %q}\n", told, "whsec_"+base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)))
	}
	fmt.Fprintf(&c, "api:\n  tokens: [{name: bench, token: %q, role: admin}]\n", apiToken)
	if err := o.campaigns(len(accounts) > 1); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.dir, "hoidap.yaml"), []byte(c.String()), 0o644)
}

// campaigns writes the campaign files; slow says that there is an account for the slow one, too.
func (o *ours) campaigns(slow bool) error {
	if err := os.Mkdir(filepath.Join(o.dir, "campaigns"), 0o755); err != nil {
		return err
	}
	for name, text := range o.files {
		if err := os.WriteFile(filepath.Join(o.dir, "campaigns", name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if o.files != nil {
		return nil
	}
	for _, name := range []string{"campaigns/bench.yaml", "campaigns/slowly.yaml"} {
		text, err := campaignFiles.ReadFile(name)
		if err != nil {
			return err
		}
		if slow || name == "campaigns/bench.yaml" {
			if err := os.WriteFile(filepath.Join(o.dir, name), text, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// run starts the program, again after it was ended.
func (o *ours) run(binary string) (err error) {
	o.program, err = launch(o.dir, binary, "serve", "--config", filepath.Join(o.dir, "hoidap.yaml"))
	return err
}

// hook is the address of an account's webhook, ready to be posted to.
func (o *ours) hook(account string) load.Webhook {
	return load.Webhook{URL: o.base + "/hooks/" + account, Token: authToken, From: sender}
}

// runView is what the API says of a run.
type runView struct {
	ID, State string
	Counts    map[string]int
}

// start starts a run of a campaign.
func (o *ours) start(ctx context.Context, campaign string) (runView, error) {
	var r runView
	return r, o.call(ctx, http.MethodPost, "/api/v1/campaigns/"+campaign+"/runs", struct{}{}, &r)
}

// sending stops or resumes all sending.
func (o *ours) sending(ctx context.Context, order string) error {
	var state struct{}
	return o.call(ctx, http.MethodPost, "/api/v1/sending/"+order, struct{}{}, &state)
}

// lookEvery is how often a run is looked at: seldom enough to cost nothing beside what is measured.
const lookEvery = 25 * time.Millisecond

// until looks at a run again and again until ok.
func (o *ours) until(ctx context.Context, run string, ok func(runView) bool) (runView, error) {
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute)
	defer cancel()
	for {
		var r runView
		if err := o.call(ctx, http.MethodGet, "/api/v1/runs/"+run, nil, &r); err != nil {
			return r, err
		}
		if ok(r) {
			return r, nil
		}
		select {
		case <-ctx.Done():
			return r, fmt.Errorf("run %s never comes to its end: %v", run, r.Counts)
		case <-again.C:
		}
	}
}

func (o *ours) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, o.base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+apiToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %d: %s", method, path, resp.StatusCode, raw)
	}
	return json.Unmarshal(raw, out)
}

// end ends both at once: what they kept is thrown away.
func (o *ours) end() {
	o.program.kill()
	o.redis.Kill()
}

// daytime is a zone in which it is about noon, so that quiet hours hold nothing back.
func daytime(now time.Time) string {
	switch offset := 12 - now.UTC().Hour(); { // hours east of Greenwich; Etc/GMT counts the other way round
	case offset > 0:
		return fmt.Sprintf("Etc/GMT-%d", offset)
	case offset < 0:
		return fmt.Sprintf("Etc/GMT+%d", -offset)
	}
	return "Etc/GMT"
}
