package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// What nobody had used before is given by the kernel, too, not only what the runtime clears since somebody had.
func TestWhatIsTouchedIsGiven(t *testing.T) {
	const size = 64 << 20
	debug.FreeOSMemory()
	before := resident(t)
	b := touched(size)
	grown := resident(t) - before
	runtime.KeepAlive(b)
	require.Greater(t, grown, size*9/10)
}

// resident is how many bytes of memory the kernel has given the program.
func resident(t *testing.T) int {
	t.Helper()
	statm, err := os.ReadFile("/proc/self/statm")
	require.NoError(t, err)
	var all, pages int
	_, err = fmt.Sscan(string(statm), &all, &pages)
	require.NoError(t, err)
	return pages * os.Getpagesize()
}
