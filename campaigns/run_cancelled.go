package campaigns

import "slices"

// runCancelled: a run that waits for its turn with this contact has been called off. A conversation that it has begun
// goes on: the customer was asked, and what they say is heard.
//
// Example: {"kind":"run_cancelled","campaign":"autumn-style","run":"autumn-style@2026-12-05"}
func (t *turn) runCancelled() {
	i := slices.IndexFunc(t.s.Waiting, func(w Waiting) bool { return w.Run == t.e.Run })
	if i < 0 {
		return
	}
	r := t.s.Waiting[i]
	t.s.Waiting = slices.Delete(t.s.Waiting, i, i+1)
	if !r.NotBefore.IsZero() {
		t.noteUncounted(r, "run_cancelled") // its delay had not passed: it is in no count yet
		return
	}
	t.exclude(r, true, "run_cancelled", nil)
}
