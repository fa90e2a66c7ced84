package api

import (
	"net/http"
	"strings"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/labstack/echo/v4"
)

// maxData bounds the members of an event's data.
const maxData = 128

// PostEvent takes what happened to a contact outside.
func (h *handlers) PostEvent(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	o, err := decodeEvent(body)
	if err != nil {
		return err
	}
	if err := h.control.Occur(c.Request().Context(), o); err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, map[string]string{"id": o.ID})
}

// decodeEvent reads the body of POST /events.
func decodeEvent(body []byte) (control.Occurrence, error) {
	var in input
	o, err := in.root(body)
	if err != nil {
		return control.Occurrence{}, err
	}
	ev := control.Occurrence{
		ID: o.need("id", 128, "the event's own id: the same id again changes nothing"), Type: o.need("type", 64, "what happened, such as order.returned"),
		Address: neededAddress(o), At: o.time("at"), Data: o.free("data", maxData),
	}
	if ev.Type != "" && !fit(ev.Type, 64) {
		o.fail("type", "must be written with letters, digits and . _ -, such as order.returned")
	}
	if strings.ContainsAny(ev.ID, " \t\r\n") {
		o.fail("id", "must not hold spaces")
	}
	o.done()
	if err := in.problem(); err != nil {
		return control.Occurrence{}, err
	}
	return ev, nil
}

func neededAddress(o *object) address.Address {
	v, ok := o.take("address")
	if !ok {
		if _, null := o.fields["address"]; !null {
			o.missing("address", "whom it happened to, such as tel:+84901234567")
		}
		return address.Address{}
	}
	a, _ := oneAddress(o.in, pointer(o.at, "address"), v)
	return a
}
