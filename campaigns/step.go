package campaigns

import "time"

// Step is what one event does to one contact: the new state and its effects. It is pure and deterministic: the same
// arguments give the same outcome. claims answers the Needs of an earlier call with the same event.
func Step(w *World, s State, e Event, now time.Time, claims map[string]Claimed) Outcome {
	return Outcome{State: s}
}
