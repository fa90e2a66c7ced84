package console

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
)

func TestAddressesAreSaidAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"tel:+84901234567": {"+84901234567", "+84901234567"},
		"tel:+8490•••567":  {"+8490•••567", "+8490•••567"},
		"zalo:12345":       {"Zalo 12345", "Zalo 12345"},
		"web:abc:d":        {"Trang web abc:d", "Web abc:d"},
		"nowhere":          {"nowhere", "nowhere"},
		"":                 {"", ""},
	} {
		require.Equal(t, want, [2]string{vi.reached(in), en.reached(in)}, in)
	}
	for _, ch := range address.Channels() { // of every channel there is a name
		if scheme := ch.Scheme(); scheme != address.Tel {
			require.NotEmpty(t, texts["channel."+scheme][vi], scheme)
		}
	}
}

func TestWorth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in     any
		vi, en string
	}{
		"yes":      {true, "có", "yes"},
		"number":   {1234567.0, "1.234.567", "1,234,567"},
		"fraction": {-0.25, "−0,25", "−0.25"},
		"date":     {"2026-12-15", "15/12/2026", "15 Dec 2026"},
		"list":     {[]any{"áo", 2.0, false}, "áo, 2, không", "áo, 2, no"},
		"object":   {map[string]any{"size_eu": 41.0, "a": nil}, "a: –; size eu: 41", "a: –; size eu: 41"},
		"nothing":  {[]any{}, "–", "–"},
	} {
		require.Equal(t, c.vi, vi.worth(c.in), name)
		require.Equal(t, c.en, en.worth(c.in), name)
	}
}

func TestClocksAndTongues(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	require.Equal(t, "Ho Chi Minh (GMT+7)", vi.clockOf("Asia/Ho_Chi_Minh", at))
	require.Equal(t, "Kolkata (GMT+5:30)", en.clockOf("Asia/Kolkata", at))
	require.Equal(t, "St Johns (GMT-2:30)", en.clockOf("America/St_Johns", at))
	require.Equal(t, "Nowhere/At_All", en.clockOf("Nowhere/At_All", at))
	require.Equal(t, "tiếng Việt", vi.tongue("vi-VN"))
	require.Equal(t, "xx", en.tongue("xx"))
}

func TestSources(t *testing.T) {
	t.Parallel()
	require.Equal(t, "hoa ghi ở đây", vi.source("console hoa"))
	require.Equal(t, "SMS: the customer sent the keyword", en.source("sms keyword"))
	require.Equal(t, "a form", en.source("form"))
	require.Equal(t, "quầy số 3", en.source("quầy số 3"))
}

// Each reason that a step gives has words.
func TestReasonsHaveWords(t *testing.T) {
	t.Parallel()
	given := regexp.MustCompile(`(?:\bReason: +|\b(?:noteLink|refuseMerge|endProof)\([^"\n]*|\btooManyAddresses = )"([a-z_]+)"`)
	whyNotAgain := regexp.MustCompile(`\breturn "([a-z_]+)"`)
	sources, err := filepath.Glob("../../campaigns/*.go")
	require.NoError(t, err)
	found, missing := 0, map[string]string{}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(name)
		require.NoError(t, err)
		words := given.FindAllStringSubmatch(string(raw), -1)
		if filepath.Base(name) == "replayed.go" {
			words = append(words, whyNotAgain.FindAllStringSubmatch(string(raw), -1)...)
		}
		for _, m := range words {
			found++
			if texts["reason."+m[1]][vi] == "" {
				missing[m[1]] = name
			}
		}
	}
	require.Positive(t, found)
	require.Empty(t, missing)
}

func TestInboxReasonsHaveWords(t *testing.T) {
	t.Parallel()
	require.Contains(t, control.InboxReasons(), "complaint")
	for _, r := range control.InboxReasons() {
		require.NotEmpty(t, texts["waits."+r][vi], r)
		require.NotEmpty(t, texts["reason."+r][en], r)
	}
}
