package console

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each text is there in both languages, with the same gaps.
func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	gaps := regexp.MustCompile(`\{\w+\}`)
	for key, text := range texts {
		require.NotEmpty(t, text[vi], key)
		require.NotEmpty(t, text[en], key)
		one, many, two := strings.Cut(text[en], "|")
		if !two {
			many = one
		}
		require.ElementsMatch(t, gaps.FindAllString(text[vi], -1), gaps.FindAllString(many, -1), key)
	}
}

// Each text that a template or a handler names is there.
func TestTextsAreThere(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`\{\{-?\s*(?:T|count) "([^"]+)"|\((?:T|count) "([^"]+)"`)
	names, err := fs.Glob(templateFiles, "templates/*.html")
	require.NoError(t, err)
	for _, name := range names {
		raw, err := templateFiles.ReadFile(name)
		require.NoError(t, err)
		for _, found := range named.FindAllStringSubmatch(string(raw), -1) {
			require.NotEmpty(t, texts[found[1]+found[2]], "%s: %s", name, found[1]+found[2])
		}
	}
}

// Templates of all screens share one set of names: the second of a name would silently take the place of the first.
func TestTemplatesHaveTheirOwnNames(t *testing.T) {
	t.Parallel()
	defined := regexp.MustCompile(`\{\{-?\s*define "([^"]+)"`)
	at := map[string]string{}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	require.NoError(t, err)
	for _, name := range names {
		raw, err := templateFiles.ReadFile(name)
		require.NoError(t, err)
		for _, found := range defined.FindAllStringSubmatch(string(raw), -1) {
			require.NotContains(t, at, found[1], "%s and %s define it", name, at[found[1]])
			at[found[1]] = name
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64][2]string{0: {"0", "0"}, 999: {"999", "999"}, 1234: {"1.234", "1,234"}, -1234567: {"−1.234.567", "−1,234,567"}} {
		require.Equal(t, want, [2]string{vi.number(n), en.number(n)})
	}
	require.Equal(t, "12,5%", vi.percent(1, 8))
	require.Equal(t, "12.5%", en.percent(1, 8))
	require.Equal(t, "100%", en.percent(8, 8))
	require.Equal(t, "–", en.percent(0, 0))
	require.Equal(t, "an hour ago", en.count("time.ago.hours", 1))
	require.Equal(t, "2 hours ago", en.count("time.ago.hours", 2))
	require.Equal(t, "1 giờ trước", vi.count("time.ago.hours", 1))
}

func TestMoments(t *testing.T) {
	t.Parallel()
	hanoi := time.FixedZone("+07", 7*3600)
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, hanoi)
	require.Equal(t, "vừa xong", vi.ago(now.Add(-time.Second), now, now))
	require.Equal(t, "3 phút nữa", vi.ago(now.Add(3*time.Minute), now, now))
	require.Equal(t, "16/11/2026", vi.ago(now.AddDate(0, 0, -10), now, now.AddDate(0, 0, -10)))
	require.Equal(t, "09:00 26 Nov 2026 GMT+07", en.moment(now))
	require.Equal(t, "–", string(vi.timeTag(time.Time{}, hanoi, now)))
}

func TestOwnPath(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/console/settings?a=b": "/console/settings?a=b", "": "/console/overview", "//evil.example/console/": "/console/overview",
		"https://evil.example/console/x": "/console/overview", "/console/\r\nx": "/console/overview", `/console/\evil`: "/console/overview", "/api/v1": "/console/overview",
	} {
		require.Equal(t, want, ownPath(in), in)
	}
}
