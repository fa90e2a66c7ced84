package control

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// walked is a look whose steps a test takes.
type walked struct {
	step  chan int
	ended chan struct{}
}

func newWalked() *walked { return &walked{make(chan int), make(chan struct{})} }

// work tells each step; 0 ends it.
func (w *walked) work(ctx context.Context, tell func(int)) (so int, err error) {
	defer close(w.ended)
	for {
		select {
		case <-ctx.Done():
			return so, ctx.Err()
		case n := <-w.step:
			if n == 0 {
				return so, nil
			}
			so = n
			tell(n)
		}
	}
}

// Whoever wants to know the same shares one look, is told the same, and gets the same in the end.
func TestALookIsShared(t *testing.T) {
	t.Parallel()
	var j joint[string, int]
	var w workers
	defer w.stop()
	one := newWalked()
	l := looking[string]{of: "all", now: time.Unix(1, 0), late: true}
	first := j.join(&w, l, one.work)
	second := j.join(&w, l, func(context.Context, func(int)) (int, error) { return 0, errors.New("a second look") })
	require.Same(t, first, second)
	one.step <- 3
	one.step <- 5
	one.step <- 0
	var told []int
	so, err := j.follow(t.Context(), first, func(n int) { told = append(told, n) })
	require.NoError(t, err)
	require.Equal(t, 5, so)
	require.NotEmpty(t, told)
	require.Equal(t, 5, told[len(told)-1])
	so, err = j.follow(t.Context(), second, nil)
	require.NoError(t, err)
	require.Equal(t, 5, so)
	require.Empty(t, j.by, "what has ended is not joined")
}

// A look ends with the last who follow it, unless it stays.
func TestALookEndsWithThoseWhoFollowIt(t *testing.T) {
	t.Parallel()
	var j joint[string, int]
	var w workers
	defer w.stop()
	left, stays := newWalked(), newWalked()
	x := j.join(&w, looking[string]{of: "left", late: true}, left.work)
	y := j.join(&w, looking[string]{of: "stays", late: true, stays: true}, stays.work)
	j.leave("left", x)
	j.leave("stays", y)
	<-left.ended
	require.Len(t, j.by, 1)
	stays.step <- 7
	stays.step <- 0
	<-stays.ended
}

// Of those that stay there is a bound; a look that is wanted anew takes the place of one that nobody follows; all end with the service.
func TestLooksThatStayAreBounded(t *testing.T) {
	t.Parallel()
	var j joint[int, int]
	var w workers
	var all []*walked
	for i := range stayMost + 1 {
		all = append(all, newWalked())
		l := looking[int]{of: i, now: time.Unix(int64(i), 0), late: true, stays: true}
		j.leave(i, j.join(&w, l, all[i].work))
	}
	<-all[0].ended
	anew := newWalked()
	j.join(&w, looking[int]{of: 1, now: time.Unix(100, 0), stays: true}, anew.work)
	<-all[1].ended
	w.stop()
	for _, x := range append(all[2:], anew) {
		<-x.ended
	}
}

// A look that panics is an error to whoever follows it, and the next one begins anew.
func TestALookThatPanicsTakesNobodyAlong(t *testing.T) {
	t.Parallel()
	var j joint[string, int]
	var w workers
	defer w.stop()
	x := j.join(&w, looking[string]{of: "all"}, func(_ context.Context, tell func(int)) (int, error) {
		tell(3)
		panic("a ledger that nobody thought of")
	})
	_, err := j.follow(t.Context(), x, nil)
	require.ErrorContains(t, err, "a ledger that nobody thought of")
	require.ErrorContains(t, err, "joint_internal_test.go", "where it was")
	y := j.join(&w, looking[string]{of: "all"}, func(context.Context, func(int)) (int, error) { return 5, nil })
	so, err := j.follow(t.Context(), y, nil)
	require.NoError(t, err)
	require.Equal(t, 5, so)
}
