package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
)

// GetWebhooks lists the endpoints that are told what happens.
func (h *handlers) GetWebhooks(c echo.Context) error {
	ws, err := h.control.Webhooks(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"webhooks": full(ws)})
}

// GetWebhook is one of them.
func (h *handlers) GetWebhook(c echo.Context, id string) error {
	w, err := h.control.Webhook(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, w)
}

// GetDeliveries is a page of the attempts to tell one something.
func (h *handlers) GetDeliveries(c echo.Context, id string, p getDeliveriesParams) error {
	page, next, err := h.control.Deliveries(c.Request().Context(), id, p.Cursor, p.Limit)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Deliveries []control.Delivery `json:"deliveries"`
		Next       string             `json:"next_cursor"`
	}{full(page), next})
}

// ReplayDelivery tells one the same once more.
func (h *handlers) ReplayDelivery(c echo.Context, id, delivery string) error {
	if _, err := h.control.ReplayDelivery(c.Request().Context(), id, delivery); err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, map[string]string{"id": delivery})
}

// ResumeWebhook tells one again that is off.
func (h *handlers) ResumeWebhook(c echo.Context, id string) error {
	who, _ := web.CallerOf(c)
	w, err := h.control.ResumeWebhook(c.Request().Context(), id, who.Name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, w)
}

// TestWebhook posts a test.
func (h *handlers) TestWebhook(c echo.Context, id string) error {
	d, err := h.control.TryWebhook(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, d)
}
