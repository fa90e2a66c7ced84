package compliance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/compliance"
)

func TestHolidays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ market, day, want string }{
		{"vn", "2027-02-04", ""}, {"vn", "2027-02-05", "tet"}, {"vn", "2027-02-09", "tet"}, {"vn", "2027-02-10", ""},
		{"vn", "2027-04-16", "hung_kings"}, {"vn", "2035-09-02", "national"}, {"us", "2027-02-06", ""}, {"us", "2027-07-04", "national"}, {"eu", "2027-12-26", "christmas"},
	} {
		pack, ok := compliance.PackFor(c.market)
		require.True(t, ok)
		day, err := time.Parse(time.DateOnly, c.day)
		require.NoError(t, err)
		require.Equal(t, c.want, pack.Holiday(day), c)
	}
}
