package control

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/health"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences/address"
)

// Configured is an account of the configuration.
type Configured struct {
	ID, Adapter string
	Channel     address.Channel
	Registers   bool // its provider is told by us where webhooks go
	Consents    bool // an administrator consents at its provider
}

// Accounts implements Accounts.
func (s *Service) Accounts(ctx context.Context) ([]AccountView, error) {
	return s.accounts(ctx, s.Configured)
}

// Account implements Accounts.
func (s *Service) Account(ctx context.Context, id string) (AccountView, error) {
	c, err := s.configured(id)
	if err != nil {
		return AccountView{}, err
	}
	vs, err := s.accounts(ctx, []Configured{c})
	if err != nil {
		return AccountView{}, err
	}
	return vs[0], nil
}

func (s *Service) configured(id string) (Configured, error) {
	i := slices.IndexFunc(s.Configured, func(c Configured) bool { return c.ID == id })
	if i < 0 {
		return Configured{}, notFound("account", id)
	}
	return s.Configured[i], nil
}

// accounts puts together how accounts are, in a handful of round trips, however many there are.
func (s *Service) accounts(ctx context.Context, cs []Configured) ([]AccountView, error) {
	ids, partitions := make([]string, len(cs)), make([]int, s.Store.Partitions())
	for i, c := range cs {
		ids[i] = c.ID
	}
	for i := range partitions {
		partitions[i] = i
	}
	halts, err := s.Store.Halts(ctx)
	if err != nil {
		return nil, away(err)
	}
	kept, err := s.Store.Healths(ctx, ids)
	if err != nil {
		return nil, away(err)
	}
	now := s.Now()
	waiting, err := s.Store.WaitingIn(ctx, partitions, ids, now)
	if err != nil {
		return nil, away(err)
	}
	all, err := s.Store.Frozen(ctx)
	if err != nil {
		return nil, away(err)
	}
	out := make([]AccountView, len(cs))
	for i, c := range cs {
		out[i] = viewOf(c, factsOf(c, halts[c.ID], kept[i]), waiting[c.ID], now)
		if all.Frozen {
			out[i].Sending = SendingStopped
		}
	}
	return out, nil
}

// factsOf reads what is kept about an account. What cannot be read, of a newer version say, is left out.
func factsOf(c Configured, h store.Halt, kept store.Health) health.Facts {
	var seen []health.Seen
	for _, b := range kept.Seen {
		var s health.Seen
		if json.Unmarshal(b, &s) == nil {
			seen = append(seen, s)
		}
	}
	f := health.Facts{Halt: haltOf(h), All: health.Merge(seen...)}
	if p := (health.Probe{}); json.Unmarshal(kept.Told["probe"], &p) == nil {
		f.Probe = &p
	}
	if w := (health.Webhook{}); c.Registers && json.Unmarshal(kept.Told["webhook"], &w) == nil {
		f.Webhook = &w
	}
	return f
}

func haltOf(h store.Halt) health.Halt {
	return health.Halt{State: health.State(h.State), By: h.By, Reason: h.Reason, At: h.At}
}

func viewOf(c Configured, f health.Facts, w store.Waiting, now time.Time) AccountView {
	verdict := health.Judge(f, now)
	v := AccountView{ID: c.ID, Consents: c.Consents, Adapter: c.Adapter, Channel: c.Channel, State: verdict.State, Why: verdict.Why, Cure: verdict.Cure, Trouble: verdict.Trouble,
		Waiting: w.Messages, LastTaken: f.All.Taken.UTC(), LastInbound: f.All.Inbound.UTC(), LastReceipt: f.All.Receipt.UTC(),
		LastHour: f.All.Outcomes, Forged: f.All.Forged, Malformed: f.All.Malformed, InFlight: f.All.InFlight, Pace: f.All.Pace,
		Replicas: f.All.Replicas, Probe: f.Probe, Webhook: f.Webhook}
	if f.Halt.State != "" {
		v.Halt = &f.Halt
	}
	if !w.Due.IsZero() {
		v.DueSince, v.Age = w.Due.UTC(), now.Sub(w.Due).Seconds()
	}
	if median, most, n := f.All.Lag(); n > 0 {
		v.ReceiptLag = &ReceiptLag{Median: median.Seconds(), Most: most.Seconds(), Of: n}
	}
	return v
}

// PauseAccount implements Accounts.
func (s *Service) PauseAccount(ctx context.Context, id, by, reason string) (AccountView, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return AccountView{}, err
	}
	return s.halt(ctx, id, store.Halt{State: string(health.Paused), By: by, Reason: reason, At: s.Now().UTC()})
}

// DrainAccount implements Accounts.
func (s *Service) DrainAccount(ctx context.Context, id, by, reason string) (AccountView, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return AccountView{}, err
	}
	return s.halt(ctx, id, store.Halt{State: string(health.Draining), By: by, Reason: reason, At: s.Now().UTC()})
}

