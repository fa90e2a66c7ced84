package sender

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
)

// deliver makes one attempt, part by part, and sees to what comes of it.
func (s *Sender) deliver(ctx context.Context, f *flight) {
	if f.out.Proof != "" && !s.mayProve(ctx, f) {
		return
	}
	parts, losses, err := s.parts(f)
	if err != nil {
		s.giveUp(f, "message", err.Error())
		return
	}
	for first := true; f.out.Parts < len(parts); first = false {
		if !s.mayAttempt(ctx, f, first) {
			return
		}
		sent, err := s.attempt(ctx, f, parts[f.out.Parts])
		if err != nil {
			s.failed(f, parts[f.out.Parts], err)
			return
		}
		f.out.Parts++
		f.out.Taken = append(f.out.Taken, sent.IDs...)
	}
	s.sent(f, losses)
}

// mayProve asks once more about the address of a code or link, whose owner may be another person than the message's contact.
// false: nothing may be sent there now, and the message was seen to.
func (s *Sender) mayProve(ctx context.Context, f *flight) bool {
	stopped, err := true, error(nil)
	if s.Stopped != nil {
		stopped, err = s.Stopped(ctx, f.out.To)
	}
	switch {
	case err != nil:
		s.Log.Warn("it is not known whether an address may be written to; trying again", "account", f.account.ID, "message", f.out.ID, "error", err)
		s.again(f, s.Now().Add(s.backoff(0)))
	case stopped:
		s.finish(f, campaigns.Dispatch{Status: "not_sent", Reason: compliance.OptedOut})
	}
	return err == nil && !stopped
}

// mayAttempt waits for the further parts' share of the rate; the first part's was taken with the message. false: nothing
// may be sent now, and the message was seen to.
func (s *Sender) mayAttempt(ctx context.Context, f *flight, first bool) bool {
	for !first && !s.pay(ctx, f.account) {
		if !wait(ctx, s.Poll) {
			s.drop(f)
			return false
		}
	}
	switch {
	case s.Frozen():
		s.putBack(f)
	case s.Halted(f.account.ID):
		s.makeWay(f)
	default:
		return true
	}
	return false
}

// pay takes one message's share of the account's rate.
func (s *Sender) pay(ctx context.Context, a *Account) bool {
	want, perSecond, burst := a.need(1)
	if want > 0 {
		granted, pause, err := s.Store.Spend(ctx, a.ID, perSecond, burst, want)
		if err != nil || granted == 0 {
			wait(ctx, min(pause, s.Poll))
			return false
		}
		a.fetched(granted)
	}
	return a.spend()
}

func (s *Sender) attempt(ctx context.Context, f *flight, m adapters.Message) (adapters.Sent, error) {
	done, err := f.account.breaker.Allow()
	if err != nil {
		return adapters.Sent{}, errClosed
	}
	ctx, cancel := context.WithTimeout(ctx, f.account.caps.Timeout)
	defer cancel()
	tried := s.noteTried(f, true)
	sent, err := s.hand(ctx, f.account, m, f.out.ID)
	done(sick(err))
	switch {
	case err == nil:
		f.account.accepted(s.Now())
	case errors.Is(err, adapters.ErrHeld):
		s.noteTried(f, tried)
	}
	return sent, err
}

// noteTried notes whether a message was handed to the provider, and says what was noted before.
func (s *Sender) noteTried(f *flight, now bool) (before bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, f.tried = f.tried, now
	return before
}

// hand hands m, which is the message id or a part of it, to the provider, and counts what comes of it, unless that was stopped.
func (s *Sender) hand(ctx context.Context, a *Account, m adapters.Message, id string) (adapters.Sent, error) {
	began := s.Now()
	a.Watch.Handing(began, id)
	sent, err := safely(ctx, a.Adapter, m)
	if errors.Is(err, adapters.ErrHeld) {
		a.Watch.Withheld(id)
		return sent, err
	}
	now, result := s.Now(), resultOf(err)
	s.Metrics.Seconds.WithLabelValues(a.ID).Observe(now.Sub(began).Seconds())
	s.Metrics.Attempts.WithLabelValues(a.ID, result).Inc()
	if err == nil {
		a.Watch.Taken(now, id, sent.IDs)
	} else {
		e := faultOf(err)
		a.Watch.Failed(now, id, result, e.Code, e.Detail)
	}
	return sent, err
}

