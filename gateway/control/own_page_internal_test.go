package control

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// What somebody agreed to is one line a purpose, with the channels that are told apart.
func TestAgreed(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 20, 0, 0, 0, time.UTC) }
	hanoi := time.FixedZone("+07", 7*3600)
	record := func(purpose string, granted bool, n int, on ...address.Channel) preferences.Consent {
		return preferences.Consent{Purpose: purpose, Granted: granted, At: day(n), Channels: on}
	}
	for name, c := range map[string]struct {
		records []preferences.Consent
		want    []AgreedPurpose
	}{
		"nothing":        {nil, nil},
		"a yes":          {[]preferences.Consent{record("marketing", true, 1)}, []AgreedPurpose{{Purpose: "marketing", Granted: true, At: day(1).In(hanoi)}}},
		"taken back":     {[]preferences.Consent{record("marketing", true, 1), record("marketing", false, 2)}, []AgreedPurpose{{Purpose: "marketing", At: day(2).In(hanoi)}}},
		"by some alone":  {[]preferences.Consent{record("marketing", true, 1, address.Zalo, address.SMS)}, []AgreedPurpose{{Purpose: "marketing", Granted: true, At: day(1).In(hanoi), On: []string{"sms", "zalo"}}}},
		"but for one":    {[]preferences.Consent{record("marketing", true, 1), record("marketing", false, 2, address.Viber)}, []AgreedPurpose{{Purpose: "marketing", Granted: true, At: day(2).In(hanoi), Except: []string{"viber"}}}},
		"said twice":     {[]preferences.Consent{record("marketing", true, 1, address.Zalo), record("marketing", true, 2, address.Zalo)}, []AgreedPurpose{{Purpose: "marketing", Granted: true, At: day(2).In(hanoi), On: []string{"zalo"}}}},
		"two, by name":   {[]preferences.Consent{record("profiling", false, 3), record("marketing", true, 1)}, []AgreedPurpose{{Purpose: "marketing", Granted: true, At: day(1).In(hanoi)}, {Purpose: "profiling", At: day(3).In(hanoi)}}},
		"no by all ways": {[]preferences.Consent{record("marketing", true, 1, address.Zalo), record("marketing", false, 2, address.Zalo)}, []AgreedPurpose{{Purpose: "marketing", At: day(2).In(hanoi)}}},
	} {
		require.Equal(t, c.want, agreed(&preferences.Contact{Consents: c.records}, hanoi), name)
	}
}

// A customer's copy says what was done, not who of the brand's people did it.
func TestTheCopyNamesNobodyOfTheBrand(t *testing.T) {
	t.Parallel()
	detail := map[string]any{
		"by": "Hoa", "source": "console Hoa", "value": "by", "n": 3.0,
		"new":  map[string]any{"evidence": map[string]any{"by": "Hoa", "text": "dạ 2 nha"}},
		"list": []any{map[string]any{"by": "Hoa"}, map[string]any{"by": "code", "source": "checkout form"}, "Hoa said"},
	}
	nameless(detail)
	require.Equal(t, map[string]any{
		"source": "console", "value": "by", "n": 3.0,
		"new":  map[string]any{"evidence": map[string]any{"text": "dạ 2 nha"}},
		"list": []any{map[string]any{}, map[string]any{"by": "code", "source": "checkout form"}, "Hoa said"},
	}, detail)
	nameless(nil)
}

// The way to the own page is in the message, and on no page.
func TestWhatAPageShowsOfAnAnswer(t *testing.T) {
	t.Parallel()
	leads := map[string]any{"page_until": "2026-12-05T10:00:00Z"}
	for _, c := range []struct {
		text   string
		detail map[string]any
		want   string
	}{{"a\nb", nil, "a\nb"}, {"a\nb\n******", leads, "a\nb"}, {"******", leads, ""}, {"", leads, ""}} {
		require.Equal(t, c.want, shownOnPage(preferences.Entry{Text: c.text, Detail: c.detail}))
	}
}

func TestWhoHasBlockedUs(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]bool{"provider": true, "blocked": true, "keyword": false, "phrase": false} {
		require.Equal(t, want, blocked(&preferences.Contact{Suppressed: &preferences.Suppression{Reason: reason}}), reason)
	}
	require.False(t, blocked(&preferences.Contact{}))
}
