package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

const (
	countFresh = 10 * time.Minute // how old a count may be that a page shows; its age stands beside it
	listShown  = 50               // on a page of a list
	ruleMost   = 4000             // bytes: longer ones are no conditions
)

func (c *console) audience() screen {
	return screen{name: "audience", path: "/audience", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/audience", access.Viewer, bounded(c.showAudience)},
		{http.MethodPost, "/audience/build", access.Viewer, bounded(c.buildAudience)},
		{http.MethodGet, "/audience/count", access.Viewer, c.countAudience},
		{http.MethodGet, "/audience/people", access.Viewer, bounded(c.showAudiencePeople)},
		{http.MethodGet, "/audience/use", access.Marketer, bounded(c.useAudience)},
	}}
}

// audienceBody is a rule, as rows and as the expression that they are.
type audienceBody struct {
	builder
	Rule      string // as it stands in the field
	Sound     string // the rule that is counted: Rule, where it has no mistake
	Mistake   *ruleMistake
	Campaign  string
	Campaigns []control.CampaignView
	Anew      bool
}

// ruleMistake is a mistake in a rule, and its place.
type ruleMistake struct {
	expr.Error
	Before, At, After string // the line, in front of, at and behind the place
}

// CountPath is where the count comes from.
func (b audienceBody) CountPath() string {
	q := b.query()
	if b.Anew {
		q.Set("anew", "1")
	}
	return Prefix + "/audience/count?" + q.Encode()
}

func (b audienceBody) query() url.Values {
	q := url.Values{"rule": {b.Sound}}
	if b.Campaign != "" {
		q.Set("campaign", b.Campaign)
	}
	return q
}

// Path is the page's own address, to be kept or sent to somebody.
func (b audienceBody) Path() string {
	q := b.query()
	q.Set("rule", b.Rule)
	return Prefix + "/audience?" + q.Encode()
}

// Again is the address that counts anew.
func (b audienceBody) Again() string {
	q := b.query()
	q.Set("anew", "1")
	return Prefix + "/audience?" + q.Encode()
}

// CampaignName is that of the campaign that is judged by.
func (b audienceBody) CampaignName() string {
	for _, k := range b.Campaigns {
		if k.ID == b.Campaign {
			return k.Name
		}
	}
	return b.Campaign
}

func (c *console) showAudience(x echo.Context) error {
	rule, campaign := x.QueryParam("rule"), x.QueryParam("campaign")
	b, err := c.audienceBody(x.Request().Context(), campaign)
	if err != nil {
		return err
	}
	if !x.QueryParams().Has("rule") && campaign != "" {
		for _, k := range b.Campaigns {
			if k.ID == campaign {
				rule = k.Audience
			}
		}
	}
	if err := c.written(x.Request().Context(), &b, rule); err != nil {
		return err
	}
	b.Anew = x.QueryParam("anew") != ""
	return c.show(x, http.StatusOK, page{name: "audience", body: b})
}

func (c *console) audienceBody(ctx context.Context, campaign string) (b audienceBody, err error) {
	words, err := c.Control.Vocabulary(ctx)
	if err != nil {
		return b, err
	}
	all, err := c.Control.Campaigns(ctx)
	if err != nil {
		return b, err
	}
	return audienceBody{builder: builder{Words: words}, Campaign: campaign, Campaigns: all}, nil
}

// written takes a rule as it was typed. Where it has a mistake, that is said at its place.
func (c *console) written(ctx context.Context, b *audienceBody, rule string) error {
	b.Rule = rule
	err := c.Control.CheckRule(ctx, rule)
	var mistake *control.RuleError
	switch {
	case errors.As(err, &mistake):
		b.Mistake = mistakeIn(rule, mistake.Mistake)
		return nil
	case err != nil:
		return err
	}
	b.Sound = rule
	if b.Outline, err = expr.OutlineOf(rule); err != nil {
		return err
	}
	return nil
}

// buildAudience makes the rule anew after a change of a row, or the rows after a change of the rule.
func (c *console) buildAudience(x echo.Context) error {
	ctx := x.Request().Context()
	form, err := x.FormParams()
	if err != nil {
		return err
	}
	b, err := c.audienceBody(ctx, form.Get("campaign"))
	if err != nil {
		return err
	}
	if rule := form.Get("rule"); len(rule) <= 2*ruleMost && rule != form.Get("was") {
		err = c.written(ctx, &b, rule)
	} else {
		b.fill(form)
		kept := b.Outline
		err = c.written(ctx, &b, b.Outline.String())
		b.Outline = kept // with the rows that are not filled in yet
	}
	if err != nil {
		return err
	}
	x.Response().Header().Set("HX-Replace-Url", b.Path())
	return c.fragment(x, http.StatusOK, "audience-builder", b)
}

// useAudience opens the editor of a campaign, or the beginning of a new one, with a rule put in.
func (c *console) useAudience(x echo.Context) error {
	q := url.Values{"audience": {x.QueryParam("rule")}}
	to := "/campaigns?" + q.Encode() + "#new-title"
	if campaign := x.QueryParam("campaign"); campaign != "" {
		to = "/campaigns/" + url.PathEscape(campaign) + "/edit?" + q.Encode()
	}
	return c.goTo(x, to, "")
}

