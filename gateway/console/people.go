package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// peopleShown is how many customers a page of the list has.
const peopleShown = 50

func (c *console) people() screen {
	return screen{name: "people", path: "/people", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/people", access.Viewer, bounded(c.listPeople)},
		{http.MethodGet, "/people/:id", access.Viewer, bounded(c.showPerson)},
		{http.MethodGet, "/people/:id/talk", access.Viewer, c.livePerson},
		{http.MethodGet, "/people/:id/export", access.Marketer, bounded(c.exportPerson)},
		{http.MethodPost, "/people/:id/correct", access.Agent, bounded(c.correct)},
		{http.MethodPost, "/people/:id/say", access.Agent, bounded(c.writeTo)},
		{http.MethodPost, "/people/:id/opt-out", access.Agent, bounded(c.optOut)},
		{http.MethodPost, "/people/:id/link", access.Marketer, bounded(c.link)},
		{http.MethodPost, "/people/:id/unmerge", access.Marketer, bounded(c.unmerge)},
		{http.MethodPost, "/people/:id/own-page", access.Admin, bounded(c.ownPage)},
		{http.MethodPost, "/people/:id/erase", access.Admin, bounded(c.erase)},
	}}
}

// peopleBody is a page of the list.
type peopleBody struct {
	People []personRow
	Next   string
}

type personRow struct {
	control.ContactView
	Where  string // masked
	Agreed bool   // to marketing
}

func (c *console) listPeople(x echo.Context) error {
	list, next, err := c.Control.List(x.Request().Context(), x.QueryParam("cursor"), peopleShown)
	if err != nil {
		return err
	}
	b := peopleBody{Next: next}
	for _, v := range list {
		row := personRow{ContactView: v, Agreed: v.Consented(preferences.Marketing)}
		if len(v.Addresses) > 0 {
			row.Where = v.Addresses[0].Mask()
		}
		b.People = append(b.People, row)
	}
	return c.show(x, http.StatusOK, page{name: "people", body: b})
}

// personBody is all about one customer.
type personBody struct {
	control.PersonView
	names
	Standings []control.StandingView
	Lines     []line
	Older     string // cursor
	Cursor    string
	Form      personForm
	Answers   []answerable
	Agreed    bool   // to marketing
	Key       string // of the message: sent twice it goes once
}

// personForm is what was typed, and what is wrong with it.
type personForm struct {
	Attribute, Value, Why, Also, By, Text, OptOutWhy string
	Correct, CorrectWhy, Link, Say, OptOut, Own      string // problems, said already
	OwnPage                                          control.OwnLink
}

// answerable is an attribute that somebody of the brand can fill in.
type answerable struct{ Attribute, Name string }

func (c *console) showPerson(x echo.Context) error {
	own, err := c.newOwnPage(x, x.Param("id"))
	if err != nil {
		return err
	}
	return c.personWith(x, http.StatusOK, personForm{OwnPage: own})
}

func (c *console) personWith(x echo.Context, status int, form personForm) error {
	ctx, id := x.Request().Context(), x.Param("id")
	p, err := c.Control.Person(ctx, id)
	if err != nil {
		return err
	}
	b := personBody{PersonView: p, Form: form, Cursor: x.QueryParam("cursor"), Agreed: p.Consented(preferences.Marketing), Key: newKey()}
	if b.Standings, err = c.Control.Standings(ctx, id); err != nil {
		return err
	}
	entries, older, err := c.Control.Timeline(ctx, id, b.Cursor, entriesShown)
	if err != nil {
		return err
	}
	if b.names, err = c.names(x); err != nil {
		return err
	}
	b.Lines, b.Older = b.thread(entries), older
	all, err := c.Control.Attributes(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if old, known := p.ContactView.Contact.Preferences[a.Attribute]; !known || old.Class != preferences.Declared {
			b.Answers = append(b.Answers, answerable{a.Attribute, a.Name[string(c.langOf(x))]})
		}
	}
	return c.show(x, status, page{name: "people", main: "person", title: "people.one", body: b})
}

func (c *console) livePerson(x echo.Context) error {
	return c.live(x, func() (string, error) {
		entries, _, err := c.Control.Timeline(x.Request().Context(), x.Param("id"), "", entriesShown)
		if err != nil {
			return "", err
		}
		called, err := c.names(x)
		if err != nil {
			return "", err
		}
		return c.html(x, "person-talk", called.thread(entries))
	})
}

func (c *console) exportPerson(x echo.Context) error {
	e, err := c.Control.Export(x.Request().Context(), x.Param("id"))
	if err != nil {
		return err
	}
	x.Response().Header().Set("Content-Disposition", `attachment; filename="`+url.PathEscape(e.Contact.ID)+`.json"`)
	return x.JSONPretty(http.StatusOK, e, "  ")
}

func (c *console) toPerson(x echo.Context, said string) error {
	return c.goTo(x, "/people/"+url.PathEscape(x.Param("id")), said)
}

// wrong is what a form says of an error that is the user's to mend; "" for any other.
func (c *console) wrong(x echo.Context, err error) string {
	l := c.langOf(x)
	if no, pairs := c.refusal(err); no != "" {
		return l.say(no, pairs...)
	}
	if errors.Is(err, control.ErrInvalid) || errors.Is(err, control.ErrConflict) || errors.Is(err, control.ErrTooSoon) {
		return c.langOf(x).sentence(err)
	}
	return ""
}

