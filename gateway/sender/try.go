package sender

import (
	"context"
	"errors"
	"fmt"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// Tried is what a provider said to a message that was sent to try an account.
type Tried struct {
	Result       string // taken, unknown, or a fault
	Code, Detail string // the provider's, where it was not taken
	IDs          []string
	Parts        int // that were handed over
}

// Try hands one message to an account's provider now: outside the queues and campaigns, of class control, shown as the
// account can show it, at its rate. Nothing of it is written down, and nothing is tried again. An error means that
// nothing was handed over.
func (s *Sender) Try(ctx context.Context, account, id string, to address.Address, text string) (Tried, error) {
	l := s.byID[account]
	switch {
	case l == nil || l.gone:
		return Tried{}, fmt.Errorf("there is no account %s", account)
	case s.Frozen():
		return Tried{}, errors.New("all sending is stopped")
	case s.Halted(account):
		return Tried{}, errors.New("the account is paused")
	}
	parts, _, err := adapters.Fit(adapters.Message{ID: id, To: to, Class: adapters.Control, Text: text, Queued: s.Now()}, l.caps)
	if err != nil {
		return Tried{Result: string(adapters.BadMessage), Detail: faultOf(err).Detail}, nil
	}
	t := Tried{Result: resultOf(nil)}
	for _, m := range parts {
		for !s.pay(ctx, l.Account) {
			if !wait(ctx, s.Poll) {
				return t, errors.New("the account's rate leaves no room for it just now")
			}
		}
		sent, err := s.tryPart(ctx, l.Account, m, id)
		t.Parts++
		t.IDs = append(t.IDs, sent.IDs...)
		if err != nil {
			e := faultOf(err)
			t.Result, t.Code, t.Detail = resultOf(err), e.Code, e.Detail
			break
		}
	}
	return t, nil
}

// tryPart makes one attempt. It tells the breaker what came of it, and does not ask it: whoever tries an account wants to
// know whether its provider answers again.
func (s *Sender) tryPart(ctx context.Context, a *Account, m adapters.Message, id string) (adapters.Sent, error) {
	done, closed := a.breaker.Allow()
	ctx, cancel := context.WithTimeout(ctx, a.caps.Timeout)
	defer cancel()
	sent, err := s.hand(ctx, a, m, id)
	if closed == nil {
		done(sick(err))
	}
	return sent, err
}
