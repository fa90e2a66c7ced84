package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// runsLooked is how many runs the campaigns' pages look through.
const runsLooked = 60

func (c *console) campaigns() screen {
	return screen{name: "campaigns", path: "/campaigns", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/campaigns", access.Viewer, bounded(c.showCampaigns)},
		{http.MethodGet, "/campaigns/live", access.Viewer, c.liveCampaigns},
		{http.MethodPost, "/campaigns", access.Marketer, bounded(c.makeCampaign)},
		{http.MethodGet, "/campaigns/:id", access.Viewer, bounded(c.showCampaign)},
		{http.MethodGet, "/campaigns/:id/live", access.Viewer, c.liveCampaign},
		{http.MethodGet, "/campaigns/:id/preflight", access.Marketer, c.preflight},
		{http.MethodPost, "/campaigns/:id/launch", access.Marketer, bounded(c.launch)},
		{http.MethodPost, "/runs/:id/:do", access.Marketer, bounded(c.steerRun)},
		{http.MethodPost, "/requests/:id/:do", access.Marketer, bounded(c.decide)},
	}}
}

// campaignRow is a campaign in the list: in force, or only a draft.
type campaignRow struct {
	control.CampaignView
	State string // draft, changed, published, folder, archived
	Last  *runRow
	Asks  int // requests that wait for a second person
}

// campaignsBody is the list.
type campaignsBody struct {
	Rows     []campaignRow
	Requests []control.Request // that wait
	New      newCampaign
	runs     []control.Run // the newest
}

// newCampaign is what was typed to make one, and what is wrong with that.
type newCampaign struct{ Name, ID, Audience, NameProblem, IDProblem string }

func (c *console) showCampaigns(x echo.Context) error {
	return c.renderCampaigns(x, http.StatusOK, newCampaign{Audience: x.QueryParam("audience")})
}

func (c *console) renderCampaigns(x echo.Context, status int, typed newCampaign) error {
	b, err := c.campaignsNow(x.Request().Context())
	if err != nil {
		return err
	}
	b.New = typed
	return c.show(x, status, page{name: "campaigns", body: b})
}

func (c *console) liveCampaigns(x echo.Context) error {
	return c.live(x, func() (string, error) {
		ctx, cancel := context.WithTimeout(x.Request().Context(), bound)
		defer cancel()
		b, err := c.campaignsNow(ctx)
		if err != nil {
			return "", err
		}
		return c.html(x, "campaigns-live", b)
	})
}

func (c *console) campaignsNow(ctx context.Context) (b campaignsBody, err error) {
	all, err := c.Control.Campaigns(ctx)
	if err != nil {
		return b, err
	}
	files, err := c.Control.Files(ctx)
	if err != nil {
		return b, err
	}
	runs, err := c.Control.Runs(ctx, runsLooked)
	if err != nil {
		return b, err
	}
	requests, err := c.Control.Requests(ctx)
	if err != nil {
		return b, err
	}
	b.runs = runs
	b.Requests = slices.DeleteFunc(requests, func(r control.Request) bool { return r.State != control.RequestWaits })
	b.Rows = campaignRows(all, files)
	for i := range b.Rows {
		b.Rows[i].Last = lastRun(runs, &b.Rows[i])
		for _, r := range b.Requests {
			if r.Launch != nil && r.Launch.Campaign == b.Rows[i].ID || r.Publish != nil && r.Publish.Name == b.Rows[i].File {
				b.Rows[i].Asks++
			}
		}
	}
	return b, nil
}

