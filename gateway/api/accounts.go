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

// GetAccounts tells how all accounts are.
func (h *handlers) GetAccounts(c echo.Context) error {
	as, err := h.control.Accounts(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"accounts": full(as)})
}

// GetAccount tells how one is.
func (h *handlers) GetAccount(c echo.Context, id string) error {
	a, err := h.control.Account(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, a)
}

// PauseAccount hands its provider nothing more.
func (h *handlers) PauseAccount(c echo.Context, id string) error {
	return haltAccount(c, id, h.control.PauseAccount)
}

// DrainAccount puts nothing new on it.
func (h *handlers) DrainAccount(c echo.Context, id string) error {
	return haltAccount(c, id, h.control.DrainAccount)
}

// haltAccount pauses or drains one.
func haltAccount(c echo.Context, id string, halt func(ctx context.Context, id, by, reason string) (control.AccountView, error)) error {
	reason, err := decodeReason(c)
	if err != nil {
		return err
	}
	who, _ := web.CallerOf(c)
	a, err := halt(c.Request().Context(), id, who.Name, reason)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, a)
}

// ResumeAccount ends either.
func (h *handlers) ResumeAccount(c echo.Context, id string) error {
	who, _ := web.CallerOf(c)
	a, err := h.control.ResumeAccount(c.Request().Context(), id, who.Name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, a)
}

// TestAccount sends one test message.
func (h *handlers) TestAccount(c echo.Context, id string) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	to, err := decodeTrial(body)
	if err != nil {
		return err
	}
	who, _ := web.CallerOf(c)
	t, err := h.control.TryAccount(c.Request().Context(), id, to, who.Name)
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
	to := testAddress(o)
	o.done()
	return to, in.problem()
}

// ConsentAccount is where an administrator consents at its provider.
func (h *handlers) ConsentAccount(c echo.Context, id string) error {
	url, err := h.control.ConsentLink(c.Request().Context(), id)
	return ok(c, map[string]string{"url": url}, err)
}
