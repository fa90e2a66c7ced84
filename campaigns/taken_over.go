package campaigns

import "slices"

// takenOver: one of the brand's people begins to talk to the customer, or says that they still do.
//
// Example: {"kind":"taken_over","act":{"by":"Hoa"}}
func (t *turn) takenOver() {
	if t.mayAct() {
		t.take()
	}
}

// leaseOver: whoever talked to the customer has done nothing for a while. Where either of the two had said something the
// question is asked again, so that nobody is left without an answer; else there is nothing to come back to.
func (t *turn) leaseOver() {
	since := t.s.Taken.Since
	spoke := slices.ContainsFunc(t.s.Open, func(o Open) bool { return o.Reason == reasonTaken && !o.At.Before(since) })
	for _, m := range t.s.Messages {
		spoke = spoke || m.About == aboutPerson && !m.At.Before(since)
	}
	t.release("lease_over")
	if spoke {
		t.resume()
	}
}
