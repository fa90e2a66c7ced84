package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
)

// Bounds on what one call replays: it waits until that is committed.
const (
	usualReplays = 200
	mostReplays  = 1000
)

// GetDeadLetters lists messages and events that were given up.
func (h *handlers) GetDeadLetters(c echo.Context, p getDeadLettersParams) error {
	f := control.LetterFilter{What: p.What, Reason: p.Reason, Account: p.Account, Campaign: p.Campaign, Run: p.Run, Webhook: p.Webhook}
	letters, next, err := h.control.DeadLetters(c.Request().Context(), f, p.Cursor, p.Limit)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Letters []control.DeadLetter `json:"dead_letters"`
		Next    string               `json:"next_cursor,omitempty"`
	}{full(letters), next})
}

// ReplayDeadLetter puts one back on its way. Once it is there, doing so again changes nothing.
func (h *handlers) ReplayDeadLetter(c echo.Context, id string) error {
	n, err := h.control.ReplayLetter(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]int{"replayed": n})
}

// ReplayDeadLetters puts back those that fit.
func (h *handlers) ReplayDeadLetters(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	f, n, err := decodeReplay(body)
	if err != nil {
		return err
	}
	r, err := h.control.ReplayLetters(c.Request().Context(), f, n)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, r)
}

// decodeReplay reads which letters are meant, and how many at most.
func decodeReplay(body []byte) (f control.LetterFilter, n int, err error) {
	var in input
	o, err := in.root(body)
	if err != nil {
		return f, 0, err
	}
	f = control.LetterFilter{What: o.optional("what", 16), Reason: o.optional("reason", 200), Account: o.optional("account", 128),
		Campaign: o.optional("campaign", 128), Run: o.optional("run", 256), Webhook: o.optional("webhook", 128), Before: o.time("before")}
	if !slices.Contains([]string{"", "message", "event", "webhook"}, f.What) {
		o.fail("what", "must be message, event or webhook")
	}
	n = usualReplays
	if k := o.number("limit"); k != nil {
		n = int(*k)
		if *k < 1 || *k > mostReplays || float64(n) != *k {
			o.fail("limit", "must be a whole number from 1 to %d", mostReplays)
		}
	}
	o.done()
	return f, n, in.problem()
}
