package control

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences/address"
)

// ProofView is a proof that has begun: a code or link was sent to an address that may be a contact's own.
type ProofView struct {
	Address address.Address `json:"address"`
	By      string          `json:"by"`      // code, link
	Account string          `json:"account"` // by which it was sent
	Expires time.Time       `json:"expires"`
}

// SoonError is an ErrTooSoon that says when it will not be too soon any more.
type SoonError struct {
	Why  string
	Wait time.Duration
}

func (e *SoonError) Error() string { return ErrTooSoon.Error() + ": " + e.Why }

// Unwrap gives ErrTooSoon.
func (e *SoonError) Unwrap() error { return ErrTooSoon }

// Link implements Contacts.
func (s *Service) Link(ctx context.Context, id string, also address.Address, by string) (ProofView, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return ProofView{}, err
	}
	st, err := s.state(ctx, id)
	if err != nil {
		return ProofView{}, err
	}
	p := campaigns.Proof{ID: rand.Text(), Also: also, By: by}
	if why, until := s.World().WhyNotProve(st, p, s.Now()); !until.IsZero() {
		return ProofView{}, &SoonError{Why: why, Wait: until.Sub(s.Now())}
	} else if why != "" {
		return ProofView{}, fmt.Errorf("%w: %s", ErrConflict, why)
	}
	if stopped, err := s.OptedOut(ctx, also); err != nil {
		return ProofView{}, err
	} else if stopped {
		return ProofView{}, fmt.Errorf("%w: whoever has this address has opted out: nothing is sent there", ErrConflict)
	}
	return s.begin(ctx, id, p)
}

// begin has the contact's own log begin the proof, where what was looked at before may have changed by now.
func (s *Service) begin(ctx context.Context, id string, p campaigns.Proof) (ProofView, error) {
	unique, err := newID()
	if err != nil {
		return ProofView{}, err
	}
	partition, _ := s.Store.PartitionOfContact(id)
	ev := campaigns.Event{ID: "prove:" + unique, Kind: campaigns.Prove, At: s.Now(), Proof: &p}
	r, err := s.order(ctx, partition, id, ev.ID, record.Envelope{Event: &ev})
	switch {
	case r.Problem != "":
		return ProofView{}, fmt.Errorf("%w: %s", ErrConflict, r.Problem)
	case err != nil:
		return ProofView{}, err
	case r.Proof == nil:
		return ProofView{}, fmt.Errorf("%w: the contact is changing hands", ErrUnavailable)
	}
	return ProofView{Address: r.Proof.Also, By: r.Proof.By, Account: r.Proof.Account, Expires: r.Proof.Expires}, nil
}

// state is everything that is kept of a contact.
func (s *Service) state(ctx context.Context, id string) (campaigns.State, error) {
	if _, err := s.Contact(ctx, id); err != nil {
		return campaigns.State{}, err
	}
	stored, err := s.Store.Load(ctx, []string{id})
	if err != nil {
		return campaigns.State{}, away(err)
	}
	st, err := record.ReadState(id, stored[0].Fields)
	if err != nil {
		return st, fmt.Errorf("%w: the record of contact %q is damaged", ErrConflict, id)
	}
	return st, nil
}

// OptedOut reports whether whoever an address leads to has opted out, or had the address when they were erased.
func (s *Service) OptedOut(ctx context.Context, a address.Address) (bool, error) {
	v, err := s.ContactByAddress(ctx, a)
	switch {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return false, err
	case v.Suppressed != nil:
		return true, nil
	}
	listed, err := s.Store.Suppressed(ctx, []store.Suspect{{Partition: s.Store.PartitionOf(a.String()), Hash: store.AddressHash(s.Secret, a.String())}})
	if err != nil {
		return false, away(err)
	}
	return listed[0], nil
}
