package campaigns

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// Preview is a question as it would go by a route to somebody of that name, who is spoken to in that language: the
// first of a campaign with what the market wants written around an ad. Nobody is asked.
func (w *World) Preview(c *Campaign, q *Question, r Route, locale, name string, now time.Time) Outbound {
	t := &turn{w: w, now: now, s: State{
		ID: "c0-preview", Contact: &preferences.Contact{ID: "c0-preview", Name: name, Locale: locale}, Conversation: &Conversation{Campaign: c.ID, Run: "preview"},
	}}
	class := ClassReply
	if len(c.Questions) > 0 && c.Questions[0].ID == q.ID {
		class = ClassAd
	}
	return t.question(c, q, class, target{route: r})
}
