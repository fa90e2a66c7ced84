package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/health"
)

// Bounds of what the overview shows.
const (
	runsShown   = 6
	comingShown = 5
)

func (c *console) overview() screen {
	return screen{name: "overview", path: "/overview", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/overview", access.Viewer, bounded(c.showOverview)},
		{http.MethodGet, "/overview/live", access.Viewer, c.liveOverview},
	}}
}

// overviewBody is what needs somebody, what runs, and what comes.
type overviewBody struct {
	Waiting      int64 // in the inbox
	OldestWaits  time.Time
	Accounts     []control.AccountView // that are not well
	AccountCount int
	Offers       []control.OfferView // that run out of codes
	FewCodes     int64               // from how many on a pool is low
	FewDays      int64
	Letters      int64 // messages that were given up
	Runs         []runRow
	Coming       []control.CampaignView
	Campaigns    int
}

// Calm reports that nothing needs anybody.
func (b overviewBody) Calm() bool {
	return b.Waiting == 0 && len(b.Accounts) == 0 && len(b.Offers) == 0 && b.Letters == 0
}

// runRow is a run with its campaign's name.
type runRow struct {
	control.Run
	Name string
}

// N is one of the run's counts.
func (r runRow) N(name string) int64 { return r.Counts[campaigns.CountName(name)] }

// Settled is how many of the audience were asked or will not be.
func (r runRow) Settled() int64 { return r.N("asked") + r.N("excluded") }

func (c *console) showOverview(x echo.Context) error {
	body, err := c.overviewNow(x.Request().Context())
	if err != nil {
		return err
	}
	return c.show(x, http.StatusOK, page{name: "overview", body: body})
}

func (c *console) liveOverview(x echo.Context) error {
	return c.live(x, func() (string, error) {
		ctx, cancel := context.WithTimeout(x.Request().Context(), bound)
		defer cancel()
		body, err := c.overviewNow(ctx)
		if err != nil {
			return "", err
		}
		return c.html(x, "overview-live", body)
	})
}

func (c *console) overviewNow(ctx context.Context) (b overviewBody, err error) {
	var inbox map[string]int64
	var oldest []control.InboxEntry
	var letters int64
	var accounts []control.AccountView
	var offers []control.OfferView
	var runs []control.Run
	var all []control.CampaignView
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { inbox, err = c.Control.InboxCounts(ctx); return })
	g.Go(func() (err error) { oldest, _, err = c.Control.InboxPage(ctx, "", "", 1); return })
	g.Go(func() (err error) { accounts, err = c.Control.Accounts(ctx); return })
	g.Go(func() (err error) { offers, err = c.Control.Offers(ctx); return })
	g.Go(func() (err error) { letters, err = c.Control.CountLetters(ctx); return })
	g.Go(func() (err error) { runs, err = c.Control.Runs(ctx, runsShown); return })
	g.Go(func() (err error) { all, err = c.Control.Campaigns(ctx); return })
	if err := g.Wait(); err != nil {
		return b, err
	}
	b = overviewBody{FewCodes: control.FewCodes, FewDays: control.FewDays, Letters: letters, AccountCount: len(accounts), Campaigns: len(all)}
	for _, n := range inbox {
		b.Waiting += n
	}
	if len(oldest) > 0 {
		b.OldestWaits = oldest[0].At
	}
	b.Accounts = slices.DeleteFunc(accounts, func(a control.AccountView) bool { return a.State == health.OK })
	b.Offers = slices.DeleteFunc(offers, func(o control.OfferView) bool { return !o.Low() })
	b.Runs = named(runs, all)
	b.Coming = coming(all)
	return b, nil
}

// named gives runs the names of their campaigns.
func named(runs []control.Run, all []control.CampaignView) []runRow {
	names := map[string]string{}
	for _, k := range all {
		names[k.ID] = k.Name
	}
	rows := make([]runRow, len(runs))
	for i, r := range runs {
		rows[i] = runRow{Run: r, Name: names[r.Campaign]}
		if rows[i].Name == "" {
			rows[i].Name = r.Campaign
		}
	}
	return rows
}

// coming are the campaigns that start next.
func coming(all []control.CampaignView) []control.CampaignView {
	next := slices.DeleteFunc(slices.Clone(all), func(k control.CampaignView) bool { return k.Next.IsZero() })
	slices.SortStableFunc(next, func(a, b control.CampaignView) int { return a.Next.Compare(b.Next) })
	return next[:min(len(next), comingShown)]
}
