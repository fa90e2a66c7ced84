package api

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
)

// GetInboxItems is a page of the queue.
func (h *handlers) GetInboxItems(c echo.Context, p getInboxItemsParams) error {
	page, next, err := h.control.InboxPage(c.Request().Context(), p.Reason, p.Cursor, p.Limit)
	return paged(c, "items", page, next, err)
}

// GetInboxCounts is how many items there are of each reason.
func (h *handlers) GetInboxCounts(c echo.Context) error {
	counts, err := h.control.InboxCounts(c.Request().Context())
	return ok(c, map[string]any{"counts": counts}, err)
}

// GetInboxItem is one item with what is needed to deal with it.
func (h *handlers) GetInboxItem(c echo.Context, id, item string) error {
	v, err := h.control.InboxItem(c.Request().Context(), id, item)
	if err != nil {
		return err
	}
	return ok(c, struct {
		Item        control.InboxEntry     `json:"item"`
		Person      contactOut             `json:"person"`
		Pending     *campaigns.Pending     `json:"pending,omitempty"`
		Suggestions []campaigns.Suggestion `json:"suggestions,omitempty"`
		Options     []campaigns.Suggestion `json:"options,omitempty"`
		Writable    campaigns.Writable     `json:"writable"`
		Others      []campaigns.Open       `json:"others,omitempty"`
	}{v.InboxEntry, shown(c, v.Person), v.Pending, v.Suggestions, v.Options, v.Writable, v.Others}, nil)
}

// ReadInboxItem is what somebody's own wording comes to.
func (h *handlers) ReadInboxItem(c echo.Context, id, item string) error {
	var wording string
	if err := decode(c, func(o *object) { wording = o.need("wording", maxText, "the answer as you word it") }); err != nil {
		return err
	}
	x, err := h.control.ReadAs(c.Request().Context(), id, item, wording)
	return ok(c, x, err)
}

// doing is what the caller does to a contact.
func doing(c echo.Context, contact, item string) control.Doing {
	return control.Doing{Key: repeatOf(c), Contact: contact, Item: item}
}

// SettleInboxItem records what the customer meant.
func (h *handlers) SettleInboxItem(c echo.Context, id, item string) error {
	d := doing(c, id, item)
	var value json.RawMessage
	var declined bool
	err := decode(c, func(o *object) {
		if declined = o.maybe("declined"); declined == (o.fields["value"] != nil) {
			o.fail("value", "or `declined`: true, and not both, says what they meant")
		}
		if !declined {
			value = o.raw("value", "what they meant, in the form of the question's kind")
		}
	})
	if err != nil {
		return err
	}
	return done(c, h.control.Settle(c.Request().Context(), d, value, declined))
}

// CloseInboxItem says that there is nothing to do.
func (h *handlers) CloseInboxItem(c echo.Context, id, item string) error {
	return done(c, h.control.CloseItem(c.Request().Context(), doing(c, id, item)))
}

// Say writes to the customer.
func (h *handlers) Say(c echo.Context, id string) error {
	d := doing(c, id, "")
	var text string
	err := decode(c, func(o *object) {
		text, d.Item = o.need("text", maxText, "what to say"), o.optional("item", maxItem)
	})
	if err != nil {
		return err
	}
	taken, err := h.control.Say(c.Request().Context(), d, text)
	return ok(c, taken, err)
}

// maxItem is how many characters the id of an inbox item has at most.
const maxItem = 512

// about reads the item that something is about; the body may be left out.
func about(c echo.Context, contact string) (d control.Doing, err error) {
	d = doing(c, contact, "")
	err = decodeAny(c, func(o *object) { d.Item = o.optional("item", maxItem) })
	return d, err
}

// TakeOver keeps the gateway from talking to them.
func (h *handlers) TakeOver(c echo.Context, id string) error {
	d, err := about(c, id)
	if err != nil {
		return err
	}
	taken, err := h.control.TakeOver(c.Request().Context(), d)
	return ok(c, taken, err)
}

// HandBack lets it again.
func (h *handlers) HandBack(c echo.Context, id string) error {
	d, err := about(c, id)
	if err != nil {
		return err
	}
	return done(c, h.control.HandBack(c.Request().Context(), d))
}

// Teach adds a synonym, or shows what that would change.
func (h *handlers) Teach(c echo.Context, id string) error {
	l, write := control.Lesson{Campaign: id}, false
	err := decode(c, func(o *object) {
		l.Question, l.Value = o.need("question", maxID, "which question"), o.need("value", maxID, "which option")
		l.Words = o.need("words", maxName, "what customers call it")
		if l.Locale = o.oneOf("locale", "vi", "en"); l.Locale == "" {
			o.missing("locale", "the language of the words, vi or en")
		}
		write = o.maybe("write")
	})
	if err != nil {
		return err
	}
	t, err := h.control.Teach(c.Request().Context(), l, write)
	if x := (*control.FileConflict)(nil); errors.As(err, &x) {
		return err // a 409: no If-Match was asked for that could have failed
	}
	if err != nil {
		return fileProblem(err)
	}
	t.Removed, t.Added = trimmed(t.Removed), trimmed(t.Added)
	return ok(c, t, nil)
}

// trimmed is lines without the ends that another system's files have.
func trimmed(lines []string) []string {
	for i, l := range lines {
		lines[i] = string(bytes.TrimRight([]byte(l), "\r"))
	}
	return lines
}
