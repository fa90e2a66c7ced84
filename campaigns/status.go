package campaigns

// statusRank orders what may become of a message: a lower one never replaces a higher one, because reports come twice,
// late and out of order. A message that was withdrawn ranks below sent: where it had left all the same, that is what
// counts.
var statusRank = map[string]int{
	"queued": 0, "held": 0, "not_sent": 1, "sent": 2, "undelivered": 3, "failed": 3, "delivered": 4, "read": 5,
}

// bucket is the one count of I11 that a first question is in.
var bucket = map[string]CountName{
	"queued": CountQueued, "held": CountHeld, "not_sent": CountExcluded, "sent": CountSent, "undelivered": CountFailed,
	"failed": CountFailed, "delivered": CountSent, "read": CountSent,
}

// pending reports whether the message has yet to leave.
func pending(status string) bool { return status == "queued" || status == "held" }

// message finds one of our messages; nil: forgotten.
func (t *turn) message(id string) *Message { return t.s.message(id) }

func (s State) message(id string) *Message {
	for i := range s.Messages {
		if s.Messages[i].ID == id {
			return &s.Messages[i]
		}
	}
	return nil
}

// settle moves a message to a status, and its run's counts with it. It reports whether anything changed.
func (t *turn) settle(m *Message, status string) bool {
	was := m.Status
	rank, known := statusRank[status]
	switch {
	case !known || was == status:
		return false
	case rank < statusRank[was], rank == statusRank[was] && rank > 0:
		return false
	}
	m.Status = status
	if status == "not_sent" {
		t.dropAd(m.ID)
	}
	if m.First {
		t.move(m.Run, was, status)
	}
	return true
}

// move changes the counts of a run by one first question that goes from one status to another.
func (t *turn) move(run, was, is string) {
	if from, to := bucket[was], bucket[is]; from != to {
		if from != "" {
			t.count(run, from, -1)
		}
		t.count(run, to, 1)
	}
	if statusRank[is] >= statusRank["delivered"] && statusRank[was] < statusRank["delivered"] {
		t.count(run, CountDelivered, 1)
	}
}

// withdraw takes back every ad that has not left. The sender may find that one of them has left already; it says so
// with an event, and settle corrects the counts.
func (t *turn) withdraw(reason string) {
	t.out.Withdraw = true
	for i := range t.s.Messages {
		m := &t.s.Messages[i]
		if m.Class == ClassAd && pending(m.Status) && t.settle(m, "not_sent") {
			t.notSent(*m, reason)
		}
	}
}
