package api

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

// PreviewFile shows a campaign's questions on each account.
func (h *handlers) PreviewFile(c echo.Context, id string) error {
	d := control.Draught{Name: id}
	if err := decode(c, func(o *object) { draught(o, &d) }); err != nil {
		return err
	}
	phones, err := h.control.Preview(c.Request().Context(), d)
	if err != nil {
		return fileProblem(err)
	}
	for i := range phones {
		phones[i].Questions = full(phones[i].Questions)
		for k := range phones[i].Questions {
			phones[i].Questions[k].Parts = full(phones[i].Questions[k].Parts)
		}
	}
	return ok(c, map[string]any{"phones": full(phones)}, nil)
}

// draught reads a text that somebody works on.
func draught(o *object, d *control.Draught) {
	d.Text, d.Campaign = o.need("text", maxFile, "the text of the file"), o.need("campaign", maxID, "which of its campaigns")
	d.Locale, d.Customer = o.oneOf("locale", "vi", "en"), o.optional("customer", maxName)
}

// TryQuestion sends one question as a test.
func (h *handlers) TryQuestion(c echo.Context, id string) error {
	d := control.Draught{Name: id}
	var question, account string
	var to address.Address
	err := decode(c, func(o *object) {
		draught(o, &d)
		question, account = o.need("question", maxID, "which question"), o.need("account", maxID, "by which account")
		to = testAddress(o)
	})
	if err != nil {
		return err
	}
	t, err := h.control.TryQuestion(c.Request().Context(), d, question, account, to)
	if errors.Is(err, control.ErrTooSoon) {
		return &web.Problem{Status: http.StatusTooManyRequests, Detail: sentence(err, control.ErrTooSoon), RetryAfter: soon, Err: err}
	}
	if err != nil {
		return fileProblem(err)
	}
	return ok(c, t, nil)
}

// testAddress is where a test message goes.
func testAddress(o *object) address.Address {
	s := o.need("to", 200, "whom to send the test message to, such as tel:+84901234567")
	to, err := address.Parse(s)
	if s != "" && err != nil {
		o.fail("to", "must be an address such as tel:+84901234567")
	}
	return to
}
