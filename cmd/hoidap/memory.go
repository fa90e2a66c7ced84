package main

import (
	"math"
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

// warmHeap has the kernel give at once what the heap grows to anyway under its first load, some five times what lives for long, and keeps from
// then on. A page that is touched for the first time is cleared by the kernel, which took a sixth of the processor time that a
// gateway spent on the first hundred thousand events after a start: just while it works off what came in the meantime.
func warmHeap() {
	const grown = 128 << 20
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		heap := make([]byte, grown)
		runtime.KeepAlive(heap)
		runtime.GC()
	}
}
