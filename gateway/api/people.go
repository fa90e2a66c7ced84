package api

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// masked hides where somebody is reached from callers who need not know: viewers.
func masked(c echo.Context, a address.Address) address.Address {
	if who, _ := web.CallerOf(c); who.Role < web.Agent && !a.IsZero() {
		a.ID = strings.TrimPrefix(a.Mask(), a.Scheme+":")
	}
	return a
}

// Search finds a contact by a whole number, address or id.
func (h *handlers) Search(c echo.Context, p searchParams) error {
	q := strings.TrimSpace(p.Q)
	if q == "" {
		return badParameter("q", "must not be empty")
	}
	v, err := h.find(c.Request().Context(), q)
	if errors.Is(err, control.ErrNotFound) {
		return ok(c, map[string]any{"contacts": []contactOut{}}, nil)
	}
	return ok(c, map[string]any{"contacts": []contactOut{shown(c, v)}}, err)
}

// usualRegion is where a number belongs that is written without its country.
const usualRegion = "VN"

func (h *handlers) find(ctx context.Context, q string) (control.ContactView, error) {
	if a, err := address.Parse(q); err == nil {
		return h.control.ContactByAddress(ctx, a.Current())
	}
	if a, err := address.Phone(q, usualRegion); err == nil {
		return h.control.ContactByAddress(ctx, a.Current())
	}
	if !strings.HasPrefix(q, "c") || !strings.Contains(q, "-") {
		return control.ContactView{}, control.ErrNotFound
	}
	return h.control.Contact(ctx, q)
}

// personOut is a person as they are answered.
type personOut struct {
	Contact     contactOut               `json:"contact"`
	Preferences []control.PreferenceView `json:"preferences"`
	Taken       *campaigns.Taken         `json:"taken,omitempty"`
	Pending     *campaigns.Pending       `json:"pending,omitempty"`
	Open        []campaigns.Open         `json:"open"`
	Planned     *control.Planned         `json:"planned,omitempty"`
	Proof       *control.ProofView       `json:"proof,omitempty"`
	Writable    campaigns.Writable       `json:"writable"`
	Parted      []control.Merged         `json:"parted"`
	Messages    []campaigns.Message      `json:"messages"`
}

// GetPerson is all about one contact. Control masks it.
func (h *handlers) GetPerson(c echo.Context, id string, p getPersonParams) error {
	read := h.control.Person
	if p.Follow != "" {
		read = h.control.ContactNow
	}
	v, err := read(c.Request().Context(), id)
	if err != nil {
		return err
	}
	showsRevision(c, contactRevision(v.ContactView))
	return ok(c, personOut{Contact: contactOut{ContactView: listed(v.ContactView)}, Preferences: full(v.Preferences), Taken: v.Taken, Pending: v.Pending, Open: full(v.Open), Planned: v.Planned,
		Proof: v.Proof, Writable: v.Writable, Parted: full(v.Parted), Messages: full(v.Messages)}, nil)
}

// GetTimeline is a page of the ledger, newest first.
func (h *handlers) GetTimeline(c echo.Context, id string, p getTimelineParams) error {
	page, next, err := h.control.Timeline(c.Request().Context(), id, p.Cursor, p.Limit)
	return paged(c, "entries", page, next, err)
}

// GetStandings is whether each campaign would ask them.
func (h *handlers) GetStandings(c echo.Context, id string) error {
	list, err := h.control.Standings(c.Request().Context(), id)
	return ok(c, map[string]any{"standings": full(list)}, err)
}

// GetWhatIf is what they would be given now.
func (h *handlers) GetWhatIf(c echo.Context, id string, p getWhatIfParams) error {
	list, err := h.control.WhatIf(c.Request().Context(), id, p.Campaign)
	return ok(c, map[string]any{"offers": full(list)}, err)
}

// Correct records a value that somebody of the brand knows.
func (h *handlers) Correct(c echo.Context, id string) error {
	var x control.Correction
	err := decode(c, func(o *object) {
		x.Attribute, x.Why = o.need("attribute", maxID, "of what"), o.need("why", maxText, "how that is known")
		x.Value = o.raw("value", "in the form of the attribute's kind")
	})
	if err == nil {
		x.Seen, err = h.matchContact(c, id)
	}
	if err != nil {
		return err
	}
	v, err := h.control.Correct(c.Request().Context(), id, x)
	return ok(c, shown(c, v), contactProblem(c, err))
}

// OptOut takes their consent to marketing back.
func (h *handlers) OptOut(c echo.Context, id string) error {
	var why string
	if err := decode(c, func(o *object) { why = o.need("why", maxText, "how that is known") }); err != nil {
		return err
	}
	v, err := h.control.OptOut(c.Request().Context(), id, why)
	return ok(c, shown(c, v), err)
}

// ExportContact is everything that is kept of one.
func (h *handlers) ExportContact(c echo.Context, id string) error {
	x, err := h.control.Export(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return ok(c, struct {
		Contact     contactOut               `json:"contact"`
		Preferences []preferences.Preference `json:"preferences"`
		Ledger      []preferences.Entry      `json:"ledger"`
		At          time.Time                `json:"exported_at"`
	}{shown(c, x.Contact), full(x.Preferences), full(x.Ledger), x.At}, nil)
}

// GetAttributes is what some question asks for.
func (h *handlers) GetAttributes(c echo.Context) error {
	list, err := h.control.Attributes(c.Request().Context())
	return ok(c, map[string]any{"attributes": full(list)}, err)
}

// ReadValue reads a value as somebody words it.
func (h *handlers) ReadValue(c echo.Context, id string) error {
	var wording, locale string
	err := decode(c, func(o *object) {
		wording, locale = o.need("wording", maxText, "the value as you word it"), o.oneOf("locale", "vi", "en")
	})
	if err != nil {
		return err
	}
	v, err := h.control.ReadValue(c.Request().Context(), id, locale, wording)
	return ok(c, struct {
		Kind  preferences.Kind  `json:"kind"`
		Value preferences.Value `json:"value"`
	}{v.Kind, v}, err)
}
