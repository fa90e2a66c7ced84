package main

import (
	"math"
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
