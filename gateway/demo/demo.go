// Package demo is the page of `hoidap demo`: a phone in the browser that plays a customer, beside a live view of what
// the gateway does with each message. It reads through control and changes nothing but through the phone's webhook,
// a run's start and an event, so that what it shows is what the gateway really did.
package demo

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"

	"github.com/hoidap/hoidap/adapters/phone"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/labstack/echo/v4"
)

//go:embed assets
var assets embed.FS

// Docs is where the page's link to the documentation leads unless Options says otherwise.
const Docs = "https://github.com/hoidap/hoidap/tree/main/docs"

// Phone is what the page needs of the phones that the demo's contacts hold; the hub of adapters/phone is one.
type Phone interface {
	// Messages is what the phone of an address shows, oldest first.
	Messages(a address.Address) []phone.Message
	// Subscribe gives the new messages of that phone until cancel is called.
	Subscribe(a address.Address) (messages <-chan phone.Message, cancel func())
}

// Options is what Mount needs. API, Phone, HookURL and HookToken are required.
type Options struct {
	API       control.API
	Phone     Phone
	HookURL   string // where the browser posts what the customer writes: "/hooks/phone"
	HookToken string // its X-Phone-Token
	// Changes signals that something about the contact changed. Nil: the page looks every second.
	Changes func(contactID string) (changed <-chan struct{}, cancel func())
	// World gives questions and options their names in the customer's language. Nil: values are shown as stored.
	World   func() *campaigns.World
	Listen  string          // the configured listen address; its host is accepted beside the loopback names
	Persona string          // id of the contact that the page starts with; empty: a fitting one
	Docs    string          // where the link to the documentation leads; empty: Docs
	Done    <-chan struct{} // closed when the server stops, so that streams end; may be nil
	Log     *slog.Logger    // nil: silent
}

// demo serves the page.
type demo struct {
	o    Options
	page *pages
}

// Mount adds the demo's routes to e. It panics where a required option is missing, as that is a mistake in wiring.
func Mount(e *echo.Echo, o Options) {
	if o.API == nil || o.Phone == nil || o.HookURL == "" || o.HookToken == "" {
		panic("demo: API, Phone, HookURL and HookToken are required")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Docs == "" {
		o.Docs = Docs
	}
	d := &demo{o: o, page: newPages()}
	g := guard{listen: hostOf(o.Listen)}
	e.GET("/", toDemo, g.check)
	e.GET("/demo", d.show, g.check)
	e.GET("/demo/assets/*", d.asset(), g.check)
	e.GET("/demo/api/contacts", d.contacts, g.check)
	e.GET("/demo/api/state", d.state, g.check)
	e.GET("/demo/api/stream", d.stream, g.check)
	e.POST("/demo/api/campaigns/:id/start", d.start, g.check, g.sameOrigin, byProgram)
	e.POST("/demo/api/event", d.event, g.check, g.sameOrigin, byProgram)
}

// byProgram lets whoever plays with the demo do what they like.
func byProgram(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.SetRequest(c.Request().WithContext(access.As(c.Request().Context(), access.Program())))
		return next(c)
	}
}

func toDemo(c echo.Context) error { return c.Redirect(http.StatusFound, "/demo") }

// asset serves the embedded style sheets, scripts and icons.
func (d *demo) asset() echo.HandlerFunc {
	sub, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	files := http.StripPrefix("/demo/assets/", http.FileServerFS(sub))
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-cache")
		files.ServeHTTP(c.Response(), c.Request())
		return nil
	}
}

// problem turns an error of control into an HTTP error with a sentence for the page.
func problem(err error) error {
	switch {
	case errors.Is(err, control.ErrNotFound):
		return echo.NewHTTPError(http.StatusNotFound, err.Error())
	case errors.Is(err, control.ErrInvalid):
		return echo.NewHTTPError(http.StatusUnprocessableEntity, err.Error())
	case errors.Is(err, control.ErrConflict):
		return echo.NewHTTPError(http.StatusConflict, err.Error())
	case errors.Is(err, control.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return echo.NewHTTPError(http.StatusServiceUnavailable, err.Error())
	}
	return err
}
