package api

import (
	"bytes"
	"net/http"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/labstack/echo/v4"
)

// Bounds on what one call replays: it waits until that is committed.
const (
	usualReplays = 200
	mostReplays  = 1000
)

func (h *handlers) deadLetters(c echo.Context) error {
	q, err := query(c, "limit", "what", "reason", "account", "campaign", "run")
	if err != nil {
		return err
	}
	n, err := limit(q, 50, 500)
	if err != nil {
		return err
	}
	f := control.LetterFilter{What: q.Get("what"), Reason: q.Get("reason"), Account: q.Get("account"), Campaign: q.Get("campaign"), Run: q.Get("run")}
	if !knownLetter(f.What) {
		return badParameter("what", "must be message or event")
	}
	letters, err := h.control.DeadLetters(c.Request().Context(), f, n)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"dead_letters": full(letters)})
}

func knownLetter(what string) bool { return what == "" || what == "message" || what == "event" }

// replayLetter puts one dead letter back on its way. Once it is there, doing so again changes nothing.
func (h *handlers) replayLetter(c echo.Context) error {
	if err := h.noBody(c); err != nil {
		return err
	}
	n, err := h.control.ReplayLetter(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]int{"replayed": n})
}

// replayLetters puts back those that fit.
func (h *handlers) replayLetters(c echo.Context) error {
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
		Campaign: o.optional("campaign", 128), Run: o.optional("run", 256), Before: o.time("before")}
	if !knownLetter(f.What) {
		o.fail("what", "must be message or event")
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

// noBody refuses a body that says something: it would be ignored.
func (h *handlers) noBody(c echo.Context) error {
	body, err := readBody(c)
	if err != nil || len(bytes.TrimSpace(body)) == 0 {
		return err
	}
	return decodeNothing(body)
}
