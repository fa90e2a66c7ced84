package control

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/access"
)

// ask keeps a request until somebody decides on it. A launch that was asked for with a key is asked for once.
func (s *Service) ask(ctx context.Context, r Request) (Request, error) {
	unique, err := newID()
	if err != nil {
		return r, err
	}
	if r.Launch != nil && r.Launch.Key == "" {
		r.Launch.Key = unique // whoever approves twice starts one run
	}
	r.State, r.By, r.At = RequestWaits, access.Of(ctx).Name, s.Now().UnixMilli()
	if waits, ok, err := s.waiting(ctx, r); ok || err != nil {
		return waits, err
	}
	for _, r.ID = range r.ids(unique) {
		made, err := s.swap(ctx, "", &r)
		if err != nil {
			return r, err
		}
		if made {
			s.note(ctx, "asked", "launch", r.ID, r.about())
			return r, s.tidyRequests(ctx)
		}
		before, err := s.request(ctx, r.ID)
		if err != nil {
			return r, err
		}
		if before.Launch != nil && r.Launch != nil && before.Launch.Campaign == r.Launch.Campaign {
			return before, before.refusal()
		}
		if before.waitsFor(r) {
			return before, nil // somebody else asked at the same moment
		}
	}
	return r, fmt.Errorf("%w: another request has this id; use another key", ErrConflict)
}

// waiting is the request that waits already for what r wants to publish: who asks again, as hoidap apply does, asks nobody twice.
func (s *Service) waiting(ctx context.Context, r Request) (Request, bool, error) {
	if r.Publish == nil {
		return r, false, nil
	}
	all, err := s.Requests(ctx)
	if i := slices.IndexFunc(all, func(before Request) bool { return before.waitsFor(r) }); i >= 0 {
		return all[i], true, nil
	}
	return r, false, err
}

// waitsFor reports whether a request waits for the version to be put in force that r is about.
func (r Request) waitsFor(other Request) bool {
	return r.State == RequestWaits && r.Publish != nil && other.Publish != nil && r.Publish.Name == other.Publish.Name && r.Publish.Version == other.Publish.Version
}

// ids is what a request may be called. Campaign a with key b-c and campaign a-b with key c would have the same id: whoever
// comes second gets one that no campaign can have by chance, as runs do. A version that is to be in force has one id the first time.
func (r Request) ids(unique string) []string {
	if r.Launch == nil {
		return []string{hashed(fmt.Sprint(r.Publish.Name, "@", r.Publish.Version)), unique}
	}
	return []string{r.Launch.Campaign + "-" + r.Launch.Key, r.Launch.Campaign + "~" + r.Launch.Key}
}

// refusal is an error where the request was refused: to ask once more with its key asks nobody.
func (r Request) refusal() error {
	if r.State != RequestRefused {
		return nil
	}
	why := ""
	if r.Reason != "" {
		why = ": " + r.Reason
	}
	return fmt.Errorf("%w: %s has refused this launch%s; to ask again, use another key", ErrConflict, r.Decided, why)
}

// about is what a request is about: a campaign, or a file.
func (r Request) about() string {
	if r.Launch != nil {
		return r.Launch.Campaign
	}
	return r.Publish.Name
}

// swap writes a request over what was read.
func (s *Service) swap(ctx context.Context, old string, r *Request) (bool, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	ok, err := s.Store.SwapRequest(ctx, r.ID, old, string(b))
	r.stored = string(b)
	return ok, away(err)
}