// campaignRows are those in force, and those that are in a file of the console only.
func campaignRows(all []control.CampaignView, files []control.FileView) []campaignRow {
	var rows []campaignRow
	states := map[string]string{}
	for _, f := range files {
		states[f.Name] = string(f.State)
	}
	for _, k := range all {
		rows = append(rows, campaignRow{CampaignView: k, State: states[k.File]})
	}
	for _, f := range files {
		for _, d := range f.Defines {
			if d.Kind == "campaign" && !slices.ContainsFunc(all, func(k control.CampaignView) bool { return k.ID == d.ID }) {
				rows = append(rows, campaignRow{CampaignView: control.CampaignView{ID: d.ID, Name: cmp.Or(d.Name, d.ID), File: f.Name}, State: string(f.State)})
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b campaignRow) int {
		return cmp.Or(cmp.Compare(archived(a), archived(b)), cmp.Compare(folded(a.Name), folded(b.Name)))
	})
	return rows
}

func archived(r campaignRow) int {
	if r.State == string(control.InArchive) {
		return 1
	}
	return 0
}

func lastRun(runs []control.Run, k *campaignRow) *runRow {
	i := slices.IndexFunc(runs, func(r control.Run) bool { return r.Campaign == k.ID })
	if i < 0 {
		return nil
	}
	return &runRow{Run: runs[i], Name: k.Name}
}

// campaignBody is one campaign with its runs.
type campaignBody struct {
	campaignRow
	Runs     []runRow
	Requests []control.Request
	Launch   launchForm
	Pre      *preflightBody // nil: it cannot be started by hand, or not by who looks
	Live     bool           // it is in force and can be started by hand
}

// preflightBody is what a launch would do, as far as that is known.
type preflightBody struct{ control.Preflight }

// Likely is how many there may be in the end, while people are being counted.
func (b preflightBody) Likely(n int64) int64 { return likely(n, b.Looked, b.Of, b.Done) }

// Ready reports whether all is known that a launch needs.
func (b preflightBody) Ready() bool { return b.Done || !b.Counts }

// launchForm is what was typed to launch, and what is wrong with that.
type launchForm struct {
	First, People string
	FirstProblem  string
	Problem       string // with the number of people
	Key           string // of this page: sent twice it starts one run
}

func (c *console) showCampaign(x echo.Context) error {
	return c.renderCampaign(x, http.StatusOK, launchForm{})
}

func (c *console) renderCampaign(x echo.Context, status int, f launchForm) error {
	b, err := c.campaignNow(x.Request().Context(), pathParam(x, "id"))
	if err != nil {
		return err
	}
	b.Launch = f
	b.Launch.Key = newKey()
	if b.Live && access.Need(x.Request().Context(), access.Marketer) == nil {
		p, err := c.Control.Preflight(x.Request().Context(), control.PreflightQuery{Campaign: b.ID, Known: true}, nil)
		if err != nil {
			return err
		}
		b.Pre = &preflightBody{p}
	}
	return c.show(x, status, page{name: "campaigns", main: "campaign", body: b})
}

func (c *console) liveCampaign(x echo.Context) error {
	return c.live(x, func() (string, error) {
		ctx, cancel := context.WithTimeout(x.Request().Context(), bound)
		defer cancel()
		b, err := c.campaignNow(ctx, pathParam(x, "id"))
		if err != nil {
			return "", err
		}
		return c.html(x, "campaign-live", b)
	})
}

func (c *console) campaignNow(ctx context.Context, id string) (b campaignBody, err error) {
	all, err := c.campaignsNow(ctx)
	if err != nil {
		return b, err
	}
	i := slices.IndexFunc(all.Rows, func(r campaignRow) bool { return r.ID == id })
	if i < 0 {
		return b, control.ErrNotFound
	}
	b.campaignRow = all.Rows[i]
	b.Live = len(b.Questions) > 0 && b.Event == ""
	for _, r := range all.Requests {
		if r.Launch != nil && r.Launch.Campaign == id || r.Publish != nil && r.Publish.Name == b.File {
			b.Requests = append(b.Requests, r)
		}
	}
	for _, r := range all.runs {
		if r.Campaign == id {
			b.Runs = append(b.Runs, runRow{Run: r, Name: b.Name})
		}
	}
	return b, nil
}

// preflight streams whom a launch would reach: how far counting is, then what came of it. The button follows once it is known
// what it takes to press it.
func (c *console) preflight(x echo.Context) error {
	q := control.PreflightQuery{Campaign: pathParam(x, "id")}
	if _, err := c.Control.Preflight(x.Request().Context(), control.PreflightQuery{Campaign: q.Campaign, Known: true}, nil); err != nil {
		return err
	}
	return c.stream(x, func(ctx context.Context, tell func(string, any)) error {
		last, err := c.Control.Preflight(ctx, q, func(so control.Preflight) { tell("preflight", preflightBody{so}) })
		if err == nil {
			tell("preflight", preflightBody{last})
			tell("launch-go", preflightBody{last})
		}
		return err
	})
}

func (c *console) launch(x echo.Context) error {
	f := launchForm{First: strings.TrimSpace(x.FormValue("first")), People: strings.TrimSpace(x.FormValue("people"))}
	id, l := pathParam(x, "id"), c.langOf(x)
	done, err := c.Control.Launch(x.Request().Context(), control.LaunchOrder{Campaign: id, Key: x.FormValue("key"), First: f.First, People: digits(f.People)})
	var typed *control.TypeError
	var counting *control.CountingError
	switch {
	case errors.As(err, &typed):
		f.Problem = l.say("campaigns.launch.type", "n", l.number(typed.People))
		return c.renderCampaign(x, http.StatusBadRequest, f)
	case errors.As(err, &counting):
		f.Problem = l.stillCounting(counting)
		return c.renderCampaign(x, http.StatusConflict, f)
	case errors.Is(err, control.ErrInvalid):
		f.FirstProblem = l.say("campaigns.launch.first-bad")
		return c.renderCampaign(x, http.StatusBadRequest, f)
	case err != nil:
		return err
	case done.Request != nil:
		return c.goTo(x, "/campaigns/"+url.PathEscape(id), "campaigns.launch.asked")
	}
	return c.goTo(x, "/campaigns/"+url.PathEscape(id), "campaigns.launch.done")
}

// stillCounting says how far a count is that somebody has to wait for.
func (l lang) stillCounting(e *control.CountingError) string {
	return l.say("campaigns.launch.counting", "n", l.number(e.Looked), "of", l.number(e.Of))
}

// digits is a number as people type it, with or without marks between its thousands.
func digits(s string) int {
	n, err := strconv.Atoi(strings.NewReplacer(".", "", ",", "", " ", "", "\u00a0", "").Replace(s))
	if err != nil {
		return 0
	}
	return n
}

func (c *console) steerRun(x echo.Context) error {
	ctx, id := x.Request().Context(), pathParam(x, "id")
	steps := map[string]func(context.Context, string) (control.Run, error){
		"pause": c.Control.PauseRun, "resume": c.Control.ResumeRun, "cancel": c.Control.CancelRun, "go-on": c.Control.GoOn,
	}
	step := steps[x.Param("do")]
	if step == nil {
		return control.ErrNotFound
	}
	r, err := step(ctx, id)
	if err != nil {
		return err
	}
	return c.goTo(x, "/campaigns/"+url.PathEscape(r.Campaign), "campaigns.run."+x.Param("do"))
}

func (c *console) decide(x echo.Context) error {
	ctx, id, back := x.Request().Context(), pathParam(x, "id"), "/campaigns"
	var err error
	switch x.Param("do") {
	case "approve":
		_, err = c.Control.Approve(ctx, id)
	case "refuse":
		_, err = c.Control.Refuse(ctx, id, clip(x.FormValue("reason"), 200))
	default:
		err = control.ErrNotFound
	}
	if counting := (*control.CountingError)(nil); errors.As(err, &counting) {
		return c.goTo(x, back, "campaigns.request.counting")
	}
	if err != nil {
		return err
	}
	return c.goTo(x, back, "campaigns.request."+x.Param("do"))
}

func clip(s string, most int) string {
	r := []rune(strings.TrimSpace(s))
	return string(r[:min(len(r), most)])
}

// makeCampaign begins a draft with one question in it, and leads to its editor.
func (c *console) makeCampaign(x echo.Context) error {
	typed := newCampaign{Name: clip(x.FormValue("name"), 80), ID: strings.TrimSpace(x.FormValue("id")), Audience: x.FormValue("audience")}
	if typed.ID == "" {
		typed.ID = idOf(typed.Name)
	}
	l := c.langOf(x)
	if typed.Name == "" || typed.ID == "" {
		typed.NameProblem = l.say("campaigns.new.name-wanted")
		return c.renderCampaigns(x, http.StatusBadRequest, typed)
	}
	all, err := c.campaignsNow(x.Request().Context())
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all.Rows, func(r campaignRow) bool { return r.ID == typed.ID }) {
		typed.IDProblem = l.say("campaigns.new.known", "id", typed.ID)
		return c.renderCampaigns(x, http.StatusConflict, typed)
	}
	ctx := x.Request().Context()
	text, err := c.Control.WithForm(ctx, "", typed.ID, firstForm(typed))
	if err != nil {
		return err
	}
	_, err = c.Control.SaveFile(ctx, control.FileEdit{Name: typed.ID + ".yaml", Text: text})
	switch {
	case errors.Is(err, control.ErrConflict):
		typed.IDProblem = l.say("campaigns.new.known", "id", typed.ID)
		return c.renderCampaigns(x, http.StatusConflict, typed)
	case errors.Is(err, control.ErrInvalid):
		typed.IDProblem = l.say("campaigns.new.id-bad")
		return c.renderCampaigns(x, http.StatusBadRequest, typed)
	case err != nil:
		return err
	}
	return c.goTo(x, "/campaigns/"+url.PathEscape(typed.ID)+"/edit", "")
}

// idOf makes an id of a name: "Gu mùa thu" is gu-mua-thu.
func idOf(name string) string {
	var b strings.Builder
	for _, r := range folded(name) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	id := b.String()
	return strings.Trim(id[:min(len(id), 50)], "-")
}