// countBody is a count under way, or its end.
type countBody struct {
	control.AudienceCount
	Query audienceBody
}

// Part is the address of the people in a part of the audience.
func (b countBody) Part(kind, reason string) string {
	q := b.Query.query()
	q.Set("part", kind)
	if reason != "" {
		q.Set("reason", reason)
	}
	return Prefix + "/audience/people?" + q.Encode()
}

// Likely is how many there may be in the end, while it is being counted.
func (b countBody) Likely(n int64) int64 {
	return likely(n, b.Looked, b.Of, b.Done)
}

// likely is how many there may be in the end, where n were found among those who were looked at.
func likely(n, looked, of int64, done bool) int64 {
	if done || looked == 0 {
		return n
	}
	return n * of / looked
}

// So is how many of those who were looked at so far the rule fits.
func (b countBody) So() int64 { return b.Asked + b.Waiting + b.Out() }

// Rate is how many were looked at in a second.
func (b countBody) Rate() int64 {
	if b.Took <= 0 {
		return 0
	}
	return int64(float64(b.Looked) / b.Took.Seconds())
}

// countAudience streams a count: how far it is, then what came of it.
func (c *console) countAudience(x echo.Context) error {
	q := control.AudienceQuery{Rule: x.QueryParam("rule"), Campaign: x.QueryParam("campaign"), MaxAge: countFresh}
	if x.QueryParam("anew") != "" {
		q.MaxAge = 0
	}
	if err := c.Control.CheckRule(x.Request().Context(), q.Rule); err != nil {
		return err
	}
	query := audienceBody{Sound: q.Rule, Campaign: q.Campaign}
	return c.stream(x, func(ctx context.Context, tell func(string, any)) error {
		last, err := c.Control.CountAudience(ctx, q, func(so control.AudienceCount) { tell("audience-count", countBody{so, query}) })
		if err == nil {
			tell("audience-count", countBody{last, query})
		}
		return err
	})
}

// eventOf is the name of the event that sends a part: those that stand elsewhere than the others of their stream have one.
func eventOf(template string) string {
	if template == "launch-go" {
		return "go"
	}
	return ""
}

// stream sends parts of a page as an event stream while work goes on, and ends it with an event done. It ends with the
// browser, or with the server.
func (c *console) stream(x echo.Context, work func(ctx context.Context, tell func(template string, body any)) error) error {
	ctx, cancel := context.WithCancel(x.Request().Context())
	defer cancel()
	go func() {
		select {
		case <-c.Done:
			cancel()
		case <-ctx.Done():
		}
	}()
	h := x.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	x.Response().WriteHeader(http.StatusOK)
	tell := func(template string, body any) {
		html, err := c.html(x, template, body)
		if err == nil {
			err = send(x, eventOf(template), html)
		}
		if err != nil {
			cancel()
		}
	}
	if err := work(ctx, tell); err != nil {
		return nil // the browser tries again and says so
	}
	if _, err := x.Response().Write([]byte("event: done\ndata:\n\n")); err == nil {
		x.Response().Flush()
	}
	return nil
}

// audiencePeopleBody is a page of those in a part of the audience.
type audiencePeopleBody struct {
	Query  audienceBody
	Part   control.AudiencePart
	People []control.AudiencePerson
	Next   string // address of the next page; "": this is the last
	Looked bool   // there are more to look through, and none was found among these
}

func (c *console) showAudiencePeople(x echo.Context) error {
	ctx := x.Request().Context()
	b, err := c.audienceBody(ctx, x.QueryParam("campaign"))
	if err != nil {
		return err
	}
	b.Rule, b.Sound = x.QueryParam("rule"), x.QueryParam("rule")
	part := control.AudiencePart{Kind: x.QueryParam("part"), Reason: x.QueryParam("reason")}
	people, next, err := c.Control.AudiencePeople(ctx, control.AudienceQuery{Rule: b.Rule, Campaign: b.Campaign}, part, x.QueryParam("cursor"), listShown)
	if err != nil {
		return err
	}
	body := audiencePeopleBody{Query: b, Part: part, People: people, Looked: next != "" && len(people) == 0}
	if next != "" {
		q := x.QueryParams()
		q.Set("cursor", next)
		body.Next = Prefix + "/audience/people?" + q.Encode()
	}
	if x.Request().Header.Get("HX-Request") != "" {
		return c.fragment(x, http.StatusOK, "audience-rows", body)
	}
	return c.show(x, http.StatusOK, page{name: "audience", main: "audience-people", body: body})
}

// mistakeIn cuts out the line of a rule that has the mistake.
func mistakeIn(rule string, e *expr.Error) *ruleMistake {
	m := &ruleMistake{Error: *e}
	lines := splitLines(rule)
	if e.Line < 1 || e.Line > len(lines) {
		return m
	}
	line := []rune(lines[e.Line-1])
	at := min(max(e.Column-1, 0), len(line))
	end := at
	for end < len(line) && line[end] != ' ' {
		end++
	}
	m.Before, m.At, m.After = string(line[:at]), string(line[at:end]), string(line[end:])
	return m
}
