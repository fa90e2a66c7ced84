package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
)

// Nothing of a turn is left in the memory that the next one gets, and nothing moves while a turn has it.
func TestATurnsMemoryIsEmptyAndStays(t *testing.T) {
	t.Parallel()
	w := &worker{}
	for _, n := range []int{3, 100, 1000, 5} {
		tn := &turn{w: w, memory: w.lend(store.Lease{})}
		tn.entries = make([]*entry, n)
		var people []*person
		var forms [][]byte
		form := make([]byte, 1000)
		for i, e := range some(&tn.memory.entries, n) {
			require.Equal(t, entry{}, e)
			tn.memory.entries[i].contact = "c0-a"
			p := another(&tn.memory.people)
			require.Equal(t, person{}, *p)
			require.NotContains(t, tn.memory.byID, "c0-a")
			p.attributes, people = []string{"style"}, append(people, p)
			require.Nil(t, tn.begin(p, nil, true).outcome.Ledger)
			form[0], form[999] = byte(i), byte(i)
			forms = append(forms, tn.memory.keep(form))
		}
		for i, f := range forms {
			require.Equal(t, []int{1000, 1000}, []int{len(f), cap(f)})
			require.Equal(t, []byte{byte(i), byte(i)}, []byte{f[0], f[999]})
		}
		for i, p := range people {
			require.Equal(t, []string{"style"}, p.attributes)
			p.attributes = nil
			require.True(t, i == 0 || people[i-1] != p)
		}
		people[0].dirty, tn.memory.byID["c0-a"] = true, people[0]
		m := tn.memory
		w.over(tn)
		require.LessOrEqual(t, max(cap(m.entries), cap(m.people), cap(m.foreseen)), keepMost)
		require.LessOrEqual(t, cap(m.forms), formsMost)
		require.Nil(t, tn.entries)
		require.Same(t, m, w.lend(store.Lease{}))
		w.spare = append(w.spare, m)
	}
	require.Len(t, w.spare, 1)
}
