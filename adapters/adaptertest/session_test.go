package adaptertest_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/preferences/address"
)

// wire is a provider that keeps a session, within the process: what it tells waits for a word that it is stored.
type wire struct {
	*fakekit.Provider
	bound chan struct{}
	told  chan word
}

type word struct {
	event adapters.Event
	done  chan error
}

func (w *wire) Hook(adapters.Event) (adapters.Request, bool) { return adapters.Request{}, false }
func (w *wire) Break(adapters.Fault) bool                    { return false }
func (w *wire) ServeHTTP()                                   {} // hides the handler: there is no HTTP here
func (w *wire) Slow()                                        {}
func (w *wire) Start() (string, error)                       { return "wire", nil }

func (w *wire) Ready(ctx context.Context) error {
	select {
	case <-w.bound:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *wire) Tell(ctx context.Context, e adapters.Event) error {
	said := word{e, make(chan error, 1)}
	select {
	case w.told <- said:
		return <-said.done
	case <-ctx.Done():
		return ctx.Err()
	}
}

// session is the adapter at the other end.
type session struct {
	acc   adapters.Account
	wire  *wire
	hasty bool // acknowledges before it is stored
	same  bool // gives all events one id
}

func (s *session) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{Inbound: true, Carries: []adapters.Class{adapters.Reply}, Reports: adapters.Delivered, Repeat: adapters.Blind}
}

func (s *session) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := errors.Join(ctx.Err(), s.Capabilities().Check(m)); err != nil {
		return adapters.Sent{}, err
	}
	s.wire.Show(m)
	return adapters.Sent{IDs: []string{strconv.FormatInt(s.wire.Next(), 10)}}, nil
}

func (s *session) Decode(adapters.Request) (adapters.Decoded, error) {
	return adapters.Decoded{}, adapters.ErrForged
}

func (s *session) Listen(ctx context.Context, accept func(context.Context, []adapters.Event) error) error {
	close(s.wire.bound)
	for {
		select {
		case said := <-s.wire.told:
			e := said.event
			e.ID, e.At = e.MessageID+e.Theirs, s.acc.Now()
			if s.same {
				e.ID = "same"
			}
			err := accept(ctx, []adapters.Event{e})
			if s.hasty {
				err = nil
			}
			said.done <- err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func sessionKit(change func(*session)) adaptertest.Kit {
	return adaptertest.Kit{
		Open: func() (adapters.Type, adaptertest.Fake) {
			w := &wire{Provider: fakekit.New("", nil, nil), bound: make(chan struct{}), told: make(chan word)}
			settings := []adapters.Setting{{Name: "address", Doc: "Where the provider listens."}}
			return adapters.Type{Name: "wire", Settings: settings, Open: func(acc adapters.Account) (adapters.Adapter, error) {
				s := &session{acc: acc, wire: w}
				change(s)
				return s, nil
			}}, w
		},
		Channel: address.SMS, At: "address", To: lan,
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: "m1", Text: "2"},
			{Kind: adapters.Report, From: lan, Theirs: "p1", Status: adapters.Delivered},
		},
		Lacks: []adapters.Fault{adapters.Transient, adapters.Throttled, adapters.Later, adapters.Recipient, adapters.Stopped, adapters.Window, adapters.BadMessage, adapters.Operator},
	}
}

func TestTheKitCatchesInSessions(t *testing.T) {
	const law = "a session acknowledges what is stored, and no more"
	if found := adaptertest.Breaches(t.Context(), sessionKit(func(*session) {})); len(found) > 0 {
		t.Errorf("a sound session: %v", found)
	}
	for name, change := range map[string]func(*session){
		"hasty": func(s *session) { s.hasty = true },
		"same":  func(s *session) { s.same = true },
	} {
		if found := adaptertest.Breaches(t.Context(), sessionKit(change)); len(found[law]) == 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}
