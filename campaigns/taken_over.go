package campaigns

// takenOver: one of the brand's people begins to talk to the customer, or says that they still do.
//
// Example: {"kind":"taken_over","act":{"by":"Hoa"}}
func (t *turn) takenOver() {
	if t.mayAct() {
		t.take()
	}
}

// leaseOver: whoever talked to the customer has done nothing for a while. Where they had said something the question is
// asked again, else there is nothing to come back to.
func (t *turn) leaseOver() {
	since := t.s.Taken.Since
	spoke := false
	for _, m := range t.s.Messages {
		spoke = spoke || m.About == aboutPerson && !m.At.Before(since)
	}
	t.release("lease_over")
	if spoke {
		t.resume()
	}
}
