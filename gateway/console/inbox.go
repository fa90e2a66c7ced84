package console

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// Bounds of what the inbox shows at once.
const (
	itemsShown   = 40
	entriesShown = 60
)

func (c *console) inbox() screen {
	return screen{name: "inbox", path: "/inbox", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/inbox", access.Viewer, bounded(c.showInbox)},
		{http.MethodGet, "/inbox/queue", access.Viewer, c.liveQueue},
		{http.MethodGet, "/inbox/talk", access.Viewer, c.liveTalk},
		{http.MethodPost, "/inbox/settle", access.Agent, bounded(c.settle)},
		{http.MethodPost, "/inbox/say", access.Agent, bounded(c.say)},
		{http.MethodPost, "/inbox/take", access.Agent, bounded(c.take)},
		{http.MethodPost, "/inbox/back", access.Agent, bounded(c.handBack)},
		{http.MethodPost, "/inbox/done", access.Agent, bounded(c.done)},
		{http.MethodPost, "/inbox/teach", access.Agent, bounded(c.teach)},
	}}
}

// inboxBody is the queue, and the talk that was chosen from it.
type inboxBody struct {
	Reason string
	Chips  []chip
	All    int64
	Items  []control.InboxEntry
	Next   string // cursor
	At     place  // the chosen item
	Chosen *control.InboxView
	Talk   talkBody
	Picked bool  // it was chosen by hand: on a phone the talk is shown and not the queue
	Before place // in the queue, for the keys
	After  place
	Key    string // of the forms: a repeat changes nothing
	Mine   bool   // the one who looks has taken the contact over
	Others bool   // somebody else has
	Form   inboxForm
}

// inboxForm is what was typed, and what is wrong with it.
type inboxForm struct {
	Text, Typed string
	Say, Read   string // problems, said already
	Lesson      control.Lesson
	Taught      *control.Taught
	Teach       string // problem
}

// chip is a reason, with how many items there are of it.
type chip struct {
	Reason string
	N      int64
	Here   bool
}

// place names an item.
type place struct{ Contact, Item string }

// Query is the place as a part of an address.
func (p place) Query(reason string) template.URL {
	q := url.Values{}
	if p.Item != "" {
		q.Set("contact", p.Contact)
		q.Set("item", p.Item)
	}
	if reason != "" {
		q.Set("reason", reason)
	}
	if len(q) == 0 {
		return ""
	}
	return template.URL("?" + q.Encode()) //nolint:gosec // encoded
}

// talkBody is a talk and who has it.
type talkBody struct {
	At      place
	Lines   []line
	Taken   *campaigns.Taken
	Me      string
	Pending *campaigns.Pending
}

func placeIn(x echo.Context) place { return place{x.FormValue("contact"), x.FormValue("item")} }

func me(x echo.Context) string { return access.Of(x.Request().Context()).Name }

func (c *console) showInbox(x echo.Context) error {
	return c.inboxWith(x, http.StatusOK, inboxForm{})
}

// inboxWith renders the page, with what was typed before.
func (c *console) inboxWith(x echo.Context, status int, form inboxForm) error {
	b, err := c.inboxNow(x)
	if err != nil {
		return err
	}
	b.Form, b.Key = form, rand.Text()
	return c.show(x, status, page{name: "inbox", body: b})
}

func (c *console) inboxNow(x echo.Context) (b inboxBody, err error) {
	ctx := x.Request().Context()
	b.Reason, b.At = x.FormValue("reason"), placeIn(x)
	if b.Items, b.Next, err = c.Control.InboxPage(ctx, b.Reason, x.QueryParam("cursor"), itemsShown); err != nil {
		return b, err
	}
	counts, err := c.Control.InboxCounts(ctx)
	if err != nil {
		return b, err
	}
	for _, r := range control.InboxReasons() {
		b.All += counts[r]
		if counts[r] > 0 || r == b.Reason {
			b.Chips = append(b.Chips, chip{r, counts[r], r == b.Reason})
		}
	}
	b.Picked = b.At.Item != ""
	if !b.Picked && len(b.Items) > 0 {
		b.At = place{b.Items[0].Contact, b.Items[0].ID}
	}
	b.around()
	if b.At.Item == "" {
		return b, nil
	}
	return b, c.choose(ctx, x, &b)
}

// around finds the items before and after the chosen one.
func (b *inboxBody) around() {
	for i, item := range b.Items {
		if (place{item.Contact, item.ID}) != b.At {
			continue
		}
		if i > 0 {
			b.Before = place{b.Items[i-1].Contact, b.Items[i-1].ID}
		}
		if i+1 < len(b.Items) {
			b.After = place{b.Items[i+1].Contact, b.Items[i+1].ID}
		}
	}
}

