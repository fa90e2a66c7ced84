package gateway_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/gateway/hooks"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

// BenchmarkWebhook measures what it costs to take in one signed webhook over loopback, and the floors beside it: echo
// alone, with the signature checked, and with one XADD a request. cpu-us is the whole process's, the client's too; the
// client is the same in each.
func BenchmarkWebhook(b *testing.B) {
	server := redistest.StartEverySecond(b)
	calls := signedCalls(1024)
	for _, x := range []struct {
		name  string
		serve func(b *testing.B) string
	}{
		{"echo", func(b *testing.B) string { return bareIntake(b, nil, false) }},
		{"signature", func(b *testing.B) string { return bareIntake(b, nil, true) }},
		{"xadd", func(b *testing.B) string { return bareIntake(b, benchRedis(b, server.URL), true) }},
		{"hoidap", func(b *testing.B) string { return intakeAlone(b, server.URL) }},
	} {
		b.Run(x.name, func(b *testing.B) { pound(b, strings.TrimPrefix(x.serve(b), "http://"), calls) })
	}
}

func benchRedis(b *testing.B, address string) *redis.Client {
	opt, err := redis.ParseURL(address)
	require.NoError(b, err)
	opt.PoolSize = 64
	rdb := redis.NewClient(opt)
	b.Cleanup(func() {
		rdb.FlushDB(context.Background())
		rdb.Close()
	})
	return rdb
}

// bareIntake is the least: echo, perhaps the signature, perhaps one XADD.
func bareIntake(b *testing.B, rdb *redis.Client, check bool) string {
	e := echo.New()
	e.POST("/hooks/:account", func(c echo.Context) error {
		body, err := io.ReadAll(c.Request().Body)
		if err != nil {
			return err
		}
		if !check {
			return c.NoContent(http.StatusOK)
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return err
		}
		if fake.Sign(authToken, publicURL+"/hooks/sms", form) != c.Request().Header.Get(twilio.SignatureHeader) {
			return c.NoContent(http.StatusForbidden)
		}
		if rdb != nil {
			from := form.Get("From")
			err = rdb.XAdd(c.Request().Context(), &redis.XAddArgs{Stream: "{p0" + from[len(from)-1:] + "}:floor", Values: []any{"i", form.Get("MessageSid"), "k", from, "b", body}}).Err()
			if err != nil {
				return err
			}
		}
		return c.NoContent(http.StatusOK)
	})
	return serveOn(b, e)
}

var benchReplies = []string{"dạ 2 nha shop", "công sở ạ", "thể thao", "1", "cong so nha", "em thích năng động"}

// benchInFlight is how many calls are under way at once.
const benchInFlight = 64

func serveOn(b *testing.B, h http.Handler) string {
	s := httptest.NewServer(h)
	b.Cleanup(s.Close)
	return s.URL
}

// intakeAlone is the gateway's server and intake, whole, with nothing behind the log.
func intakeAlone(b *testing.B, redisURL string) string {
	benchRedis(b, redisURL) // empties it afterwards
	s, err := store.Open(b.Context(), store.Options{URL: redisURL})
	require.NoError(b, err)
	a, err := twilio.Type().Open(adapters.Account{ID: "sms", Channel: address.SMS, WebhookURL: publicURL + "/hooks/sms", HTTPClient: http.DefaultClient, Settings: map[string]string{
		"account_sid": "AC00000000000000000000000000000001", "auth_token": authToken, "from": "+15005550006"}})
	require.NoError(b, err)
	registry := prometheus.NewRegistry()
	w := web.New(web.Options{Listen: "127.0.0.1:0", PublicURL: publicURL, Log: quietLog(), Registry: registry})
	hooks.New(hooks.Options{Store: s, Now: time.Now, Log: quietLog(), Metrics: hooks.NewMetrics(registry)},
		hooks.Account{ID: "sms", Channel: address.SMS, Adapter: a, URL: publicURL + "/hooks/sms"}).Mount(w.Echo())
	addr, err := w.Start(context.Background())
	require.NoError(b, err)
	b.Cleanup(func() {
		require.NoError(b, w.Stop(context.Background()))
		require.NoError(b, s.Close())
	})
	return addr
}

// signedCalls are n webhook calls as bytes, of n people.
func signedCalls(n int) [][]byte {
	calls := make([][]byte, n)
	for i := range calls {
		sid := fmt.Sprintf("SM%032d", i)
		form := url.Values{"MessageSid": {sid}, "SmsSid": {sid}, "SmsMessageSid": {sid}, "AccountSid": {"AC00000000000000000000000000000001"}, "From": {fmt.Sprintf("+8490%07d", i)}, "To": {"+15005550006"},
			"Body": {benchReplies[i%len(benchReplies)]}, "NumMedia": {"0"}, "NumSegments": {"1"}, "SmsStatus": {"received"}, "ToCountry": {"US"}, "ToState": {""}, "ToCity": {""}, "ToZip": {""},
			"FromCountry": {"VN"}, "FromState": {""}, "FromCity": {""}, "FromZip": {""}, "ApiVersion": {"2010-04-01"}}
		body := form.Encode()
		calls[i] = fmt.Appendf(nil, "POST /hooks/sms HTTP/1.1\r\nHost: msg.example.com\r\nUser-Agent: TwilioProxy/1.1\r\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nAccept: */*\r\n%s: %s\r\nI-Twilio-Idempotency-Token: %s\r\nContent-Length: %d\r\n\r\n%s",
			twilio.SignatureHeader, fake.Sign(authToken, publicURL+"/hooks/sms", form), sid, len(body), body)
	}
	return calls
}

// pound makes b.N calls over benchInFlight connections that stay open, with next to no work of the client's own.
func pound(b *testing.B, addr string, calls [][]byte) {
	conns := make([]net.Conn, benchInFlight)
	for i := range conns {
		c, err := net.Dial("tcp", addr)
		require.NoError(b, err)
		defer c.Close()
		conns[i] = c
	}
	var next atomic.Int64
	var work errgroup.Group
	b.ReportAllocs()
	b.ResetTimer()
	before := cpu()
	for _, c := range conns {
		work.Go(func() error {
			in := bufio.NewReader(c)
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if _, err := c.Write(calls[int(i)%len(calls)]); err != nil {
					return err
				}
				if err := answered200(in); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(b, work.Wait())
	b.StopTimer()
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-us/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "webhooks/s")
}

// answered200 reads one answer.
func answered200(in *bufio.Reader) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
		return fmt.Errorf("answered %q", line)
	}
	length := 0
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			_, err = in.Discard(length)
			return err
		}
		if n, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(n))); err != nil {
				return err
			}
		}
	}
}

// cpu is what this process has used so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
