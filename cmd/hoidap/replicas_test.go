package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// only is one of the replicas alone, called past the front.
func (b *box) only(i int) *box {
	c := *b
	c.replicas, c.base = b.replicas[i:i+1], "http://"+b.replicas[i].listen
	return &c
}

func (b *box) signal(s os.Signal) {
	b.t.Helper()
	require.NoError(b.t, b.replicas[0].cmd.Process.Signal(s))
}

// metric reads a number from /metrics; 0 where it is not there.
func (b *box) metric(name string) (v float64) {
	b.t.Helper()
	resp, err := http.Get(b.base + "/metrics")
	require.NoError(b.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	if m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindSubmatch(raw); m != nil {
		_, err = fmt.Sscan(string(m[1]), &v)
		require.NoError(b.t, err)
	}
	return v
}

// ledger counts a contact's ledger entries of a kind.
func (b *box) ledger(address, kind string) int {
	b.t.Helper()
	var c struct{ ID string }
	if status, raw := b.call("GET", "/api/v1/contacts?address="+url.QueryEscape(address), nil); status != http.StatusOK || json.Unmarshal(raw, &c) != nil {
		return 0
	}
	_, raw := b.call("GET", "/api/v1/contacts/"+url.PathEscape(c.ID)+"/ledger", nil)
	return strings.Count(string(raw), `"kind":"`+kind+`"`)
}

const ownedMetric = "hoidap_partitions_owned"

// TestAPausedProcessCommitsNothing: a process is stopped with a message in the provider's hands, and with events on the way
// to it, for longer than its leases; another takes over and finishes. When the first goes on it changes nothing, and
// takes its share again.
func TestAPausedProcessCommitsNothing(t *testing.T) {
	t.Parallel()
	both := newBox(t, buildProgram(t), fmt.Sprintf("{url: %q, lease: 1s}", redistest.StartDurable(t).URL), 2)
	a, b := both.only(0), both.only(1)
	a.fake.Point("https://msg.example.com/hooks/sms", a.base)
	a.write("campaigns/style.yaml", fmt.Sprintf(boxCampaign, `"2099-01-01T10:00:00+07:00"`))
	a.start()
	lan := "tel:" + boxPhone
	a.until("the contact is made", func() bool {
		status, _ := a.call("PUT", "/api/v1/contacts", map[string]any{"addresses": []string{lan}, "name": "Lan", "locale": "vi", "timezone": daytime(),
			"consents": []map[string]any{{"purpose": "marketing", "granted": true, "source": "form", "at": "2026-11-01T09:00:00+07:00"}}})
		return status == http.StatusCreated
	})
	a.fake.Slow(time.Second)
	status, _ := a.call("POST", "/api/v1/campaigns/style/runs", map[string]any{})
	require.Equal(t, http.StatusAccepted, status)
	a.until("the question is in the provider's hands", func() bool { return a.metric(`hoidap_sends_in_flight{account="sms"}`) == 1 })
	a.signal(syscall.SIGSTOP)

	b.start()
	b.fake.Point("https://msg.example.com/hooks/sms", b.base)
	require.Contains(t, b.wait(1), "phong cách")
	b.fake.Slow(0)
	b.until("the next owner has found out", func() bool { return b.ledger(lan, "message.sent") == 1 })
	b.reply(1, "2")
	require.Contains(t, b.wait(2), "Ngân sách")
	b.until("and written down what followed", func() bool { return b.ledger(lan, "message.sent") == 2 })

	a.signal(syscall.SIGCONT)
	a.until("each has its share", func() bool { return a.metric(ownedMetric) == 8 && b.metric(ownedMetric) == 8 })
	const rounds = 3
	pauses(t, a, b, rounds)

	for i := range pausedPhones {
		number := phoneOf(i)
		b.until("everything is written down", func() bool { return b.ledger("tel:"+number, "message.received") >= rounds })
		require.Equal(t, rounds, b.ledger("tel:"+number, "message.received"), "each message was handled once")
		// What was in a's hands when it was paused is sent once the provider is believed not to have it.
		b.until("who is not known is answered", func() bool { return len(b.fake.Phone(number)) > 0 })
		require.Len(t, b.fake.Phone(number), 1, "who is not known is answered once a day")
	}
	require.Equal(t, 2, b.ledger(lan, "message.sent"))
	require.Equal(t, 1, b.ledger(lan, "message.received"))
	require.Len(t, b.phone(), 2)
	for _, x := range []*box{a, b} {
		x.signal(syscall.SIGTERM)
		require.NoError(t, x.replicas[0].cmd.Wait(), "an orderly stop")
	}
}

const pausedPhones = 8

func phoneOf(i int) string { return fmt.Sprintf("+8491%07d", 2000000+i) }

// pauses pauses a while it waits for events, has many come in for it, and lets it go on when b has handled them: what a had
// read by then it may not commit, nor what it reads before it knows.
func pauses(t *testing.T, a, b *box, rounds int) {
	t.Helper()
	for round := 1; round <= rounds; round++ {
		a.signal(syscall.SIGSTOP)
		for i := range pausedPhones {
			b.until("a message is taken", func() bool {
				resp, err := b.fake.Deliver(t.Context(), fake.Inbound{From: phoneOf(i), Body: "alo", SID: fmt.Sprintf("SM%016d%016d", round, i)})
				return err == nil && resp.StatusCode == http.StatusOK
			})
		}
		for i := range pausedPhones {
			b.until("b has handled it", func() bool { return b.ledger("tel:"+phoneOf(i), "message.received") == round })
		}
		a.signal(syscall.SIGCONT)
		a.until("each has its share again", func() bool { return a.metric(ownedMetric) == 8 && b.metric(ownedMetric) == 8 })
	}
}
