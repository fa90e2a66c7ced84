package campaigns

import "github.com/hoidap/hoidap/preferences/understand"

// TakenAs is what a conversation makes of a reading: an answer of which the reader is not sure is asked for again.
func TakenAs(r understand.Reading) understand.Status {
	if r.Status == understand.Answered && (r.Confidence < sure || r.Value.IsZero()) {
		return understand.Unclear
	}
	return r.Status
}
