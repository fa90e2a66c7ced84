package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/bench/load"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/scratch"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// A stage is a Redis folder that rounds start from, each on a copy: made once, by the gateway itself.

// never is an account's rate at which nothing leaves while it is measured.
const never = "1/h"

// stage makes a Redis folder: play gets a running gateway, on a copy of the stage from or an empty Redis.
func (b *bench) stage(ctx context.Context, name, from string, a account, play func(*ours) error) (dir string, err error) {
	began := time.Now()
	dir = filepath.Join(b.dir, "stage-"+name)
	if from == "" {
		err = os.Mkdir(dir, 0o755)
	} else {
		err = duplicate(from, dir)
	}
	if err != nil {
		return "", err
	}
	redis, err := scratch.Start(ctx, dir)
	if err != nil {
		return "", err
	}
	defer redis.Stop()
	o, err := b.serve(ctx, redis, a)
	if err != nil {
		return "", err
	}
	defer o.program.kill()
	if err := play(o); err != nil {
		return "", fmt.Errorf("stage %s: %w", name, err)
	}
	o.program.stop()
	b.say("stage %s made in %s", name, time.Since(began).Round(100*time.Millisecond))
	return dir, redis.Compact(ctx)
}

// copied is a Redis on a copy of a stage.
func (b *bench) copied(ctx context.Context, stage string) (*scratch.Server, error) {
	dir, err := b.copyOf(stage)
	if err != nil {
		return nil, err
	}
	return scratch.Start(ctx, dir)
}

func (b *bench) copyOf(stage string) (string, error) {
	dir, err := os.MkdirTemp(b.dir, "redis-")
	if err != nil {
		return "", err
	}
	return dir, duplicate(stage, dir)
}

// duplicate copies a Redis folder. The append-only file's base is never written to again: a link to it will do.
func duplicate(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case strings.HasSuffix(path, ".base.rdb"):
			return os.Link(path, target)
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(dst, src); err != nil {
		dst.Close()
		return err
	}
	return dst.Close()
}

// known makes a stage where n customers are known, and nobody was asked anything.
func (b *bench) known(ctx context.Context, name string, n int, who func(int) campaigns.ContactEdit) (string, error) {
	return b.stage(ctx, name, "", account{"sms", "sms", "http://127.0.0.1:9", never}, func(o *ours) error {
		return o.seed(ctx, n, who)
	})
}

// customer is the i-th customer of the small stages.
func customer(i int) campaigns.ContactEdit {
	name, locale, zone := fmt.Sprintf("Lan %d", i%500), "vi", daytime(time.Now())
	return campaigns.ContactEdit{
		Addresses: []address.Address{{Scheme: address.Tel, ID: load.Phone(i)}}, Name: &name, Locale: &locale, Timezone: &zone,
		Facts:    map[string]any{"orders": i % 2, "city": "Huế", "returns": 1},
		Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: true, Source: "checkout form", At: time.Now().Add(-24 * time.Hour)}},
	}
}

// seedBatch is how many events are appended in one round trip.
const seedBatch = 500

// seed puts edits on the logs, as the API would, and waits until the gateway has handled them.
func (o *ours) seed(ctx context.Context, n int, who func(int) campaigns.ContactEdit) error {
	st, err := o.store(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	err = o.append(ctx, st, n, func(i int) (string, record.Envelope) {
		e := who(i)
		ev := campaigns.Event{ID: fmt.Sprintf("edit:seed-%d", i), Kind: campaigns.Edit, At: time.Now(), From: e.Addresses[0], Contact: &e}
		return ev.ID, record.Envelope{Event: &ev}
	})
	if err != nil {
		return err
	}
	return quiet(ctx, st)
}

// append puts n events on the logs of those whom they are from.
func (o *ours) append(ctx context.Context, st *store.Store, n int, event func(i int) (string, record.Envelope)) error {
	var partitions []int
	var entries []store.LogEntry
	for i := range n {
		id, e := event(i)
		key := e.Event.From.String()
		partitions = append(partitions, st.PartitionOf(key))
		entries = append(entries, store.LogEntry{ID: id, Key: key, Body: e.Bytes()})
		if len(entries) == seedBatch || i == n-1 {
			err := st.Append(ctx, partitions, entries)
			for range 10 { // a busy machine; what is repeated counts once
				if err == nil || !store.IsAway(err) {
					break
				}
				err = st.Append(ctx, partitions, entries)
			}
			if err != nil {
				return err
			}
			partitions, entries = partitions[:0], entries[:0]
		}
	}
	return nil
}

// store opens the gateway's Redis from the side.
func (o *ours) store(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, store.Options{URL: o.redis.URL()})
}

// quiet waits until nothing is left on the logs.
func quiet(ctx context.Context, st *store.Store) error {
	all := make([]int, st.Partitions())
	for p := range all {
		all[p] = p
	}
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		left, err := st.Read(ctx, all, nil, 1, time.Millisecond)
		if err != nil {
			return err
		}
		slices, err := st.BulkHeads(ctx, all)
		if err != nil {
			return err
		}
		if len(left) == 0 && len(slices) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
}
