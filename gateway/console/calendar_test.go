package console_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/control"
)

// twoOnADay start on the same day, each for people of its own and some of the other's.
const twoOnADay = `
campaign: hue
name: Khách Huế
schedule: {cron: "0 9 * * *", timezone: Asia/Ho_Chi_Minh}
audience: facts.city == "Huế"
questions:
  - {id: a, kind: text, text: "Mình thích gì ạ?"}
---
campaign: buyers
name: Khách hay mua
schedule: {cron: "0 15 * * *", timezone: Asia/Ho_Chi_Minh}
audience: facts.orders == 3
questions:
  - {id: b, kind: text, text: "Mình cần gì ạ?"}
`

// The calendar says what a day comes to, and leads to whoever several of its campaigns would reach.
func TestTheCalendarTellsLoadAndCollisionsInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) { o.Files = fstest.MapFS{"two.yaml": {Data: []byte(twoOnADay)}} })
	h.crowd(20)
	run, err := h.g.Control.StartRun(h.program(), "hue", "k", 0)
	require.NoError(t, err)
	h.until("the run is over", func() bool {
		r, err := h.g.Control.Run(h.program(), run.ID)
		return err == nil && r.State == control.Done
	})
	h.browse(`
		await signIn('viewer');
		await page.goto(base + '/console/calendar');
		const day = page.locator('.day', { has: page.locator('.clash') }).last();
		expect((await day.innerText()).includes('≈ 2 người'), 'how many were asked last time: ' + await day.innerText());
		expect((await day.innerText()).includes('Cả ngày ≈ 2 người'), 'what the day comes to');
		await check('a calendar with collisions');
		await shot('calendar-clash');
		await page.setViewportSize({ width: 360, height: 740 });
		await fits('a calendar with collisions, phone');
		await day.getByRole('link', { name: 'Bao nhiêu người trùng?' }).click();
		await page.locator('.total:not(.going) .huge').getByText('1', { exact: true }).waitFor();
	`, nil)
}
