package console

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// changesShown is how many entries of the record a page has.
const changesShown = 50

func (c *console) audit() screen {
	return screen{name: "audit", path: "/audit", least: access.Marketer, menu: true, routes: []route{
		{http.MethodGet, "/audit", access.Marketer, bounded(c.showAudit)},
	}}
}

// auditBody is a page of the record of changes.
type auditBody struct {
	Changes []control.Change
	Next    string // where the next page begins; "": this is the last
	First   bool
}

func (c *console) showAudit(x echo.Context) error {
	before := x.QueryParam("before")
	found, err := c.Control.Changes(x.Request().Context(), before, changesShown+1)
	if err != nil {
		return err
	}
	b := auditBody{Changes: found, First: before == ""}
	if len(found) > changesShown {
		b.Changes = found[:changesShown]
		b.Next = b.Changes[changesShown-1].ID
	}
	return c.show(x, http.StatusOK, page{name: "audit", body: b})
}
