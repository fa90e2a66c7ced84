package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
)

// story is what an onlooker outside the gateway wrote down.
type story struct {
	*rig
	phones []string
	ids    map[string]string
	said   map[string][]string // what was acknowledged, by phone, in order
	last   map[string]fake.Inbound
	runs   []string
}

// TestInterleavings plays random stories with a few customers, campaigns, repeats, receipts, hours that pass and crashes,
// and looks at the end whether the invariants held.
func TestInterleavings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := &story{rig: newRig(t, withBatch(rapid.SampledFrom([]int{1, 2, 48}).Draw(rt, "batch"))), ids: map[string]string{}, said: map[string][]string{}, last: map[string]fake.Inbound{}}
		defer func() {
			s.g.Crash()
			s.g = nil
			s.redis.Kill()
		}()
		s.addCodes("office-20", "OFF1", "OFF2", "OFF3") // fewer than could be wanted
		for i := range 4 {
			phone := fmt.Sprintf("+8490123456%d", i)
			s.phones = append(s.phones, phone)
			s.ids[phone] = s.contact(phone, fmt.Sprint("Khách ", i))
		}
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			s.step(rt)
		}
		s.comeToRest()
		s.check()
	})
}

var lines = []string{"1", "2", "dạ 2 nha", "thể thao", "công sở ạ", "600k", "tầm 1 triệu", "200k", "bỏ qua", "???", "TC", "DK", "không biết nữa", "3", "STOP"}

func (s *story) step(rt *rapid.T) {
	phone := rapid.SampledFrom(s.phones).Draw(rt, "phone")
	switch rapid.SampledFrom([]string{"say", "say", "say", "say", "run", "repeat", "receipt", "hours", "crash", "throttle", "lose"}).Draw(rt, "what") {
	case "say":
		in := fake.Inbound{From: phone, Body: rapid.SampledFrom(lines).Draw(rt, "line"), SID: fmt.Sprintf("SM%032d", len(s.said[phone])*10+slices.Index(s.phones, phone))}
		s.deliver(in)
		s.said[phone] = append(s.said[phone], in.Body)
		s.last[phone] = in
	case "repeat":
		if in, ok := s.last[phone]; ok {
			s.deliver(in)
		}
	case "run":
		s.runs = append(s.runs, s.run("style"))
	case "receipt":
		for _, x := range s.fake.Phone(phone) {
			s.fake.Status(s.t.Context(), x.SID, rapid.SampledFrom([]string{"sent", "delivered", "undelivered"}).Draw(rt, "status"), 0) //nolint:errcheck // it is a provider's word, not ours
		}
	case "hours":
		s.clock.Forward(time.Duration(rapid.IntRange(1, 30).Draw(rt, "hours")) * time.Hour)
	case "crash":
		s.g.Crash()
		s.start()
	case "throttle":
		s.fake.Throttle(1, 0)
	case "lose":
		s.fake.Lose(1)
	}
}

func (s *story) deliver(in fake.Inbound) {
	resp, err := s.fake.Deliver(s.t.Context(), in)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, resp.StatusCode)
}

// comeToRest waits until nothing is under way: everything said was handled, and every run counts each of its people.
func (s *story) comeToRest() {
	s.clock.at(s.t, "12:00")
	raw := s.raw()
	s.until("no timer is due", func() bool {
		ctx, now := context.Background(), fmt.Sprint(s.clock.Now().UnixMilli())
		for _, key := range raw.Keys(ctx, "*}:timers").Val() {
			if raw.ZCount(ctx, key, "-inf", now).Val() > 0 {
				return false
			}
		}
		return true
	})
	s.until("every slice was asked", func() bool {
		for key, content := range s.redis.Everything() {
			if (strings.HasSuffix(key, "}:bulk") || strings.HasSuffix(key, "}:forward") || strings.HasSuffix(key, "}:log")) && content != "[]" {
				return false
			}
		}
		return true
	})
	for _, phone := range s.phones {
		id := s.ids[phone]
		s.settled(id, func(es []entryView) bool {
			return count(es, "message.received", "") == len(s.said[phone]) && count(es, "message.queued", "") <= ended(es)
		})
	}
	// What an opt-out withdrew may have been in the provider's hands: its last word is on the queues and logs.
	s.until("queues and logs are empty", func() bool {
		for key, content := range s.redis.Everything() {
			if strings.Contains(key, "}:out:") || ((strings.HasSuffix(key, "}:log") || strings.HasSuffix(key, "}:bulk")) && content != "[]") {
				return false
			}
		}
		return true
	})
}

