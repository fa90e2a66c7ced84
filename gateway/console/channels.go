package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
)

// Bounds of what the channels' screen shows and does at once.
const (
	lettersShown    = 50
	lettersReplayed = 500 // by one click, so that a page answers in time
	reasonMost      = 200 // characters
)

func (c *console) channels() screen {
	return screen{name: "channels", path: "/channels", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/channels", access.Viewer, bounded(c.showChannels)},
		{http.MethodGet, "/channels/live", access.Viewer, c.liveChannels},
		{http.MethodPost, "/channels/:id/pause", access.Marketer, bounded(c.pauseAccount)},
		{http.MethodPost, "/channels/:id/drain", access.Admin, bounded(c.drainAccount)},
		{http.MethodPost, "/channels/:id/resume", access.Admin, bounded(c.resumeAccount)},
		{http.MethodPost, "/channels/:id/try", access.Admin, c.tryAccount}, // as long as the provider may take
		{http.MethodPost, "/channels/:id/consent", access.Admin, bounded(c.consent)},
		{http.MethodPost, "/channels/:id/replay", access.Admin, bounded(c.replayAccount)},
		{http.MethodPost, "/channels/letters/:letter/replay", access.Admin, bounded(c.replayLetter)},
	}}
}

// channelsBody is how accounts are, and what was given up.
type channelsBody struct {
	Accounts []accountRow
	Letters  []control.DeadLetter
	Stuck    []string // accounts with letters
	Form     channelForm
	Consent  *consentLink // just asked for
}

// consentLink is where an administrator consents at an account's provider.
type consentLink struct{ Account, URL string }

// accountRow is an account as the page shows it.
type accountRow struct{ control.AccountView }

// Tried is how many messages were tried in the last hour, and Failed how many of them were not taken.
func (a accountRow) Tried() (n int) {
	for _, o := range a.LastHour {
		n += o.N
	}
	return n
}

func (a accountRow) Failed() (n int) {
	for _, o := range a.LastHour {
		if o.Result != "taken" {
			n += o.N
		}
	}
	return n
}

// PacePercent is the pace in parts of a hundred.
func (a accountRow) PacePercent() float64 { return 100 * a.Pace }

// Lag and LagMost are how long receipts take.
func (a accountRow) Lag() time.Duration {
	return time.Duration(a.ReceiptLag.Median * float64(time.Second))
}

func (a accountRow) LagMost() time.Duration {
	return time.Duration(a.ReceiptLag.Most * float64(time.Second))
}

// Calls is how many calls of the webhook were not the provider's.
func (a accountRow) Calls() int { return a.Forged + a.Malformed }

// channelForm is what was typed to pause, drain or try an account, what is wrong with it, and what came of a test message.
type channelForm struct {
	Account, Do string // pause, drain, try
	Reason, To  string
	Problem     string // a sentence
	Trial       *control.Trial
}

// Of is the form as the dialog for an account and a deed shows it.
func (f channelForm) Of(account, do string) channelForm {
	if f.Account == account && f.Do == do {
		return f
	}
	return channelForm{Account: account, Do: do}
}

// Open reports that the dialog is shown as the page comes.
func (f channelForm) Open() bool { return f.Problem != "" || f.Trial != nil }

func (c *console) showChannels(x echo.Context) error {
	return c.channelsWith(x, http.StatusOK, channelForm{})
}

func (c *console) channelsWith(x echo.Context, status int, f channelForm) error {
	if f.Do != "" && x.Request().Header.Get("HX-Request") != "" {
		return c.fragment(x, status, "channel-form", f)
	}
	body, err := c.channelsNow(x.Request().Context())
	if err != nil {
		return err
	}
	body.Form = f
	return c.show(x, status, page{name: "channels", body: body})
}

func (c *console) liveChannels(x echo.Context) error {
	return c.live(x, func() (string, error) {
		ctx, cancel := context.WithTimeout(x.Request().Context(), bound)
		defer cancel()
		body, err := c.channelsNow(ctx)
		if err != nil {
			return "", err
		}
		return c.html(x, "channels-live", body)
	})
}

func (c *console) channelsNow(ctx context.Context) (b channelsBody, err error) {
	accounts, err := c.Control.Accounts(ctx)
	if err != nil {
		return b, err
	}
	for _, a := range accounts {
		b.Accounts = append(b.Accounts, accountRow{a})
	}
	b.Letters, _, err = c.Control.DeadLetters(ctx, control.LetterFilter{}, "", lettersShown)
	for _, l := range b.Letters {
		if l.Account != "" && !slices.Contains(b.Stuck, l.Account) {
			b.Stuck = append(b.Stuck, l.Account)
		}
	}
	slices.Sort(b.Stuck)
	return b, err
}

