package campaigns

import (
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences/understand"
)

// asks reports whether the customer asks something, instead of answering or beside it.
func asks(r understand.Reading, text string) bool {
	return r.Asks || r.Rule == "counter-question" || r.Status == understand.Unclear && isQuestion(text)
}

// isQuestion reports whether the text ends as a question does.
func isQuestion(text string) bool { return strings.HasSuffix(strings.TrimRight(text, " .!)"), "?") }

// passOn gives a question that came instead of an answer to a person. Ours stays open, with all its time, and is asked
// once more; it is no failed try. Whoever goes on asking is not nagged with it: they talk to a person now.
func (t *turn) passOn(c *Campaign, q *Question) {
	t.inbox("question")
	if t.s.Conversation.HandedOver || t.askedBeside(q) {
		t.answerDaily(t.phrase(sayHandedOver, nil), aboutHandedOver)
		return
	}
	t.waitFor(c, q, t.now)
	t.askAgain(c, q, joined(t.phrase(sayPassedOn, nil), t.phrase(sayAgainAsked, nil)), aboutQuestion)
}

// askedBeside reports whether q was asked again today after a question of the customer's.
func (t *turn) askedBeside(q *Question) bool {
	for _, m := range t.s.Messages {
		if m.About == aboutQuestion && m.Question == q.ID && t.now.Sub(m.At) < 24*time.Hour {
			return true
		}
	}
	return false
}

// passOnToo gives a person the question that came beside an answer; the customer is told with whatever is said next.
func (t *turn) passOnToo() {
	t.inbox("question")
	t.opening = t.phrase(sayPassedOn, nil)
}