// ended counts messages of which the ledger says how they ended.
func ended(es []entryView) int {
	seen := left(es)
	for _, e := range es {
		if e.Message != "" && (e.Kind == "message.failed" || e.Kind == "message.not_sent") {
			seen[e.Message] = true
		}
	}
	return len(seen)
}

// left is the messages that the provider took: it said so, or told what became of them before that.
func left(es []entryView) map[string]bool {
	seen := map[string]bool{}
	for _, e := range es {
		switch {
		case e.Kind == "message.sent", e.Kind == "message.delivered", e.Kind == "message.failed" && strings.HasPrefix(e.Event, "sms:"):
			seen[e.Message] = true
		}
	}
	return seen
}

func (s *story) check() {
	codes := map[string]string{}
	for _, phone := range s.phones {
		es := s.ledger(s.ids[phone])
		var heard []string
		for _, e := range es {
			if e.Kind == "message.received" {
				heard = append(heard, e.Text)
			}
		}
		require.Equal(s.t, s.said[phone], heard, "I2, I3: each once, in order")
		sent := map[string]bool{}
		for _, e := range es {
			if e.Kind == "message.sent" {
				require.False(s.t, sent[e.Message], "I5: %s sent twice", e.Message)
				sent[e.Message] = true
			}
		}
		require.Len(s.t, s.fake.Phone(phone), len(left(es)), "I5: the phone got what the ledger says, once: %+v\n%s", s.fake.Phone(phone), storyOf(es))
		s.preferencesHaveProof(phone)
		for _, e := range es {
			if code, _ := e.Detail["code"].(string); e.Kind == "offer.given" && code != "" && code != "CAMON5" {
				require.Empty(s.t, codes[code], "I5: code %s went to two people", code)
				codes[code] = phone
			}
		}
	}
	for _, run := range s.runs {
		c := s.runOf(run).Counts
		require.Equal(s.t, c["audience"], c["queued"]+c["held"]+c["sent"]+c["failed"]+c["excluded"], "I11: run %s: %v", run, c)
	}
}

// storyOf tells a ledger, a line an entry.
func storyOf(es []entryView) string {
	var b strings.Builder
	for _, e := range es {
		fmt.Fprintf(&b, "%s | %s | %s | %s | %s\n", e.Kind, e.Reason, e.Message, e.Event, strings.ReplaceAll(e.Text, "\n", " "))
	}
	return b.String()
}

// preferencesHaveProof: what is declared can be found in what the customer said (invariant I6).
func (s *story) preferencesHaveProof(phone string) {
	var out struct {
		Preferences []struct {
			Class    string
			Evidence struct {
				Text      string
				MessageID string `json:"message_id"`
			}
		}
	}
	require.Equal(s.t, http.StatusOK, s.call("GET", "/api/v1/contacts/"+url.PathEscape(s.ids[phone])+"/preferences", nil, &out))
	for _, p := range out.Preferences {
		require.Equal(s.t, "declared", p.Class)
		for message := range strings.Lines(p.Evidence.Text) { // one that came in pieces has each on a line
			require.Contains(s.t, s.said[phone], strings.TrimSpace(message), "I6")
		}
		require.NotEmpty(s.t, p.Evidence.MessageID, "I6")
	}
}
