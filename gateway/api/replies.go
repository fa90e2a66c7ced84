package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
)

// replies is a page of what customers answered to a campaign's questions.
func (h *handlers) replies(c echo.Context) error {
	q, err := query(c, "question", "cursor", "limit")
	if err != nil {
		return err
	}
	if q.Has("question") && q.Get("question") == "" {
		return badParameter("question", "must be the id of a question")
	}
	n, err := limit(q, 100, 200)
	if err != nil {
		return err
	}
	page, next, err := h.control.Replies(c.Request().Context(), c.Param("id"), q.Get("question"), q.Get("cursor"), n)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Replies []control.Reply `json:"replies"`
		Next    string          `json:"next_cursor"`
	}{full(page), next})
}
