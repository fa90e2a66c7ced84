package console

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// Bounds of the codes that are added at once.
const (
	codesMost = 100_000 // lines
	codeMost  = 64      // characters of one, as the API has it
	badShown  = 10      // lines that are named
	daysTold  = 999     // that a pool lasts: more is as good as for ever
)

func (c *console) offers() screen {
	return screen{name: "offers", path: "/offers", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/offers", access.Viewer, bounded(c.showOffers)},
		{http.MethodPost, "/offers/:id/codes", access.Marketer, bounded(c.addCodes)},
		{http.MethodGet, "/offers/what-if", access.Viewer, bounded(c.showWhatIf)},
	}}
}

// offersBody is the offers, and what was pasted for one of them.
type offersBody struct {
	Offers   []offerRow
	Form     codesForm
	FewCodes int64 // from how many on a pool is low
	FewDays  int64
}

// offerRow is an offer as the page shows it.
type offerRow struct{ control.OfferView }

// DaysLooked is over how many days the rate was reckoned.
func (o offerRow) DaysLooked() int64 { return int64(math.Ceil(o.Pace.Days)) }

// Left is what is left of the budget.
func (o offerRow) Left() int64 { return max(0, int64(o.Budget)-o.Given) }

// codesForm is what was pasted, and what is wrong with it.
type codesForm struct {
	Offer, Codes, Problem string
}

func (c *console) showOffers(x echo.Context) error {
	return c.offersWith(x, http.StatusOK, codesForm{})
}

func (c *console) offersWith(x echo.Context, status int, f codesForm) error {
	all, err := c.Control.Offers(x.Request().Context())
	if err != nil {
		return err
	}
	b := offersBody{Form: f, FewCodes: control.FewCodes, FewDays: control.FewDays}
	for _, o := range all {
		b.Offers = append(b.Offers, offerRow{o})
	}
	return c.show(x, status, page{name: "offers", body: b})
}

// whatIfBody is what somebody would be given.
type whatIfBody struct {
	Who, Campaign string // as asked
	Campaigns     []control.CampaignView
	Person        *control.PersonView
	Considered    []offers.Considered
	Problem       string
}

// showWhatIf ranks the offers for a person, found by number, address or id.
func (c *console) showWhatIf(x echo.Context) error {
	ctx := x.Request().Context()
	b := whatIfBody{Who: strings.TrimSpace(x.QueryParam("who")), Campaign: x.QueryParam("campaign")}
	var err error
	if b.Campaigns, err = c.Control.Campaigns(ctx); err != nil {
		return err
	}
	status := http.StatusOK
	if b.Who != "" {
		id, err := c.contactOf(ctx, b.Who)
		switch {
		case errors.Is(err, control.ErrNotFound):
			b.Problem, status = c.langOf(x).say("offers.nobody"), http.StatusUnprocessableEntity
		case err != nil:
			return err
		default:
			if err := c.whatIf(ctx, &b, id); err != nil {
				return err
			}
		}
	}
	return c.show(x, status, page{name: "offers", main: "what-if", title: "offers.what-if", body: b})
}

func (c *console) whatIf(ctx context.Context, b *whatIfBody, id string) error {
	p, err := c.Control.ContactNow(ctx, id)
	if err != nil {
		return err
	}
	b.Person = &p
	b.Considered, err = c.Control.WhatIf(ctx, p.ID, b.Campaign)
	return err
}

func (c *console) addCodes(x echo.Context) error {
	f := codesForm{Offer: pathParam(x, "id"), Codes: x.FormValue("codes")}
	codes, bad := readCodes(f.Codes)
	l := c.langOf(x)
	if f.Problem = codesProblem(l, codes, bad); f.Problem != "" {
		return c.offersWith(x, http.StatusUnprocessableEntity, f)
	}
	added, duplicates, err := c.Control.AddCodes(x.Request().Context(), f.Offer, codes)
	if err != nil {
		return err
	}
	return c.goTo(x, "/offers", "offers.added", "added", l.number(added), "duplicates", l.number(duplicates), "offer", f.Offer)
}

// readCodes takes a code from each line that is not empty, and gives the numbers of the lines that are none.
func readCodes(pasted string) (codes []string, bad []int) {
	n := 0
	for line := range strings.Lines(pasted) {
		n++
		code := strings.TrimSpace(line)
		switch {
		case code == "":
		case fitsCode(code):
			codes = append(codes, code)
		default:
			bad = append(bad, n)
		}
	}
	return codes, bad
}

// fitsCode reports whether a customer can type a code: one word of letters that are seen.
func fitsCode(code string) bool {
	return utf8.ValidString(code) && utf8.RuneCountInString(code) <= codeMost &&
		!strings.ContainsFunc(code, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

// codesProblem says what is wrong with what was pasted. It names lines, never a code: a code is money.
func codesProblem(l lang, codes []string, bad []int) string {
	switch {
	case len(bad) > 0:
		var lines []string
		for _, n := range bad[:min(len(bad), badShown)] {
			lines = append(lines, strconv.Itoa(n))
		}
		if len(bad) > badShown {
			lines = append(lines, "…")
		}
		return l.say("offers.bad-lines", "lines", strings.Join(lines, ", "), "most", l.number(codeMost))
	case len(codes) == 0:
		return l.say("offers.no-codes")
	case len(codes) > codesMost:
		return l.say("offers.too-many", "most", l.number(codesMost), "n", l.number(len(codes)))
	}
	return ""
}
