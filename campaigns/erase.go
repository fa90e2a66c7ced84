package campaigns

// erase: delete everything personal. Only a keyed hash of each address stays, so that nobody texts them by mistake.
//
// Example: {"kind":"erase"}
func (t *turn) erase() { t.eraseAll() }

// eraseAll deletes the contact. What its runs still counted as on the way becomes excluded, so that their counts add up
// although nobody will ever hear of those messages again.
func (t *turn) eraseAll() {
	if c := t.s.Contact; c != nil {
		t.stopAll("erased")
		t.out.Suppress = append(t.out.Suppress, c.Addresses...)
	} else if !t.e.From.IsZero() {
		t.out.Suppress = append(t.out.Suppress, t.e.From)
	}
	t.out.Erase = true
	t.out.Ledger, t.out.Inbox, t.out.Preferences = nil, nil, nil // nothing of it may stay behind
	t.s = State{ID: t.s.ID, Listed: true}
}
