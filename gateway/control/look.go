package control

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences"
)

// How contacts are looked through. A page is what Redis answers in about a millisecond: nobody's reply waits for longer.
const (
	pageIDs   = 2000 // contacts whose ids are read at once
	pageMost  = 200  // contacts that are read at once
	lookLimit = 5000 // contacts that a page of a list looks through at the most
	readLimit = 2000 // likewise, where their ledgers are read
)

// place is where a look through all contacts stands: behind a contact of a partition.
type place struct {
	partition int
	after     string
}

// placeOf reads a cursor; "" is the beginning.
func (s *Service) placeOf(cursor string) (place, error) {
	if cursor == "" {
		return place{}, nil
	}
	part, rest, ok := strings.Cut(cursor, ".")
	number, err := strconv.Atoi(part)
	if !ok || err != nil || number < 0 || number >= s.Store.Partitions() {
		return place{}, fmt.Errorf("%w: the cursor is not one of ours", ErrInvalid)
	}
	return place{number, rest}, nil
}

func (p place) cursor() string { return fmt.Sprintf("%d.%s", p.partition, p.after) }

// seen is a contact as a look finds it.
type seen struct {
	id     string
	state  campaigns.State     // where it is not wanted, empty
	broken bool                // its record cannot be read
	ledger []preferences.Entry // oldest first; empty where it is not wanted
}

// page is some contacts of one partition.
type page struct {
	place    place // behind them
	contacts []seen
	last     bool // of the partition
}

// wanted is what a look reads of each contact.
type wanted struct {
	state bool
	about string // a campaign: the ledgers that name it, and who the contacts are
	few   some   // nil: everybody is looked at
	now   bool   // it is of a page that somebody waits for, and gives way to none
}

// some are contacts who are looked at in the place of everybody.
type some interface {
	// of gives those of a partition, in the order of their ids; ok is false where they are not known: then all of it is looked at.
	of(ctx context.Context, partition int) (ids []string, ok bool, err error)
}

// look goes through all contacts from a place on, in the order of their ids within each partition, until take says that it
// has seen enough. While one page is looked at the next one is read. Whatever looks there are, one page is read at a time; and
// while people write, as long a rest follows as the page took, so that the machine is theirs.
func (s *Service) look(ctx context.Context, from place, w wanted, take func(page) (more bool, err error)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pages, failed := make(chan page), make(chan error, 1)
	go func() {
		defer close(pages)
		failed <- s.read(ctx, from, w, pages)
	}()
	for p := range pages {
		more, err := take(p)
		if err != nil || !more {
			cancel()
			for range pages { // the reader ends with ctx
			}
			<-failed //nolint:errcheck // it was told to end
			return err
		}
	}
	return <-failed
}

func (s *Service) read(ctx context.Context, from place, w wanted, pages chan<- page) error {
	for p := from; p.partition < s.Store.Partitions(); p = (place{partition: p.partition + 1}) {
		for whole := false; !whole; {
			ids, last, err := s.ids(ctx, p, w.few)
			if err != nil {
				return err
			}
			whole = last
			for first := true; first || len(ids) > 0; first = false {
				n := min(pageMost, len(ids))
				next, err := s.page(ctx, ids[:n], w)
				if err != nil {
					return err
				}
				if ids = ids[n:]; n > 0 {
					p.after = next[n-1].id
				}
				select {
				case <-ctx.Done():
					return ctx.Err()
				case pages <- page{place: p, contacts: next, last: whole && len(ids) == 0}:
				}
			}
		}
	}
	return nil
}

// ids are the next to be looked at behind a place; last says that there are no more of its partition.
func (s *Service) ids(ctx context.Context, p place, few some) (ids []string, last bool, err error) {
	if few != nil {
		ids, ok, err := few.of(ctx, p.partition)
		if err != nil {
			return nil, false, err
		}
		if ok {
			from, there := slices.BinarySearch(ids, p.after)
			if there {
				from++
			}
			return ids[from:], true, nil
		}
	}
	ids, err = s.Store.Contacts(ctx, p.partition, p.after, pageIDs)
	return ids, len(ids) < pageIDs, away(err)
}

// page reads contacts, and rests.
func (s *Service) page(ctx context.Context, ids []string, w wanted) (out []seen, err error) {
	err = s.gently(ctx, w.now, func() error {
		out, err = s.readPage(ctx, ids, w)
		return err
	})
	return out, err
}

func (s *Service) readPage(ctx context.Context, ids []string, w wanted) ([]seen, error) {
	out := make([]seen, len(ids))
	if w.state {
		stored, err := s.Store.Load(ctx, ids)
		if err != nil {
			return nil, away(err)
		}
		for i, c := range stored {
			st, err := record.ReadState(c.ID, c.Fields)
			out[i].state, out[i].broken = st, c.Damaged || err != nil
		}
		s.roll.learn(s.Store, stored)
	}
	if w.about != "" {
		if err := s.ledgers(ctx, ids, w.about, out); err != nil {
			return nil, err
		}
	}
	for i, id := range ids {
		out[i].id = id
	}
	return out, nil
}

// gently reads something that is part of more: one at a time, and with a rest behind it. What is not wanted now waits before its
// turn until pages have been answered that somebody waits for: it is in the way of none of them.
func (s *Service) gently(ctx context.Context, now bool, read func() error) error {
	if !now {
		if err := s.attended.wait(ctx); err != nil {
			return err
		}
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	began := time.Now()
	if err := read(); err != nil {
		return err
	}
	return s.rest(ctx, time.Since(began))
}

// ledgers reads the ledgers that name a campaign, and who those are.
func (s *Service) ledgers(ctx context.Context, ids []string, campaign string, out []seen) error {
	raw, err := s.Store.Ledgers(ctx, ids, 0)
	if err != nil {
		return away(err)
	}
	var who []string
	var places []int
	for i := range raw {
		if !slices.ContainsFunc(raw[i], func(b []byte) bool { return bytes.Contains(b, []byte(campaign)) }) {
			continue // most people are in the audience of few campaigns
		}
		out[i].ledger = readLedger(raw[i])
		who, places = append(who, ids[i]), append(places, i)
	}
	stored, err := s.Store.LoadSome(ctx, who, record.WhoFields())
	if err != nil {
		return away(err)
	}
	for n, c := range stored {
		st, err := record.ReadState(c.ID, c.Fields)
		out[places[n]].state, out[places[n]].broken = st, err != nil
	}
	return nil
}

// rest waits for as long as the page took, while people write.
func (s *Service) rest(ctx context.Context, took time.Duration) error {
	if s.Busy == nil || !s.Busy() || took <= 0 {
		return nil
	}
	t := time.NewTimer(min(took, restMost))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// restMost bounds a rest: a Redis that hung asks for none as long as that.
const restMost = 100 * time.Millisecond
