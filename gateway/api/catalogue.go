package api

import (
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
)

// Bounds on what one call may put into a pool of codes.
const (
	maxCodes = 10_000
	maxCode  = 64 // characters
)

// GetCampaigns lists the campaigns in force.
func (h *handlers) GetCampaigns(c echo.Context) error {
	cs, err := h.control.Campaigns(c.Request().Context())
	if err != nil {
		return err
	}
	for i := range cs {
		cs[i].Questions, cs[i].Texts = full(cs[i].Questions), full(cs[i].Texts)
	}
	return c.JSON(http.StatusOK, map[string]any{"campaigns": full(cs)})
}

// GetOffers lists the offers in force, with their stock.
func (h *handlers) GetOffers(c echo.Context) error {
	os, err := h.control.Offers(c.Request().Context())
	if err != nil {
		return err
	}
	out := make([]offerOut, len(os))
	for i, o := range os {
		if out[i] = (offerOut{OfferView: o}); o.Pace != nil {
			out[i].DaysLeft = &o.Pace.Left
		}
	}
	return c.JSON(http.StatusOK, map[string]any{"offers": out})
}

// offerOut is an offer as it is answered.
type offerOut struct {
	control.OfferView
	DaysLeft *float64 `json:"days_left,omitempty"` // that its codes last at the rate of the last seven days
}

// AddCodes puts unique codes into an offer's pool.
func (h *handlers) AddCodes(c echo.Context, id string) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	codes, err := decodeCodes(body)
	if err != nil {
		return err
	}
	added, duplicates, err := h.control.AddCodes(c.Request().Context(), id, codes)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]int{"added": added, "duplicates": duplicates})
}

// decodeCodes reads the body of POST /offers/{id}/codes. Its errors name a code's place, never the code: it is money.
func decodeCodes(body []byte) ([]string, error) {
	var in input
	o, err := in.root(body)
	if err != nil {
		return nil, err
	}
	list := o.needList("codes", maxCodes, `the list of codes, such as ["A1","B2"]`)
	codes := make([]string, 0, len(list))
	for i, v := range list {
		s, ok := v.(string)
		if !ok || s == "" || utf8.RuneCountInString(s) > maxCode || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
			in.fail(pointer(pointer(o.at, "codes"), strconv.Itoa(i)), "must be a text of 1 to %d characters without spaces", maxCode)
			continue
		}
		codes = append(codes, s)
	}
	o.done()
	if err := in.problem(); err != nil {
		return nil, err
	}
	return codes, nil
}
