package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
)

// save writes the next version of a file over what was read.
func save(t *testing.T, s *store.Store, was store.FileHead, set int64, text string) store.FileOutcome {
	t.Helper()
	is := was
	is.Version, is.By, is.At = was.Version+1, "lan", noon
	out, err := s.ChangeFile(t.Context(), store.FileChange{Was: was, Set: set, Is: is, Text: text,
		Revision: store.FileRevision{Version: is.Version, What: "saved", By: "lan", At: noon}})
	require.NoError(t, err)
	return out
}

func headOf(t *testing.T, s *store.Store, name string) store.FileHead {
	t.Helper()
	h, _, err := s.FileHead(t.Context(), name)
	require.NoError(t, err)
	return h
}

func TestFiles(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		none, err := s.FileSet(t.Context())
		require.NoError(t, err)
		require.Empty(t, none.Heads)
		require.Zero(t, none.Number)
		fresh := headOf(t, s, "autumn.yaml")
		require.Equal(t, store.FileChanged, save(t, s, fresh, -1, "one"))
		require.Equal(t, store.FileTaken, save(t, s, fresh, -1, "another"), "it is there by now")
		first := headOf(t, s, "autumn.yaml")
		require.Equal(t, store.FileChanged, save(t, s, first, -1, "two"))
		require.Equal(t, store.FileTaken, save(t, s, first, -1, "another two"), "somebody else was faster")
		set, err := s.FileSet(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 2, set.Number)
		require.Len(t, set.Heads, 1)
		require.Equal(t, 2, set.Heads[0].Version)
		require.Equal(t, noon.UTC(), set.Heads[0].At)
		require.Equal(t, store.FileChanged, save(t, s, headOf(t, s, "b.yaml"), set.Number, "b"))
		require.Equal(t, store.FileSetNew, save(t, s, set.Heads[0], set.Number, "three"), "another file changed since")
		texts, err := s.FileTexts(t.Context(), []store.FileVersion{{Name: "autumn.yaml", Version: 1}, {Name: "autumn.yaml", Version: 2}, {Name: "autumn.yaml", Version: 3}, {Name: "b.yaml", Version: 1}})
		require.NoError(t, err)
		require.Equal(t, []string{"one", "two", "", "b"}, texts)
		revisions, err := s.FileRevisions(t.Context(), "autumn.yaml")
		require.NoError(t, err)
		require.Len(t, revisions, 2)
		require.Equal(t, store.FileRevision{Version: 2, What: "saved", By: "lan", At: noon.UTC()}, revisions[0])
	})
}

// However many save at once over the same version, one does.
func TestOneOfManySaves(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		was := headOf(t, s, "autumn.yaml")
		var made atomic.Int32
		var saving sync.WaitGroup
		for i := range 16 {
			saving.Go(func() {
				is := was
				is.Version = 1
				out, err := s.ChangeFile(context.Background(), store.FileChange{Was: was, Set: -1, Is: is, Text: fmt.Sprint("text ", i)})
				if err == nil && out == store.FileChanged {
					made.Add(1)
				}
			})
		}
		saving.Wait()
		require.EqualValues(t, 1, made.Load())
	})
}

// Old texts go, but never the one in force.
func TestRevisionsAreBounded(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		h := headOf(t, s, "a.yaml")
		for i := 1; i <= store.FileRevisionsKept+5; i++ {
			if i == 3 {
				h.Published = 2
			}
			require.Equal(t, store.FileChanged, save(t, s, h, -1, fmt.Sprint("text ", i)))
			published := 0
			if i >= 3 {
				published = 2
			}
			h = headOf(t, s, "a.yaml")
			require.Equal(t, published, h.Published)
		}
		texts, err := s.FileTexts(t.Context(), []store.FileVersion{{Name: "a.yaml", Version: 1}, {Name: "a.yaml", Version: 2}, {Name: "a.yaml", Version: 5}, {Name: "a.yaml", Version: 6}})
		require.NoError(t, err)
		require.Equal(t, []string{"", "text 2", "", "text 6"}, texts)
		revisions, err := s.FileRevisions(t.Context(), "a.yaml")
		require.NoError(t, err)
		require.Len(t, revisions, store.FileRevisionsKept)
	})
}

func TestChangesOfFilesAreHeard(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		heard := make(chan int64, 100)
		var watching sync.WaitGroup
		watching.Go(func() {
			s.WatchFiles(ctx, 20*time.Millisecond, func(n int64, err error) {
				if err == nil {
					heard <- n
				}
			})
		})
		defer watching.Wait()
		defer cancel()
		require.Zero(t, <-heard)
		require.Equal(t, store.FileChanged, save(t, s, headOf(t, s, "a.yaml"), -1, "text"))
		for n := range heard {
			if n == 1 {
				return
			}
		}
	})
}

func TestRequestsAreSwappedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		for _, step := range []struct {
			old, fresh string
			want       bool
		}{{"", "asked", true}, {"", "asked again", false}, {"asked", "approved", true}, {"asked", "refused", false}} {
			ok, err := s.SwapRequest(ctx, "r1", step.old, step.fresh)
			require.NoError(t, err)
			require.Equal(t, step.want, ok, step)
		}
		all, err := s.Requests(ctx)
		require.NoError(t, err)
		require.Equal(t, map[string]string{"r1": "approved"}, all)
		require.NoError(t, s.DropRequests(ctx, "r1"))
		require.NoError(t, s.DropRequests(ctx))
		all, err = s.Requests(ctx)
		require.NoError(t, err)
		require.Empty(t, all)
	})
}
