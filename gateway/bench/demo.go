package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/gateway/bench/load"
	"github.com/hoidap/hoidap/gateway/store/floor"
)

// demo measures T14: `hoidap demo` on its Redis in memory, beside the least program that does the whole job on one.
func (b *bench) demo(ctx context.Context) error {
	t14, page := b.row("T14"), b.row("T14b")
	return b.inTurn(ctx, func(ctx context.Context, first bool) error {
		var own, least float64
		var shown time.Duration
		err := alternate(first, []func() error{
			func() (err error) { own, shown, err = b.ownDemo(ctx); return err },
			func() (err error) { least, err = b.floorDemo(ctx); return err },
		})
		if err == nil {
			t14.add(own, least)
			page.add(shown.Seconds(), 0)
		}
		return err
	})
}

func (b *bench) floorDemo(ctx context.Context) (float64, error) {
	watch, door, err := b.door(ctx, 0)
	if err != nil {
		return 0, err
	}
	defer door.Close()
	f, err := b.floorServer(ctx, wholeFloor, floor.Mini, door)
	if err != nil {
		return 0, err
	}
	defer f.end()
	r, err := b.volley(f.hook(), 0, b.size.demo, watch).Fire(ctx)
	return r.AnswerRate(), err
}

// pageToken is where the demo's page has the webhook's token.
var pageToken = regexp.MustCompile(`name="hoidap-token" content="([^"]+)"`)

// strangers is the first customer whom the demo does not know.
const strangers = 1_000_000

// ownDemo is replies a second until all answers are on the phones, and how soon the page was there. Those who write are
// nobody whom the demo knows, so that there are enough of them: each is made a contact and answered.
func (b *bench) ownDemo(ctx context.Context) (rate float64, page time.Duration, err error) {
	listen, err := freeAddress()
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	p, err := launch(b.dir, b.binary, "demo", "--listen", listen)
	if err != nil {
		return 0, 0, err
	}
	defer p.kill()
	base := "http://" + listen
	token, err := p.firstPage(ctx, base)
	if err != nil {
		return 0, 0, err
	}
	page = time.Since(began)
	if err := p.says(ctx, "open http://"); err != nil { // its customers are in
		return 0, 0, err
	}
	before, err := metric(ctx, base, "hoidap_messages_total", `status="sent"`)
	if err != nil {
		return 0, 0, err
	}
	v := b.volley(load.Webhook{URL: base + "/hooks/phone", Token: token, Phone: true}, strangers, b.size.demo, nil)
	v.Texts = []string{"shop mở cửa mấy giờ vậy", "còn size M không em", "cho chị hỏi chút"}
	from := time.Now()
	r, err := v.Fire(ctx)
	if err != nil {
		return 0, 0, err
	}
	sent := 0.0
	for sent < float64(r.Acked) && time.Since(from) < drainMost { // what is not answered by then does not count
		if err := sleep(ctx, lookEvery); err != nil {
			return 0, 0, err
		}
		now, err := metric(ctx, base, "hoidap_messages_total", `status="sent"`)
		if err != nil {
			return 0, 0, err
		}
		sent = now - before
	}
	return sent / time.Since(from).Seconds(), page, nil
}

// firstPage waits for the demo's page and reads the webhook's token in it.
func (p *process) firstPage(ctx context.Context, base string) (token string, err error) {
	for !p.gone() {
		if text, err := get(ctx, base+"/demo"); err == nil {
			if m := pageToken.FindStringSubmatch(text); m != nil {
				return m[1], nil
			}
		}
		if err := sleep(ctx, 2*time.Millisecond); err != nil {
			return "", err
		}
	}
	return "", errors.New("the demo ended: " + p.said())
}

// says waits until the program has said something.
func (p *process) says(ctx context.Context, what string) error {
	for !strings.Contains(p.said(), what) {
		if p.gone() {
			return errors.New("the program ended: " + p.said())
		}
		if err := sleep(ctx, 5*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

func get(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d", url, resp.StatusCode)
	}
	return string(b), err
}

// metric is the sum of a counter's values over the label sets that contain label.
func metric(ctx context.Context, base, name, label string) (sum float64, err error) {
	text, err := get(ctx, base+"/metrics")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(text) {
		labels, value, ok := strings.Cut(strings.TrimSpace(line), "} ")
		if !ok || !strings.HasPrefix(labels, name+"{") || !strings.Contains(labels, label) {
			continue
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return 0, fmt.Errorf("metric %s: %w", name, err)
		}
		sum += n
	}
	return sum, nil
}
