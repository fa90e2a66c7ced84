package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// GetInbox is what customers wrote that a person should read.
func (h *handlers) GetInbox(c echo.Context, p getInboxParams) error {
	items, err := h.control.Inbox(c.Request().Context(), p.Limit)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"inbox": full(items)})
}
