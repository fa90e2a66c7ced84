package demo

import (
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/labstack/echo/v4"
)

// maxBody is more than the page ever posts.
const maxBody = 4 << 10

// start begins a run. The browser's key makes a repeated click harmless.
func (d *demo) start(c echo.Context) error {
	var in struct {
		Key string `json:"key"`
	}
	if err := read(c, &in); err != nil {
		return err
	}
	r, err := d.o.API.StartRun(c.Request().Context(), c.Param("id"), in.Key, 0)
	if err != nil {
		return problem(err)
	}
	return c.JSON(http.StatusAccepted, map[string]string{"id": r.ID})
}

// event lets something happen to the contact, such as a returned order, which may start a campaign.
func (d *demo) event(c echo.Context) error {
	var in struct {
		Contact string `json:"contact"`
		Type    string `json:"type"`
	}
	if err := read(c, &in); err != nil {
		return err
	}
	if in.Type == "" {
		return echo.NewHTTPError(http.StatusUnprocessableEntity, "an event needs a type")
	}
	ctx := c.Request().Context()
	v, err := d.o.API.Contact(ctx, in.Contact)
	if err != nil {
		return problem(err)
	}
	o := control.Occurrence{ID: "demo-" + uuid.NewString(), Type: in.Type, Address: phoneOf(v), At: time.Now(), Data: sample(in.Type)}
	if err := d.o.API.Occur(ctx, o); err != nil {
		return problem(err)
	}
	return c.JSON(http.StatusAccepted, map[string]string{"id": o.ID})
}

// sample is what a shop would tell about an event.
func sample(kind string) map[string]any {
	switch kind {
	case "order.returned", "order.delivered", "order.paid":
		return map[string]any{"order": "LUA-1042", "sku": "LINEN-A1", "product": "Đầm linen cổ vuông", "size": "M", "amount": 690000}
	}
	return map[string]any{}
}

// read decodes the body of a post.
func read(c echo.Context, dst any) error {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxBody)
	if err := c.Bind(dst); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, fmt.Sprintf("the body is not what was expected: %v", err))
	}
	return nil
}
