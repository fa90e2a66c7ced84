package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
)

// One by one is answered at once; only a crowd is gathered.
func TestOnlyACrowdIsGathered(t *testing.T) {
	for _, c := range []struct {
		name string
		of   []int // events of each partition
		want bool
	}{
		{"nothing", nil, false},
		{"one", []int{1}, false},
		{"one each of a few", []int{1, 1, 1}, false},
		{"many of one partition", []int{crowd}, true},
		{"some of many", []int{crowd / 2, crowd / 2}, true},
		{"nearly", []int{crowd - 1}, false},
	} {
		f := found{logs: map[int][]store.LogEntry{}}
		for p, n := range c.of {
			f.logs[p] = make([]store.LogEntry, n)
		}
		require.Equal(t, c.want, f.crowded(), c.name)
	}
}
