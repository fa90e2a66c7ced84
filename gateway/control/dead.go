package control

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

const (
	letterPage = 200 // letters that are looked through at a time
	letterTurn = 50  // letters that a partition puts back in one commit
)

// letterLook is how many letters a page looks through at the most for those that fit.
const letterLook = 2000

// DeadLetters implements Desk.
func (s *Service) DeadLetters(ctx context.Context, f LetterFilter, cursor string, n int) (page []DeadLetter, next string, err error) {
	var at store.DeadPlace
	if cursor != "" {
		m := letterShape.FindStringSubmatch(cursor)
		if m == nil || number(m[1]) >= int64(s.Store.Partitions()) {
			return nil, "", errCursor
		}
		at = store.DeadPlace{Partition: int(number(m[1])), Place: m[2]}
	}
	for looked := 0; looked < letterLook; {
		most := max(n, letterPage)
		found, err := s.Store.DeadLetters(ctx, at, most)
		if err != nil {
			return nil, "", away(err)
		}
		for _, d := range found {
			looked++
			at = store.DeadPlace{Partition: d.Partition, Place: d.Place}
			if l, _ := s.letter(d.Partition, d.Dead); f.fits(l) {
				page = append(page, l)
			}
			if len(page) == n {
				return page, letterID(at.Partition, at.Place), nil
			}
		}
		if len(found) < most {
			return page, "", nil
		}
	}
	return page, letterID(at.Partition, at.Place), nil
}

// CountLetters implements Desk.
func (s *Service) CountLetters(ctx context.Context) (int64, error) {
	n, err := s.Store.CountDead(ctx)
	return n, away(err)
}

// letter is what is shown of a dead letter; whole says that what was given up can be read, so that it can be replayed.
func (s *Service) letter(p int, d store.Dead) (l DeadLetter, whole bool) {
	l = DeadLetter{ID: letterID(p, d.Place), What: d.What, Of: d.ID, Reason: d.Reason, At: d.At.UTC()}
	if d.What == "message" {
		l.Account = d.Key
		l.Contact, _, _ = strings.Cut(d.ID, ".")
		o, err := record.ReadOutbound(d.Body)
		if err == nil {
			l.Kind, l.Campaign, l.Run = o.Class, o.Campaign, o.Run
		}
		return l, err == nil
	}
	if d.What == "webhook" {
		l.Webhook = d.Key
		l.Contact, _, _ = strings.Cut(d.ID, ".")
		n, err := record.ReadNotice(d.ID, d.Body)
		l.Kind = n.Type
		return l, err == nil && slices.ContainsFunc(s.Receivers, func(r Receiver) bool { return r.Name == d.Key })
	}
	if _, ok := s.Store.PartitionOfContact(d.Key); ok {
		l.Contact = d.Key
	}
	e, err := record.ReadEnvelope(d.Body)
	if err == nil {
		describe(&l, e)
	}
	return l, err == nil
}

// describe says what kind of log entry a letter holds.
func describe(l *DeadLetter, e record.Envelope) {
	switch {
	case e.Event != nil:
		l.Kind, l.Account, l.Campaign, l.Run = string(e.Event.Kind), e.Event.Account, e.Event.Campaign, e.Event.Run
	case e.Start != nil:
		l.Kind, l.Campaign, l.Run = "run_start", e.Start.Campaign, e.Start.Run
	case e.Slice != nil:
		l.Kind, l.Campaign, l.Run = "run_slice", e.Slice.Campaign, e.Slice.Run
	case e.Steer != nil:
		l.Kind, l.Run = "run_steer", e.Steer.Run
	case e.Link != nil:
		l.Kind = "link"
	case e.Suppress != "":
		l.Kind = "suppress"
	}
}

func (f LetterFilter) fits(l DeadLetter) bool {
	same := func(want, is string) bool { return want == "" || want == is }
	return same(f.What, l.What) && same(f.Account, l.Account) && same(f.Campaign, l.Campaign) && same(f.Run, l.Run) && same(f.Webhook, l.Webhook) &&
		strings.HasPrefix(l.Reason, f.Reason) && (f.Before.IsZero() || !l.At.After(f.Before))
}

func letterID(p int, place string) string { return strconv.Itoa(p) + "." + place }

var letterShape = regexp.MustCompile(`^([0-9]{1,4})\.([0-9]{1,20}-[0-9]{1,20})$`)

// ReplayLetter implements Desk.
func (s *Service) ReplayLetter(ctx context.Context, id string) (int, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return 0, err
	}
	m := letterShape.FindStringSubmatch(id)
	if m == nil || number(m[1]) >= int64(s.Store.Partitions()) {
		return 0, notFound("dead letter", id)
	}
	p := int(number(m[1]))
	found, err := s.Store.DeadAt(ctx, p, []string{m[2]})
	if err != nil || len(found) == 0 {
		return 0, away(err)
	}
	if _, whole := s.letter(p, found[0]); !whole {
		return 0, fmt.Errorf("%w: what is kept of it cannot be read, or its webhook is not configured any more, so it stays where it is", ErrConflict)
	}
	return s.replay(ctx, p, []string{m[2]})
}

// ReplayLetters implements Desk. What is given up again by the time that it is done does not count: it would never end.
func (s *Service) ReplayLetters(ctx context.Context, f LetterFilter, n int) (Replays, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return Replays{}, err
	}
	if f.Before.IsZero() {
		f.Before = s.Now()
	}
	s.note(ctx, "replayed", "letters", "", f.Account)
	out := Replays{Before: f.Before.UTC()}
	for p := range s.Store.Partitions() {
		places, more, err := s.oldest(ctx, p, f, n-out.Replayed)
		if err != nil {
			return out, away(err)
		}
		out.More = out.More || more
		for some := range slices.Chunk(places, letterTurn) {
			k, err := s.replay(ctx, p, some)
			if err != nil {
				return out, err
			}
			out.Replayed += k
		}
	}
	return out, nil
}

// oldest is where the oldest n letters of a partition lie that fit and can be replayed, and whether there are more.
func (s *Service) oldest(ctx context.Context, p int, f LetterFilter, n int) (places []string, more bool, err error) {
	for after := ""; ; {
		page, err := s.Store.OldDeadLetters(ctx, p, after, letterPage)
		if err != nil {
			return nil, false, err
		}
		for _, d := range page {
			l, whole := s.letter(p, d)
			if !whole || !f.fits(l) {
				continue
			}
			if len(places) >= n {
				return places, true, nil
			}
			places = append(places, d.Place)
		}
		if len(page) < letterPage {
			return places, false, nil
		}
		after = page[len(page)-1].Place
	}
}

// replay has a partition's owner put letters back on their way, and waits until that is committed.
func (s *Service) replay(ctx context.Context, p int, places []string) (int, error) {
	unique, err := newID()
	if err != nil {
		return 0, err
	}
	r, err := s.order(ctx, p, "", "replays:"+unique, record.Envelope{Replay: &record.Replay{Letters: places}})
	return r.Letters, err
}
