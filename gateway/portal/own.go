package portal

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/replylink"
	"github.com/hoidap/hoidap/preferences"
)

// ownView is what the template of a customer's own page shows.
type ownView struct {
	control.Known
	Gone      bool   // the link leads nowhere, or its time is over
	Erased    bool   // nothing is kept of them any more
	Forgotten bool   // since just now
	Away      bool   // the gateway cannot answer now
	Damaged   bool   // what is kept of them cannot be read: trying again is no use
	Sure      bool   // they are asked whether everything is to be forgotten
	Done      string // what they have just done
	Copy      string // where the copy is
	words     map[string]string
}

// own shows the page. What was done before stands in the query, so that loading it again does nothing twice.
func (p *portal) own(c echo.Context) error {
	k, err := p.pages.KnownBy(c.Request().Context(), c.Param("token"))
	v := ownView{Known: k, Sure: c.QueryParams().Has("forget")}
	return p.writeOwn(c, v, c.QueryParam("done"), err)
}

// change does what a button of the page says. The token is in the address alone, so no other site can press one.
func (p *portal) change(c echo.Context) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	ctx, token, attribute := c.Request().Context(), c.Param("token"), form.Get("away")
	var done string
	switch {
	case len(attribute) > answerMax:
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge, "the form is too long")
	case attribute != "":
		done, err = "removed", p.pages.TakeAwayBy(ctx, token, attribute)
	case form.Get("stop") != "":
		done, err = "stopped", p.pages.SayBy(ctx, token, control.StopWord)
	case form.Get("start") != "":
		done, err = "started", p.pages.SayBy(ctx, token, control.StartWord)
	case form.Get("forget") == "yes":
		return p.forget(c, token)
	default:
		return p.own(c)
	}
	if err != nil {
		return p.failed(c, token, err)
	}
	private(c)
	return c.Redirect(http.StatusSeeOther, replylink.OwnPath+token+"?done="+done)
}

// forget forgets everything. The page is the last that they see: it says the brand, and their language, of before.
func (p *portal) forget(c echo.Context, token string) error {
	ctx := c.Request().Context()
	k, err := p.pages.KnownBy(ctx, token)
	if err == nil {
		err = p.pages.ForgetBy(ctx, token)
	}
	if err != nil {
		return p.failed(c, token, err)
	}
	return p.writeOwn(c, ownView{Known: control.Known{Brand: k.Brand, Locale: k.Locale}, Forgotten: true}, "", nil)
}

// failed says why nothing was done, in the customer's language where the page opens.
func (p *portal) failed(c echo.Context, token string, why error) error {
	k, _ := p.pages.KnownBy(c.Request().Context(), token) //nolint:errcheck // what is told is why
	return p.writeOwn(c, ownView{Known: control.Known{Brand: k.Brand, Locale: k.Locale}}, "", why)
}

func (p *portal) writeOwn(c echo.Context, v ownView, done string, err error) error {
	status := http.StatusOK
	switch {
	case errors.Is(err, control.ErrPageErased):
		v.Erased, status = true, http.StatusGone
	case errors.Is(err, control.ErrPageOver):
		v.Gone, status = true, http.StatusGone
	case errors.Is(err, control.ErrNotFound):
		v.Gone, status = true, http.StatusNotFound
	case errors.Is(err, control.ErrPageDamaged):
		v.Damaged, status = true, http.StatusInternalServerError
	case errors.Is(err, control.ErrConflict):
		v.Away, status = true, http.StatusConflict
	case errors.Is(err, control.ErrUnavailable):
		v.Away, status = true, http.StatusServiceUnavailable
	case err != nil:
		return err
	}
	v.Locale = spokenTo(v.Locale, c.Request().Header.Get("Accept-Language"))
	v.words, v.Copy = ownWordsIn(v.Locale), replylink.OwnPath+c.Param("token")+"/copy"
	switch done {
	case "removed", "stopped", "started":
		v.Done = v.T("done_" + done)
	}
	return p.write(c, status, "own.html", v)
}

// copy hands over everything that is kept, as a file.
func (p *portal) copy(c echo.Context) error {
	x, err := p.pages.CopyBy(c.Request().Context(), c.Param("token"))
	if err != nil {
		return p.failed(c, c.Param("token"), err)
	}
	private(c)
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="data.json"`)
	return c.JSONPretty(http.StatusOK, x, "  ")
}

// Starts reports whether there is a button for getting messages: they get none, by their own word to us or since they never agreed.
func (v ownView) Starts() bool {
	if v.Blocked {
		return false
	}
	for _, a := range v.Agreed {
		if a.Purpose == preferences.Marketing {
			return v.Stopped || !a.Granted
		}
	}
	return true
}
