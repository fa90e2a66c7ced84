package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/hoidap/hoidap/preferences/understand"
)

// understanding measures U1: what it costs to understand a reply of the labelled sample, the question's index already
// built, as it is once for each version of a campaign. It calls the package: nothing else of the gateway has a part in it.
func (b *bench) understanding(ctx context.Context) error {
	took, allocated := b.row("U1"), b.row("U1b")
	sample, err := labelled(ctx)
	if err != nil {
		return err
	}
	for _, r := range sample {
		r.read() // word lists are loaded at the first reply
	}
	var slowest []float64
	for range b.rounds {
		times := costs(sample, microseconds)
		took.add(median(times), 0)
		allocated.add(median(costs(sample, bytesAllocated)), 0)
		slices.Sort(times)
		slowest = append(slowest, times[len(times)*99/100])
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	took.Remark = fmt.Sprintf("of %d replies, one in a hundred takes more than %s us", len(sample), number(median(slowest)))
	return nil
}

// sampled is a reply with the question that it answers, ready to be read.
type sampled struct {
	reader *understand.Reader
	ask    understand.Ask
	text   string
}

func (r sampled) read() { r.reader.Read(r.ask, r.text) }

// labelled are the labelled replies that understanding is tested with. Each question is made ready once.
func labelled(ctx context.Context) ([]sampled, error) {
	dir, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "github.com/hoidap/hoidap/preferences/understand").Output()
	if err != nil {
		return nil, fmt.Errorf("finding the labelled replies: %w", err)
	}
	f, err := os.Open(filepath.Join(string(bytes.TrimSpace(dir)), "testdata", "replies-dev.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []sampled
	readers := map[string]*understand.Reader{} // by the question as it is written
	in := bufio.NewScanner(f)
	for in.Scan() {
		var l struct {
			Locale   string          `json:"locale"`
			Now      time.Time       `json:"now"`
			Question json.RawMessage `json:"question"`
			Text     string          `json:"text"`
		}
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, err
		}
		reader := readers[string(l.Question)]
		if reader == nil {
			var q understand.Question
			if err := json.Unmarshal(l.Question, &q); err != nil {
				return nil, err
			}
			reader = understand.Compile(&q)
			readers[string(l.Question)] = reader
		}
		out = append(out, sampled{reader, understand.Ask{Locale: l.Locale, Now: l.Now}, l.Text})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no replies", f.Name())
	}
	return out, in.Err()
}

// passes is how often the sample is gone through in a round: one reply after the other, as a gateway gets them, and not
// the same one again and again.
const passes = 9

// costs is what each reply costs: the median of the passes, so that moments in which the machine did something else do
// not count.
func costs(sample []sampled, cost func(sampled) float64) []float64 {
	all := make([][]float64, len(sample))
	for range passes {
		for i, r := range sample {
			all[i] = append(all[i], cost(r))
		}
	}
	each := make([]float64, len(sample))
	for i := range all {
		each[i] = median(all[i])
	}
	return each
}

func microseconds(r sampled) float64 {
	start := time.Now()
	r.read()
	return float64(time.Since(start).Nanoseconds()) / 1000
}

func bytesAllocated(r sampled) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r.read()
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}