func (s *Service) halt(ctx context.Context, id string, h store.Halt) (AccountView, error) {
	if _, err := s.configured(id); err != nil {
		return AccountView{}, err
	}
	if _, err := s.Store.Halt(ctx, id, h); err != nil {
		return AccountView{}, away(err)
	}
	s.note(ctx, h.State, "account", id, h.Reason)
	return s.Account(ctx, id)
}

// ResumeAccount implements Accounts.
func (s *Service) ResumeAccount(ctx context.Context, id, by string) (AccountView, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return AccountView{}, err
	}
	if _, err := s.configured(id); err != nil {
		return AccountView{}, err
	}
	was, err := s.Store.Unhalt(ctx, id)
	if err != nil {
		return AccountView{}, away(err)
	}
	if was.State != "" {
		s.note(ctx, "resumed", "account", id, "")
		s.Log.Warn("an account is resumed", "account", id, "by", by, "was", was.State, "halted by", was.By, "since", was.At)
	}
	return s.Account(ctx, id)
}

const (
	trialEvery = 10 * time.Second // for each account
	trialLimit = 15 * time.Second // for the provider to answer
)

// TryAccount implements Accounts.
func (s *Service) TryAccount(ctx context.Context, id string, to address.Address, by string) (Trial, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return Trial{}, err
	}
	return s.try(ctx, id, to, by, s.trialText())
}

// try sends a text at once.
func (s *Service) try(ctx context.Context, id string, to address.Address, by, text string) (Trial, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Trial{}, err
	}
	c, err := s.configured(id)
	if err != nil {
		return Trial{}, err
	}
	if !c.Channel.Carries(to) {
		return Trial{}, fmt.Errorf("%w: the account %s is of channel %s, which does not reach an address of scheme %s", ErrInvalid, id, c.Channel, to.Scheme)
	}
	if err := s.mayTry(ctx, id, to); err != nil {
		return Trial{}, err
	}
	if mine, err := s.Store.HealthTurn(ctx, id, "trial", trialEvery); err != nil {
		return Trial{}, away(err)
	} else if !mine {
		return Trial{}, fmt.Errorf("%w: an account sends one test message in %.0f seconds", ErrTooSoon, trialEvery.Seconds())
	}
	unique, err := newID()
	if err != nil {
		return Trial{}, err
	}
	// What the provider says is wanted even where whoever asked has gone: the message may be on its way.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), trialLimit)
	defer cancel()
	tried, err := s.Try(ctx, id, "test."+unique, to, text)
	if err != nil {
		return Trial{}, fmt.Errorf("%w: %w", ErrConflict, err)
	}
	s.Log.Info("a test message was sent", "account", id, "by", by, "result", tried.Result, "code", tried.Code)
	return Trial{Account: id, To: to.Mask(), Text: text, Result: tried.Result, IDs: tried.IDs, Code: tried.Code, Detail: tried.Detail, Cure: health.Cure(tried.Result)}, nil
}

// mayTry says why nobody may be sent a test message now: sending is stopped, or they do not want any.
func (s *Service) mayTry(ctx context.Context, id string, to address.Address) error {
	all, err := s.Store.Frozen(ctx)
	if err != nil {
		return away(err)
	}
	halts, err := s.Store.Halts(ctx)
	switch {
	case err != nil:
		return away(err)
	case all.Frozen:
		return fmt.Errorf("%w: all sending is stopped; resume it first", ErrConflict)
	case halts[id].State == string(health.Paused):
		return fmt.Errorf("%w: the account is paused; resume it first", ErrConflict)
	}
	if stopped, err := s.OptedOut(ctx, to); err != nil {
		return err
	} else if stopped {
		return errOptedOut
	}
	return nil
}

// trialText is what a test message says, in the brand's language.
func (s *Service) trialText() string {
	b := s.World().Brand
	if b.Locale == "en" {
		return fmt.Sprintf("This is a test message from %s. There is no need to reply. Thank you!", b.Name)
	}
	return fmt.Sprintf("Đây là tin nhắn thử của %s, mình không cần trả lời ạ. Xin cảm ơn!", b.Name)
}

// ConsentLink implements Accounts.
func (s *Service) ConsentLink(ctx context.Context, id string) (string, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return "", err
	}
	c, err := s.configured(id)
	if err != nil {
		return "", err
	}
	if !c.Consents {
		return "", fmt.Errorf("%w: the provider of account %q needs nobody's consent", ErrConflict, id)
	}
	url, err := s.Consent(ctx, id)
	if err != nil {
		return "", away(err)
	}
	s.note(ctx, "asked_consent", "account", id, "")
	return url, nil
}
