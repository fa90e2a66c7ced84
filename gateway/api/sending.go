package api

import (
	"bytes"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/web"
)

// GetSending says whether messages are handed to providers.
func (h *handlers) GetSending(c echo.Context) error {
	s, err := h.control.Sending(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s)
}

// StopSending is the emergency stop.
func (h *handlers) StopSending(c echo.Context) error {
	reason, err := decodeReason(c)
	if err != nil {
		return err
	}
	who, _ := web.CallerOf(c)
	s, err := h.control.StopSending(c.Request().Context(), who.Name, reason)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s)
}

// decodeReason reads a reason, which is welcome; whoever is in a hurry leaves the body out.
func decodeReason(c echo.Context) (string, error) {
	body, err := readBody(c)
	if err != nil || len(bytes.TrimSpace(body)) == 0 {
		return "", err
	}
	var in input
	o, err := in.root(body)
	if err != nil {
		return "", err
	}
	reason := o.optional("reason", 200)
	o.done()
	return reason, in.problem()
}

// ResumeSending lets messages go again.
func (h *handlers) ResumeSending(c echo.Context) error {
	who, _ := web.CallerOf(c)
	s, err := h.control.ResumeSending(c.Request().Context(), who.Name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s)
}