// choose reads the chosen item and its talk. One that somebody has dealt with meanwhile is not there any more.
func (c *console) choose(ctx context.Context, x echo.Context, b *inboxBody) error {
	v, err := c.Control.InboxItem(ctx, b.At.Contact, b.At.Item)
	if errors.Is(err, control.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	b.Chosen = &v
	b.Mine, b.Others = v.Taken != nil && v.Taken.By == me(x), v.Taken != nil && v.Taken.By != me(x)
	b.Talk, err = c.talkNow(x, b.At)
	return err
}

func (c *console) talkNow(x echo.Context, at place) (talkBody, error) {
	ctx := x.Request().Context()
	p, err := c.Control.ContactNow(ctx, at.Contact)
	if err != nil {
		return talkBody{}, err
	}
	entries, _, err := c.Control.Timeline(ctx, p.ID, "", entriesShown)
	if err != nil {
		return talkBody{}, err
	}
	called, err := c.names(x)
	if err != nil {
		return talkBody{}, err
	}
	return talkBody{At: at, Lines: called.thread(entries), Taken: p.Taken, Me: me(x), Pending: p.Pending}, nil
}

func (c *console) liveQueue(x echo.Context) error {
	return c.live(x, func() (string, error) {
		b, err := c.inboxNow(x)
		if err != nil {
			return "", err
		}
		return c.html(x, "inbox-queue", b)
	})
}

func (c *console) liveTalk(x echo.Context) error {
	return c.live(x, func() (string, error) {
		b, err := c.talkNow(x, placeIn(x))
		if err != nil {
			return "", err
		}
		return c.html(x, "inbox-talk", b)
	})
}

// doing is what a form asks for.
func doing(x echo.Context) control.Doing {
	at := placeIn(x)
	return control.Doing{Key: x.FormValue("key"), Contact: at.Contact, Item: at.Item}
}

// on leads to an item, and says what was done.
func (c *console) on(x echo.Context, to place, said string, pairs ...string) error {
	return c.goTo(x, "/inbox"+string(to.Query(x.FormValue("reason"))), said, pairs...)
}

// after is the item that comes when this one is dealt with.
func after(x echo.Context) place {
	return place{x.FormValue("after-contact"), x.FormValue("after-item")}
}

// refusal is the text that says why something was not done; "" where the error is of another kind.
func (c *console) refusal(err error) (said string, pairs []string) {
	var no *control.RefusedError
	if !errors.As(err, &no) {
		return "", nil
	}
	if no.Taken != nil {
		return "refused.taken", []string{"who", no.Taken.By, "until", no.Taken.Until.In(c.zone()).Format("15:04")}
	}
	return "refused." + no.Reason, nil
}

// answered leads on, or says why not.
func (c *console) answered(x echo.Context, err error, to place, said string) error {
	switch no, pairs := c.refusal(err); {
	case no != "":
		return c.on(x, placeIn(x), no, pairs...)
	case errors.Is(err, control.ErrNotFound):
		return c.on(x, to, "inbox.gone")
	case err != nil:
		return err
	}
	return c.on(x, to, said)
}

// settle records what the customer meant: one of the suggestions, or what was typed.
func (c *console) settle(x echo.Context) error {
	ctx, at := x.Request().Context(), placeIn(x)
	value, typed := json.RawMessage(x.FormValue("value")), strings.TrimSpace(x.FormValue("typed"))
	if typed != "" {
		read, err := c.Control.ReadAs(ctx, at.Contact, at.Item, typed)
		if errors.Is(err, control.ErrInvalid) {
			return c.inboxWith(x, http.StatusUnprocessableEntity, inboxForm{Typed: typed, Read: c.langOf(x).say("inbox.unread")})
		} else if err != nil {
			return c.answered(x, err, after(x), "")
		}
		if value, err = json.Marshal(read.Value); err != nil {
			return err
		}
	}
	err := c.Control.Settle(ctx, doing(x), value, x.FormValue("declined") != "")
	if no, pairs := c.refusal(err); no != "" && typed != "" {
		return c.inboxWith(x, http.StatusUnprocessableEntity, inboxForm{Typed: typed, Read: c.langOf(x).say(no, pairs...)})
	}
	return c.answered(x, err, after(x), "inbox.settled")
}

func (c *console) say(x echo.Context) error {
	text := x.FormValue("text")
	_, err := c.Control.Say(x.Request().Context(), doing(x), text)
	if no, pairs := c.refusal(err); no != "" {
		return c.inboxWith(x, http.StatusUnprocessableEntity, inboxForm{Text: text, Say: c.langOf(x).say(no, pairs...)})
	}
	return c.answered(x, err, after(x), "inbox.said")
}

func (c *console) take(x echo.Context) error {
	_, err := c.Control.TakeOver(x.Request().Context(), doing(x))
	return c.answered(x, err, placeIn(x), "inbox.taken")
}

func (c *console) handBack(x echo.Context) error {
	err := c.Control.HandBack(x.Request().Context(), doing(x))
	return c.answered(x, err, placeIn(x), "inbox.back")
}

func (c *console) done(x echo.Context) error {
	err := c.Control.CloseItem(x.Request().Context(), doing(x))
	return c.answered(x, err, after(x), "inbox.done")
}

// teach shows what a synonym would change, and writes it where that was asked for.
func (c *console) teach(x echo.Context) error {
	l := control.Lesson{Campaign: x.FormValue("campaign"), Question: x.FormValue("question"), Value: x.FormValue("option"), Locale: x.FormValue("locale"), Words: strings.TrimSpace(x.FormValue("words"))}
	write, _ := strconv.ParseBool(x.FormValue("write"))
	form := inboxForm{Lesson: l}
	t, err := c.Control.Teach(x.Request().Context(), l, write)
	var no *control.RefusedError
	switch {
	case errors.As(err, &no) || errors.Is(err, control.ErrInvalid):
		form.Teach = c.langOf(x).sentence(err)
	case err != nil:
		return err
	default:
		form.Taught = &t
	}
	status := http.StatusOK
	if form.Teach != "" {
		status = http.StatusUnprocessableEntity
	}
	return c.inboxWith(x, status, form)
}
