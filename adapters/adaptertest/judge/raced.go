//go:build race

package judge

// raced: the race detector is on.
const raced = true