// errClosed: the account's provider does not answer; nothing was tried.
var errClosed = errors.New("the way to the provider is closed for now")

// sick is err where it says that the provider is not well, rather than something about this message.
func sick(err error) error {
	if errors.Is(err, adapters.ErrHeld) {
		return nil
	}
	switch resultOf(err) {
	case "unknown", string(adapters.Transient):
		return err
	}
	return nil
}

// safely sends; a panicking adapter must not take the gateway down with it. What it had done by then is not known.
func safely(ctx context.Context, a adapters.Adapter, m adapters.Message) (sent adapters.Sent, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the adapter panicked: %v", r)
		}
	}()
	return a.Send(ctx, m)
}

// resultOf is what came of an attempt, in a word.
func resultOf(err error) string {
	if err == nil {
		return "taken"
	}
	if e := faultOf(err); e.Fault != adapters.Unknown {
		return string(e.Fault)
	}
	return "unknown"
}

// faultOf is an error as the adapter understood it; one that it did not understand is of an unknown outcome.
func faultOf(err error) *adapters.Error {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e
	}
	return &adapters.Error{Fault: adapters.Unknown}
}

// sent: the provider took the message. losses is in which simpler form it was shown.
func (s *Sender) sent(f *flight, losses []adapters.Loss) {
	d := campaigns.Dispatch{Status: "sent", Theirs: f.out.Taken}
	for _, l := range losses {
		if l != adapters.LossOptions { // which is how most accounts show them
			d.Simpler = append(d.Simpler, string(l))
		}
	}
	if f.out.Unsure {
		d.Reason = "repeated_after_unknown_outcome"
	}
	s.finish(f, d)
}

// failed decides by the fault what happens next.
func (s *Sender) failed(f *flight, part adapters.Message, err error) {
	now := s.Now()
	switch {
	case errors.Is(err, errClosed):
		s.makeWay(f)
		return
	case errors.Is(err, adapters.ErrHeld):
		s.held(f)
		return
	}
	e := faultOf(err)
	switch e.Fault {
	case adapters.Unknown:
		s.leave(f, settling)
		s.settle(f, part, now)
	case adapters.Transient:
		s.retry(f, now.Add(s.backoff(f.out.Attempt)), e)
	case adapters.Throttled:
		until := later(e.After, now.Add(s.backoff(0)))
		f.account.throttled(now, until)
		s.again(f, until) // the provider asked for patience; that is no failed attempt
	case adapters.Later:
		s.hold(f, later(e.After, now.Add(time.Minute)), "provider_later")
	case adapters.Operator:
		s.Log.Error("the account cannot send: see to its credentials, balance or configuration; trying again in a minute",
			"account", f.account.ID, "code", e.Code, "detail", e.Detail)
		f.account.pause(now.Add(operatorPause))
		s.makeWay(f)
	case adapters.Stopped:
		s.finish(f, campaigns.Dispatch{Status: "failed", Reason: string(e.Fault), Code: e.Code, Stopped: true})
	default:
		s.giveUp(f, string(e.Fault), e.Code)
	}
}

// held puts a message back that was stopped on its way. Until this replica knows of that too, or where it knows already that sending
// goes on, the account rests for a moment.
func (s *Sender) held(f *flight) {
	f.account.pause(s.Now().Add(s.Poll))
	if s.Halted(f.account.ID) {
		s.makeWay(f)
		return
	}
	s.putBack(f)
}

func (s *Sender) retry(f *flight, at time.Time, e *adapters.Error) {
	f.out.Attempt++
	if f.out.Attempt >= s.Attempts {
		s.giveUp(f, "gave_up_"+resultOf(e), e.Code)
		return
	}
	s.again(f, at)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
