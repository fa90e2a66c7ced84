package config

import "github.com/hoidap/hoidap/config/strict"

// peopleMost bounds what may be called many.
const peopleMost = 1_000_000_000

// peopleFrom reads from how many people on something holds; 0: never.
func peopleFrom(v strict.Value) int {
	if !v.Present() {
		return 0
	}
	return v.Group("from").Need("from", "1000, a number of people").Int(1, peopleMost)
}
