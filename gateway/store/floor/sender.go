package floor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// group reads the outbound streams.
const group = "g"

// sender takes messages off the outbound streams and posts them to the provider.
type sender struct {
	rdb      *redis.Client
	provider string
	token    string
	http     *http.Client
	items    chan item
	acks     chan item
	sent     atomic.Int64
}

// item is one message on its way.
type item struct{ stream, id, to, body string }

func newSender(ctx context.Context, rdb *redis.Client, provider, token string) (*sender, error) {
	for _, k := range keys("out") {
		if err := rdb.XGroupCreateMkStream(ctx, k, group, "0").Err(); err != nil && !strings.HasPrefix(err.Error(), "BUSYGROUP") {
			return nil, err
		}
	}
	transport := &http.Transport{MaxIdleConnsPerHost: inFlight, MaxConnsPerHost: inFlight}
	return &sender{rdb: rdb, provider: provider, token: token, http: &http.Client{Timeout: 10 * time.Second, Transport: transport},
		items: make(chan item, inFlight), acks: make(chan item, 1024)}, nil
}

func (s *sender) start(ctx context.Context) {
	for range inFlight {
		go s.post(ctx)
	}
	go s.acknowledge(ctx)
	go s.read(ctx)
}

// read takes what is new on all outbound streams.
func (s *sender) read(ctx context.Context) {
	streams := keys("out")
	for range partitions {
		streams = append(streams, ">")
	}
	for ctx.Err() == nil {
		found, err := s.rdb.XReadGroup(ctx, &redis.XReadGroupArgs{Group: group, Consumer: "c", Streams: streams, Count: 64, Block: time.Second}).Result()
		if err != nil {
			if !errors.Is(err, redis.Nil) && ctx.Err() == nil {
				fmt.Fprintln(os.Stderr, "floor:", err)
				pause()
			}
			continue
		}
		for _, st := range found {
			for _, m := range st.Messages {
				to, _ := m.Values["to"].(string)
				body, _ := m.Values["body"].(string)
				s.items <- item{st.Stream, m.ID, to, body}
			}
		}
	}
}

// post sends one message at a time.
func (s *sender) post(ctx context.Context) {
	for it := range s.items {
		form := url.Values{"To": {it.to}, "From": {"+15005550006"}, "Body": {it.body}}.Encode()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.provider, strings.NewReader(form))
		if err != nil {
			panic(err) // the provider's address is ours
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth("AC00000000000000000000000000000001", s.token)
		resp, err := s.http.Do(req)
		if err != nil {
			fmt.Fprintln(os.Stderr, "floor:", err)
			continue
		}
		io.Copy(io.Discard, resp.Body) //nolint:errcheck // the status is enough
		resp.Body.Close()
		s.acks <- it
	}
}

// acknowledge takes what was sent off the streams, as much as has come together in one round trip.
func (s *sender) acknowledge(ctx context.Context) {
	held := make([]item, 0, 256)
	for first := range s.acks {
		held = gather(append(held[:0], first), s.acks)
		of := map[string][]string{}
		for _, it := range held {
			of[it.stream] = append(of[it.stream], it.id)
		}
		p := s.rdb.Pipeline()
		for stream, ids := range of {
			p.XAck(ctx, stream, group, ids...)
			p.XDel(ctx, stream, ids...)
		}
		if _, err := p.Exec(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "floor:", err)
		}
		s.sent.Add(int64(len(held)))
	}
}