func (c *console) correct(x echo.Context) error {
	ctx := x.Request().Context()
	f := personForm{Attribute: x.FormValue("attribute"), Value: strings.TrimSpace(x.FormValue("value")), Why: strings.TrimSpace(x.FormValue("why"))}
	l := c.langOf(x)
	if f.Why == "" {
		f.CorrectWhy = l.say("people.correct-why")
		return c.personWith(x, http.StatusUnprocessableEntity, f)
	}
	value, err := c.Control.ReadValue(ctx, f.Attribute, string(l), f.Value)
	var raw json.RawMessage
	if err == nil {
		if raw, err = json.Marshal(value); err == nil {
			_, err = c.Control.Correct(ctx, x.Param("id"), control.Correction{Attribute: f.Attribute, Value: raw, Why: f.Why})
		}
	} else if errors.Is(err, control.ErrInvalid) {
		f.Correct = l.say("inbox.unread")
		return c.personWith(x, http.StatusUnprocessableEntity, f)
	}
	if f.Correct = c.wrong(x, err); f.Correct != "" {
		return c.personWith(x, http.StatusUnprocessableEntity, f)
	} else if err != nil {
		return err
	}
	return c.toPerson(x, "people.corrected")
}

func (c *console) optOut(x echo.Context) error {
	f := personForm{OptOutWhy: strings.TrimSpace(x.FormValue("why"))}
	if f.OptOutWhy == "" {
		f.OptOut = c.langOf(x).say("people.opt-out-wanted")
		return c.personWith(x, http.StatusUnprocessableEntity, f)
	}
	_, err := c.Control.OptOut(x.Request().Context(), x.Param("id"), f.OptOutWhy)
	if f.OptOut = c.wrong(x, err); f.OptOut != "" {
		return c.personWith(x, http.StatusUnprocessableEntity, f)
	} else if err != nil {
		return err
	}
	return c.toPerson(x, "people.opted-out")
}

// writeTo sends a customer a message from their own page.
func (c *console) writeTo(x echo.Context) error {
	f := personForm{Text: x.FormValue("text")}
	_, err := c.Control.Say(x.Request().Context(), control.Doing{Key: x.FormValue("key"), Contact: x.Param("id")}, f.Text)
	if f.Say = c.wrong(x, err); f.Say != "" {
		return c.personWith(x, http.StatusUnprocessableEntity, f)
	} else if err != nil {
		return err
	}
	return c.toPerson(x, "inbox.said")
}

func (c *console) link(x echo.Context) error {
	f := personForm{Also: strings.TrimSpace(x.FormValue("also")), By: x.FormValue("by")}
	also, err := address.Parse(f.Also)
	if err != nil {
		if also, err = address.Phone(f.Also, "VN"); err != nil {
			f.Link = c.langOf(x).say("people.link-unread")
			return c.personWith(x, http.StatusUnprocessableEntity, f)
		}
	}
	_, err = c.Control.Link(x.Request().Context(), x.Param("id"), also, f.By)
	if f.Link = c.wrong(x, err); f.Link != "" {
		return c.personWith(x, http.StatusUnprocessableEntity, f)
	} else if err != nil {
		return err
	}
	return c.toPerson(x, "people.link-sent")
}

func (c *console) unmerge(x echo.Context) error {
	if _, err := c.Control.Unmerge(x.Request().Context(), x.Param("id"), x.FormValue("from")); err != nil {
		return err
	}
	return c.toPerson(x, "people.unmerged")
}

// ownPage makes a link to a customer's own page. The page that it leads to shows it once; loaded again, that makes no other.
func (c *console) ownPage(x echo.Context) error {
	var f personForm
	ctx, id := x.Request().Context(), x.Param("id")
	l, err := c.Control.OwnPage(ctx, id, control.OwnPageHours)
	if f.Own = c.wrong(x, err); f.Own != "" {
		return c.personWith(x, http.StatusUnprocessableEntity, f)
	} else if err != nil {
		return err
	}
	c.sessions.Put(ctx, ownKey, []string{id, l.Expires.Format(time.RFC3339)})
	return c.toPerson(x, "")
}

// newOwnPage is the link that was just made for a person, once. It stands in no address, no history and no session, as who has it
// may erase them: the session has but until when it opens.
func (c *console) newOwnPage(x echo.Context, id string) (control.OwnLink, error) {
	ctx := x.Request().Context()
	kept, _ := c.sessions.Get(ctx, ownKey).([]string)
	if len(kept) != 2 || kept[0] != id {
		return control.OwnLink{}, nil
	}
	c.sessions.Remove(ctx, ownKey)
	expires, err := time.Parse(time.RFC3339, kept[1])
	if err != nil {
		return control.OwnLink{}, nil
	}
	return c.Control.OwnPageAgain(ctx, id, expires)
}

func (c *console) erase(x echo.Context) error {
	if err := c.Control.Erase(x.Request().Context(), x.Param("id"), time.Time{}); err != nil {
		return err
	}
	return c.goTo(x, "/people", "people.erased")
}
