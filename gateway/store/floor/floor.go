// Package floor holds the least programs that do a gateway's work on the bare Redis client: the floors that the gateway's
// own speed is divided by. They have no compliance, no understanding, no retries and no recovery; a real gateway costs
// more, and the ratio says how much.
package floor

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
)

// The shape of the floors: that of the gateway's defaults.
const (
	partitions = 64
	workers    = 4  // goroutines that share the partitions
	batch      = 16 // events of a partition in one commit
	inFlight   = 32 // messages in the provider's hands at once
	poolSize   = 128
)

// Server is what the floors that take webhooks need.
type Server struct {
	Redis    string // host:port
	Listen   string // host:port
	Hook     string // the address that the provider signs
	Token    string // what it signs with
	Provider string // where messages are sent
}

func client(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr, PoolSize: poolSize, DisableIdentity: true, ContextTimeoutEnabled: true})
}

func key(p int, name string) string { return fmt.Sprintf("{p%02d}:%s", p, name) }

// keys are the keys of that name of all partitions.
func keys(name string) []string {
	all := make([]string, partitions)
	for p := range all {
		all[p] = key(p, name)
	}
	return all
}

func partitionOf(address string) int {
	h := fnv.New32a()
	io.WriteString(h, address) //nolint:errcheck // a hash never fails
	return int(h.Sum32() % partitions)
}

// phone is the i-th customer's number.
func phone(i int) string { return fmt.Sprintf("+8490%07d", i%1_000_000) }

// inbound is a customer's message on its way to a partition's log.
type inbound struct{ from, to, text, id string }

func (m inbound) entry(stream string) *redis.XAddArgs {
	return &redis.XAddArgs{Stream: stream, Values: []any{"from", m.from, "to", m.to, "body", m.text, "id", m.id, "at", time.Now().UnixMilli()}}
}

// serve answers webhooks on o.Listen: signature first, 200 only after keep has it in Redis.
func serve(o Server, keep func(context.Context, inbound) error) error {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.GET("/readyz", func(c echo.Context) error { return c.NoContent(http.StatusOK) })
	e.POST("/hooks/:account", func(c echo.Context) error {
		body, err := io.ReadAll(io.LimitReader(c.Request().Body, 64<<10))
		if err != nil {
			return err
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return c.NoContent(http.StatusBadRequest)
		}
		if !hmac.Equal([]byte(signature(o, form)), []byte(c.Request().Header.Get("X-Twilio-Signature"))) {
			return c.NoContent(http.StatusForbidden)
		}
		m := inbound{form.Get("From"), form.Get("To"), form.Get("Body"), form.Get("MessageSid")}
		if err := keep(c.Request().Context(), m); err != nil {
			return c.NoContent(http.StatusServiceUnavailable)
		}
		return c.NoContent(http.StatusOK)
	})
	s := &http.Server{Addr: o.Listen, Handler: e, ReadHeaderTimeout: 5 * time.Second}
	return s.ListenAndServe()
}

func signature(o Server, form url.Values) string {
	names := make([]string, 0, len(form))
	for n := range form {
		names = append(names, n)
	}
	sort.Strings(names)
	mac := hmac.New(sha1.New, []byte(o.Token))
	io.WriteString(mac, o.Hook) //nolint:errcheck // a hash never fails
	for _, n := range names {
		for _, v := range form[n] {
			io.WriteString(mac, n) //nolint:errcheck // as above
			io.WriteString(mac, v) //nolint:errcheck // as above
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// logLength keeps the bare floor's logs short: nobody reads them.
const logLength = 2000

// XAdd is the floor of a durable webhook: echo, the signature, and one XADD a request.
func XAdd(o Server) error {
	rdb := client(o.Redis)
	defer rdb.Close()
	logs := keys("bare")
	return serve(o, func(ctx context.Context, m inbound) error {
		a := m.entry(logs[partitionOf(m.from)])
		a.MaxLen, a.Approx = logLength, true
		return rdb.XAdd(ctx, a).Err()
	})
}

// behind is the least stream id after id.
func behind(id string) string {
	ms, seq, _ := strings.Cut(id, "-")
	n, _ := strconv.ParseInt(seq, 10, 64)
	return ms + "-" + strconv.FormatInt(n+1, 10)
}

func pause() { time.Sleep(20 * time.Millisecond) }
