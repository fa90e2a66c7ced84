package load

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio"
	"github.com/hoidap/hoidap/preferences/address"
)

// gateway answers a webhook by a message to the door, as far as its adapter understands it.
type gateway struct {
	t    *testing.T
	door *Door
	hook string
	mu   sync.Mutex
	got  map[string]string // text by sender
	lose string            // a text that is never answered
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a, err := twilio.Type().Open(adapters.Account{ID: "sms", Channel: address.SMS, WebhookURL: g.hook, HTTPClient: http.DefaultClient,
		Settings: map[string]string{"account_sid": "AC00000000000000000000000000000001", "auth_token": "token", "from": "+15005550006", "base_url": g.door.URL()}})
	if err != nil {
		g.t.Error(err)
		return
	}
	d, err := a.Decode(adapters.Request{Method: r.Method, URL: g.hook, Header: r.Header, Body: body, At: time.Now()})
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	e := d.Events[0]
	g.mu.Lock()
	g.got[e.From.ID] = e.Text
	g.mu.Unlock()
	if e.Text != g.lose {
		if _, err := a.Send(r.Context(), adapters.Message{ID: "c1-a.1", To: e.From, Class: adapters.Reply, Text: "Tặng chị"}); err != nil {
			g.t.Error(err)
		}
	}
}

func TestBothEnds(t *testing.T) {
	for name, rate := range map[string]float64{"closed loop": 0, "open loop": 500} {
		t.Run(name, func(t *testing.T) {
			watch := NewWatch(100)
			door := &Door{Knock: watch}
			require.NoError(t, door.Open(t.Context()))
			defer door.Close()
			g := &gateway{t: t, door: door, got: map[string]string{}, lose: "công sở ạ"}
			s := httptest.NewServer(g)
			defer s.Close()
			g.hook = s.URL + "/hooks/sms"
			v := Volley{To: Webhook{URL: g.hook, Token: "token", From: "+15005550006"}, First: 10, N: 50, Texts: []string{"dạ 2 nha", "công sở ạ"},
				Conns: 4, Rate: rate, Watch: watch, Drain: 50 * time.Millisecond}
			r, err := v.Fire(t.Context())
			require.NoError(t, err)
			require.Equal(t, 50, r.Acked)
			require.Equal(t, 25, r.Answered)
			require.Equal(t, 25, r.Lost())
			require.Equal(t, 25, r.Took.Len())
			require.Equal(t, 50, r.Ack.Len())
			require.Equal(t, 25, door.Came())
			require.Len(t, g.got, 50, "each of them once")
			require.Equal(t, "dạ 2 nha", g.got[Phone(10)])
			require.False(t, door.At(1).IsZero())
			if rate > 0 {
				require.Greater(t, r.Sending, 90*time.Millisecond, "no faster than the rate")
			}
		})
	}
}

func TestForgedAndBroken(t *testing.T) {
	g := &gateway{t: t, door: &Door{}, got: map[string]string{}}
	require.NoError(t, g.door.Open(t.Context()))
	defer g.door.Close()
	s := httptest.NewServer(g)
	g.hook = s.URL + "/hooks/sms"
	v := Volley{To: Webhook{URL: g.hook, Token: "another"}, N: 3, Texts: []string{"x"}, Conns: 1}
	r, err := v.Fire(t.Context())
	require.Error(t, err)
	require.Equal(t, 3, r.Refused)
	s.Close()
	r, err = v.Fire(t.Context())
	require.Error(t, err)
	require.Equal(t, 3, r.Broken)
}

func TestASlowProvider(t *testing.T) {
	door := &Door{Latency: 30 * time.Millisecond}
	require.NoError(t, door.Open(t.Context()))
	defer door.Close()
	var posts sync.WaitGroup
	began := time.Now()
	for range 4 {
		posts.Go(func() {
			resp, err := http.PostForm(door.URL(), url.Values{"To": {Phone(1)}})
			if err == nil {
				resp.Body.Close()
			}
		})
	}
	posts.Wait()
	require.GreaterOrEqual(t, time.Since(began), 30*time.Millisecond)
	require.Equal(t, 4, door.Came())
	require.Positive(t, door.Peak())
	door.Reset()
	require.Zero(t, door.Came())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Zero(t, door.Wait(ctx, 1, time.Minute))
}

func TestPhones(t *testing.T) {
	for _, i := range []int{0, 1, 9_999_999} {
		got, ok := customer(Phone(i))
		require.True(t, ok)
		require.Equal(t, i, got)
	}
	for _, p := range []string{"", "+15005550006", "+8490123", Phone(1) + "2", "+8490-00001"} {
		_, ok := customer(p)
		require.False(t, ok, p)
	}
	require.Equal(t, "+84901234567", recipient([]byte("Body=x&To="+strings.ReplaceAll(Phone(1234567), "+", "%2B")+"&From=y")))
	require.Empty(t, recipient([]byte("Body=x")))
	require.Empty(t, recipient([]byte("To=%zz")))
}

func TestQuantiles(t *testing.T) {
	var s Times
	require.Zero(t, s.Quantile(.5))
	for i := range 100 {
		s.Add(time.Duration(100-i) * time.Millisecond)
	}
	require.Equal(t, 51*time.Millisecond, s.Quantile(.5))
	require.Equal(t, 100*time.Millisecond, s.Quantile(.99))
	require.Equal(t, 100*time.Millisecond, s.Quantile(1))
}
