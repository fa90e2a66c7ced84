package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

// soon is after how long somebody who was too quick may ask again.
const soon = 10 * time.Second

func (h *handlers) accounts(c echo.Context) error {
	if _, err := query(c); err != nil {
		return err
	}
	as, err := h.control.Accounts(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"accounts": full(as)})
}

func (h *handlers) account(c echo.Context) error {
	a, err := h.control.Account(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, a)
}

// haltAccount pauses or drains one. A reason is welcome; whoever is in a hurry leaves the body out.
func (h *handlers) haltAccount(halt func(ctx context.Context, id, by, reason string) (control.AccountView, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		body, err := readBody(c)
		if err != nil {
			return err
		}
		reason, err := decodeReason(body)
		if err != nil {
			return err
		}
		who, _ := web.CallerOf(c)
		a, err := halt(c.Request().Context(), c.Param("id"), who.Name, reason)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, a)
	}
}

func (h *handlers) resumeAccount(c echo.Context) error {
	if err := h.noBody(c); err != nil {
		return err
	}
	who, _ := web.CallerOf(c)
	a, err := h.control.ResumeAccount(c.Request().Context(), c.Param("id"), who.Name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, a)
}

// tryAccount sends one test message.
func (h *handlers) tryAccount(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	to, err := decodeTrial(body)
	if err != nil {
		return err
	}
	who, _ := web.CallerOf(c)
	t, err := h.control.TryAccount(c.Request().Context(), c.Param("id"), to, who.Name)
	if errors.Is(err, control.ErrTooSoon) {
		return &web.Problem{Status: http.StatusTooManyRequests, Detail: sentence(err, control.ErrTooSoon), RetryAfter: soon, Err: err}
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, t)
}

func decodeTrial(body []byte) (address.Address, error) {
	var in input
	o, err := in.root(body)
	if err != nil {
		return address.Address{}, err
	}
	s := o.need("to", 200, "whom to send the test message to, such as tel:+84901234567")
	to, err := address.Parse(s)
	if s != "" && err != nil {
		o.fail("to", "must be an address such as tel:+84901234567")
	}
	o.done()
	return to, in.problem()
}
