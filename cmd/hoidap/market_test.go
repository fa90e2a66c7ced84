package main

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/config"
)

func TestAdsPerDay(t *testing.T) {
	t.Parallel()
	none, one := 0, 1
	for _, c := range []struct {
		market string
		most   *int
		want   int
	}{{"vn", nil, 3}, {"vn", &none, 0}, {"us", nil, 0}, {"us", &one, 1}} {
		pack, ok := packOf(&config.Config{Market: c.market, Zone: time.UTC, AdsPerDay: c.most})
		require.True(t, ok)
		require.Equal(t, c.want, pack.Cap.Most)
		require.Equal(t, time.UTC, pack.Zone)
		require.True(t, c.want == 0 || pack.Cap.Within == 24*time.Hour)
	}
}

// What the market puts around an ad is measured with it: with the longest way to refuse, since nobody knows who has had an ad.
func TestAmericanAdsAreMeasured(t *testing.T) {
	t.Parallel()
	set, problems := files.Load(fstest.MapFS{"a.yaml": {Data: []byte(`
campaign: style
questions:
  - {id: style, kind: yes_no, text: {en: "Do you like linen?"}}
  - {id: silk, kind: yes_no, text: {en: "And silk?"}}
`)}}, files.Options{})
	require.Empty(t, problems)
	pack, ok := compliance.PackFor("us")
	require.True(t, ok)
	ms := measure(set, pack, "Lotus", time.Now())
	require.Len(t, ms, 2)
	require.Equal(t, len("Lotus: Do you like linen?\nMsg & data rates may apply. Reply HELP for help, STOP to opt out"), ms[0].as.Units)
	require.Equal(t, len("And silk?"), ms[1].as.Units, "which answers the customer")
}
