package console

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/simulator"
	"github.com/hoidap/hoidap/preferences"
)

// datetimeLocal is how browsers send a field for a day and a time.
const datetimeLocal = "2006-01-02T15:04"

func (c *console) simulator() screen {
	return screen{name: "simulator", path: "/simulator", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/simulator", access.Viewer, bounded(c.showSimulator)},
		{http.MethodPost, "/simulator", access.Viewer, bounded(c.playTalk)},
		{http.MethodPost, "/simulator/save", access.Viewer, bounded(c.saveTalk)},
	}}
}

// simulatorBody is a talk that is played anew with each move: the page itself keeps the script, and nothing else does.
type simulatorBody struct {
	Campaigns []control.CampaignView
	Accounts  []control.AccountView
	Set       simulatorForm
	Script    string // so far
	Draft     string
	Talk      *simulator.Talk
	Steps     []simulatorStep // the newest first
	Problem   string          // with what no field stands for
	AtProblem string          // with when it begins
	Facts     string          // what is wrong with the facts
	Draftings []string        // mistakes of the draft
}

// simulatorForm is who is played.
type simulatorForm struct {
	Campaign, Name, Locale, Account, At, Facts string
	Marketing                                  bool
}

// simulatorStep is a step with how the customer's words were read.
type simulatorStep struct {
	simulator.Step
	N    int
	Read *preferences.Entry
}

func (c *console) showSimulator(x echo.Context) error {
	b, err := c.simulatorFor(x)
	if err != nil {
		return err
	}
	b.Set = simulatorForm{Name: "Lan", Locale: string(c.langOf(x)), At: c.Now().In(c.zone()).Format(datetimeLocal), Marketing: true, Campaign: x.QueryParam("campaign")}
	return c.show(x, http.StatusOK, page{name: "simulator", body: b})
}

func (c *console) simulatorFor(x echo.Context) (b simulatorBody, err error) {
	ctx := x.Request().Context()
	if b.Campaigns, err = c.Control.Campaigns(ctx); err != nil {
		return b, err
	}
	b.Accounts, err = c.Control.Accounts(ctx)
	return b, err
}

// playTalk adds a move to the talk, and plays it from the beginning.
func (c *console) playTalk(x echo.Context) error {
	b, err := c.simulatorFor(x)
	if err != nil {
		return err
	}
	script, err := c.scriptIn(x, &b)
	if b.AtProblem != "" || b.Facts != "" {
		return c.show(x, http.StatusUnprocessableEntity, page{name: "simulator", body: b})
	}
	if err == nil {
		err = c.played(x, &b, script)
	}
	status := http.StatusOK
	if b.Problem = c.talkProblem(x, &b, err); b.Problem != "" {
		status = http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	return c.show(x, status, page{name: "simulator", body: b})
}

func (c *console) played(x echo.Context, b *simulatorBody, script simulator.Script) error {
	talk, err := c.Control.Simulate(x.Request().Context(), script, b.Draft)
	if err != nil {
		return err
	}
	b.Talk, b.Script = &talk, script.String()
	for i := len(talk.Steps) - 1; i >= 0; i-- {
		step := simulatorStep{Step: talk.Steps[i], N: i}
		for n, e := range step.Ledger {
			if strings.HasPrefix(string(e.Kind), "reply.") {
				step.Read = &step.Ledger[n]
			}
		}
		b.Steps = append(b.Steps, step)
	}
	return nil
}

// talkProblem is what is wrong with the script or the draft; "" where the error is of another kind.
func (c *console) talkProblem(x echo.Context, b *simulatorBody, err error) string {
	var bad *control.TalkError
	var line *simulator.Error
	switch {
	case errors.As(err, &bad):
		for _, p := range bad.Draft {
			f := c.langOf(x).finding(p.Message, p.Hint, p.Said)
			p.Message, p.Hint = f.Said, f.Hint
			b.Draftings = append(b.Draftings, p.String())
		}
		if len(b.Draftings) > 0 {
			return c.langOf(x).say("simulator.draft-bad")
		}
		return c.langOf(x).sentence(err)
	case errors.As(err, &line):
		return line.Error()
	}
	return ""
}

// scriptIn is the talk so far with the move that a form asks for, or a new one.
func (c *console) scriptIn(x echo.Context, b *simulatorBody) (simulator.Script, error) {
	b.Draft, b.Script = strings.TrimSpace(x.FormValue("draft")), x.FormValue("script")
	f := simulatorForm{Campaign: x.FormValue("campaign"), Name: x.FormValue("name"), Locale: x.FormValue("locale"), Account: x.FormValue("account"),
		At: x.FormValue("at"), Facts: x.FormValue("facts"), Marketing: x.FormValue("marketing") != ""}
	b.Set = f
	var s simulator.Script
	var err error
	if b.Script == "" {
		if c.misset(c.langOf(x), b); b.AtProblem != "" || b.Facts != "" {
			return s, nil
		}
		s, err = simulator.Read(f.head(), c.zone())
	} else if s, err = simulator.Read(b.Script, c.zone()); err == nil {
		b.Set = c.setOf(s)
	}
	if err != nil {
		return s, err
	}
	if move := moveIn(x); move != "" {
		return simulator.Read(s.String()+move, c.zone())
	}
	if x.FormValue("undo") != "" && len(s.Moves) > 0 {
		s.Moves = s.Moves[:len(s.Moves)-1]
	}
	return s, nil
}

// misset says at their fields what is wrong with the facts and the beginning.
func (c *console) misset(l lang, b *simulatorBody) {
	if _, err := time.Parse(datetimeLocal, b.Set.At); err != nil {
		b.AtProblem = l.say("simulator.at-bad")
	}
	for fact := range strings.Lines(b.Set.Facts) {
		if fact = strings.TrimSpace(fact); fact != "" && !strings.Contains(fact, "=") {
			b.Facts = l.say("simulator.fact-bad", "fact", short(fact, 40))
			return
		}
	}
}

// moveIn is the line of a script that a form asks for; "": none.
func moveIn(x echo.Context) string {
	flat := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(s), "\r", ""), "\n", `\n`)
	}
	switch text := flat(x.FormValue("text")); {
	case x.FormValue("tap") != "":
		return "! tap " + flat(x.FormValue("tap")) + "\n"
	case x.FormValue("again") != "":
		return "! again\n"
	case x.FormValue("takeover") != "":
		return "! takeover\n"
	case x.FormValue("handback") != "":
		return "! handback\n"
	case x.FormValue("wait") != "":
		return "! wait " + flat(x.FormValue("wait")) + "\n"
	case x.FormValue("event") != "":
		return "! event " + flat(x.FormValue("event")) + "\n"
	case x.FormValue("late") != "" && text != "":
		return "! late " + flat(x.FormValue("late")) + " " + text + "\n"
	case text != "":
		return "> " + text + "\n"
	}
	return ""
}

