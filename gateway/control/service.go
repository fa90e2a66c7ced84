package control

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/simulator"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
)

// answerLimit is how long an edit waits for the owner of its partition.
const answerLimit = 5 * time.Second

// Service is the API over Redis.
type Service struct {
	Store *store.Store
	World func() *campaigns.World
	Now   func() time.Time
	Log   *slog.Logger

	Secret     string // keys the hashes on the suppression list, and the codes that customers get
	Configured []Configured
	Receivers  []Receiver // the webhooks' endpoints
	// Post makes one attempt to deliver a notice to a receiver; false: there is none of the name.
	Post   func(ctx context.Context, receiver string, n record.Notice) (record.Attempt, bool)
	Shelf  Shelf                 // the campaign files
	Care   Care                  // from how many people on a launch wants more than a click
	Reread func(context.Context) // puts what was published in force on this replica; others hear of it

	FileOptions func() files.Options // what campaign files mean by what they do not say
	// Reach counts whom a campaign would reach; nil: by the step that a run takes with each contact.
	Reach func(ctx context.Context, c *campaigns.Campaign) (Reach, error)
	// Show is a message as an account would hand it to its provider.
	Show func(account string, o campaigns.Outbound) (Shown, error)
	// Consent is where an administrator consents at an account's provider.
	Consent func(ctx context.Context, account string) (string, error)
	// Try hands a message to an account's provider now. An error says in a sentence why nothing was handed over.
	Try func(ctx context.Context, account, id string, to address.Address, text string) (Tried, error)
	// Busy reports whether people write: what may wait then takes no more than half of the time. Nil: they never do.
	Busy     func() bool
	Carriers map[string]simulator.Carrier // what each account can carry, for talks that are only played
	Hashing  PasswordCost

	workers    workers
	looking    sync.Mutex // held while a page is read for a look through all contacts
	attended   attended
	roll       roll
	counts     joint[countOf, AudienceCount]
	gatherings joint[string, *gathering]
	counted    counted
	gathered   gathered
	readings   readings
	hashes     hashGate
	named      named
}

var _ API = (*Service)(nil)

// order appends an envelope to a partition's log and waits until its owner has committed it.
func (s *Service) order(ctx context.Context, partition int, key, id string, e record.Envelope) (campaigns.Result, error) {
	r, err := s.ordered(ctx, partition, key, id, e)
	if err == nil && r.Problem != "" {
		return r, fmt.Errorf("%w: %s", ErrInvalid, r.Problem)
	}
	return r, err
}

// ordered is order with whatever the answer is.
func (s *Service) ordered(ctx context.Context, partition int, key, id string, e record.Envelope) (campaigns.Result, error) {
	e.Reply = true
	put := s.Store.Append
	if eases(e) {
		put = s.Store.AppendAnyway
	}
	if err := put(ctx, []int{partition}, []store.LogEntry{{ID: id, Key: key, Body: e.Bytes()}}); err != nil {
		return campaigns.Result{}, away(err)
	}
	return s.answered(ctx, partition, id, e)
}

// answered waits for what became of an order. That an act was refused is told to whoever asked for it then: it may be another
// by now, where one who has gone had asked under the same id. What was done is done for all of them.
func (s *Service) answered(ctx context.Context, partition int, id string, e record.Envelope) (campaigns.Result, error) {
	try := ""
	if e.Event != nil && e.Event.Act != nil {
		try = e.Event.Act.Try
	}
	for range triesMost {
		raw, err := s.Store.Await(ctx, partition, id, try, answerLimit)
		if err != nil {
			return campaigns.Result{}, away(err)
		}
		r, err := record.ReadResult(raw)
		if err != nil || r.Refused == "" || r.Try == "" || r.Try == try {
			return r, err
		}
		if err := s.Store.HandAnswer(ctx, partition, id, r.Try, raw); err != nil {
			return campaigns.Result{}, away(err)
		}
	}
	return campaigns.Result{}, fmt.Errorf("%w: many ask for the same at once", ErrUnavailable)
}

// triesMost is how many who asked for one act, and have gone or wait beside, may be answered first.
const triesMost = 16

// eases reports whether an order makes room, stops that more is wanted or sent, or notes what customers may have at any time: it
// goes in while nothing new is taken.
func eases(e record.Envelope) bool {
	switch {
	case e.Steer != nil:
		return e.Steer.State != record.StateRunning
	case e.Event == nil:
		return false
	case e.Event.Kind == campaigns.MessageIn:
		return e.Event.Account == campaigns.Web && withdraws(e.Event.Text)
	case e.Event.Kind == campaigns.Edit && e.Event.Contact != nil:
		return slices.ContainsFunc(e.Event.Contact.Consents, func(c preferences.Consent) bool { return !c.Granted })
	}
	return e.Event.Kind == campaigns.EraseContact || e.Event.Kind == campaigns.TakenAway || e.Event.Kind == campaigns.CopyTaken
}

// withdraws reports whether what a customer says on their page, by its button or in their own words, is that they want to
// hear no more, or to be forgotten.
func withdraws(text string) bool {
	wish := understand.Read(understand.Ask{}, text).Command
	return text == StopWord || wish == understand.Stop || wish == understand.Forget
}

func away(err error) error {
	if err != nil && store.IsAway(err) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("making an id: %w", err)
	}
	return id.String(), nil
}

// Ready says why the gateway cannot serve.
func (s *Service) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return away(s.Store.Ping(ctx))
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func notFound(what, id string) error {
	return fmt.Errorf("%w: there is no %s %q", ErrNotFound, what, id)
}

var errOptedOut = fmt.Errorf("%w: this person has opted out: nothing is sent to them", ErrConflict)

var errCursor = fmt.Errorf("%w: the cursor is none that a page has given", ErrInvalid)

var errSplit = errors.New("the addresses belong to different contacts")
