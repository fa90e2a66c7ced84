package sender

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
)

// deliver makes one attempt, part by part, and sees to what comes of it.
func (s *Sender) deliver(ctx context.Context, l load) {
	parts, losses, err := adapters.Fit(messageOf(l.out), l.account.caps)
	if err != nil {
		s.giveUp(l, "message", err.Error())
		return
	}
	if len(losses) > 0 {
		s.Log.Debug("a message was shown in a simpler form", "message", l.out.ID, "losses", losses)
	}
	for l.out.Parts < len(parts) {
		if s.Frozen() {
			s.again(l, s.Now())
			return
		}
		sent, err := s.attempt(ctx, l, parts[l.out.Parts])
		if err != nil {
			s.failed(ctx, l, parts[l.out.Parts], err)
			return
		}
		l.out.Parts++
		l.out.Taken = append(l.out.Taken, sent.IDs...)
	}
	s.sent(l)
}

func (s *Sender) attempt(ctx context.Context, l load, m adapters.Message) (adapters.Sent, error) {
	ctx, cancel := context.WithTimeout(ctx, l.account.caps.Timeout)
	defer cancel()
	began := s.Now()
	sent, err := safely(ctx, l.account.Adapter, m)
	s.Metrics.Seconds.WithLabelValues(l.account.ID).Observe(s.Now().Sub(began).Seconds())
	s.Metrics.Attempts.WithLabelValues(l.account.ID, resultOf(err)).Inc()
	return sent, err
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

func resultOf(err error) string {
	var e *adapters.Error
	switch {
	case err == nil:
		return "taken"
	case errors.As(err, &e) && e.Fault != adapters.Unknown:
		return string(e.Fault)
	}
	return "unknown"
}

func (s *Sender) sent(l load) {
	d := campaigns.Dispatch{Status: "sent", Theirs: l.out.Taken}
	if l.out.Unsure {
		d.Reason = "repeated_after_unknown_outcome"
	}
	s.finish(l, d)
}

// failed decides by the fault what happens next.
func (s *Sender) failed(ctx context.Context, l load, part adapters.Message, err error) {
	var e *adapters.Error
	if !errors.As(err, &e) {
		e = &adapters.Error{Fault: adapters.Unknown}
	}
	now := s.Now()
	switch e.Fault {
	case adapters.Unknown:
		s.settle(ctx, l, part, now)
	case adapters.Transient:
		s.retry(l, now.Add(s.backoff(l.out.Attempt)), e)
	case adapters.Throttled:
		until := later(e.After, now.Add(s.backoff(0)))
		l.account.pause(until)
		l.out.Attempt-- // the provider asked for patience; that is no failed attempt
		s.retry(l, until, e)
	case adapters.Later:
		s.hold(l, later(e.After, now.Add(time.Minute)), "provider_later")
	case adapters.Operator:
		s.Log.Error("the account cannot send: see to its credentials, balance or configuration; trying again in a minute",
			"account", l.account.ID, "code", e.Code, "detail", e.Detail)
		l.account.pause(now.Add(operatorPause))
		l.out.Attempt--
		s.retry(l, now.Add(operatorPause), e)
	case adapters.Stopped:
		s.finish(l, campaigns.Dispatch{Status: "failed", Reason: string(e.Fault), Code: e.Code, Stopped: true})
	default:
		s.giveUp(l, string(e.Fault), e.Code)
	}
}

func (s *Sender) retry(l load, at time.Time, e *adapters.Error) {
	l.out.Attempt++
	if l.out.Attempt >= s.Attempts {
		s.giveUp(l, "gave_up_"+string(e.Fault), e.Code)
		return
	}
	s.again(l, at)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func messageOf(o campaigns.Outbound) adapters.Message {
	m := adapters.Message{ID: o.ID, To: o.To, Class: adapters.Class(o.Class), Text: o.Text, Queued: o.Queued, Expires: o.Expires}
	for _, x := range o.Options {
		m.Options = append(m.Options, adapters.Option{Payload: x.Payload, Label: x.Label})
	}
	return m
}
