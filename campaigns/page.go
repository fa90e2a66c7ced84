package campaigns

import "time"

// Page is a question as the page behind a link shows it.
type Page struct {
	Text    string
	Options []OutOption
	Again   bool // an answer to it was not understood
}

// OpenPage is the contact's open question, as asked by a message of asker's: the contact itself, or one that has come in to
// it. false: that question is not open any more.
func (w *World) OpenPage(s, asker State, message string, now time.Time) (p Page, q *Question, ok bool) {
	if s.Contact == nil || s.Contact.Suppressed != nil || s.Conversation == nil || !now.Before(s.Conversation.Expires) {
		return p, nil, false
	}
	t := &turn{w: w, s: s, now: now}
	m, conv := asker.message(message), s.Conversation
	if m == nil || m.Run != conv.Run || m.Question != conv.Question || asker.ID != s.ID && conv.ID != conversationID(m.Run, asker.ID) {
		return p, nil, false
	}
	q = w.Campaigns[conv.Campaign].question(conv.Question)
	if q == nil {
		return p, nil, false
	}
	return Page{
		Text: t.fill(Texts(q.Ask.Text).In(t.locale(), w.locale()), nil), Options: t.shown(q.menu()), Again: conv.Tries > 0,
	}, q, true
}