// Requests implements Launches.
func (s *Service) Requests(ctx context.Context) ([]Request, error) {
	all, err := s.Store.Requests(ctx)
	if err != nil {
		return nil, away(err)
	}
	var out []Request
	for id, raw := range all {
		if r, ok := readRequest(id, raw); ok {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Request) int { return cmp.Or(-cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// tidyRequests forgets the oldest of those that were decided.
func (s *Service) tidyRequests(ctx context.Context) error {
	all, err := s.Requests(ctx)
	if err != nil {
		return err
	}
	var old []string
	decided := 0
	for _, r := range all {
		if r.State == RequestWaits {
			continue
		}
		if decided++; decided > requestsKept {
			old = append(old, r.ID)
		}
	}
	return away(s.Store.DropRequests(ctx, old...))
}

func (s *Service) request(ctx context.Context, id string) (Request, error) {
	all, err := s.Store.Requests(ctx)
	if err != nil {
		return Request{}, away(err)
	}
	if r, ok := readRequest(id, all[id]); ok {
		return r, nil
	}
	return Request{}, notFound("request", id)
}

// decide writes a decision, unless somebody was faster.
func (s *Service) decide(ctx context.Context, id, state, reason string) (Request, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Request{}, err
	}
	by := access.Of(ctx).Name
	r, err := s.request(ctx, id)
	if err != nil {
		return r, err
	}
	if r.State != RequestWaits {
		return r, fmt.Errorf("%w: %s has %s this already", ErrConflict, r.Decided, r.State)
	}
	if state == RequestApproved && by == r.By {
		return r, fmt.Errorf("%w: you asked for this yourself; it takes a second person to agree", ErrConflict)
	}
	old := r.stored
	r.State, r.Decided, r.When, r.Reason = state, by, s.Now().UnixMilli(), reason
	ok, err := s.swap(ctx, old, &r)
	if err != nil {
		return r, err
	}
	if !ok {
		return s.decide(ctx, id, state, reason)
	}
	s.note(ctx, state, "launch", id, r.about())
	return r, nil
}

// Refuse implements Launches.
func (s *Service) Refuse(ctx context.Context, request, reason string) (Request, error) {
	return s.decide(ctx, request, RequestRefused, reason)
}

// Approve implements Launches. What is approved is carried out after the decision is written: where it is not known whether
// that was done, whoever approves again carries it out, as both a run and a version are started once only.
func (s *Service) Approve(ctx context.Context, request string) (Request, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Request{}, err
	}
	r, err := s.request(ctx, request)
	if err != nil {
		return r, err
	}
	if !r.undone() || access.Of(ctx).Name == r.By {
		if r, err = s.decide(ctx, request, RequestApproved, ""); err != nil {
			return r, err
		}
	}
	return s.carriedOut(ctx, r)
}

// undone reports whether a request is approved, and nobody knows that it was carried out.
func (r Request) undone() bool { return r.State == RequestApproved && !r.Done && r.Run == "" }

// carriedOut carries a request out and writes that down. It waits again only where it is certain that nothing was done: what
// Redis did not answer to may be on a log.
func (s *Service) carriedOut(ctx context.Context, r Request) (Request, error) {
	if err := s.carryOut(ctx, &r); err != nil {
		if errors.Is(err, ErrInvalid) || errors.Is(err, ErrConflict) || errors.Is(err, ErrNotFound) {
			return s.reopened(ctx, r, err)
		}
		return r, err
	}
	old := r.stored
	r.Done = true
	ok, err := s.swap(ctx, old, &r)
	if err == nil && !ok {
		return s.request(ctx, r.ID) // somebody else approved at the same time
	}
	return r, err
}

// carryOut does what was agreed to, unless it has come to reach many more people than were agreed to.
func (s *Service) carryOut(ctx context.Context, r *Request) error {
	if r.Publish != nil {
		return s.carryOutPublish(ctx, r)
	}
	run, err := s.carryOutLaunch(ctx, r)
	if err != nil {
		return err
	}
	r.Run = run.ID
	return nil
}

func (s *Service) carryOutPublish(ctx context.Context, r *Request) error {
	head, _, err := s.Store.FileHead(ctx, r.Publish.Name)
	if err != nil || head.Published == r.Publish.Version {
		return away(err) // it was put in force when the request could not be written any more
	}
	_, err = s.publish(ctx, r.Publish.Name, FileSeen{Version: r.Publish.Version}, func(ctx context.Context, set *files.Set) error {
		people, err := s.publishReach(ctx, r.Publish.Name, set)
		if err != nil {
			return err
		}
		return r.grown(people)
	})
	return err
}

func (s *Service) carryOutLaunch(ctx context.Context, r *Request) (Run, error) {
	if run, err := s.known(ctx, *r.Launch); err != nil {
		return Run{}, err
	} else if run != nil {
		return *run, nil // it was started when the request could not be written any more
	}
	c, err := s.launchable(r.Launch.Campaign)
	if err != nil {
		return Run{}, err
	}
	now, err := s.reach(ctx, c)
	if err != nil {
		return Run{}, err
	}
	if err := r.grown(now.People); err != nil {
		return Run{}, err
	}
	return s.launch(ctx, *r.Launch, r.People, r.By)
}

// grown is an error where many more people are reached by now than the request says, which says so from then on. One in
// fifty is no matter, as where a number is typed.
func (r *Request) grown(people int64) error {
	was := r.People
	if people-was <= was/50 {
		return nil
	}
	r.People = people
	return fmt.Errorf("%w: this reaches %d people by now, not %d; the request says so now and waits: look again, and agree to that", ErrConflict, people, was)
}

// reopened lets a request wait again that could not be carried out.
func (s *Service) reopened(ctx context.Context, r Request, cause error) (Request, error) {
	old := r.stored
	r.State, r.Decided, r.When = RequestWaits, "", 0
	if _, err := s.swap(ctx, old, &r); err != nil {
		return r, fmt.Errorf("%w (and the request stands as approved: %w)", cause, err)
	}
	return r, cause
}
