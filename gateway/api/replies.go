package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
)

// GetReplies is a page of what customers answered to a campaign's questions.
func (h *handlers) GetReplies(c echo.Context, id string, p getRepliesParams) error {
	page, next, err := h.control.Replies(c.Request().Context(), id, p.Question, p.Cursor, p.Limit)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Replies []control.Reply `json:"replies"`
		Next    string          `json:"next_cursor"`
	}{full(page), next})
}
