//go:build !race

package console_test

// raced: the race detector is on.
const raced = false
