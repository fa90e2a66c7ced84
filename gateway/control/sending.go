package control

import (
	"context"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/store"
)

// Sending implements EmergencyStop.
func (s *Service) Sending(ctx context.Context) (Sending, error) {
	f, err := s.Store.Frozen(ctx)
	return sendingOf(f), away(err)
}

// StopSending implements EmergencyStop.
func (s *Service) StopSending(ctx context.Context, by, reason string) (Sending, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Sending{}, err
	}
	f, err := s.Store.Freeze(ctx, by, reason, s.Now())
	if err == nil {
		s.note(ctx, "stopped", "sending", "", reason)
	}
	return sendingOf(f), away(err)
}

// ResumeSending implements EmergencyStop.
func (s *Service) ResumeSending(ctx context.Context, by string) (Sending, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return Sending{}, err
	}
	was, err := s.Store.Thaw(ctx)
	if err != nil {
		return Sending{}, away(err)
	}
	if was.Frozen {
		s.note(ctx, "resumed", "sending", "", "")
		s.Log.Warn("sending is resumed", "by", by, "was stopped by", was.By, "since", was.At)
	}
	return Sending{State: SendingRuns}, nil
}

func sendingOf(f store.Freeze) Sending {
	if !f.Frozen {
		return Sending{State: SendingRuns}
	}
	return Sending{State: SendingStopped, By: f.By, Reason: f.Reason, At: f.At.UTC()}
}
