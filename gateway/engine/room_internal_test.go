package engine

import (
	"testing"

	"github.com/hoidap/hoidap/gateway/store"
)

func TestRoomInQueues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		waiting []store.Queue
		windows []int
		want    int
	}{
		{"no account", nil, nil, 0},
		{"one a minute, nothing waits", []store.Queue{{}}, []int{1}, 1},
		{"one is due", []store.Queue{{All: 1, Soon: 1}}, []int{1}, 0},
		{"some are held", []store.Queue{{All: 10}}, []int{1}, 1},
		{"as many are held as may be", []store.Queue{{All: 16}}, []int{1}, 0},
		{"a wide window", []store.Queue{{All: 40, Soon: 10}}, []int{47}, 7},
		{"no limit", []store.Queue{{All: 1990, Soon: 1990}}, []int{2000}, 10},
		{"one of two stands still", []store.Queue{{All: 1, Soon: 1}, {}}, []int{1, 1}, 1},
		{"until its queue is full", []store.Queue{{All: 16, Soon: 16}, {}}, []int{1, 1}, 0},
		{"a slow one beside a fast one", []store.Queue{{All: 3, Soon: 3}, {All: 40, Soon: 40}}, []int{1, 47}, 7},
	} {
		if got := roomIn(c.waiting, c.windows, 2000); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if got := roomIn([]store.Queue{{All: 2}}, []int{3}, 3); got != 1 {
		t.Errorf("a window that is bounded: %d", got)
	}
}
