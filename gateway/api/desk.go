package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

func (h *handlers) inbox(c echo.Context) error {
	n, err := newest(c, 50, 500)
	if err != nil {
		return err
	}
	items, err := h.control.Inbox(c.Request().Context(), n)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"inbox": full(items)})
}
