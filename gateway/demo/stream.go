package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hoidap/hoidap/adapters/phone"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/labstack/echo/v4"
)

// The stream's clock: signals that come close together are told once; run counts change by other contacts' doing, so
// they are looked at.
const (
	settle    = 60 * time.Millisecond
	glance    = time.Second
	heartbeat = 15 * time.Second
	writeTime = 10 * time.Second
)

// stream tells the page of each change as server-sent events: `phone` at once, `state` when things have settled,
// `campaigns` when run counts moved, `gone` once the contact is erased. It starts with a `state`, so that a page that reconnects has missed nothing.
func (d *demo) stream(c echo.Context) error {
	ctx := c.Request().Context()
	v, err := d.o.API.Contact(ctx, c.QueryParam("contact"))
	if err != nil {
		return problem(err)
	}
	s := sender{d: d, c: c, contact: v, lang: langOf(c.QueryParam("lang"))}
	messages, hangUp := d.o.Phone.Subscribe(phoneOf(v))
	defer hangUp()
	changes, ignore := d.changes(v.ID)
	defer ignore()
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	c.Response().WriteHeader(http.StatusOK)
	return s.run(ctx, messages, changes)
}

// changes subscribes to the contact; without a source of changes, the stream's glances look at everything.
func (d *demo) changes(id string) (<-chan struct{}, func()) {
	if d.o.Changes == nil {
		return nil, func() {}
	}
	return d.o.Changes(id)
}

// sender writes one browser's stream.
type sender struct {
	d       *demo
	c       echo.Context
	contact control.ContactView // as it was when the stream began
	lang    lang
	last    map[string][]byte // by event, to say nothing twice
}

// run tells of changes until the browser or the server goes away.
func (s *sender) run(ctx context.Context, messages <-chan phone.Message, changes <-chan struct{}) error {
	glances, beats := time.NewTicker(glance), time.NewTicker(heartbeat)
	defer glances.Stop()
	defer beats.Stop()
	s.last = map[string][]byte{}
	settled := time.NewTimer(0) // the first state at once
	defer settled.Stop()
	waiting := true // for settled: later signals must not put it off
	wait := func() {
		if !waiting {
			waiting = true
			settled.Reset(settle)
		}
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-s.d.o.Done:
			return nil
		case _, open := <-messages:
			messages = orNil(messages, open)
			err = s.phone(ctx)
			wait()
		case _, open := <-changes:
			changes = orNil(changes, open)
			wait()
		case <-settled.C:
			waiting = false
			err = s.state(ctx)
		case <-glances.C:
			err = s.glance(ctx)
		case <-beats.C:
			err = s.write([]byte(": still here\n\n"))
		}
		if err != nil {
			return nil // the browser is gone: there is nobody to tell
		}
	}
}

// orNil is ch while it is open: a closed channel would be ready for ever.
func orNil[T any](ch <-chan T, open bool) <-chan T {
	if open {
		return ch
	}
	return nil
}

// phone sends the screen alone, so that a message shows at once.
func (s *sender) phone(ctx context.Context) error {
	entries, err := s.d.o.API.Ledger(ctx, s.contact.ID, shownEntries)
	if err != nil && !errors.Is(err, control.ErrNotFound) {
		return s.later(err)
	}
	return s.tell("phone", s.d.screen(s.lang, s.contact, entries))
}

func (s *sender) state(ctx context.Context) error {
	st, err := s.d.look(ctx, s.lang, s.contact.ID)
	if errors.Is(err, control.ErrNotFound) {
		return s.tell("gone", struct{}{}) // erased: the phone still shows what was said to it
	}
	if err != nil {
		return s.later(err)
	}
	return s.tell("state", st)
}

func (s *sender) glance(ctx context.Context) error {
	if s.d.o.Changes == nil {
		return s.state(ctx)
	}
	rows, err := s.d.strip(ctx, s.lang)
	if err != nil {
		return s.later(err)
	}
	return s.tell("campaigns", rows)
}

// later lets a failed look pass: the next signal looks again.
func (s *sender) later(err error) error {
	s.d.o.Log.Warn("demo: looking at a contact", "error", err)
	return nil
}

// tell writes one event, unless the last of its name said the same.
func (s *sender) tell(name string, x any) error {
	b, err := json.Marshal(x)
	if err != nil {
		return s.later(err)
	}
	if bytes.Equal(s.last[name], b) {
		return nil
	}
	s.last[name] = b
	return s.write(fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, b))
}

// write gives a browser that does not read a while, then gives up.
func (s *sender) write(b []byte) error {
	rc := http.NewResponseController(s.c.Response())
	_ = rc.SetWriteDeadline(time.Now().Add(writeTime)) // not every writer has deadlines
	if _, err := s.c.Response().Write(b); err != nil {
		return err
	}
	return rc.Flush()
}
