package campaigns

// complaint gives a reply that complains to a person, and says so. The open question is not asked again: nobody who is
// cross wants to be asked about their taste. It stays open, so that a clear answer is still read.
func (t *turn) complaint() {
	t.inbox("complaint")
	if t.s.Conversation.HandedOver {
		t.answerDaily(t.phrase(sayHandedOver, nil), aboutHandedOver)
		return
	}
	t.handOver()
	t.answer(ClassReply, t.phrase(saySorry, nil), aboutHandedOver)
}

// apologiseToo gives a person the complaint that came beside an answer; the customer is told with whatever is said next.
func (t *turn) apologiseToo() {
	t.inbox("complaint")
	t.opening = t.phrase(saySorry, nil)
}
