package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
)

// TestWhatSomebodyErasedWasToBeToldIsNotBuried: the contact is erased while the last attempt is in flight.
func TestWhatSomebodyErasedWasToBeToldIsNotBuried(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			b.Tell("crm", "c1-a.w1", noon, []byte("body"))
			b.Tell("crm", "c1-erased.w1", noon, []byte("personal"))
		})
		commit(t, s, l, func(b *store.Batch) {
			b.EraseContact("c1-erased", store.Traces{Told: map[string][]string{"crm": {"c1-erased.w1"}}})
		})
		for range 2 { // a commit whose answer was lost is made again
			commit(t, s, l, func(b *store.Batch) {
				b.BuryTold("crm", "c1-a.w1", "gave_up", []byte("last body"), noon)
				b.BuryTold("crm", "c1-erased.w1", "gave_up", []byte("personal"), noon)
			})
		}
		dead, err := s.DeadLetters(ctx, store.DeadPlace{}, 10)
		require.NoError(t, err)
		require.Len(t, dead, 1)
		require.Equal(t, store.Dead{Place: dead[0].Place, ID: "c1-a.w1", Key: "crm", Reason: "gave_up", What: "webhook", Body: []byte("last body"), At: noon.Local()}, dead[0].Dead)
		due, err := s.DueTellings(ctx, "crm", []int{1}, noon, 10)
		require.NoError(t, err)
		require.Empty(t, due)
	})
}