// consent shows an administrator the link to the provider's page. It is a link and no redirect: the content security policy lets
// no form lead elsewhere.
func (c *console) consent(x echo.Context) error {
	account := pathParam(x, "id")
	url, err := c.Control.ConsentLink(x.Request().Context(), account)
	if err != nil {
		return err
	}
	body, err := c.channelsNow(x.Request().Context())
	if err != nil {
		return err
	}
	body.Consent = &consentLink{Account: account, URL: url}
	return c.show(x, http.StatusOK, page{name: "channels", body: body})
}

func (c *console) pauseAccount(x echo.Context) error {
	return c.halt(x, "pause", c.Control.PauseAccount)
}

func (c *console) drainAccount(x echo.Context) error {
	return c.halt(x, "drain", c.Control.DrainAccount)
}

// halt pauses or drains an account, for a reason that colleagues see.
func (c *console) halt(x echo.Context, do string, halt func(ctx context.Context, id, by, reason string) (control.AccountView, error)) error {
	ctx := x.Request().Context()
	f := channelForm{Account: pathParam(x, "id"), Do: do, Reason: strings.TrimSpace(x.FormValue("reason"))}
	switch {
	case f.Reason == "":
		f.Problem = c.langOf(x).say("channels.reason-none")
	case utf8.RuneCountInString(f.Reason) > reasonMost:
		f.Problem = c.langOf(x).say("channels.reason-long", "n", c.langOf(x).number(reasonMost))
	}
	if f.Problem != "" {
		return c.channelsWith(x, http.StatusUnprocessableEntity, f)
	}
	if _, err := halt(ctx, f.Account, access.Of(ctx).Name, f.Reason); err != nil {
		return err
	}
	return c.goTo(x, "/channels", "channels.did-"+do, "account", f.Account)
}

func (c *console) resumeAccount(x echo.Context) error {
	ctx, id := x.Request().Context(), pathParam(x, "id")
	if _, err := c.Control.ResumeAccount(ctx, id, access.Of(ctx).Name); err != nil {
		return err
	}
	return c.goTo(x, "/channels", "channels.did-resume", "account", id)
}

// tryAccount sends a test message, and shows in place what came of it.
func (c *console) tryAccount(x echo.Context) error {
	ctx := x.Request().Context()
	f := channelForm{Account: pathParam(x, "id"), Do: "try", To: strings.TrimSpace(x.FormValue("to"))}
	to, err := address.Parse(f.To)
	if err != nil {
		if to, err = address.Phone(f.To, "VN"); err != nil {
			f.Problem = c.langOf(x).say("channels.to-unread")
			return c.channelsWith(x, http.StatusUnprocessableEntity, f)
		}
	}
	trial, err := c.Control.TryAccount(ctx, f.Account, to.Current(), access.Of(ctx).Name)
	switch {
	case errors.Is(err, control.ErrTooSoon):
		f.Problem = c.langOf(x).say("channels.too-soon")
	default:
		f.Problem = c.wrong(x, err)
	}
	if f.Problem != "" {
		return c.channelsWith(x, http.StatusUnprocessableEntity, f)
	} else if err != nil {
		return err
	}
	f.Trial = &trial
	return c.channelsWith(x, http.StatusOK, f)
}

func (c *console) replayLetter(x echo.Context) error {
	n, err := c.Control.ReplayLetter(x.Request().Context(), pathParam(x, "letter"))
	if err != nil {
		return err
	}
	if n == 0 {
		return c.goTo(x, "/channels", "channels.replayed-before")
	}
	return c.goTo(x, "/channels", "channels.replayed-one")
}

// replayAccount puts what was given up on an account back on its way.
func (c *console) replayAccount(x echo.Context) error {
	id := pathParam(x, "id")
	done, err := c.Control.ReplayLetters(x.Request().Context(), control.LetterFilter{Account: id}, lettersReplayed)
	if err != nil {
		return err
	}
	says := "channels.replayed"
	if done.More {
		says = "channels.replayed-more"
	}
	return c.goTo(x, "/channels", says, "n", c.langOf(x).number(done.Replayed), "account", id)
}
