package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
)

// spendMemory trades memory for speed, unless the operator has decided with GOGC or GOMEMLIMIT: what lives for long is some
// tens of megabytes, and what a reply allocates is garbage within milliseconds.
func spendMemory(getenv func(string) string) {
	const percent = 400
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		wantHugePages()
	}
	if getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// warmHeap has the kernel give at once what the heap grows to anyway under its first load, some five times what lives for long, and
// mostly keeps. A page that is touched for the first time is cleared by the kernel, which took a sixth of the processor time that a
// gateway spent on the first hundred thousand events after a start: just while it works off what came in the meantime.
func warmHeap() {
	const grown = 128 << 20
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		percent := debug.SetGCPercent(-1) // a collection that saw it alive would raise the goal, and the next would give back what is above its own
		heap := touched(grown)
		runtime.KeepAlive(heap)
		debug.SetGCPercent(percent)
		runtime.GC()
	}
}

// touched is memory that the kernel has given. That it is allocated is not enough: of what nobody had used, or what the runtime
// had given back meanwhile, nothing is given before it is written to.
func touched(size int) []byte {
	b := make([]byte, size)
	for page := 0; page < size; page += os.Getpagesize() {
		b[page] = 1
	}
	return b
}
