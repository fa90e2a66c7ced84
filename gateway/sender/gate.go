package sender

import (
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
)

// steered reports whether a message waits while its run is paused, and goes with it when it is cancelled.
func steered(f *flight) bool { return f.out.Class == campaigns.ClassAd && f.out.Run != "" }

// admitted lets a message go, as far as its contact and its run allow now.
func (s *Sender) admitted(f *flight, stand store.Standing) {
	switch {
	case s.byID[f.account.ID].gone:
		s.finish(f, campaigns.Dispatch{Status: "failed", Reason: "account_gone"})
		return
	case stand.Unreadable != nil:
		s.contactUnreadable(f, stand.Unreadable)
		return
	case stand.Damaged != nil: // whether it may go is not known
		s.stand(stand.Damaged)
		s.putBack(f)
		return
	case stand.Core == nil: // the contact was erased
		s.settleGone(f)
		return
	case stand.First != "" && stand.First != f.out.ID:
		// It was taken before the one that it waits for was put back, and was told here only after that one had landed.
		s.putBack(f)
		return
	case stand.State == record.StateCancelled:
		s.finish(f, campaigns.Dispatch{Status: "not_sent", Reason: "run_cancelled"})
		return
	case stand.State == record.StatePaused:
		s.park(f)
		return
	case f.out.Aside:
		s.letGo(f)
		return
	}
	contact, err := record.ReadCore(stand.Core)
	if err != nil {
		s.contactUnreadable(f, err)
		return
	}
	taken, ads := record.Gate(stand.Dialogue, contact)
	s.gate(f, contact, taken, ads)
}

// gate asks once more whether the message may go (invariant I4), and lets it go. taken is who talks to the contact, ads are
// those that count for their numbers.
func (s *Sender) gate(f *flight, contact *preferences.Contact, taken *campaigns.Taken, ads []campaigns.Ad) {
	if contact == nil {
		s.settleGone(f)
		return
	}
	switch v := s.World().May(&f.out, contact, taken, ads, s.Now()); v.Action {
	case compliance.Drop:
		s.finish(f, campaigns.Dispatch{Status: "not_sent", Reason: v.Reason})
	case compliance.Defer:
		s.hold(f, v.Until, v.Reason)
	default:
		s.Metrics.Flying.WithLabelValues(f.account.ID).Set(float64(f.account.flying()))
		s.spawn(f, func() { s.deliver(s.sending, f) })
	}
}
