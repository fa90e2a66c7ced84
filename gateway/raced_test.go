//go:build race

package gateway_test

// raced: the race detector makes everything several times slower, so that long walks take longer steps.
const raced = true
