package campaigns_test

import (
	"testing"

	"github.com/hoidap/hoidap/campaigns"
)

// TestAReplyTokenGoesWithOneAnswer: a token that the provider gave with a message works once, and only for an answer to it.
func TestAReplyTokenGoesWithOneAnswer(t *testing.T) {
	t.Parallel()
	with := func(text, token string) campaigns.Event {
		e := write(text)
		e.Handle = token
		return e
	}
	s, p := routed(t, nil, sms)
	if out := s.asks(p); len(out.Send) != 1 || out.Send[0].Handle != "" {
		t.Fatalf("a question that answers nobody: %+v", out.Send)
	}
	s.sendAll(p)
	for _, c := range []struct{ text, token string }{{"hong biết nữa á", "t0"}, {"2", "t1"}, {"tầm 600k", "t2"}, {"ok shop", "t3"}, {"STOP", "t4"}} {
		out := s.step(p, with(c.text, c.token))
		if len(out.Send) == 0 || out.Send[0].Handle != c.token {
			t.Errorf("%q: %+v", c.text, out.Send)
		}
		for _, o := range out.Send[min(1, len(out.Send)):] {
			if o.Handle != "" {
				t.Errorf("%q: the token goes twice: %+v", c.text, out.Send)
			}
		}
		s.sendAll(p)
	}
	if out := s.step(p, write("START")); len(out.Send) == 0 || out.Send[0].Handle != "" {
		t.Errorf("without a token: %+v", out.Send)
	}
}