// head is the beginning of a script.
func (f simulatorForm) head() string {
	var b strings.Builder
	put := func(name, value string) {
		if value = strings.Join(strings.Fields(value), " "); value != "" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	put("campaign", cmp.Or(f.Campaign, "draft"))
	put("name", f.Name)
	put("locale", f.Locale)
	put("account", f.Account)
	if f.Marketing {
		put("consent", preferences.Marketing)
	}
	for fact := range strings.Lines(f.Facts) {
		put("fact", fact)
	}
	put("at", strings.Replace(f.At, "T", " ", 1))
	return b.String() + "---\n"
}

// setOf is who is played in a script.
func (c *console) setOf(s simulator.Script) simulatorForm {
	p := s.Persona
	f := simulatorForm{Campaign: s.Campaign, Name: p.Name, Locale: p.Locale, Account: p.Account, Marketing: len(p.Consents) > 0}
	if !s.At.IsZero() {
		f.At = s.At.Format(datetimeLocal)
	}
	for _, k := range slices.Sorted(maps.Keys(p.Facts)) {
		f.Facts += k + " = " + p.Facts[k] + "\n"
	}
	return f
}

// saveTalk gives the talk as a test file.
func (c *console) saveTalk(x echo.Context) error {
	s, err := simulator.Read(x.FormValue("script"), c.zone())
	if err != nil {
		return err
	}
	talk, err := c.Control.Simulate(x.Request().Context(), s, strings.TrimSpace(x.FormValue("draft")))
	if err != nil {
		return err
	}
	s = portable(s, talk)
	x.Response().Header().Set("Content-Disposition", `attachment; filename="`+url.PathEscape(s.Campaign)+`.talk"`)
	return x.Blob(http.StatusOK, "text/plain; charset=utf-8", []byte(talk.Test(s)))
}

// portable names the channel in place of the account, which only this gateway has.
func portable(s simulator.Script, t simulator.Talk) simulator.Script {
	for _, r := range t.World.Routes {
		if r.Account == s.Persona.Account || s.Persona.Account == "" && r.Inbound {
			s.Persona.Account, s.Persona.Channel, s.Options = "", r.Channel, r.Options
			return s
		}
	}
	return s
}

// Waits are the jumps of the clock that a page offers.
func (b simulatorBody) Waits() []string { return []string{"15s", "1h", "12h", "1d", "3d"} }

// question is one of the world that the talk was played in; nil: there is none.
func (b simulatorBody) question(campaign, id string) *campaigns.Question {
	c := b.Talk.World.Campaigns[campaign]
	if c == nil {
		return nil
	}
	i := slices.IndexFunc(c.Questions, func(q campaigns.Question) bool { return q.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Questions[i]
}

// Asks is a question in its own words, as far as a line goes.
func (b simulatorBody) Asks(campaign, id string) string {
	q := b.question(campaign, id)
	if q == nil {
		return id
	}
	return short(lang(b.Set.Locale).label(q.Ask.Text, id), 60)
}

// Called is what the answer to a question is called; its id where the campaign does not say.
func (b simulatorBody) Called(campaign, id string) string {
	q := b.question(campaign, id)
	if q == nil || len(q.Label) == 0 {
		return id
	}
	return lang(b.Set.Locale).label(q.Label, id)
}

// Meant is what an entry says that the customer meant, as they would say it; "" where it says nothing of that.
func (b simulatorBody) Meant(e *preferences.Entry) string {
	value, ok := e.Detail["value"].(preferences.Value)
	q := b.question(e.Campaign, e.Question)
	if !ok || q == nil || b.Talk.State.Contact == nil {
		return ""
	}
	value.Kind = q.Ask.Kind
	_, shown := b.Talk.World.Told(b.Talk.State, preferences.Preference{Attribute: q.Attribute, Kind: q.Ask.Kind, Value: value})
	return shown
}
