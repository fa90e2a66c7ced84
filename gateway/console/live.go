package console

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// lookEvery is how often a live part is rendered anew; it is sent where it differs from the one before.
const lookEvery = 2 * time.Second

// live serves a part of a page as an event stream (WHATWG HTML, 9.2), until the browser leaves or the server stops.
func (c *console) live(x echo.Context, part func() (string, error)) error {
	beginStream(x)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	before := ""
	for {
		now, err := part()
		switch {
		case err != nil:
			return nil // the browser tries again and says so
		case now != before:
			if err := send(x, "", now); err != nil {
				return nil
			}
			before = now
		default:
			if _, err := x.Response().Write([]byte(":\n\n")); err != nil { // finds out that the browser has left
				return nil
			}
			x.Response().Flush()
		}
		select {
		case <-x.Request().Context().Done():
			return nil
		case <-c.Done:
			return nil
		case <-tick.C:
		}
		if !c.stays(x) {
			return send(x, signedOut, "1")
		}
	}
}

func beginStream(x echo.Context) {
	h := x.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	x.Response().WriteHeader(http.StatusOK)
}

// send sends a part as an event of a name; "": a message.
func send(x echo.Context, event, html string) error {
	if event != "" {
		event = "event: " + event + "\n"
	}
	_, err := fmt.Fprintf(x.Response(), "%sdata: %s\n\n", event, strings.NewReplacer("\r", "", "\n", "\ndata: ").Replace(html))
	if err == nil {
		x.Response().Flush()
	}
	return err
}
