package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
)

func TestIgnored(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
		for i := range 60 {
			told := []store.Ignored{{Kind: "poll", Raw: fmt.Appendf(nil, `{"n":%d}`, 2*i), At: at}, {Kind: "poll", Raw: fmt.Appendf(nil, `{"n":%d}`, 2*i+1), At: at}}
			require.NoError(t, s.KeepIgnored(t.Context(), "a", told))
		}
		require.NoError(t, s.KeepIgnored(t.Context(), "b", nil))
		got, err := s.IgnoredOf(t.Context(), "a")
		require.NoError(t, err)
		require.Len(t, got, 100)
		require.Equal(t, store.Ignored{Kind: "poll", Raw: []byte(`{"n":119}`), At: at}, got[0])
		require.Equal(t, `{"n":20}`, string(got[99].Raw))
	})
}

// Invariant I7: of somebody who is erased nothing stays, in whatever form a provider told their number.
func TestIgnoredIsForgotten(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		for _, raw := range []string{`{"from":"84901234567"}`, `{"chat":987654321}`, `{"phone":"0901234567"}`, `{"phone":"0901234568"}`} {
			require.NoError(t, s.KeepIgnored(t.Context(), "b", []store.Ignored{{Kind: "poll", Raw: []byte(raw)}}))
		}
		require.NoError(t, s.ForgetIgnored(t.Context(), []string{"a", "b"}, []string{"+84901234567", "987654321"}))
		got, err := s.IgnoredOf(t.Context(), "b")
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, `{"phone":"0901234568"}`, string(got[0].Raw))
	})
}
